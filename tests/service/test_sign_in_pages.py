"""Signing in on pages, step by step, and everything that must not get through."""

from collections.abc import AsyncIterator, Mapping
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
    recovery_codes_in,
    said,
    secret_in,
    send,
    sign_in,
    token_in,
)

from services.gateway.identity.domain.browsers import own_path
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


async def is_inside(http: httpx.AsyncClient) -> bool:
    return (await http.get("/account")).status_code == 200


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


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://gateway"},
        {"origin": "http://gateway.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://gateway", "sec-fetch-site": "cross-site"},
        {},
    ],
    ids=str,
)
async def test_a_form_from_elsewhere_is_refused_though_its_token_were_right(
    platform: Platform, headers: Mapping[str, str]
):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http:
        page = await http.get("/sign-in")
        for name in ("origin", "sec-fetch-site"):
            del http.headers[name]
        form = {"csrf_token": token_in(page), "login": "ada", "password": PASSWORD}
        refused = await http.post("/sign-in", data=form, headers=headers)
        assert refused.status_code == 403
        assert "did not come from our own page" in refused.text
        assert not await is_inside(http)


@pytest.mark.parametrize("headers", [{"origin": "http://gateway"}, {"sec-fetch-site": "same-origin"}], ids=str)
async def test_a_browser_that_says_only_one_of_the_two_gets_in(platform: Platform, headers: Mapping[str, str]):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http:
        page = await http.get("/sign-in")
        for name in ("origin", "sec-fetch-site"):
            del http.headers[name]
        form = {"csrf_token": token_in(page), "login": "ada", "password": PASSWORD}
        assert (await http.post("/sign-in", data=form, headers=headers)).status_code == 303
        assert await is_inside(http)


async def test_a_form_without_the_token_of_its_own_cookie_is_refused(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http, browser(platform) as eve:
        await enter(http)
        before = token_in(await http.get("/account"))
        others = token_in(await eve.get("/sign-in"))
        tokens: list[dict[str, str]] = [{}, {"csrf_token": ""}, {"csrf_token": "0" * 64}, {"csrf_token": others}]
        tokens += [{"csrf_token": "é"}, {"csrf_token": before[:-1]}]
        for path in (
            "/sign-out",
            "/account/password",
            "/account/sign-ins/end",
            f"/account/sign-ins/{uuid4()}/end",
            "/account/second-factor",
            "/account/second-factor/confirmed",
            "/account/recovery-codes",
            "/account/provider/unlink",
            "/sign-in/office",
            "/sign-in/code",
        ):
            for token in tokens:
                assert (await http.post(path, data=token)).status_code == 403, (path, token)
        assert await is_inside(http)
        http.cookies.clear()
        assert (await http.post("/sign-in", data={"csrf_token": before})).status_code == 403, "no cookie, no form"


EVIL = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/%2Fevil.example",
    "/%2f/evil.example",
    "/%5Cevil.example",
    "/%255Cevil.example",
    "/%252Fevil.example",
    "/\tevil.example",
    "/\n/evil.example",
    "/%09/evil.example",
    " //evil.example",
    "/ /evil.example",
    "",
]


@pytest.mark.parametrize("asked", EVIL, ids=repr)
async def test_no_spelling_leads_to_somebody_elses_place(platform: Platform, asked: str):
    assert own_path(asked) is None
    await ada_arrives(platform, Role.VOLUNTEER)
    async with browser(platform) as http:
        page = await http.get("/sign-in", params={"return_to": asked})
        assert "evil" not in page.text
        answer = await send(http, page, "/sign-in", login="ada", password=PASSWORD, return_to=asked)
        assert answer.headers["location"] == "/sign-in"
        assert (await http.get("/sign-in", params={"return_to": asked})).headers["location"] == "/account"


@pytest.mark.parametrize(
    "asked", ["/", "/account", "/oauth/authorize?redirect_uri=https%3A%2F%2Fapp.example%2Fback&a=1"]
)
def test_our_own_places_are_kept_as_they_are(asked: str):
    assert own_path(asked) == asked


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
