"""Reminders are gathered to one message a day for each person; what is urgent is told at once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from test_notices import COUNTY, ENTERPRISE, FIRE, TOWN, Cast, free_port, mail_server

from services.notify.digests import workers
from services.notify.digests.workers import send_due_digests
from shared.contracts import inspection as facts
from shared.contracts.values import Grade, Role
from shared.testing import START, OpenPlatform, Platform

NINE_TOMORROW = {"days": 8}
"""START is nine o'clock on the day before the long holiday: the next working morning is a week later."""


@pytest.fixture
def port() -> int:
    return free_port()


def near(number: int = 0, kind: type[facts.DeadlineFact] = facts.DeadlineApproaching, **changes: Any) -> Any:
    deadline_id = uuid4()
    given: dict[str, Any] = {
        "at": START,
        "area_code": f"{TOWN}002",
        "deadline_id": deadline_id,
        "key": "hazard.recheck",
        "what_en": "re-check the rectification",
        "what_zh": "复查整改情况",
        "object_kind": "hazard",
        "object_id": uuid4(),
        "number": f"H-2026-{number:04d}",
        "grade": Grade.GENERAL,
        "owed_by": FIRE,
        "lead_authority_id": FIRE,
        "starts_at": START,
        "due_at": START + timedelta(days=13, minutes=number),
        "explanation_en": "10 days from 2026-09-30.",
        "explanation_zh": "自 2026-09-30 起 10 日。",
        **changes,
    }
    return deadline_id, 1, kind(**given)


async def mails(platform: Platform) -> None:
    await platform.settle(redeliver=3)
    assert await platform.dead_letters() == []


async def test_four_hundred_reminders_are_one_mail_each_with_counts_and_the_ten_nearest(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            ada = await cast.person("Ada", Role.AUTHORITY_DESK, FIRE)
            bai = await cast.person("Bai", Role.AUTHORITY_HEAD, FIRE, language="zh")
            await cast.person("Cao", Role.AUTHORITY_DESK, uuid4())
            await platform.announce(*(near(n) for n in range(400)))
            await mails(platform)
            assert box.mails == [], "nothing goes out before the morning"
            platform.travel(**NINE_TOMORROW)
            await mails(platform)
            assert [mail["To"] for mail in sorted(box.mails, key=lambda mail: mail["To"])] == [
                "ada@example.org", "bai@example.org",
            ]  # fmt: skip
            to_ada, to_bai = sorted(box.mails, key=lambda mail: mail["To"])
            assert to_ada["Subject"] == "400 deadlines near, the first on 2026-10-13 09:00"
            assert to_bai["Subject"] == "400 项期限将至，最近一项 2026-10-13 09:00 到期"
            body = to_ada.get_content()
            assert "- re-check the rectification: 400" in body
            assert [f"H-2026-{n:04d}" in body for n in range(12)] == [True] * 10 + [False] * 2
            assert "390 more stand on the platform" in body
            assert "另有 390 项" in to_bai.get_content()
            for person in (ada, bai):
                async with platform.client("notify", person) as http:
                    inbox = (await http.get("/inbox")).json()
                assert [item["template"] for item in inbox["items"]] == ["deadline_digest"]
            platform.travel(days=1)
            await mails(platform)
            assert len(box.mails) == 2, "what was told is told once"


async def test_what_ran_out_before_the_morning_is_not_called_near(services_here: OpenPlatform, port: int) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            await cast.person("Ada", Role.AUTHORITY_DESK, FIRE)
            await platform.announce(
                near(1, due_at=START + timedelta(hours=6)), near(2, due_at=START + timedelta(days=10))
            )
            platform.travel(**NINE_TOMORROW)
            await mails(platform)
            [mail] = box.mails
            assert mail["Subject"].startswith("1 deadline near")
            assert "H-2026-0001" not in mail.get_content()


async def test_one_digest_that_cannot_be_sent_holds_up_no_other(
    services_here: OpenPlatform, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            ada = await cast.person("Ada", Role.AUTHORITY_DESK, FIRE)
            await cast.person("Bai", Role.AUTHORITY_HEAD, FIRE)
            await platform.announce(near(1))
            platform.travel(**NINE_TOMORROW)
            send, broken = workers.send_digest, [1]

            async def not_to_ada(tx: Any, person_id: UUID, now: datetime) -> int:
                if broken and person_id == ada.id:
                    raise ValueError("no words for it")
                return await send(tx, person_id, now)

            monkeypatch.setattr(workers, "send_digest", not_to_ada)
            await mails(platform)
            assert [mail["To"] for mail in box.mails] == ["bai@example.org"]
            broken.clear()
            platform.travel(minutes=6)
            await mails(platform)
            assert [mail["To"] for mail in box.mails] == ["bai@example.org", "ada@example.org"]


async def test_what_is_major_or_missed_is_told_at_once(services_here: OpenPlatform, port: int) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            await platform.announce(
                near(1, grade=Grade.MAJOR), near(2, facts.DeadlineMissed), near(3), near(4, owed_by=ENTERPRISE)
            )
            await mails(platform)
            assert sorted(mail["Subject"].split()[0] for mail in box.mails) == ["H-2026-0001:", "H-2026-0002:"]
            for mail in box.mails:
                assert "10 days from 2026-09-30." in mail.get_content()
            platform.travel(**NINE_TOMORROW)
            await mails(platform)
            assert [mail["Subject"][:16] for mail in box.mails[2:]] == ["1 deadline near,"]


async def test_two_workers_and_late_comers_make_one_digest_a_day(services_here: OpenPlatform, port: int) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            await platform.announce(near(1), near(2))
            await platform.settle()
            platform.travel(**NINE_TOMORROW)
            service = platform.service("notify")
            await asyncio.gather(*(send_due_digests(service) for _ in range(4)))
            await mails(platform)
            await platform.announce(near(3, at=START))
            await mails(platform)
            assert [mail["Subject"][:11] for mail in box.mails] == ["2 deadlines"]
            platform.travel(days=1)
            await mails(platform)
            assert [mail["Subject"][:11] for mail in box.mails] == ["2 deadlines", "1 deadline "]


async def test_an_enterprise_hears_of_its_own_clocks_and_of_none_of_the_dockets(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            await cast.person("Pan", Role.ENTERPRISE_PRINCIPAL, ENTERPRISE)
            await cast.person("Wu", Role.ENTERPRISE_WORKER, ENTERPRISE)
            await cast.person("Committee", Role.COMMITTEE, UUID(int=1), area=COUNTY)
            theirs = {"owed_by": ENTERPRISE, "enterprise_id": ENTERPRISE, "lead_authority_id": None}
            await platform.announce(
                near(1, **theirs), near(2, **theirs, object_kind="entry"), near(3, owed_by=None, lead_authority_id=None)
            )
            await platform.settle()
            platform.travel(**NINE_TOMORROW)
            await mails(platform)
            told = {mail["To"]: mail.get_content() for mail in box.mails}
            assert set(told) == {"pan@example.org", "committee@example.org"}
            assert ("H-2026-0001" in told["pan@example.org"], "H-2026-0002" in told["pan@example.org"]) == (True, False)
            assert "H-2026-0003" in told["committee@example.org"]
