"""Programs that act for people: how they are allowed to, what they may then do, and what ends it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from identity_stage import ADA, BUREAU, COUNTY, ada_arrives, ada_loses, browser, give_account
from joserfc import jwt
from oauth_stage import (
    CONFIDENTIAL,
    HOME,
    PUBLIC,
    SECRET,
    Program,
    answer_in,
    press,
    register,
    request_for,
    sign_in_at,
    status_of,
)

from services.gateway.identity.actions.grants import forget
from shared.auth import TokenReader
from shared.contracts.values import Role
from shared.testing import ISSUER, OpenPlatform, Platform, jwks, signing_key

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


@pytest.mark.parametrize(("facts", "secret"), [(PUBLIC, None), (CONFIDENTIAL, SECRET)], ids=["public", "confidential"])
async def test_a_program_acts_for_a_person_who_allowed_it(
    platform: Platform, facts: dict[str, object], secret: str | None
):
    await register(platform, "program", **facts)
    program = Program(platform, "program", secret)
    tokens = await program.tokens()

    assert program.said["state"] == "a state/with + odd & 字符", "as it was sent"
    assert program.said["iss"] == "http://gateway"
    assert program.said["from"] == "cw", "what the registered address says stays"
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert tokens["scope"] == "read write offline_access"
    actor = await TokenReader(ISSUER, jwks(), clock=platform.clock).read(tokens["access_token"])
    assert (actor.id, actor.role, actor.party_id, actor.name) == (ADA, Role.AUTHORITY_DESK, BUREAU, "Ada")
    assert actor.scopes == {"read", "write", "offline_access"}
    assert await status_of(platform, tokens["access_token"]) == 200


async def test_the_page_says_who_asks_for_what_in_which_office_and_in_both_languages(platform: Platform, app: Program):
    async with browser(platform) as http:
        english = await sign_in_at(http, request_for("field-app"))
        chinese = await http.get(request_for("field-app"), headers={"accept-language": "zh"})
    for words in ("Field app", "Ada", "Duty desk", "Emergency bureau", "Act in your name", "program.example"):
        assert words in english.text
    for words in ("巡查助手", "值班人员", "应急管理局", "以您的名义", "program.example"):
        assert words in chinese.text
    policy = english.headers["content-security-policy"]
    assert "form-action 'self' https://program.example" in policy
    assert policy.count("program.example") == 1
    assert english.headers["cache-control"] == "no-store"


async def test_a_person_who_does_not_allow_it_is_led_back_and_nothing_is_kept(platform: Platform, app: Program):
    async with browser(platform) as http:
        page = await sign_in_at(http, request_for("field-app"))
        leads = await press(http, page, decision="deny")
    said = answer_in(leads.headers["location"])
    assert leads.headers["location"].startswith(HOME)
    assert (said["error"], said["state"], said["iss"]) == (
        "access_denied",
        "a state/with + odd & 字符",
        "http://gateway",
    )
    assert "code" not in said
    assert await platform.rows("gateway", "select 1 from oauth_grants") == []


async def test_a_form_that_is_not_ours_allows_nothing(platform: Platform, app: Program):
    async with browser(platform) as http:
        page = await sign_in_at(http, request_for("field-app"))
        assert page.status_code == 200
        bare = await http.post(request_for("field-app"), data={"decision": "allow"})
        http.headers["origin"] = "https://evil.example"
        foreign = await press(http, page, decision="allow")
    assert (bare.status_code, foreign.status_code) == (403, 403)
    assert await platform.rows("gateway", "select 1 from oauth_grants") == []


async def test_our_own_program_is_not_asked_about_and_is_reached_by_a_page(platform: Platform):
    await register(platform, "console", **PUBLIC, first_party=True)
    async with browser(platform) as http:
        page = await sign_in_at(http, request_for("console"))
        asked = await http.get(request_for("console", prompt="consent"))
    assert page.status_code == 200
    assert f'http-equiv="refresh" content="0;url={HOME}&amp;code=' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert 'value="allow"' in asked.text


@pytest.mark.parametrize(
    ("changes", "signed_in", "error"),
    [
        ({"prompt": "none"}, False, "login_required"),
        ({"prompt": "none"}, True, "consent_required"),
        ({"prompt": "none login"}, True, "invalid_request"),
        ({"max_age": "soon"}, True, "invalid_request"),
        ({"scope": "read everything"}, False, "invalid_scope"),
        ({"scope": "introspect"}, False, "invalid_scope"),
        ({"response_type": "token"}, False, "unsupported_response_type"),
        ({"response_type": 'co"de\\'}, False, "unsupported_response_type"),
        ({"response_type": None}, False, "unsupported_response_type"),
        ({"code_challenge": None, "code_challenge_method": None}, False, "invalid_request"),
        ({"code_challenge_method": "plain"}, False, "invalid_request"),
        ({"code_challenge_method": None}, False, "invalid_request"),
        ({"code_challenge": "short"}, False, "invalid_request"),
    ],
)
async def test_what_is_wrong_with_a_request_is_told_to_the_program(
    platform: Platform, app: Program, changes: dict[str, str | None], signed_in: bool, error: str
):
    async with browser(platform) as http:
        if signed_in:
            await sign_in_at(http, "/sign-in")
        answer = await http.get(request_for("field-app", **changes))
    said = answer_in(answer.headers["location"])
    assert answer.headers["location"].startswith(HOME)
    assert (said["error"], said["state"], said["iss"]) == (error, "a state/with + odd & 字符", "http://gateway")


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/cb"},
        {"redirect_uri": HOME + "&more=1"},
        {"redirect_uri": "https://program.example/cb"},
        {"redirect_uri": "https://program.example.evil.example/cb?from=cw"},
        {"redirect_uri": "https://program.example@evil.example/cb?from=cw"},
        {"redirect_uri": HOME + "#fragment"},
        {"redirect_uri": HOME.upper()},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "//evil.example"},
        {"redirect_uri": 'https://evil.example/"\\<字>'},
        {"redirect_uri": "http://127.0.0.1:5000/other"},
        {"redirect_uri": "http://localhost/cb"},
        {"redirect_uri": "http://127.0.0.1.evil.example/cb"},
        {"redirect_uri": "http://127.0.0.1:80@evil.example/cb"},
        {"redirect_uri": ""},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": "operator"},
        {"client_id": None},
        {"state": "x" * 3000},
    ],
)
async def test_nobody_is_led_to_an_address_that_is_not_registered(
    platform: Platform, app: Program, changes: dict[str, str | None]
):
    address = request_for(**{"client_id": "field-app", **changes})  # pyright: ignore[reportArgumentType] — a missing client is the point
    async with browser(platform) as http:
        before = await http.get(address)
        await sign_in_at(http, "/sign-in")
        after = await http.get(address)
    for answer in (before, after):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert answer.headers["content-type"].startswith("text/html")
        assert "evil.example" not in answer.text


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "state", "scope", "code_challenge", "anything"])
async def test_what_is_said_twice_is_not_understood(platform: Platform, app: Program, name: str):
    address = request_for("field-app", anything="1")
    async with browser(platform) as http:
        twice = await http.get(f"{address}&{name}=other")
    assert twice.status_code == 400
    assert "location" not in twice.headers
    async with platform.client("gateway") as http:
        form = "grant_type=authorization_code&code=x&grant_type=authorization_code"
        answer = await http.post(
            "/oauth/token", content=form, headers={"content-type": "application/x-www-form-urlencoded"}
        )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_on_loopback_any_port_will_do(platform: Platform, app: Program):
    for address in ("http://127.0.0.1:51004/cb", "http://127.0.0.1/cb"):
        code = await app.code(redirect_uri=address)
        assert (await app.redeem(code, redirect_uri=address)).status_code == 200


async def test_a_code_is_good_once_for_a_minute_for_one_client_one_address_and_one_verifier(
    platform: Platform, app: Program, server: Program
):
    code = await app.code()
    [kept] = await platform.rows("gateway", "select * from oauth_codes")
    assert code not in str(kept)
    other_verifier = "another-verifier-of-at-least-forty-three-characters"
    for answer in (
        await server.redeem(code),
        await app.redeem(code, redirect_uri="http://127.0.0.1/cb"),
        await app.redeem(code, code_verifier=other_verifier),
        await app.redeem(code, code_verifier="short"),
        await app.redeem("nonsense"),
    ):
        assert answer.status_code == 400
        assert answer.json()["error"] in {"invalid_grant", "invalid_request"}
    without = await app.ask("/oauth/token", grant_type="authorization_code", code=code, redirect_uri=HOME)
    assert (without.status_code, without.json()["error"]) == (400, "invalid_request")
    platform.travel(seconds=59)
    assert (await app.redeem(code)).status_code == 200

    late = await app.code()
    platform.travel(seconds=60)
    answer = await app.redeem(late)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_code_that_comes_twice_ends_all_that_came_of_it(platform: Platform, app: Program):
    code = await app.code()
    tokens = (await app.redeem(code)).json()
    assert (await app.redeem(code)).json()["error"] == "invalid_grant"
    platform.travel(seconds=1)
    assert await status_of(platform, tokens["access_token"]) == 401
    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_of_two_that_bring_one_code_at_once_neither_keeps_anything(platform: Platform, app: Program):
    code = await app.code()
    answers = await asyncio.gather(*(app.redeem(code) for _ in range(4)))
    given = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(given) == 1
    platform.travel(seconds=1)
    assert await status_of(platform, given[0]["access_token"]) == 401


async def test_without_offline_access_there_is_no_refresh_token(app: Program):
    tokens = await app.tokens(scope=None)
    assert tokens["scope"] == "read", "least, when nothing is asked"
    assert "refresh_token" not in tokens


async def test_who_may_only_read_changes_nothing_anywhere(services_here: OpenPlatform):
    async with services_here("gateway", "registry", county_code=COUNTY) as platform:
        lab = LAB | {"role": "operator", "scopes": ["read", "write"]}
        await register(platform, "lab", **lab)
        program = Program(platform, "lab", SECRET)
        reads = (await program.ask("/oauth/token", grant_type="client_credentials", scope="read")).json()
        writes = (await program.ask("/oauth/token", grant_type="client_credentials", scope="write")).json()
        for name, path in (
            ("gateway", "/api/v1/clients"),
            ("gateway", "/api/v1/areas"),
            ("registry", "/areas"),
            ("gateway", "/api/v1/operator/gateway/events/compare"),
        ):
            method = "POST" if path.endswith("compare") else "PUT"
            async with platform.client(name) as http:
                refused = await http.request(method, path, json=[], headers=bearer(reads))
                done = await http.request(method, path, json=[], headers=bearer(writes))
            assert (refused.status_code, refused.json()["title"]) == (403, "scope may not"), path
            assert refused.json()["scope"] == "write"
            assert done.status_code not in {401, 403}, (path, done.text)
        assert await status_of(platform, reads["access_token"], "GET", "/api/v1/areas") == 200
        assert await status_of(platform, writes["access_token"], "GET", "/api/v1/me") == 200, "who may write may read"


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens['access_token']}"}


async def test_an_office_that_ends_takes_its_programs_with_it(platform: Platform, app: Program):
    tokens = await app.tokens()
    [grant] = await platform.rows("gateway", "select membership_id from oauth_grants")
    await ada_loses(platform, UUID(str(grant["membership_id"])), Role.AUTHORITY_DESK)
    platform.travel(seconds=1)
    assert await status_of(platform, tokens["access_token"]) == 401
    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_new_password_takes_programs_with_it(platform: Platform, app: Program):
    tokens = await app.tokens()
    await give_account(platform, "another password 2")
    platform.travel(seconds=1)
    assert await status_of(platform, tokens["access_token"]) == 401
    assert (await app.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_program_learns_who_signed_in_and_no_more(platform: Platform, app: Program):
    tokens = await app.tokens(scope="openid", nonce="n-1")
    claims = jwt.decode(tokens["id_token"], signing_key(), algorithms=["Ed25519"]).claims
    assert {name: claims[name] for name in ("iss", "sub", "aud", "nonce")} == {
        "iss": "http://gateway",
        "sub": str(ADA),
        "aud": "field-app",
        "nonce": "n-1",
    }
    assert claims["auth_time"] <= claims["iat"]
    async with platform.client("gateway") as http:
        told = await http.get("/oauth/userinfo", headers=bearer(tokens))
        as_access = await http.get("/api/v1/me", headers={"authorization": f"Bearer {tokens['id_token']}"})
        other = await http.get("/api/v1/me", headers=bearer(tokens))
    assert told.json() == {"sub": str(ADA), "name": "Ada", "locale": "en"}
    assert as_access.status_code == 401, "an ID token opens nothing"
    assert other.status_code == 403, "to know a name is not to read"


async def test_a_program_may_want_a_fresh_proof_of_who_sits_there(platform: Platform, app: Program):
    async with browser(platform) as http:
        await sign_in_at(http, "/sign-in")
        platform.travel(minutes=10)
        for changes in ({"prompt": "login"}, {"max_age": "300"}):
            page = await http.get(request_for("field-app", **changes))
            assert 'value="prove-again"' in page.text
            leads = await press(http, page, decision="prove-again")
            assert leads.headers["location"].startswith("/sign-in?return_to=")
            page = await sign_in_at(http, leads.headers["location"])
            assert 'value="allow"' in page.text
            platform.travel(minutes=10)
        page = await http.get(request_for("field-app", max_age="3600"))
        assert 'value="allow"' in page.text


async def test_the_server_describes_itself(platform: Platform):
    async with platform.client("gateway") as http:
        plain = (await http.get("/.well-known/oauth-authorization-server")).json()
        openid = (await http.get("/.well-known/openid-configuration")).json()
    assert plain == openid
    assert plain["issuer"] == "http://gateway"
    assert plain["code_challenge_methods_supported"] == ["S256"]
    async with platform.client("gateway") as http:
        for name, address in plain.items():
            if name.endswith("_endpoint") or name == "jwks_uri":
                answer = await http.get(address.removeprefix("http://gateway"))
                assert answer.status_code != 404, name


async def test_what_is_over_is_forgotten_and_what_counts_is_not(platform: Platform, app: Program):
    kept = await app.tokens()
    await app.code()
    await app.tokens(scope="read")
    platform.travel(hours=3)
    async with platform.service("gateway").database.transaction() as tx:
        await forget(tx, platform.now)
    assert len(await platform.rows("gateway", "select 1 from oauth_grants")) == 1
    assert len(await platform.rows("gateway", "select 1 from oauth_codes")) == 1
    assert (await app.refresh(kept["refresh_token"])).status_code == 200
