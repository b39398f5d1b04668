"""A POST that is sent again with its Idempotency-Key is done once, and answered as it was the first time."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import hazard_stages as stages
import httpx
import inspection_county as county
import pytest
from registry_county import slug

from shared import once
from shared.auth import Actor
from shared.errors import Conflict
from shared.raw import connect
from shared.testing import START, OpenPlatform, Platform

KEY = "order-2026-001"
REPORT = {"place": {"area_code": county.TOWN}, "category": "dust", "what": "Dust on the motors"}
MORE = {"what": "It smells of smoke now"}


async def report_of(platform: Platform, who: Actor) -> str:
    address = f"/reports/{uuid4()}"
    async with platform.client("volunteer", who) as http:
        assert (await http.put(address, json=REPORT)).status_code == 201
    return f"{address}/additions"


async def add(
    platform: Platform, address: str, who: Actor = county.volunteer, key: str | None = KEY, **body: Any
) -> httpx.Response:
    headers = {} if key is None else {"idempotency-key": key}
    async with platform.client("volunteer", who) as http:
        return await http.post(address, json=body or MORE, headers=headers)


async def additions(platform: Platform) -> int:
    """Count the facts that followed the reports themselves."""
    return (await platform.rows("volunteer", "select sum(version) - count(*) as n from reports"))[0]["n"]


async def test_a_retry_does_nothing_and_gets_the_first_answer(services_here: OpenPlatform):
    async with services_here("volunteer") as platform:
        address = await report_of(platform, county.volunteer)
        first, again = await add(platform, address), await add(platform, address)
        assert first.status_code == 200
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["content-type"] == first.headers["content-type"]
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        assert again.headers["x-request-id"] != first.headers["x-request-id"]
        assert await additions(platform) == 1
        await add(platform, address, key=None)
        await add(platform, address, key="another")
        assert await additions(platform) == 3


async def test_one_key_is_for_one_content_of_one_person_at_one_address(services_here: OpenPlatform):
    async with services_here("volunteer") as platform:
        address = await report_of(platform, county.volunteer)
        assert (await add(platform, address)).is_success
        reused = await add(platform, address, what="Something else")
        assert (reused.status_code, slug(reused)) == (422, "idempotency-key-reused")
        elsewhere = await add(platform, await report_of(platform, county.volunteer))
        assert elsewhere.is_success
        other = Actor(uuid4(), "volunteer", None, county.TOWN)
        theirs = await add(platform, await report_of(platform, other), other)
        assert theirs.is_success
        assert "idempotency-replayed" not in theirs.headers
        assert await additions(platform) == 3


async def test_of_two_strangers_with_one_key_each_is_heard(services_here: OpenPlatform):
    async with services_here("volunteer") as platform:
        codes: list[str] = []
        async with platform.client("volunteer") as http:
            for _ in range(2):
                filed = await http.put(f"/reports/{uuid4()}", json=REPORT)
                codes.append(filed.json()["tracking_code"])
            shown = [
                await http.post("/tracking", json={"tracking_code": code}, headers={"idempotency-key": "1"})
                for code in (*codes, codes[0])
            ]
        assert [answer.status_code for answer in shown] == [200, 200, 200]
        assert shown[0].json()["id"] != shown[1].json()["id"]
        assert shown[2].content == shown[0].content


async def test_what_is_refused_is_kept_nowhere_and_may_be_sent_again(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        hazard = await stages.assigned(platform)
        async with platform.client("inspection", county.li) as http:
            keyed = {"idempotency-key": KEY}
            for ask in ({}, {**stages.ORDER, "limit": "2020-01-01"}):
                assert (await http.post(f"{hazard}/order", json=ask, headers=keyed)).status_code == 422
            assert await platform.rows("inspection", "select * from kept_answers") == []
            done = await http.post(f"{hazard}/order", json=stages.ORDER, headers=keyed)
            assert done.status_code == 200, done.text
            again = await http.post(f"{hazard}/order", json=stages.ORDER, headers=keyed)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json()["state"] == "ordered"


@pytest.mark.parametrize("key", ["", " ", "two words", "x" * 65, "é", "tab\t"])
async def test_a_key_is_short_and_printable(services_here: OpenPlatform, key: str):
    async with services_here("volunteer") as platform:
        address = await report_of(platform, county.volunteer)
        async with platform.client("volunteer", county.volunteer) as http:
            answer = await http.post(address, json=MORE, headers=[("idempotency-key", key.encode("latin-1"))])
        assert (answer.status_code, slug(answer)) == (400, "bad-idempotency-key")
        assert await additions(platform) == 0


async def test_of_two_at_once_one_acts_and_both_hear_of_it(services_here: OpenPlatform):
    async with services_here("volunteer") as platform:
        address = await report_of(platform, county.volunteer)
        answers = await asyncio.gather(*(add(platform, address) for _ in range(4)))
        assert {answer.content for answer in answers} == {answers[0].content}
        assert sorted("idempotency-replayed" in answer.headers for answer in answers) == [False, True, True, True]
        assert await additions(platform) == 1


async def test_who_comes_while_the_first_is_still_at_work_is_told_to_wait(
    services_here: OpenPlatform, postgres_server: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(once, "OTHER_ACTS_WITHIN_S", 0.2)
    async with services_here("volunteer") as platform:
        address = await report_of(platform, county.volunteer)
        await add(platform, address)
        first = await connect(postgres_server.url("volunteer"))
        try:
            async with first.transaction():
                await first.execute("delete from kept_answers")  # what becomes of the key is not decided yet
                answer = await add(platform, address)
        finally:
            await first.close()
        assert (answer.status_code, slug(answer)) == (409, "still-being-done")
        assert await additions(platform) == 1


async def test_where_the_answer_was_lost_the_thing_is_not_done_again(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(once, "OTHER_ACTS_WITHIN_S", 0.2)
    async with services_here("volunteer") as platform:
        address = await report_of(platform, county.volunteer)
        with monkeypatch.context() as patch:
            patch.setattr(once, "MAX_ANSWER_BYTES", 10)
            first = await add(platform, address)
            assert first.json()["id"] in address
        for _ in range(2):
            again = await add(platform, address)
            assert (again.status_code, slug(again)) == (409, "already-done")
        assert await additions(platform) == 1


async def test_a_key_is_forgotten_after_a_day_whether_or_not_its_row_was_removed(services_here: OpenPlatform):
    async with services_here("volunteer") as platform:
        address = await report_of(platform, county.volunteer)
        await add(platform, address)
        platform.travel(hours=25)
        assert "idempotency-replayed" not in (await add(platform, address)).headers
        assert await additions(platform) == 2
        database = platform.service("volunteer").database
        assert await once.forget(database, START + timedelta(hours=24)) == 0
        assert await once.forget(database, platform.now + timedelta(seconds=1)) == 1


async def test_many_keys_are_forgotten_in_batches(services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(once, "FORGOTTEN_AT_ONCE", 10)
    async with services_here("volunteer") as platform:
        database = platform.service("volunteer").database
        fill = "insert into kept_answers select int4send(n), '', now() from generate_series(1, 25) n"
        await (await database.pool()).execute(fill)
        assert await once.forget(database, START.replace(year=9000)) == 25


async def test_the_gateway_passes_the_key_on_and_the_replay_back(services_here: OpenPlatform):
    async with services_here("volunteer", "gateway") as platform:
        address = await report_of(platform, county.volunteer)
        async with platform.client("gateway", county.volunteer) as http:
            answers = [
                await http.post(f"/api/v1{address}", json=MORE, headers={"idempotency-key": KEY}) for _ in range(2)
            ]
        assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true"]
        assert answers[0].content == answers[1].content
        assert await additions(platform) == 1


async def test_a_lost_row_is_told_as_done_rather_than_done_again() -> None:
    """The row may be removed between the insert and the look: nothing is known then, so nothing is done."""

    class Gone:
        async def fetchrow(self, *_: object) -> None:
            return None

    assert isinstance(await once._known(Gone(), b"", b"", START), Conflict)  # type: ignore[arg-type] — a part of it
