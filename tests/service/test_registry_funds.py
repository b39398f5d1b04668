"""Safety funds: exact money, a ledger that is only ever added to, and a balance that many may move at once."""

from asyncio import gather
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from registry_county import (
    AUDITOR,
    BAKER,
    MANAGER,
    MILL,
    OFFICER,
    OPERATOR,
    OTHER_TOWN,
    TOWN_CLERK,
    VOLUNTEER,
    WORKER,
    settle_in,
    slug,
)

from shared.auth import Actor
from shared.contracts.registry import FundEntered, FundPlanned
from shared.testing import OpenPlatform, Platform

FUND = f"/enterprises/{MILL}/fund"
FIFTY_MILLION = 5_000_000_000
DUE = 135_000_000
"""10 M x 4.5 % + 40 M x 2.25 % = 1,350,000 yuan, in fen."""
CLERK_OF_THE_WEST = Actor(UUID(int=10), "township", None, OTHER_TOWN, "en", "Clerk of the west")


def extraction(on: str = "2026-01-10", **more: Any) -> dict[str, Any]:
    return {"move": "extraction", "on": on, "sector": "hazardous_goods", "base_fen": FIFTY_MILLION, **more}


def use(amount_fen: int, on: str = "2026-02-01", purpose: str = "emergency") -> dict[str, Any]:
    return {"move": "use", "on": on, "use": purpose, "amount_fen": amount_fen}


def reversal(entry_id: UUID, on: str = "2026-03-01") -> dict[str, Any]:
    return {"move": "reversal", "on": on, "reverses": str(entry_id)}


async def enter(platform: Platform, body: dict[str, Any], entry_id: UUID | None = None, who: Actor = MANAGER) -> Any:
    async with platform.client("registry", who) as http:
        return await http.put(f"{FUND}/entries/{entry_id or uuid4()}", json=body)


async def shown(platform: Platform, who: Actor = MANAGER) -> Any:
    async with platform.client("registry", who) as http:
        return (await http.get(FUND)).json()


