"""An operator sees what is stuck, brings it further or gives it up; every act is written down."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from kernel import Kernel, Row, kernel_on
from stub_parts import OFFICER, Stub, all_parts, gateway, open_client

from shared.app import service_app
from shared.auth import Actor
from shared.broker import UNKNOWN, Answer, Incoming, Outgoing, Way
from shared.relay.plan import MAX_REFUSALS
from shared.service import COMPARE, Service
from shared.settings import ServiceSettings
from shared.testing import ISSUER, START, OpenPlatform, jwks, token

OPERATOR = Actor(UUID(int=7), "operator", None, "", "en", "Op")
LETTERS = "/operator/kernel/dead-letters"
TOTALS = "select total from effects order by id"


@dataclass
class Desk:
    kernel: Kernel
    http: httpx.AsyncClient
    service: Service

    async def get(self, path: str = LETTERS, **query: Any) -> Any:
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def act(self, letter: Any, verb: str, **ask: Any) -> httpx.Response:
        return await self.http.post(f"{LETTERS}/{letter['id']}/{verb}", json=ask)


@pytest.fixture
async def desk(postgres_server: Any) -> AsyncIterator[Desk]:
    url = postgres_server.url("kernel")
    settings = ServiceSettings(database_url=url, issuer=ISSUER, jwks=jwks())
    async with kernel_on(url) as kernel:
        service = Service.build("kernel", settings, Row.metadata, [kernel.reactions], clock=lambda: START)
        kernel.consumer = service.consumer
        app = service_app(service, [], "kernel")
        headers = {"authorization": f"Bearer {token(OPERATOR)}", "accept-language": "en"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://kernel", headers=headers
        ) as http:
            yield Desk(kernel, http, service)
        await service.database.close()


async def _stuck(kernel: Kernel, *poison: int, of: int) -> UUID:
    """Let one aggregate have so many facts, of which these can never be applied."""
    counter_id = uuid4()
    kernel.permanent.update(poison)
    await kernel.count(counter_id, of)
    await kernel.relayed()
    await kernel.deliver()
    return counter_id


async def test_letters_are_listed_found_and_shown_with_all_that_they_say(desk: Desk) -> None:
    first = await _stuck(desk.kernel, 2, of=3)
    second = await _stuck(desk.kernel, 2, of=2)
    page = await desk.get(limit=2)
    rest = await desk.get(limit=2, after=page["next"])
    found = [(one["aggregate_id"], one["version"], one["state"]) for one in page["items"] + rest["items"]]
    assert found == [(str(second), 2, "open"), (str(first), 3, "waiting"), (str(first), 2, "open")]
    assert rest["next"] is None
    assert [one["version"] for one in (await desk.get(state="waiting"))["items"]] == [3]
    assert len((await desk.get(aggregate_id=str(first)))["items"]) == 2
    assert (await desk.get(consumer="relay"))["items"] == []

    shown = await desk.get(f"{LETTERS}/{rest['items'][0]['id']}")
    assert shown["error_class"] == "Permanent"
    assert shown["applied_version"] == 1
    assert shown["headers"]["ce-sequence"] == "0000000002"
    assert f'"counter_id":"{first}"' in shown["body"]
    assert (await desk.http.get(f"{LETTERS}/999999999")).status_code == 404


async def test_only_operators_come_in_and_are_told_in_their_language(desk: Desk) -> None:
    for path in (LETTERS, f"{LETTERS}/1", "/operator/kernel/events"):
        assert (await desk.http.get(path, headers={"authorization": ""})).status_code == 401
        desk_officer = {"authorization": f"Bearer {token(OFFICER)}", "accept-language": "zh"}
        refused = await desk.http.get(path, headers=desk_officer)
        assert (refused.status_code, refused.json()["detail"]) == (
            403,
            "您当前的身份不能查看事件流转情况，该操作仅限：平台运维人员。",
        )
    for path in (f"{LETTERS}/1/replay", f"{LETTERS}/1/discard", "/operator/kernel/events/compare"):
        refused = await desk.http.post(path, json={"note": "x"}, headers=desk_officer)
        assert refused.status_code == 403


async def test_a_replayed_letter_takes_effect_and_those_who_waited_follow(desk: Desk) -> None:
    await _stuck(desk.kernel, 2, of=4)
    desk.kernel.permanent.clear()
    [head] = (await desk.get(state="open"))["items"]
    answer = await desk.act(head, "replay", note="mended in 1.2")
    assert (answer.status_code, answer.json()["state"]) == (200, "replayed")
    assert (answer.json()["acted_by"], answer.json()["note"]) == (str(OPERATOR.id), "mended in 1.2")
    assert await desk.kernel.ask(TOTALS) == [(1,), (2,), (3,), (4,)]
    assert (await desk.get(state="waiting"))["items"] == []
    again = await desk.act(head, "replay")
    assert (again.status_code, again.json()["type"]) == (409, "urn:commonwatch:problem:letter-settled")


async def test_a_letter_that_still_fails_stays_open_and_leaves_nothing_half_done(desk: Desk) -> None:
    await _stuck(desk.kernel, 1, of=1)
    [head] = (await desk.get())["items"]
    answer = await desk.act(head, "replay")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:commonwatch:problem:still-fails")
    assert [(one["state"], one["tries"]) for one in (await desk.get())["items"]] == [("open", 2)]
    assert await desk.kernel.ask(TOTALS) == []


async def test_a_discarded_letter_is_passed_over_and_never_applied(desk: Desk) -> None:
    await _stuck(desk.kernel, 2, of=4)
    [head] = (await desk.get(state="open"))["items"]
    assert (await desk.act(head, "discard")).status_code == 422, "why must be said"
    assert (await desk.act(head, "discard", note="made by a broken client")).status_code == 200
    assert await desk.kernel.ask(TOTALS) == [(1,), (3,), (4,)]
    desk.kernel.permanent.clear()
    desk.kernel.bus.queues["kernel"].append((2, 1))
    await desk.kernel.deliver()
    assert await desk.kernel.ask(TOTALS) == [(1,), (3,), (4,)], "delivered again it stays discarded"


async def test_a_gap_is_gone_over_only_when_asked_and_only_when_nothing_lies_before(desk: Desk) -> None:
    await desk.kernel.count(uuid4(), 5)
    await desk.kernel.relayed()
    first, _, third, _, fifth = desk.kernel.bus.due("kernel")
    third.num_delivered = fifth.num_delivered = 99
    await desk.kernel.consumer.take([first, third, fifth])
    last, middle = (await desk.get(state="waiting"))["items"]
    assert (await desk.act(middle, "replay")).json()["type"] == "urn:commonwatch:problem:versions-missing"
    for verb in ("replay", "discard"):
        refused = await desk.act(last, verb, over_gap=True, note="?")
        assert (refused.status_code, refused.json()["first_missing"]) == (409, 2)
        assert refused.json()["type"] == "urn:commonwatch:problem:letters-before"
    assert (await desk.act(middle, "replay", over_gap=True, note="2 is lost")).status_code == 200
    assert await desk.kernel.ask(TOTALS) == [(1,), (3,)]
    assert (await desk.act(last, "discard", over_gap=True, note="4 is lost, 5 means nothing")).status_code == 200
    assert await desk.kernel.ask("select version from seen") == [(5,)]


async def test_of_two_operators_one_acts_and_the_other_is_told(desk: Desk) -> None:
    await _stuck(desk.kernel, 1, of=1)
    [head] = (await desk.get())["items"]
    answers = await asyncio.gather(*(desk.act(head, "discard", note=f"number {n}") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    [winner] = [answer.json()["note"] for answer in answers if answer.status_code == 200]
    assert (await desk.get())["items"][0]["note"] == winner


async def _refused_by_the_broker(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Let the broker refuse the second fact of one aggregate for ever; emptying the list mends it."""
    broken, publish = [True], kernel.bus.publish

    async def publishing(rows: Sequence[Outgoing], way: Way) -> list[Answer]:
        answers: list[Answer] = []
        for row in rows:
            refused = broken and row.subject.endswith(".counted") and row.headers["ce-sequence"] == "0000000002"
            if refused:
                return [*answers, Answer(None, 400, "too large"), *[UNKNOWN] * (len(rows) - len(answers) - 1)]
            answers += await publish([row], Way.SINGLY)
        return answers

    monkeypatch.setattr(kernel.bus, "publish", publishing)
    monkeypatch.setattr("shared.relay.plan.HOLD_S", 0.0)
    await kernel.count(uuid4(), 3)
    for _ in range(MAX_REFUSALS + 1):
        await kernel.relayed()
    return broken


