"""Reads the kernel's own books at the end: stream, outboxes, inboxes; without it order and debts would go unchecked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from chaos.effects import EFFECTS, seen_at
from chaos.history import History, Verdict, compare
from chaos.live import Live
from chaos.replay import replay, unlike_a_replay

from services.cli.parts import SERVICES
from shared.broker import Incoming

Fact = tuple[str, UUID]
"""`owner.noun` and the aggregate's id."""

_UNSENT = "select * from outbox"
_PARKED = "select * from dead_letter where state in ('open', 'waiting')"
_GAPS = """
select aggregate_type, aggregate_id, array_agg(version order by js_epoch, js_seq) from outbox_sent group by 1, 2
having array_agg(version order by js_epoch, js_seq) <> array_agg(version order by version) or max(version) <> count(*)
"""


async def judge_all(live: Live, history: History, *, refilled: bool = False) -> Verdict:
    """Judge, and compare the read copies with a replay from zero."""
    await replay(live, await live.stream())
    verdict = await judge(live, history, refilled=refilled)
    verdict.different += await unlike_a_replay(live)
    return verdict


async def judge(live: Live, history: History, *, refilled: bool = False) -> Verdict:
    """Compare databases and stream of a platform at rest with everything that was ever asked of it.

    `refilled`: the broker lost its store, and new facts did not wait until the stream was filled again. Then older
    versions may stand behind newer ones there, and nowhere else.
    """
    verdict = Verdict()
    compare(history, EFFECTS, await seen_at(live), verdict)
    stream = await live.stream()
    newest = _in_order(stream, verdict, refilled=refilled)
    await _nothing_but_what_was_sent(live, stream, verdict)
    for service in SERVICES:
        await _kernel(live, service, newest, verdict)
    return verdict


def _in_order(stream: Sequence[Incoming], verdict: Verdict, *, refilled: bool) -> dict[Fact, int]:
    """Check that each aggregate's versions came in order and without a gap; give the newest of each."""
    versions: dict[Fact, list[int]] = defaultdict(list)
    known: set[str] = set()
    for message in stream:
        event_id = message.headers["ce-id"]
        if event_id in known:
            verdict.copies += 1
            continue
        known.add(event_id)
        owner, noun = message.subject.split(".")[2:4]
        versions[f"{owner}.{noun}", UUID(message.headers["ce-subject"])].append(int(message.headers["ce-sequence"]))
    for fact, came in versions.items():
        if (sorted(came) if refilled else came) != [*range(1, len(came) + 1)]:
            verdict.disordered.append(f"the versions of {fact} came as {came} in the stream")
    verdict.events = len(known)
    return {fact: len(came) for fact, came in versions.items()}


async def _nothing_but_what_was_sent(live: Live, stream: Sequence[Incoming], verdict: Verdict) -> None:
    known = {UUID(message.headers["ce-id"]) for message in stream}
    sent = {
        row["event_id"] for service in SERVICES for row in await live.rows(service, "select event_id from outbox_sent")
    }
    verdict.lost += [f"the stream lacks {event_id}" for event_id in sent - known]
    verdict.phantom += [f"nobody sent {event_id}, yet the stream has it" for event_id in known - sent]


async def _kernel(live: Live, service: str, newest: Mapping[Fact, int], verdict: Verdict) -> None:
    """Check a service's own books: sent in order, everything heard to its newest version, nothing left over."""
    for what, query in (("unsent", _UNSENT), ("parked", _PARKED)):
        verdict.stuck += [f"{what} at {service}: {row}" for row in await live.rows(service, query)]
    verdict.disordered += [f"{service} sent with gaps: {row}" for row in await live.rows(service, _GAPS)]
    heard = {
        (row["aggregate"], row["aggregate_id"]): row["version"]
        for row in await live.rows(service, "select aggregate, aggregate_id, version from seen")
    }
    for fact in newest if service == "notify" else _listened_to(heard, newest):
        if heard.get(fact, 0) != newest[fact]:
            verdict.lost.append(f"{service} heard {fact} up to {heard.get(fact, 0)}, not {newest[fact]}")
    verdict.phantom += [f"{service} heard of {fact}, which never was" for fact in heard.keys() - newest.keys()]


def _listened_to(heard: Mapping[Fact, int], newest: Mapping[Fact, int]) -> Iterator[Fact]:
    """Give the aggregates of every kind of which the service heard at all."""
    kinds = {kind for kind, _ in heard}
    return (fact for fact in newest if fact[0] in kinds)
