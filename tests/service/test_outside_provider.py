"""Signing in by the county's own OpenID Connect provider: what is believed, what is not, and what when it is away."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from identity_stage import (
    ADA,
    COUNTY,
    OPERATOR,
    PASSWORD,
    ada_arrives,
    ada_enrols,
    browser,
    enter,
    is_inside,
    send,
)
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from provider_stage import CLIENT, SECRET, Claims, CountyProvider, at_the_provider, county_provider, query_of

from services.gateway.identity import clients
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform


@dataclass
class Place:
    platform: Platform
    provider: CountyProvider


@pytest.fixture
async def place(services_here: OpenPlatform) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(county_provider())
        settings = {
            "county_code": COUNTY,
            "sign_ins_per_minute": 1000,
            "provider_issuer": provider.url,
            "provider_client_id": CLIENT,
            "provider_client_secret": SECRET,
            "provider_name_en": "County Sign-on",
            "provider_name_zh": "县统一身份",
        }
        platform = await stack.enter_async_context(services_here("gateway", **settings))
        platform.now = datetime.now(UTC)
        yield Place(platform, provider)


async def link_ada(place: Place, subject: str = "sub-of-ada.l") -> httpx.Response:
    async with place.platform.client("gateway", OPERATOR) as http:
        linked = {"issuer": place.provider.url, "subject": subject}
        return await http.put(f"/api/v1/accounts/{ADA}/external-identity", json=linked)


async def leave_for(http: httpx.AsyncClient, back: str = "") -> str:
    """Choose the outside sign-in; give the address that the browser is sent to."""
    page = await http.get("/sign-in", params={"return_to": back} if back else {})
    link = page.text.split('href="/sign-in/provider')[1].split('"')[0].replace("&amp;", "&")
    answer = await http.get(f"/sign-in/provider{link}")
    assert answer.status_code == 303, answer.text
    address: str = answer.headers["location"]
    return address


async def test_a_linked_person_signs_in_without_a_password_and_returns_to_where_they_were(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    assert (await link_ada(place)).status_code == 204
    async with browser(place.platform) as http:
        address = await leave_for(http, "/api/docs")
        asked = query_of(address)
        assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid")
        assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
        before = http.cookies["commonwatch"]
        arrived = await http.get(await at_the_provider(address))
        assert arrived.headers["location"] == "/sign-in?return_to=%2Fapi%2Fdocs"
        assert (await http.get(arrived.headers["location"])).headers["location"] == "/api/docs"
        assert http.cookies["commonwatch"] != before
        assert await is_inside(http)
        kept = str(await place.platform.rows("gateway", "select * from provider_attempts"))
        assert kept == "[]"


async def test_the_page_names_the_provider_in_both_languages_and_only_where_there_is_one(
    place: Place, services_here: OpenPlatform
):
    async with browser(place.platform) as http:
        assert "Sign in with County Sign-on" in (await http.get("/sign-in")).text
        assert "使用县统一身份登录" in (await http.get("/sign-in?lang=zh")).text
    async with services_here("gateway") as other, browser(other) as http:
        assert "/sign-in/provider" not in (await http.get("/sign-in")).text
        assert (await http.get("/sign-in/provider")).status_code == 404


async def test_nobody_gets_an_account_by_being_known_elsewhere(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    async with browser(place.platform) as http:
        refused = await http.get(await at_the_provider(await leave_for(http)))
        assert (refused.status_code, "link it on your account page" in refused.text) == (403, True)
        assert not await is_inside(http)
    assert len(await place.platform.rows("gateway", "select 1 from accounts")) == 1


async def test_the_second_step_of_the_account_is_asked_for_all_the_same(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    phone, _ = await ada_enrols(place.platform)
    async with browser(place.platform) as http:
        await http.get(await at_the_provider(await leave_for(http)))
        assert not await is_inside(http)
        await send(http, await http.get("/sign-in"), "/sign-in/code", code=phone.at(place.platform.now))
        assert await is_inside(http)


async def test_a_person_links_and_unlinks_their_own_identity_with_their_password(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    async with browser(place.platform) as http:
        await enter(http)
        account = await http.get("/account")
        assert (await send(http, account, "/account/provider", password="a guess")).status_code == 401
        page = await send(http, account, "/account/provider", password=PASSWORD)
        address = page.text.split(f'href="{place.provider.url}')[1].split('"')[0].replace("&amp;", "&")
        await http.get(await at_the_provider(place.provider.url + address))
        assert "You can sign in by it." in (await http.get("/account")).text
    async with browser(place.platform) as http:
        await http.get(await at_the_provider(await leave_for(http)))
        assert await is_inside(http)
        await send(http, await http.get("/account"), "/account/provider/unlink")
    async with browser(place.platform) as http:
        assert (await http.get(await at_the_provider(await leave_for(http)))).status_code == 403


async def test_a_link_that_was_begun_for_one_account_never_ends_at_another(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    async with browser(place.platform) as ada, browser(place.platform) as eve:
        await enter(ada)
        page = await send(ada, await ada.get("/account"), "/account/provider", password=PASSWORD)
        address = place.provider.url + page.text.split(f'href="{place.provider.url}')[1].split('"')[0]
        place.provider.sits_there = "eve.m"
        back = await at_the_provider(address.replace("&amp;", "&"))
        assert (await eve.get(back)).status_code == 403, "another browser"
        assert (await ada.get(back)).status_code == 303
        await send(ada, await ada.get("/account"), "/account/sign-ins/end")
        assert not await is_inside(ada)


async def test_an_identity_belongs_to_one_person_and_only_the_operator_links_others(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    assert (await link_ada(place)).status_code == 204
    assert (await link_ada(place)).status_code == 204, "sending the same again is safe"
    async with place.platform.client("gateway", OPERATOR) as http:
        other = "00000000-0000-4000-8000-000000000001"
        await http.put(f"/api/v1/accounts/{other}", json={"login": "eve", "password": PASSWORD})
        linked = {"issuer": place.provider.url, "subject": "sub-of-ada.l"}
        assert (await http.put(f"/api/v1/accounts/{other}/external-identity", json=linked)).status_code == 409
        nobody = "00000000-0000-4000-8000-000000000002"
        assert (await http.put(f"/api/v1/accounts/{nobody}/external-identity", json=linked)).status_code == 404
        assert (await http.delete(f"/api/v1/accounts/{ADA}/external-identity")).status_code == 204
    async with place.platform.client("gateway") as http:
        assert (await http.put(f"/api/v1/accounts/{ADA}/external-identity", json=linked)).status_code == 401


async def test_an_answer_is_good_once_and_only_in_the_browser_that_was_sent(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    async with browser(place.platform) as ada, browser(place.platform) as eve:
        back = await at_the_provider(await leave_for(ada))
        await leave_for(eve)
        assert (await eve.get(back)).status_code == 403
        assert not await is_inside(eve)
        assert (await ada.get(back)).status_code == 303
        assert await is_inside(ada)
        assert (await ada.get(back)).status_code == 403, "replayed"
        late = await at_the_provider(await leave_for(eve))
        place.platform.travel(minutes=11)
        assert (await eve.get(late)).status_code == 403, "away for too long"
        for strange in ("?", "?state=x&code=y", "?error=access_denied", "?code=y"):
            assert (await ada.get(f"/sign-in/provider/callback{strange}")).status_code == 403


async def test_a_code_that_was_made_for_another_browser_is_refused_by_the_provider_itself(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    async with browser(place.platform) as ada, browser(place.platform) as eve:
        stolen = query_of(await at_the_provider(await leave_for(ada)))["code"]
        own = query_of(await at_the_provider(await leave_for(eve)))
        injected = httpx.QueryParams({**own, "code": stolen})
        assert (await eve.get(f"/sign-in/provider/callback?{injected}")).status_code == 403
        assert not await is_inside(eve)


async def test_an_answer_of_another_provider_is_a_mix_up(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    for issuer, status in (("https://other.example", 403), (place.provider.url, 303)):
        place.provider.extra = {"iss": issuer}
        async with browser(place.platform) as http:
            assert (await http.get(await at_the_provider(await leave_for(http)))).status_code == status
            assert await is_inside(http) is (status == 303)


def signed_anew(provider: CountyProvider, header: dict[str, Any] | None = None, **changes: Any) -> None:
    """Let the provider answer with an ID token that it signed with other claims; None takes a claim away."""

    def meddle(answer: Claims) -> Claims:
        key = RSAKey.import_key(provider.op.signing_key.key.export_key())
        claims = {**jwt.decode(answer["id_token"], key, algorithms=["RS256"]).claims, **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        made = {"alg": "RS256", "kid": "first", **(header or {})}
        if made["alg"] == "none":
            return {**answer, "id_token": f"{_packed(made)}.{_packed(claims)}."}
        signing = OctKey.import_key(json.dumps(provider.op.jwks["keys"][0]).encode()) if made["alg"] == "HS256" else key
        return {**answer, "id_token": jwt.encode(made, claims, signing, algorithms=[made["alg"]])}

    provider.meddle = meddle


def _packed(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


FORGED: dict[str, Callable[[CountyProvider], object]] = {
    "issuer": lambda p: signed_anew(p, iss="https://other.example"),
    "audience": lambda p: signed_anew(p, aud="another-client"),
    "audiences without azp": lambda p: signed_anew(p, aud=[CLIENT, "another-client"]),
    "azp of another": lambda p: signed_anew(p, azp="another-client"),
    "expired": lambda p: signed_anew(p, exp=int(datetime.now(UTC).timestamp()) - 120),
    "no expiry": lambda p: signed_anew(p, exp=None),
    "nonce of another": lambda p: signed_anew(p, nonce="another"),
    "no nonce": lambda p: signed_anew(p, nonce=None),
    "no subject": lambda p: signed_anew(p, sub=None),
    "no signature": lambda p: signed_anew(p, {"alg": "none"}),
    "signed with the public key as a secret": lambda p: signed_anew(p, {"alg": "HS256"}),
    "unknown key": lambda p: signed_anew(p, {"kid": "never-published"}),
    "no token": lambda p: setattr(p, "meddle", lambda answer: {**answer, "id_token": None}),
    "not a token": lambda p: setattr(p, "meddle", lambda answer: {**answer, "id_token": "a.b.c"}),
    "not an object": lambda p: setattr(p, "meddle", lambda _: ["id_token"]),
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_an_id_token_that_is_not_exactly_ours_opens_nothing(place: Place, forgery: str):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    FORGED[forgery](place.provider)
    async with browser(place.platform) as http:
        refused = await http.get(await at_the_provider(await leave_for(http)))
        assert refused.status_code == 403
        assert "Begin again" in refused.text
        assert not await is_inside(http)


async def test_what_the_forgeries_change_is_believed_when_it_is_right(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    signed_anew(place.provider, aud=[CLIENT, "another-client"], azp=CLIENT)
    async with browser(place.platform) as http:
        await http.get(await at_the_provider(await leave_for(http)))
        assert await is_inside(http)


async def test_the_provider_changes_its_keys_and_nobody_notices(place: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clients, "RETRY_S", 0.0)
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    for turn in (1, 2):
        async with browser(place.platform) as http:
            await http.get(await at_the_provider(await leave_for(http)))
            assert await is_inside(http), turn
        place.provider.rotate()
    assert place.provider.asked.count("/keys") == 2


async def test_a_token_with_an_unknown_key_makes_us_ask_no_more_than_now_and_then(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    signed_anew(place.provider, {"kid": "never-published"})
    for _ in range(3):
        async with browser(place.platform) as http:
            assert (await http.get(await at_the_provider(await leave_for(http)))).status_code == 403
    assert place.provider.asked.count("/keys") == 1


async def test_a_provider_that_is_away_is_told_and_the_password_still_works(place: Place):
    await ada_arrives(place.platform, Role.VOLUNTEER)
    await link_ada(place)
    async with browser(place.platform) as http:
        place.provider.up = False
        away = await http.get("/sign-in/provider")
        assert (away.status_code, "Sign in with your password" in away.text) == (503, True)
        place.provider.up = True
        back = await at_the_provider(await leave_for(http))
        place.provider.up = False
        assert (await http.get(back)).status_code == 503
        await enter(http)
        assert await is_inside(http)


async def test_a_provider_that_describes_another_one_is_not_used(place: Place):
    place.provider.op.configuration_information["issuer"] = "https://other.example"
    async with browser(place.platform) as http:
        assert (await http.get("/sign-in/provider")).status_code == 503


async def test_an_endpoint_without_encryption_gets_no_secret(place: Place):
    place.provider.op.configuration_information["token_endpoint"] = "http://other.example/token"
    async with browser(place.platform) as http:
        assert (await http.get("/sign-in/provider")).status_code == 503


async def test_the_claim_that_names_the_person_is_a_setting(place: Place, services_here: OpenPlatform):
    settings: dict[str, Any] = {
        "county_code": COUNTY,
        "provider_issuer": place.provider.url,
        "provider_client_id": CLIENT,
        "provider_client_secret": SECRET,
        "provider_claim": "preferred_username",
    }
    async with services_here("gateway", **settings) as platform:
        platform.now = datetime.now(UTC)
        other = Place(platform, place.provider)
        await ada_arrives(platform, Role.VOLUNTEER)
        await link_ada(other, "ada.l")
        async with browser(platform) as http:
            await http.get(await at_the_provider(await leave_for(http)))
            assert await is_inside(http)
