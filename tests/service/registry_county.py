"""A county of one township, small enough to be read: what the tests of registry begin with."""

from typing import Any
from uuid import UUID

from shared.auth import Actor
from shared.testing import Platform

COUNTY, TOWN, OTHER_TOWN, VILLAGE = "999901", "999901001", "999901002", "999901001201"
EMERGENCY, FIRE, TOWN_HALL, AGENCY = (UUID(int=100 + n) for n in range(4))
MILL, BAKERY = UUID(int=200), UUID(int=201)

OPERATOR = Actor(UUID(int=1), "operator", None, COUNTY, "en", "Operator")
OFFICER = Actor(UUID(int=2), "authority.officer", EMERGENCY, COUNTY, "en", "Officer")
VOLUNTEER = Actor(UUID(int=3), "volunteer", None, COUNTY, "en", "Ada")
MANAGER = Actor(UUID(int=4), "enterprise.manager", MILL, TOWN, "en", "Manager")
BAKER = Actor(UUID(int=5), "enterprise.principal", BAKERY, OTHER_TOWN, "en", "Baker")
WORKER = Actor(UUID(int=6), "enterprise.worker", MILL, TOWN, "en", "Worker")
TOWN_CLERK = Actor(UUID(int=7), "township", TOWN_HALL, TOWN, "en", "Town clerk")
AUDITOR = Actor(UUID(int=8), "agency", AGENCY, COUNTY, "en", "Agency")

AREAS = [
    {"code": COUNTY, "name_zh": "示范县", "name_en": "Sample County"},
    {"code": TOWN, "name_zh": "东镇", "name_en": "East Town"},
    {"code": OTHER_TOWN, "name_zh": "西镇", "name_en": "West Town"},
    {"code": VILLAGE, "name_zh": "桥村", "name_en": "Bridge Village"},
]
PARTIES = [
    {"id": str(EMERGENCY), "kind": "authority", "name_zh": "应急管理局", "name_en": "Emergency", "area_code": COUNTY},
    {"id": str(FIRE), "kind": "authority", "name_zh": "消防救援大队", "name_en": "Fire Rescue", "area_code": COUNTY},
    {"id": str(TOWN_HALL), "kind": "township", "name_zh": "东镇政府", "name_en": "Town Hall", "area_code": TOWN},
    {"id": str(AGENCY), "kind": "agency", "name_zh": "安评公司", "name_en": "Safe Checks", "area_code": COUNTY},
]
THE_MILL: dict[str, Any] = {
    "uscc": "911502210000001740",
    "name_zh": "晨光面粉有限公司",
    "name_en": "Dawn Flour Mill",
    "industry_code": "C1310",
    "place": {"area_code": VILLAGE, "address": "1 Bridge Road", "lon": 110.5, "lat": 40.5},
    "employees": 120,
}
THE_BAKERY: dict[str, Any] = {
    "uscc": "N21502210000000193",
    "name_zh": "乡村面包合作社",
    "name_en": "Country Bakery",
    "industry_code": "C14",
    "place": {"area_code": OTHER_TOWN, "address": "2 West Road"},
    "employees": 8,
}
ENTERPRISES = [{"id": str(MILL), **THE_MILL}, {"id": str(BAKERY), **THE_BAKERY}]


async def settle_in(platform: Platform) -> None:
    """Register the county; what it states is published before the test begins."""
    async with platform.client("registry", OPERATOR) as http:
        for address, entries in {"/areas": AREAS, "/parties": PARTIES, "/enterprises": ENTERPRISES}.items():
            answer = await http.put(address, json=entries)
            assert answer.status_code == 200, answer.text
    await platform.settle()


def slug(answer: Any) -> str:
    """Name the problem that an answer tells."""
    return answer.json()["type"].removeprefix("urn:commonwatch:problem:")
