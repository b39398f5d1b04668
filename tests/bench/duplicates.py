"""How fast a desk is shown what may be the same matter, among ten thousand claims and a million; by place and words."""

import json
import math
import time
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from figures import BenchBroken, Figure, at_most, percentile

from services.inspection.docket.domain import likeness
from shared.auth import Actor
from shared.contracts.values import Category, Channel
from shared.embedded.files import temporary_directory
from shared.embedded.postgres import postgres
from shared.raw import RawConnection, connect
from shared.testing import START, Platform, open_platform

NAMES = ("docket.duplicates", "docket.duplicates.growth")
FEW, MANY = 10_000, 1_000_000
P99_MS, GROWTH = 50.0, 2.0
OPEN_SHARE = 0.04
REPEATED = 0.2
"""Share of claims that tell of a matter which somebody told of before, in other words."""
ENTERPRISES = 20_000
DAYS = 730
WARMING = 20
COUNTY = "990901"
AUTHORITIES = [UUID(int=100 + nth % 4) for nth in range(6)]
"""Four, of which two have twice the work."""
COMMITTEE = Actor(UUID(int=1), "committee", UUID(int=2), COUNTY, "zh", "Committee")

_WHERE = (
    "一号车间 二号线 成品仓库 原料堆场 配电室 锅炉房 东侧厂区门口 三楼走廊 地下车库 食堂后厨 粉碎工段 喷漆房 装卸平台 "
    "危化品库 宿舍楼 空压机房 污水处理站 外墙脚手架 筒仓顶部 液氨罐区"
)
_WHAT = (
    "积尘很厚，电机外壳看不清颜色 消防通道被货物堵住 安全出口上锁 灭火器压力不足，已过期 配电箱没有盖，电线裸露 "
    "燃气软管老化，能闻到气味 行车限位器失灵 锯床防护罩缺失 有人无证焊接 受限空间没有通风检测 临边没有护栏 "
    "堆垛超高，倾斜 叉车超速，没有警示灯 压力表没有检定标签 应急灯不亮 防爆电器用普通开关替换 气瓶未固定，混放 "
    "脚手架缺少扣件 除尘风机停用 员工没有佩戴防护用品 可燃液体敞口存放 排烟管道积油 电缆沟进水 安全阀铅封缺失"
)
_SAID = (
    "已经好几天了 上周就这样 问过班长说不用管 晚上尤其严重 旁边还有人在动火 照片是今天拍的 希望尽快处理 "
    "以前整改过又恢复原样 听说去年出过事 工人都不敢说 离居民楼不到二十米 下雨的时候更危险"
)
WHERE, WHAT, SAID = (words.split() for words in (_WHERE, _WHAT, _SAID))
COLUMNS = (
    "id", "version", "area_code", "number", "state", "claim_service", "claim_id", "channel", "reporter_ref",
    "authority_id", "routing_rule", "enterprise_id", "place", "lon", "lat", "category", "what", "likeness", "evidence",
    "imminent_danger", "claimed_at",
)  # fmt: skip
_ENDED = ("rejected", "merged", "unfounded", "answered", "closed")
_OPEN = ("received", "accepted", "accepted", "transferred", "substantiated", "substantiated")


@dataclass(frozen=True, slots=True)
class _Matter:
    """What one or more claims tell of."""

    enterprise: int
    place: tuple[float, float]
    category: Category
    what: str
    is_open: bool
    age_days: float


def _text(draw: Random) -> str:
    parts = [draw.choice(WHERE), draw.choice(WHAT)]
    for _ in range(draw.choice((0, 0, 1, 1, 2, 4))):
        parts += [draw.choice(SAID), draw.choice(WHERE), draw.choice(WHAT)]
    return "，".join(parts)


def _matters(draw: Random, entries: int) -> Iterator[_Matter]:
    """Give what claims tell of, one after the other; a few enterprises are told of by many."""
    towns = [(116.7 + draw.random() * 0.6, 35.8 + draw.random() * 0.5) for _ in range(17)]
    sites = [_near(draw, draw.choice(towns), 4000) for _ in range(ENTERPRISES)]
    lately: deque[_Matter] = deque(maxlen=50)
    for _ in range(entries):
        if lately and draw.random() < REPEATED:
            yield draw.choice(lately)
            continue
        which = int(ENTERPRISES * draw.random() ** 2.2)
        is_open = draw.random() < OPEN_SHARE
        matter = _Matter(
            which,
            sites[which] if draw.random() < 0.8 else draw.choice(towns),
            draw.choice(list(Category)),
            _text(draw),
            is_open,
            draw.random() * (180 if is_open and draw.random() < 0.95 else DAYS),
        )
        lately.append(matter)
        yield matter


