"""Who sits at a browser, for how long, and what ends it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.gateway.identity.actions.browsers import (
    Browsers,
    SignedInBrowser,
    begin,
    found,
    raise_to,
    sign_out,
    sign_out_everywhere,
    sign_out_one,
    signed_in_at,
)
from services.gateway.identity.domain.browsers import Stage
from shared.contracts.registry import MembershipGranted, MembershipRevoked, PersonRegistered
from shared.contracts.values import Role
from shared.db import Database
from shared.testing import START, OpenPlatform, Platform

COUNTY = "999001"
ADA, BUREAU = uuid4(), uuid4()


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", county_code=COUNTY) as here:
        yield here


def browsers(platform: Platform) -> Browsers:
    return platform.service("gateway").part(Browsers)


def database(platform: Platform) -> Database:
    return platform.service("gateway").database


async def ada_holds(platform: Platform, role: Role) -> UUID:
    person = PersonRegistered(at=START, area_code=COUNTY, person_id=ADA, name="Ada", language="en")
    await platform.announce((ADA, 1, person))
    return await ada_is(platform, uuid4(), 1, role)


async def ada_is(platform: Platform, membership_id: UUID, version: int, role: Role) -> UUID:
    held = {"area_code": COUNTY, "membership_id": membership_id, "person_id": ADA, "party_id": BUREAU, "role": role}
    await platform.announce((membership_id, version, MembershipGranted(at=platform.now, **held)))
    await platform.settle(redeliver=2)
    return membership_id


async def sit_down(platform: Platform, membership_id: UUID, stage: Stage = Stage.OPEN, person: UUID = ADA) -> str:
    async with database(platform).transaction() as tx:
        facts = {"membership_id": membership_id, "browser": "Firefox, Linux"}
        _, cookie = await begin(tx, person, stage, browsers(platform).lasting, platform.now, **facts)
    return cookie


async def who(platform: Platform, cookie: str | None) -> SignedInBrowser | None:
    return await browsers(platform).recognise(cookie)


async def test_a_cookie_says_who_and_in_which_capacity_and_the_table_does_not_hold_it(platform: Platform):
    membership = await ada_holds(platform, Role.AUTHORITY_OFFICER)
    cookie = await sit_down(platform, membership)

    ada = await who(platform, cookie)

    assert ada is not None
    assert (ada.person_id, ada.membership_id, ada.authenticated_at) == (ADA, membership, platform.now)
    assert (ada.actor.role, ada.actor.party_id, ada.actor.name) == (Role.AUTHORITY_OFFICER, BUREAU, "Ada")
    assert ada.second_factor is False
    [row] = await platform.rows("gateway", "select * from browser_sessions")
    assert cookie not in str(row)
    assert len(cookie) == 43, "256 bits"
    for stranger in (None, "", "nonsense", cookie[:-1], row["digest"].hex()):
        assert await who(platform, stranger) is None


async def test_who_does_nothing_is_signed_out_and_who_works_stays_until_the_day_is_over(platform: Platform):
    membership = await ada_holds(platform, Role.VOLUNTEER)
    idle, busy = await sit_down(platform, membership), await sit_down(platform, membership)
    for _ in range(28):
        platform.travel(minutes=25)
        assert await who(platform, busy) is not None
    assert await who(platform, idle) is None
    platform.travel(minutes=19)
    assert await who(platform, busy) is not None
    platform.travel(minutes=1)
    assert await who(platform, busy) is None, "twelve hours are over, though it was seen a minute ago"


async def test_being_seen_is_written_once_a_minute_at_most(platform: Platform):
    membership = await ada_holds(platform, Role.VOLUNTEER)
    cookie = await sit_down(platform, membership)
    seen = list[timedelta]()
    for _ in range(9):
        platform.travel(seconds=20)
        await who(platform, cookie)
        [row] = await platform.rows("gateway", "select seen_at from browser_sessions")
        seen.append(row["seen_at"] - START)
    assert [round(at.total_seconds()) for at in seen] == [0, 0, 60, 60, 60, 120, 120, 120, 180]


async def test_a_revoked_office_ends_what_was_signed_in_for_it(platform: Platform):
    membership = await ada_holds(platform, Role.AUTHORITY_OFFICER)
    cookie = await sit_down(platform, membership)
    assert await who(platform, cookie) is not None

    held = {"area_code": COUNTY, "membership_id": membership, "person_id": ADA, "party_id": BUREAU}
    revoked = MembershipRevoked(at=platform.now, role=Role.AUTHORITY_OFFICER, **held)
    await platform.announce((membership, 2, revoked))
    await platform.settle(redeliver=2)

    assert await who(platform, cookie) is None, "at once: no second passed"


async def test_somebody_elses_membership_opens_nothing(platform: Platform):
    membership = await ada_holds(platform, Role.AUTHORITY_OFFICER)
    assert await who(platform, await sit_down(platform, membership, person=uuid4())) is None


@pytest.mark.parametrize("stage", [Stage.CODE, Stage.ENROL, Stage.CHOOSE])
async def test_a_half_done_sign_in_opens_nothing_and_is_forgotten_after_ten_minutes(platform: Platform, stage: Stage):
    membership = await ada_holds(platform, Role.VOLUNTEER)
    cookie = await sit_down(platform, membership, stage)
    assert await who(platform, cookie) is None
    lasting = browsers(platform).lasting
    for minutes, there in ((9, True), (1, False)):
        platform.travel(minutes=minutes)
        async with database(platform).reading() as tx:
            assert (await found(tx, cookie, lasting, platform.now) is not None) is there


async def test_each_rise_in_privilege_gets_a_new_cookie_and_kills_the_old_one(platform: Platform):
    membership = await ada_holds(platform, Role.VOLUNTEER)
    planted = await sit_down(platform, membership, Stage.CODE)
    lasting = browsers(platform).lasting
    async with database(platform).transaction() as tx:
        row = await found(tx, planted, lasting, platform.now)
        assert row is not None
        cookie = raise_to(row, Stage.OPEN, lasting, platform.now, second_factor=True)

    assert cookie != planted
    assert await who(platform, planted) is None
    ada = await who(platform, cookie)
    assert ada is not None
    assert ada.second_factor is True
    platform.travel(minutes=29)
    assert await who(platform, cookie) is not None, "no longer bound to the ten minutes of a half-done sign-in"


async def test_signing_out_ends_one_some_or_all_and_only_the_persons_own(platform: Platform):
    membership = await ada_holds(platform, Role.VOLUNTEER)
    here, there, elsewhere = [await sit_down(platform, membership) for _ in range(3)]
    ada = await who(platform, here)
    assert ada is not None
    lasting = browsers(platform).lasting
    async with database(platform).transaction() as tx:
        assert len(await signed_in_at(tx, ADA, lasting, platform.now)) == 3
        await sign_out_one(tx, uuid4(), ada.session_id)
    assert await who(platform, here) is not None, "somebody else's list is not theirs to shorten"
    async with database(platform).transaction() as tx:
        await sign_out(tx, there)
    assert [await who(platform, cookie) is not None for cookie in (here, there, elsewhere)] == [True, False, True]
    async with database(platform).transaction() as tx:
        await sign_out_everywhere(tx, [ADA], but=ada.session_id)
    assert [await who(platform, cookie) is not None for cookie in (here, there, elsewhere)] == [True, False, False]
    async with database(platform).transaction() as tx:
        await sign_out_everywhere(tx, [ADA])
    assert await who(platform, here) is None


async def test_old_rows_are_cleared_away_at_the_next_sign_in(platform: Platform):
    membership = await ada_holds(platform, Role.VOLUNTEER)
    await sit_down(platform, membership)
    platform.travel(hours=13)
    await sit_down(platform, membership)
    assert len(await platform.rows("gateway", "select 1 from browser_sessions")) == 1


async def test_an_officer_without_the_second_factor_that_became_needed_is_let_in_no_more(services_here: OpenPlatform):
    async with services_here("gateway", county_code=COUNTY, second_factor_required=True) as platform:
        membership = await ada_holds(platform, Role.VOLUNTEER)
        cookie = await sit_down(platform, membership)
        assert await who(platform, cookie) is not None, "a volunteer needs none"
        await ada_is(platform, membership, 2, Role.AUTHORITY_DESK)
        assert await who(platform, cookie) is None, "the office rose; the proof did not"
