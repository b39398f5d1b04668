"""Programs that go on without the person: one chain of refresh tokens, never a fork."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from identity_stage import COUNTY, ada_arrives
from oauth_stage import CONFIDENTIAL, PUBLIC, SECRET, Program, register, status_of

from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", county_code=COUNTY, sign_ins_per_minute=1000) as here:
        await ada_arrives(here, Role.AUTHORITY_DESK)
        yield here


@pytest.fixture
async def app(platform: Platform) -> Program:
    """A public client: an app on a phone."""
    assert (await register(platform, "field-app", **PUBLIC)).status_code == 200
    return Program(platform, "field-app")


@pytest.fixture
async def server(platform: Platform) -> Program:
    """A confidential client."""
    assert (await register(platform, "field-server", **CONFIDENTIAL)).status_code == 200
    return Program(platform, "field-server", SECRET)


async def test_a_program_that_goes_on_gets_a_new_refresh_token_each_time(platform: Platform, app: Program):
    first = await app.tokens()
    [kept] = await platform.rows("gateway", "select * from oauth_refresh_tokens")
    assert first["refresh_token"] not in str(kept)
    platform.travel(days=13)
    second = (await app.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert await status_of(platform, second["access_token"]) == 200
    platform.travel(days=15)
    assert (await app.refresh(second["refresh_token"])).json()["error"] == "invalid_grant", "left alone too long"


async def test_after_ninety_days_the_person_is_asked_again(platform: Platform, app: Program):
    token = (await app.tokens())["refresh_token"]
    for _ in range(8):
        platform.travel(days=11)
        token = (await app.refresh(token)).json()["refresh_token"]
    platform.travel(days=2)
    assert (await app.refresh(token)).status_code == 400


async def test_a_refresh_token_that_comes_again_ends_the_whole_chain(platform: Platform, app: Program):
    first = await app.tokens()
    second = (await app.refresh(first["refresh_token"])).json()
    platform.travel(seconds=11)
    assert (await app.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await app.refresh(second["refresh_token"])).json()["error"] == "invalid_grant"
    platform.travel(seconds=1)
    for tokens in (first, second):
        assert await status_of(platform, tokens["access_token"]) == 401


async def test_a_program_that_did_not_hear_the_answer_gets_the_same_again(platform: Platform, app: Program):
    first = await app.tokens()
    answers = await asyncio.gather(*(app.refresh(first["refresh_token"]) for _ in range(4)))
    following = {answer.json()["refresh_token"] for answer in answers}
    assert len(following) == 1, "one chain, never a fork"
    platform.travel(seconds=10)
    assert {(await app.refresh(first["refresh_token"])).json()["refresh_token"]} == following
    third = await app.refresh(following.pop())
    assert third.status_code == 200
    again = await app.refresh(first["refresh_token"])
    assert again.json()["error"] == "invalid_grant", "its successor was used: this is no retry"
    assert (await app.refresh(third.json()["refresh_token"])).status_code == 400


async def test_a_refresh_token_is_its_clients_own(platform: Platform, app: Program, server: Program):
    token = (await app.tokens())["refresh_token"]
    assert (await server.refresh(token)).json()["error"] == "invalid_grant"
    assert (await app.refresh(token)).status_code == 200, "the other's try harms nobody"


async def test_a_program_may_ask_for_less_but_never_for_more(platform: Platform, app: Program):
    first = await app.tokens(scope="read offline_access")
    more = await app.refresh(first["refresh_token"], scope="read write")
    assert more.json()["error"] == "invalid_scope"
    less = await app.refresh(first["refresh_token"], scope="read")
    assert less.json()["scope"] == "read"
