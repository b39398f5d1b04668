"""How an organisation's systems get a way in, and how one of them is recognised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import queries
from services.gateway.identity.actions.administration import only_operators
from services.gateway.identity.domain import CLIENT_ID, OPERATOR_CLIENT, Capacity, secret_digest
from services.gateway.identity.models import Client
from services.gateway.identity.shapes import SetClient
from shared.auth import Actor
from shared.contracts.values import Role, derived_id
from shared.errors import BadInput


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client must prove, and as whom it then speaks."""

    secret_digest: bytes
    capacity: Capacity


class Operator:
    """The client that every installation begins with; absent when no secret was set."""

    def __init__(self, secret: str | None, county_code: str) -> None:
        self.credentials = None
        if secret:
            capacity = _capacity(OPERATOR_CLIENT, OPERATOR_CLIENT, Role.OPERATOR, None, county_code)
            self.credentials = Credentials(secret_digest(secret), capacity)


async def set_clients(tx: AsyncSession, who: Actor, asks: Mapping[str, SetClient]) -> list[Client]:
    """Register clients or change them; a new secret takes the place of the old one at once."""
    only_operators(who)
    if OPERATOR_CLIENT in asks:
        raise BadInput(
            "reserved-client",
            "The client “operator” belongs to the installation; choose another id.",
            "客户端 operator 由系统保留，请使用其他编号。",
        )
    known = await queries.clients_of(tx, asks)
    rows: list[Client] = []
    for client_id, ask in asks.items():
        facts: dict[str, Any] = {
            **ask.model_dump(include={"name", "role", "party_id", "area_code"}),
            "secret_digest": secret_digest(ask.secret.get_secret_value()),
        }
        row = known.get(client_id) or Client(client_id=client_id, **facts)
        row.sqlmodel_update(facts)
        rows.append(row)
    tx.add_all(rows)
    return rows


async def find_client(tx: AsyncSession, operator: Operator, client_id: str) -> Credentials | None:
    if client_id == OPERATOR_CLIENT:
        return operator.credentials
    row = await tx.get(Client, client_id) if re.match(CLIENT_ID, client_id) else None
    if row is None:
        return None
    return Credentials(row.secret_digest, _capacity(client_id, row.name, row.role, row.party_id, row.area_code))


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
