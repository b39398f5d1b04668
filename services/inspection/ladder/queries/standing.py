"""Who the parties are and what was climbed and written before; without it the same would be written twice."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, text
from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Membership, Party
from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.domain import Kind
from services.inspection.ladder.models import Climb
from services.inspection.ladder.queries.matters import Matter
from services.inspection.letters.models import PREPARED, SUPERVISING, Letter
from services.inspection.letters.queries.knowing import Addressee, Known, known_of, may_know
from shared.contracts.inspection import Instrument, Listing
from shared.contracts.values import PartyKind, Role
from shared.db import raw_of

LISTED = frozenset({Listing.LISTED, Listing.DELIST_REQUESTED})
MONTHS_OF_A_QUARTER = 3
MOST_OF_AN_INTERVIEW = 500
"""So many hazards are enough for one interview: what is told of it must not become too large to be told."""

_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest($1::text[]) as key"


@dataclass(slots=True, kw_only=True)
class Standing:
    """What is known before a step is taken. Whoever plans several adds what each of them will have done."""

    parties: dict[UUID, Known]
    committees: dict[str, UUID | None]
    """The committee of each area."""
    reached: defaultdict[UUID, set[Instrument]] = field(default_factory=lambda: defaultdict(set[Instrument]))
    """What was climbed for the same thing, by what it began with."""
    supervisions: defaultdict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    """Supervision letters to each party in the county's present quarter of the year."""
    just_written: dict[tuple[UUID, Instrument, UUID], UUID] = field(
        default_factory=dict[tuple[UUID, Instrument, UUID], UUID]
    )
    """By object, instrument and addressee: a letter of these minutes, beside which none is written about the same."""
    interviews: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict[tuple[UUID, UUID], UUID])
    """By sender and addressee: an interview in preparation, which takes up whatever else the leader is to be asked."""

    def addressed(self, clock: Deadline, matter: Matter) -> Addressee | None:
        """Give the party that owes, as far as it may be told at all: an enterprise knows a hazard by the order."""
        known = None if clock.owed_by is None else self.parties.get(clock.owed_by)
        if known is None or known.party.kind is not PartyKind.ENTERPRISE:
            return known and known.party
        if matter.kind is Kind.ENTRY:
            return None
        hazard = matter.hazard
        return known.party if hazard is None or hazard.self_governed or may_know(known.party, hazard) else None


async def standing_of(tx: AsyncSession, fallen: Sequence[tuple[Deadline, Matter]], now: datetime) -> Standing:
    """Look up everything that steps about these clocks may ask for."""
    matters = [matter for _, matter in fallen]
    owing = {clock.owed_by for clock, _ in fallen if clock.owed_by is not None}
    ids = owing | {each.overseer_id for each in matters if each.overseer_id is not None}
    committees = {area: await committee_of(tx, area) for area in {each.area_code for each in matters}}
    standing = Standing(parties=await known_of(tx, ids), committees=committees)
    await _climbed(tx, standing, matters, now)
    await _written(tx, standing, ids, now)
    return standing


async def one_at_a_time(tx: AsyncSession, parties: Collection[UUID]) -> None:
    """Wait until no other transaction counts letters to these parties or calls their leaders, in one order for all."""
    keys = [f"ladder {party}" for party in sorted(parties, key=str)]
    if keys:
        await (await raw_of(tx)).execute(_ONE_AT_A_TIME, keys)


async def _climbed(tx: AsyncSession, standing: Standing, matters: Collection[Matter], now: datetime) -> None:
    reached = select_rows(col(Climb.root_id), col(Climb.instrument))
    for row in await tx.execute(reached.where(col(Climb.root_id).in_({each.root_id for each in matters}))):
        standing.reached[row.root_id].add(row.instrument)
    apart = timedelta(minutes=rules_of(tx).number("ladder.apart", local_day(tx, now)))
    lately = select_rows(col(Climb.object_id), col(Climb.instrument), col(Climb.to_id), col(Climb.letter_id)).where(
        col(Climb.object_id).in_({each.object_id for each in matters}),
        col(Climb.letter_id).is_not(None),
        col(Climb.at) > now - apart,
    )
    for row in await tx.execute(lately):
        standing.just_written.setdefault((row.object_id, row.instrument, row.to_id), row.letter_id)


async def _written(tx: AsyncSession, standing: Standing, parties: Collection[UUID], now: datetime) -> None:
    counted = (
        select_rows(col(Letter.addressee_id), func.count().label("many"))
        .where(
            col(Letter.addressee_id).in_(parties),
            text(SUPERVISING),
            col(Letter.sent_at) >= _quarter(tx, now),
        )
        .group_by(col(Letter.addressee_id))
    )
    standing.supervisions.update({row.addressee_id: row.many for row in await tx.execute(counted)})
    standing.interviews = await _interviews_of(tx, parties)


async def _interviews_of(tx: AsyncSession, parties: Collection[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """Give interviews of these parties that are being prepared, by sender and addressee; of several the first."""
    prepared = (
        select_rows(col(Letter.sender_id), col(Letter.addressee_id), col(Letter.id))
        .where(
            col(Letter.addressee_id).in_(parties),
            text(PREPARED),
            func.jsonb_array_length(col(Letter.hazard_ids)) < MOST_OF_AN_INTERVIEW,
        )
        .order_by(col(Letter.sent_at), col(Letter.id))
    )
    found: dict[tuple[UUID, UUID], UUID] = {}
    for row in await tx.execute(prepared):
        found.setdefault((row.sender_id, row.addressee_id), row.id)
    return found


def _quarter(tx: AsyncSession, now: datetime) -> datetime:
    today = local_day(tx, now)
    first = date(today.year, (today.month - 1) // MONTHS_OF_A_QUARTER * MONTHS_OF_A_QUARTER + 1, 1)
    return datetime.combine(first, time(), rules_of(tx).timezone)


async def committee_of(tx: AsyncSession, area_code: str) -> UUID | None:
    """Give the committee whose area covers the place, or its office: that in which people act, and the nearest."""
    staffed = exists().where(
        col(Membership.party_id) == col(Party.id), col(Membership.role) == Role.COMMITTEE, col(Membership.in_force)
    )
    query = (
        select(Party.id)
        .where(col(Party.kind) == PartyKind.COMMITTEE, _covers(area_code))
        .order_by(staffed.desc(), func.length(Party.area_code).desc(), col(Party.id))
    )
    return (await tx.execute(query.limit(1))).scalar()


def _covers(area_code: str) -> ColumnElement[bool]:
    return col(Party.area_code).in_([area_code[:digits] for digits in (6, 9, 12) if digits <= len(area_code)])
