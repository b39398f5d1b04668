"""What a document says, from what is known when it is made; without it one would be printed from what came later."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies import queries as copies
from services.inspection.copies.models import Basis, Enterprise, Party, Person
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.documents.domain.papers import (
    Address,
    Addressee,
    InspectionRecord,
    LetterPaper,
    ListingNotice,
    Named,
    Officer,
    OnsiteMeasure,
    RecheckOpinion,
    RectificationOrder,
    Rights,
    local_time,
    with_pictures,
)
from services.inspection.hazards.models import Hazard, HazardItem, ListedSupervision, Order, Recheck
from services.inspection.hazards.shapes.asks import Consequence, OrderKind
from services.inspection.letters.models import Letter
from services.inspection.visits.models import Visit
from shared.contracts.inspection import (
    DocumentKind,
    Language,
    RecheckMode,
    SuspensionImposed,
)
from shared.contracts.values import EvidenceRef
from shared.profile import UnknownRule

VERIFIED_AT = "public_url"
"""Where a transaction knows the public address of the platform, which is printed on every document."""


async def named(tx: AsyncSession, party_id: UUID) -> Addressee:
    """Name an organisation or an enterprise as the registry knows it now."""
    if enterprise := await tx.get(Enterprise, party_id):
        address = str(enterprise.place.get("address") or "")
        return Addressee(zh=enterprise.name_zh, en=enterprise.name_en, code=enterprise.uscc, address=address)
    party = await tx.get(Party, party_id)
    return Addressee(zh=party.name_zh, en=party.name_en) if party else Addressee(zh="", en="")


async def officers(tx: AsyncSession, ids: Iterable[UUID], on: date) -> tuple[Officer, ...]:
    """Name people with their enforcement certificates of that day, in the order given."""
    asked = list(dict.fromkeys(ids))
    query = select(Person).where(col(Person.id).in_(asked))
    people = {person.id: person.name for person in (await tx.execute(query)).scalars()}
    numbers = await copies.certificate_numbers(tx, asked, on)
    return tuple(Officer(name=people.get(each, ""), certificate=numbers.get(each)) for each in asked)


async def cited(tx: AsyncSession, words: str, ids: Iterable[UUID]) -> tuple[str, ...]:
    """Give what the act names as its basis, then each entry of the catalogue that it cites."""
    asked = list(ids)
    query = select(Basis).where(col(Basis.id).in_(asked))
    known = {row.id: row for row in (await tx.execute(query)).scalars()} if asked else {}
    written = [f"{row.short_name} {row.number} {row.article}".strip() for row in map(known.get, asked) if row]
    return tuple(each for each in (words, *written) if each)


async def common(
    tx: AsyncSession, kind: DocumentKind, issuer_id: UUID, addressee_id: UUID | None, number: str, now: datetime
) -> dict[str, Any]:
    """Give what all documents say."""
    issuer = await named(tx, issuer_id)
    return {
        "kind": kind,
        "number": number,
        "issuer": Named(zh=issuer.zh, en=issuer.en),
        "addressee": None if addressee_id is None else await named(tx, addressee_id),
        "issued_on": local_day(tx, now),
        "verify_url": Address(page=f"{tx.info[VERIFIED_AT]}/verify"),
        "authentic": _authentic(tx, now),
    }


def _authentic(tx: AsyncSession, now: datetime) -> str:
    """Give the language whose text binds; the other one is a rendering."""
    try:
        [language] = rules_of(tx).listing("document.authentic", local_day(tx, now))
    except UnknownRule:
        return Language.ZH
    return language


def rights(tx: AsyncSession, now: datetime) -> Rights | None:
    """Say within what time one may object to what was decided today; None where the jurisdiction names no such time."""
    rules, today = rules_of(tx), local_day(tx, now)
    try:
        days, months = (int(rules.number(key, today)) for key in ("document.reconsideration", "document.suit"))
    except UnknownRule:
        return None
    return Rights(reconsideration_days=days, suit_months=months)


async def order(tx: AsyncSession, hazard: Hazard, order: Order, now: datetime, said: dict[str, Any]) -> Any:
    items = await _items(tx, hazard.id, order.cycle)
    before = {item.text: _refs(item.before) for item in items}
    return RectificationOrder(
        **said,
        officers=await officers(tx, map(UUID, order.officers), local_day(tx, now)),
        delegation=order.letter_no,
        bases=await cited(tx, order.basis, map(UUID, order.basis_ids)),
        rights=rights(tx, now),
        what=hazard.what,
        items=with_pictures([(text, before.get(text, []), None) for text in order.items]),
        limit=order.limit,
        at_once=order.kind == OrderKind.REMOVE_AT_ONCE,
        on_site_only=order.on_site_only,
    )


async def measure(
    tx: AsyncSession, hazard: Hazard, fact: SuspensionImposed, basis: str, now: datetime, said: dict[str, Any]
) -> Any:
    who = [fact.by_id] if fact.by_id else []
    return OnsiteMeasure(
        **said,
        officers=await officers(tx, who, local_day(tx, now)),
        delegation=fact.letter_no,
        bases=await cited(tx, basis, fact.basis_ids),
        rights=rights(tx, now),
        what=hazard.what,
        reason=fact.reason,
        stop=fact.suspension,
    )


async def opinion(
    tx: AsyncSession,
    hazard: Hazard,
    recheck: Recheck,
    ordered: str,
    delegation: str | None,
    now: datetime,
    said: dict[str, Any],
) -> Any:
    verdicts = {UUID(str(each["item_id"])): bool(each["passed"]) for each in recheck.verdicts}
    judged = [item for item in await _items(tx, hazard.id, recheck.cycle) if item.id in verdicts]
    certificates = {UUID(str(each["officer_id"])): each.get("number") for each in recheck.certificates}
    named_now = await officers(tx, map(UUID, recheck.officers), local_day(tx, now))
    return RecheckOpinion(
        **said,
        officers=tuple(
            Officer(name=known.name, certificate=certificates.get(UUID(each), known.certificate))
            for each, known in zip(recheck.officers, named_now, strict=True)
        ),
        delegation=delegation,
        order_number=ordered,
        items=with_pictures([(item.text, _refs(item.after), verdicts[item.id]) for item in judged]),
        opinion=recheck.opinion,
        passed=bool(recheck.passed),
        checked_at=local_time(recheck.decided_at or now, rules_of(tx).timezone),
        remote=recheck.mode is RecheckMode.REMOTE,
        limit=recheck.limit,
        case_opened=recheck.consequence == Consequence.OPEN_CASE,
        unit_refused=recheck.unit_refused,
    )


async def record(tx: AsyncSession, visit: Visit, said: dict[str, Any]) -> Any:
    """Gather an inspection's record. Its ground is left out, for it could tell that somebody complained."""
    zone = rules_of(tx).timezone
    enterprise = await named(tx, visit.enterprise_id)
    begun = visit.started_at or visit.planned_at
    return InspectionRecord(
        **said,
        officers=await officers(tx, map(UUID, visit.officers), visit.on),
        joint=tuple(
            [
                Named(zh=each.zh, en=each.en)
                for each in [await named(tx, UUID(other)) for other in visit.joint_authority_ids]
            ]
        ),
        joint_officers=await officers(tx, map(UUID, visit.joint_officers), visit.on),
        place=enterprise.address,
        begun=local_time(begun, zone),
        ended=local_time(visit.ended_at or begun, zone),
        findings=visit.findings,
        hazards_found=visit.hazards_found or 0,
    )


