import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import fastapi.routing
import httpx
import pytest
import uvicorn

from services.notify.outside import workers
from services.notify.outside.actions import epoch, project
from services.notify.outside.domain import Scope
from services.notify.outside.queries import head, seen_by
from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.base import Envelope
from shared.contracts.registry import AreaRegistered, MembershipGranted, MembershipRevoked, PersonRegistered
from shared.contracts.values import Category, Channel, Grade, Role
from shared.testing import START, OpenPlatform, Platform, token

COUNTY, NORTH, SOUTH = "000000", "000000001", "000000002"
AGENCY, FIRE, ENTERPRISE = uuid4(), uuid4(), uuid4()
OFFICER = Actor(uuid4(), "authority.desk", FIRE, COUNTY, "en")
AUDITOR_FIRM = Actor(uuid4(), "agency", AGENCY, COUNTY, "en")
MANAGER = Actor(uuid4(), "enterprise.manager", ENTERPRISE, COUNTY, "en")
VOLUNTEER = Actor(uuid4(), "volunteer", None, COUNTY, "en")


def hazard(kind: type[facts.HazardFact], hazard_id: UUID, version: int, **changes: Any) -> tuple[UUID, int, Any]:
    values = {
        "at": START,
        "area_code": f"{NORTH}002",
        "hazard_id": hazard_id,
        "number": "H-2026-7",
        "state": "confirmed",
        "category": Category.FIRE,
        "what": "The east exit is blocked.",
        "grade": Grade.GENERAL,
        "enterprise_id": ENTERPRISE,
        "lead_authority_id": FIRE,
        "claims": (facts.ClaimRef(service="thirdparty", claim_id=uuid4(), source_party_id=AGENCY),),
        "routing_rule": "category",
        "order_id": uuid4(),
        "order_number": "O-7",
        "kind": "rectify",
        "limit": date(2026, 10, 9),
        "items": ("Clear the exit.",),
        "officers": (uuid4(),),
        "look_backs": (date(2026, 11, 1),),
        **changes,
    }
    return hazard_id, version, kind.model_validate(values)


def story(**changes: Any) -> list[tuple[UUID, int, Any]]:
    """One hazard from the confirmation to the closing."""
    hazard_id = uuid4()
    kinds = (facts.HazardConfirmed, facts.HazardAssigned, facts.OrderIssued, facts.HazardClosed)
    return [hazard(kind, hazard_id, version, **changes) for version, kind in enumerate(kinds, 1)]


def area(n: int) -> tuple[UUID, int, AreaRegistered]:
    code = f"{COUNTY}{n:03}"
    return uuid4(), 1, AreaRegistered(at=START, area_code=code, code=code, level="township", name_en="T", name_zh="镇")


async def read_all(platform: Platform, who: Actor, limit: int = 500) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: str | None = None
    async with platform.client("notify", who) as http:
        while True:
            page = (await http.get("/events", params={"limit": limit, **({"after": after} if after else {})})).json()
            found += page["items"]
            after = page["next"]
            if not page["more"]:
                return found


def facts_of(items: list[dict[str, Any]]) -> list[str]:
    return [item["type"].split(".")[-2] for item in items]


