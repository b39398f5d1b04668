"""How programs are registered, and how one of them is recognised."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import queries
from services.gateway.identity.domain import CLIENT_ID, OPERATOR_CLIENT, PAGES_CLIENT, Capacity, secret_digest
from services.gateway.identity.domain.grants import OF_CLIENTS, ClientKind, GrantType, Scope
from services.gateway.identity.models import Client
from services.gateway.identity.shapes import SetClient
from shared.contracts.values import Role, derived_id
from shared.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A program that is known: what it must prove, and what it may then ask."""

    client_id: str
    kind: ClientKind
    secret_digests: Sequence[bytes]
    """Of the secrets that count now; none for a public client."""
    grant_types: frozenset[str]
    scopes: frozenset[str]
    redirect_uris: Sequence[str] = ()
    name: str
    name_zh: str
    first_party: bool = False
    capacity: Capacity | None = None
    """As whom it speaks by itself."""


class Operator:
    """The client that every installation begins with; absent when no secret was set."""

    def __init__(self, secret: str | None, county_code: str) -> None:
        self.client = None
        if secret:
            self.client = Registered(
                client_id=OPERATOR_CLIENT,
                kind=ClientKind.CONFIDENTIAL,
                secret_digests=[secret_digest(secret)],
                grant_types=frozenset({GrantType.CREDENTIALS}),
                scopes=frozenset({*OF_CLIENTS, Scope.INTROSPECT}),
                name=OPERATOR_CLIENT,
                name_zh=OPERATOR_CLIENT,
                capacity=_capacity(OPERATOR_CLIENT, OPERATOR_CLIENT, Role.OPERATOR, None, county_code),
            )


async def set_clients(tx: AsyncSession, asks: Mapping[str, SetClient], now: datetime) -> list[Client]:
    """Register clients or change them. A new secret ends the old one at once, or after `secret_overlap_s`."""
    if reserved := {OPERATOR_CLIENT, PAGES_CLIENT} & asks.keys():
        raise BadInput(
            "reserved-client",
            f"The client “{min(reserved)}” belongs to the installation; choose another id.",
            f"客户端 {min(reserved)} 由系统保留，请使用其他编号。",
        )
    known = await queries.clients_of(tx, asks)
    rows: list[Client] = []
    for client_id, ask in asks.items():
        row = known.get(client_id)
        facts = {**ask.facts(), **_secrets(row, ask, now)}
        if row is None:
            row = Client(client_id=client_id, **facts)
        row.sqlmodel_update(facts)
        rows.append(row)
    tx.add_all(rows)
    return rows


def _secrets(row: Client | None, ask: SetClient, now: datetime) -> dict[str, Any]:
    if ask.kind is ClientKind.PUBLIC:
        return {"secret_digest": None, "former_secret_digest": None, "former_secret_until": None}
    kept = row.secret_digest if row else None
    new = secret_digest(ask.secret.get_secret_value()) if ask.secret else kept
    if new is None:
        raise BadInput("secret-missing", "A confidential client needs a secret.", "机密客户端必须设置密钥。")
    if kept is None or new == kept:
        return {"secret_digest": new}
    until = now + timedelta(seconds=ask.secret_overlap_s)
    return {"secret_digest": new, "former_secret_digest": kept, "former_secret_until": until}


async def find_client(tx: AsyncSession, operator: Operator, client_id: str, now: datetime) -> Registered | None:
    if client_id == OPERATOR_CLIENT:
        return operator.client
    row = await tx.get(Client, client_id) if re.fullmatch(CLIENT_ID, client_id) else None
    if row is None:
        return None
    digests = [row.secret_digest] if row.secret_digest else []
    if row.former_secret_digest and row.former_secret_until and row.former_secret_until > now:
        digests.append(row.former_secret_digest)
    return Registered(
        client_id=client_id,
        kind=ClientKind(row.kind),
        secret_digests=digests,
        grant_types=frozenset(row.grant_types),
        scopes=frozenset(row.scopes),
        redirect_uris=row.redirect_uris,
        name=row.name,
        name_zh=row.name_zh or row.name,
        first_party=row.first_party,
        capacity=_capacity(client_id, row.name, row.role, row.party_id, row.area_code or "") if row.role else None,
    )


def _capacity(client_id: str, name: str, role: str, party_id: UUID | None, area_code: str) -> Capacity:
    return Capacity(
        subject_id=derived_id("client", client_id),
        client_id=client_id,
        role=role,
        party_id=party_id,
        area_code=area_code,
        language="en",
        name=name,
    )
