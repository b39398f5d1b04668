import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from services.notify.webhooks import workers
from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.notify import SubscriptionDisabled
from shared.contracts.registry import MembershipGranted, MembershipRevoked, PersonRegistered
from shared.contracts.values import Category, Grade, Role
from shared.testing import START, OpenPlatform, Platform

COUNTY, TOWN = "000000", "000000001"
AGENCY, FIRE, ENTERPRISE = uuid4(), uuid4(), uuid4()
SYSTEM = Actor(uuid4(), "agency", AGENCY, COUNTY, "en", "Agency's system")
CLOSED = "commonwatch.inspection.hazard.closed.v1"


@dataclass
class Endpoint:
    """A partner's server: keeps what it was sent, answers as told (200 in the end)."""

    answers: list[web.Response] = field(default_factory=list[web.Response])
    calls: list[tuple[dict[str, str], str]] = field(default_factory=list[tuple[dict[str, str], str]])
    url: str = ""
    hold: asyncio.Event | None = None
    """Answers nothing before this is set."""

    async def take(self, request: web.Request) -> web.Response:
        if self.hold is not None:
            await self.hold.wait()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append((headers, await request.text()))
        return self.answers.pop(0) if self.answers else web.Response()

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.calls]


@asynccontextmanager
async def endpoint(*answers: web.Response) -> AsyncGenerator[Endpoint]:
    found = Endpoint(list(answers))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.take)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield found
    finally:
        await runner.cleanup()


def closed(hazard_id: UUID | None = None, version: int = 1, **changes: Any) -> tuple[UUID, int, facts.HazardClosed]:
    hazard_id = hazard_id or uuid4()
    event = facts.HazardClosed(
        at=START,
        area_code=f"{TOWN}002",
        hazard_id=hazard_id,
        number="H-2026-7",
        state=facts.HazardState.CLOSED,
        category=Category.FIRE,
        what="The east exit was blocked.",
        grade=Grade.GENERAL,
        enterprise_id=ENTERPRISE,
        lead_authority_id=FIRE,
        claims=(facts.ClaimRef(service="thirdparty", claim_id=uuid4(), source_party_id=AGENCY),),
        look_backs=(date(2026, 11, 1),),
    )
    return hazard_id, version, event.model_copy(update=changes)


async def subscribe(platform: Platform, who: Actor, url: str, **ask: Any) -> tuple[UUID, str]:
    subscription_id = uuid4()
    async with platform.client("notify", who) as http:
        made = await http.put(f"/subscriptions/{subscription_id}", json={"url": url, **ask})
        assert made.status_code == 201, made.text
    return subscription_id, made.json()["secret"]


async def settle_after(platform: Platform, **time: float) -> None:
    platform.travel(**time)
    await platform.settle()


async def test_a_partner_gets_one_signed_post_per_event(services_here: OpenPlatform):
    async with endpoint() as partner, services_here("notify") as platform:
        platform.now = datetime.now(UTC)
        _, secret = await subscribe(platform, SYSTEM, partner.url, types=[CLOSED])
        await platform.announce(closed())
        await platform.settle(redeliver=3)
        party, public = sorted(partner.calls, key=lambda call: "claim_ids" not in call[1])
        assert len(partner.calls) == len(set(partner.ids())) == 2
        for headers, body in (party, public):
            told = Webhook(secret).verify(body, headers)
            assert told["type"] == CLOSED
            assert headers["user-agent"].startswith("Commonwatch")
        mine = json.loads(party[1])
        assert mine["channel"] == f"party:{AGENCY}"
        assert mine["sequence"] == 1
        assert mine["data"]["what"] == "The east exit was blocked."
        assert json.loads(public[1])["data"] == {"category": "fire", "grade": "general"}


async def test_the_secret_is_shown_once(services_here: OpenPlatform):
    async with services_here("notify") as platform, platform.client("notify", SYSTEM) as http:
        path = f"/subscriptions/{uuid4()}"
        ask = {"url": "https://partner.example.org/hook", "areas": [TOWN]}
        created = await http.put(path, json=ask)
        assert created.status_code == 201
        assert created.json()["secret"].startswith("whsec_")
        again = await http.put(path, json=ask)
        assert (again.status_code, again.json()["secret"]) == (200, None)
        assert (await http.get(path)).json()["secret"] is None
        [listed] = (await http.get("/subscriptions")).json()
        assert (listed["secret"], listed["areas"]) == (None, [TOWN])
        assert (await http.delete(path)).status_code == 204
        assert (await http.get(path)).status_code == 404
        assert (await http.get("/subscriptions")).json() == []
        anew = await http.put(path, json=ask)
        assert anew.status_code == 201
        assert anew.json()["secret"] != created.json()["secret"]