def _rows(draw: Random, entries: int) -> Iterator[tuple[Any, ...]]:
    """Give claims of two years; those that are open are mostly of the last half of one."""
    for nth, matter in enumerate(_matters(draw, entries)):
        lon, lat = _near(draw, matter.place, 60)
        what = f"{draw.choice(SAID)}，{matter.what}{draw.choice(('。', '！', ''))}"
        township = f"{COUNTY}{matter.enterprise % 17 + 1:03}"
        place = {"area_code": township, "address": f"{nth} Mill Lane", "lon": lon, "lat": lat}
        picture = {"id": str(_id(draw)), "owner": "volunteer", "sha256": "0" * 64, "media_type": "image/jpeg"}
        yield (
            _id(draw), 1, township, f"F2026-{nth:07}", draw.choice(_OPEN if matter.is_open else _ENDED), "volunteer",
            _id(draw), draw.choice(list(Channel)), _id(draw), draw.choice(AUTHORITIES), "industry",
            UUID(int=10_000 + matter.enterprise) if draw.random() < 0.7 else None, json.dumps(place), lon, lat,
            matter.category, what, likeness(what), json.dumps([picture]), draw.random() < 0.02,
            START - timedelta(days=matter.age_days + draw.random()),
        )  # fmt: skip


def _id(draw: Random) -> UUID:
    return UUID(int=draw.getrandbits(128), version=4)


def _near(draw: Random, place: tuple[float, float], metres: float) -> tuple[float, float]:
    away, angle = metres * math.sqrt(draw.random()) / 111_320, draw.random() * 2 * math.pi
    return place[0] + away * math.cos(angle) / 0.81, place[1] + away * math.sin(angle)


async def duplicates(_: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Ask of open entries what may be the same matter, of the service itself: route, rules, database, answer."""
    many = MANY // 10 if quick else MANY
    few_ms, _found = await _measured(FEW, 200)
    many_ms, found = await _measured(many, 200 if quick else 600)
    said = f"p50 {percentile(many_ms, 0.5):.1f} ms, slowest {many_ms[-1]:.1f} ms; {found / len(many_ms):.1f} suggested"
    yield at_most(
        "docket.duplicates",
        percentile(many_ms, 0.99),
        "ms",
        P99_MS,
        f"p99 of {len(many_ms)} questions among {many:,} entries of two years, {OPEN_SHARE:.0%} open, of "
        f"{ENTERPRISES:,} enterprises, one after the other, by the entry's desk and by the committee; {said}",
    )
    few, most = percentile(few_ms, 0.5), percentile(many_ms, 0.5)
    yield at_most(
        "docket.duplicates.growth",
        most / few,
        "×",
        GROWTH,
        f"p50 among {many:,} entries against p50 among {FEW:,}: {most:.1f} ms and {few:.1f} ms; "
        f"p99 {percentile(many_ms, 0.99):.1f} ms and {percentile(few_ms, 0.99):.1f} ms",
    )


async def _measured(entries: int, questions: int) -> tuple[list[float], int]:
    """Give how long each question took, sorted, and how many entries were suggested in all."""
    with temporary_directory() as folder:
        async with postgres(folder / "postgres", roles={"inspection": "bench"}) as server:
            url = server.url("inspection")
            common = {"evidence_url": (folder / "evidence").as_uri(), "public_url": "http://gateway", "printers": 0}
            async with open_platform(["inspection"], {"inspection": url}, common) as platform:
                service = platform.service("inspection")
                async with service.database.engine.begin() as tx:
                    await tx.run_sync(service.metadata.create_all)
                asked = await _load(url, entries, questions)
                return await _asked(platform, asked)


async def _load(url: str, entries: int, questions: int) -> list[tuple[UUID, UUID]]:
    """Fill the docket; give entries to ask about: some of any, and some of the enterprise that is named most."""
    connection: RawConnection = await connect(url)
    try:
        await connection.copy_records_to_table("docket_entries", records=_rows(Random(73), entries), columns=COLUMNS)
        await connection.execute("vacuum analyze docket_entries")
        drawn = await connection.fetch(
            "(select id, authority_id from docket_entries where state in ('received', 'accepted')"
            " order by md5(id::text) limit $1) union all"
            " (select id, authority_id from docket_entries where state = 'received' and enterprise_id ="
            " (select enterprise_id from docket_entries where enterprise_id is not null and state = 'received'"
            " group by 1 order by count(*) desc limit 1) limit $2)",
            questions * 9 // 10,
            questions // 10,
        )
    finally:
        await connection.close()
    return [(row["id"], row["authority_id"]) for row in drawn]


async def _asked(platform: Platform, entries: list[tuple[UUID, UUID]]) -> tuple[list[float], int]:
    """Ask about each entry; the first questions are asked twice, for they find nothing prepared."""
    times: list[float] = []
    found = 0
    for nth, (entry_id, authority_id) in enumerate([*entries[:WARMING], *entries]):
        desk = Actor(UUID(int=3), "authority.desk", authority_id, COUNTY, "zh", "Desk")
        async with platform.client("inspection", COMMITTEE if nth % 4 == 0 else desk) as http:
            began = time.perf_counter()
            answer = await http.get(f"/docket/{entry_id}/similar")
            times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise BenchBroken(f"{entry_id}: {answer.text}")
        found += len(answer.json()["items"])
    if not found:
        raise BenchBroken("nothing was suggested, so nothing was compared")
    return sorted(times[WARMING:]), found
