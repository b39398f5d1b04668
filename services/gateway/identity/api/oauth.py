"""Routes: OAuth 2 client credentials (RFC 6749 §4.4), its metadata (RFC 8414) and the public keys (RFC 7517).

authlib holds the protocol. It looks clients up synchronously, so the one that a request names is fetched beforehand.
"""

# pyright: reportUnknownMemberType=false
# because authlib's types are partial

from collections.abc import Mapping
from datetime import datetime
from secrets import compare_digest
from typing import Annotated, Any, cast

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.identity.actions.clients import Credentials, Operator, find_client
from services.gateway.identity.actions.tokens import ALGORITHM, Signer
from services.gateway.identity.api.visitors import PublicAddress, few_attempts
from services.gateway.identity.domain import secret_digest
from shared.web import Now, Tx, part

router = APIRouter()
METHODS = ["client_secret_basic", "client_secret_post"]


class _Client(ClientMixin):
    """A client that was asked for; without credentials it is unknown, and looks like one with a wrong secret."""

    def __init__(self, credentials: Credentials | None) -> None:
        self.credentials = credentials

    def check_client_secret(self, client_secret: str) -> bool:
        kept = self.credentials.secret_digest if self.credentials else b""
        return compare_digest(kept, secret_digest(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == ClientCredentialsGrant.GRANT_TYPE


class _Asked(OAuth2Request):
    """authlib refuses plain HTTP; encryption ends before this process, so it is told the address that clients see."""

    def __init__(self, form: dict[str, str], headers: Mapping[str, str]) -> None:
        super().__init__("POST", "https://gateway/oauth/token", headers=headers)
        self.payload = BasicOAuth2Payload(form)
        self._form = form

    @property
    def form(self) -> dict[str, str]:
        return self._form


class _Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class _Server(AuthorizationServer):
    """Serves one request."""

    def __init__(self, client: _Client, signer: Signer, now: datetime) -> None:
        super().__init__()
        self._asked_for = client
        self._signer = signer
        self._now = now
        self.register_grant(_Grant)
        self.register_token_generator("default", cast("Any", self._token))

    def query_client(self, client_id: str) -> _Client:  # noqa: ARG002 — it was fetched by that id
        return self._asked_for

    def _token(self, client: _Client, **_: object) -> dict[str, Any]:
        assert client.credentials is not None
        return {
            "token_type": "Bearer",
            "access_token": self._signer.sign(client.credentials.capacity, self._now),
            "expires_in": self._signer.lifetime_s,
        }

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Keep nothing: the token says all."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Mapping[str, object], headers: Mapping[str, str]) -> Response:
        return JSONResponse(body, status, dict(headers))


@router.post("/oauth/token", dependencies=[few_attempts], include_in_schema=False)
async def token(
    request: Request,
    now: Now,
    tx: Tx,
    signer: Annotated[Signer, part(Signer)],
    operator: Annotated[Operator, part(Operator)],
) -> Response:
    """Issue a token to a client that proves its secret; errors are those of the standard."""
    async with request.form() as sent:
        form = {name: value for name, value in sent.items() if isinstance(value, str)}
    headers = {"Authorization": request.headers.get("authorization", "")}
    try:
        client_id = extract_basic_authorization(headers)[0]
    except UnicodeDecodeError:  # which authlib does not expect
        client_id, headers = None, {}
    client = _Client(await find_client(tx, operator, client_id or form.get("client_id", "")))
    return cast("Response", _Server(client, signer, now).create_token_response(_Asked(form, headers)))


@router.get("/.well-known/jwks.json", include_in_schema=False)
async def keys(signer: Annotated[Signer, part(Signer)]) -> Response:
    """Show the public keys that sign tokens."""
    return Response(signer.published, media_type="application/json", headers={"Cache-Control": "public, max-age=300"})


@router.get("/.well-known/oauth-authorization-server", include_in_schema=False)
async def metadata(
    signer: Annotated[Signer, part(Signer)], public: Annotated[PublicAddress, part(PublicAddress)]
) -> dict[str, Any]:
    """Describe this authorization server to client libraries."""
    return {
        "issuer": signer.issuer,
        "token_endpoint": f"{public.url}/oauth/token",
        "jwks_uri": f"{public.url}/.well-known/jwks.json",
        "grant_types_supported": [ClientCredentialsGrant.GRANT_TYPE],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": METHODS,
        "access_token_signing_alg_values_supported": [ALGORITHM],
    }
