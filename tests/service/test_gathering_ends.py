"""What was gathered is told exactly once and only while it is true, whoever dies and however many are at work."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from gathering_stages import WINDOW, changed, last, missed, subjects, told_lines
from sqlmodel import col, select
from test_digests import NINE_TOMORROW, mails, near
from test_notices import FIRE, Cast, free_port, mail_server

from services.notify.gathering import actions
from services.notify.gathering.models import GatheredLine
from services.notify.gathering.workers import tell_gathered
from shared.contracts import inspection as facts
from shared.contracts.values import Role
from shared.testing import START, OpenPlatform


@pytest.fixture
def port() -> int:
    return free_port()


async def test_what_was_done_put_off_or_dropped_before_the_mail_is_not_named(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            first, *others = [missed(n) for n in range(6)]
            await platform.announce(first, *others)
            await mails(platform)
            later = START + timedelta(days=20)
            await platform.announce(
                changed(first, facts.DeadlineTurn.MET),
                changed(others[0], facts.DeadlineTurn.MET),
                changed(others[1], facts.DeadlineTurn.CANCELLED),
                changed(others[2], facts.DeadlineTurn.MOVED, due_at=later),
            )
            await mails(platform)
            platform.travel(**WINDOW)
            await mails(platform)
            assert subjects(box)[1:] == ["2 deadlines overdue"]
            assert [f"H-2026-{n:04d}" in last(box) for n in range(6)] == [False] * 4 + [True] * 2
            await platform.announce(one := missed(7), two := missed(8))
            await mails(platform)
            await platform.announce(*(changed(each, facts.DeadlineTurn.MET) for each in (one, two)))
            platform.travel(days=1)
            await mails(platform)
            assert len(box.mails) == 2, "when all was done, no mail goes"


async def test_the_days_digest_names_nothing_that_ended_stands_still_or_moved_and_what_goes_on_again(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            met, dropped, paused, moved, resumed, stays = told = [near(n) for n in range(6)]
            await platform.announce(*told)
            await platform.settle()
            turns = facts.DeadlineTurn
            await platform.announce(
                changed(met, turns.MET),
                changed(dropped, turns.CANCELLED),
                changed(paused, turns.PAUSED),
                changed(moved, turns.MOVED, due_at=START + timedelta(days=30)),
                changed(resumed, turns.PAUSED),
            )
            await platform.announce((resumed[0], 3, changed(resumed, turns.RESUMED)[2]))
            platform.travel(**NINE_TOMORROW)
            await mails(platform)
            assert [subject[:16] for subject in subjects(box)] == ["2 deadlines near"]
            assert [f"H-2026-{n:04d}" in last(box) for n in range(6)] == [False] * 4 + [True] * 2
            assert last(box).count("Why: limit hazard.recheck. 10 days from 2026-09-30.") == 2
            await platform.announce(gone := near(9))
            await platform.settle()
            await platform.announce(changed(gone, turns.MET), changed(stays, turns.MET))
            platform.travel(days=30)
            await mails(platform)
            assert len(box.mails) == 1


class Died(BaseException):
    """The process is gone."""


async def test_a_crash_before_or_after_the_commit_loses_no_line_and_tells_none_twice(
    services_here: OpenPlatform, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            await Cast(platform).person("Ada", Role.AUTHORITY_DESK, FIRE)
            await platform.announce(*(missed(n) for n in range(8)))
            await mails(platform)
            platform.travel(**WINDOW)
            service = platform.service("notify")
            put = actions.put

            async def and_die(*given: Any) -> None:
                await put(*given)
                raise Died

            with monkeypatch.context() as patched:
                patched.setattr(actions, "put", and_die)
                with pytest.raises(Died):
                    await tell_gathered(service)
            assert len(await told_lines(platform)) == 1

            def gone() -> None:
                raise Died

            with monkeypatch.context() as patched:
                patched.setattr(service.database, "committed", gone)
                with pytest.raises(Died):
                    await tell_gathered(service)
            await mails(platform)
            assert subjects(box)[1:] == ["7 deadlines overdue"]
            lines = await told_lines(platform)
            assert len(lines) == len(set(lines)) == 8


async def test_two_workers_and_late_comers_make_one_mail_in_a_window(services_here: OpenPlatform, port: int) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            for name in ("Ada", "Bea", "Cid"):
                await cast.person(name, Role.AUTHORITY_DESK, FIRE)
            service = platform.service("notify")
            for minute in range(6):
                await platform.announce(*(missed(20 * minute + n) for n in range(20)))
                while batch := platform.bus.due("notify"):
                    await asyncio.gather(service.consumer.take(batch), *(tell_gathered(service) for _ in range(3)))
                await asyncio.gather(*(tell_gathered(service) for _ in range(4)))
                platform.travel(minutes=1)
            await mails(platform)
            platform.travel(**WINDOW)
            await mails(platform)
            for name in ("ada", "bea", "cid"):
                first, second, third = subjects(box, name)
                assert first.startswith("H-2026-"), "one at once"
                assert [int(each.split()[0]) for each in (second, third)] == [99, 20], name
            lines = await told_lines(platform)
            assert len(lines) == len(set(lines)) == 360


async def test_a_line_that_cannot_be_told_holds_up_nobody_else_and_is_tried_again(
    services_here: OpenPlatform, port: int
) -> None:
    with mail_server(port) as box:
        async with services_here("notify", smtp_url=f"smtp://127.0.0.1:{port}") as platform:
            cast = Cast(platform)
            ada = await cast.person("Ada", Role.AUTHORITY_DESK, FIRE)
            await cast.person("Bea", Role.AUTHORITY_DESK, FIRE)
            await platform.announce(missed(1))
            await platform.service("notify").consumer.take(platform.bus.due("notify"))
            async with platform.service("notify").database.transaction() as tx:
                query = select(GatheredLine).where(col(GatheredLine.person_id) == ada.id)
                line = (await tx.execute(query)).scalar_one()
                fact, line.fact = line.fact, {}
            await mails(platform)
            assert (subjects(box), len(subjects(box, "bea"))) == ([], 1)
            async with platform.service("notify").database.transaction() as tx:
                tx.add(line)
                line.fact = fact
            platform.travel(**WINDOW)
            await mails(platform)
            assert [subject.split()[0] for subject in subjects(box)] == ["H-2026-0001:"]
