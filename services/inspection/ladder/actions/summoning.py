"""Calls a leader whose unit had a death; without it the gravest of all reasons would wait for a clock to be missed."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.docket.models import Report
from services.inspection.hazards.models import Hazard
from services.inspection.ladder.domain import wording
from services.inspection.ladder.domain.steps import LETTERS, LEVELS
from services.inspection.ladder.models import Climb
from services.inspection.ladder.queries.deaths import clock_of_the_county, units_with_deaths
from services.inspection.ladder.queries.standing import committee_of
from services.inspection.letters.actions.writing import FIRST_STATE, Draft, Reason, issue
from services.inspection.letters.queries.knowing import Addressee, may_know, party_of
from shared.contracts.inspection import Instrument
from shared.contracts.values import derived_id
from shared.db import table_of
from shared.observe import logger

RULE = "ladder.interview.death"
log = logger("ladder")


async def call_after_a_death(tx: AsyncSession, entry: Report, decided_on: date, now: datetime) -> None:
    """Prepare an interview of each unit's leader by the committee (domain reference §10.3, L4).

    Once for a hazard, however many claims speak of it. Nothing happens where the profile does not ask for it, or where
    the unit is not known.
    """
    if not rules_of(tx).flag(RULE, local_day(tx, now)):
        return
    committee_id, drafts = await committee_of(tx, entry.area_code), list[Draft]()
    for enterprise_id, hazard in await units_with_deaths(tx, entry):
        to = await party_of(tx, enterprise_id)
        if committee_id is None or to is None:
            log.warning("nobody to write for", rule=RULE, area=entry.area_code, party=str(enterprise_id))
        elif (letter_id := await _claim(tx, entry, hazard, to, now)) is not None:
            drafts.append(_draft(letter_id, committee_id, to, hazard, decided_on))
    await issue(tx, drafts, now)


async def _claim(tx: AsyncSession, entry: Report, hazard: Hazard | None, to: Addressee, now: datetime) -> UUID | None:
    """Take the step for this hazard, or for the claim where there is none; None: it was taken."""
    letter_id, clock, about = uuid4(), await clock_of_the_county(tx, entry), hazard.about if hazard else entry.about
    row = Climb(
        root_id=about.id,
        instrument=Instrument.INTERVIEW,
        level=LEVELS[Instrument.INTERVIEW],
        object_kind=about.kind,
        object_id=about.id,
        area_code=about.area_code,
        cycle=hazard.cycle if hazard else 1,
        deadline_id=clock.id,
        key=clock.key,
        due_at=clock.due_at,
        explanation_en=clock.explanation_en,
        explanation_zh=clock.explanation_zh,
        rule=RULE,
        to_id=to.id,
        letter_id=letter_id,
        at=now,
    )
    taking = insert(table_of(Climb)).values(row.model_dump()).on_conflict_do_nothing()
    taken = (await tx.execute(taking.returning(col(Climb.id)))).scalar() is not None
    return letter_id if taken else None


def _draft(letter_id: UUID, committee_id: UUID, to: Addressee, hazard: Hazard | None, decided_on: date) -> Draft:
    english, chinese = wording.after_a_death(decided_on)
    kind = LETTERS[Instrument.INTERVIEW]
    return Draft(
        id=letter_id,
        kind=kind,
        state=FIRST_STATE[kind],
        sender_id=committee_id,
        to=to,
        basis=wording.basis(Instrument.INTERVIEW, RULE),
        facts=f"{chinese}\n{english}",
        demand=wording.demand(Instrument.INTERVIEW),
        hazard_ids=(hazard.id,) if hazard is not None and may_know(to, hazard) else (),
        content_hash=str(derived_id("ladder", letter_id, RULE)),
        why=Reason(rule=RULE, explanation_en=english, explanation_zh=chinese),
    )
