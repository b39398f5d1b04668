"""Who may see which docket entry, what waits, and how an entry is shown."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import going_deadlines, local_day, rules_of
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.docket.domain import DOCKET, Behind, Case, Outcome, contest
from services.inspection.docket.models import Report, Review
from services.inspection.docket.shapes.views import EntryDetail, EntryLine, ReviewView
from services.inspection.domain import Kind
from services.inspection.evidence.models import Showing
from services.inspection.hazards.models import Hazard, HazardClaim
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from services.inspection.holds.queries import holder
from shared import permission
from shared.auth import Actor
from shared.contracts.inspection import ReportState
from shared.errors import no_such
from shared.permission import in_area


def visible_to(who: Actor, verb: str = "docket.read") -> ColumnElement[bool]:
    """Give the condition under which the verb reaches an entry for this person; refuse whoever it never reaches."""
    return permission.visible(
        who,
        verb,
        area=in_area(who, Report.area_code),
        competent=or_(
            col(Report.authority_id) == who.party_id,
            col(Report.to_authority_id) == who.party_id,
            col(Report.from_authority_id) == who.party_id,
        ),
    )


async def visible(
    tx: AsyncSession, who: Actor, entry_id: UUID, *, lock: bool = False, verb: str = "docket.read"
) -> Report:
    """Give one entry, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Report).where(col(Report.id) == entry_id, visible_to(who, verb))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    entry = (await tx.execute(query)).scalar_one_or_none()
    if entry is None:
        raise no_such("docket entry", "登记")
    return entry


async def by_claim(tx: AsyncSession, claim_id: UUID, *, lock: bool = False) -> Report | None:
    query = select(Report).where(col(Report.claim_id) == claim_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await tx.execute(query)).scalar_one_or_none()


async def followers(tx: AsyncSession, entry: Report) -> list[Report]:
    """Give the entries merged into this one, locked, in the order of reporting."""
    query = (
        select(Report)
        .where(col(Report.merged_into) == entry.id)
        .order_by(col(Report.claimed_at), col(Report.id))
        .with_for_update()
    )
    return list((await tx.execute(query)).scalars())


