"""What decisions here must know of the registry: who is competent, who is certified, which criteria are valid."""

import json
from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.domain import Letter, Officer
from services.inspection.copies.models import (
    Basis,
    Criterion,
    EnforcementCertificate,
    Enterprise,
    Membership,
    Party,
    Person,
)
from shared.contracts.registry import CertificateStatus, CompetenceBy
from shared.contracts.routing import Competence, Matter, Routing, route
from shared.contracts.values import Category, PartyKind, Role, holds
from shared.db import raw_of
from shared.memo import memo_of

DELEGATED = frozenset({Role.DELEGATE.value, Role.TOWNSHIP.value})
"""Roles in which one acts in an authority's name, as far as a letter reaches."""

_LETTERS: TypeAdapter[tuple[Letter, ...]] = TypeAdapter(tuple[Letter, ...])
_CERTIFIED = """
select id from unnest($1::uuid[]) as asked(id) where exists (
    select from enforcement_certificates c where c.person_id = asked.id and c.status = 'valid'
        and c.valid_from <= $2 and (c.valid_to is null or c.valid_to >= $2)
) or not exists (select from enforcement_certificates c where c.person_id = asked.id) and exists (
    select from people p where p.id = asked.id and p.certificate_valid_to >= $2
)
"""
"""Of whom no certificate was ever told, the person's own fact decides: before there were any, it told the last day."""
_CAPACITY = f"""
select exists ({_CERTIFIED}) as certified,
    (select jsonb_agg(to_jsonb(d))::text from delegations d where d.delegate_id = $3) as letters
"""  # noqa: S608 — our own words
_CANDIDATES = """
select e.industry_code, c.id, c.by, c.key, c.authority_id, c.area_code, c.co_authority_ids::text
from (select 1) as always
left join enterprises e on e.id = $1
left join competence_rules c on c.in_force and starts_with($2, c.area_code)
    and (c.valid_from is null or c.valid_from <= $4) and (c.valid_to is null or c.valid_to >= $4) and (
    (c.by = 'enterprise' and c.key = $1::text)
    or (c.by = 'category' and c.key = $3)
    or (c.by = 'industry' and starts_with(e.industry_code, c.key))
    or (c.by = 'township' and starts_with($2, c.key)))
"""


async def competent(
    tx: AsyncSession, area_code: str, category: Category, enterprise_id: UUID | None, on: date
) -> Routing:
    """Find who is responsible on that day."""
    asked = (area_code, category, enterprise_id, on)
    return await memo_of(tx).get(("competent", *asked), partial(_competent, tx, *asked))


async def _competent(
    tx: AsyncSession, area_code: str, category: Category, enterprise_id: UUID | None, on: date
) -> Routing:
    rows = await (await raw_of(tx)).fetch(_CANDIDATES, enterprise_id, area_code, category, on)
    matter = Matter(
        area_code=area_code, category=category, enterprise_id=enterprise_id, industry_code=rows[0]["industry_code"]
    )
    rules = [
        Competence(
            rule_id=row["id"],
            by=CompetenceBy(row["by"]),
            key=row["key"],
            authority_id=row["authority_id"],
            area_code=row["area_code"],
            co_authority_ids=tuple(map(UUID, json.loads(row["co_authority_ids"]))),
        )
        for row in rows
        if row["authority_id"] is not None
    ]
    return route(rules, matter, on)


async def certified(tx: AsyncSession, people: Collection[UUID], on: date) -> set[UUID]:
    """Give those who hold an enforcement certificate that is valid on that day; its first and its last day count."""
    return {row["id"] for row in await (await raw_of(tx)).fetch(_CERTIFIED, list(people), on)}


async def capacity(
    tx: AsyncSession, person_id: UUID, holder_id: UUID | None, on: date
) -> tuple[bool, tuple[Letter, ...]]:
    """Tell whether a person is certified, and give the letters that a party holds, also those that ended: one look."""
    row = await (await raw_of(tx)).fetchrow(_CAPACITY, [person_id], on, holder_id)
    assert row is not None, "a question has an answer"
    return row["certified"], _LETTERS.validate_json(row["letters"] or "[]")


async def certificate_numbers(tx: AsyncSession, people: Collection[UUID], on: date) -> dict[UUID, str]:
    """Give each person's enforcement certificate of that day by its number; of several, one."""
    valid = select(EnforcementCertificate.person_id, EnforcementCertificate.number).where(
        col(EnforcementCertificate.person_id).in_(people),
        col(EnforcementCertificate.status) == CertificateStatus.VALID,
        _in_term(EnforcementCertificate.valid_from, EnforcementCertificate.valid_to, on),
    )
    before = select(Person.id, Person.certificate_no).where(
        col(Person.id).in_(people), col(Person.certificate_no).is_not(None)
    )
    known: dict[UUID, str] = {}
    for query in (before, valid.order_by(col(EnforcementCertificate.number).desc())):
        known |= {person: number for person, number in await tx.execute(query) if number is not None}
    return known


async def organisations(tx: AsyncSession, ids: Collection[UUID], kinds: Collection[PartyKind]) -> set[UUID]:
    """Give those of these parties that are registered, and of one of these kinds."""
    query = select(Party.id).where(col(Party.id).in_(ids), col(Party.kind).in_(kinds))
    return set((await tx.execute(query)).scalars())


