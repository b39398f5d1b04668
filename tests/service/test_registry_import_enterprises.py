"""A county's list of enterprises, with all that it says of each; what it does not say stays as it was."""

from typing import Any

import pytest
from county_files import as_csv
from handing_in import brought_in, counts, faults_of, handed_in
from registry_county import MILL, OPERATOR, THE_MILL, VILLAGE, settle_in

from shared.contracts.registry import EnterpriseRegistered
from shared.testing import OpenPlatform

WHOLE: dict[str, Any] = {
    **THE_MILL,
    "legal_rep": "王示例",
    "phone": "0471-1234567",
    "registered_capital_fen": 500_000_000,
    "established_on": "2015-06-01",
    "standing": "suspended",
    "registered_addr": "示例街 2 号",
    "sector": "light_industry",
    "scale": "small",
    "dispatched_workers": 5,
    "output_value_fen": 1_234_567_89,
    "shifts": 2,
    "high_hazard": True,
    "crowded": False,
    "mixed_living": True,
}
FIRST = {
    "统一社会信用代码": THE_MILL["uscc"],
    "企业名称": THE_MILL["name_zh"],
    "英文名称": THE_MILL["name_en"],
    "行业代码": "C1310",
    "区划编码": VILLAGE,
    "地址": "1 Bridge Road",
    "经度": "110.5",
    "纬度": "40.5",
    "从业人数": "120",
}
WIDE = {
    **FIRST,
    "法定代表人": "王示例",
    "联系电话": "0471-1234567",
    "注册资本（万元）": "500",
    "成立日期": "2015年6月1日",
    "登记状态": "歇业",
    "注册地址": "示例街 2 号",
    "监管行业领域": "轻工",
    "企业规模": "小型",
    "劳务派遣人数": "5",
    "年产值": "1234567.89元",
    "班次": "2",
    "是否高危行业": "是",
    "人员密集场所": "no",
    "三合一": "YES",
}


def table(row: dict[str, str]) -> bytes:
    return as_csv([list(row.values())], tuple(row))


async def test_a_wide_list_states_what_the_api_would_state(services_here: OpenPlatform) -> None:
    told: list[Any] = []
    kept: list[Any] = []
    for by_api in (True, False):
        async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
            await settle_in(platform)
            if by_api:
                assert (await http.put(f"/enterprises/{MILL}", json=WHOLE)).status_code == 200
                await platform.settle()
            else:
                assert counts(await brought_in(platform, http, "enterprises", table(WIDE))) == (1, 0, 1, 0, 0)
                assert counts(await brought_in(platform, http, "enterprises", table(WIDE))) == (1, 0, 0, 1, 0)
            told.append(platform.events(EnterpriseRegistered)[-1].model_dump(exclude={"at"}))
            kept += await platform.rows("registry", "select * from enterprises where id = :id", id=MILL)
    assert told[0] == told[1]
    assert kept[0] == kept[1]
    assert (kept[1]["registered_capital_fen"], kept[1]["output_value_fen"]) == (500_000_000, 123_456_789)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_narrow_list_leaves_what_it_does_not_name_and_a_wide_export_comes_back(
    services_here: OpenPlatform, form: str
) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR, "zh") as http:
        await settle_in(platform)
        await brought_in(platform, http, "enterprises", table(WIDE))
        taken = await http.get("/exports/enterprises", params={"format": form})
        assert counts(await brought_in(platform, http, "enterprises", taken.content)) == (2, 0, 0, 2, 0)
        moved = table({**FIRST, "地址": "9 Bridge Road"})
        assert counts(await brought_in(platform, http, "enterprises", moved)) == (1, 0, 1, 0, 0)
        now = (await http.get(f"/enterprises/{MILL}")).json()
        assert now["address"] == "9 Bridge Road"
        assert {name: now[name] for name in WHOLE.keys() - THE_MILL.keys()} == {
            name: WHOLE[name] for name in WHOLE.keys() - THE_MILL.keys()
        }


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("注册资本", "500", "amount-without-unit"),
        ("注册资本（元）", "about 500", "amount-malformed"),
        ("注册资本（亿元）", "99999999999", "amount-too-large"),
        ("成立日期", "2999-01-01", "not-yet-established"),
        ("登记状态", "好", "word-unknown"),
        ("班次", "7", "number-out-of-range"),
        ("高危行业", "也许", "word-unknown"),
    ],
)
async def test_what_a_wide_list_says_wrongly_is_told(
    services_here: OpenPlatform, column: str, cell: str, why: str
) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        job = await handed_in(platform, http, "enterprises", table({**FIRST, column: cell}))
        assert [fault["slug"] for fault in await faults_of(http, job)] == [why]
        dollars = await handed_in(platform, http, "enterprises", table({**FIRST, "注册资本（美元）": "5"}))
        assert (dollars["state"], dollars["refusal"]["slug"]) == ("unreadable", "unit-unknown")
