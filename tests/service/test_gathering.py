"""Misses and letters that come together are one mail to each person; the first, and what is grave, is told at once."""

import re
from datetime import date
from uuid import uuid4

import pytest
from gathering_stages import OFFICE, WINDOW, last, letter, missed, subjects, told_lines
from test_digests import NINE_TOMORROW, mails, near
from test_notices import COUNTY, ENTERPRISE, FIRE, TOWN, Cast, free_port, mail_server

from shared.contracts import inspection as facts
from shared.contracts.registry import PartyRegistered
from shared.contracts.values import Grade, Role
from shared.testing import START, OpenPlatform

HINTS = re.compile(r"report|whistle|complain|tip-?off|举报|报告|投诉|反映|线索|群众|志愿者|网格", re.IGNORECASE)
LOST = uuid4()


@pytest.fixture
def port() -> int:
    return free_port()


async def test_four_hundred_misses_are_three_mails_and_none_is_lost(services_here: OpenPlatform, port: int) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            await cast.person("Ada", Role.AUTHORITY_DESK, FIRE)
            bai = await cast.person("Bai", Role.AUTHORITY_HEAD, FIRE, language="zh")
            flood = [missed(n) for n in range(399)] + [missed(399, grade=Grade.MAJOR)]
            await platform.announce(*flood)
            await mails(platform)
            at_once = sorted(subject.split()[0] for subject in subjects(box))
            assert at_once == ["H-2026-0000:", "H-2026-0399:"], "the oldest and the major hazard"
            platform.travel(minutes=4, seconds=59)
            await mails(platform)
            assert len(subjects(box)) == 2
            platform.travel(seconds=1)
            await mails(platform)
            assert subjects(box)[2:] == ["398 deadlines overdue"]
            assert subjects(box, "bai")[2:] == ["398 项期限已逾期"]
            body = last(box)
            assert "- re-check the rectification: 398" in body
            assert [f"H-2026-{n:04d}" in body for n in range(13)] == [False] + [True] * 10 + [False] * 2
            assert body.count("Why: limit hazard.recheck. 10 days from 2026-09-30.") == 10
            assert "388 more: see all on the platform" in body
            assert "/api/v1/deadlines?overdue=true" in body
            assert last(box, "bai").count("原因：期限 hazard.recheck 届满。自 2026-09-30 起 10 日。") == 10
            assert "另有 388 项" in last(box, "bai")
            lines = await told_lines(platform)
            assert len(lines) == len(set(lines)) == 800
            async with platform.client("notify", bai) as http:
                inbox = (await http.get("/inbox")).json()
            templates = sorted(item["template"] for item in inbox["items"])
            assert templates == ["deadline_missed", "deadline_missed", "deadlines_missed"]
            platform.travel(days=1)
            await mails(platform)
            assert len(box.mails) == 6, "what was told is told once"


