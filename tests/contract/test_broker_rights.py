"""Every service tries, with its own key on a real broker, all that it must not be able to do."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import nkeys
import pytest
from broker_place import PATIENCE_S, Place, Reader, place, row, taken_in, until
from forbidden import HEADERS, listening, own_consumers, ruling, speaking
from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.broker import OUTSIDE_STREAM, STREAM, Incoming, Outgoing, Way, decode_headers
from shared.bus import NatsBus
from shared.bus.streams import Durable
from shared.embedded import nats as embedded
from shared.embedded.keys import ADMIN
from shared.embedded.nats_rights import admin_user, service_user
from shared.inbox.opening import opened
from shared.reactions import Permanent

SERVICES = ("registry", "volunteer", "thirdparty", "inspection", "notify", "gateway")
DURABLES = [Durable(name, ["cw.>"]) for name in SERVICES]
SECOND_ACKS = {"feature_flags": {"js_ack_fc_v2": True}}
"""The server flag by which acknowledgements get their second form."""


@pytest.fixture(scope="module", params=[{}, SECOND_ACKS], ids=["acks of the first form", "acks of the second form"])
async def here(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    async with place(*SERVICES, durables=DURABLES, **request.param) as made:
        yield made


@pytest.fixture(params=SERVICES)
def me(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def mine(here: Place, me: str) -> AsyncIterator[Client]:
    here.faults.clear()
    client = await here.plain(me)
    yield client
    await client.close()


def others(me: str) -> list[str]:
    return [name for name in SERVICES if name != me]


async def standing(here: Place) -> dict[str, Any]:
    """What the broker holds: streams, messages and where every consumer is."""
    admin = await here.admin()
    held: dict[str, Any] = {}
    for stream in await admin.streams_info():
        held[stream.config.name or ""] = (stream.config.subjects, stream.state.messages, stream.state.last_seq)
        for consumer in await admin.consumers_info(stream.config.name or ""):
            held[f"{stream.config.name} {consumer.name}"] = (
                consumer.num_ack_pending,
                consumer.num_waiting,
                consumer.num_pending,
                consumer.delivered.stream_seq if consumer.delivered else 0,
                consumer.ack_floor.stream_seq if consumer.ack_floor else 0,
            )
    return held


async def test_whatever_is_not_its_own_is_denied_and_changes_nothing(here: Place, mine: Client, me: str) -> None:
    attempts = [*ruling(me), *(attempt for other in others(me) for attempt in speaking(me, other))]
    before = await standing(here)
    inbox = mine.new_inbox()
    answers = await mine.subscribe(inbox)
    for attempt in attempts:
        await mine.publish(attempt.subject, attempt.body, inbox)
    await taken_in(mine)
    faults = set(here.faults)
    holes = [
        f"{me} could {attempt.what}: {attempt.subject}"
        for attempt in attempts
        if f'nats: permissions violation for publish to "{attempt.subject.lower()}"' not in faults
    ]
    assert holes == []
    assert answers.pending_msgs == 0
    assert await standing(here) == before


async def test_it_overhears_nobody(here: Place, mine: Client, me: str) -> None:
    subjects = [subject for other in others(me) for subject in listening(other)]
    heard: list[str] = []

    async def note(message: Any) -> None:
        heard.append(message.subject)

    for subject in subjects:
        await mine.subscribe(subject, cb=note)
        await mine.subscribe(subject, "queue", cb=note)
    await taken_in(mine)
    told = " ".join(here.faults)
    overheard = [f"{me} could listen on {one}" for one in subjects if f'subscription to "{one.lower()}"' not in told]
    assert overheard == []

    admin = await here.plain()
    for subject in ("cw.999901.nobody.x.y", f"poke.{others(me)[0]}", f"recall.{others(me)[0]}"):
        await admin.publish(subject, b"secret")
    await taken_in(admin)
    await taken_in(mine)
    assert heard == []


async def test_its_window_on_its_own_facts_opens_on_nothing_else(here: Place, mine: Client, me: str) -> None:
    before = await standing(here)
    own = f"$JS.API.CONSUMER.CREATE.CW.{me}-own.cw.*.{me}.>"
    holes: list[str] = []
    for what, config in own_consumers(me, others(me)[0]):
        for ask in ({"config": config, "action": "create"}, {"config": config}, {"config": config, "action": "update"}):
            body = json.dumps({"stream_name": STREAM, **ask}).encode()
            answer = json.loads((await mine.request(own, body, timeout=PATIENCE_S)).data)
            if "error" in answer:
                continue
            # Of two names the one in the subject counts, which the rights know.
            made = answer["config"]
            if (made["name"], made.get("filter_subject"), made.get("durable_name")) != (
                f"{me}-own",
                f"cw.*.{me}.>",
                None,
            ):
                holes.append(f"{me} could make a consumer with {what}: {made}")
            await mine.request(f"$JS.API.CONSUMER.DELETE.CW.{me}-own", b"", timeout=PATIENCE_S)
    body = json.dumps({"stream_name": OUTSIDE_STREAM, "config": {"name": f"{me}-own"}}).encode()
    assert "error" in json.loads((await mine.request(own, body, timeout=PATIENCE_S)).data)
    assert holes == []
    assert await standing(here) == before


async def test_what_its_window_pushes_elsewhere_moves_nothing(here: Place, mine: Client, me: str) -> None:
    """The server lets a consumer push anywhere but into its own stream; it must not be a hand on others' things."""
    victim = others(me)[0]
    bus = await here.bus(me)
    admin = await here.plain()
    pull = json.dumps({"batch": 1}).encode()
    inbox = admin.new_inbox()
    delivered = await admin.subscribe(inbox)
    await admin.publish(f"$JS.API.CONSUMER.MSG.NEXT.CW.{victim}", pull, inbox)
    for words in (b"+TERM", b"+ACK"):
        assert (await bus.publish([row(words.decode(), subject=f"cw.999901.{me}.x.y")], Way.SINGLY))[0].seq
    message = await delivered.next_msg(PATIENCE_S)
    before = await standing(here)
    own = f"cw.*.{me}.>"
    for target in (
        message.reply,
        "cwout.999901.hazard.closed",
        "$JS.API.STREAM.PURGE.CW",
        f"$JS.API.CONSUMER.DELETE.CW.{victim}",
    ):
        config = {"name": f"{me}-own", "filter_subject": own, "ack_policy": "none", "deliver_subject": target}
        body = json.dumps({"stream_name": STREAM, "config": config, "action": "create"}).encode()
        await mine.request(f"$JS.API.CONSUMER.CREATE.CW.{me}-own.{own}", body, timeout=PATIENCE_S)
        await taken_in(mine)
        await mine.request(f"$JS.API.CONSUMER.DELETE.CW.{me}-own", b"", timeout=PATIENCE_S)
        await taken_in(mine)
        assert await standing(here) == before, target
    await message.ack()


