"""Signing in on pages, step by step, and everything that must not get through."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from identity_stage import (
    ADA,
    COUNTY,
    OPERATOR,
    PASSWORD,
    ada_arrives,
    ada_enrols,
    ada_loses,
    browser,
    enter,
    is_inside,
    recovery_codes_in,
    said,
    secret_in,
    send,
    sign_in,
)

from shared.contracts.gateway import AccountLocked
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", county_code=COUNTY, sign_ins_per_minute=1000) as here:
        yield here


@pytest.fixture
async def strict(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    """An installation whose officers need a second factor."""
    asked = {"second_factor_required": True, "sign_ins_per_minute": 1000}
    async with services_here("gateway", county_code=COUNTY, **asked) as here:
        yield here


def step(page: httpx.Response) -> str:
    """Name the step that a page shows by the address that its first form goes to."""
    return page.text.split('action="')[1].split('"')[0]


async def test_a_person_signs_in_by_password_and_lands_where_they_wanted_to_go(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http:
        asked = await http.get("/account")
        assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?return_to=%2Faccount")
        page = await http.get(asked.headers["location"])
        answer = await send(http, page, "/sign-in", login=" ADA ", password=PASSWORD, return_to="/account")
        arrived = await http.get((await http.get(answer.headers["location"])).headers["location"])
        assert arrived.status_code == 200
        assert "Ada" in arrived.text
        assert "Volunteer" in arrived.text
        assert "Emergency bureau" in arrived.text


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_refusal_is_kind_in_the_readers_language_and_the_same_for_whoever_guesses(
    platform: Platform, language: str
):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform, **{"accept-language": language}) as http:
        page = await http.get("/sign-in")
        sentences = set[str]()
        for login, password in (
            ("ada", "a secret guess"),
            ("nobody", PASSWORD),
            ("n", PASSWORD),
            ("ada\0", PASSWORD),
            ("ada", "x" * 500),
            ("<script>", ""),
        ):
            refused = await send(http, page, "/sign-in", login=login, password=password)
            assert refused.status_code == 401
            assert "<script>" not in refused.text
            assert password not in refused.text or not password
            sentences.add(refused.text.split('role="alert">')[1].split("<")[0])
        assert len(sentences) == 1
        assert ("登录名或密码错误" in sentences.pop()) is (language == "zh")


async def test_guesses_on_the_page_and_at_the_api_fill_one_count(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http:
        for _ in range(3):
            assert (await enter(http, "a guess")).status_code == 401
        for _ in range(2):
            assert (await sign_in(platform, "a guess")).status_code == 401
        assert (await enter(http)).status_code == 401, "five in all: the account rests"
        assert said(await sign_in(platform)) == (401, "wrong-login")
        await platform.settle()
        assert len(platform.events(AccountLocked)) == 1
        platform.travel(seconds=31)
        await enter(http)
        assert await is_inside(http)


async def test_wrong_codes_on_the_page_count_with_wrong_passwords_at_the_api(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    phone, _ = await ada_enrols(platform)
    async with browser(platform) as http:
        page = await enter(http)
        for guess in ("111111", "222222", "AAAA BBBB CCCC DDDD"):
            refused = await send(http, page, "/sign-in/code", code=guess)
            assert refused.status_code == 401
            assert step(refused) == "/sign-in/code"
        for _ in range(2):
            await sign_in(platform, "a guess")
        locked = await send(http, page, "/sign-in/code", code=phone.at(platform.now))
        assert (locked.status_code, await is_inside(http)) == (401, False)
        platform.travel(seconds=31)
        await send(http, page, "/sign-in/code", code=phone.at(platform.now))
        assert await is_inside(http)


async def test_an_officer_sets_up_the_second_step_before_going_on_and_then_needs_it(strict: Platform):
    await ada_arrives(strict, Role.AUTHORITY_DESK)
    async with browser(strict) as http:
        page = await enter(http, return_to="/api/docs")
        assert step(page) == "/sign-in/second-factor"
        assert "<svg" in page.text
        assert not await is_inside(http)
        phone = secret_in(page)
        wrong = await send(http, page, "/sign-in/second-factor", code="000000", return_to="/api/docs")
        assert (wrong.status_code, secret_in(wrong).secret) == (401, phone.secret)
        before = http.cookies["commonwatch"]
        codes = await send(http, page, "/sign-in/second-factor", code=phone.at(strict.now), return_to="/api/docs")
        assert len(recovery_codes_in(codes)) == 10
        assert http.cookies["commonwatch"] != before, "a rise in privilege has its own cookie"
        assert await is_inside(http)
        assert (await http.get("/sign-in?return_to=/api/docs")).headers["location"] == "/api/docs"
        http.cookies.set("commonwatch", before, domain="gateway.local")

    strict.travel(seconds=30)
    async with browser(strict) as http:
        page = await enter(http)
        assert step(page) == "/sign-in/code"
        again = await send(http, page, "/sign-in/code", code=phone.at(strict.now))
        assert again.status_code == 303
        assert await is_inside(http)
    strict.travel(seconds=30)
    async with browser(strict) as http:
        await send(http, await enter(http), "/sign-in/code", code=recovery_codes_in(codes)[3])
        assert await is_inside(http)
        assert "Recovery codes left: 9" in (await http.get("/account")).text


async def test_of_two_browsers_that_set_up_at_once_the_later_begins_anew(strict: Platform):
    await ada_arrives(strict, Role.AUTHORITY_DESK)
    async with browser(strict) as one, browser(strict) as two:
        stale, page = await enter(one), await enter(two)
        code = secret_in(page).at(strict.now)
        assert (await send(two, page, "/sign-in/second-factor", code=code)).status_code == 200
        assert (await send(one, stale, "/sign-in/second-factor", code=code)).status_code == 303
        assert not await is_inside(one)
        assert step(await one.get("/sign-in")) == "/sign-in"
        assert step(await enter(one)) == "/sign-in/code"


async def test_a_code_seen_over_the_shoulder_opens_no_second_browser(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    phone, _ = await ada_enrols(platform)
    code = phone.at(platform.now)
    async with browser(platform) as ada, browser(platform) as eve:
        await send(ada, await enter(ada), "/sign-in/code", code=code)
        assert await is_inside(ada)
        refused = await send(eve, await enter(eve), "/sign-in/code", code=code)
        assert (refused.status_code, await is_inside(eve)) == (401, False)


async def test_the_cookie_after_the_password_alone_opens_nothing_and_the_step_cannot_be_skipped(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER, Role.AUTHORITY_DESK)
    await ada_enrols(platform)
    async with browser(platform) as http:
        page = await enter(http)
        for path, fields in (
            ("/sign-in/office", {"membership_id": str(uuid4())}),
            ("/sign-in/second-factor", {"code": "123456"}),
            ("/account/second-factor", {"password": PASSWORD}),
            ("/account/recovery-codes", {"password": PASSWORD}),
            ("/account/password", {"password": PASSWORD, "new": "another one 2"}),
        ):
            await send(http, page, path, **fields)
            assert not await is_inside(http), path
        assert step(await http.get("/sign-in")) == "/sign-in/code"


async def test_a_person_with_two_offices_chooses_and_may_change_later(platform: Platform):
    desk, volunteer = await ada_arrives(platform, Role.AUTHORITY_DESK, Role.VOLUNTEER)
    async with browser(platform) as http:
        page = await enter(http)
        assert step(page) == "/sign-in/office"
        assert not await is_inside(http)
        strange = await send(http, page, "/sign-in/office", membership_id=str(uuid4()))
        assert strange.status_code == 303
        assert not await is_inside(http)
        await send(http, page, "/sign-in/office", membership_id=str(volunteer))
        account = await http.get("/account")
        assert f'value="{volunteer}" aria-current="true"' in account.text
        before = http.cookies["commonwatch"]
        await send(http, account, "/sign-in/office", membership_id=str(desk))
        assert http.cookies["commonwatch"] != before
        assert f'value="{desk}" aria-current="true"' in (await http.get("/account")).text


async def test_a_revoked_office_ends_the_sign_in_at_once(platform: Platform):
    [membership] = await ada_arrives(platform, Role.AUTHORITY_DESK)
    async with browser(platform) as http:
        await enter(http)
        assert await is_inside(http)
        await ada_loses(platform, membership, Role.AUTHORITY_DESK)
        assert not await is_inside(http)
        page = await enter(http)
        assert (page.status_code, "no such office" in page.text) == (403, True)


async def test_a_cookie_planted_before_is_worth_nothing_after(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as ada, browser(platform) as eve:
        await eve.get("/sign-in")
        planted = eve.cookies["commonwatch"]
        ada.cookies.set("commonwatch", planted, domain="gateway.local", path="/")
        await enter(ada)
        assert await is_inside(ada)
        assert not await is_inside(eve)
        held = ada.cookies["commonwatch"]
        await send(ada, await ada.get("/account"), "/sign-in", login="ada", password=PASSWORD)
        assert await is_inside(ada)
        eve.cookies.set("commonwatch", held, domain="gateway.local", path="/")
        assert not await is_inside(eve), "signing in anew ends what was signed in before at this browser"


async def test_the_cookie_is_bound_to_https_and_to_this_host(services_here: OpenPlatform):
    async with services_here("gateway", county_code=COUNTY, public_url="https://watch.example") as platform:
        here = {"origin": "https://watch.example"}
        async with browser(platform, **here) as http:
            [written] = (await http.get("/sign-in")).headers.get_list("set-cookie")
        name, *attributes = [part.strip() for part in written.split(";")]
        assert name.startswith("__Host-commonwatch=")
        assert {one.lower() for one in attributes} == {"httponly", "path=/", "samesite=lax", "secure"}


async def test_a_reset_by_the_operator_signs_out_and_begins_anew(strict: Platform):
    await ada_arrives(strict, Role.AUTHORITY_DESK)
    phone, _ = await ada_enrols(strict)
    async with browser(strict) as http:
        await send(http, await enter(http), "/sign-in/code", code=phone.at(strict.now))
        assert await is_inside(http)
        async with strict.client("gateway", OPERATOR) as operator:
            assert (await operator.delete(f"/api/v1/accounts/{ADA}/second-factor")).status_code == 204
        assert not await is_inside(http)
        assert step(await enter(http)) == "/sign-in/second-factor"


async def test_a_refusal_on_a_page_is_a_page_and_knocking_too_often_says_when_to_come_back(
    services_here: OpenPlatform,
):
    few = {"county_code": COUNTY, "sign_ins_per_minute": 2}
    async with services_here("gateway", **few) as platform, browser(platform) as http:
        page = await http.get("/sign-in")
        answers: list[Any] = [await send(http, page, "/sign-in", login="ada", password="x") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        assert answers[2].headers["content-type"].startswith("text/html")
        assert int(answers[2].headers["retry-after"]) > 0
        assert (await http.post("/account/sign-ins/nonsense/end")).headers["content-type"].startswith("text/html")
        for address in ("/sign-in/provider", "/sign-in/provider/callback?state=a&code=b"):
            assert (await http.get(address)).status_code in {404, 429}


async def test_no_page_of_signing_in_holds_a_script_or_may_be_framed_or_kept(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http:
        pages = [await http.get("/sign-in")]
        await enter(http)
        pages.append(await http.get("/account"))
        for page in pages:
            assert page.status_code == 200
            assert page.headers["content-security-policy"].startswith("default-src 'none'")
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["x-frame-options"] == "DENY"
            assert page.headers["referrer-policy"] == "same-origin", "else browsers write `Origin: null` on our forms"
            assert "<script>" not in page.text
            assert "style=" not in page.text
