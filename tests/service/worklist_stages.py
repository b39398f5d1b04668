"""Puts hazards of any kind straight into the tables, for tests of lists that would take an hour to live through."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import inspection_county as county

from services.inspection.copies.models import Enterprise, Party, Person
from services.inspection.deadlines.models import Deadline
from services.inspection.domain import Kind
from services.inspection.hazards.models import Hazard, HazardClaim
from shared.auth import Actor
from shared.contracts.inspection import HazardState
from shared.contracts.values import Category, Channel, Grade, PartyKind
from shared.testing import START, Platform

UNGRADED = {HazardState.SUSPECTED, HazardState.DISMISSED, HazardState.VOID, HazardState.MERGED}


def ident(nth: int) -> UUID:
    return UUID(int=0xDA0000 + nth)


def hazard(nth: int, **changes: Any) -> Hazard:
    """Make the hazard of this number; each was claimed and registered an hour after the one before."""
    state = changes.get("state", HazardState.ASSIGNED)
    at = START + timedelta(hours=nth)
    given: dict[str, Any] = {
        "id": ident(nth),
        "version": 1,
        "area_code": county.TOWN,
        "serial": nth,
        "number": f"H2026-{nth:06}",
        "state": state,
        "grade": None if state in UNGRADED else Grade.GENERAL,
        "category": Category.DUST,
        "what": f"Dust deposits, line {nth}",
        "enterprise_id": county.MILL,
        "place": county.PLACE,
        "claimed_at": at,
        "registered_at": at,
        "handling_authority_id": county.EMERGENCY,
        "lead_authority_id": None if state in UNGRADED else county.EMERGENCY,
        "co_authority_ids": [],
        "criterion_ids": [],
        "rechecked_by": [],
        "channel": Channel.INSPECTION,
        "ordered_at": at,
        **changes,
    }
    return Hazard(**given)


def clock(nth: int, key: str, due_at: datetime, owed_by: UUID | None = county.EMERGENCY) -> Deadline:
    return Deadline(
        object_kind=Kind.HAZARD, object_id=ident(nth), area_code=county.TOWN, key=key, owed_by=owed_by,
        starts_at=START, due_at=due_at, explanation_en="", explanation_zh="",
    )  # fmt: skip


async def plant(platform: Platform, hazards: list[Hazard], clocks: list[Deadline] | None = None) -> None:
    """Write hazards with their clocks, and what is known of the parties and people that they name."""
    of: dict[UUID, list[Deadline]] = {}
    for each in sorted(clocks or [], key=lambda deadline: deadline.due_at):
        of.setdefault(each.object_id, []).append(each)
    async with platform.service("inspection").database.transaction() as tx:
        for party, name in ((county.EMERGENCY, "应急局"), (county.FIRE, "消防局")):
            tx.add(
                Party(id=party, kind=PartyKind.AUTHORITY, area_code=county.COUNTY, name_en="Authority", name_zh=name)
            )
        place = county.HERE.model_dump(mode="json")
        tx.add(Enterprise(
            id=county.MILL, area_code=county.TOWN, uscc="91350100M000100Y43", name_en="Mill", name_zh="面粉厂",
            industry_code="C1310", employees=9, place=place,
        ))  # fmt: skip
        for person, name in ((county.LI, "李"), (county.WANG, "王"), (county.DESK, "桌"), (county.HEAD, "长")):
            tx.add(Person(id=person, name=name))
        for each in hazards:
            running = of.get(each.id, [])
            each.clocks = sorted({deadline.key for deadline in running})
            if running:
                first = running[0]
                each.next_due_at, each.next_due_key, each.next_owed_by = first.due_at, first.key, first.owed_by
            tx.add(each)
        await tx.flush()
        for each in [*(clocks or []), *_claims(hazards)]:
            tx.add(each)


def _claims(hazards: list[Hazard]) -> list[HazardClaim]:
    """Let the agency be behind the hazards of its channel."""
    return [
        HazardClaim(
            claim_id=UUID(int=each.id.int + 1), hazard_id=each.id, service="thirdparty",
            source_party_id=county.AGENCY, claimed_at=each.claimed_at,
        )
        for each in hazards
        if each.channel == Channel.THIRD_PARTY_AUDIT
    ]  # fmt: skip


async def asked(
    platform: Platform, who: Actor, path: str = "/hazards", status: int = 200, **params: Any
) -> dict[str, Any]:
    """Ask a list over HTTP."""
    async with platform.client("inspection", who) as http:
        answer = await http.get(path, params=params)
        return _read(answer, status)


async def serials(platform: Platform, who: Actor, **params: Any) -> list[int]:
    """Give the numbers of the hazards on a list, in its order, all pages."""
    found: list[int] = []
    following: Mapping[str, Any] = {}
    while True:
        page = await asked(platform, who, **params, **following)
        found += [int(item["number"].rpartition("-")[2]) for item in page["items"]]
        if page["next"] is None:
            return found
        following = {"after": page["next"]}


def _read(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    read: dict[str, Any] = answer.json()
    return read
