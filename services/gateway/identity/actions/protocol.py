"""OAuth 2 as authlib knows it, on our clients and grants; without it we would have written the protocol ourselves.

authlib asks synchronously: run it under `AsyncSession.run_sync`. A refusal is a reply, never raised, so that what it
writes down (a token used twice) is committed.
"""

# pyright: standard, reportIncompatibleMethodOverride=false, reportOptionalMemberAccess=false
# pyright: reportAttributeAccessIssue=false, reportArgumentType=false
# because the types that pyright knows of authlib are partial, and those of an older version

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import compare_digest
from typing import Any, cast

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidRequestError, InvalidScopeError, OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge

from services.gateway.identity.actions.clients import Registered
from services.gateway.identity.actions.grants import Asked, Book
from services.gateway.identity.actions.tokens import Signer
from services.gateway.identity.domain import Capacity, secret_digest
from services.gateway.identity.domain.grants import (
    OF_CLIENTS,
    ClientKind,
    GrantType,
    Scope,
    allowed_scope,
    is_registered,
)
from services.gateway.identity.models import AuthorizationCode, Grant, RefreshToken
from shared.auth import Proof

SECRETS = ("client_secret_basic", "client_secret_post")
METHODS = (*SECRETS, "none")
OURS = "https://gateway/oauth"
"""authlib refuses plain HTTP; encryption ends before this process, so it is told that it had been there."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers, before it is a response of the framework."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Known(ClientMixin):
    """A client that was asked for. One that is unknown looks like one with a wrong secret."""

    def __init__(self, client: Registered | None) -> None:
        self.registered = client

    @property
    def client_id(self) -> str:
        return self.registered.client_id if self.registered else ""

    def check_client_secret(self, client_secret: str) -> bool:
        digest = secret_digest(client_secret)
        kept = self.registered.secret_digests if self.registered else []
        # No `any`: how many secrets a client has is nobody's business.
        return sum(compare_digest(one, digest) for one in [*kept, b""]) > 0

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 — the same at each of ours
        if self.registered is None:
            return False
        return (method == "none") is (self.registered.kind is ClientKind.PUBLIC)

    def check_grant_type(self, grant_type: str) -> bool:
        return self.registered is not None and grant_type in self.registered.grant_types

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.check_grant_type(GrantType.CODE)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return self.registered is not None and is_registered(redirect_uri, self.registered.redirect_uris)

    def get_default_redirect_uri(self) -> None:
        """Give none: a program says where it waits."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Give what a program may do for a person; nothing asked: read."""
        allowed = (self.registered.scopes if self.registered else frozenset[str]()) - {Scope.INTROSPECT}
        return allowed_scope(scope, allowed, {Scope.READ})


