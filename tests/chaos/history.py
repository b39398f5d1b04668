"""What was written and what became of it; without the comparison a test could not tell a promise from a hope."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from chaos.live import Live

from services.cli.parts import SERVICES

Fact = tuple[str, UUID]
"""`owner.noun` and the aggregate's id."""


class Outcome(StrEnum):
    OK = "ok"
    """Acknowledged: it must be everywhere, once."""
    FAILED = "failed"
    """Never sent: it must be nowhere."""
    UNKNOWN = "unknown"
    """No answer: either, but the same everywhere."""


@dataclass
class History:
    """Every write by its id, and what its writer was told."""

    reports: dict[UUID, Outcome] = field(default_factory=dict[UUID, Outcome])
    additions: dict[UUID, dict[str, Outcome]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, outcome: Outcome) -> list[UUID]:
        return [key for key, known in self.reports.items() if known is outcome]


@dataclass
class Verdict:
    """Sentences about broken promises; the platform kept its word when there is none."""

    events: int = 0
    copies: int = 0
    """Events that the stream holds twice: allowed, because every inbox drops them."""
    lost: list[str] = field(default_factory=list[str])
    phantom: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    disordered: list[str] = field(default_factory=list[str])
    stuck: list[str] = field(default_factory=list[str])

    def faults(self) -> list[str]:
        return [*self.lost, *self.phantom, *self.doubled, *self.disordered, *self.stuck]

    def __str__(self) -> str:
        return (
            f"{len(self.lost)} lost, {len(self.phantom)} phantom, {len(self.doubled)} doubled, "
            f"{len(self.disordered)} out of order"
        )

    def count(self, what: str, outcome: Outcome, times: int, *, there: bool) -> None:
        """Compare how often something happened with what its writer was told, and with whether it is `there`."""
        wanted = {Outcome.OK: True, Outcome.FAILED: False, Outcome.UNKNOWN: there}[outcome]
        if wanted and times == 0:
            self.lost.append(f"{outcome} but lost: {what}")
        if times and not wanted:
            self.phantom.append(f"{outcome} but there: {what}")
        if times > 1:
            self.doubled.append(f"{times} times: {what}")


async def judge(live: Live, history: History, desk: UUID) -> Verdict:
    """Compare databases and stream of a platform at rest with everything that was ever written to it."""
    verdict = Verdict()
    await _effects(live, history, desk, verdict)
    newest = await _stream(live, verdict)
    for service in SERVICES:
        await _kernel(live, service, newest, verdict)
    return verdict


async def _effects(live: Live, history: History, desk: UUID, verdict: Verdict) -> None:
    reports = {row["id"]: row["what"] for row in await live.rows("volunteer", "select id, what from reports")}
    dockets = await live.rows("inspection", "select id, claim_id, what from docket_entries")
    entries = {row["claim_id"]: row for row in dockets}
    told = await _times(
        live, "volunteer", "select report_id from progress where fact = $1", "inspection.report.received"
    )
    received = await _times(live, "inspection", "select object_id from history where verb = 'receive'")
    noticed = await _times(
        live, "notify", "select about_id from notifications where template = 'report_received' and person_id = $1", desk
    )
    for report_id in {*reports, *entries} - history.reports.keys():
        verdict.phantom.append(f"nobody sent report {report_id}")
    docketed = Counter(row["claim_id"] for row in dockets)
    for report_id, outcome in history.reports.items():
        there = report_id in reports
        entry_id = entries[report_id]["id"] if report_id in entries else None
        effects: Mapping[str, int] = {
            "report": int(there),
            "docket entry": docketed[report_id],
            "reception": received[entry_id],
            "answer to the reporter": told[report_id],
            "notice to the desk": noticed[entry_id],
        }
        for effect, times in effects.items():
            verdict.count(f"{effect} of {report_id}", outcome, times, there=there)
        for words, known in history.additions.get(report_id, {}).items():
            times = reports.get(report_id, "").count(words)
            verdict.count(f"{words} of {report_id}", known, times, there=times > 0)
        if there and report_id in entries and entries[report_id]["what"] != reports[report_id]:
            verdict.disordered.append(f"the docket's copy of {report_id} is not what the reporter said")


async def _times(live: Live, service: str, query: str, *values: object) -> Counter[UUID | None]:
    return Counter(next(iter(row.values())) for row in await live.rows(service, query, *values))


async def _stream(live: Live, verdict: Verdict) -> dict[Fact, int]:
    """Check that each aggregate's versions came in order and without a gap; give the newest of each."""
    newest: dict[Fact, int] = defaultdict(int)
    known: set[UUID] = set()
    for message in await live.stream():
        event_id = UUID(message.headers["ce-id"])
        owner, noun = message.subject.split(".")[2:4]
        fact = (f"{owner}.{noun}", UUID(message.headers["ce-subject"]))
        version = int(message.headers["ce-sequence"])
        if event_id in known:
            verdict.copies += 1
        elif version != newest[fact] + 1:
            verdict.disordered.append(f"version {version} of {fact} follows {newest[fact]} in the stream")
        newest[fact] = max(version, newest[fact])
        known.add(event_id)
    verdict.events = len(known)
    sent = {
        row["event_id"] for service in SERVICES for row in await live.rows(service, "select event_id from outbox_sent")
    }
    verdict.lost += [f"the stream lacks {event_id}" for event_id in sent - known]
    verdict.phantom += [f"nobody sent {event_id}, yet the stream has it" for event_id in known - sent]
    return newest


_GAPS = """
select aggregate_type, aggregate_id, array_agg(version order by js_seq) from outbox_sent group by 1, 2
having array_agg(version order by js_seq) <> array_agg(version order by version) or max(version) <> count(*)
"""


async def _kernel(live: Live, service: str, newest: Mapping[Fact, int], verdict: Verdict) -> None:
    """Check a service's own books: sent in order, everything heard to its newest version, nothing left over."""
    for table in ("outbox", "dead_letter"):
        verdict.stuck += [f"{service}'s {table}: {row}" for row in await live.rows(service, f"select * from {table}")]
    verdict.disordered += [f"{service} sent with gaps: {row}" for row in await live.rows(service, _GAPS)]
    heard = {
        (row["aggregate"], row["aggregate_id"]): row["version"]
        for row in await live.rows(service, "select aggregate, aggregate_id, version from seen")
    }
    for fact in newest if service == "notify" else _listened_to(heard, newest):
        if heard.get(fact, 0) < newest[fact]:
            verdict.lost.append(f"{service} heard {fact} up to {heard.get(fact, 0)}, not {newest[fact]}")
    verdict.phantom += [f"{service} heard of {fact}, which never was" for fact in heard.keys() - newest.keys()]


def _listened_to(heard: Mapping[Fact, int], newest: Mapping[Fact, int]) -> Iterator[Fact]:
    """Give the aggregates of every kind of which the service heard at all."""
    kinds = {kind for kind, _ in heard}
    return (fact for fact in newest if fact[0] in kinds)
