"""One's own account: signing out, passwords, the second step."""

from collections.abc import AsyncIterator

import pytest
from identity_stage import (
    COUNTY,
    PASSWORD,
    ada_arrives,
    browser,
    enter,
    is_inside,
    recovery_codes_in,
    said,
    secret_in,
    send,
    sign_in,
)

from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", county_code=COUNTY, sign_ins_per_minute=1000) as here:
        yield here


async def test_signing_out_here_there_and_everywhere(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    linux, phone = "Mozilla/5.0 (X11; Linux) Firefox/140.0", "Mozilla/5.0 (Android 16) Chrome/140 Safari/537"
    async with browser(platform, **{"user-agent": linux}) as here, browser(platform, **{"user-agent": phone}) as there:
        await enter(here)
        platform.travel(seconds=1)
        await enter(there)
        account = await here.get("/account")
        assert "Firefox, Linux" in account.text
        assert "Chrome, Android" in account.text
        assert "Mozilla" not in str(await platform.rows("gateway", "select * from browser_sessions"))
        other = account.text.split("/account/sign-ins/")[1].split("/end")[0]
        await send(here, account, f"/account/sign-ins/{other}/end")
        assert (await is_inside(here), await is_inside(there)) == (True, False)
        await enter(there)
        gone = await send(here, await here.get("/account"), "/sign-out")
        assert 'commonwatch=""' in gone.headers["set-cookie"]
        assert (await is_inside(here), await is_inside(there)) == (False, True)
        await enter(here)
        await send(here, await here.get("/account"), "/account/sign-ins/end")
        assert (await is_inside(here), await is_inside(there)) == (False, False)


async def test_a_new_password_signs_out_the_other_browsers_and_takes_the_old_one(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as here, browser(platform) as there:
        await enter(here)
        await enter(there)
        account = await here.get("/account")
        fields: list[tuple[dict[str, str], int]] = [
            ({"password": "wrong", "new": "another one 2"}, 401),
            ({"password": PASSWORD, "new": "short"}, 422),
            ({"password": PASSWORD, "new": "another one 2"}, 303),
        ]
        for form, status in fields:
            assert (await send(here, account, "/account/password", **form)).status_code == status
        assert (await is_inside(here), await is_inside(there)) == (True, False)
    assert (await sign_in(platform)).status_code == 401
    assert (await sign_in(platform, "another one 2")).status_code == 200


async def test_guessing_the_password_on_the_account_page_counts_too(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http:
        await enter(http)
        account = await http.get("/account")
        for path in ("password", "second-factor", "recovery-codes", "second-factor", "password"):
            await send(http, account, f"/account/{path}", password="a guess", new="another one 2")
        assert (await sign_in(platform)).status_code == 401, "five guesses: the account rests"


async def test_a_second_step_is_set_up_and_replaced_on_the_account_page(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http:
        await enter(http)
        begun = await send(http, await http.get("/account"), "/account/second-factor", password=PASSWORD)
        page = await http.get(begun.headers["location"])
        old = secret_in(page)
        codes = recovery_codes_in(await send(http, page, "/account/second-factor/confirmed", code=old.at(platform.now)))
        assert len(codes) == 10
        platform.travel(seconds=30)
        await send(http, await http.get("/account"), "/account/second-factor", password=PASSWORD)
        page = await http.get("/account/second-factor")
        new = secret_in(page)
        assert (await sign_in(platform, code=old.at(platform.now))).status_code == 200, "in force until the new one is"
        await send(http, page, "/account/second-factor/confirmed", code=new.at(platform.now))
        assert await is_inside(http)
        platform.travel(seconds=30)
        assert said(await sign_in(platform, code=old.at(platform.now))) == (401, "wrong-code")
        assert said(await sign_in(platform, code=codes[0])) == (401, "wrong-code")
        assert (await sign_in(platform, code=new.at(platform.now))).status_code == 200
        fresh = await send(http, await http.get("/account"), "/account/recovery-codes", password=PASSWORD)
        assert (await sign_in(platform, code=recovery_codes_in(fresh)[9])).status_code == 200
