"""Every service tries, with its own key on a real broker, all that it must not be able to do."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple

import nkeys
import pytest
from broker_place import PATIENCE_S, Place, Reader, place, row, taken_in, until
from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.broker import OUTSIDE_STREAM, STREAM, Incoming, Outgoing, Way, decode_headers
from shared.bus import NatsBus
from shared.bus.streams import Durable
from shared.embedded import nats as embedded
from shared.embedded.keys import ADMIN
from shared.embedded.nats_rights import admin_user, service_user
from shared.inbox import _open
from shared.reactions import Permanent

SERVICES = ("registry", "volunteer", "thirdparty", "inspection", "notify", "gateway")
DURABLES = [Durable(name, ["cw.>"]) for name in SERVICES]
STREAMS = ("CW", "CWOUT", "CWADV", "MINE")
SECOND_ACKS = {"feature_flags": {"js_ack_fc_v2": True}}
"""The server flag by which acknowledgements get their second form."""


class Attempt(NamedTuple):
    what: str
    subject: str
    body: bytes = b""


def words(**config: Any) -> bytes:
    return json.dumps(config).encode()


def speaking(me: str, other: str) -> Iterator[Attempt]:
    """What nobody may say, each with the body that would do the harm."""
    yield Attempt("state a fact of another service", f"cw.999901.{other}.report.submitted")
    yield Attempt("state a fact without an area", f"cw.{other}.report.submitted")
    yield Attempt("wake another's relay", f"poke.{other}", b"compare")
    yield Attempt("answer in another's name", f"_INBOX_{other}.x")
    yield Attempt("ask what another's consumer does", f"$JS.API.CONSUMER.INFO.CW.{other}")
    yield Attempt("delete another's consumer", f"$JS.API.CONSUMER.DELETE.CW.{other}")
    for durable in (other, f"{other}-own"):
        for stream in STREAMS:
            yield Attempt("pull another's messages", f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", b'{"batch":9}')
        yield Attempt("rewind another's consumer", f"$JS.API.CONSUMER.RESET.CW.{durable}", b'{"seq":1}')
        for end in (b"+ACK", b"-NAK", b"+TERM", b"+WPI", b'+NXT {"batch":9}'):
            yield Attempt(f"say {end.decode()} for another", f"$JS.ACK.CW.{durable}.1.1.1.1.0", end)
            yield Attempt(f"say {end.decode()} for another", f"$JS.ACK._.hash.CW.{durable}.1.1.1.1.0", end)
    foreign = f"cw.*.{other}.>"
    ask = words(stream_name="CW", config={"name": f"{me}-own", "filter_subject": foreign}, action="create")
    yield Attempt("read another's facts under its own name", f"$JS.API.CONSUMER.CREATE.CW.{me}-own.{foreign}", ask)
    yield Attempt("read its facts under another's name", f"$JS.API.CONSUMER.CREATE.CW.{other}-own.cw.*.{me}.>", ask)
    yield Attempt("read another's facts", f"$JS.API.CONSUMER.CREATE.CW.{other}-own.{foreign}", ask)
    yield Attempt("close another's window", f"$JS.API.CONSUMER.DELETE.CW.{other}-own")


def ruling(me: str) -> Iterator[Attempt]:
    """What only the platform may ask."""
    yield Attempt("state a fact of nobody", "cw.999901.nobody.report.submitted")
    yield Attempt("state a fact of the platform", f"cw.999901.{ADMIN}.report.submitted")
    yield Attempt("answer in the platform's name", f"_INBOX_{ADMIN}.x")
    yield Attempt("answer in anybody's name", "_INBOX.x")
    yield Attempt("claim an advisory", "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.CW.inspection", b"{}")
    yield Attempt("ask the server", "$SYS.REQ.SERVER.PING")
    yield Attempt("ask for the account", "$JS.API.INFO")
    yield Attempt("list streams", "$JS.API.STREAM.LIST")
    yield Attempt("name streams", "$JS.API.STREAM.NAMES")
    yield Attempt("create a consumer of any kind", "$JS.API.CONSUMER.CREATE.CW", words(stream_name="CW", config={}))
    for stream in STREAMS:
        config = words(name=stream, subjects=["cw.>"], retention="limits")
        for verb in ("CREATE", "UPDATE", "DELETE", "PURGE", "SNAPSHOT", "RESTORE", "PEER.REMOVE", "LEADER.STEPDOWN"):
            yield Attempt(f"{verb} a stream", f"$JS.API.STREAM.{verb}.{stream}", config)
        yield Attempt("delete a message", f"$JS.API.STREAM.MSG.DELETE.{stream}", b'{"seq":1}')
        yield Attempt("read any message", f"$JS.API.STREAM.MSG.GET.{stream}", b'{"seq":1}')
        # Its answer carries headers, and goes wherever the asker says: so facts would be forged.
        yield Attempt("read any message directly", f"$JS.API.DIRECT.GET.{stream}", b'{"seq":1}')
        yield Attempt("read the last of a subject", f"$JS.API.DIRECT.GET.{stream}.cw.999901.{me}.report.submitted")
        for name in ("LIST", "NAMES"):
            yield Attempt(f"{name} consumers", f"$JS.API.CONSUMER.{name}.{stream}")
        create = words(stream_name=stream, config={"name": "x", "durable_name": "x", "ack_policy": "explicit"})
        for subject in (
            f"$JS.API.CONSUMER.CREATE.{stream}.x",
            f"$JS.API.CONSUMER.CREATE.{stream}.x.cw.>",
            f"$JS.API.CONSUMER.CREATE.{stream}.{me}",
            f"$JS.API.CONSUMER.CREATE.{stream}.{me}-own",
            f"$JS.API.CONSUMER.CREATE.{stream}.{me}-own.cw.>",
            f"$JS.API.CONSUMER.CREATE.{stream}.{me}-own.cw.*.*.>",
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.x",
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{me}-own",
        ):
            yield Attempt("create a consumer", subject, create)
        for verb in ("DELETE", "PAUSE", "RESET", "UNPIN", "LEADER.STEPDOWN"):
            yield Attempt(f"{verb} its durable", f"$JS.API.CONSUMER.{verb}.{stream}.{me}", b'{"seq":1}')
    if me != "notify":
        yield Attempt("tell the outside", "cwout.999901.hazard.closed")
        yield Attempt("pull what the outside hears", f"$JS.API.CONSUMER.MSG.NEXT.CWOUT.{me}", b'{"batch":9}')


def listening(other: str) -> Iterator[str]:
    yield from (">", "*.>", "*", "cw.>", "cw.999901.>", f"cw.*.{other}.>", "cwout.>", f"_INBOX_{other}.>", "_INBOX.>")
    yield from ("poke.>", "poke.*", f"poke.{other}", "recall.>", "recall.*", f"recall.{other}", f"_INBOX_{ADMIN}.>")
    yield from ("$JS.>", "$JS.API.>", "$JS.ACK.>", f"$JS.ACK.CW.{other}.>", "$JS.EVENT.>", "$JS.EVENT.ADVISORY.>")
    yield from ("$SYS.>", "$SYS.ACCOUNT.>", "$JS.API.CONSUMER.MSG.NEXT.CW.>", "$SRV.>")


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


def own_consumers(me: str, other: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the body of a permitted request might smuggle in."""
    own, foreign = f"cw.*.{me}.>", f"cw.*.{other}.>"
    usual: dict[str, Any] = {"name": f"{me}-own", "filter_subject": own, "ack_policy": "none"}
    yield "another's filter", {**usual, "filter_subject": foreign}
    yield "every filter", {**usual, "filter_subject": "cw.>"}
    yield "no filter", {**usual, "filter_subject": ""}
    yield "a list of filters", {**usual, "filter_subject": "", "filter_subjects": [own, foreign]}
    yield "a filter and a list of filters", {**usual, "filter_subjects": [own, foreign]}
    yield "another's name", {**usual, "name": other}
    yield "the name of another's durable", {**usual, "durable_name": other, "ack_policy": "explicit"}
    yield "the name of its durable", {**usual, "durable_name": me, "name": me, "ack_policy": "explicit"}
    yield "a push under another's subject", {**usual, "deliver_subject": f"cw.999901.{other}.report.submitted"}
    yield "a push to everybody", {**usual, "deliver_subject": "_INBOX_*.>"}


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


HEADERS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("purge the stream", {"Nats-Rollup": "all"}),
    ("purge a subject", {"Nats-Rollup": "sub"}),
    ("let a message expire", {"Nats-TTL": "1s"}),
    ("let a message appear elsewhere later", {"Nats-Schedule": "@at 2026-01-01T00:00:00Z"}),
    ("count", {"Nats-Incr": "+1"}),
)


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
            _open(incoming)
    assert await admin.consumer_info(STREAM, victim)

    owner = await here.bus(victim)
    held = [kept.subject async for batch in owner.own(first, last, bodies=True) for kept in batch]
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
    kept = [one async for batch in bus.own(before + 1, before + 4, bodies=True) for one in batch]
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