async def behind(tx: AsyncSession, hazard_ids: Collection[UUID], *states: ReportState) -> list[Report]:
    """Give the entries whose claims stand behind these hazards and that are in one of these states, locked."""
    named = select(HazardClaim.claim_id).where(col(HazardClaim.hazard_id).in_(hazard_ids))
    query = (
        select(Report)
        .where(col(Report.claim_id).in_(named), col(Report.state).in_(states))
        .order_by(col(Report.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await tx.execute(query)).scalars())


async def matter_of(tx: AsyncSession, entry: Report) -> list[Report]:
    """Give this entry and all of the same matter, locked, in the order of reporting.

    Those are what was merged with it, and what stands behind the same hazards.
    """
    leader = entry.merged_into or entry.id
    hazards = select(HazardClaim.hazard_id).where(col(HazardClaim.claim_id) == entry.claim_id)
    claims = select(HazardClaim.claim_id).where(col(HazardClaim.hazard_id).in_(hazards))
    query = (
        select(Report)
        .where(
            or_(col(Report.id) == leader, col(Report.merged_into) == leader, col(Report.claim_id).in_(claims)),
        )
        .order_by(col(Report.id))
        .with_for_update()
    )
    return sorted((await tx.execute(query)).scalars(), key=lambda each: (each.claimed_at, each.claim_id))


async def hazards_of(tx: AsyncSession, claims: Collection[UUID]) -> Mapping[UUID, list[Behind]]:
    """Give the hazards that each of these claims names, in the order of their registration."""
    found: dict[UUID, list[Behind]] = defaultdict(list)
    if claims:
        query = (
            select_rows(
                col(HazardClaim.claim_id), col(Hazard.id), col(Hazard.state), col(Hazard.grade), col(Hazard.closed_at)
            )
            .join(Hazard, col(Hazard.id) == col(HazardClaim.hazard_id))
            .where(col(HazardClaim.claim_id).in_(claims))
            .order_by(col(Hazard.registered_at), col(Hazard.serial))
        )
        for claim_id, hazard_id, state, grade, closed_at in await tx.execute(query):
            known = Behind(id=hazard_id, state=state, verified=grade is not None, closed_at=closed_at)
            found[claim_id].append(known)
    return found


async def review_under_way(tx: AsyncSession, entry: Report) -> Review:
    """Give the review of the present result; the state says that there is one."""
    query = select(Review).where(col(Review.entry_id) == entry.id, col(Review.outcome) == Outcome.UNDER_REVIEW)
    return (await tx.execute(query)).scalar_one()


async def held_by_the_county(tx: AsyncSession, hazard_ids: Collection[UUID]) -> set[UUID]:
    """Give those of these hazards behind which a claim of deaths waits for the county."""
    query = (
        select(HazardClaim.hazard_id)
        .join(Report, col(Report.claim_id) == HazardClaim.claim_id)
        .where(
            col(HazardClaim.hazard_id).in_(hazard_ids),
            col(Report.fatal).is_(True),
            col(Report.county_finding).is_(None),
        )
    )
    return set((await tx.execute(query)).scalars())


async def reviews_of(tx: AsyncSession, entry_id: UUID) -> list[Review]:
    """Give how the results of an entry were contested, oldest first."""
    query = select(Review).where(col(Review.entry_id) == entry_id).order_by(col(Review.at), col(Review.id))
    return list((await tx.execute(query)).scalars())


async def shows(tx: AsyncSession, who: Actor, evidence_id: UUID) -> bool:
    """Tell whether the file came with a claim whose entry this person may see."""
    about = select(Showing.about_id).where(col(Showing.evidence_id) == evidence_id)
    return bool((await tx.execute(select(exists().where(col(Report.claim_id).in_(about), visible_to(who))))).scalar())


async def lines(
    tx: AsyncSession, who: Actor, rows: Sequence[tuple[Report, datetime | None, Any]], now: datetime
) -> list[EntryLine]:
    """Show entries (with when the first clock runs out, and who has them open) and what this person may do about each.

    One statement for all of them.
    """
    hazards = await hazards_of(tx, [entry.claim_id for entry, _, _ in rows])
    return [
        EntryLine.model_validate(
            _known(tx, who, entry, hazards.get(entry.claim_id, []), now) | _due(due, now) | {"held_by": held}
        )
        for entry, due, held in rows
    ]


async def detail(tx: AsyncSession, who: Actor, entry: Report, now: datetime) -> EntryDetail:
    """Show one entry with its clocks, its reviews and its history."""
    clocks = await going_deadlines(tx, entry.id)
    running = [clock.due_at for clock in clocks if clock.paused_at is None]
    known = _known(tx, who, entry, await hazards_behind(tx, entry), now)
    known |= _due(running[0] if running else None, now)
    known["held_by"] = await holder(tx, who, entry.id, now)
    known["deadlines"] = [DeadlineView.model_validate(clock) for clock in clocks]
    known["reviews"] = [ReviewView.model_validate(row) for row in await reviews_of(tx, entry.id)]
    known["history"] = [HappeningView.model_validate(row) for row in await history_of(tx, Kind.ENTRY, entry.id)]
    return EntryDetail.model_validate(known)


async def hazards_behind(tx: AsyncSession, entry: Report) -> list[Behind]:
    """Give the hazards that the claim of one entry names."""
    return (await hazards_of(tx, [entry.claim_id])).get(entry.claim_id, [])


def case_of(tx: AsyncSession, who: Actor | None, entry: Report, hazards: Collection[Behind], now: datetime) -> Case:
    """Gather what the docket's rules look at; `who` None: the platform itself."""
    rules = rules_of(tx)
    longest = int(rules.number("report.verify.extension.max_count", local_day(tx, now)))
    return Case(
        party_id=who.party_id if who else None,
        authority_id=entry.authority_id,
        to_authority_id=entry.to_authority_id,
        fatal=entry.fatal,
        county_decided=entry.county_finding is not None,
        extensions_left=longest - entry.extensions,
        hazard_open=not all(hazard.at_its_end for hazard in hazards),
        contest=contest(
            entry.result_at,
            [hazard.closed_at for hazard in hazards if hazard.closed_at is not None],
            entry.reviewed_at,
            lambda at: rules.due("report.review_request", at).at,
            now,
        ),
    )


def _known(tx: AsyncSession, who: Actor, entry: Report, hazards: Collection[Behind], now: datetime) -> dict[str, Any]:
    case = case_of(tx, who, entry, hazards, now)
    return entry.model_dump() | {
        "hazard_ids": [hazard.id for hazard in hazards],
        "contest_until": None if case.contest is None or case.contest.reviewed else case.contest.until,
        "offers": DOCKET.offers(entry.state, who.roles, case),
    }


def _due(due: datetime | None, now: datetime) -> dict[str, Any]:
    return {"next_due": due, "overdue": due is not None and due < now}
