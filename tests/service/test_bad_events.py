"""Whatever arrives, it is applied, ignored or parked as the contract says, and never a reason to fall over."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import structlog
from kernel import Counted, Kernel, Row, kernel_on
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import inbox
from shared.app import service_app
from shared.auth import Actor
from shared.broker import Outgoing, Way
from shared.errors import Conflict
from shared.inbox import MAX_TRIES
from shared.inbox.plan import HOLDS_S
from shared.reactions import Permanent
from shared.service import Service
from shared.settings import ServiceSettings
from shared.testing import ISSUER, START, jwks, token

OPERATOR = Actor(uuid4(), "operator", None, "")
SECRET = "a witness called Zhang told us"
LETTERS = "/operator/kernel/dead-letters"


@dataclass
class Listener:
    kernel: Kernel
    http: httpx.AsyncClient

    async def letters(self) -> list[Any]:
        items: list[Any] = (await self.http.get(LETTERS)).json()["items"]
        return items

    async def deliver(self, *rows: Outgoing) -> None:
        await self.kernel.bus.publish(rows, Way.SINGLY)
        await self.kernel.deliver()

    async def totals(self) -> list[int]:
        return [total for (total,) in await self.kernel.ask("select total from effects order by id")]


@pytest.fixture
async def listener(postgres_server: Any) -> AsyncIterator[Listener]:
    url = postgres_server.url("kernel")
    async with kernel_on(url) as kernel:
        kernel.bus.filters["kernel"] = ["cw.>"]
        service = Service.build(
            "kernel", ServiceSettings(database_url=url, issuer=ISSUER, jwks=jwks()), Row.metadata, [kernel.reactions]
        )
        service.tokens.clock = lambda: START
        transport = httpx.ASGITransport(service_app(service, [], "kernel"))
        headers = {"authorization": f"Bearer {token(OPERATOR)}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://kernel", headers=headers) as http:
            yield Listener(kernel, http)
        await service.database.close()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What the consumer logs."""
    written = StringIO()
    monkeypatch.setattr(inbox, "log", structlog.wrap_logger(structlog.PrintLogger(written)))
    return written


def event(
    counter_id: UUID | None = None, version: int = 1, *, data: bytes | None = None, **headers: str | None
) -> Outgoing:
    """Give a message as the kernel's relay would send it; headers are changed, or left out when None."""
    event_id, key = uuid4(), counter_id or uuid4()
    fact = Counted(at=START, area_code="999901", counter_id=key, total=version)
    given = {
        "ce-id": str(event_id),
        "ce-source": "/kernel",
        "ce-type": "commonwatch.kernel.counter.counted.v1",
        "ce-subject": str(key),
        "ce-time": START.isoformat(),
        "ce-sequence": f"{version:010d}",
        **{f"ce-{name}": value for name, value in headers.items()},
    }
    told = {name: value for name, value in given.items() if value is not None}
    body = fact.model_dump_json().encode() if data is None else data
    return Outgoing(event_id, key, "cw.999901.kernel.counter.counted", told, body)


