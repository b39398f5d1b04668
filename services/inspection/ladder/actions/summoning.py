"""Calls a leader whose unit had a death; without it the gravest of all reasons would wait for a clock to be missed."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.docket.models import Report
from services.inspection.ladder.domain import wording
from services.inspection.ladder.domain.steps import LETTERS
from services.inspection.ladder.queries.standing import committee_of, interviews_of
from services.inspection.letters.actions.writing import FIRST_STATE, Draft, Reason, issue
from services.inspection.letters.queries.knowing import party_of
from shared.contracts.inspection import Instrument
from shared.contracts.values import derived_id
from shared.observe import logger

RULE = "ladder.interview.death"
log = logger("ladder")


async def call_after_a_death(tx: AsyncSession, entry: Report, decided_on: date, now: datetime) -> None:
    """Prepare an interview of the unit's leader by the committee (domain reference §10.3, L4).

    Nothing happens where the profile does not ask for it, where the unit is not known, or while such an interview is
    prepared already.
    """
    if entry.enterprise_id is None or not rules_of(tx).flag(RULE, local_day(tx, now)):
        return
    committee_id, to = await committee_of(tx, entry.area_code), await party_of(tx, entry.enterprise_id)
    if committee_id is None or to is None:
        log.warning("nobody to write for", rule=RULE, area=entry.area_code, party=str(entry.enterprise_id))
        return
    if (committee_id, to.id) in await interviews_of(tx, [to.id]):
        return
    english, chinese = wording.after_a_death(decided_on)
    kind = LETTERS[Instrument.INTERVIEW]
    draft = Draft(
        id=uuid4(),
        kind=kind,
        state=FIRST_STATE[kind],
        sender_id=committee_id,
        to=to,
        basis=wording.basis(Instrument.INTERVIEW, RULE),
        facts=f"{chinese}\n{english}",
        demand=wording.demand(Instrument.INTERVIEW),
        hazard_ids=(),
        content_hash=str(derived_id("ladder", entry.id, RULE)),
        why=Reason(rule=RULE, explanation_en=english, explanation_zh=chinese),
    )
    await issue(tx, [draft], now)