async def test_a_fact_that_the_broker_takes_after_all_is_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = await _refused_by_the_broker(desk.kernel, monkeypatch)
    [letter] = (await desk.get(consumer="relay"))["items"]
    assert (letter["state"], letter["version"]) == ("open", 2)
    broken.clear()
    assert (await desk.act(letter, "replay")).status_code == 200
    await desk.kernel.relayed()
    await desk.kernel.deliver()
    assert await desk.kernel.ask(TOTALS) == [(1,), (2,), (3,)]


async def test_a_fact_that_is_withheld_leaves_its_version_so_that_nobody_waits_for_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _refused_by_the_broker(desk.kernel, monkeypatch)
    [letter] = (await desk.get(consumer="relay"))["items"]
    assert (await desk.act(letter, "discard", note="a picture in a text field")).status_code == 200
    await desk.kernel.relayed()
    await desk.kernel.deliver()
    assert await desk.kernel.ask(TOTALS) == [(1,), (3,)]
    withheld = desk.kernel.bus.stored[1]
    assert withheld.subject == "cw.999901.kernel.counter.withheld"
    assert (withheld.headers["ce-type"], withheld.data) == ("commonwatch.kernel.counter.withheld.v1", b"{}")
    assert await desk.kernel.ask("select version from seen") == [(3,)]


