"""Everybody who writes while things break: reporters, officers, an agency, an enterprise, all by the public API."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import aiohttp
from chaos.effects import entry_of, hazard_of, words_of
from chaos.history import Deed, History, Outcome
from chaos.live import Live
from chaos.town import day, tokens
from e2e.county import report, uid

from shared.contracts.values import derived_id

ANSWER_WITHIN_S = 5.0
CONNECTIONS = 64
AGAIN_S = 0.3
ADDITIONS = 0.25
RETRIES = 0.1
"""Of a reporter's writes, how many add to an earlier report and how many send one again; the rest are new reports."""
RECENT = 3
"""So many reports are still being added to: facts of one aggregate follow each other so closely that they can swap."""
REJECTED = 0.15
LOW = 0.8
"""Of an audit's results, how many are findings."""
CASE = (Deed.ACCEPT, Deed.CONFIRM, Deed.ASSIGN, Deed.ORDER, Deed.ANSWER)


@dataclass(frozen=True)
class Pace:
    """How much is written. What takes longer than its share of time is not made up for."""

    reports_per_s: float = 40.0
    reporters: int = 8
    officers: int = 0
    audit_results: int = 0
    audit_every_s: float = 5.0
    checks_every_s: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What the writer was told. Status 0: nothing."""

    outcome: Outcome
    status: int = 0
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def slug(self) -> str:
        return str(self.body.get("type", "")).rpartition(":")[2]


class Crowd:
    """Writes to one platform; what became of each command is kept in `history`. The seed decides who does what."""

    def __init__(self, session: aiohttp.ClientSession, signed: Mapping[str, str], history: History, seed: int) -> None:
        self.history = history
        self._session = session
        self._signed = signed
        self._seed = seed
        self._cases: deque[UUID] = deque()
        self._audits: dict[UUID, dict[str, Any]] = {}
        self._checks: dict[UUID, dict[str, Any]] = {}

    async def write(self, ended: asyncio.Event, pace: Pace) -> None:
        """Let everybody write until told to end."""
        work: list[Callable[[random.Random], Awaitable[None]]] = []
        work += [partial(self._report, ended, pace.reporters / pace.reports_per_s)] * pace.reporters
        work += [partial(self._decide, ended)] * pace.officers
        if pace.audit_results:
            work.append(partial(self._audit, ended, pace.audit_every_s, pace.audit_results))
        if pace.checks_every_s:
            work.append(partial(self._check, ended, pace.checks_every_s))
        async with asyncio.TaskGroup() as group:
            for number, one in enumerate(work):
                group.create_task(_run(one, random.Random(f"{self._seed} {number}")))

    async def write_for(self, seconds: float, pace: Pace) -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, ended.set)
        await self.write(ended, pace)

    async def try_again(self) -> None:
        """Do what somebody does who got no answer: send the same once more. Every second one does."""
        for deed in (Deed.REPORT, Deed.AUDIT, Deed.SELF_CHECK, *CASE, Deed.REJECT):
            for key in self.history.of(Outcome.UNKNOWN, deed)[::2]:
                match deed:
                    case Deed.REPORT:
                        outcome = await self.submit(key)
                    case Deed.AUDIT:
                        outcome = await self._deliver(key)
                    case Deed.SELF_CHECK:
                        outcome = await self._declare(key)
                    case _:
                        outcome = await self._step(deed, key)
                assert outcome is Outcome.OK, f"{deed} {key} is refused though nothing is broken"

    async def submit(self, report_id: UUID) -> Outcome:
        answer = await self._ask("ada", "PUT", f"/reports/{report_id}", report(category="machinery"))
        return self.history.note(Deed.REPORT, report_id, answer.outcome)

    async def _report(self, ended: asyncio.Event, every_s: float, chance: random.Random) -> None:
        mine: list[UUID] = []
        async for _ in _beats(ended, every_s, chance):
            choice = chance.random()
            if mine and choice < ADDITIONS:
                await self._add(chance.choice(mine[-RECENT:]), _new_id(chance))
            elif mine and choice < ADDITIONS + RETRIES:
                await self.submit(chance.choice(mine))
            elif await self.submit(key := _new_id(chance)) is Outcome.OK:
                mine.append(key)
                self._cases.append(key)

    async def _add(self, report_id: UUID, addition_id: UUID) -> None:
        said = {"what": words_of(addition_id)}
        answer = await self._ask("ada", "POST", f"/reports/{report_id}/additions", said)
        self.history.note(Deed.ADDITION, addition_id, answer.outcome)

    async def _decide(self, ended: asyncio.Event, chance: random.Random) -> None:
        """Take one claim after the other through its case; claims that nobody has time for stay on the docket."""
        async for _ in _beats(ended, 0.01, chance):
            if self._cases:
                claim_id = self._cases.popleft()
                for deed in (Deed.REJECT,) if chance.random() < REJECTED else CASE:
                    while (outcome := await self._step(deed, claim_id)) is not Outcome.OK:
                        if ended.is_set():
                            return
                        if deed is Deed.ASSIGN and outcome is Outcome.UNKNOWN:
                            break  # it may be done twice by law, so whoever is not sure must not
                        await asyncio.sleep(AGAIN_S)
                    else:
                        continue
                    break

    async def _step(self, deed: Deed, claim_id: UUID) -> Outcome:
        """Move a case by one step; a refusal after an unknown attempt means that it was done."""
        entry, hazard = f"/docket/{entry_of(claim_id)}", f"/hazards/{hazard_of(claim_id)}"
        known = self.history.deeds[deed].get(claim_id)
        if deed is Deed.ANSWER:
            state = (await self._ask("desk", "GET", entry)).body.get("state")
            if state not in {"substantiated", "answered"}:
                return Outcome.FAILED
        if deed is Deed.ASSIGN and known is Outcome.UNKNOWN:
            state = (await self._ask("desk", "GET", hazard)).body.get("state")
            if state == "assigned":
                return self.history.note(deed, claim_id, Outcome.OK)
        officers = [uid("li"), uid("wang")]
        words = "Guard of saw 3 is missing"
        who, path, said = {
            Deed.ACCEPT: ("desk", f"{entry}/accept", {"what": words}),
            Deed.REJECT: ("desk", f"{entry}/reject", {"reason": "withdrawn", "explanation": "Taken back."}),
            Deed.CONFIRM: ("li", f"{hazard}/confirm", {"grade": "general", "what": words, "officers": officers}),
            Deed.ASSIGN: ("desk", f"{hazard}/assign", {}),
            Deed.ORDER: ("li", f"{hazard}/order", _order(officers)),
            Deed.ANSWER: ("desk", f"{entry}/answer", {"answer": "It was true; thank you."}),
        }[deed]
        answer = await self._ask(who, "POST", path, said)
        outcome = answer.outcome
        if answer.status == 409 and answer.slug != "changed-meanwhile":
            assert known is Outcome.UNKNOWN, f"{deed} {claim_id} is refused though nobody did it: {answer.body}"
            outcome = Outcome.OK
        return self.history.note(deed, claim_id, outcome)

    async def _audit(self, ended: asyncio.Event, every_s: float, results: int, chance: random.Random) -> None:
        async for _ in _beats(ended, every_s, chance):
            audit_id = _new_id(chance)
            self._audits[audit_id] = _results(chance, results)
            if await self._deliver(audit_id) is not Outcome.OK and chance.random() < 0.5:
                await self._deliver(audit_id)

    async def _deliver(self, audit_id: UUID) -> Outcome:
        audit = self._audits[audit_id]
        answer = await self._ask("agency", "PUT", f"/audits/{audit_id}", audit)
        for row in audit["results"]:
            if row["score"] < 50:
                self.history.note(Deed.FINDING, derived_id(audit_id, row["result_id"]), answer.outcome)
        return self.history.note(Deed.AUDIT, audit_id, answer.outcome)

    async def _check(self, ended: asyncio.Event, every_s: float, chance: random.Random) -> None:
        async for _ in _beats(ended, every_s, chance):
            check_id = _new_id(chance)
            found = [{"id": str(_new_id(chance)), "category": "machinery", "what": "Guard missing"} for _ in range(3)]
            self._checks[check_id] = {"date": day(-1), "items": found}
            await self._declare(check_id)

    async def _declare(self, check_id: UUID) -> Outcome:
        check = self._checks[check_id]
        answer = await self._ask("miller", "PUT", f"/self-checks/{check_id}", check)
        for item in check["items"]:
            self.history.note(Deed.DECLARED, UUID(item["id"]), answer.outcome)
        return self.history.note(Deed.SELF_CHECK, check_id, answer.outcome)

    async def _ask(self, who: str, method: str, path: str, body: Any = None) -> Answer:
        """Ask once. Not there yet (404) and somebody was quicker (409) are answers that a platform may give."""
        headers = {"authorization": f"Bearer {self._signed[who]}"}
        try:
            async with self._session.request(method, f"/api/v1{path}", json=body, headers=headers) as response:
                told = await response.json()
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(AGAIN_S)
            return Answer(Outcome.FAILED)  # nothing was sent
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return Answer(Outcome.UNKNOWN)
        if response.status >= 500:
            return Answer(Outcome.UNKNOWN, response.status, told)
        assert response.ok or response.status in {404, 409}, f"{method} {path}: {response.status} {told}"
        return Answer(Outcome.OK if response.ok else Outcome.FAILED, response.status, told)


@asynccontextmanager
async def crowd(live: Live, history: History, seed: int | None = None) -> AsyncIterator[Crowd]:
    """Sign everybody in and keep their connections open until the block ends. The same seed makes the same ids."""
    async with aiohttp.ClientSession(
        live.place["gateway"],
        timeout=aiohttp.ClientTimeout(ANSWER_WITHIN_S),
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
    ) as session:
        # Else a PUT that was cut off is sent again, and the failure to connect again passes for never sent.
        session._retry_connection = False
        yield Crowd(session, await tokens(live), history, random.getrandbits(32) if seed is None else seed)


async def _run(work: Callable[[random.Random], Awaitable[None]], chance: random.Random) -> None:
    await work(chance)


async def _beats(ended: asyncio.Event, every_s: float, chance: random.Random) -> AsyncIterator[None]:
    """Beat evenly until told to end, however long each beat's work takes."""
    now = asyncio.get_running_loop().time
    due = now() + every_s * chance.random()
    while not ended.is_set():
        await asyncio.sleep(max(0.0, due - now()))
        yield
        due = max(due + every_s, now())


def _new_id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _results(chance: random.Random, number: int) -> dict[str, Any]:
    scores = [20.0 if chance.random() < LOW else 95.0 for _ in range(number)]
    return {
        "engagement_id": uid("engagement"),
        "performed_on": day(-1),
        "results": [
            {"result_id": str(place), "enterprise_id": uid("mill"), "score": score, "category": "food_premises"}
            for place, score in enumerate(scores)
        ],
        "conclusion": "Seen",
        "summary_public": "Seen",
    }


def _order(officers: list[str]) -> dict[str, Any]:
    return {
        "kind": "rectify_by",
        "items": [{"text": "Fit a guard"}],
        "limit": day(5),
        "basis": "Work Safety Law art. 65",
        "officers": officers,
        "enterprise_id": uid("mill"),
    }
