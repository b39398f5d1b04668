"""What the ladder does when something is found of which no clock tells."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.ladder.actions.summoning import call_after_a_death
from shared.contracts.inspection import CountyFinding, CountyVerdictRecorded
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(CountyVerdictRecorded)
async def call_the_leader(fact: CountyVerdictRecorded, tx: AsyncSession) -> None:
    """Deaths that the county confirmed call for an interview; of a unit that is not known nobody can be called."""
    if fact.finding is CountyFinding.DEATHS_CONFIRMED and fact.enterprise_id is not None:
        await call_after_a_death(tx, fact.entry_id, fact.area_code, fact.enterprise_id, fact.decided_on, fact.at)
