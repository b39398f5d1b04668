"""Who acts in the demo county, for whom and in what role; without it nobody could sign in to the stories.

Every name is invented and says so; mail addresses lie under a domain that is reserved for examples.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import UUID

from demo.county.areas import TOWNSHIPS
from demo.county.codes import CERTIFIED_FROM, CERTIFIED_UNTIL, COUNTY, EXPIRED_ON, Body, demo_id, draws
from demo.county.competence import GAP_INDUSTRY
from demo.county.enterprises import Enterprise, enterprise_of
from demo.county.parties import AUTHORITIES, GOVERNMENTS, PARTIES, Party
from shared.contracts.values import Role

STAFFED_AUTHORITIES = ("emergency", "housing", "market", "fire", "transport", "commerce")
"""Those with certified officers of their own in the demo; the others have a head and a desk."""
OFFICERS_EACH = 4
EXPIRED = "fire.officer-4"
"""The officer whose certificate has expired: every enforcement command is refused to this one."""

RESTAURANT = enterprise_of("H6210", 0)
POLISHING_WORKS = enterprise_of("C3250", 0)
BATTERY_EXCHANGE = enterprise_of(GAP_INDUSTRY, 0, township="H")
_STAFFED_ENTERPRISES = (
    RESTAURANT,
    POLISHING_WORKS,
    BATTERY_EXCHANGE,
    *(
        enterprise_of(code)
        for code in ("H6110", "F5212", "F5265", "C2614", "C2110", "E4710", "G5430", "D4511", "A0514")
    ),
)
_WITH_ACCOUNTS = {"emergency", "market", "fire", "housing"}

_OFFICES = {
    Role.COMMITTEE: "official",
    Role.AUTHORITY_HEAD: "head",
    Role.AUTHORITY_DESK: "duty desk",
    Role.AUTHORITY_OFFICER: "officer",
    Role.TOWNSHIP: "safety officer",
    Role.ENTERPRISE_PRINCIPAL: "principal",
    Role.ENTERPRISE_MANAGER: "safety manager",
    Role.ENTERPRISE_WORKER: "worker",
    Role.AGENCY: "auditor",
    Role.GRID_WORKER: "grid worker",
}
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安宁平和明亮清远思齐子文若水一诺书言知行云舟景行"
_ENGLISH = ("Ada", "Ben", "Clara", "Dora", "Edgar", "Flora", "Gus", "Hilda", "Ivor", "Joan", "Kit", "Lena", "Max")
_ENGLISH_SURNAMES = ("Ashby", "Brook", "Carver", "Dale", "Fenwick", "Hollis", "Marsh", "Pell", "Reeve", "Thorne")


@dataclass(frozen=True, slots=True)
class Person:
    """`key` is how the stories speak of somebody: `fire.desk`, `volunteer-1`."""

    key: str
    name: str
    language: str
    role: Role
    acts_for: Party | Enterprise | None = None
    area_code: str = COUNTY
    certified_until: str | None = None
    signs_in: bool = False

    @property
    def id(self) -> UUID:
        return demo_id("person", self.key)

    @property
    def title(self) -> str:
        """Say in English who this is, for the screen."""
        office = _OFFICES.get(self.role, str(self.role))
        party = f", {self.acts_for.name_en.replace('County F ', '')}" if self.acts_for else ""
        return f"{self.name}, {office}{party}"

    @property
    def email(self) -> str:
        return f"{self.key}@county-f.example"

    def body(self) -> Body:
        return {
            "id": str(self.id),
            "name": self.name,
            "language": self.language,
            "email": self.email,
            "area_code": self.area_code,
        }

    def certificate(self) -> Body:
        return {
            "id": str(demo_id("certificate", self.key)),
            "person_id": str(self.id),
            "kind": "enforcement",
            "number": f"DEMO-{COUNTY}-{self.id.int % 10**6:06d}",
            "issuer": "County F people's government (demo) 示范县F人民政府（演示）",
            "valid_from": CERTIFIED_FROM,
            "valid_to": self.certified_until,
        }

    def membership(self) -> Body:
        return {
            "id": str(demo_id("membership", self.key)),
            "person_id": str(self.id),
            "party_id": str(self.acts_for.id) if self.acts_for else None,
            "role": self.role,
            "area_code": self.area_code,
        }


def people() -> list[Body]:
    return [person.body() for person in PEOPLE.values()]


def certificates() -> list[Body]:
    return [person.certificate() for person in PEOPLE.values() if person.certified_until]


def memberships() -> list[Body]:
    return [person.membership() for person in PEOPLE.values()]


def principal_of(enterprise: Enterprise) -> Person:
    """Give the person who answers for one of the staffed enterprises."""
    return PEOPLE[f"enterprise-{enterprise.number:03d}.principal"]


def _everybody() -> Iterator[Person]:
    names = draws("names")
    yield from _committee(names)
    yield from _authorities(names)
    for government, township in zip(GOVERNMENTS, TOWNSHIPS, strict=True):
        signs_in = township.letter in {"A", "J"}
        yield _person(
            names, f"{government.key}.officer", Role.TOWNSHIP, government, area=township.code, signs_in=signs_in
        )
    for enterprise in _STAFFED_ENTERPRISES:
        yield from _enterprise(names, enterprise)
    yield from _outsiders(names)


def _committee(names: Random) -> Iterator[Person]:
    for key in ("chair", "secretary", "reader"):
        yield _person(names, f"office.{key}", Role.COMMITTEE, PARTIES["office"], signs_in=True)


def _authorities(names: Random) -> Iterator[Person]:
    for authority in AUTHORITIES:
        signs_in = authority.key in _WITH_ACCOUNTS
        yield _person(
            names,
            f"{authority.key}.head",
            Role.AUTHORITY_HEAD,
            authority,
            certified_until=CERTIFIED_UNTIL,
            signs_in=signs_in,
        )
        yield _person(
            names,
            f"{authority.key}.desk",
            Role.AUTHORITY_DESK,
            authority,
            signs_in=authority.key in STAFFED_AUTHORITIES,
        )
        for ordinal in range(1, OFFICERS_EACH + 1) if authority.key in STAFFED_AUTHORITIES else ():
            key = f"{authority.key}.officer-{ordinal}"
            yield _person(
                names,
                key,
                Role.AUTHORITY_OFFICER,
                authority,
                certified_until=EXPIRED_ON if key == EXPIRED else CERTIFIED_UNTIL,
                signs_in=signs_in,
            )


def _enterprise(names: Random, enterprise: Enterprise) -> Iterator[Person]:
    key = f"enterprise-{enterprise.number:03d}"
    signs_in = enterprise in _STAFFED_ENTERPRISES[:3]
    area = enterprise.area_code
    yield _person(names, f"{key}.principal", Role.ENTERPRISE_PRINCIPAL, enterprise, area=area, signs_in=signs_in)
    yield _person(names, f"{key}.manager", Role.ENTERPRISE_MANAGER, enterprise, area=area, signs_in=signs_in)


def _outsiders(names: Random) -> Iterator[Person]:
    for ordinal in (1, 2, 3):
        agency = PARTIES[f"agency-{ordinal}"]
        yield _person(names, f"{agency.key}.auditor", Role.AGENCY, agency, signs_in=ordinal == 1)
    for key, role in (
        ("catering-association", Role.ASSOCIATION),
        ("industry-association", Role.ASSOCIATION),
        ("insurer", Role.INSURER),
        ("gas-company", Role.PARTNER),
        ("neighbour", Role.PARTNER),
    ):
        yield _person(names, f"{key}.desk", role, PARTIES[key])
    for ordinal in range(1, 7):
        language = "en" if ordinal % 2 else "zh"
        yield _person(names, f"volunteer-{ordinal}", Role.VOLUNTEER, language=language, signs_in=ordinal < 3)
        grid = TOWNSHIPS[ordinal - 1]
        yield _person(names, f"grid-worker-{ordinal}", Role.GRID_WORKER, area=grid.code, signs_in=ordinal == 1)
    for ordinal, enterprise in enumerate((POLISHING_WORKS, BATTERY_EXCHANGE), 1):
        yield _person(names, f"worker-{ordinal}", Role.ENTERPRISE_WORKER, enterprise, area=enterprise.area_code)


def _person(
    names: Random,
    key: str,
    role: Role,
    acts_for: Party | Enterprise | None = None,
    *,
    language: str | None = None,
    area: str = COUNTY,
    certified_until: str | None = None,
    signs_in: bool = False,
) -> Person:
    spoken = language or ("en" if names.random() < 0.2 else "zh")
    chinese = names.choice(_SURNAMES) + "".join(names.sample(_GIVEN, 2)) + "（演示）"
    english = f"{names.choice(_ENGLISH)} {names.choice(_ENGLISH_SURNAMES)} (demo)"
    name = english if spoken == "en" else chinese
    return Person(key, name, spoken, role, acts_for, area, certified_until, signs_in)


PEOPLE = {person.key: person for person in _everybody()}
"""Key → person."""
