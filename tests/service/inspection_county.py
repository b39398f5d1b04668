"""A small county for inspection's tests: two authorities, people with and without certificates, one enterprise."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.inspection.evidence.models import Evidence
from shared.auth import Actor
from shared.contracts import registry as facts
from shared.contracts.base import Event
from shared.contracts.thirdparty import FindingSubmitted
from shared.contracts.values import Category, Channel, Grade, PartyKind, Place, Role, area_id
from shared.contracts.volunteer import ReportSubmitted
from shared.testing import START, Platform

COUNTY = "990101"
TOWN = "990101001"
TODAY = date(2026, 9, 30)
EMERGENCY, FIRE, MARKET, COMMITTEE, TOWNSHIP, MILL, BAKERY, AGENCY, PARTNER = (UUID(int=n) for n in range(1, 10))
DESK, HEAD, LI, WANG, EXPIRED, FIRE_DESK, FIRE_HEAD, FIRE_ONE, FIRE_TWO = (UUID(int=n) for n in range(101, 110))
MARKET_DESK = UUID(int=110)
CRITERION, OLD_CRITERION = UUID(int=201), UUID(int=202)
HERE = Place(area_code=TOWN, address="1 Mill Lane", lon=117.0, lat=36.0)
PLACE = HERE.model_dump(mode="json")
PICTURE = {"id": str(UUID(int=301)), "owner": "inspection", "sha256": "a" * 64, "media_type": "image/jpeg"}
OFFICERS_PICTURE = {**PICTURE, "id": str(UUID(int=302))}


async def hand_in_pictures(platform: Platform) -> None:
    """Put one file of the mill and one of the emergency bureau where their references lead."""
    for picture, party in ((PICTURE, MILL), (OFFICERS_PICTURE, EMERGENCY)):
        await hand_in(platform, picture, party)


async def hand_in(platform: Platform, picture: dict[str, str], party: UUID) -> dict[str, str]:
    """Put a file of this party where its reference leads; give the reference."""
    async with platform.service("inspection").database.transaction() as tx:
        row = {**picture, "id": UUID(picture["id"]), "kept_by": str(party), "size_bytes": 1, "at": START}
        tx.add(Evidence(**{key: row[key] for key in Evidence.model_fields if key in row}))
    return picture


def actor(role: str, person: UUID | None = None, party: UUID | None = None, area: str = COUNTY) -> Actor:
    return Actor(person or uuid4(), role, party, area)


desk = actor(Role.AUTHORITY_DESK, DESK, EMERGENCY)
head = actor(Role.AUTHORITY_HEAD, HEAD, EMERGENCY)
li = actor(Role.AUTHORITY_OFFICER, LI, EMERGENCY)
expired = actor(Role.AUTHORITY_OFFICER, EXPIRED, EMERGENCY)
fire_desk = actor(Role.AUTHORITY_DESK, FIRE_DESK, FIRE)
fire_head = actor(Role.AUTHORITY_HEAD, FIRE_HEAD, FIRE)
fire_officer = actor(Role.AUTHORITY_OFFICER, FIRE_ONE, FIRE)
market_desk = actor(Role.AUTHORITY_DESK, MARKET_DESK, MARKET)
committee = actor(Role.COMMITTEE, party=COMMITTEE)
township = actor(Role.TOWNSHIP, party=TOWNSHIP, area=TOWN)
principal = actor(Role.ENTERPRISE_PRINCIPAL, party=MILL, area=TOWN)
manager = actor(Role.ENTERPRISE_MANAGER, party=MILL, area=TOWN)
other_principal = actor(Role.ENTERPRISE_PRINCIPAL, party=BAKERY, area=TOWN)
worker = actor(Role.ENTERPRISE_WORKER, party=MILL, area=TOWN)
agency = actor(Role.AGENCY, party=AGENCY)
other_agency = actor(Role.AGENCY, party=UUID(int=99))
volunteer = actor(Role.VOLUNTEER)
partner = actor(Role.PARTNER, party=PARTNER)

OFFICERS = [str(LI), str(WANG)]
FIRE_OFFICERS = [str(FIRE_ONE), str(FIRE_TWO)]


def registry_facts() -> list[tuple[UUID, int, Event]]:
    """Say what the registry would have said before anything happens here."""
    told: list[tuple[UUID, int, Event]] = [
        (
            area_id(TOWN),
            1,
            facts.AreaRegistered(at=START, area_code=TOWN, code=TOWN, level="township", name_en="Town", name_zh="镇"),
        )
    ]
    for party, kind, name in (
        (EMERGENCY, PartyKind.AUTHORITY, "应急"),
        (FIRE, PartyKind.AUTHORITY, "消防"),
        (MARKET, PartyKind.AUTHORITY, "市监"),
        (COMMITTEE, PartyKind.COMMITTEE, "安委办"),
        (TOWNSHIP, PartyKind.TOWNSHIP, "镇政府"),
        (AGENCY, PartyKind.AGENCY, "机构"),
        (PARTNER, PartyKind.PARTNER, "燃气公司"),
    ):
        told.append(
            (
                party,
                1,
                facts.PartyRegistered(
                    at=START, area_code=COUNTY, party_id=party, kind=kind, name_en=name, name_zh=name
                ),
            )
        )
    for enterprise, industry in ((MILL, "C1310"), (BAKERY, "P8210")):
        told.append(
            (
                enterprise,
                1,
                facts.EnterpriseRegistered(
                    at=START,
                    area_code=TOWN,
                    enterprise_id=enterprise,
                    uscc="91350100M000100Y43",
                    name_en="Mill",
                    name_zh="面粉厂",
                    industry_code=industry,
                    place=HERE,
                    employees=40,
                ),
            )
        )
    for person, party, role, valid_to in (
        (DESK, EMERGENCY, Role.AUTHORITY_DESK, None),
        (HEAD, EMERGENCY, Role.AUTHORITY_HEAD, date(2030, 1, 1)),
        (LI, EMERGENCY, Role.AUTHORITY_OFFICER, TODAY + timedelta(days=400)),
        (WANG, EMERGENCY, Role.AUTHORITY_OFFICER, TODAY + timedelta(days=400)),
        (EXPIRED, EMERGENCY, Role.AUTHORITY_OFFICER, TODAY - timedelta(days=1)),
        (FIRE_DESK, FIRE, Role.AUTHORITY_DESK, None),
        (FIRE_HEAD, FIRE, Role.AUTHORITY_HEAD, date(2030, 1, 1)),
        (FIRE_ONE, FIRE, Role.AUTHORITY_OFFICER, date(2030, 1, 1)),
        (FIRE_TWO, FIRE, Role.AUTHORITY_OFFICER, date(2030, 1, 1)),
        (MARKET_DESK, MARKET, Role.AUTHORITY_DESK, None),
    ):
        told.append(
            (
                person,
                1,
                facts.PersonRegistered(
                    at=START,
                    area_code=COUNTY,
                    person_id=person,
                    name="Officer",
                    language="zh",
                    certificate_valid_to=valid_to,
                ),
            )
        )
        membership = UUID(int=person.int + 1000)
        told.append(
            (
                membership,
                1,
                facts.MembershipGranted(
                    at=START,
                    area_code=COUNTY,
                    membership_id=membership,
                    person_id=person,
                    party_id=party,
                    role=role,
                ),
            )
        )
    for number, (by, key, authority) in enumerate(
        (
            (facts.CompetenceBy.INDUSTRY, "C", EMERGENCY),
            (facts.CompetenceBy.CATEGORY, Category.FIRE.value, FIRE),
        ),
        401,
    ):
        rule = UUID(int=number)
        told.append(
            (
                rule,
                1,
                facts.CompetenceChanged(
                    at=START,
                    area_code=COUNTY,
                    rule_id=rule,
                    by=by,
                    key=key,
                    authority_id=authority,
                    in_force=True,
                ),
            )
        )
    for criterion, valid_to in ((CRITERION, None), (OLD_CRITERION, TODAY - timedelta(days=1))):
        told.append(
            (
                criterion,
                1,
                facts.CriterionListed(
                    at=START,
                    area_code=COUNTY,
                    criterion_id=criterion,
                    document="MEM Order 10",
                    item="1",
                    text_en="No dust extraction",
                    text_zh="未设除尘",
                    valid_from=date(2023, 5, 15),
                    valid_to=valid_to,
                ),
            )
        )
    return told


def report(what: str = "Dust lies thick on the motors", **changes: Any) -> ReportSubmitted:
    """A volunteer's report of the mill, with any field changed."""
    given: dict[str, Any] = {
        "at": START,
        "area_code": TOWN,
        "claim_id": uuid4(),
        "channel": Channel.VOLUNTEER,
        "reporter_ref": uuid4(),
        "place": HERE,
        "enterprise_id": MILL,
        "category": Category.DUST,
        "what": what,
        **changes,
    }
    return ReportSubmitted(**given)


