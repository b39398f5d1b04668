"""What a lead does with the parts of others: asks, calls a joint inspection, asks somebody else, releases, insists."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.hazards.actions.parts import Wanted, begin, finish, open_part, turn_clocks
from services.inspection.hazards.domain.assisting import another_than_the_lead, can_assist, day_is_possible
from services.inspection.hazards.domain.parts import LIVE, PART, PartVerb
from services.inspection.hazards.models import Hazard, HazardPart
from services.inspection.hazards.queries import assisting, seeing
from services.inspection.hazards.shapes.assisting import AskPart, CallJointly, InsistOnPart, ReaskPart, ReleasePart
from shared.auth import Actor
from shared.contracts.inspection import (
    PartInsisted,
    PartReleased,
    PartTask,
    ReleaseCause,
)
from shared.contracts.values import derived_id
from shared.errors import BadInput, Conflict


async def ask(tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, ask: AskPart, now: datetime) -> Hazard:
    """Ask one party for one thing. Asked again with the same words, it is the same part."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    await _ask_once(tx, who, hazard, Wanted(part_id=part_id, **ask.model_dump()), now)
    return hazard


async def call_jointly(
    tx: AsyncSession, who: Actor, hazard_id: UUID, joint_id: UUID, ask: CallJointly, now: datetime
) -> Hazard:
    """Call several bodies to inspect together on one day (WSL art. 69): all of them, or none."""
    if len(set(ask.authority_ids)) < len(ask.authority_ids):
        raise BadInput("called-twice", "A body is named twice.", "有单位被重复列出。")
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    for authority_id in ask.authority_ids:
        wanted = Wanted(
            part_id=derived_id("part", hazard.id, joint_id, authority_id),
            authority_id=authority_id,
            task=PartTask.JOINT_INSPECTION,
            what=ask.what,
            required=ask.required,
            on=ask.on,
        )
        await _ask_once(tx, who, hazard, wanted, now)
    return hazard


async def reask(tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, ask: ReaskPart, now: datetime) -> Hazard:
    """Ask another party for what the first declined; the first keeps what it said."""
    step = await begin(tx, who, hazard_id, part_id, PartVerb.REASK, now)
    hazard, declined = step.hazard, step.part
    if ask.authority_id == declined.authority_id:
        raise BadInput(
            "ask-another",
            "It has declined. Ask another body, or insist and let the committee decide.",
            "该单位已退回。请商请其他单位，或坚持由其承担并提请安委会裁定。",
        )
    wanted = instead_of(declined, ask.authority_id, ask.on or declined.on)
    await may_be_asked(tx, hazard, wanted, now)
    await turn_clocks(tx, step, now)
    fact = partial(PartReleased, cause=ReleaseCause.REASKED, reason=ask.reason)
    await finish(tx, who, step, fact, now, reason=ask.reason)
    await open_part(tx, who, hazard, wanted, now)
    return hazard


async def release(
    tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, ask: ReleasePart, now: datetime
) -> Hazard:
    """Do without: nobody waits for this part any more."""
    step = await begin(tx, who, hazard_id, part_id, PartVerb.RELEASE, now)
    await turn_clocks(tx, step, now)
    fact = partial(PartReleased, cause=ReleaseCause.WITHDRAWN, reason=ask.reason)
    await finish(tx, who, step, fact, now, reason=ask.reason)
    return step.hazard


async def insist(
    tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, ask: InsistOnPart, now: datetime
) -> Hazard:
    """It is theirs all the same: the committee decides, and owes that decision in time."""
    step = await begin(tx, who, hazard_id, part_id, PartVerb.INSIST, now)
    await turn_clocks(tx, step, now)
    by = deadlines.start(tx, step.hazard.about_part(step.part), "competence.arbitrate", None, now)
    fact = partial(PartInsisted, reason=ask.reason, arbitrate_by=by)
    await finish(tx, who, step, fact, now, reason=ask.reason)
    return step.hazard


async def may_be_asked(tx: AsyncSession, hazard: Hazard, wanted: Wanted, now: datetime) -> None:
    """Refuse who cannot assist here, who was asked for the same and has not answered, and a day that cannot be."""
    another_than_the_lead(wanted.authority_id, hazard.lead_authority_id)
    party = await assisting.party(tx, wanted.authority_id)
    can_assist(party.kind if party else None, party.area_code if party else "", hazard.area_code, wanted.task)
    await day_can_be(tx, wanted.task, wanted.on, now)
    for part in await assisting.parts_of(tx, hazard):
        same = (part.cycle, part.authority_id, part.task) == (hazard.cycle, wanted.authority_id, wanted.task)
        if same and part.state in LIVE:
            raise Conflict(
                "already-asked",
                "That body was asked for this already and has not answered yet.",
                "已就同一事项商请该单位，尚未办结。",
                part_id=part.id,
                state=part.state,
            )


async def day_can_be(tx: AsyncSession, task: PartTask, on: date | None, now: datetime) -> None:
    today = local_day(tx, now)
    day_is_possible(task, on, today, int(rules_of(tx).number("part.joint_inspection.ahead", today)))


def instead_of(part: HazardPart, authority_id: UUID, on: date | None, *, arbitrated: bool = False) -> Wanted:
    """Want the same of another party. The id follows from both, so that a repeated command makes no second part."""
    return Wanted(
        part_id=derived_id("part", part.id, authority_id),
        authority_id=authority_id,
        task=part.task,
        what=part.what,
        required=part.required,
        on=on,
        replaces=part,
        arbitrated=arbitrated,
    )


async def _ask_once(tx: AsyncSession, who: Actor, hazard: Hazard, wanted: Wanted, now: datetime) -> None:
    known = await tx.get(HazardPart, wanted.part_id)
    if known is not None:
        return _is_the_same(who, hazard, known, wanted)
    case = assisting.case_of(who, hazard, None, local_day(tx, now))
    PART.permit(PartVerb.ASK, None, who.roles, case)
    await may_be_asked(tx, hazard, wanted, now)
    await open_part(tx, who, hazard, wanted, now)
    return None


def _is_the_same(who: Actor, hazard: Hazard, known: HazardPart, wanted: Wanted) -> None:
    """Let a repeated ask pass; refuse another one under an id that is taken, and tell nothing of what it stands for."""
    asked = (hazard.id, who.party_id, wanted.authority_id, wanted.task, wanted.what, wanted.required, wanted.on)
    if asked != (
        known.hazard_id,
        known.asked_by_id,
        *(known.authority_id, known.task, known.what, known.required, known.on),
    ):
        raise Conflict("part-id-taken", "This id already stands for another part.", "该编号已对应另一协办事项。")
