"""The enterprises of the demo county: 340 invented ones in 33 trades, with valid codes and numbers for names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from demo.county.areas import TOWNSHIPS, village_codes
from demo.county.codes import Body, demo_id, draws, place, unified_code
from demo.county.competence import GAP_INDUSTRY


@dataclass(frozen=True, slots=True)
class Trade:
    """So many enterprises of one GB/T 4754-2017 class."""

    industry_code: str
    name_en: str
    name_zh: str
    count: int
    staff: tuple[int, int]
    registered_as: str = "91"


@dataclass(frozen=True, slots=True)
class Enterprise:
    """`number` counts through the county; it is part of the name."""

    number: int
    trade: Trade
    area_code: str
    employees: int
    place: Body

    @property
    def id(self) -> UUID:
        return demo_id("enterprise", self.number)

    @property
    def name_en(self) -> str:
        return f"Demo {self.trade.name_en} {self.number:03d}"

    @property
    def name_zh(self) -> str:
        return f"F县示范第{self.number:03d}号{self.trade.name_zh}"

    @property
    def uscc(self) -> str:
        return unified_code(self.trade.registered_as, self.number)

    def body(self) -> Body:
        return {
            "id": str(self.id),
            "uscc": self.uscc,
            "name_en": self.name_en,
            "name_zh": self.name_zh,
            "industry_code": self.trade.industry_code,
            "place": self.place,
            "employees": self.employees,
        }


_TRADES = (
    Trade("H6210", "Catering", "餐饮店", 60, (3, 60)),
    Trade("H6110", "Hotel", "旅馆", 12, (8, 90)),
    Trade("F5211", "Department Store", "百货商店", 10, (20, 200)),
    Trade("F5212", "Supermarket", "超市", 20, (5, 80)),
    Trade("F5265", "Filling Station", "加油站", 10, (6, 15)),
    Trade("C1310", "Grain Mill", "粮食加工厂", 10, (12, 80)),
    Trade("C1352", "Meat Packing Plant", "肉制品厂", 6, (30, 200)),
    Trade("C2110", "Furniture Workshop", "木质家具厂", 12, (10, 120)),
    Trade("C2614", "Chemical Works", "有机化学原料厂", 6, (40, 300)),
    Trade("C2671", "Blasting Materials Store", "民用爆破器材公司", 1, (30, 60)),
    Trade("C3311", "Metal Structure Works", "金属结构厂", 14, (15, 150)),
    Trade("C3250", "Aluminium Polishing Works", "铝制品抛光厂", 6, (20, 160)),
    Trade("B0610", "Coal Mine", "煤矿", 2, (200, 900)),
    Trade("B1019", "Quarry", "采石场", 6, (15, 80)),
    Trade("D4411", "Power Plant", "发电厂", 2, (80, 300)),
    Trade("D4511", "Gas Station", "燃气门站", 4, (15, 60)),
    Trade("D4610", "Waterworks", "自来水厂", 4, (15, 60)),
    Trade("E4710", "Building Contractor", "建筑工程公司", 16, (30, 400)),
    Trade("E4812", "Road Contractor", "公路工程公司", 6, (30, 300)),
    Trade("E4822", "River Works Contractor", "河道治理工程公司", 4, (30, 200)),
    Trade("G5411", "Bus Company", "公交公司", 3, (60, 300)),
    Trade("G5430", "Haulage Company", "道路货运公司", 14, (10, 200)),
    Trade("I6312", "Telecom Shop", "通信营业厅", 6, (5, 20)),
    Trade("K7020", "Property Management", "物业公司", 10, (10, 120)),
    Trade(GAP_INDUSTRY, "Battery Exchange", "换电柜租赁点", 8, (2, 12)),
    Trade("N7861", "Scenic Spot", "景区", 4, (10, 90)),
    Trade("O8111", "Car Repair Shop", "汽车修理厂", 16, (3, 30)),
    Trade("P8321", "Primary School", "小学", 10, (20, 120)),
    Trade("P8310", "Kindergarten", "幼儿园", 10, (8, 40)),
    Trade("Q8411", "Hospital", "医院", 5, (60, 400)),
    Trade("R9011", "Karaoke Hall", "歌舞厅", 8, (8, 50)),
    Trade("A0514", "Farm Produce Cooperative", "农产品合作社", 24, (5, 60), registered_as="N2"),
    Trade("A0111", "Village Collective", "股份经济合作社", 11, (3, 30), registered_as="N2"),
)


@cache
def all_enterprises() -> tuple[Enterprise, ...]:
    return tuple(_counted())


def enterprise_of(industry_code: str, nth: int = 0, township: str | None = None) -> Enterprise:
    """Find the nth enterprise of a class, if asked only in the township with that letter."""
    codes = {place.letter: place.code for place in TOWNSHIPS}
    found = [
        one
        for one in all_enterprises()
        if one.trade.industry_code == industry_code and (township is None or one.area_code.startswith(codes[township]))
    ]
    return found[nth]


def enterprises() -> list[Body]:
    return [one.body() for one in all_enterprises()]


def _counted() -> Iterator[Enterprise]:
    chance = draws("enterprises")
    number = 0
    for trade in _TRADES:
        for ordinal in range(trade.count):
            number += 1
            township = TOWNSHIPS[ordinal % len(TOWNSHIPS)]
            area_code = chance.choice(village_codes(township))
            where = place(area_code, chance, f"演示路{number}号 · {number} Demo Road")
            yield Enterprise(number, trade, area_code, chance.randint(*trade.staff), where)
