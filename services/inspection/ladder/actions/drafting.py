"""Puts planned letters into words, one for each letter whoever joins it; without it there would be numbers only."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import rules_of
from services.inspection.ladder.actions.planning import Fall, Taken
from services.inspection.ladder.domain import wording
from services.inspection.ladder.domain.steps import LETTERS
from services.inspection.letters.actions.writing import FIRST_STATE, Draft, Reason
from services.inspection.letters.queries.knowing import Addressee, Known, known_of, may_know
from shared.contracts.inspection import Instrument
from shared.contracts.values import derived_id


async def drafts_of(tx: AsyncSession, taken: list[Taken]) -> tuple[list[Draft], dict[UUID, list[str]]]:
    """Give the letters that are to be written, and which hazards interviews that are there already take up."""
    owing = await known_of(tx, {each.fall.party.id for each in taken if each.writes})
    named = _named(taken)
    drafts = [
        _draft(tx, each, owing.get(each.fall.party.id), named.pop(each.letter_id, []))
        for each in taken
        if each.writes and each.letter_id is not None
    ]
    return drafts, {letter_id: [str(each) for each in hazards] for letter_id, hazards in named.items() if hazards}


def _named(taken: list[Taken]) -> dict[UUID, list[UUID]]:
    """Give the hazards that each letter names, as far as its addressee may know of them."""
    named: dict[UUID, list[UUID]] = {}
    for each in taken:
        if (
            each.letter_id is None
            or each.to is None
            or (each.joined and each.step.instrument is not Instrument.INTERVIEW)
        ):
            continue
        hazards = named.setdefault(each.letter_id, [])
        hazards += [hazard_id for hazard_id in _told_to(each.to, each.fall) if hazard_id not in hazards]
    return named


def _told_to(to: Addressee, fall: Fall) -> tuple[UUID, ...]:
    hazard = fall.matter.hazard
    return fall.matter.hazard_ids if hazard is None or may_know(to, hazard) else ()


def _draft(tx: AsyncSession, taken: Taken, owes: Known | None, hazard_ids: list[UUID]) -> Draft:
    clock, matter, instrument = taken.fall.clock, taken.fall.matter, taken.step.instrument
    assert taken.letter_id is not None, "what is written has an id"
    assert taken.by is not None, "what is written has a sender"
    assert taken.to is not None, "what is written has an addressee"
    told = wording.Told(
        key=clock.key,
        due_at=clock.due_at,
        subject_en=matter.subject_en,
        subject_zh=matter.subject_zh,
        explanation_en=clock.explanation_en,
        explanation_zh=clock.explanation_zh,
        owes_en=owes.name_en if owes else "",
        owes_zh=owes.name_zh if owes else "",
    )
    kind = LETTERS[instrument]
    return Draft(
        id=taken.letter_id,
        kind=kind,
        state=FIRST_STATE[kind],
        sender_id=taken.by,
        to=taken.to,
        basis=wording.basis(instrument, taken.step.rule),
        facts=wording.facts(told, rules_of(tx).timezone),
        demand=wording.demand(instrument),
        hazard_ids=hazard_ids,
        content_hash=str(derived_id("ladder", matter.root_id, instrument)),
        why=Reason(
            root_id=matter.root_id,
            deadline_id=clock.id,
            rule=taken.step.rule,
            due_at=clock.due_at,
            explanation_en=clock.explanation_en,
            explanation_zh=clock.explanation_zh,
        ),
    )
