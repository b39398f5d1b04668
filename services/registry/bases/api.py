"""Routes: legal bases, which everybody may read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registry.actions import Loaded
from services.registry.bases import actions, queries
from services.registry.bases.models import Basis
from services.registry.bases.shapes import BasisView, KeepBasis, KeepListedBasis
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.contracts.registry import BasisLevel
from shared.contracts.values import Day
from shared.errors import no_such
from shared.paging import Page
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Here, Now, Tx

router = APIRouter(tags=["bases"], dependencies=[versioned(Basis, "basis_id")])


@router.put("/bases", response_model=LoadedView, dependencies=[allowed("basis.keep")])
async def keep_bases(asks: AtOnce[KeepListedBasis], now: Now, tx: Tx, here: Here) -> Loaded[Basis]:
    """List legal bases in one transaction."""
    return await actions.keep_bases(tx, [(ask.id, ask) for ask in asks], here.settings.county_code, now)


@router.put("/bases/{basis_id}", response_model=BasisView, dependencies=[allowed("basis.keep")])
async def keep_basis(basis_id: UUID, ask: KeepBasis, now: Now, tx: Tx, here: Here) -> Basis:
    return (await actions.keep_bases(tx, [(basis_id, ask)], here.settings.county_code, now)).rows[0]


@router.get("/bases", response_model=Listed[BasisView], dependencies=[allowed("basis.read")])
async def list_bases(
    tx: Tx,
    level: BasisLevel | None = None,
    on: Day | None = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Basis]:
    """List legal bases, of a level and not outside their term on a day if these are given."""
    return await queries.bases(tx, level, on, (q or "").strip(), after, limit)


@router.get("/bases/{basis_id}", response_model=BasisView, dependencies=[allowed("basis.read")])
async def show_basis(basis_id: UUID, tx: Tx) -> Basis:
    if (basis := await tx.get(Basis, basis_id)) is None:
        raise no_such("legal basis", "法律依据")
    return basis
