"""What every story needs: the screen, people who can speak to the platform, and an ear on the event stream."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import httpx

from demo.county.people import PEOPLE
from demo.gateway import Caller, until
from demo.photo import PHOTO
from demo.seed import SignIns, client_caller, person_caller
from demo.stage import Stage, Step
from demo.stream import Stream

BEGUN_EVERYWHERE = timezone(timedelta(hours=-12))
"""The last zone in which a day begins: whatever the county's own is, by its profile, this day is not in its future."""


@dataclass(slots=True)
class Scene:
    """Everybody signs in once, when first needed."""

    stage: Stage
    http: httpx.AsyncClient
    sign_ins: SignIns
    committee_hears: Stream = field(default_factory=Stream)
    """The stream as the safety committee's office hears it: every docket entry and hazard of the county."""
    _callers: dict[str, Caller] = field(default_factory=dict[str, Caller])

    async def person(self, key: str) -> Caller:
        if key not in self._callers:
            person = PEOPLE[key]
            self._callers[key] = await person_caller(self.http, person, self.sign_ins.password(person))
        return self._callers[key]

    async def client(self, client_id: str, title: str) -> Caller:
        """Sign in a system of an organisation."""
        if client_id not in self._callers:
            self._callers[client_id] = await client_caller(
                self.http, client_id, self.sign_ins.clients[client_id], title
            )
        return self._callers[client_id]

    def stranger(self, title: str) -> Caller:
        """Give somebody who does not sign in."""
        return Caller(title, self.http)

    async def told(self, step: Step, key: str, about_id: str, template: str) -> dict[str, Any]:
        """Wait until somebody's inbox has the message of this kind about a thing; show it and give it."""
        reader = await self.person(key)

        async def look() -> list[dict[str, Any]]:
            inbox = (await reader.get("inbox", limit=100))["items"]
            return [one for one in inbox if one["about_id"] == about_id and one["template"] == template]

        newest, *_ = await until(look, bool, f"a message to {reader.title}")
        step.told(reader.title, newest["subject"])
        return newest


async def upload(caller: Caller, service: str) -> dict[str, Any]:
    """Hand in the photograph to a service and give the reference to it."""
    kept = await caller.upload(f"evidence/{service}/{uuid4()}", PHOTO, "image/jpeg")
    return {name: kept[name] for name in ("id", "owner", "sha256", "media_type")}


def today() -> date:
    """Give a day that has begun in the county, wherever it lies."""
    return datetime.now(UTC).astimezone(BEGUN_EVERYWHERE).date()
