"""What identity is asked and what it answers; without this file the routes would hide their own contract."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator

from services.gateway.identity.domain import CLIENT_ID
from services.gateway.identity.domain.grants import (
    LONGEST_OVERLAP,
    ClientKind,
    GrantType,
    Scope,
    may_be_redirected_to,
)
from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode, Line, Role

Login = Annotated[str, StringConstraints(to_lower=True, min_length=3, max_length=64, pattern=r"^[\w.@+-]+$")]
Password = Annotated[SecretStr, Field(min_length=8, max_length=128)]
ClientId = Annotated[str, StringConstraints(pattern=CLIENT_ID)]


def _where_answers_may_go(uri: str) -> str:
    if not may_be_redirected_to(uri):
        raise ValueError("https://host/…, or http://127.0.0.1/… or http://[::1]/…; no fragment, no wildcard, no user")
    return uri


ClientSecret = Annotated[SecretStr, Field(min_length=24, max_length=128)]
"""Random, never chosen by a person: it is not stretched by a slow hash."""

RedirectUri = Annotated[str, StringConstraints(max_length=400), AfterValidator(_where_answers_may_go)]

MOST_AT_ONCE = 200


class SetAccount(Ask):
    login: Login
    password: Password


class SetAccountOf(SetAccount):
    person_id: UUID


class LinkIdentity(Ask):
    issuer: Annotated[str, StringConstraints(min_length=8, max_length=200, pattern=r"^https?://\S+$")]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """What the claim that names the person says there; see the setting `PROVIDER_CLAIM`."""


class SetClient(Ask):
    """A program. One that speaks for an organisation by itself needs a role; one that people use, an address."""

    name: Line
    name_zh: Line | None = None
    """How people who read Chinese see it; `name` when it is not given."""
    kind: ClientKind = ClientKind.CONFIDENTIAL
    role: Role | None = None
    party_id: UUID | None = None
    area_code: AreaCode | None = None
    secret: ClientSecret | None = None
    """Needed once by a confidential client; without it the one it has stays."""
    secret_overlap_s: Annotated[int, Field(ge=0, le=int(LONGEST_OVERLAP.total_seconds()))] = 0
    """How long the former secret goes on beside a new one."""
    redirect_uris: tuple[RedirectUri, ...] = Field(default=(), max_length=20)
    grant_types: frozenset[GrantType] = Field(default=frozenset({GrantType.CREDENTIALS}), min_length=1)
    scopes: frozenset[Scope] = Field(default=frozenset({Scope.READ, Scope.WRITE}), min_length=1)
    first_party: bool = False
    """The platform's own: people are not asked whether they trust it."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        by_people, by_itself = GrantType.CODE in self.grant_types, GrantType.CREDENTIALS in self.grant_types
        faults = {
            "authorization_code needs redirect_uris, and they need it": by_people != bool(self.redirect_uris),
            "refresh_token needs authorization_code": GrantType.REFRESH in self.grant_types and not by_people,
            "offline_access needs refresh_token": Scope.OFFLINE in self.scopes
            and GrantType.REFRESH not in self.grant_types,
            "client_credentials needs role and area_code": by_itself and not (self.role and self.area_code),
            "a public client has no secret": self.kind is ClientKind.PUBLIC and self.secret is not None,
            "a public client cannot speak by itself": self.kind is ClientKind.PUBLIC and by_itself,
            "a public client may not introspect": self.kind is ClientKind.PUBLIC and Scope.INTROSPECT in self.scopes,
        }
        if found := [fault for fault, true in faults.items() if true]:
            raise ValueError("; ".join(found))
        return self

    def facts(self) -> dict[str, Any]:
        """Give the columns of its row, but for the secrets."""
        plain = self.model_dump(exclude={"secret", "secret_overlap_s", "client_id"})
        lists = {name: sorted(map(str, plain[name])) for name in ("redirect_uris", "grant_types", "scopes")}
        return {**plain, **lists, "name_zh": self.name_zh or ""}


class SetClientOf(SetClient):
    client_id: ClientId


class SignIn(Ask):
    login: Login
    password: Annotated[SecretStr, Field(max_length=128)]
    membership_id: UUID | None = None
    """In which capacity to act; the one granted first when it is not named."""
    code: Annotated[SecretStr, Field(max_length=40)] | None = None
    """The second factor, where the account has one: six digits of the app, or a recovery code."""


class AccountView(View):
    person_id: UUID
    login: str
    locked_until: datetime | None


class ClientView(View):
    client_id: str
    kind: ClientKind
    name: str
    name_zh: str
    role: Role | None
    party_id: UUID | None
    area_code: str | None
    redirect_uris: list[str]
    grant_types: list[GrantType]
    scopes: list[Scope]
    first_party: bool
    former_secret_until: datetime | None


class MembershipView(View):
    id: UUID
    role: Role
    party_id: UUID | None
    area_code: str


class SessionView(View):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105 — the type's name, not a secret
    expires_in: int
    """Seconds."""
    membership: MembershipView
    memberships: list[MembershipView]
    """Every capacity of this person; sign in with another `membership_id` to act in it."""


class MeView(View):
    id: UUID
    name: str
    role: str
    party_id: UUID | None
    area_code: str
    language: str
    memberships: list[MembershipView]
