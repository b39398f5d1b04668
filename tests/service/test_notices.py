import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller

from services.notify.messages.queries import claim_due
from services.notify.messages.workers import send_due_mail
from shared.auth import Actor
from shared.contracts import inspection as facts
from shared.contracts.notify import DeliveryFailed
from shared.contracts.registry import EnterpriseRegistered, MembershipGranted, MembershipRevoked, PersonRegistered
from shared.contracts.values import Category, Channel, Grade, Place, Role
from shared.testing import START, OpenPlatform, Platform

COUNTY, TOWN = "000000", "000000001"
FIRE, ENTERPRISE, AGENCY = uuid4(), uuid4(), uuid4()


@dataclass
class Letterbox:
    """What a mail server took; `refuse` makes it answer so instead."""

    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])
    peers: set[Any] = field(default_factory=set[Any])
    refuse: str | None = None
    hangs_up_on: str | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
        if self.refuse:
            return self.refuse
        if self.hangs_up_on in envelope.rcpt_tos:
            server.transport.close()
            return "421 bye"
        self.peers.add(session.peer)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(port: int) -> Iterator[Letterbox]:
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
def port() -> int:
    return free_port()


@dataclass
class Cast:
    """The people of these stories, as registry announces them."""

    platform: Platform

    async def person(
        self,
        name: str,
        role: Role,
        party: UUID | None,
        *,
        language: str = "en",
        area: str = COUNTY,
        mail: bool = True,
        address: str | None = None,
    ) -> Actor:
        person_id, membership_id = uuid4(), uuid4()
        email = (f"{name.lower()}@example.org" if address is None else address) if mail else None
        person = PersonRegistered(
            at=START, area_code=COUNTY, person_id=person_id, name=name, language=language, email=email
        )
        membership = MembershipGranted(
            at=START, area_code=area, membership_id=membership_id, person_id=person_id, party_id=party, role=role
        )
        await self.platform.announce((person_id, 1, person), (membership_id, 1, membership))
        return Actor(person_id, role, party, area, language, name)


def received(**changes: Any) -> tuple[UUID, int, facts.ReportReceived]:
    entry_id = uuid4()
    event = facts.ReportReceived(
        at=START,
        area_code=f"{TOWN}002",
        entry_id=entry_id,
        number="R-2026-7",
        state=facts.ReportState.RECEIVED,
        claim=facts.ClaimRef(service="volunteer", claim_id=uuid4()),
        channel=Channel.WEB,
        reporter_ref=uuid4(),
        category=Category.FIRE,
        authority_id=FIRE,
        enterprise_id=ENTERPRISE,
        claimed_at=START,
        routing_rule=facts.RoutingRule.CATEGORY,
        decide_by=START + timedelta(days=12),
    )
    return entry_id, 1, event.model_copy(update=changes)


def ordered(**changes: Any) -> tuple[UUID, int, facts.OrderIssued]:
    hazard_id = uuid4()
    event = facts.OrderIssued(
        at=START,
        area_code=f"{TOWN}002",
        hazard_id=hazard_id,
        number="H-2026-7",
        state=facts.HazardState.ORDERED,
        category=Category.FIRE,
        what="The east exit is blocked.",
        grade=Grade.GENERAL,
        enterprise_id=ENTERPRISE,
        lead_authority_id=FIRE,
        claims=(facts.ClaimRef(service="volunteer", claim_id=uuid4()),),
        order_id=uuid4(),
        order_number="O-2026-7",
        kind="rectify",
        limit=date(2026, 10, 9),
        items=("Clear the east exit.",),
        officers=(),
    )
    return hazard_id, 1, event.model_copy(update=changes)


async def test_the_desk_is_told_once_by_mail_and_inbox_in_each_persons_language(services_here: OpenPlatform, port: int):
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            ada = await cast.person("Ada", Role.AUTHORITY_DESK, FIRE)
            lin = await cast.person("Lin", Role.AUTHORITY_DESK, FIRE, language="zh")
            await cast.person("Elsewhere", Role.AUTHORITY_DESK, uuid4())
            await cast.person("Colleague", Role.AUTHORITY_OFFICER, FIRE)
            await platform.announce(received())
            await platform.settle(redeliver=3)

            by_address = {str(mail["To"]): mail for mail in box.mails}
            assert len(box.mails) == len(by_address) == 2
            assert str(by_address["ada@example.org"]["Subject"]) == "report R-2026-7 waits for your desk"
            assert "2026-10-12 09:00" in by_address["ada@example.org"].get_content()
            assert str(by_address["lin@example.org"]["Subject"]) == "报告 R-2026-7 待处理"
            assert "（消防）" in by_address["lin@example.org"].get_content()
            assert len(box.peers) == 1, "one connection serves the round"
            sent = await platform.rows("notify", "select id, state, attempts from deliveries")
            assert {str(mail["Message-ID"]) for mail in box.mails} == {
                f"<{row['id']}@commonwatch.invalid>" for row in sent
            }
            assert {(row["state"], row["attempts"]) for row in sent} == {("done", 1)}

            async with platform.client("notify", ada) as http:
                page = (await http.get("/inbox")).json()
            assert (page["unread"], page["next"]) == (1, None)
            assert page["items"][0]["subject"] == "report R-2026-7 waits for your desk"
            async with platform.client("notify", lin) as http:
                assert (await http.get("/inbox")).json()["items"][0]["language"] == "zh"
            assert not await platform.dead_letters()


