"""What an operator does with areas: register them, alone or a county at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.areas import queries
from services.registry.areas.domain import faults, level_of, parent_of
from services.registry.areas.models import Area
from services.registry.areas.shapes import KeepArea
from services.registry.domain import refuse
from shared.contracts.registry import AreaRegistered
from shared.contracts.values import area_id


async def keep_areas(tx: AsyncSession, asks: Sequence[tuple[str, KeepArea]], now: datetime) -> Loaded[Area]:
    """Register areas; each lies in one that is registered, or that is in the same list. Tells every bad row."""
    codes = [code for code, _ in asks]
    refuse(faults(codes, await queries.registered(tx, filter(None, map(parent_of, codes)))))

    def fact(area: Area) -> AreaRegistered:
        return AreaRegistered(
            at=now,
            area_code=area.area_code,
            code=area.area_code,
            parent_code=area.parent_code,
            level=area.level,
            name_en=area.name_en,
            name_zh=area.name_zh,
        )

    return await keep(tx, Area, [(area_id(code), _state(code, ask)) for code, ask in asks], fact)


def _state(code: str, ask: KeepArea) -> dict[str, object]:
    return {
        "area_code": code,
        "parent_code": parent_of(code),
        "level": level_of(code),
        "name_en": ask.name_en or ask.name_zh,
        "name_zh": ask.name_zh,
    }
