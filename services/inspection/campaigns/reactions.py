"""What a campaign does when one of its hazards was looked at: the act is the hazard's, the result is counted here."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.campaigns.actions.looking import take_result
from shared.contracts.inspection import LookBackDone
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(LookBackDone)
async def count_the_look(fact: LookBackDone, tx: AsyncSession) -> None:
    """A look counts in every campaign that drew the hazard for it, whoever thought of it first."""
    await take_result(tx, fact)
