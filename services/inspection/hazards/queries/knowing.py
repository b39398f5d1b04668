"""What rules and events must know of a hazard beyond its row."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies import queries as copies
from services.inspection.copies.domain import Letter, Scope
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.hazards.domain import HAZARD, Case, Officer, Verb, standing_beside
from services.inspection.hazards.models import Hazard, HazardClaim, HazardItem, Order, Recheck, SiteCheck
from services.inspection.hazards.queries import recusing
from services.inspection.history.queries import last_of
from services.inspection.numbers.actions import next_number_in, series_of
from shared.auth import Actor
from shared.contracts.inspection import ClaimRef
from shared.contracts.values import Grade, Role
from shared.db import raw_of

_CLAIMS = "select service, claim_id, source_party_id, claimed_at from hazard_claims where hazard_id = $1"
_CLAIMS_OF_MANY = """
select hazard_id, service, claim_id, source_party_id, claimed_at from hazard_claims where hazard_id = any($1::uuid[])
order by claimed_at, claim_id
"""
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
    stepped_aside: frozenset[UUID] = frozenset()
    """Hazards in which this person is on recusal."""
    max_extensions: Mapping[Grade, int] = field(default_factory=dict[Grade, int])

    @property
    def asks_for_industries(self) -> bool:
        return any(letter.industries for letter in self.letters or ())


async def standing_of(tx: AsyncSession, who: Actor, enterprises: Iterable[UUID | None], now: datetime) -> Standing:
    """Look up what the rules must know of this person, for hazards of these enterprises."""
    standing = await standing_without(tx, who, now)
    if who.roles & {Role.AUTHORITY, *copies.DELEGATED}:
        standing = replace(standing, stepped_aside=await recusing.kept_out_of(tx, who.id))
    if not standing.asks_for_industries:
        return standing
    return replace(standing, industries=await copies.industries_of(tx, set(filter(None, enterprises))))


async def standing_without(tx: AsyncSession, who: Actor, now: datetime) -> Standing:
    """Look up the same but for the industries and recusals, in one statement; for a list, which finds these itself."""
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
        recused=hazard.id in standing.stepped_aside,
        imminent_danger=hazard.imminent_danger,
        self_governed=hazard.self_governed,
        recurrent=hazard.recurrent,
        extension=hazard.extension,
        extensions=hazard.extensions,
        extensions_left=standing.max_extensions.get(hazard.grade or Grade.GENERAL, 0) - hazard.extensions,
        enforcement=hazard.enforcement,
        answer_until=hazard.answer_until,
        hearing_right=hazard.hearing_right,
        hearing_on=hazard.hearing_on,
        pay_until=hazard.pay_until,
        contested=hazard.contested,
        listing=hazard.listing,
        power=hazard.power,
        stay=hazard.stay,
        site_check_due=hazard.site_check_due,
        delivered=hazard.delivered,
        county_decides=hazard.county_decides,
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


async def officers(
    tx: AsyncSession, party_id: UUID | None, hazard_id: UUID, ids: tuple[UUID, ...], now: datetime
) -> tuple[Officer, ...]:
    """Tell of each named person whether it acts for this party, is certified today, and has not stepped aside."""
    named = await copies.named_officers(tx, ids, party_id, local_day(tx, now))
    aside = await recusing.stepped_aside(tx, hazard_id, ids)
    return tuple(replace(officer, recused=officer.id in aside) for officer in named)


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


async def claims_of_many(tx: AsyncSession, hazard_ids: Collection[UUID]) -> Mapping[UUID, tuple[dict[str, Any], ...]]:
    """Give for each hazard the claims behind it, in the order of reporting, as facts say them."""
    found: dict[UUID, tuple[dict[str, Any], ...]] = dict.fromkeys(hazard_ids, ())
    for row in await (await raw_of(tx)).fetch(_CLAIMS_OF_MANY, list(hazard_ids)):
        found[row["hazard_id"]] += ({name: row[name] for name in ClaimRef.model_fields},)
    return found


async def items_of(tx: AsyncSession, hazard: Hazard) -> list[HazardItem]:
    """Give the items of the present cycle that are still to be done or were done."""
    query = (
        select(HazardItem)
        .where(
            col(HazardItem.hazard_id) == hazard.id,
            col(HazardItem.cycle) == hazard.cycle,
            col(HazardItem.withdrawn).is_(False),
        )
        .order_by(col(HazardItem.ordinal))
    )
    return list((await tx.execute(query)).scalars())


async def recheck_under_way(tx: AsyncSession, hazard: Hazard) -> Recheck:
    """Give the re-check that was opened and not yet decided; the state says that there is one."""
    query = select(Recheck).where(col(Recheck.hazard_id) == hazard.id, col(Recheck.decided_at).is_(None))
    return (await tx.execute(query)).scalar_one()


async def must_be_seen_on_site(tx: AsyncSession, hazard: Hazard) -> bool:
    """Tell whether an order of this cycle says so, or a look on site found what a remote one had passed."""
    ordered = select(Order.id).where(
        col(Order.hazard_id) == hazard.id, col(Order.cycle) == hazard.cycle, col(Order.on_site_only)
    )
    failed = select(SiteCheck.id).where(
        col(SiteCheck.hazard_id) == hazard.id, col(SiteCheck.cycle) == hazard.cycle, ~col(SiteCheck.passed)
    )
    return (await tx.execute(ordered.union_all(failed).limit(1))).first() is not None


async def came_to_light(tx: AsyncSession, hazard: Hazard) -> datetime:
    """Give when somebody first told of what this cycle is about; what earlier cycles were about was told before.

    Where the hazard was found again as another, that one was told of first.
    """
    again = await last_of(tx, hazard.about.kind, hazard.id, Verb.REOPEN)
    if again is None:
        return hazard.claimed_at
    found: str | None = again.facts.get("found_again")
    return again.at if found is None else (await tx.get_one(Hazard, UUID(found))).claimed_at


async def next_number(tx: AsyncSession, now: datetime) -> tuple[int, str]:
    """Draw a hazard's number. Gaps may remain: only documents are numbered without."""
    serial: int = (await tx.execute(_NEXT_NUMBER)).scalar_one()
    return serial, f"H{local_day(tx, now).year}-{serial:06d}"


async def next_order_number(tx: AsyncSession, authority_id: UUID, now: datetime) -> str:
    """Draw the number of an order, gap-free per authority and year (domain reference §4.7)."""
    return await _numbered(tx, authority_id, authority_id, "责改", now)


async def next_case_number(tx: AsyncSession, authority_id: UUID, now: datetime) -> str:
    """Draw the number of a penalty case, gap-free per authority and year, in a series of its own."""
    return await _numbered(tx, authority_id, series_of(authority_id, "case"), "立案", now)


async def _numbered(tx: AsyncSession, authority_id: UUID, series_id: UUID, kind: str, now: datetime) -> str:
    year, last = await next_number_in(tx, series_id, local_day(tx, now))
    party = await copies.authority(tx, authority_id)
    return f"{party.name_zh if party else ''}{kind}〔{year}〕{last:06d}号"
