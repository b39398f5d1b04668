"""Makes load; without a client that costs little beside what it measures, every figure would be the client's own.

A process of its own: one `Plan` as JSON on stdin, one `Outcome` as JSON on stdout. It ends by itself, by time and by
count, and speaks to nothing but this machine.
"""

import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import cast
from uuid import uuid4

import uvloop

HOST = "127.0.0.1"
MAX_S = 30.0
MAX_REQUESTS = 100_000
DRAIN_S = 5.0
"""How long answers are waited for after the last request."""


@dataclass(frozen=True, slots=True)
class Plan:
    """PUT `body` to `path` + a new id, or GET `path`; or any method to `path` + one of `subjects` after the other.

    `rate` None: closed loop, each connection asks again once it is answered.
    """

    port: int
    path: str
    body: str
    tokens: list[str]
    measure_s: float
    warm_s: float = 1.0
    connections: int = 32
    rate: float | None = None
    expect: int = 201
    method: str = "PUT"
    subjects: list[str] = field(default_factory=list[str])
    """What follows `path`; the run ends early when all were asked for."""


@dataclass(slots=True)
class Outcome:
    """`answered` counts from the end of the warm-up; `started` (id → unix time) is kept for the open loop only."""

    answered: int = 0
    elapsed_s: float = 0.0
    client_cpu_s: float = 0.0
    latencies_ms: list[float] = field(default_factory=list[float])
    started: dict[str, float] = field(default_factory=dict[str, float])
    wrong: dict[str, int] = field(default_factory=dict[str, int])
    first_wrong: str = ""


class Line(asyncio.Protocol):
    """One kept-alive connection: a request at a time."""

    def __init__(self, crowd: "Crowd") -> None:
        self.crowd = crowd
        self.began = 0.0
        self._answer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own does not inherit it

    def ask(self, request: bytes, began: float) -> None:
        assert self._transport is not None
        self.began = began
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end:
            return
        _, declared, rest = head.partition(b"\r\ncontent-length: ")
        length = int(rest.split(b"\r\n", 1)[0]) if declared else None
        if len(body) < length if length is not None else not body.endswith(b"0\r\n\r\n"):
            return
        self._answer = b""
        self.crowd.answered(self, head[9:12].decode(), body)

    def connection_lost(self, exc: Exception | None) -> None:
        self.crowd.lost(exc)

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


class Crowd:
    """All connections of one run and what they heard."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.outcome = Outcome()
        self._loop = asyncio.get_running_loop()
        self._idle: deque[Line] = deque()
        self._late: deque[float] = deque()
        self._asked = self._heard = 0
        self._finished = asyncio.Event()
        self._closing = False
        body = plan.body.encode()
        self._requests = [
            f" HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n".encode()
            + body
            for token in plan.tokens
        ]
        self._start = f"{plan.method} {plan.path}"

    async def run(self) -> Outcome:
        plan = self.plan
        assert plan.warm_s + plan.measure_s <= MAX_S, f"a run lasts at most {MAX_S:.0f} seconds"
        for _ in range(plan.connections):
            _, line = await self._loop.create_connection(lambda: Line(self), HOST, plan.port)
            self._idle.append(line)
        lines = list(self._idle)
        self._count_from = self._loop.time() + plan.warm_s
        self._until = self._count_from + plan.measure_s
        if plan.rate is None:
            for line in lines:
                self._next(line)
        else:
            await self._arrive(plan.rate)
        await asyncio.sleep(max(0.0, self._until - self._loop.time()))
        self.outcome.elapsed_s = plan.measure_s
        if self._heard < self._asked:
            try:
                await asyncio.wait_for(self._finished.wait(), DRAIN_S)
            except TimeoutError:
                self._note("unanswered", f"{self._asked - self._heard} requests", self._asked - self._heard)
        self._closing = True
        for line in lines:
            line.close()
        self.outcome.client_cpu_s = time.process_time()
        return self.outcome

    async def _arrive(self, rate: float) -> None:
        """Let requests arrive at their times whether or not earlier ones were answered."""
        first = self._loop.time()
        arrivals = min(int((self._until - first) * rate), MAX_REQUESTS)
        for number in range(arrivals):
            due = first + number / rate
            if (ahead_s := due - self._loop.time()) > 0:
                await asyncio.sleep(ahead_s)
            if self._idle:
                self._send(self._idle.popleft(), due)
            else:
                self._late.append(due)

    def _next(self, line: Line) -> None:
        now = self._loop.time()
        most = len(self.plan.subjects) or MAX_REQUESTS
        if now < self._until and self._asked < most:
            self._send(line, now)

    def _send(self, line: Line, due: float) -> None:
        """Send one request; its clock runs from the moment when it was due."""
        subject = self._subject()
        if self.plan.rate is not None and due >= self._count_from:
            self.outcome.started[subject] = time.time() - (self._loop.time() - due)
        request = self._requests[self._asked % len(self._requests)]
        self._asked += 1
        line.ask((self._start + subject).encode() + request, due)

    def _subject(self) -> str:
        if self.plan.subjects:
            return self.plan.subjects[self._asked]
        return "" if self.plan.method == "GET" else str(uuid4())

    def answered(self, line: Line, status: str, body: bytes) -> None:
        now = self._loop.time()
        self._heard += 1
        if status != str(self.plan.expect):
            self._note(status, body.decode("utf-8", "replace"))
        elif self._count_from <= now <= self._until:
            self.outcome.answered += 1
            self.outcome.latencies_ms.append((now - line.began) * 1000)
        if self.plan.rate is None:
            self._next(line)
        elif self._late:
            self._send(line, self._late.popleft())
        else:
            self._idle.append(line)
        if self._heard == self._asked and now >= self._until:
            self._finished.set()

    def lost(self, why: Exception | None) -> None:
        if not self._closing:
            self._note("connection lost", repr(why))

    def _note(self, kind: str, words: str, times: int = 1) -> None:
        self.outcome.wrong[kind] = self.outcome.wrong.get(kind, 0) + times
        self.outcome.first_wrong = self.outcome.first_wrong or words[:500]


async def _main(plan: Plan) -> Outcome:
    return await Crowd(plan).run()


if __name__ == "__main__":
    wanted = Plan(**json.load(sys.stdin))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        json.dump(asdict(runner.run(_main(wanted))), sys.stdout)