async def test_no_header_does_what_no_subject_may(here: Place, mine: Client, me: str) -> None:
    before = await standing(here)
    target = f"cw.999901.{others(me)[0]}.report.submitted"
    for what, headers in HEADERS:
        given = {**headers, "Nats-Schedule-Target": target} if "Nats-Schedule" in headers else dict(headers)
        reply = await mine.request(f"cw.999901.{me}.x.y", b"", headers=given, timeout=PATIENCE_S)
        assert "error" in json.loads(reply.data), f"{me} could {what}"
    await mine.publish(f"cw.999901.{me}.x.y", b"", headers={"Nats-Trace-Dest": target})
    await taken_in(mine)
    assert f'nats: permissions violation for publish to "{target}"' in here.faults
    assert await standing(here) == before


async def test_what_the_broker_can_be_made_to_say_under_anothers_subject_is_no_fact(
    here: Place, mine: Client, me: str
) -> None:
    """The broker answers wherever it is asked to, and no right forbids that; but its answers have no headers."""
    victim = others(me)[0]
    target = f"cw.999901.{victim}.report.submitted"
    event = {"ce-id": "c0ffee00-0000-4000-8000-000000000000", "ce-source": f"/{victim}", "ce-type": "x"}
    admin = await here.admin()
    first = (await admin.stream_info(STREAM)).state.last_seq + 1
    await mine.publish(f"cw.999901.{me}.x.y", b"{}", target, headers=event)
    await mine.publish(f"$JS.API.STREAM.INFO.{STREAM}", b"", target)
    await mine.publish(f"$JS.API.CONSUMER.INFO.{STREAM}.{me}", b"", target)
    await mine.publish(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{me}", b'{"batch":1,"no_wait":true}', target)
    for purge in ("STREAM.PURGE.CW", f"CONSUMER.DELETE.CW.{victim}"):
        await mine.publish(f"cw.999901.{me}.x.y", b"{}", f"$JS.API.{purge}")
    await taken_in(mine)

    async def answered() -> bool:
        return (await admin.stream_info(STREAM)).state.last_seq >= first + 5

    await until(answered, "the answers are stored")
    last = (await admin.stream_info(STREAM)).state.last_seq
    forged = [one for place in range(first, last + 1) if (one := await admin.get_msg(STREAM, place)).subject == target]
    assert len(forged) >= 3
    for message in forged:
        incoming = Incoming(target, decode_headers(message.headers or {}), message.data or b"", 1, 1, *[_never] * 3)
        with pytest.raises(Permanent):
            opened(incoming)
    assert await admin.consumer_info(STREAM, victim)

    owner = await here.bus(victim)
    held = [kept.subject async for batch in owner.own(victim, first, last, bodies=True) for kept in batch]
    assert target not in held


async def _never(*_: object) -> None:
    raise AssertionError("nobody answers for it")


async def test_only_the_keys_of_the_platform_open_the_door(here: Place) -> None:
    user = nkeys.encode_seed(bytes(range(32)), nkeys.PREFIX_BYTE_USER).decode()
    account = nkeys.encode_seed(bytes(range(32)), nkeys.PREFIX_BYTE_ACCOUNT).decode()
    for key in (
        {},
        {"nkeys_seed_str": user},
        {"nkeys_seed_str": account},
        {"user": "volunteer", "password": "x"},
        {"token": "x"},
    ):
        stranger = Client()
        with pytest.raises(NatsError, match=r"(?i)authorization violation"):
            await stranger.connect(here.url, allow_reconnect=False, error_cb=_silent, **key)
        stranger._transport.close()
        with suppress(OSError):
            await stranger._transport.wait_closed()


async def _silent(_: Exception) -> None:
    return


async def test_what_is_its_own_works(here: Place, mine: Client, me: str) -> None:
    bus = await here.bus(me)
    pokes: list[bytes] = []
    recalls: list[bytes] = []
    await bus.hear(f"poke.{me}", pokes.append)
    await bus.hear(f"recall.{me}", recalls.append)
    reader = Reader(bus, me)
    before = await _last(bus)
    facts = [row(f"{me} {number}", subject=f"cw.999901.{me}.report.submitted") for number in range(4)]
    assert await _stored(bus, facts[:2], Way.TOGETHER) + await _stored(bus, facts[2:], Way.BATCH) == 4
    await until(lambda: all(reader.heard(fact.data.decode()) for fact in facts), "it hears its own facts")
    admin = await here.admin()

    async def acknowledged() -> bool:
        info = await admin.consumer_info(STREAM, me)
        return (info.ack_floor.stream_seq if info.ack_floor else 0) >= before + 4

    await until(acknowledged, "its acknowledgements count")
    await reader.close()
    for form in (f"$JS.ACK.CW.{me}.1.1.1.1.0", f"$JS.ACK._.hash.CW.{me}.1.1.1.1.0"):
        await mine.publish(form, b"+ACK")
    await bus.tell(f"poke.{me}", b"wake")
    await (await here.bus(others(me)[0])).tell(f"recall.{me}", b"again")
    await until(lambda: pokes == [b"wake"] and recalls == [b"again"], "it is woken and asked")
    kept = [one async for batch in bus.own(me, before + 1, before + 4, bodies=True) for one in batch]
    assert [one.data for one in kept] == [fact.data for fact in facts]
    await taken_in(mine)
    assert here.faults == []


async def test_notify_alone_tells_the_outside(here: Place) -> None:
    notify = (await here.plain("notify")).jetstream()
    assert (await notify.publish("cwout.999901.hazard.closed", b"", stream=OUTSIDE_STREAM)).stream == OUTSIDE_STREAM


async def _last(bus: NatsBus) -> int:
    state = await bus.state()
    assert state is not None
    return state.last_seq


async def _stored(bus: NatsBus, facts: list[Outgoing], way: Way) -> int:
    return sum(answer.seq is not None for answer in await bus.publish(facts, way))


def test_a_cluster_gets_the_same_rights_as_one_machine(here: Place, tmp_path: Path) -> None:
    spec = spec_from_file_location("new_secrets", Path(__file__).parents[2] / "deploy" / "new_secrets.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    users = [admin_user(ADMIN, here.keys.nats_public())]
    users += [service_user(name, here.keys.nats_public(name), name) for name in script.SERVICES]
    written = json.loads(script.users_conf(here.keys).removeprefix("authorization: "))
    assert written == embedded._config(tmp_path, "x", users, 1, None)["authorization"]
    assert sorted(script.SERVICES) == sorted(SERVICES)