def finding(**changes: Any) -> FindingSubmitted:
    """An agency's finding of the same matter."""
    given: dict[str, Any] = {
        "at": START,
        "area_code": TOWN,
        "claim_id": uuid4(),
        "channel": Channel.THIRD_PARTY_AUDIT,
        "reporter_ref": uuid4(),
        "source_party_id": AGENCY,
        "audit_id": uuid4(),
        "place": HERE,
        "enterprise_id": MILL,
        "category": Category.DUST,
        "what": "Dust layer of 8 mm on motors",
        **changes,
    }
    return FindingSubmitted(**given)


def declared(**changes: Any) -> facts.SelfCheckSubmitted:
    """What the mill found itself, general by its own word."""
    given: dict[str, Any] = {
        "at": START,
        "area_code": TOWN,
        "claim_id": uuid4(),
        "channel": Channel.SELF_CHECK,
        "reporter_ref": uuid4(),
        "source_party_id": MILL,
        "self_check_id": uuid4(),
        "place": HERE,
        "enterprise_id": MILL,
        "category": Category.MACHINERY,
        "what": "Guard of saw 3 is missing",
        "suspected_grade": Grade.GENERAL,
        **changes,
    }
    return facts.SelfCheckSubmitted(**given)


async def settle(platform: Platform, *claims: Any) -> None:
    """Let claims arrive three times each."""
    await platform.announce(*((claim.claim_id, 1, claim) for claim in claims))
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []


async def post(platform: Platform, who: Actor, path: str, status: int = 200, **ask: Any) -> dict[str, Any]:
    """Give a command over HTTP and read the answer, which must have this status."""
    async with platform.client("inspection", who) as http:
        return _read(await http.post(path, json=ask), status)


async def get(platform: Platform, who: Actor, path: str, status: int = 200) -> dict[str, Any]:
    async with platform.client("inspection", who) as http:
        return _read(await http.get(path), status)


async def put(platform: Platform, who: Actor, path: str, status: int = 201, **ask: Any) -> dict[str, Any]:
    async with platform.client("inspection", who) as http:
        return _read(await http.put(path, json=ask), status)


def _read(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    read: dict[str, Any] = answer.json()
    return read


def slug(problem: dict[str, Any]) -> str:
    return problem["type"].rpartition(":")[2]