async def kinds_within(tx: AsyncSession, ids: Collection[UUID], area_code: str) -> dict[UUID, PartyKind]:
    """Give those of these organisations that lie in an area, and what each is; enterprises are among them."""
    parties = select(Party.id, Party.kind).where(
        col(Party.id).in_(ids), col(Party.area_code).startswith(area_code, autoescape=True)
    )
    enterprises = select(Enterprise.id).where(
        col(Enterprise.id).in_(ids), col(Enterprise.area_code).startswith(area_code, autoescape=True)
    )
    found: dict[UUID, PartyKind] = dict.fromkeys((await tx.execute(enterprises)).scalars(), PartyKind.ENTERPRISE)
    found.update((row[0], PartyKind(row[1])) for row in await tx.execute(parties))
    return found


async def name_of(tx: AsyncSession, party_id: UUID) -> str:
    """Give what a party is called in Chinese, as numbers of documents say it."""
    party = await tx.get(Party, party_id)
    return party.name_zh if party else ""


async def officers_of(tx: AsyncSession, people: Collection[UUID], authority_id: UUID | None, on: date) -> set[UUID]:
    """Give those who act for this authority, or for this delegate of one, on that day."""
    enforcing = or_(
        col(Membership.role).in_([Role.AUTHORITY, *DELEGATED]),
        col(Membership.role).startswith(f"{Role.AUTHORITY}."),
    )
    return await _members(tx, people, authority_id, on, enforcing)


async def heads_of(tx: AsyncSession, people: Collection[UUID], authority_id: UUID | None, on: date) -> set[UUID]:
    """Give those who head this authority on that day."""
    return await _members(tx, people, authority_id, on, col(Membership.role) == Role.AUTHORITY_HEAD)


async def members_of(tx: AsyncSession, people: Collection[UUID], party_id: UUID | None, on: date) -> set[UUID]:
    """Give those who belong to this party on that day, in whatever capacity."""
    return await _members(tx, people, party_id, on, true())


async def named_officers(
    tx: AsyncSession, people: Collection[UUID], authority_id: UUID | None, on: date
) -> tuple[Officer, ...]:
    """Tell of each named person whether it acts for the authority and is certified on that day."""
    members = await officers_of(tx, people, authority_id, on)
    holders = await certified(tx, people, on)
    return tuple(Officer(each, each in members, each in holders) for each in people)


async def _members(
    tx: AsyncSession, people: Collection[UUID], party_id: UUID | None, on: date, capacity: ColumnElement[bool]
) -> set[UUID]:
    query = select(Membership.person_id).where(
        col(Membership.person_id).in_(people),
        col(Membership.party_id) == party_id,
        col(Membership.in_force),
        _in_term(Membership.valid_from, Membership.valid_to, on),
        capacity,
    )
    return set((await tx.execute(query)).scalars())


def _in_term(valid_from: Any, valid_to: Any, on: date) -> ColumnElement[bool]:
    """Give the condition that a day lies in a term; an open end has none."""
    begun = or_(col(valid_from).is_(None), col(valid_from) <= on)
    return and_(begun, or_(col(valid_to).is_(None), col(valid_to) >= on))


async def valid_criteria(tx: AsyncSession, ids: Collection[UUID], on: date) -> set[UUID]:
    """Give those criteria that may be cited on that day."""
    query = select(Criterion.id).where(
        col(Criterion.id).in_(ids),
        _in_term(Criterion.valid_from, Criterion.valid_to, on),
    )
    return set((await tx.execute(query)).scalars())


async def industries_of(tx: AsyncSession, enterprises: Collection[UUID]) -> dict[UUID, str]:
    """Give the industries of the enterprises that are known here."""
    query = select(Enterprise).where(col(Enterprise.id).in_(enterprises))
    return {row.id: row.industry_code for row in (await tx.execute(query)).scalars()}


async def has_ended(tx: AsyncSession, enterprise_id: UUID) -> bool:
    """Tell whether an enterprise was deregistered or moved out; one that is not known here has not."""
    enterprise = await tx.get(Enterprise, enterprise_id)
    return enterprise is not None and enterprise.standing.ended


async def enterprise(tx: AsyncSession, enterprise_id: UUID, *, lock: bool = False) -> Enterprise | None:
    """Give the enterprise, locked if what is decided about it must be decided one at a time."""
    query = select(Enterprise).where(col(Enterprise.id) == enterprise_id)
    if lock:
        query = query.with_for_update(key_share=True)
    return (await tx.execute(query)).scalar_one_or_none()


async def citable(tx: AsyncSession, ids: Collection[UUID], on: date) -> set[UUID]:
    """Give those legal bases that an order of that day may cite; one without a date is in nobody's way."""
    rows = (await tx.execute(select(Basis).where(col(Basis.id).in_(ids)))).scalars() if ids else ()
    return {row.id for row in rows if holds(on, row.valid_from, row.valid_to)}


async def authority(tx: AsyncSession, party_id: UUID) -> Party | None:
    """Give the party, if it is an authority."""
    party = await memo_of(tx).get(("party", party_id), partial(_party, tx, party_id))
    return party if party is not None and party.kind == PartyKind.AUTHORITY else None


async def _party(tx: AsyncSession, party_id: UUID) -> Party | None:
    """Give the party as an object of no session, for the next transaction asks for it too."""
    raw = await raw_of(tx)
    row = await raw.fetchrow("select id, kind, area_code, name_en, name_zh from parties where id = $1", party_id)
    return None if row is None else Party.model_construct(**dict(row))
