"""The demo county lives through a year in seconds: people who are punctual, late, or never do it, by a seeded draw."""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx
from PIL import Image

from demo.county import registrations
from demo.county.codes import COUNTY
from shared.auth import Actor
from shared.contracts.values import Role
from shared.testing import Platform

HAZARDS = 16
CATEGORIES = ("dust", "machinery", "electricity", "chemicals", "confined_space", "height")
PUNCTUAL, LATE = 0.8, 0.92
"""Of all that is to be done: so much is done in time, up to so much late, and the rest never."""
Deed = Callable[[], Awaitable[None]]


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 3), "orange").save(out, "PNG")
    return out.getvalue()


@dataclass
class Year:
    """What is still to be done, by whom and when; time goes from one thing that is due to the next."""

    platform: Platform
    until: datetime
    random: Random = field(default_factory=lambda: Random(2026))
    people: dict[tuple[str, str], list[Actor]] = field(default_factory=dict[tuple[str, str], list[Actor]])
    """(party, role) -> who acts so."""
    photos: dict[UUID, dict[str, Any]] = field(default_factory=dict[UUID, dict[str, Any]])
    met: set[str] = field(default_factory=set[str])
    _agenda: list[tuple[datetime, int, Deed]] = field(default_factory=list[tuple[datetime, int, Deed]])
    _order: "count[int]" = field(default_factory=count)

    @property
    def now(self) -> datetime:
        return self.platform.now

    async def found(self) -> None:
        """Register the demo county as its operator does, of its enterprises those that somebody acts for."""
        known = registrations()
        staffed = {row["party_id"] for row in known["memberships"]}
        known["enterprises"] = [row for row in known["enterprises"] if row["id"] in staffed]
        operator = Actor(uuid4(), Role.OPERATOR, None, COUNTY)
        for noun, bodies in known.items():
            for start in range(0, len(bodies), 100):
                answer = await self._ask("registry", operator, "PUT", f"/{noun}", bodies[start : start + 100])
                assert answer.is_success, f"{noun}: {answer.text}"
        for row in (each for each in known["memberships"] if each["party_id"]):
            who = Actor(UUID(row["person_id"]), row["role"], UUID(row["party_id"]), row["area_code"])
            self.people.setdefault((row["party_id"], row["role"]), []).append(who)
        await self.platform.settle()

    async def run(self) -> None:
        """Fire what is due and do what is planned, until the year is over."""
        works = [party for party, role in self.people if role == Role.ENTERPRISE_PRINCIPAL]
        known = {row["id"]: row for row in registrations()["enterprises"]}
        for number in range(HAZARDS):
            works_of_it = known[self.random.choice(works)]
            begins = self.now + timedelta(days=self.random.uniform(0, 300))
            self.plan(begins, lambda number=number, of=works_of_it: self._claim(number, of))
        while True:
            due = await self._next_due()
            planned = self._agenda[0][0] if self._agenda else self.until
            self.platform.now = at = min(max(min(due, planned), self.now), self.until)
            while self._agenda and self._agenda[0][0] <= at:
                await heapq.heappop(self._agenda)[2]()
            await self.platform.settle()
            await self._read_mail()
            if at >= self.until:
                return

    def plan(self, at: datetime, deed: Deed) -> None:
        """Put something on the agenda of the first morning from then on: all that is planned is done at nine."""
        morning = at.replace(hour=1, minute=0, second=0, microsecond=0)
        at = morning if morning >= at else morning + timedelta(days=1)
        heapq.heappush(self._agenda, (at, next(self._order), deed))

    async def rows(self, query: str, **values: Any) -> list[Any]:
        return list(await self.platform.rows("inspection", query, **values))

    async def _next_due(self) -> datetime:
        [row] = await self.rows("select min(next_at) as at from deadlines where state = 'open'")
        return row["at"] or self.until

    async def _ask(self, service: str, who: Actor, method: str, path: str, body: Any) -> httpx.Response:
        async with self.platform.client(service, who) as http:
            return await http.request(method, path, json=body)

    async def say(self, who: Actor, path: str, **body: Any) -> dict[str, Any]:
        answer = await self._ask("inspection", who, "POST", path, body)
        assert answer.is_success, f"{who.role} {path}: {answer.status_code} {answer.text}"
        read: dict[str, Any] = answer.json()
        return read

    async def see(self, who: Actor, path: str) -> dict[str, Any]:
        async with self.platform.client("inspection", who) as http:
            read: dict[str, Any] = (await http.get(path)).json()
        return read

    async def photo_of(self, who: Actor) -> dict[str, Any]:
        """Give a picture that this person's organisation handed in."""
        assert who.party_id is not None, "only offices and enterprises show pictures here"
        if who.party_id not in self.photos:
            async with self.platform.client("inspection", who) as http:
                given = (await http.put(f"/evidence/inspection/{uuid4()}", content=photo())).json()
            self.photos[who.party_id] = {key: given[key] for key in ("id", "owner", "sha256", "media_type")}
        return self.photos[who.party_id]

    async def _sooner_or_later(self, about: str, key: str, deed: Deed) -> None:
        """Do what a clock waits for: most of it in time, some of it late, a little of it never."""
        query = "select due_at from deadlines where object_id = :id and key = :key and state = 'open'"
        rows = await self.rows(query, id=UUID(about), key=key)
        due = rows[0]["due_at"] if rows else self.now + timedelta(days=1)
        chance = self.random.random()
        if chance < PUNCTUAL:
            self.plan(self.now + (due - self.now) * self.random.uniform(0.1, 0.8), deed)
        elif chance < LATE:
            self.plan(due + timedelta(days=self.random.uniform(0.5, 40)), deed)

    async def _claim(self, number: int, works: dict[str, Any]) -> None:
        [secretary, *_] = next(people for (_, role), people in self.people.items() if role == Role.COMMITTEE)
        ask = {
            "place": {**works["place"], "address": f"line {number}"},
            "enterprise_id": works["id"],
            "category": CATEGORIES[number % len(CATEGORIES)],
            "what": f"Matter {number}",
        }
        claim_id = uuid4()
        answer = await self._ask("inspection", secretary, "PUT", f"/docket/claims/{claim_id}", ask)
        assert answer.is_success, answer.text
        await self.platform.settle(redeliver=2)
        [entry] = await self.rows(
            "select id::text, authority_id::text as lead from docket_entries where claim_id = :id", id=claim_id
        )
        if len(self.people.get((entry["lead"], Role.AUTHORITY_OFFICER), ())) > 1:  # elsewhere nobody does anything
            case = Case(self, entry["lead"], works["id"], major=self.random.random() < 0.25)
            await self._sooner_or_later(entry["id"], "report.decide_acceptance", lambda: case.accept(entry["id"]))

    async def _read_mail(self) -> None:
        """Let addressees answer some letters, and senders call, hold and judge, and the committee decide."""
        query = "select id::text, state, kind, addressee_id::text, sender_id::text, reply_by from letters"
        query += " order by sent_at, number"
        for row in await self.rows(query):
            mark = f"{row['id']} {row['state']}"
            if mark not in self.met:
                self.met.add(mark)
                self._next_of(row)
        for row in await self.rows("select id::text from proposals where state = 'open'"):
            if row["id"] not in self.met:
                self.met.add(row["id"])
                [secretary, *_] = next(people for (_, role), people in self.people.items() if role == Role.COMMITTEE)
                measure, where = self.random.choice(["circular", "transfer", None]), f"/proposals/{row['id']}/decide"
                self._later(2, secretary, where, measure=measure, reason="Discussed.")

    def _next_of(self, row: Any) -> None:
        address, chance, soon = f"/letters/{row['id']}", self.random.random(), self.random.uniform(0.5, 6)
        sender, answering = self._speaks_for(row["sender_id"]), self._speaks_for(row["addressee_id"])
        match row["state"]:
            case "prepared" if sender:
                at = (self.now + timedelta(days=soon + 3)).isoformat()
                self._later(soon, sender, f"{address}/summon", at=at, place="Room 301", called=["The leader"])
            case "sent" if row["kind"] == "interview" and sender and chance < 0.8:
                self.plan(self.now + timedelta(days=4), lambda: self._hold(sender, address))
            case "sent" | "held" | "insufficient" if row["reply_by"] and answering and chance < 0.5:
                if row["kind"] != "interview" or row["state"] != "sent":
                    self._later(soon, answering, f"{address}/reply", text="It is being done.")
            case "answered" if sender:
                self._later(soon, sender, f"{address}/judge", accepted=chance < 0.7, reason="Read.")
            case _:
                pass

    def _speaks_for(self, party: str) -> Actor | None:
        roles = (Role.AUTHORITY_DESK, Role.COMMITTEE, Role.ENTERPRISE_PRINCIPAL, Role.TOWNSHIP)
        return next((self.people[party, role][0] for role in roles if (party, role) in self.people), None)

    def _later(self, days: float, who: Actor, where: str, **body: Any) -> None:
        async def deed() -> None:
            await self.say(who, where, **body)

        self.plan(self.now + timedelta(days=days), deed)

    async def _hold(self, sender: Actor, address: str) -> None:
        await self.say(sender, f"{address}/hold", held_at=self.now.isoformat(), record="Heard.", demanded="Do it.")

    async def wait(self, about: str, key: str, deed: Deed) -> None:
        await self._sooner_or_later(about, key, deed)

    def today(self) -> date:
        return (self.now + timedelta(hours=8)).date()