async def test_what_a_restored_database_took_back_is_acknowledged_with_a_note(desk: Desk) -> None:
    await desk.kernel.ask(
        "insert into dead_letter (consumer, event_id, subject, headers, data, num_delivered, error_class, error)"
        f" values ('restored', '{uuid4()}', 'cw.1.kernel.counter.counted', '{{}}', '', 0, 'Forgotten', 'x') returning 1"
    )
    [letter] = (await desk.get(consumer="restored"))["items"]
    assert (await desk.act(letter, "replay")).json()["type"] == "urn:commonwatch:problem:note-needed"
    assert (await desk.act(letter, "replay", note="the clerk entered it again")).json()["state"] == "replayed"


async def test_the_operator_sees_how_events_stand_and_has_them_compared(desk: Desk) -> None:
    await _stuck(desk.kernel, 2, of=3)
    await desk.kernel.count(uuid4())
    standing = await desk.get("/operator/kernel/events", thorough=True)
    assert (standing["unsent"], standing["archived"], standing["broken_versions"]) == (1, 3, 0)
    assert standing["letters"] == {"failing": 0, "waiting": 1, "open": 1, "replayed": 0, "discarded": 0}
    assert (standing["broker_connected"], standing["relay_active"]) == (False, False)
    [stream] = standing["streams"]
    assert (stream["js_stream"], stream["filled"]) == ("CW", True)

    compare = "/operator/kernel/events/compare"
    assert (await desk.http.post(compare)).json() == {"asked": False}
    told: list[bytes] = []
    desk.service.broker = desk.kernel.bus
    await desk.kernel.bus.hear("poke.kernel", told.append)
    assert (await desk.http.post(compare)).json() == {"asked": True}
    assert told == [COMPARE]


async def test_the_gateway_forwards_the_operator_to_each_service_and_answers_for_itself(
    services_here: OpenPlatform,
) -> None:
    stub = Stub()
    async with open_client(gateway(all_parts(stub)), OFFICER) as http:
        await http.post("/operator/notify/dead-letters/4/replay", json={})
    assert stub.asked[-1].url.path == "/operator/notify/dead-letters/4/replay"
    async with services_here("gateway", operator_secret="s" * 43) as platform, platform.client("gateway") as http:
        assert (await http.get("/api/v1/operator/gateway/dead-letters")).status_code == 401
        form = {"grant_type": "client_credentials"}
        bearer = (await http.post("/oauth/token", data=form, auth=("operator", "s" * 43))).json()["access_token"]
        answer = await http.get("/api/v1/operator/gateway/dead-letters", headers={"authorization": f"Bearer {bearer}"})
        assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})
        assert (await http.get("/api/v1/operator/nobody/dead-letters")).status_code == 404


async def test_a_letter_that_is_still_tried_is_not_the_operators_yet(desk: Desk) -> None:
    desk.kernel.poison.add(1)
    await desk.kernel.count(uuid4())
    await desk.kernel.relayed()
    batch: list[Incoming] = desk.kernel.bus.due("kernel")
    await desk.kernel.consumer.take(batch)
    [letter] = (await desk.get(state="failing"))["items"]
    refused = await desk.act(letter, "replay")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:commonwatch:problem:letter-still-tried")
