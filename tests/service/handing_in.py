"""How tests hand a table in and let it be checked and written; each would else poll in its own way."""

from typing import Any
from uuid import uuid4

import httpx

from shared.testing import Platform

Job = dict[str, Any]


async def handed_in(platform: Platform, http: httpx.AsyncClient, kind: str, data: bytes) -> Job:
    """Hand a file in and let it be checked."""
    answer = await http.put(f"/imports/{uuid4()}", params={"kind": kind, "name": "f.csv"}, content=data)
    assert answer.status_code == 202, answer.text
    await platform.settle()
    return (await http.get(f"/imports/{answer.json()['id']}")).json()


async def confirmed(platform: Platform, http: httpx.AsyncClient, job: Job, **ask: bool) -> Job:
    answer = await http.post(f"/imports/{job['id']}/confirm", json=ask)
    assert answer.status_code == 202, answer.text
    await platform.settle(redeliver=2)
    return (await http.get(f"/imports/{job['id']}")).json()


async def brought_in(platform: Platform, http: httpx.AsyncClient, kind: str, data: bytes) -> Job:
    job = await confirmed(platform, http, await handed_in(platform, http, kind, data))
    assert (job["state"], job["bad_rows"]) == ("done", 0), job
    return job


async def faults_of(http: httpx.AsyncClient, job: Job) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = -1
    while True:
        page = (await http.get(f"/imports/{job['id']}/faults", params={"after": after, "limit": 500})).json()
        found += page["items"]
        if page["next"] is None:
            return found
        after = page["next"]


def counts(job: Job) -> tuple[int, ...]:
    return tuple(job[name] for name in ("rows", "new", "changed", "unchanged", "bad_rows"))
