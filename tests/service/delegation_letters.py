"""A township, a delegate and a letter for them: what the tests of delegated acts in inspection begin with."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import inspection_county as county
from inspection_county import COUNTY, EMERGENCY, TODAY, TOWN, TOWNSHIP, actor

from shared.contracts import registry as facts
from shared.contracts.base import Event
from shared.contracts.values import Category, PartyKind, Role
from shared.testing import START, Platform

BRIGADE = UUID(int=10)
ZHAO, QIAN, UNCERTIFIED, SUN, ZHOU = (UUID(int=n) for n in range(121, 126))
LETTER = UUID(int=501)
BASIS, OLD_BASIS, COMING_BASIS = (UUID(int=n) for n in range(601, 604))
BRIGADES_OFFICERS, TOWNS_OFFICERS = [str(ZHAO), str(QIAN)], [str(SUN), str(ZHOU)]

zhao = actor(Role.DELEGATE, ZHAO, BRIGADE, TOWN)
uncertified = actor(Role.DELEGATE, UNCERTIFIED, BRIGADE, TOWN)
stranger = actor(Role.DELEGATE, party=UUID(int=98), area=TOWN)
sun = actor(Role.TOWNSHIP, SUN, TOWNSHIP, TOWN)


def letter(fact: type[facts.DelegationFact] = facts.DelegationPublished, **changes: Any) -> facts.DelegationFact:
    """Say what the registry says of a letter by which the brigade may do everything for the emergency bureau."""
    given: dict[str, Any] = {
        "at": START,
        "area_code": TOWN,
        "delegation_id": LETTER,
        "authority_id": EMERGENCY,
        "delegate_id": BRIGADE,
        "kind": facts.DelegationKind.ENTRUSTED,
        "state": facts.DelegationState.PUBLISHED,
        "powers": tuple(facts.Power),
        "categories": (Category.DUST,),
        "valid_from": TODAY - timedelta(days=1),
        "valid_to": TODAY + timedelta(days=5),
        "letter_no": "应急委〔2026〕1号",
        "publication_url": "https://county.example/letters/1",
        **changes,
    }
    return fact(**given)


def staff() -> list[tuple[UUID, int, Event]]:
    """Say who works for the brigade and for the township, and which texts the catalogue of legal bases holds."""
    brigade = facts.PartyRegistered(
        at=START, area_code=TOWN, party_id=BRIGADE, kind=PartyKind.DELEGATE, name_en="Brigade", name_zh="执法大队"
    )
    told: list[tuple[UUID, int, Event]] = [(BRIGADE, 1, brigade)]
    for person, party, role, valid_to in (
        (ZHAO, BRIGADE, Role.DELEGATE, date(2030, 1, 1)),
        (QIAN, BRIGADE, Role.DELEGATE, date(2030, 1, 1)),
        (UNCERTIFIED, BRIGADE, Role.DELEGATE, TODAY - timedelta(days=1)),
        (SUN, TOWNSHIP, Role.TOWNSHIP, date(2030, 1, 1)),
        (ZHOU, TOWNSHIP, Role.TOWNSHIP, date(2030, 1, 1)),
    ):
        known = facts.PersonRegistered(
            at=START, area_code=COUNTY, person_id=person, name="Officer", language="zh", certificate_valid_to=valid_to
        )
        membership = UUID(int=person.int + 1000)
        works = facts.MembershipGranted(
            at=START, area_code=TOWN, membership_id=membership, person_id=person, party_id=party, role=role
        )
        told += [(person, 1, known), (membership, 1, works)]
    for basis, valid_from, valid_to in (
        (BASIS, date(2021, 9, 1), None),
        (OLD_BASIS, date(2003, 1, 1), TODAY - timedelta(days=1)),
        (COMING_BASIS, TODAY + timedelta(days=1), None),
    ):
        listed = facts.BasisListed(
            at=START,
            area_code=COUNTY,
            basis_id=basis,
            short_name="WSL",
            title_zh="安全生产法",
            title_en="Work Safety Law",
            number="",
            issuer="",
            article="65",
            level=facts.BasisLevel.LAW,
            mark=facts.BasisMark.READ,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        told.append((basis, 1, listed))
    return told


async def delegated(platform: Platform, *letters: facts.DelegationFact) -> None:
    """Let the registry tell of brigade, township and these letters, each as a letter of its own."""
    told = [(each.delegation_id, 1, each) for each in letters]
    await platform.announce(*staff(), *told)
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []


async def told_next(platform: Platform, version: int, fact: facts.DelegationFact) -> None:
    """Let the registry tell what became of a letter."""
    await platform.announce((fact.delegation_id, version, fact))
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []


ORDER = {
    "kind": "rectify_by",
    "items": [{"text": "Clean the motors"}],
    "limit": str(TODAY + timedelta(days=10)),
    "basis": "Work Safety Law art. 65",
    "officers": BRIGADES_OFFICERS,
}
CONFIRM = {"grade": "general", "what": "Dust deposits on motors", "officers": BRIGADES_OFFICERS}

__all__ = ["BASIS", "COMING_BASIS", "OLD_BASIS", "county"]
