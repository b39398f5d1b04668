"""What an operator does with legal bases: lists them, alone or a catalogue at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.bases.models import Basis
from services.registry.bases.queries import all_catalogued
from services.registry.bases.shapes import KeepBasis
from shared.contracts.registry import BasisListed
from shared.errors import BadInput


async def keep_bases(
    tx: AsyncSession, asks: Sequence[tuple[UUID, KeepBasis]], county_code: str, now: datetime
) -> Loaded[Basis]:
    """List bases; what one supersedes is another, catalogued already or standing before it in the list."""
    for index, (basis_id, ask) in enumerate(asks):
        if ask.supersedes_id == basis_id:
            raise BadInput("supersedes-itself", "A basis supersedes another.", "法律依据不能取代自身。", index=index)
    listed = [basis_id for basis_id, _ in asks]
    earlier = {basis_id: set(listed[:index]) for index, basis_id in enumerate(listed)}
    await all_catalogued(
        tx, [ask.supersedes_id for each, ask in asks if ask.supersedes_id and ask.supersedes_id not in earlier[each]]
    )

    def fact(basis: Basis) -> BasisListed:
        return BasisListed(
            at=now, basis_id=basis.id, **basis.model_dump(include=set(BasisListed.model_fields) - {"at", "basis_id"})
        )

    columns = set(KeepBasis.model_fields)
    wanted = [
        (
            basis_id,
            ask.model_dump(include=columns) | {"area_code": county_code, "title_en": ask.title_en or ask.title_zh},
        )
        for basis_id, ask in asks
    ]
    return await keep(tx, Basis, wanted, fact)
