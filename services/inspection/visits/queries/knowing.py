"""What rules must know of a visit beyond its row: who goes, and how the enterprise's year stands."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import extract
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies import queries as copies
from services.inspection.copies.domain import Officer
from services.inspection.copies.models import Party
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.visits.domain import MADE, VISIT, Case, Verb, counts
from services.inspection.visits.models import Visit
from services.inspection.visits.shapes import CapView, PlanVisit
from shared.auth import Actor
from shared.contracts.inspection import VisitKind
from shared.contracts.values import PartyKind, Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person brings to every visit of today, and how far around today visits may lie."""

    today: date
    certified: bool
    ahead_days: int
    after_days: int


async def standing_of(tx: AsyncSession, who: Actor, now: datetime) -> Standing:
    today, rules = local_day(tx, now), rules_of(tx)
    return Standing(
        today=today,
        certified=Role.AUTHORITY in who.roles and who.id in await copies.certified(tx, [who.id], today),
        ahead_days=int(rules.number("visit.plan_ahead", today)),
        after_days=int(rules.number("visit.record_within", today)),
    )


async def case_of_plan(tx: AsyncSession, who: Actor, ask: PlanVisit, officers: tuple[UUID, ...], now: datetime) -> Case:
    """Gather what the rules look at before there is a visit; certificates must hold on its day."""
    standing = await standing_of(tx, who, now)
    return Case(
        who_id=who.id,
        roles=who.roles,
        party_id=who.party_id,
        leader_id=who.party_id,
        kind=ask.kind,
        on=ask.on,
        today=standing.today,
        ahead_days=standing.ahead_days,
        after_days=standing.after_days,
        going=frozenset(officers),
        certified=standing.certified,
        officers=await _officers(tx, who, ask, officers),
        joint_ids=frozenset(ask.joint_authority_ids),
        joint_officers=await _joint_officers(tx, ask),
        authorities=await _authorities(tx, ask.joint_authority_ids),
    )


def case_of(who: Actor, visit: Visit, standing: Standing) -> Case:
    return Case(
        who_id=who.id,
        roles=who.roles,
        party_id=who.party_id,
        leader_id=visit.party_id,
        kind=visit.kind,
        on=visit.on,
        today=standing.today,
        ahead_days=standing.ahead_days,
        after_days=standing.after_days,
        going=frozenset(map(UUID, (*visit.officers, *visit.joint_officers))),
        certified=standing.certified,
    )


def offers(who: Actor, visit: Visit, standing: Standing) -> list[Verb]:
    """List what this person may do with the visit now."""
    return VISIT.offers(visit.state, who.roles, case_of(who, visit, standing))


async def cap_of(tx: AsyncSession, enterprise_id: UUID, on: date) -> CapView:
    """Give the cap of the year of that day, the inspections that it counts and those that are outside it."""
    query = (
        select(Visit)
        .where(
            col(Visit.enterprise_id) == enterprise_id,
            col(Visit.kind) == VisitKind.ADMIN_INSPECTION,
            col(Visit.state).in_(MADE),
            extract("year", col(Visit.on)) == on.year,
        )
        .order_by(col(Visit.on), col(Visit.id))
    )
    year = list((await tx.execute(query)).scalars())
    return CapView(
        year=on.year,
        cap=int(rules_of(tx).number("visit.yearly_cap", on)),
        counted=[visit.on for visit in year if counts(visit.kind, visit.ground)],
        outside=[visit.on for visit in year if not counts(visit.kind, visit.ground)],
    )


async def _officers(tx: AsyncSession, who: Actor, ask: PlanVisit, named: tuple[UUID, ...]) -> tuple[Officer, ...]:
    if ask.kind is VisitKind.ADMIN_INSPECTION:
        return await copies.named_officers(tx, named, who.party_id, ask.on)
    members = await copies.members_of(tx, named, who.party_id, ask.on)
    return tuple(Officer(each, each in members, certified=False) for each in named)


async def _joint_officers(tx: AsyncSession, ask: PlanVisit) -> tuple[Officer, ...]:
    """Tell of the named people of other authorities whether they act for one that takes part."""
    known = [await copies.named_officers(tx, ask.joint_officers, each, ask.on) for each in ask.joint_authority_ids]
    members = {officer.id for officers in known for officer in officers if officer.member}
    holders = await copies.certified(tx, ask.joint_officers, ask.on)
    return tuple(Officer(each, each in members, each in holders) for each in ask.joint_officers)


async def _authorities(tx: AsyncSession, ids: tuple[UUID, ...]) -> frozenset[UUID]:
    query = select(Party.id).where(col(Party.id).in_(ids), col(Party.kind) == PartyKind.AUTHORITY)
    return frozenset((await tx.execute(query)).scalars()) if ids else frozenset()