async def test_a_flood_of_grave_misses_is_gathered_after_the_first_five_and_named_first(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            grave = [missed(100 + n, grade=Grade.MAJOR) for n in range(6)]
            grave += [missed(200, key="listing.acceptance", grade=None), missed(201, key="hazard.danger_call")]
            await platform.announce(*grave, *(missed(n) for n in range(6)))
            await mails(platform)
            alone = sorted(subject.split()[0] for subject in subjects(box))
            assert alone == ["H-2026-0000:", *(f"H-2026-01{n:02d}:" for n in range(5))]
            platform.travel(**WINDOW)
            await mails(platform)
            assert subjects(box)[6:] == ["8 deadlines overdue, 3 of them urgent"]
            body = last(box)
            places = [body.index(f"H-2026-{n:04d}") for n in (105, 200, 201, 1, 2, 3, 4, 5)]
            assert places == sorted(places)
            assert "more: see all" not in body


async def test_what_is_late_at_a_listed_hazard_is_told_alone_until_it_is_delisted(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            hazard_id = uuid4()
            base = {
                "at": START, "area_code": f"{TOWN}002", "hazard_id": hazard_id, "number": "H-2026-9999",
                "state": facts.HazardState.RECTIFYING, "category": "fire", "what": "Blocked.", "grade": Grade.GENERAL,
                "listing_id": uuid4(),
            }  # fmt: skip
            listed = facts.HazardListed(**base, level=1, limit=date(2026, 10, 9))
            await platform.announce((hazard_id, 1, listed), missed(1))
            await mails(platform)
            await platform.announce(missed(2), missed(3, object_id=hazard_id))
            await mails(platform)
            assert [subject.split()[0] for subject in subjects(box)] == ["H-2026-0001:", "H-2026-0003:"]
            await platform.announce((hazard_id, 2, facts.HazardDelisted(**base)), missed(4, object_id=hazard_id))
            await mails(platform)
            assert len(subjects(box)) == 2
            platform.travel(**WINDOW)
            await mails(platform)
            assert subjects(box)[2:] == ["2 deadlines overdue"]


async def test_four_hundred_letters_after_an_outage_are_one_at_once_and_one_mail_of_the_others(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            await cast.person("Ada", Role.AUTHORITY_DESK, FIRE)
            await cast.person("Bai", Role.AUTHORITY_HEAD, FIRE, language="zh")
            await cast.person("Op", Role.OPERATOR, None)
            office = PartyRegistered(
                at=START, area_code=COUNTY, party_id=OFFICE, kind="committee", name_en="Committee", name_zh="安委会"
            )
            await platform.announce(
                (OFFICE, 1, office),
                *(letter(n) for n in range(398)),
                letter(398, facts.LetterKind.SUPERVISION),
                letter(399, facts.LetterKind.WARNING, unaddressed=True),
                *(letter(400 + n, addressee_id=LOST, unaddressed=True) for n in range(30)),
                (
                    LOST,
                    1,
                    PartyRegistered(
                        at=START,
                        area_code=COUNTY,
                        party_id=LOST,
                        kind="authority",
                        name_en="Lost Office",
                        name_zh="某局",
                    ),
                ),
            )
            await mails(platform)
            assert sorted(subject.split()[1] for subject in subjects(box)) == ["L-0000", "L-0398"]
            assert len(subjects(box, "op")) == 1
            assert subjects(box, "op")[0].startswith("No leader is registered")
            platform.travel(**WINDOW)
            await mails(platform)
            assert subjects(box)[2:] == ["398 letters, the first L-0001"]
            assert subjects(box, "bai")[2:] == ["398 件函件，首件 L-0001"]
            body, chinese = last(box), last(box, "bai")
            assert [f"L-{n:04d}" in body for n in range(13)] == [False] + [True] * 10 + [False] * 2
            assert "- reminder: 397" in body
            assert "- warning: 1" in body
            assert "1. L-0001 (reminder) from Committee to (name not known yet); reply by the end of 2026-10-12" in body
            assert body.count("(rule ladder.reminder, clock ") == 10
            assert body.count("5 days from 2026-09-23.") == 10
            assert "388 more: see all on the platform" in body
            assert "1. 提醒函 L-0001，安委会发往" in chinese
            assert chinese.count("自 2026-09-23 起 5 日。") == 10
            assert subjects(box, "op")[1:] == ["30 letters to parties without a registered leader"]
            assert "- Lost Office: 30" in last(box, "op")
            lines = await told_lines(platform)
            assert len(lines) == len(set(lines)) == 800 + 31


async def test_enterprises_hear_of_their_own_alone_and_of_no_reason_that_hints_at_a_report(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast, other = Cast(platform), uuid4()
            await cast.person("Pan", Role.ENTERPRISE_PRINCIPAL, ENTERPRISE)
            await cast.person("Qin", Role.ENTERPRISE_PRINCIPAL, ENTERPRISE, language="zh")
            await cast.person("Wu", Role.ENTERPRISE_WORKER, ENTERPRISE)
            await cast.person("Rao", Role.ENTERPRISE_PRINCIPAL, other)
            await cast.person("Ada", Role.AUTHORITY_DESK, FIRE)
            why = {"explanation_en": "Counted from the report.", "explanation_zh": "自举报之日起算。"}
            owes = {"owed_by": ENTERPRISE, "enterprise_id": ENTERPRISE, "key": "hazard.limit", **why}
            others = {"owed_by": other, "enterprise_id": other, "key": "hazard.limit", **why}
            sent = {"addressee_id": ENTERPRISE, "enterprise_id": ENTERPRISE, **why}
            await platform.announce(
                *(missed(n, **owes) for n in range(4)),
                *(missed(10 + n, **others) for n in range(3)),
                *(missed(20 + n, **owes, object_kind="entry") for n in range(3)),
                *(letter(30 + n, **sent) for n in range(3)),
                *(near(40 + n, **owes) for n in range(2)),
            )
            await mails(platform)
            platform.travel(**WINDOW)
            await mails(platform)
            platform.travel(**NINE_TOMORROW)
            await mails(platform)
            assert sorted(subjects(box, "pan")[2:4]) == ["2 letters, the first L-0031", "3 deadlines overdue"]
            assert subjects(box, "pan")[4] == "2 deadlines near, the first on 2026-10-13 09:40"
            assert (len(subjects(box, "pan")), len(subjects(box, "rao")), subjects(box, "wu")) == (5, 2, [])
            for mail in box.mails:
                text = f"{mail['Subject']}\n{mail.get_content()}"
                if mail["To"] in {"pan@example.org", "qin@example.org"}:
                    assert not HINTS.search(text)
                    assert not any(f"H-2026-00{n}" in text for n in (10, 11, 12, 20, 21, 22))
                if mail["To"] == "rao@example.org":
                    assert not any(f"H-2026-000{n}" in text for n in range(4))
            assert "Why: limit hazard.limit ran out then." in "".join(
                mail.get_content() for mail in box.mails if mail["To"] == "pan@example.org"
            )
            assert "Counted from the report." in last(box), "who leads the matter reads the whole reason"
