"""What rules and events must know of a hazard beyond its row."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies import queries as copies
from services.inspection.copies.domain import Letter, Scope
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.hazards.domain import HAZARD, Case, Officer, Verb, standing_beside
from services.inspection.hazards.models import Hazard, HazardClaim, HazardItem, OrderNumber, Recheck
from shared.auth import Actor
from shared.contracts.inspection import ClaimRef
from shared.contracts.values import Grade, Role
from shared.db import raw_of

_CLAIMS = "select service, claim_id, source_party_id, claimed_at from hazard_claims where hazard_id = $1"
_NEXT_NUMBER = text("select nextval(pg_get_serial_sequence('hazards', 'serial'))")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person brings to every hazard of today: the certificate, and the letters of a delegate's party.

    `industries` are those of the enterprises concerned, known only where a letter asks for them.
    """

    today: date
    certified: bool
    letters: tuple[Letter, ...] | None = None
    industries: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    max_extensions: Mapping[Grade, int] = field(default_factory=dict[Grade, int])

    @property
    def asks_for_industries(self) -> bool:
        return any(letter.industries for letter in self.letters or ())


async def standing_of(tx: AsyncSession, who: Actor, enterprises: Iterable[UUID | None], now: datetime) -> Standing:
    """Look up what the rules must know of this person, for hazards of these enterprises."""
    standing = await standing_without(tx, who, now)
    if not standing.asks_for_industries:
        return standing
    return replace(standing, industries=await copies.industries_of(tx, set(filter(None, enterprises))))


async def standing_without(tx: AsyncSession, who: Actor, now: datetime) -> Standing:
    """Look up the same but for the industries, in one statement; for a list, which finds these itself."""
    known: dict[Hashable, Standing] = tx.info.setdefault("standings", {})
    asked = (who.id, who.role, who.party_id, now)
    if asked not in known:  # a command asks before it acts, and again to show what can be done next
        known[asked] = await _standing(tx, who, now)
    return known[asked]


async def _standing(tx: AsyncSession, who: Actor, now: datetime) -> Standing:
    today = local_day(tx, now)
    often = {grade: int(rules_of(tx).number(f"hazard.extension.max_count.{grade}", today)) for grade in Grade}
    delegated = bool(who.roles & copies.DELEGATED) and who.party_id is not None
    if not delegated and Role.AUTHORITY not in who.roles:
        return Standing(today, certified=False, max_extensions=often)
    certified, letters = await copies.capacity(tx, who.id, who.party_id if delegated else None, today)
    return Standing(today, certified, letters if delegated else None, max_extensions=often)


def case_of(
    who: Actor,
    hazard: Hazard,
    standing: Standing,
    *,
    officers: tuple[Officer, ...] | None = None,
    named: UUID | None = None,
    cited: Iterable[UUID] | None = None,
) -> Case:
    """Gather what the hazard's rules look at; `named` is an enterprise that the command makes the responsible one."""
    concerned = {each for each in (hazard.enterprise_id, named) if each is not None}
    return Case(
        who_id=who.id,
        party_id=who.party_id,
        committee=Role.COMMITTEE in who.roles,
        head=Role.AUTHORITY_HEAD in who.roles,
        certified=standing.certified,
        today=standing.today,
        state=hazard.state,
        grade=hazard.grade,
        suspension=hazard.suspension,
        handling_authority_id=hazard.handling_authority_id,
        lead_authority_id=hazard.lead_authority_id,
        enterprise_id=hazard.enterprise_id,
        principal=Role.ENTERPRISE_PRINCIPAL in who.roles,
        imminent_danger=hazard.imminent_danger,
        self_governed=hazard.self_governed,
        recurrent=hazard.recurrent,
        extension=hazard.extension,
        extensions=hazard.extensions,
        extensions_left=standing.max_extensions.get(hazard.grade or Grade.GENERAL, 0) - hazard.extensions,
        enforcement=hazard.enforcement,
        listing=hazard.listing,
        delivered=hazard.delivered,
        open_parts=hazard.open_parts,
        limit=hazard.limit,
        looked_back=hazard.looked_back,
        rechecked_by=frozenset(UUID(each) for each in hazard.rechecked_by),
        open_items=hazard.open_items,
        officers=officers,
        scope=Scope(
            area_code=hazard.area_code,
            category=hazard.category,
            industries=frozenset(standing.industries.get(each, "") for each in concerned),
            cited=None if cited is None else frozenset(cited),
        ),
        letters=standing.letters,
    )


async def officers(tx: AsyncSession, who: Actor, ids: tuple[UUID, ...], now: datetime) -> tuple[Officer, ...]:
    """Tell of each named person whether it is the actor's colleague and certified today."""
    today = local_day(tx, now)
    members = await copies.officers_of(tx, ids, who.party_id, today)
    holders = await copies.certified(tx, ids, today)
    return tuple(Officer(each, each in members, each in holders) for each in ids)


def offers(who: Actor, hazard: Hazard, standing: Standing) -> list[Verb]:
    """List what this person may do with the hazard now."""
    case = case_of(who, hazard, standing)
    beside = [
        verb for overlay, stands in standing_beside(hazard) for verb in overlay.machine.offers(stands, who.roles, case)
    ]
    return [*HAZARD.offers(hazard.state, who.roles, case), *beside]


async def claims_of(tx: AsyncSession, hazard_id: UUID) -> tuple[ClaimRef, ...]:
    """Give the submissions behind a hazard, in the order of reporting; also those that this command has added."""
    stored = await (await raw_of(tx)).fetch(_CLAIMS, hazard_id)
    added = [each.model_dump() for each in tx.new if isinstance(each, HazardClaim) and each.hazard_id == hazard_id]
    rows = sorted([*stored, *added], key=lambda row: (row["claimed_at"], row["claim_id"]))
    return tuple(ClaimRef.model_validate(dict(row)) for row in rows)


async def items_of(tx: AsyncSession, hazard: Hazard) -> list[HazardItem]:
    """Give the items of the present cycle."""
    query = (
        select(HazardItem)
        .where(col(HazardItem.hazard_id) == hazard.id, col(HazardItem.cycle) == hazard.cycle)
        .order_by(col(HazardItem.ordinal))
    )
    return list((await tx.execute(query)).scalars())


async def recheck_under_way(tx: AsyncSession, hazard: Hazard) -> Recheck:
    """Give the re-check that was opened and not yet decided; the state says that there is one."""
    query = select(Recheck).where(col(Recheck.hazard_id) == hazard.id, col(Recheck.decided_at).is_(None))
    return (await tx.execute(query)).scalar_one()


async def next_number(tx: AsyncSession, now: datetime) -> tuple[int, str]:
    """Draw a hazard's number. Gaps may remain: only documents are numbered without."""
    serial: int = (await tx.execute(_NEXT_NUMBER)).scalar_one()
    return serial, f"H{local_day(tx, now).year}-{serial:06d}"


async def next_order_number(tx: AsyncSession, authority_id: UUID, now: datetime) -> str:
    """Draw the number of an order, gap-free per authority and year (domain reference §4.7)."""
    year = local_day(tx, now).year
    counting = (
        insert(OrderNumber)
        .values(authority_id=authority_id, year=year, last=1)
        .on_conflict_do_update(index_elements=["authority_id", "year"], set_={"last": col(OrderNumber.last) + 1})
        .returning(col(OrderNumber.last))
    )
    last: int = (await tx.execute(counting)).scalar_one()
    party = await copies.authority(tx, authority_id)
    return f"{party.name_zh if party else ''}责改〔{year}〕{last:06d}号"