class Request(OAuth2Request):
    """A request whose parameters were each said once."""

    def __init__(self, method: str, said: Mapping[str, str], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(method, OURS, headers=headers or {})
        self.payload = BasicOAuth2Payload(said)
        self.said = said

    @property
    def form(self) -> Mapping[str, str]:
        return self.said


class _Challenge(CodeChallenge):
    """PKCE for every client, S256 only: a code that was stolen is worth nothing (RFC 9700 §2.1.1)."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 — authlib's

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        said = grant.request.said
        if not said.get("code_challenge") or said.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE is required: send 'code_challenge' with 'code_challenge_method=S256'.")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge(self, authorization_code: Any) -> str:
        return authorization_code.row.challenge

    def get_authorization_code_challenge_method(self, authorization_code: Any) -> str:  # noqa: ARG002 — it is always that
        return "S256"


@dataclass(frozen=True, slots=True)
class _Code:
    row: AuthorizationCode
    grant: Grant
    capacity: Capacity

    def get_redirect_uri(self) -> str:
        return self.row.redirect_uri

    def get_scope(self) -> str:
        return self.grant.scope


class _CodeGrant(AuthorizationCodeGrant):
    RESPONSE_TYPES = frozenset({"code"})
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    server: "Server"

    def generate_authorization_code(self) -> str:
        request = self.request
        asked = Asked(
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            challenge=request.said["code_challenge"],
            nonce=request.said.get("nonce"),
            authenticated_at=self.server.authenticated_at,
        )
        return self.server.book.open(request.user, asked)

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """Keep nothing more: it was written down with its grant."""

    def query_authorization_code(self, code: str, client: Known) -> _Code | None:
        found = self.server.book.code(code, client.client_id)
        capacity = self.server.book.capacity(found[1], found[1].scope) if found else None
        return _Code(*found, capacity) if found and capacity else None

    def authenticate_user(self, authorization_code: _Code) -> Capacity:
        return authorization_code.capacity

    def generate_token(self, user: Any = None, scope: str | None = None, **_: object) -> dict[str, Any]:
        code, book = self.request.authorization_code, self.server.book
        book.redeem(code.row, code.grant)
        answer = self.server.answer(user, code.row)
        if Scope.OFFLINE in (scope or "").split() and self.request.client.check_grant_type(GrantType.REFRESH):
            answer["refresh_token"] = book.follow(code.grant)
        return answer

    def delete_authorization_code(self, authorization_code: _Code) -> None:
        """Nothing: a code that is used stays, to know it when it comes again."""


@dataclass(frozen=True, slots=True)
class _Link:
    row: RefreshToken
    grant: Grant
    token: str

    def check_client(self, client: Known) -> bool:
        return self.grant.client_id == client.client_id

    def get_scope(self) -> str:
        return self.grant.scope


class _RefreshGrant(RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True
    server: "Server"

    def authenticate_refresh_token(self, refresh_token: str) -> _Link | None:
        found = self.server.book.refresh_token(refresh_token, self.server.client.client_id)
        return _Link(*found, refresh_token) if found else None

    def authenticate_user(self, refresh_token: _Link) -> Capacity:
        scope = self.request.payload.scope or refresh_token.grant.scope
        capacity = self.server.book.capacity(refresh_token.grant, scope)
        if capacity is None:
            raise InvalidGrantError("The person no longer holds the office in which they allowed this.")
        return capacity

    def generate_token(self, user: Any = None, scope: str | None = None, **_: object) -> dict[str, Any]:  # noqa: ARG002 — the person's capacity knows it
        link = self.request.refresh_token
        return {
            **self.server.answer(user),
            "refresh_token": self.server.book.follow(link.grant, (link.row, link.token)),
        }

    def revoke_old_credential(self, refresh_token: _Link) -> None:
        """Nothing: it was marked as used when its successor was made."""


class _CredentialsGrant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = SECRETS
    server: "Server"

    def validate_token_request(self) -> None:
        super().validate_token_request()
        registered = self.request.client.registered
        scope = allowed_scope(self.request.payload.scope, registered.scopes & {*OF_CLIENTS}, OF_CLIENTS)
        if scope is None or registered.capacity is None:
            raise InvalidScopeError
        self.request.scope = scope

    def generate_token(self, **_: object) -> dict[str, Any]:
        return self.server.answer(replace(self.request.client.registered.capacity, scope=self.request.scope))


class Server(AuthorizationServer):
    """Serves one request of one client."""

    def __init__(self, client: Registered | None, book: Book, signer: Signer, issuer: str, now: datetime) -> None:
        super().__init__(scopes_supported=[str(scope) for scope in Scope if scope is not Scope.INTROSPECT])
        self.client = Known(client)
        self.book = book
        self.authenticated_at = now
        """When the person at the browser last proved who they are."""
        self.proof: Proof | None = None
        """Of the access token that is spoken of."""
        self._signer = signer
        self._issuer = issuer
        self._now = now
        self.register_grant(_CodeGrant, [_Challenge()])
        self.register_grant(_RefreshGrant)
        self.register_grant(_CredentialsGrant)

    def issue(self, request: Request) -> Reply:
        """Answer at the token endpoint."""
        return cast("Reply", self.create_token_response(request))

    def judge(self, request: Request) -> Reply | None:
        """Tell what is wrong with an authorization request whose client and address are right; None: nothing."""
        if request.said.get("response_type") != "code":
            return self.refuse(request, "unsupported_response_type")
        try:
            self.get_consent_grant(request)
        except OAuth2Error as error:
            return cast("Reply", self.handle_error_response(request, error))
        return None

    def decide(self, request: Request, capacity: Capacity | None, authenticated_at: datetime | None) -> Reply:
        """Lead back with a code for this person, or with a refusal when nobody allowed it."""
        if (refusal := self.judge(request)) is not None:
            return refusal
        self.authenticated_at = authenticated_at or self._now
        grant = self.get_authorization_grant(request)
        return cast("Reply", self.create_authorization_response(request, capacity, grant))

    def refuse(self, request: Request, error: str) -> Reply:
        """Lead back with an error."""
        told = OAuth2Error(error=error, redirect_uri=request.payload.redirect_uri, state=request.payload.state)
        return cast("Reply", self.handle_error_response(request, told))

    def query_client(self, client_id: str) -> Known:  # noqa: ARG002 — it was fetched by that id
        return self.client

    def answer(self, capacity: Capacity, code: AuthorizationCode | None = None) -> dict[str, Any]:
        """Make an access token, and an ID token when a code was asked for one."""
        scope = capacity.scope or ""
        answer = {
            "token_type": "Bearer",
            "access_token": self._signer.sign(capacity, self._now),
            "expires_in": self._signer.lifetime_s,
            "scope": scope,
        }
        if code is not None and Scope.OPENID in scope.split():
            answer["id_token"] = self._signer.sign_claims(self._identity(capacity, code), "JWT")
        return answer

    def _identity(self, capacity: Capacity, code: AuthorizationCode) -> dict[str, Any]:
        """Say who signed in (OpenID Connect Core §2), and no more."""
        said = {
            "iss": self._issuer,
            "sub": str(capacity.subject_id),
            "aud": capacity.client_id,
            "iat": int(self._now.timestamp()),
            "exp": int(self._now.timestamp()) + self._signer.lifetime_s,
            "auth_time": int(code.authenticated_at.timestamp()),
        }
        return said if code.nonce is None else {**said, "nonce": code.nonce}

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Keep nothing: the token says all, and refresh tokens are written down when they are made."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Sequence[tuple[str, str]]) -> Reply:
        said = dict(headers)
        if "Location" in said:
            said["Location"] = add_params_to_uri(said["Location"], {"iss": self._issuer})  # RFC 9207
        return Reply(status, body, said)
