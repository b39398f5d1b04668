"""The rows of a county's hazards, drawn by chance that is always the same; see `hazards_county` for what they fill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from json import dumps
from random import Random
from typing import Any
from uuid import UUID

from shared.contracts.inspection import HazardState as State
from shared.contracts.values import Category, Channel
from shared.searching import folded, pairs

COUNTY = "990526"
NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(days=5 * 365)
TOWNSHIPS = tuple(f"{COUNTY}{n:03}" for n in (*range(1, 18), 401))
VILLAGES = 20
HAZARDS_AN_ENTERPRISE = 1805 / 111
OPEN_SHARE = 0.04
YOUNG_SHARE = 0.85
"""Of the open ones; the others have been open for any time."""
STILL_OPEN = 0.8
"""Of the youngest."""
OFFICERS = 24
"""Of each authority."""
AUTHORITIES = tuple(UUID(int=0xA000 + n) for n in range(12))
TEXTS = tuple(map(str, AUTHORITIES))

LEADS = {
    Category.FIRE: 1, Category.GAS: 2, Category.CONSTRUCTION: 2, Category.SPECIAL_EQUIPMENT: 3,
    Category.FOOD_PREMISES: 3, Category.TRAFFIC: 4, Category.ELECTRICITY: 5,
}  # fmt: skip
"""Category → the authority that leads all of it; the rest goes by industry."""
BY_INDUSTRY = (0, 0, 0, 0, 5, 5, 6, 7, 8, 9, 10, 11)
CATEGORIES = {
    Category.FIRE: 24, Category.ELECTRICITY: 14, Category.MACHINERY: 9, Category.MANAGEMENT: 12, Category.GAS: 7,
    Category.SPECIAL_EQUIPMENT: 6, Category.CHEMICALS: 5, Category.CONFINED_SPACE: 3, Category.DUST: 3,
    Category.HEIGHT: 4, Category.CONSTRUCTION: 4, Category.TRAFFIC: 3, Category.FOOD_PREMISES: 3, Category.OTHER: 3,
}  # fmt: skip
CHANNELS = {
    Channel.INSPECTION: 52, Channel.SELF_CHECK: 14, Channel.GRID_PATROL: 12, Channel.THIRD_PARTY_AUDIT: 9,
    Channel.VOLUNTEER: 6, Channel.HOTLINE_12345: 4, Channel.MINIAPP: 2, Channel.MEDIA: 1,
}  # fmt: skip
WHERE = ("车间", "仓库", "配电室", "门厅", "楼梯间", "锅炉房", "后厨", "宿舍", "喷漆房", "罐区", "料仓", "地下室")
WHICH = (
    "安全出口", "灭火器", "消火栓", "配电箱", "电缆", "压力表", "防护罩", "燃气软管", "可燃气体报警器", "除尘器",
    "安全标志", "应急照明", "起重机", "吊篮", "有限空间", "危化品台账", "培训记录", "应急预案", "防火门", "疏散通道",
)  # fmt: skip
WHAT = (
    "被杂物堵塞", "过期未更换", "未接地", "缺失", "损坏未修复", "未定期检测", "无专人管理", "压力不足", "私拉乱接",
    "未上锁", "未悬挂警示", "记录不全", "老化破损", "积尘超过 3 mm", "locked from outside", "out of order",
)  # fmt: skip
OPEN = {
    State.SUSPECTED: 16, State.CONFIRMED: 8, State.ASSIGNED: 12, State.ORDERED: 14, State.RECTIFYING: 32,
    State.RECHECK_REQUESTED: 8, State.RECHECKING: 7, State.REOPENED: 3,
}  # fmt: skip
DONE = {State.CLOSED: 942, State.VERIFIED: 4, State.DISMISSED: 34, State.VOID: 8, State.MERGED: 12}
CLOCKS = {
    State.SUSPECTED: "hazard.verify.taken_over", State.CONFIRMED: "hazard.assign",
    State.ASSIGNED: "hazard.return_assignment", State.ORDERED: "hazard.limit", State.RECTIFYING: "hazard.limit",
    State.RECHECK_REQUESTED: "hazard.recheck", State.RECHECKING: "hazard.recheck", State.REOPENED: "hazard.assign",
    State.VERIFIED: "hazard.close",
}  # fmt: skip
"""State → the clock that runs in it."""
UNGRADED = frozenset({State.SUSPECTED, State.DISMISSED, State.MERGED})
UNORDERED = UNGRADED | {State.CONFIRMED, State.ASSIGNED, State.VOID}

COLUMNS = (
    "id", "version", "area_code", "serial", "number", "state", "grade", "category", "what", "enterprise_id", "place",
    "imminent_danger", "claimed_at", "registered_at", "handling_authority_id", "lead_authority_id",
    "co_authority_ids", "handlers", "township", "pairs", "officer_ids", "clocks", "next_due_at", "next_due_key",
    "next_owed_by", "routing_rule",
    "returns", "criterion_ids", "certainties", "limit", "suspension", "extension", "extensions", "enforcement",
    "listing", "escalation", "recurrent", "self_governed", "channel", "delivered", "cycle", "open_items",
    "rechecked_by", "looked_back", "ordered_at", "closed_at",
)  # fmt: skip
_CERTAINTIES = dumps(
    {
        "responsible_person": "厂长", "measures": "停用、检修并加装联锁", "funds_yuan": 20000.0, "limit": "2026-10-10",
        "contingency_plan": "停产撤人",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handout:
    """How large the county is; whoever asks must know whom it holds."""

    hazards: int

    @property
    def enterprises(self) -> int:
        return max(20, round(self.hazards / HAZARDS_AN_ENTERPRISE))

    def enterprise(self, nth: int) -> UUID:
        return UUID(int=0xE << 64 | nth)

    def hazard(self, nth: int) -> UUID:
        return UUID(int=0xDA << 64 | nth * 0x9E3779B97F4A7C15 % (1 << 64))


def officer(authority: int, nth: int) -> UUID:
    return UUID(int=0xF0000 + authority * 0x100 + nth)


class Rows:
    """Draws the hazards in the order in which they were registered."""

    def __init__(self, handout: Handout, draw: Random) -> None:
        self.handout = handout
        self.random = draw.random
        self._draw = draw
        towns = draw.choices(TOWNSHIPS, [1 / (nth + 3) for nth in range(len(TOWNSHIPS))], k=handout.enterprises)
        self.homes = [f"{town}{201 + draw.randrange(VILLAGES)}" for town in towns]
        """Where each enterprise is; a few towns have most of them."""
        self._open, self._done = _pot(OPEN), _pot(DONE)
        self._categories, self._channels = _pot(CATEGORIES), _pot(CHANNELS)
        self._suspension = _pot({"none": 60, "partial_stop": 25, "resumed": 15})
        self._extension = _pot({"none": 93, "requested": 2, "granted": 4, "refused": 1})
        self._enforcement = _pot({"none": 96, "case_open": 2, "executed": 2})
        self._listing = _pot({"none": 80, "listed": 12, "delisted": 8})
        self._escalation = _pot({0: 80, 1: 9, 2: 5, 3: 3, 4: 2, 5: 1})
        self._helpers = _pot({0: 84, 1: 12, 2: 4})

    def all(self) -> Iterator[tuple[Any, ...]]:
        handout = self.handout
        of_size = list(accumulate(1 / (nth + handout.enterprises / 3) ** 1.1 for nth in range(handout.enterprises)))
        owners = self._draw.choices(range(handout.enterprises), cum_weights=of_size, k=handout.hazards)
        young_from = handout.hazards - round(handout.hazards * OPEN_SHARE * YOUNG_SHARE / STILL_OPEN)
        old_open = OPEN_SHARE * (1 - YOUNG_SHARE)
        step, serials = (NOW - BEGAN) / (handout.hazards + 1), dict[int, int]()
        for nth, owner in enumerate(owners):
            registered = BEGAN + step * (nth + 1)
            serial = serials[registered.year] = serials.get(registered.year, 0) + 1
            is_open = self.random() < (STILL_OPEN if nth >= young_from else old_open)
            state = self._one(self._open if is_open else self._done)
            yield self._row(nth, f"H{registered.year}-{serial:06}", owner, registered, state)

    def _one(self, pot: list[Any]) -> Any:
        return pot[int(self.random() * len(pot))]

    def _row(self, nth: int, number: str, owner: int, registered: datetime, state: State) -> tuple[Any, ...]:
        random, one, enterprise, area = self.random, self._one, self.handout.enterprise(owner), self.homes[owner]
        category = one(self._categories)
        lead = LEADS.get(category, BY_INDUSTRY[owner % len(BY_INDUSTRY)])
        handling = lead if random() < 0.9 else int(random() * len(AUTHORITIES))
        led, ordered = state not in UNGRADED, state not in UNORDERED
        helpers = {int(random() * len(AUTHORITIES)) for _ in range(one(self._helpers))} - {lead} if led else set[int]()
        grade = ("major" if random() < 0.04 else "general") if led else None
        major = ordered and grade == "major"
        charged = [officer(lead, int(random() * OFFICERS)), officer(lead, int(random() * OFFICERS))] if ordered else []
        done = state in {State.CLOSED, State.VERIFIED}
        closed = None
        if state is State.CLOSED:
            closed = min(registered + timedelta(days=self._draw.expovariate(1 / 25)), NOW - timedelta(minutes=1))
        key, due = self._clock(state, registered, closed)
        owes = None if key is None else enterprise if key == "hazard.limit" else AUTHORITIES[lead]
        channel = one(self._channels)
        address = (
            f'{{"area_code": "{area}", "address": "{owner} Mill Lane", "lon": {114.9 + random() / 5:.6f}, '
            f'"lat": {35.9 + random() / 5:.6f}}}'
        )
        what = f"{one(WHERE)}{one(WHICH)}{one(WHAT)}，{one(WHERE)}{one(WHICH)}{one(WHAT)}（{nth % 997}号）"
        return (
            self.handout.hazard(nth), 3, area, nth + 1, number, state.value, grade, category.value, what, enterprise,
            address, random() < 0.015, registered - timedelta(hours=self._draw.expovariate(1 / 30)), registered,
            AUTHORITIES[handling], AUTHORITIES[lead] if led else None, dumps([TEXTS[each] for each in helpers]),
            [AUTHORITIES[each] for each in sorted({handling, *helpers, *([lead] if led else [])})], area[:9],
            pairs(folded(what)), charged, _clocks(key), due, key, owes, "category" if led else None, 0, "[]",
            _CERTAINTIES if major else None,
            (registered + timedelta(days=20)).date() if ordered else None, one(self._suspension) if major else "none",
            one(self._extension) if ordered else "none", 0, one(self._enforcement) if ordered else "none",
            one(self._listing) if major else "none", one(self._escalation) if due and due < NOW else 0,
            random() < 0.05, channel is Channel.SELF_CHECK and random() < 0.7, channel.value, ordered, 1,
            int(ordered and not done), dumps([str(each) for each in charged]) if done else "[]", 0,
            registered + timedelta(hours=6) if ordered else None, closed,
        )  # fmt: skip

    def _clock(self, state: State, registered: datetime, closed: datetime | None) -> tuple[str | None, datetime | None]:
        """Give the clock that runs and when it ends; of a hazard that was closed lately the next look back."""
        if (key := CLOCKS.get(state)) is not None:
            began = NOW if state is State.VERIFIED else registered
            return key, began + timedelta(days=self._draw.expovariate(1 / 18))
        if closed is None or closed < NOW - timedelta(days=88):
            return None, None
        if closed > NOW - timedelta(days=29):
            return "hazard.lookback.first", closed + timedelta(days=30)
        return "hazard.lookback.second", closed + timedelta(days=90)


def _clocks(first: str | None) -> list[str]:
    """Give all the clocks that run beside the first."""
    return [] if first is None else [first, "hazard.lookback.second"] if first == "hazard.lookback.first" else [first]


def _pot(words: Mapping[Any, int]) -> list[Any]:
    """Give each word as often as its number says, to be drawn from."""
    return [word for word, times in words.items() for _ in range(times)]