async def test_another_partys_subscription_is_as_good_as_absent(services_here: OpenPlatform):
    other = Actor(uuid4(), "agency", uuid4(), COUNTY, "en")
    async with services_here("notify") as platform:
        subscription_id, _ = await subscribe(platform, SYSTEM, "https://partner.example.org/hook")
        path = f"/subscriptions/{subscription_id}"
        async with platform.client("notify", other) as http:
            assert (await http.get(path)).status_code == 404
            assert (await http.get(f"{path}/deliveries")).status_code == 404
            assert (await http.delete(path)).status_code == 404
            assert (await http.put(path, json={"url": "https://evil.example.org/"})).status_code == 404
        async with platform.client("notify", SYSTEM) as http:
            assert (await http.get(path)).json()["url"] == "https://partner.example.org/hook"


@pytest.mark.parametrize(
    ("role", "ask", "status", "slug"),
    [
        ("volunteer", {}, 403, "role-may-not"),
        ("authority.desk", {}, 403, "role-may-not"),
        ("agency", {"url": "https://169.254.169.254/"}, 422, "unfit-endpoint"),
        ("agency", {"url": "http://a.example.org/"}, 422, "unfit-endpoint"),
        ("agency", {"types": ["commonwatch.volunteer.report.submitted.v1"]}, 422, "unknown-event-type"),
        ("agency", {"areas": ["x"]}, 422, "invalid-request"),
        ("agency", {"secret": "mine"}, 422, "invalid-request"),
    ],
)  # fmt: skip
async def test_a_refused_subscription_says_why(
    services_here: OpenPlatform, role: str, ask: dict[str, Any], status: int, slug: str
):
    async with services_here("notify") as platform:
        async with platform.client("notify", Actor(uuid4(), role, AGENCY, COUNTY, "en")) as http:
            refused = await http.put(f"/subscriptions/{uuid4()}", json={"url": "https://a.example.org/", **ask})
        assert refused.status_code == status
        assert refused.json()["type"].endswith(slug)


async def test_a_failed_delivery_comes_again_under_the_same_id_and_holds_up_no_other(services_here: OpenPlatform):
    async with endpoint(web.Response(status=500)) as partner, services_here("notify") as platform:
        subscription_id, secret = await subscribe(platform, SYSTEM, partner.url)
        await platform.announce(closed(claims=()), closed(claims=()))
        await platform.settle()
        assert len(partner.calls) == 2, "the second was not held up by the first"
        await settle_after(platform, seconds=4)
        assert len(partner.calls) == 2, "not before its time"
        await settle_after(platform, seconds=2)
        failed, other, again = partner.ids()
        assert failed == again != other
        headers, body = partner.calls[2]
        assert Webhook(secret).sign(again, platform.now, body) == headers["webhook-signature"]
        assert headers["webhook-timestamp"] == str(int(platform.now.timestamp()))
        async with platform.client("notify", SYSTEM) as http:
            page = (await http.get(f"/subscriptions/{subscription_id}/deliveries", params={"limit": 1})).json()
            assert page["items"][0]["event_id"] == other
            page = (
                await http.get(f"/subscriptions/{subscription_id}/deliveries", params={"after": page["next"]})
            ).json()
        [first] = page["items"]
        assert first["state"] == "done"
        assert [attempt["status"] for attempt in first["attempts"]] == [500, 200]
        await settle_after(platform, days=4)
        assert len(partner.calls) == 3


async def test_first_attempts_keep_the_order_of_the_facts(services_here: OpenPlatform):
    async with endpoint() as partner, services_here("notify") as platform:
        await subscribe(platform, SYSTEM, partner.url)
        hazard_id = uuid4()
        await platform.announce(*(closed(hazard_id, n, cycle=n) for n in range(1, 26)))
        await platform.settle()
        told = [json.loads(body) for _, body in partner.calls]
        mine = [each for each in told if each["channel"] != "public"]
        assert [each["sequence"] for each in mine] == [each["data"]["cycle"] for each in mine] == list(range(1, 26))