class Case:
    """One matter on its way from the docket to the look back, in the hands of one authority and one enterprise."""

    def __init__(self, year: Year, lead: str, works: str, *, major: bool) -> None:
        people, self.year, self.major = year.people, year, major
        self.desk, self.head = people[lead, Role.AUTHORITY_DESK][0], people[lead, Role.AUTHORITY_HEAD][0]
        self.officers = people[lead, Role.AUTHORITY_OFFICER][:2]
        self.principal = people[works, Role.ENTERPRISE_PRINCIPAL][0]
        self.hazard = ""

    @property
    def two(self) -> list[str]:
        return [str(officer.id) for officer in self.officers]

    async def accept(self, entry_id: str) -> None:
        accepted = await self.year.say(self.desk, f"/docket/{entry_id}/accept", what="Matter on site")
        self.hazard = accepted["hazard_id"]
        await self.year.wait(entry_id, "report.verify", self.confirm)

    async def confirm(self) -> None:
        opinion = {"opinion": "Grave", "experts": ["Expert A", "Expert B"]}
        graded: dict[str, Any] = {"grade": "major", "expert_opinion": opinion} if self.major else {"grade": "general"}
        ask = {"what": "Matter on site", "officers": self.two, "another_matter": True, **graded}
        await self._do(self.officers[0], "confirm", **ask)
        await self.year.wait(self.hazard, "hazard.assign", self.assign)

    async def assign(self) -> None:
        await self._do(self.desk, "assign")
        await self.year.wait(self.hazard, "hazard.return_assignment", self.order)

    async def order(self) -> None:
        seen = await self.year.photo_of(self.officers[0])
        ask = {
            "kind": "rectify_by",
            "items": [{"text": "Put it right", "before": [seen]}],
            "limit": str(self.year.today() + timedelta(days=20)),
            "basis": "Work Safety Law art. 65",
            "officers": self.two,
            "delivery": {"how": "in_person", "received_by": "The principal", "evidence": [seen]},
        }
        await self._do(self.officers[0], "order", **ask)
        await self.year.wait(self.hazard, "hazard.plan", self.begin)

    async def begin(self) -> None:
        limit = (await self.year.see(self.principal, f"/hazards/{self.hazard}"))["limit"]
        words = {"responsible_person": "The principal", "measures": "An extractor", "contingency_plan": "Stop"}
        await self._do(self.principal, "start-rectification", certainties={**words, "funds_yuan": 1, "limit": limit})
        await self.year.wait(self.hazard, "hazard.limit", self.ready)

    async def ready(self) -> None:
        shown = await self.year.photo_of(self.principal)
        items = (await self.year.see(self.principal, f"/hazards/{self.hazard}"))["items"]
        await self._do(
            self.principal, "request-recheck", items=[{"item_id": item["id"], "after": [shown]} for item in items]
        )
        await self.year.wait(self.hazard, "hazard.recheck", self.recheck)

    async def recheck(self) -> None:
        await self._do(self.officers[1], "open-recheck")
        seen = [await self.year.photo_of(self.officers[1])]
        items = (await self.year.see(self.officers[1], f"/hazards/{self.hazard}"))["items"]
        verdicts = [{"item_id": item["id"], "passed": True} for item in items]
        ask = {"verdicts": verdicts, "opinion": "Seen on site.", "attachments": seen, "unit_signature": seen}
        await self._do(self.officers[1], "pass-recheck", officers=self.two, **ask)
        await self.year.wait(self.hazard, "hazard.close", self.close)

    async def close(self) -> None:
        await self._do(self.head, "close", workers_told=True)
        await self.year.wait(self.hazard, "hazard.lookback.first", self.look_back)

    async def look_back(self) -> None:
        seen = [await self.year.photo_of(self.officers[0])]
        await self._do(self.officers[0], "look-back", ordinal=1, passed=True, remark="Still right", evidence=seen)

    async def _do(self, who: Actor, verb: str, **ask: Any) -> None:
        await self.year.say(who, f"/hazards/{self.hazard}/{verb}", **ask)