async def test_each_reads_its_own_part_of_the_story(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        await platform.announce(*story())
        await platform.settle(redeliver=3)
        assert facts_of(await read_all(platform, OFFICER)) == ["confirmed", "assigned", "ordered", "closed"]
        agency = await read_all(platform, AUDITOR_FIRM)
        own = [item for item in agency if item["channel"] == f"party:{AGENCY}"]
        assert facts_of(own) == ["confirmed", "assigned", "ordered", "closed"]
        assert [item["sequence"] for item in own] == [f"{n:010d}" for n in (1, 2, 3, 4)]
        assert {item["channel"] for item in agency} == {f"party:{AGENCY}", "public"}
        enterprise = [item for item in await read_all(platform, MANAGER) if item["channel"] != "public"]
        assert facts_of(enterprise) == ["ordered", "closed"]
        assert [item["sequence"] for item in enterprise] == ["0000000001", "0000000002"], "no gap tells of the rest"
        assert "claim" not in json.dumps(enterprise)
        public = await read_all(platform, VOLUNTEER)
        assert [item["data"] for item in public] == [{"category": "fire", "grade": "general"}]
        assert {(item["specversion"], item["source"]) for item in agency} == {("1.0", "/notify")}
        async with platform.client("notify") as http:
            assert (await http.get("/events")).status_code == 401
            assert (await http.get("/events/stream")).status_code == 401


async def test_docket_facts_are_for_authorities_and_the_source(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        entry_id = uuid4()
        received = facts.ReportReceived(
            at=START,
            area_code=NORTH,
            entry_id=entry_id,
            number="R-7",
            state=facts.ReportState.RECEIVED,
            claim=facts.ClaimRef(service="thirdparty", claim_id=uuid4(), source_party_id=AGENCY),
            channel=Channel.THIRD_PARTY_AUDIT,
            reporter_ref=uuid4(),
            category=Category.FIRE,
            authority_id=FIRE,
            enterprise_id=ENTERPRISE,
            claimed_at=START,
            routing_rule=facts.RoutingRule.CATEGORY,
            decide_by=START,
        )
        await platform.announce((entry_id, 1, received))
        await platform.settle(redeliver=3)
        [seen] = await read_all(platform, OFFICER)
        assert str(received.reporter_ref) not in json.dumps(seen)
        [own] = await read_all(platform, AUDITOR_FIRM)
        assert own["data"]["claim_id"] == str(received.claim.claim_id)
        for other in (MANAGER, VOLUNTEER, Actor(uuid4(), "agency", uuid4(), COUNTY, "en")):
            assert await read_all(platform, other) == []


async def test_an_authority_reads_its_own_area(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        await platform.announce(*story(), *story(area_code=SOUTH))
        await platform.settle()
        south = Actor(uuid4(), "township", uuid4(), SOUTH, "en")
        assert {item["area"] for item in await read_all(platform, south)} == {SOUTH}
        assert len(await read_all(platform, OFFICER)) == 8


async def test_pages_join_without_gap_or_double_and_the_last_cursor_waits(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        await platform.announce(*(area(n) for n in range(7)))
        await platform.settle(redeliver=3)
        one_by_one = await read_all(platform, VOLUNTEER, limit=1)
        assert [item["data"]["code"][-3:] for item in one_by_one] == [f"{n:03}" for n in range(7)]
        assert one_by_one == await read_all(platform, VOLUNTEER)
        async with platform.client("notify", VOLUNTEER) as http:
            end = (await http.get("/events")).json()["next"]
            empty = (await http.get("/events", params={"after": end})).json()
            assert (empty["items"], empty["next"], empty["more"]) == ([], end, False)
            await platform.announce(area(8))
            await platform.settle()
            [new] = (await http.get("/events", params={"after": end})).json()["items"]
            assert new["data"]["code"].endswith("008")


@pytest.mark.parametrize("cursor", ["nonsense", "00000000-1", "-", "a" * 200])
async def test_a_cursor_of_another_feed_is_told_and_begins_anew(services_here: OpenPlatform, cursor: str):
    async with services_here("notify") as platform:
        await platform.announce(area(1))
        await platform.settle()
        async with platform.client("notify", VOLUNTEER) as http:
            page = (await http.get("/events", params={"after": cursor})).json()
        assert page["reset"] is True
        assert len(page["items"]) == 1


async def test_a_cursor_ahead_of_a_restored_feed_is_told(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        async with platform.service("notify").database.transaction() as tx:
            mark = f"{await epoch(tx)}-{await head(tx) + 5}"
        async with platform.client("notify", VOLUNTEER) as http:
            assert (await http.get("/events", params={"after": mark})).json()["reset"] is True


async def test_a_grant_that_was_taken_away_counts_at_once(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        membership_id = uuid4()
        grant = MembershipGranted(
            at=START, area_code=COUNTY, membership_id=membership_id, person_id=OFFICER.id, party_id=FIRE,
            role=Role.AUTHORITY_DESK,
        )  # fmt: skip
        person = PersonRegistered(at=START, area_code=COUNTY, person_id=OFFICER.id, name="O", language="en")
        await platform.announce((OFFICER.id, 1, person), (membership_id, 1, grant), *story())
        await platform.settle()
        assert len(await read_all(platform, OFFICER)) == 4
        await platform.announce((membership_id, 2, MembershipRevoked.model_validate(grant.model_dump())))
        await platform.settle()
        assert facts_of(await read_all(platform, OFFICER)) == ["closed"], "what anybody may see"


async def test_the_database_and_the_tail_agree_on_what_a_scope_sees(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        await platform.announce(*story(), *story(area_code=SOUTH), area(1))
        await platform.settle()
        async with platform.service("notify").database.reading() as tx:
            everything = await workers.newest(tx, 0, 100)
            scopes = [
                Scope(channels=frozenset(channels), areas=areas, types=frozenset(types))
                for channels in ({"public"}, {"authority"}, {"public", f"party:{AGENCY}"}, set[str]())
                for areas in (("",), (NORTH,), (NORTH, SOUTH), (), ("%",))
                for types in (set[str](), {"commonwatch.inspection.hazard.closed.v1"})
            ]
            for scope in scopes:
                seen = [row for row in everything if scope.sees(row.channel, row.area_code, row.type)]
                found = await seen_by(tx, scope, 0, await head(tx), 100)
                assert [row.event_id for row in found] == [row.event_id for row in seen], scope


async def test_two_projections_at_once_take_their_places_in_the_order_of_commit(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        database = platform.service("notify").database

        async def put(n: int) -> None:
            async with database.transaction() as tx:
                await project(tx, *_with_envelope(area(n)))

        async with database.transaction() as first:
            await project(first, *_with_envelope(area(1)))
            second = asyncio.create_task(put(2))
            while not await platform.rows(
                "notify", "select 1 from pg_locks where locktype = 'advisory' and not granted"
            ):
                assert not second.done()
        await second
        assert [item["data"]["code"][-3:] for item in await read_all(platform, VOLUNTEER)] == ["001", "002"]


def _with_envelope(announced: tuple[UUID, int, AreaRegistered]) -> tuple[AreaRegistered, Envelope]:
    aggregate_id, version, event = announced
    envelope = Envelope(
        event_id=uuid4(), type=event.type_name(), source="/registry", area_code=event.area_code, aggregate="area",
        aggregate_id=aggregate_id, sequence=version, at=event.at,
    )  # fmt: skip
    return event, envelope


@asynccontextmanager
async def served(platform: Platform) -> AsyncGenerator[str]:
    """Serve notify on a real socket: an in-process transport would buffer the stream."""
    config = uvicorn.Config(platform.apps["notify"], host="127.0.0.1", port=0, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    serving = asyncio.create_task(server.main_loop())
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        await server.shutdown()


@asynccontextmanager
async def streaming(
    platform: Platform, url: str, who: Actor, last_event_id: str | None = None
) -> AsyncGenerator[AsyncIterator[dict[str, str]]]:
    headers = {"authorization": f"Bearer {token(who, at=platform.now)}"}
    if last_event_id is not None:
        headers["last-event-id"] = last_event_id
    async with (
        httpx.AsyncClient(timeout=20, trust_env=False) as client,
        client.stream("GET", f"{url}/events/stream", headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        yield _messages(response)


async def _messages(response: httpx.Response) -> AsyncIterator[dict[str, str]]:
    message: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            message[name or "comment"] = value.strip()
        elif message:
            yield message
            message = {}


def code(message: dict[str, str]) -> str:
    return str(json.loads(message["data"])["data"]["code"])[-3:]


async def test_a_stream_resumes_where_it_broke_off(services_here: OpenPlatform):
    async with services_here("notify") as platform, served(platform) as url:
        await platform.announce(area(1))
        await platform.settle()
        async with streaming(platform, url, VOLUNTEER) as stream:
            hello = await anext(stream)
            assert hello["retry"] == "2000"
            await platform.announce(area(2))
            await platform.settle()
            second = await anext(stream)
            await platform.announce(area(3), area(4))
            await platform.settle()
            third = await anext(stream)
        assert [code(second), code(third)] == ["002", "003"]
        assert int(third["id"].split("-")[1]) > int(second["id"].split("-")[1]) > int(hello["id"].split("-")[1])
        await platform.announce(area(5))
        await platform.settle()
        async with streaming(platform, url, VOLUNTEER, third["id"]) as stream:
            await anext(stream)
            assert [code(await anext(stream)), code(await anext(stream))] == ["004", "005"]
        async with streaming(platform, url, VOLUNTEER, hello["id"]) as stream:
            await anext(stream)
            assert [code(await anext(stream)) for _ in range(4)] == ["002", "003", "004", "005"]


async def test_a_stream_says_reset_when_the_place_is_unknown_and_goes_on(services_here: OpenPlatform):
    async with services_here("notify") as platform, served(platform) as url:
        await platform.announce(area(1))
        await platform.settle()
        async with streaming(platform, url, VOLUNTEER, "00000000-7") as stream:
            assert (await anext(stream))["event"] == "reset"
            await platform.announce(area(2))
            await platform.settle()
            assert code(await anext(stream)) == "002"


async def test_a_stream_carries_what_its_reader_may_see_now(services_here: OpenPlatform):
    async with (
        services_here("notify") as platform,
        served(platform) as url,
        streaming(platform, url, MANAGER) as manager,
        streaming(platform, url, OFFICER) as officer,
    ):
        await anext(manager)
        await anext(officer)
        await platform.announce(*story())
        await platform.settle()
        seen = [json.loads((await anext(officer))["data"]) for _ in range(4)]
        assert facts_of(seen) == ["confirmed", "assigned", "ordered", "closed"]
        seen = [json.loads((await anext(manager))["data"]) for _ in range(3)]
        assert sorted(facts_of(seen)) == ["closed", "closed", "ordered"]


async def test_a_reader_who_fell_behind_the_ring_misses_nothing(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "RING", 3)
    async with (
        services_here("notify") as platform,
        served(platform) as url,
        streaming(platform, url, VOLUNTEER) as stream,
    ):
        await anext(stream)
        await platform.settle()
        await platform.announce(*(area(n) for n in range(1, 41)))
        await platform.settle()
        assert [int(code(await anext(stream))) for _ in range(40)] == list(range(1, 41))


async def test_a_quiet_stream_shows_that_it_lives(services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch):
    assert fastapi.routing._PING_INTERVAL == 15.0
    monkeypatch.setattr(fastapi.routing, "_PING_INTERVAL", 0.02)
    async with (
        services_here("notify") as platform,
        served(platform) as url,
        streaming(platform, url, VOLUNTEER) as stream,
    ):
        first = [await anext(stream) for _ in range(5)]
        assert "ping" in [each.get("comment") for each in first]
