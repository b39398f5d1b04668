"""What identity is asked and what it answers; without this file the routes would hide their own contract."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints

from services.gateway.identity.domain import CLIENT_ID
from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode, Line, Role

Login = Annotated[str, StringConstraints(to_lower=True, min_length=3, max_length=64, pattern=r"^[\w.@+-]+$")]
Password = Annotated[SecretStr, Field(min_length=8, max_length=128)]
ClientId = Annotated[str, StringConstraints(pattern=CLIENT_ID)]
ClientSecret = Annotated[SecretStr, Field(min_length=24, max_length=128)]
"""Random, never chosen by a person: it is not stretched by a slow hash."""

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
    name: Line
    role: Role
    party_id: UUID | None = None
    area_code: AreaCode
    secret: ClientSecret


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
    name: str
    role: Role
    party_id: UUID | None
    area_code: str


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