async def test_the_rate_of_the_day_is_applied_and_told_with_its_source(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        entry = (await enter(platform, extraction())).json()
        assert entry["amount_fen"] == entry["applied"]["due_fen"] == DUE
        assert (entry["applied"]["mark"], entry["applied"]["base"]) == ("K", "last_year_revenue")
        assert "check before use" in entry["applied"]["source"]
        part = (await enter(platform, extraction(amount_fen=DUE // 12))).json()
        assert (part["amount_fen"], part["applied"]["due_fen"]) == (11_250_000, DUE)
        await platform.settle(redeliver=3)
        told = [each for each in platform.events(FundEntered) if isinstance(each, FundEntered)]
        assert [(each.amount_fen, each.balance_fen) for each in told] == [(DUE, DUE), (11_250_000, DUE + 11_250_000)]


async def test_an_entry_is_written_once_and_never_changed(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        entry_id = uuid4()
        answers = await gather(*(enter(platform, extraction(), entry_id) for _ in range(4)))
        assert [answer.status_code for answer in answers] == [200] * 4
        assert len({answer.text for answer in answers}) == 1
        for other in (use(5), extraction(on="2026-01-11"), extraction(note="another"), extraction(amount_fen=1)):
            refused = await enter(platform, other, entry_id)
            assert (refused.status_code, slug(refused)) == (409, "entry-id-taken")
        assert (await shown(platform))["balance_fen"] == DUE


async def test_many_who_enter_at_once_lose_nothing(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        answers = await gather(*(enter(platform, use(n)) for n in range(1, 13)))
        assert [answer.status_code for answer in answers] == [200] * 12
        fund = await shown(platform)
        assert (fund["balance_fen"], fund["overdrawn"]) == (-78, True)
        await platform.settle(redeliver=3)
        told = [each for each in platform.events(FundEntered) if isinstance(each, FundEntered)]
        assert [each.balance_fen for each in told][-1] == -78
        balances = [0, *(each.balance_fen for each in told)]
        assert [after - before for before, after in pairwise(balances)] == [each.amount_fen for each in told]


async def test_a_wrong_entry_is_taken_back_by_one_reversal(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        wrong, back = uuid4(), uuid4()
        await enter(platform, extraction())
        await enter(platform, use(500), wrong)
        taken = await enter(platform, reversal(wrong), back)
        assert (taken.json()["amount_fen"], taken.json()["use"]) == (500, "emergency")
        assert (await enter(platform, reversal(wrong), back)).json() == taken.json()
        refusals = {
            "reversed-already": await enter(platform, reversal(wrong)),
            "not-reversible": await enter(platform, reversal(back)),
            "not-found": await enter(platform, reversal(uuid4())),
        }
        assert {told: slug(answer) for told, answer in refusals.items()} == {told: told for told in refusals}
        fund = await shown(platform)
        assert (fund["balance_fen"], fund["years"][0]["used_fen"]) == (DUE, 0)


async def test_of_two_reversals_at_once_one_wins(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        wrong = uuid4()
        await enter(platform, use(500), wrong)
        answers = await gather(*(enter(platform, reversal(wrong)) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert (await shown(platform))["balance_fen"] == 0


async def test_the_balance_goes_over_the_end_of_the_year_beside_plan_and_use(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", MANAGER) as http:
        await settle_in(platform)
        bases = [{"sector": "hazardous_goods", "base_fen": FIFTY_MILLION}, {"sector": "freight", "base_fen": 100_000}]
        ask = {"planned_fen": 140_000_000, "bases": bases}
        for _ in range(2):
            plan = await http.put(f"{FUND}/plans/2026", json=ask)
            assert (plan.status_code, plan.json()["due_fen"]) == (200, DUE + 1_000)
        await enter(platform, extraction(on="2025-12-31"))
        await enter(platform, use(35_000_000, on="2025-12-31", purpose="insurance"))
        await enter(platform, use(90_000_000, on="2026-01-01"))
        await enter(platform, use(20_000_000, on="2026-09-30"))
        fund = await shown(platform)
        assert (fund["balance_fen"], fund["overdrawn"]) == (-10_000_000, True)
        before, now = fund["years"]
        assert (before["year"], before["closing_fen"], before["overdrawn"]) == (2025, 100_000_000, False)
        assert before["used_by_class"] == {"insurance": 35_000_000}
        assert (now["opening_fen"], now["planned_fen"], now["due_fen"]) == (100_000_000, 140_000_000, DUE + 1_000)
        assert (now["extracted_fen"], now["used_fen"], now["closing_fen"]) == (0, 110_000_000, -10_000_000)
        await platform.settle(redeliver=3)
        [told] = platform.events(FundPlanned)
        assert isinstance(told, FundPlanned)
        assert (told.year, told.planned_fen, told.due_fen, told.balance_fen) == (2026, 140_000_000, DUE + 1_000, 0)
        assert await platform.dead_letters() == []


async def test_who_reads_a_ledger_and_who_writes_it(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        writers = {WORKER: 403, OFFICER: 403, TOWN_CLERK: 403, VOLUNTEER: 403, BAKER: 404, MANAGER: 200, OPERATOR: 200}
        for who, status in writers.items():
            assert (await enter(platform, use(1), who=who)).status_code == status
            async with platform.client("registry", who) as http:
                ask = {"planned_fen": 1, "bases": [{"sector": "freight", "base_fen": 1}]}
                assert (await http.put(f"{FUND}/plans/2026", json=ask)).status_code == status
        readers = {VOLUNTEER: 403, WORKER: 403, AUDITOR: 403, BAKER: 404, CLERK_OF_THE_WEST: 404}
        readers |= {MANAGER: 200, OFFICER: 200, TOWN_CLERK: 200, OPERATOR: 200, None: 401}
        for who, status in readers.items():
            async with platform.client("registry", who) as http:
                assert (await http.get(FUND)).status_code == status
                assert (await http.get(f"{FUND}/entries")).status_code == status


async def test_the_entries_are_listed_page_by_page_the_last_first(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OFFICER) as http:
        await settle_in(platform)
        for amount in (1, 2, 3):
            platform.travel(seconds=1)
            await enter(platform, use(amount))
        first = (await http.get(f"{FUND}/entries", params={"limit": 2})).json()
        assert [item["amount_fen"] for item in first["items"]] == [-3, -2]
        rest = (await http.get(f"{FUND}/entries", params={"limit": 2, "after": first["next"]})).json()
        assert ([item["amount_fen"] for item in rest["items"]], rest["next"]) == ([-1], None)


async def test_an_entry_that_cannot_be_is_refused_with_its_reason(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        faults: list[tuple[dict[str, Any], str]] = [
            (use(1, on="2026-10-01"), "date-ahead"),
            (extraction(sector="coal"), "no-rate"),
            (extraction(on="2021-12-31"), "no-rate"),
            (use(0), "invalid-request"),
            (use(-5), "invalid-request"),
            ({**use(1), "amount_fen": 1.5}, "invalid-request"),
            (use(10**15 + 1), "invalid-request"),
            (use(1, purpose="party"), "invalid-request"),
            ({**use(1), "move": "reversal"}, "invalid-request"),
        ]
        for body, told in faults:
            answer = await enter(platform, body)
            assert (answer.status_code, slug(answer)) == (422, told), body
        assert await platform.rows("registry", "select id from fund_entries") == []
