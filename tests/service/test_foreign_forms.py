"""Forms that others send in a person's name, and links that lead away: none gets through."""

from collections.abc import AsyncIterator, Mapping
from uuid import uuid4

import pytest
from identity_stage import (
    COUNTY,
    PASSWORD,
    ada_arrives,
    browser,
    enter,
    is_inside,
    send,
    token_in,
)

from services.gateway.identity.domain.browsers import own_path
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", county_code=COUNTY, sign_ins_per_minute=1000) as here:
        yield here


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
