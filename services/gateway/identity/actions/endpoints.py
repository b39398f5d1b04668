"""What may be done with a token besides using it: give it up, and ask whether it still counts."""

# pyright: standard, reportIncompatibleMethodOverride=false
# because the types that pyright knows of authlib are partial, and those of an older version

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from services.gateway.identity.actions.grants import Book
from services.gateway.identity.actions.protocol import METHODS, SECRETS, Known, Reply, Request, Server
from services.gateway.identity.domain.grants import Scope
from services.gateway.identity.models import Grant, RefreshToken
from shared.auth import Proof


@dataclass(frozen=True, slots=True)
class _Access:
    """An access token that was verified before."""

    proof: Proof
    book: Book

    def check_client(self, client: Known) -> bool:
        return self.proof.claims.get("client_id") == client.client_id

    def end(self) -> None:
        claims = self.proof.claims
        grant = self.book.grant(UUID(claims["gid"])) if "gid" in claims else None
        if grant is not None:
            self.book.end(grant)
        elif "gid" not in claims:
            self.book.refuse(claims["jti"], datetime.fromtimestamp(claims["exp"], UTC))

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False

    def said(self) -> dict[str, Any]:
        names = ("client_id", "sub", "scope", "iss", "aud", "iat", "exp", "jti", "role", "party", "area")
        claims = self.proof.claims
        return {"token_type": "Bearer", **{name: claims[name] for name in names if claims.get(name) is not None}}


@dataclass(frozen=True, slots=True)
class _Refresh:
    row: RefreshToken
    grant: Grant
    book: Book

    def check_client(self, client: Known) -> bool:
        return self.grant.client_id == client.client_id

    def end(self) -> None:
        self.book.end(self.grant)

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return not self.book.counts(self.row, self.grant)

    def said(self) -> dict[str, Any]:
        return {
            "token_type": "refresh_token",
            "client_id": self.grant.client_id,
            "sub": str(self.grant.person_id),
            "scope": self.grant.scope,
            "exp": int(min(self.row.ends_at, self.grant.ends_at).timestamp()),
        }


def _found(server: Server, token: str) -> _Access | _Refresh | None:
    if server.proof is not None:
        return _Access(server.proof, server.book)
    known = server.book.known_refresh_token(token)
    return _Refresh(*known, server.book) if known else None


def _token_of(request: Request) -> None:
    """Ask for the token alone: a hint is only a hint (RFC 7009 §2.1), and we can tell them apart."""
    if not request.form.get("token"):
        raise InvalidRequestError("Missing 'token' in request.")


class _Revocation(RevocationEndpoint):
    """A client gives up a token of its own; what it was granted ends as a whole."""

    CLIENT_AUTH_METHODS = METHODS
    server: Server

    def check_params(self, request: Any, client: Any) -> None:  # noqa: ARG002 — authlib's
        _token_of(request)

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Access | _Refresh | None:  # noqa: ARG002 — a hint
        return _found(self.server, token_string)

    def revoke_token(self, token: _Access | _Refresh, request: Any) -> None:  # noqa: ARG002 — authlib's
        token.end()


class _Introspection(IntrospectionEndpoint):
    """A resource server of a partner asks whether a token counts; others may ask about their own only."""

    CLIENT_AUTH_METHODS = SECRETS
    server: Server

    def check_params(self, request: Any, client: Any) -> None:  # noqa: ARG002 — authlib's
        _token_of(request)

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Access | _Refresh | None:  # noqa: ARG002 — a hint
        return _found(self.server, token_string)

    def check_permission(self, token: _Access | _Refresh, client: Known, request: Any) -> bool:  # noqa: ARG002 — authlib's
        may = client.registered is not None and Scope.INTROSPECT in client.registered.scopes
        return may or token.check_client(client)

    def introspect_token(self, token: _Access | _Refresh) -> dict[str, Any]:
        return token.said()


def give_up(server: Server, request: Request, proof: Proof | None) -> Reply:
    """Revoke; `proof` is what the token says, when it is an access token of ours."""
    server.proof = proof
    server.register_endpoint(_Revocation)
    return cast("Reply", server.create_endpoint_response(_Revocation.ENDPOINT_NAME, request))


def look_into(server: Server, request: Request, proof: Proof | None) -> Reply:
    """Introspect; `proof` is what the token says, when it is an access token that is let in at this moment."""
    server.proof = proof
    server.register_endpoint(_Introspection)
    return cast("Reply", server.create_endpoint_response(_Introspection.ENDPOINT_NAME, request))
