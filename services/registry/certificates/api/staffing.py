"""Routes: how many officers an authority or a township is to have, and has."""

from uuid import UUID

from fastapi import APIRouter

from services.registry.certificates.actions import staffing as actions
from services.registry.certificates.models import Staffing
from services.registry.certificates.queries import staffing as queries
from services.registry.certificates.shapes import RequirementView, RequireStaff, StaffingView
from services.registry.people.queries import local_day
from services.registry.shapes import Limit, Listed
from shared.contracts.values import AreaCode
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(tags=["certificates"], dependencies=[versioned(Staffing, "party_id", actions.staffing_id)])


@router.get("/people/staffing", dependencies=[allowed("staffing.read")])
async def list_staffing(
    who: Who, now: Now, tx: Tx, area: AreaCode | None = None, after: UUID | None = None, limit: Limit = 50
) -> Listed[StaffingView]:
    """List required and in post by department and township; where nothing is required, nothing is missing either."""
    found, following = await queries.staffing(tx, who, local_day(tx, now), area=area, after=after, limit=limit)
    views = [
        StaffingView(
            party_id=each.party.id,
            name_en=each.party.name_en,
            name_zh=each.party.name_zh,
            kind=each.party.kind,
            area_code=each.party.area_code,
            required=each.required,
            in_post=each.in_post,
            missing=None if each.required is None else max(0, each.required - each.in_post),
        )
        for each in found
    ]
    return Listed(items=views, next=following)


@router.put("/people/staffing/{party_id}", response_model=RequirementView, dependencies=[allowed("staffing.keep")])
async def require_staff(party_id: UUID, ask: RequireStaff, now: Now, tx: Tx) -> Staffing:
    return await actions.require_staff(tx, party_id, ask.required, now)
