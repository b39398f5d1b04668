"""What an operator does with parties and enterprises: registers them, alone or by the list."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.areas.queries import all_registered
from services.registry.parties.domain import place_fault, uscc_fault
from services.registry.parties.models import Enterprise, Party
from services.registry.parties.shapes import KeepEnterprise, KeepParty
from shared.contracts.registry import EnterpriseRegistered, PartyRegistered


async def keep_parties(tx: AsyncSession, asks: Sequence[tuple[UUID, KeepParty]], now: datetime) -> Loaded[Party]:
    await all_registered(tx, [ask.area_code for _, ask in asks])

    def fact(party: Party) -> PartyRegistered:
        return PartyRegistered(
            at=now,
            area_code=party.area_code,
            party_id=party.id,
            kind=party.kind,
            name_en=party.name_en,
            name_zh=party.name_zh,
        )

    wanted = [
        (
            party_id,
            {
                "area_code": ask.area_code,
                "kind": ask.kind,
                "name_en": ask.name_en or ask.name_zh,
                "name_zh": ask.name_zh,
            },
        )
        for party_id, ask in asks
    ]
    return await keep(tx, Party, wanted, fact)


async def keep_enterprises(
    tx: AsyncSession, asks: Sequence[tuple[UUID, KeepEnterprise]], now: datetime
) -> Loaded[Enterprise]:
    """Register enterprises under credit codes that hold, in townships or villages that exist."""
    for index, (_, ask) in enumerate(asks):
        if fault := uscc_fault(ask.uscc, index) or place_fault(ask.place, index):
            raise fault
    await all_registered(tx, [ask.place.area_code for _, ask in asks])

    def fact(enterprise: Enterprise) -> EnterpriseRegistered:
        return EnterpriseRegistered(
            at=now,
            area_code=enterprise.area_code,
            enterprise_id=enterprise.id,
            uscc=enterprise.uscc,
            name_en=enterprise.name_en,
            name_zh=enterprise.name_zh,
            industry_code=enterprise.industry_code,
            place=enterprise.place,
            employees=enterprise.employees,
        )

    wanted = [
        (
            enterprise_id,
            {
                **ask.place.model_dump(),
                "uscc": ask.uscc,
                "name_en": ask.name_en or ask.name_zh,
                "name_zh": ask.name_zh,
                "industry_code": ask.industry_code,
                "employees": ask.employees,
            },
        )
        for enterprise_id, ask in asks
    ]
    return await keep(tx, Enterprise, wanted, fact)