async def letter(tx: AsyncSession, letter: Letter, said: dict[str, Any]) -> Any:
    ids = [UUID(each) for each in letter.hazard_ids]
    query = select(Hazard.number).where(col(Hazard.id).in_(ids)).order_by(col(Hazard.number))
    return LetterPaper(
        **said,
        bases=(letter.basis,) if letter.basis else (),
        facts=letter.facts,
        demand=letter.demand,
        reply_by=letter.reply_by,
        hazards=tuple((await tx.execute(query)).scalars()) if ids else (),
    )


def listing(hazard: Hazard, listed: ListedSupervision, demand: str, bases: Sequence[str], said: dict[str, Any]) -> Any:
    assert listed.level is not None, "what is listed has a level"
    assert listed.limit is not None, "and a limit"
    return ListingNotice(
        **said,
        bases=tuple(bases),
        what=hazard.what,
        hazard_number=hazard.number,
        level=listed.level,
        reason=listed.decision or listed.reason,
        limit=listed.limit,
        demand=demand,
    )


async def _items(tx: AsyncSession, hazard_id: UUID, cycle: int) -> list[HazardItem]:
    query = select(HazardItem).where(col(HazardItem.hazard_id) == hazard_id, col(HazardItem.cycle) == cycle)
    return list((await tx.execute(query.order_by(col(HazardItem.ordinal)))).scalars())


def _refs(written: list[dict[str, Any]]) -> list[EvidenceRef]:
    return [EvidenceRef.model_validate(each) for each in written]