async def test_nobody_who_reported_is_told_even_if_we_know_their_address(services_here: OpenPlatform, port: int):
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            volunteer = await cast.person("Vera", Role.VOLUNTEER, None)
            worker = await cast.person("Walt", Role.ENTERPRISE_WORKER, ENTERPRISE)
            manager = await cast.person("Mary", Role.ENTERPRISE_MANAGER, ENTERPRISE)
            entry_id, _, report = received()
            decided = report.model_dump() | {"hazard_id": uuid4(), "answer": "It is fixed.", "state": "answered"}
            await platform.announce(
                (entry_id, 1, report),
                (entry_id, 2, facts.ReportAccepted.model_validate(decided)),
                (entry_id, 3, facts.ReportAnswered.model_validate(decided)),
                ordered(),
            )
            await platform.settle(redeliver=3)
            assert [str(mail["To"]) for mail in box.mails] == ["mary@example.org"]
            for silent in (volunteer, worker):
                async with platform.client("notify", silent) as http:
                    assert (await http.get("/inbox")).json()["items"] == []
            async with platform.client("notify", manager) as http:
                [order] = (await http.get("/inbox")).json()["items"]
            assert "Found in inspection" in order["body"]
            assert "report" not in (order["subject"] + order["body"]).lower()


async def test_an_agency_hears_what_became_of_its_own_finding(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        cast = Cast(platform)
        auditor = await cast.person("Aziz", Role.AGENCY, AGENCY, mail=False)
        rival = await cast.person("Rita", Role.AGENCY, uuid4(), mail=False)
        entry_id, _, report = received(
            claim=facts.ClaimRef(service="thirdparty", claim_id=uuid4(), source_party_id=AGENCY)
        )
        rejected = facts.ReportRejected.model_validate(
            report.model_dump() | {"reason": "no_identifiable_target_or_facts", "explanation": "Which building?"}
        )
        await platform.announce((entry_id, 1, report), (entry_id, 2, rejected))
        await platform.settle(redeliver=3)
        async with platform.client("notify", auditor) as http:
            [told] = (await http.get("/inbox")).json()["items"]
        assert told["template"] == "claim_rejected"
        assert "Which building?" in told["body"]
        async with platform.client("notify", rival) as http:
            assert (await http.get("/inbox")).json()["items"] == []


async def test_a_mail_server_that_is_down_delays_mail_and_loses_none(services_here: OpenPlatform, port: int):
    async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
        await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
        await platform.announce(received())
        await platform.settle()
        [waiting] = await platform.rows("notify", "select state, attempts, error from deliveries")
        assert (waiting["state"], waiting["attempts"]) == ("pending", 1)
        assert waiting["error"]
        platform.travel(seconds=4)
        await platform.settle()
        [waiting] = await platform.rows("notify", "select attempts from deliveries")
        assert waiting["attempts"] == 1, "not before its time"
        with mail_server(port) as box:
            platform.travel(seconds=1)
            await platform.settle()
            await platform.settle()
        assert len(box.mails) == 1


async def test_a_mail_that_nobody_takes_is_given_up_and_that_is_said(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
        await platform.announce(received())
        for _ in range(12):
            await platform.settle()
            platform.travel(hours=11)
        [failed] = platform.events(DeliveryFailed)
        assert isinstance(failed, DeliveryFailed)
        assert (failed.channel, failed.attempts) == ("email", 8)
        assert "@" not in failed.model_dump_json()
        [dead] = await platform.rows("notify", "select state from deliveries")
        assert dead["state"] == "dead"


@pytest.mark.parametrize(("answer", "state"), [("550 no such mailbox", "dead"), ("451 later", "pending")])
async def test_a_refusal_for_good_ends_it_and_a_refusal_for_now_does_not(
    services_here: OpenPlatform, port: int, answer: str, state: str
):
    with mail_server(port) as box:
        box.refuse = answer
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            await platform.announce(received())
            await platform.settle()
            [row] = await platform.rows("notify", "select state, attempts, error from deliveries")
            assert (row["state"], row["attempts"]) == (state, 1)
            assert answer[:3] in row["error"]
            assert "mailbox" not in row["error"]


async def test_a_mail_whose_sender_died_goes_out_after_its_lease(services_here: OpenPlatform, port: int):
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            await platform.announce(received())
            service = platform.service("notify")
            await service.consumer.take(platform.bus.due("notify"))
            async with service.database.transaction() as tx:
                taken = await claim_due(tx, uuid4(), platform.now + timedelta(minutes=10), 10, platform.now)
            assert len(taken) == 1
            await platform.settle()
            assert box.mails == [], "leased to the dead one"
            platform.travel(minutes=11)
            await platform.settle()
            assert len(box.mails) == 1


async def test_one_mail_that_the_server_hangs_up_on_takes_no_other_with_it(services_here: OpenPlatform, port: int):
    with mail_server(port) as box:
        box.hangs_up_on = "ada@example.org"
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            for name in ("Ada", "Bea", "Cem"):
                await cast.person(name, Role.AUTHORITY_DESK, FIRE)
            await platform.announce(received())
            await platform.settle()
            assert sorted(str(mail["To"]) for mail in box.mails) == ["bea@example.org", "cem@example.org"]


@pytest.mark.parametrize("address", ["nowhere", "a@", "a@b@c", "two words@example.org", "", "张@例子.中国"])
async def test_an_address_that_cannot_be_written_to_is_given_up_at_once(
    services_here: OpenPlatform, port: int, address: str
):
    with mail_server(port):
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE, address=address)
            await platform.announce(received())
            await platform.settle()
            states = [row["state"] for row in await platform.rows("notify", "select state from deliveries")]
            assert states == (["dead"] if address else [])


async def test_two_replicas_send_each_mail_once(services_here: OpenPlatform, port: int):
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            await platform.announce(*(received(number=f"R-{n}") for n in range(30)))
            service = platform.service("notify")
            await service.consumer.take(platform.bus.due("notify"))
            await asyncio.gather(*(send_due_mail(service) for _ in range(4)))
            await platform.settle()
            assert len(box.mails) == len({str(mail["Message-ID"]) for mail in box.mails}) == 30


async def test_who_lost_the_role_is_told_no_more(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        ada = await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE, mail=False)
        await platform.settle()
        [held] = await platform.rows("notify", "select id from memberships")
        revoked = MembershipRevoked(
            at=START, area_code=COUNTY, membership_id=held["id"], person_id=ada.id, party_id=FIRE, role=ada.role
        )
        await platform.announce((held["id"], 2, revoked), received())
        await platform.settle(redeliver=3)
        async with platform.client("notify", ada) as http:
            assert (await http.get("/inbox")).json()["unread"] == 0


async def test_a_township_is_told_of_a_suspension_in_its_own_area_only(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        cast = Cast(platform)
        here = await cast.person("Here", Role.TOWNSHIP, uuid4(), area=TOWN, mail=False)
        there = await cast.person("There", Role.TOWNSHIP, uuid4(), area="000000002", mail=False)
        hazard_id, _, order = ordered()
        suspended = facts.SuspensionImposed.model_validate(
            order.model_dump() | {"reason": "Fire may spread.", "suspension": "full_stop"}
        )
        enterprise = EnterpriseRegistered(
            at=START, area_code=f"{TOWN}002", enterprise_id=ENTERPRISE, uscc="X", name_en="Mill", name_zh="磨坊",
            industry_code="C13", place=Place(area_code=f"{TOWN}002"), employees=9,
        )  # fmt: skip
        await platform.announce((ENTERPRISE, 1, enterprise), (hazard_id, 1, suspended))
        await platform.settle(redeliver=3)
        async with platform.client("notify", here) as http:
            [told] = (await http.get("/inbox")).json()["items"]
        assert told["body"].startswith("Mill:")
        async with platform.client("notify", there) as http:
            assert (await http.get("/inbox")).json()["items"] == []


async def test_the_inbox_shows_unread_first_page_by_page_and_remembers_what_was_read(services_here: OpenPlatform):
    async with services_here("notify") as platform:
        cast = Cast(platform)
        ada = await cast.person("Ada", Role.AUTHORITY_DESK, FIRE, mail=False)
        eve = await cast.person("Eve", Role.AUTHORITY_DESK, uuid4(), mail=False)
        numbers = [f"R-{n}" for n in range(5)]
        await platform.announce(
            *(received(number=number, at=START + timedelta(minutes=n)) for n, number in enumerate(numbers))
        )
        await platform.settle()
        async with platform.client("notify", ada) as http:
            newest = (await http.get("/inbox", params={"limit": 1})).json()["items"][0]
            assert "R-4" in newest["subject"]
            read = await http.post(f"/inbox/{newest['id']}/read")
            assert read.json()["read_at"] == (await http.post(f"/inbox/{newest['id']}/read")).json()["read_at"]
            seen: list[str] = []
            cursor: str | None = None
            while True:
                page = (await http.get("/inbox", params={"limit": 2, **({"after": cursor} if cursor else {})})).json()
                seen += [item["subject"].split()[1] for item in page["items"]]
                if (cursor := page["next"]) is None:
                    break
            assert seen == ["R-3", "R-2", "R-1", "R-0", "R-4"]
            assert page["unread"] == 4
            for bad in ("x", "W10=", "WzEsMiwzXQ=="):
                assert (await http.get("/inbox", params={"after": bad})).status_code == 400
        async with platform.client("notify", eve) as http:
            stolen = await http.post(f"/inbox/{newest['id']}/read")
            assert stolen.status_code == 404
        async with platform.client("notify") as http:
            assert (await http.get("/inbox")).status_code == 401
