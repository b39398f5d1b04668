"""What becomes of clients and their tokens besides being used: registered, given up, asked about, renewed."""

from collections.abc import AsyncIterator

import pytest
from identity_stage import ADA, COUNTY, ada_arrives
from oauth_stage import CONFIDENTIAL, NEXT_SECRET, PUBLIC, SECRET, Program, register, status_of

from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform

LAB = {"name": "Lab", "role": "agency", "area_code": COUNTY, "secret": SECRET}


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


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_a_program_gives_up_what_it_was_allowed(platform: Platform, app: Program, server: Program, which: str):
    tokens = await app.tokens()
    foreign = await server.ask("/oauth/revoke", token=tokens[which])
    assert (foreign.status_code, foreign.json()["error"]) == (400, "invalid_grant")
    assert await status_of(platform, tokens["access_token"]) == 200
    assert (await app.ask("/oauth/revoke", token=tokens[which], token_type_hint="nonsense")).status_code == 200
    platform.travel(seconds=1)
    assert await status_of(platform, tokens["access_token"]) == 401
    assert (await app.refresh(tokens["refresh_token"])).status_code == 400
    assert (await app.ask("/oauth/revoke", token="unknown")).status_code == 200
    assert (await app.ask("/oauth/revoke")).json()["error"] == "invalid_request"


async def test_a_system_gives_up_one_token_of_its_own(platform: Platform):
    await register(platform, "lab", **LAB)
    lab = Program(platform, "lab", SECRET)
    kept, given_up = [(await lab.ask("/oauth/token", grant_type="client_credentials")).json() for _ in range(2)]
    assert (await lab.ask("/oauth/revoke", token=given_up["access_token"])).status_code == 200
    platform.travel(seconds=1)
    assert await status_of(platform, given_up["access_token"]) == 401
    assert await status_of(platform, kept["access_token"]) == 200


async def test_only_who_may_know_learns_whether_a_token_counts(platform: Platform, app: Program, server: Program):
    await register(platform, "resource", **LAB, scopes=["introspect", "read"])
    resource = Program(platform, "resource", SECRET)
    tokens = await app.tokens()

    known = (await resource.ask("/oauth/introspect", token=tokens["access_token"])).json()
    assert (known["active"], known["client_id"], known["sub"]) == (True, "field-app", str(ADA))
    assert (known["role"], known["scope"]) == (Role.AUTHORITY_DESK, "read write offline_access")
    link = (await resource.ask("/oauth/introspect", token=tokens["refresh_token"])).json()
    assert (link["active"], link["token_type"]) == (True, "refresh_token")
    for stranger in (server, Program(platform, "field-server", SECRET)):
        for which in ("access_token", "refresh_token"):
            told = await stranger.ask("/oauth/introspect", token=tokens[which])
            assert (told.status_code, told.json()) == (200, {"active": False})
    public = await app.ask("/oauth/introspect", token=tokens["access_token"])
    assert (public.status_code, public.json()["error"]) == (401, "invalid_client")

    await app.ask("/oauth/revoke", token=tokens["refresh_token"])
    platform.travel(seconds=1)
    for which in ("access_token", "refresh_token"):
        assert (await resource.ask("/oauth/introspect", token=tokens[which])).json() == {"active": False}


async def test_a_client_changes_its_secret_without_a_pause(platform: Platform):
    await register(platform, "lab", **LAB)
    old, new = Program(platform, "lab", SECRET), Program(platform, "lab", NEXT_SECRET)

    async def works(program: Program) -> bool:
        return (await program.ask("/oauth/token", grant_type="client_credentials")).status_code == 200

    view = (await register(platform, "lab", **LAB | {"secret": NEXT_SECRET, "secret_overlap_s": 3600})).json()
    assert view["former_secret_until"] is not None
    assert [await works(old), await works(new)] == [True, True]
    assert (await register(platform, "lab", **{**LAB, "secret": None, "name": "Laboratory"})).status_code == 200
    platform.travel(seconds=3600)
    assert [await works(old), await works(new)] == [False, True]
    await register(platform, "lab", **LAB)
    assert [await works(old), await works(new)] == [True, False], "at once, when no overlap is asked"


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uris": ["http://program.example/cb"]},
        {"redirect_uris": ["https://*.program.example/cb"]},
        {"redirect_uris": ["https://program.example/cb#"]},
        {"redirect_uris": ["https://user@program.example/cb"]},
        {"redirect_uris": ["https://program.example/../cb"]},
        {"redirect_uris": ["https://program.example; script-src *"]},
        {"redirect_uris": ["app.example:/cb"]},
        {"redirect_uris": ["http://localhost/cb"]},
        {"redirect_uris": []},
        {"grant_types": ["refresh_token"], "redirect_uris": []},
        {"grant_types": ["client_credentials"]},
        {"grant_types": ["password"]},
        {"kind": "public"},
        {"secret": None},
        {"secret": "short"},
        {"scopes": ["everything"]},
        {"scopes": []},
        {"grant_types": ["authorization_code"], "scopes": ["offline_access"]},
        {"secret_overlap_s": 99_999_999},
        {"client_name": "somebody else"},
    ],
)
async def test_a_client_that_does_not_hold_together_is_not_registered(platform: Platform, changes: dict[str, object]):
    assert (await register(platform, "new-one", **{**CONFIDENTIAL, **changes})).status_code == 422


async def test_nobody_takes_the_name_of_the_installations_own_clients(platform: Platform):
    for name in ("operator", "commonwatch"):
        assert (await register(platform, name, **CONFIDENTIAL)).status_code == 422