async def test_gone_switches_the_subscription_off_and_its_owner_is_told(services_here: OpenPlatform):
    async with endpoint(web.Response(status=410)) as partner, services_here("notify") as platform:
        person_id, membership_id = uuid4(), uuid4()
        await platform.announce(
            (person_id, 1, PersonRegistered(at=START, area_code=COUNTY, person_id=person_id, name="A", language="en")),
            (
                membership_id,
                1,
                MembershipGranted(
                    at=START,
                    area_code=COUNTY,
                    membership_id=membership_id,
                    person_id=person_id,
                    party_id=AGENCY,
                    role=Role.AGENCY,
                ),
            ),
        )
        subscription_id, _ = await subscribe(platform, SYSTEM, partner.url)
        await platform.announce(closed(claims=()), closed(claims=()))
        await platform.settle()
        assert len(partner.calls) == 1
        [told] = platform.events(SubscriptionDisabled)
        assert isinstance(told, SubscriptionDisabled)
        assert (told.subscription_id, told.owner_party_id) == (subscription_id, AGENCY)
        async with platform.client("notify", Actor(person_id, "agency", AGENCY, COUNTY, "en")) as http:
            assert (await http.get("/inbox")).json()["items"][0]["template"] == "subscription_disabled"
            path = f"/subscriptions/{subscription_id}"
            assert (await http.get(path)).json()["state"] == "disabled"
            await http.put(path, json={"url": partner.url})
        await settle_after(platform, days=1)
        assert len(set(partner.ids())) == 2, "switched on again, it catches up"


async def test_retry_after_leaves_the_endpoint_alone(services_here: OpenPlatform):
    busy = web.Response(status=429, headers={"retry-after": "3600"})
    async with endpoint(busy) as partner, services_here("notify") as platform:
        await subscribe(platform, SYSTEM, partner.url)
        await platform.announce(closed(claims=()), closed(claims=()))
        await platform.settle()
        await settle_after(platform, minutes=59)
        assert len(partner.calls) == 1
        await settle_after(platform, minutes=2)
        assert len(partner.calls) == 3


async def test_an_endpoint_that_fails_for_five_days_is_switched_off(services_here: OpenPlatform):
    async with endpoint(*(web.Response(status=503) for _ in range(99))) as partner, services_here("notify") as platform:
        await subscribe(platform, SYSTEM, partner.url)
        for day in range(7):
            await platform.announce(closed(claims=(), at=START + timedelta(days=day)))
            await settle_after(platform, days=1)
        assert len(platform.events(SubscriptionDisabled)) == 1


async def test_a_redirect_is_a_failure_and_is_not_followed(services_here: OpenPlatform):
    async with endpoint() as inner, services_here("notify") as platform:
        moved = web.Response(status=307, headers={"location": inner.url})
        async with endpoint(moved) as partner:
            await subscribe(platform, SYSTEM, partner.url)
            await platform.announce(closed(claims=()))
            await platform.settle()
            assert (len(partner.calls), len(inner.calls)) == (1, 0)


async def test_who_lost_the_role_receives_nothing_more(services_here: OpenPlatform):
    head = Actor(uuid4(), "authority.head", FIRE, COUNTY, "en")
    membership_id = uuid4()
    async with endpoint() as partner, services_here("notify") as platform:
        grant = MembershipGranted(
            at=START,
            area_code=COUNTY,
            membership_id=membership_id,
            person_id=head.id,
            party_id=FIRE,
            role=Role.AUTHORITY_HEAD,
        )
        await platform.announce(
            (head.id, 1, PersonRegistered(at=START, area_code=COUNTY, person_id=head.id, name="H", language="en")),
            (membership_id, 1, grant),
        )
        await platform.settle()
        await subscribe(platform, head, partner.url, areas=[TOWN])
        await platform.announce(closed(), closed(area_code="000000002"))
        await platform.settle()
        [(_, body)] = partner.calls
        assert json.loads(body)["channel"] == "authority"
        revoked = MembershipRevoked.model_validate(grant.model_dump())
        await platform.announce((membership_id, 2, revoked), closed())
        await platform.settle()
        assert len(partner.calls) == 1


async def test_a_hanging_endpoint_does_not_slow_the_others(
    services_here: OpenPlatform, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "ROUND_S", 0.01)
    async with endpoint() as hanging, endpoint() as partner, services_here("notify") as platform:
        hanging.hold = asyncio.Event()
        await subscribe(platform, SYSTEM, hanging.url)
        await subscribe(platform, Actor(uuid4(), "partner", uuid4(), COUNTY, "en"), partner.url)
        await platform.announce(closed(claims=()))
        service = platform.service("notify")
        await service.consumer.take(platform.bus.due("notify"))
        [lanes] = [worker for worker in service.workers if worker.name == "webhooks"]
        for _ in range(100):
            assert await lanes.round(service) > 0, "the hanging one is still under way"
            if partner.calls:
                break
        assert len(partner.calls) == 1
        assert hanging.calls == []
        hanging.hold.set()
        await platform.settle()
        assert len(hanging.calls) == 1
