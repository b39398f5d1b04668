"""Loads the demo county into a platform and keeps its sign-ins; without it a newcomer would find empty pages.

Loading again changes nothing. Passwords are made per installation and stand in one file that only its owner may read.
"""

import asyncio
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from demo.county import content_version, registrations
from demo.county.codes import COUNTY
from demo.county.parties import PARTIES
from demo.county.people import PEOPLE, Person
from demo.gateway import Answer, Caller, Refused, until
from shared.contracts.values import Role

Progress = Callable[[str], None]
"""Told in words what is being loaded."""
TIMEOUT_S = 30.0
TOO_MANY = 429
CLIENTS = {
    "demo-agency-1": (Role.AGENCY, "agency-1"),
    "demo-gas-company": (Role.PARTNER, "gas-company"),
    "demo-neighbour": (Role.PARTNER, "neighbour"),
}
"""Client id → in which role, for which party."""
SHOWN = (
    "volunteer-1",
    "grid-worker-1",
    "fire.desk",
    "fire.officer-1",
    "emergency.head",
    "emergency.desk",
    "office.secretary",
    "enterprise-001.principal",
    "agency-1.auditor",
)
"""Logins that `commonwatch up --demo` prints; the others stand in the file."""


@dataclass(frozen=True, slots=True)
class SignIns:
    """How people and systems of the demo sign in here. `content` is set when the county was loaded whole."""

    accounts: dict[str, dict[str, Any]]
    """Login → password, title, and whether it is shown at the start."""
    clients: dict[str, str]
    """Client id → secret."""
    content: str = ""

    def password(self, person: Person) -> str:
        password: str = self.accounts[login_of(person)]["password"]
        return password


async def seed(base_url: str, operator_secret: str, sign_ins: Path, report: Progress) -> SignIns:
    """Register the county, its accounts and clients; wait until the last of them can sign in."""
    kept = _kept(sign_ins)
    async with httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S, trust_env=False) as http:
        if kept.content == content_version() and await _is_there(http):
            return kept
        operator = await client_caller(http, "operator", operator_secret, "Operator")
        for noun, bodies in registrations().items():
            report(f"loading Demo County F: {len(bodies)} {noun}")
            await operator.put(noun, bodies)
        report(f"loading Demo County F: {len(kept.accounts)} accounts")
        _write(sign_ins, kept)
        await operator.put("accounts", [_account(person, kept) for person in sign_in_people()])
        await operator.put("clients", [_client(client_id, secret) for client_id, secret in kept.clients.items()])
        report("loading Demo County F: waiting for the first sign-in")
        await _the_last_can_sign_in(http, kept)
        loaded = SignIns(kept.accounts, kept.clients, content_version())
        _write(sign_ins, loaded)
        return loaded


def sign_in_people() -> list[Person]:
    """List those of the county who have an account."""
    return [person for person in PEOPLE.values() if person.signs_in]


def login_of(person: Person) -> str:
    return person.key.lower()


async def client_caller(http: httpx.AsyncClient, client_id: str, secret: str, title: str) -> Caller:
    """Sign in as a system (OAuth 2 client credentials)."""
    answer = await http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(client_id, secret))
    if not answer.is_success:
        raise Refused(f"The client {client_id} got no token: {answer.status_code} {answer.text}")
    return Caller(title, http, answer.json()["access_token"])


async def person_caller(http: httpx.AsyncClient, person: Person, password: str) -> Caller:
    """Sign in as a person."""
    answer = await _signed_in(http, person, password)
    if not httpx.codes.is_success(answer.status):
        raise Refused(f"{person.key} could not sign in: {answer.status} {answer.slug} {answer.sentence}")
    return Caller(person.title, http, answer.body["access_token"], person.language)


async def _signed_in(http: httpx.AsyncClient, person: Person, password: str) -> Answer:
    """Ask for a session; who signs in too often from one address waits as told, once."""
    somebody, ask = Caller("somebody", http), {"login": login_of(person), "password": password}
    answer = await somebody.ask("POST", "session", json=ask)
    if answer.status != TOO_MANY:
        return answer
    await asyncio.sleep(answer.body["retry_after_s"])
    return await somebody.ask("POST", "session", json=ask)


async def _is_there(http: httpx.AsyncClient) -> bool:
    return (await http.get(f"/api/v1/areas/{COUNTY}")).is_success


async def _the_last_can_sign_in(http: httpx.AsyncClient, kept: SignIns) -> None:
    """Memberships reach the gateway by event: wait for the one that was granted last."""
    last = sign_in_people()[-1]

    async def try_it() -> int:
        return (await _signed_in(http, last, kept.password(last))).status

    await until(try_it, httpx.codes.is_success, "the last account can sign in", every_s=0.5)


def _account(person: Person, kept: SignIns) -> dict[str, Any]:
    return {"person_id": str(person.id), "login": login_of(person), "password": kept.password(person)}


def _client(client_id: str, secret: str) -> dict[str, Any]:
    role, party = CLIENTS[client_id]
    name = f"{PARTIES[party].name_en} (demo)"
    return {
        "client_id": client_id,
        "name": name,
        "role": role,
        "party_id": str(PARTIES[party].id),
        "area_code": COUNTY,
        "secret": secret,
    }


def _kept(file: Path) -> SignIns:
    """Read the sign-ins of an earlier loading, and make those that are missing."""
    known: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    accounts, clients = known.get("accounts", {}), known.get("clients", {})
    return SignIns(
        {login_of(person): _sign_in(person, accounts.get(login_of(person), {})) for person in sign_in_people()},
        {client_id: clients.get(client_id) or secrets.token_urlsafe(32) for client_id in CLIENTS},
        known.get("content", ""),
    )


def _sign_in(person: Person, known: dict[str, Any]) -> dict[str, Any]:
    return {
        "password": known.get("password") or secrets.token_urlsafe(15),
        "title": person.title,
        "show": person.key in SHOWN,
    }


def _write(file: Path, sign_ins: SignIns) -> None:
    """Write whole or not at all, readable by the owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(asdict(sign_ins), out, indent=1)
    draft.replace(file)
