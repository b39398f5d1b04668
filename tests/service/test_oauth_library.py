"""A client library that others wrote signs in here, over real HTTP, knowing nothing but our address."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from at_a_port import at_a_port
from authlib.integrations.httpx_client import AsyncOAuth2Client
from identity_stage import COUNTY, PASSWORD, ada_arrives
from joserfc import jwt
from joserfc.jwk import KeySet
from oauth_stage import PROGRAM, SECRET, answer_in, fields, register, status_of

from services.gateway.identity.api.visitors import PublicAddress
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform

BACK = "http://127.0.0.1:51004/cb"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", county_code=COUNTY, sign_ins_per_minute=1000) as here:
        await ada_arrives(here, Role.AUTHORITY_OFFICER)
        yield here


@pytest.fixture
async def url(platform: Platform) -> AsyncIterator[str]:
    async with at_a_port(platform.apps["gateway"]) as url:
        service = platform.service("gateway")
        service.parts[PublicAddress] = PublicAddress(url)
        yield url


async def described(url: str, at: str = "/.well-known/openid-configuration") -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False) as http:
        document: dict[str, Any] = (await http.get(url + at)).json()
    assert document.get("issuer", url) == url
    return document


async def at_the_browser(address: str) -> str:
    """Be Ada: open the address, sign in by the forms that are shown, allow it; give where that leads."""
    async with httpx.AsyncClient(trust_env=False, headers={"accept-language": "en"}) as http:
        page = await http.get(address, follow_redirects=True)
        origin = {"origin": f"{page.url.scheme}://{page.url.netloc.decode()}", "sec-fetch-site": "same-origin"}
        for typed in ({"login": "ada", "password": PASSWORD}, {"decision": "allow"}):
            action, hidden = fields(page)
            page = await http.post(str(page.url.join(action)), data={**hidden, **typed}, headers=origin)
            while page.is_redirect and not page.headers["location"].startswith(BACK):
                page = await http.get(str(page.url.join(page.headers["location"])))
    assert page.is_redirect, re.sub(r"\s+", " ", page.text)
    return page.headers["location"]


@pytest.mark.parametrize(
    ("method", "facts"),
    [
        ("none", PROGRAM | {"kind": "public"}),
        ("client_secret_basic", PROGRAM | {"secret": SECRET}),
        ("client_secret_post", PROGRAM | {"secret": SECRET}),
    ],
)
async def test_a_library_signs_in_by_code_and_pkce_goes_on_and_gives_up(
    platform: Platform, url: str, method: str, facts: dict[str, Any]
):
    assert (await register(platform, "library", **facts)).status_code == 200
    metadata = await described(url)
    secret = facts.get("secret")
    async with AsyncOAuth2Client(
        "library",
        secret,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        scope="openid read offline_access",
        redirect_uri=BACK,
        code_challenge_method="S256",
        trust_env=False,
    ) as library:
        address, state = library.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=VERIFIER, nonce="n-0"
        )
        led_to = await at_the_browser(address)
        assert answer_in(led_to)["state"] == state
        assert answer_in(led_to)["iss"] == metadata["issuer"]
        tokens = await library.fetch_token(
            metadata["token_endpoint"], authorization_response=led_to, code_verifier=VERIFIER
        )

        keys = KeySet.import_key_set(await described(metadata["jwks_uri"], at=""))
        identity = jwt.decode(tokens["id_token"], keys, algorithms=metadata["id_token_signing_alg_values_supported"])
        assert (identity.claims["iss"], identity.claims["aud"], identity.claims["nonce"]) == (url, "library", "n-0")
        assert (await library.get(metadata["userinfo_endpoint"])).json()["name"] == "Ada"
        assert (await library.get(f"{url}/api/v1/me")).json()["role"] == Role.AUTHORITY_OFFICER

        first = dict(tokens)
        second = dict(await library.refresh_token(metadata["token_endpoint"]))
        assert second["refresh_token"] != first["refresh_token"]
        assert (await library.get(f"{url}/api/v1/me")).status_code == 200

        assert (await library.revoke_token(metadata["revocation_endpoint"], second["refresh_token"])).status_code == 200
        platform.travel(seconds=1)
        for ended in (first, second):
            assert await status_of(platform, ended["access_token"]) == 401


async def test_a_library_whose_refresh_token_was_stolen_is_signed_out_with_the_thief(platform: Platform, url: str):
    await register(platform, "library", **PROGRAM | {"kind": "public"})
    metadata = await described(url)
    async with AsyncOAuth2Client(
        "library",
        token_endpoint_auth_method="none",
        scope="read offline_access",
        redirect_uri=BACK,
        code_challenge_method="S256",
        trust_env=False,
    ) as library:
        address, _ = library.create_authorization_url(metadata["authorization_endpoint"], code_verifier=VERIFIER)
        led_to = await at_the_browser(address)
        tokens = await library.fetch_token(
            metadata["token_endpoint"], authorization_response=led_to, code_verifier=VERIFIER
        )
        stolen = tokens["refresh_token"]
        following = (await library.refresh_token(metadata["token_endpoint"]))["refresh_token"]
        platform.travel(seconds=11)
        for token in (stolen, following):
            with pytest.raises(Exception, match="invalid_grant"):
                await library.refresh_token(metadata["token_endpoint"], refresh_token=token)


async def test_a_library_signs_in_for_an_organisation_and_asks_about_tokens(platform: Platform, url: str):
    lab = {"name": "Lab", "role": "agency", "area_code": COUNTY, "secret": SECRET}
    await register(platform, "lab", **lab, scopes=["read", "write", "introspect"])
    metadata = await described(url)
    async with AsyncOAuth2Client("lab", SECRET, scope="read", trust_env=False) as library:
        tokens = await library.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
        assert tokens["scope"] == "read"
        assert (await library.get(f"{url}/api/v1/me")).json()["role"] == Role.AGENCY
        known = await library.introspect_token(metadata["introspection_endpoint"], tokens["access_token"])
        assert known.json()["active"] is True
        assert (await library.introspect_token(metadata["introspection_endpoint"], "x")).json() == {"active": False}
