"""Who may see which docket entry, what waits, and which open entries look like the same matter."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import local_day, open_deadlines, rules_of
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.docket.domain import DOCKET, OPEN, Case, Verb, box
from services.inspection.docket.models import Report
from services.inspection.docket.shapes import EntryDetail, EntryView, SimilarView
from services.inspection.domain import Kind, distance_m
from services.inspection.evidence.models import Showing
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from services.inspection.holds.queries import holder
from shared import permission
from shared.auth import Actor
from shared.errors import no_such
from shared.permission import in_area

MAX_SIMILAR = 10


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


async def behind(tx: AsyncSession, hazard_id: UUID) -> list[Report]:
    """Give the entries whose result a hazard decides, locked."""
    waiting = DOCKET.moves[Verb.SUBSTANTIATE].sources
    query = (
        select(Report)
        .where(col(Report.hazard_id) == hazard_id, col(Report.state).in_(waiting))
        .order_by(col(Report.id))
        .with_for_update()
    )
    return list((await tx.execute(query)).scalars())


async def shows(tx: AsyncSession, who: Actor, evidence_id: UUID) -> bool:
    """Tell whether the file came with a claim whose entry this person may see."""
    about = select(Showing.about_id).where(col(Showing.evidence_id) == evidence_id)
    return bool((await tx.execute(select(exists().where(col(Report.claim_id).in_(about), visible_to(who))))).scalar())


async def similar(tx: AsyncSession, who: Actor, entry: Report, now: datetime) -> list[SimilarView]:
    """Suggest open entries that may be the same matter: near or of the same enterprise, and alike in words.

    Chinese has no spaces, so each of its characters is compared as a word.
    """
    rules, day = rules_of(tx), local_day(tx, now)
    radius = rules.number("report.duplicate.radius", day)
    here = None if entry.lon is None or entry.lat is None else (entry.lon, entry.lat)
    alike = func.similarity(_words(Report.what), _words(entry.what))
    near: ColumnElement[bool] = false()
    if here is not None:
        west, south, east, north = box(*here, radius)
        near = col(Report.lon).between(west, east) & col(Report.lat).between(south, north)
    since = now - _window(tx, now)
    query = (
        select(Report, alike)
        .where(
            visible_to(who),
            col(Report.id) != entry.id,
            col(Report.state).in_(OPEN),
            col(Report.claimed_at) >= since,
            near if entry.enterprise_id is None else near | (col(Report.enterprise_id) == entry.enterprise_id),
            alike >= rules.number("report.duplicate.similarity", day),
        )
        .order_by(alike.desc(), col(Report.claimed_at))
        .limit(4 * MAX_SIMILAR)
    )
    found: list[SimilarView] = []
    for other, likeness in await tx.execute(query):
        same = entry.enterprise_id is not None and other.enterprise_id == entry.enterprise_id
        away = (
            None if here is None or other.lon is None or other.lat is None else distance_m(here, (other.lon, other.lat))
        )
        if same or (away is not None and away <= radius):
            measured = {"same_enterprise": same, "distance_m": away, "similarity": likeness}
            found.append(SimilarView.model_validate(other.model_dump() | measured))
    return found[:MAX_SIMILAR]


async def detail(tx: AsyncSession, who: Actor, entry: Report, now: datetime) -> EntryDetail:
    """Show one entry with its clocks and its history."""
    clocks = await open_deadlines(tx, entry.id)
    known = view(who, entry, clocks[0].due_at if clocks else None, now).model_dump()
    known["deadlines"] = [DeadlineView.model_validate(clock) for clock in clocks]
    known["held_by"] = await holder(tx, who, entry.id, now)
    known["history"] = [HappeningView.model_validate(row) for row in await history_of(tx, Kind.ENTRY, entry.id)]
    return EntryDetail.model_validate(known)


def view(who: Actor, entry: Report, due: datetime | None, now: datetime) -> EntryView:
    """Show one entry with what this person may do about it."""
    offers = DOCKET.offers(entry.state, who.roles, case_of(who, entry))
    overdue = due is not None and due < now
    return EntryView.model_validate(entry.model_dump() | {"next_due": due, "overdue": overdue, "offers": offers})


def case_of(who: Actor, entry: Report) -> Case:
    return Case(party_id=who.party_id, authority_id=entry.authority_id, to_authority_id=entry.to_authority_id)


def _window(tx: AsyncSession, now: datetime) -> timedelta:
    return timedelta(days=rules_of(tx).number("report.duplicate.window", local_day(tx, now)))


def _words(value: object) -> ColumnElement[str]:
    return func.regexp_replace(value, "([\u4e00-\u9fff])", r" \1 ", "g")
