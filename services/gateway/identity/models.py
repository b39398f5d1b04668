"""The tables of identity. `people`, `parties` and `memberships` are read copies of registry's, fed by its events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.gateway.identity.domain.browsers import Stage
from services.gateway.identity.domain.factors import FactorState
from services.gateway.identity.domain.grants import ClientKind
from services.gateway.models import Row
from shared.contracts.values import Role
from shared.db import Aggregate, moment, word


class Account(Aggregate, Row, table=True):
    """By which a person signs in. `failures` counts wrong passwords since the last right one."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures_counted"),)

    person_id: UUID = Field(unique=True)
    login: str = Field(unique=True, max_length=64)
    password_hash: str
    failures: int = 0
    locked_until: datetime | None = moment(nullable=True)


def _at_first(value: str) -> dict[str, Any]:
    """Give a column what it holds in rows that an older version of the code writes."""
    return {"server_default": value}


class Client(Row, table=True):
    """A program that may ask for tokens: a system that speaks for an organisation, one that people use, or both."""

    __tablename__ = "clients"

    client_id: str = Field(primary_key=True, max_length=64)
    kind: ClientKind = Field(default=ClientKind.CONFIDENTIAL, sa_type=Text, sa_column_kwargs=_at_first("confidential"))
    secret_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    former_secret_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    former_secret_until: datetime | None = moment(nullable=True)
    name: str
    name_zh: str = Field(default="", sa_column_kwargs=_at_first(""))
    role: Role | None = Field(default=None, sa_type=Text)
    """As whom it speaks by itself, for `party_id` in `area_code`; people who use it speak as themselves."""
    party_id: UUID | None = None
    area_code: str | None = Field(default=None, max_length=12)
    redirect_uris: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs=_at_first("{}"))
    grant_types: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs=_at_first("{client_credentials}"))
    scopes: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs=_at_first("{read,write}"))
    first_party: bool = Field(default=False, sa_column_kwargs=_at_first("false"))
    """The platform's own: people are not asked whether they trust it."""


class Person(Row, table=True):
    __tablename__ = "people"

    id: UUID = Field(primary_key=True)
    name: str
    language: str


class Party(Row, table=True):
    __tablename__ = "parties"

    id: UUID = Field(primary_key=True)
    name_en: str
    name_zh: str


class Membership(Row, table=True):
    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_held", "person_id", postgresql_where=text("revoked_at is null")),)

    id: UUID = Field(primary_key=True)
    person_id: UUID
    party_id: UUID | None = None
    role: Role = Field(sa_type=Text)
    area_code: str = Field(max_length=12)
    granted_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
    counts_from: datetime | None = moment(nullable=True)
    counts_until: datetime | None = moment(nullable=True)
    """The end of its last day in the county: the door shuts then, also when nobody has told the end yet."""


class BrowserSession(Row, table=True):
    """A browser in which a person signed in. The cookie's value is not kept, only its digest; no address either."""

    __tablename__ = "browser_sessions"

    id: UUID = Field(primary_key=True)
    digest: bytes = Field(sa_type=LargeBinary, unique=True)
    person_id: UUID = Field(index=True)
    membership_id: UUID | None = None
    stage: Stage = word(Stage)
    second_factor: bool = False
    browser: str = Field(default="", max_length=40)
    created_at: datetime = moment()
    authenticated_at: datetime = moment()
    seen_at: datetime = moment()
    ends_at: datetime = moment(index=True)


class SecondFactor(Row, table=True):
    """A secret shared with somebody's authenticator app, sealed; `last_step` is the last time step used with it."""

    __tablename__ = "second_factors"
    __table_args__ = (UniqueConstraint("person_id", "state"),)

    id: UUID = Field(primary_key=True)
    person_id: UUID
    state: FactorState = word(FactorState)
    sealed: bytes = Field(sa_type=LargeBinary)
    key_version: int
    last_step: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = moment()


class RecoveryCode(Row, table=True):
    """Opens an account once when the phone is lost; the row goes when it was used."""

    __tablename__ = "recovery_codes"

    person_id: UUID = Field(primary_key=True)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)


class ExternalIdentity(Row, table=True):
    """Somebody at the outside provider, and who that is here."""

    __tablename__ = "external_identities"

    issuer: str = Field(primary_key=True, max_length=200)
    subject: str = Field(primary_key=True, max_length=255)
    person_id: UUID = Field(index=True)
    linked_at: datetime = moment()


class ProviderAttempt(Row, table=True):
    """A browser that was sent to the outside provider and is expected back, once, with the same cookie."""

    __tablename__ = "provider_attempts"

    state_digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    cookie_digest: bytes = Field(sa_type=LargeBinary)
    link_to: UUID | None = None
    """The person who wants to link the identity to their account; none: somebody signs in by it."""
    return_to: str = ""
    ends_at: datetime = moment(index=True)


class Grant(Row, table=True):
    """That a person lets a program act for them, in one capacity. All tokens that came of it end with it."""

    __tablename__ = "oauth_grants"

    id: UUID = Field(primary_key=True)
    client_id: str = Field(max_length=64)
    person_id: UUID = Field(index=True)
    membership_id: UUID = Field(index=True)
    role: Role = Field(sa_type=Text)
    """What the person held then: a program does not rise with them."""
    scope: str
    granted_at: datetime = moment()
    ends_at: datetime = moment(index=True)
    revoked_at: datetime | None = moment(nullable=True)


class AuthorizationCode(Row, table=True):
    """Carries a grant from the browser to the program, once. Of codes and refresh tokens only digests are kept."""

    __tablename__ = "oauth_codes"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    grant_id: UUID = Field(foreign_key="oauth_grants.id", ondelete="CASCADE", index=True)
    redirect_uri: str
    challenge: str
    nonce: str | None = None
    authenticated_at: datetime = moment()
    ends_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class RefreshToken(Row, table=True):
    """One link of a grant's chain: used once, and followed by the next."""

    __tablename__ = "oauth_refresh_tokens"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    grant_id: UUID = Field(foreign_key="oauth_grants.id", ondelete="CASCADE", index=True)
    ends_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    successor: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The next link, sealed by this one: who retries gets the same again."""
    successor_digest: bytes | None = Field(default=None, sa_type=LargeBinary)


class RevokedToken(Row, table=True):
    """An access token that its client gave up; only those that no grant could end."""

    __tablename__ = "oauth_revoked_tokens"

    jti: str = Field(primary_key=True, max_length=64)
    ends_at: datetime = moment(index=True)