FIT = json.loads(event().data)


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        (event(data=b"not json"), "does not fit commonwatch.kernel.counter.counted.v1: body json_invalid"),
        (event(data=b""), "body json_invalid"),
        (event(data=b"\xff\xfe{}"), "body json_invalid"),
        (event(data=b"[" * 100_000), "body json_invalid"),
        (event(data=json.dumps({**FIT, "total": None}).encode()), "total int_type"),
        (event(data=json.dumps({**FIT, "total": SECRET}).encode()), "total int_parsing"),
        (event(data=json.dumps({"at": FIT["at"], "area_code": "1", "total": 1}).encode()), "counter_id missing"),
        (event(sequence="0"), "ce-sequence is not what it should be"),
        (event(sequence="-1"), "ce-sequence is not what it should be"),
        (event(sequence=str(10**12)), "ce-sequence is not what it should be"),
        (event(sequence="9" * 5_000), "ce-sequence is not what it should be"),
        (event(sequence=SECRET), "ce-sequence is not what it should be"),
        (event(sequence=None), "it lacks ce-sequence"),
        (event(subject="the mill"), "ce-subject is not what it should be"),
        (event(id="1"), "ce-id is not what it should be"),
        (event(id=None), "it lacks ce-id"),
        (event(type=None), "it lacks ce-type"),
        (event(time="yesterday"), "ce-time is not what it should be"),
        (event(time="2026-09-30T01:00:00"), "ce-time is not what it should be"),
        (event(source="/volunteer"), "the subject does not match source and type"),
        (event(type="commonwatch.volunteer.report.submitted.v1"), "the subject does not match source and type"),
        (replace(event(), subject="cw.999901.volunteer.counter.counted"), "does not match"),
        (replace(event(), subject="cw.999901.kernel.counter.uncounted"), "does not match"),
        (replace(event(), subject="cw.999901.kernel.counter"), "the subject is not that of an event"),
        (replace(event(), subject="cw.999901.kernel.counter.counted.twice"), "the subject is not that of an event"),
        (event(source="/kernel\0", note="\udcff\0"), "does not match"),
        (event(source="x" * 500_000), "does not match"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
async def test_what_can_never_be_read_is_parked_at_once_and_the_next_one_passes(
    listener: Listener, message: Outgoing, cause: str
) -> None:
    await listener.deliver(message, event(version=1))
    [letter] = await listener.letters()
    assert (letter["state"], letter["tries"]) == ("open", 1)
    assert cause in letter["error"]
    assert SECRET not in letter["error"]
    shown = await listener.http.get(f"{LETTERS}/{letter['id']}")
    assert shown.status_code == 200
    assert await listener.totals() == [1]
    await listener.kernel.bus.publish([replace(message, attempt="again")], Way.SINGLY)
    await listener.kernel.deliver()
    assert len(await listener.letters()) == 1, "the same one sent once more is one letter"


async def test_a_bad_body_holds_those_after_it_and_discarding_it_lets_them_pass(listener: Listener) -> None:
    key = uuid4()
    await listener.deliver(event(key, 1), event(key, 2, data=b"{}"), event(key, 3))
    assert [(one["version"], one["state"]) for one in await listener.letters()] == [(3, "waiting"), (2, "open")]
    bad = (await listener.letters())[1]["id"]
    done = await listener.http.post(f"{LETTERS}/{bad}/discard", json={"note": "the producer was mended"})
    assert done.status_code == 200
    assert await listener.totals() == [1, 3]


async def test_a_message_that_claims_anothers_id_takes_nothing_from_it(listener: Listener) -> None:
    honest = event()
    await listener.deliver(event(id=str(honest.event_id), source="/volunteer"), honest)
    assert await listener.totals() == [1]
    [letter] = await listener.letters()
    assert letter["event_id"] != str(honest.event_id)


async def test_of_two_messages_with_one_id_the_first_counts(listener: Listener) -> None:
    """A source that uses an id twice has sent one event twice (CloudEvents 1.0.2, `id`)."""
    first = event()
    await listener.deliver(first, event(version=1, id=str(first.event_id)))
    assert len(await listener.totals()) == 1
    assert await listener.letters() == []


@pytest.mark.parametrize("kind", ["commonwatch.kernel.counter.counted.v9", "commonwatch.kernel.counter.counted.v1x"])
async def test_a_type_that_is_not_known_is_ignored_and_its_followers_pass(listener: Listener, kind: str) -> None:
    key = uuid4()
    await listener.deliver(event(key, 1, data=b"\xff new", type=kind), event(key, 2))
    assert await listener.totals() == [2]
    assert await listener.letters() == []


async def test_fields_and_headers_that_are_new_are_ignored(listener: Listener) -> None:
    body = {**json.loads(event(key := uuid4()).data), "mood": SECRET, "more": {"deep": [1]}}
    await listener.deliver(event(key, data=json.dumps(body).encode(), novelty="x" * 100_000, empty=""))
    assert await listener.totals() == [1]


async def test_a_clock_that_is_wrong_is_the_producers_and_changes_no_order(listener: Listener) -> None:
    key = uuid4()
    future, past = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).isoformat(), "0001-01-01T00:00:00+14:00"
    await listener.deliver(event(key, 1, time=future), event(key, 2, time=past), event(key, 3, time=future))
    assert await listener.totals() == [1, 2, 3]


async def test_an_absurd_but_possible_version_waits_in_sight_of_the_operator(listener: Listener) -> None:
    await listener.deliver(event(version=2**31 - 1))
    [letter] = await listener.letters()
    assert (letter["state"], letter["version"], letter["applied_version"]) == ("waiting", 2**31 - 1, 0)
    assert letter["num_delivered"] == len(HOLDS_S) + 1


FAULTS: Mapping[str, Any] = {
    "a fault of Python": lambda _: (_ for _ in ()).throw(ValueError(SECRET)),
    "a key": lambda _: {}[SECRET],
    "a refusal": lambda _: (_ for _ in ()).throw(Conflict("taken", SECRET, SECRET)),
    "a validation": lambda _: Counted.model_validate({"total": SECRET}),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_neither_logs_nor_letters_repeat_what_an_event_says(
    listener: Listener, said: StringIO, fault: str
) -> None:
    @listener.kernel.reactions.on(Counted)
    async def fail(_: Counted, __: AsyncSession) -> None:
        FAULTS[fault](None)

    await _fails_in_silence(listener, said)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into inbox (consumer, event_id) select :secret, event_id from inbox, generate_series(1, 2)",
        "select cast(:secret as int)",
        "insert into seen (consumer, aggregate) values (:secret, 'x')",
    ],
)
async def test_neither_logs_nor_letters_repeat_what_a_database_complains_of(
    listener: Listener, said: StringIO, statement: str
) -> None:
    @listener.kernel.reactions.on(Counted)
    async def fail(_: Counted, tx: AsyncSession) -> None:
        await tx.execute(text(statement), {"secret": SECRET})

    letter = await _fails_in_silence(listener, said)
    assert "sqlstate" in letter["error"] or letter["error_class"] == "DataError"


async def _fails_in_silence(listener: Listener, said: StringIO) -> Any:
    key = uuid4()
    body = {**json.loads(event(key).data), "note": SECRET}
    await listener.deliver(event(key, data=json.dumps(body).encode()))
    [letter] = await listener.letters()
    assert (letter["state"], letter["tries"]) == ("open", MAX_TRIES)
    assert "reaction failed" in said.getvalue()
    assert SECRET not in said.getvalue() + json.dumps(letter)
    return letter


async def test_a_reaction_that_gives_up_says_why_in_its_own_words(listener: Listener) -> None:
    @listener.kernel.reactions.on(Counted)
    async def give_up(_: Counted, __: AsyncSession) -> None:
        raise Permanent("no such authority")

    await listener.deliver(event())
    assert [(one["error_class"], one["error"]) for one in await listener.letters()] == [
        ("Permanent", "no such authority")
    ]
