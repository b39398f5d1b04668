"""The smallest county in which a report finds its desk, and people who report there through the public API."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
from chaos.history import History, Outcome
from chaos.live import Live
from e2e.county import COUNTY, PASSWORD, TOWN, ok, report, uid

DESK = UUID(uid("desk"))
ANSWER_WITHIN_S = 5.0
CONNECTIONS = 8
ADDITIONS = 0.25
"""Of the writes, how many add to a report of one's own; the rest are new reports."""


async def found(live: Live) -> None:
    """Register everything as the operator of a new installation does; doing it again changes nothing."""
    async with _client(live) as client:
        login = ("operator", live.keys.operator_secret())
        token = await ok(client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=login))
        client.headers["authorization"] = f"Bearer {token['access_token']}"
        desk, ada = uid("desk"), uid("ada")
        person = {"language": "en", "area_code": COUNTY}
        seat = {"area_code": COUNTY, "party_id": None}
        rule = {"id": uid("rule"), "by": "township", "key": TOWN, "authority_id": uid("emergency"), "area_code": COUNTY}
        for path, body in {
            "/areas": [{"code": code, "name_zh": f"区划{code}"} for code in (COUNTY, TOWN)],
            "/parties": [{"id": uid("emergency"), "kind": "authority", "name_zh": "应急管理局", "area_code": COUNTY}],
            "/people": [{"id": desk, "name": "desk", **person}, {"id": ada, "name": "ada", **person}],
            "/memberships": [
                {**seat, "id": uid("seat"), "person_id": desk, "role": "authority.desk", "party_id": uid("emergency")},
                {**seat, "id": uid("ada's"), "person_id": ada, "role": "volunteer"},
            ],
            "/competence": [rule],
            "/accounts": [{"person_id": ada, "login": "ada@county.example", "password": PASSWORD}],
        }.items():
            await ok(client.put(f"/api/v1{path}", json=body))
    await live.rest()


@dataclass(frozen=True)
class Reporters:
    """Ada, writing over several connections at once; what became of each write is kept in `history`."""

    client: httpx.AsyncClient
    history: History

    async def write(self, seconds: float, rate: float, seed: int = 0) -> None:
        """Send so many writes a second, evenly, however slow the answers are."""
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for number in range(CONNECTIONS):
                group.create_task(self._write(until, CONNECTIONS / rate, random.Random(seed * CONNECTIONS + number)))

    async def _write(self, until: float, every_s: float, chance: random.Random) -> None:
        mine: list[UUID] = []
        due = time.monotonic() + every_s * chance.random()
        while due < until:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if mine and chance.random() < ADDITIONS:
                await self.add(chance.choice(mine))
            elif await self.submit(key := uuid4()) is Outcome.OK:
                mine.append(key)
            due = max(due + every_s, time.monotonic())

    async def submit(self, report_id: UUID) -> Outcome:
        outcome = await self._ask("PUT", f"/reports/{report_id}", report(enterprise_id=None))
        self.history.reports[report_id] = outcome
        return outcome

    async def add(self, report_id: UUID) -> None:
        words = f"Seen again ({len(self.history.additions[report_id])})."
        self.history.additions[report_id][words] = Outcome.UNKNOWN
        outcome = await self._ask("POST", f"/reports/{report_id}/additions", {"what": words})
        self.history.additions[report_id][words] = outcome

    async def try_again(self) -> None:
        """Do what a phone does that got no answer: send the same report once more. Every second phone does."""
        for report_id in self.history.of(Outcome.UNKNOWN)[::2]:
            assert await self.submit(report_id) is Outcome.OK

    async def _ask(self, method: str, path: str, body: dict[str, Any]) -> Outcome:
        try:
            answer = await self.client.request(method, f"/api/v1{path}", json=body)
        except httpx.ConnectError:
            return Outcome.FAILED  # nothing was sent
        except httpx.HTTPError:
            return Outcome.UNKNOWN
        assert answer.is_success or answer.status_code >= 500, f"{answer.status_code} {answer.text}"
        return Outcome.OK if answer.is_success else Outcome.UNKNOWN


@asynccontextmanager
async def reporters(live: Live, history: History) -> AsyncIterator[Reporters]:
    async with _client(live) as client:
        login = {"login": "ada@county.example", "password": PASSWORD}
        token = await ok(client.post("/api/v1/session", json=login))
        client.headers["authorization"] = f"Bearer {token['access_token']}"
        yield Reporters(client, history)


def _client(live: Live) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=live.place["gateway"],
        trust_env=False,
        timeout=ANSWER_WITHIN_S,
        limits=httpx.Limits(max_connections=CONNECTIONS),
    )
