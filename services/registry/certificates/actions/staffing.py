"""How an operator says how many officers a party is to have."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import keep
from services.registry.certificates.domain import STAFFED
from services.registry.certificates.models import Staffing
from services.registry.parties.models import Party
from shared.contracts.registry import StaffingRequired
from shared.contracts.values import derived_id
from shared.errors import BadInput, no_such


def staffing_id(party_id: str) -> UUID:
    return derived_id("staffing", UUID(party_id))


async def require_staff(tx: AsyncSession, party_id: UUID, required: int | None, now: datetime) -> Staffing:
    party = await tx.get(Party, party_id)
    if party is None:
        raise no_such("party", "单位")
    if party.kind not in STAFFED:
        raise BadInput(
            "not-an-enforcing-party",
            "Only authorities and townships are staffed with officers.",
            "仅部门和乡镇（街道）配备执法人员。",
        )

    def fact(row: Staffing) -> StaffingRequired:
        return StaffingRequired(at=now, area_code=row.area_code, party_id=row.party_id, required=row.required)

    state = {"party_id": party_id, "required": required, "area_code": party.area_code}
    return (await keep(tx, Staffing, [(staffing_id(str(party_id)), state)], fact)).rows[0]
