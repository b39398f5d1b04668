"""Who is asking: accounts, clients, tokens, and the end of a membership."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc import jwt

from shared.auth import Actor, TokenReader
from shared.contracts.gateway import AccountLocked
from shared.contracts.registry import MembershipGranted, MembershipRevoked, PersonRegistered
from shared.contracts.values import Role
from shared.errors import Unauthenticated
from shared.testing import ISSUER, START, OpenPlatform, Platform, jwks, signing_key, token

COUNTY = "999001"
OPERATOR = Actor(uuid4(), Role.OPERATOR, None, COUNTY)
ADA, BUREAU = uuid4(), uuid4()
PASSWORD = "correct horse 安全"
SECRET = "a-secret-that-a-machine-made-up-0123456789"
OPERATOR_SECRET = "the-secret-of-the-installation-0123456789"


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", county_code=COUNTY, operator_secret=OPERATOR_SECRET) as here:
        yield here


async def ada_arrives(platform: Platform, *roles: Role) -> list[UUID]:
    """Ada is registered with these memberships and has an account."""
    person = PersonRegistered(at=START, area_code=COUNTY, person_id=ADA, name="Ada", language="en")
    await platform.announce((ADA, 1, person))
    memberships = [uuid4() for _ in roles]
    for membership_id, role in zip(memberships, roles, strict=True):
        await platform.announce((membership_id, 1, _granted(platform, membership_id, role)))
        platform.travel(seconds=1)
    await platform.settle(redeliver=3)
    async with platform.client("gateway", OPERATOR) as http:
        answer = await http.put(f"/api/v1/accounts/{ADA}", json={"login": "Ada", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"person_id": str(ADA), "login": "ada", "locked_until": None}
    return memberships


def _granted(platform: Platform, membership_id: UUID, role: Role) -> MembershipGranted:
    return MembershipGranted(
        at=platform.now, area_code=COUNTY, membership_id=membership_id, person_id=ADA, party_id=BUREAU, role=role
    )


async def sign_in(platform: Platform, password: str = PASSWORD, login: str = "ada", **more: Any) -> httpx.Response:
    async with platform.client("gateway") as http:
        return await http.post("/api/v1/session", json={"login": login, "password": password, **more})


async def who_am_i(platform: Platform, access_token: str) -> httpx.Response:
    async with platform.client("gateway") as http:
        return await http.get("/api/v1/me", headers={"authorization": f"Bearer {access_token}"})


async def at_the_edge(platform: Platform, access_token: str) -> httpx.Response:
    async with platform.client("gateway") as http:
        return await http.get("/api/v1/docket", headers={"authorization": f"Bearer {access_token}"})


def reader(platform: Platform) -> TokenReader:
    return TokenReader(ISSUER, jwks(), clock=platform.clock)


async def test_a_person_signs_in_and_every_service_knows_in_which_capacity(platform: Platform):
    [membership] = await ada_arrives(platform, Role.AUTHORITY_DESK)

    session = (await sign_in(platform)).json()

    assert session["token_type"] == "Bearer"
    assert session["expires_in"] == 3600
    assert session["membership"]["id"] == str(membership)
    actor = await reader(platform).read(session["access_token"])
    assert actor == Actor(ADA, Role.AUTHORITY_DESK, BUREAU, COUNTY, "en", "Ada")
    claims = jwt.decode(session["access_token"], signing_key(), algorithms=["Ed25519"])
    assert claims.header["typ"] == "at+jwt"
    assert claims.header["kid"] == signing_key().kid
    assert claims.claims["mid"] == str(membership)
    me = (await who_am_i(platform, session["access_token"])).json()
    assert (me["id"], me["role"], me["party_id"], me["name"]) == (str(ADA), "authority.desk", str(BUREAU), "Ada")


async def test_a_person_with_two_offices_acts_in_the_one_they_choose(platform: Platform):
    desk, volunteer = await ada_arrives(platform, Role.AUTHORITY_DESK, Role.VOLUNTEER)

    first = (await sign_in(platform)).json()
    second = (await sign_in(platform, membership_id=str(volunteer))).json()

    assert [held["id"] for held in first["memberships"]] == [str(desk), str(volunteer)]
    assert (await reader(platform).read(first["access_token"])).role == Role.AUTHORITY_DESK
    assert (await reader(platform).read(second["access_token"])).role == Role.VOLUNTEER
    elsewhere = await sign_in(platform, membership_id=str(uuid4()))
    assert (elsewhere.status_code, elsewhere.json()["title"]) == (403, "no membership")


async def test_whoever_holds_no_office_is_told_so(platform: Platform):
    await ada_arrives(platform)
    answer = await sign_in(platform)
    assert answer.status_code == 403
    assert "register" in answer.json()["detail_en"]


async def test_an_unknown_login_and_a_wrong_password_get_the_same_answer(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    wrong, unknown = await sign_in(platform, "wrong password"), await sign_in(platform, login="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


async def test_guessing_locks_the_account_longer_and_longer_and_is_told_once(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    for _ in range(5):
        assert (await sign_in(platform, "a guess")).status_code == 401
    assert (await sign_in(platform)).status_code == 401, "the right password does not open a locked account"

    platform.travel(seconds=31)
    assert (await sign_in(platform, "a guess")).status_code == 401
    platform.travel(seconds=31)
    assert (await sign_in(platform)).status_code == 401, "the second lock is twice as long"
    platform.travel(seconds=30)
    assert (await sign_in(platform)).status_code == 200

    await platform.settle(redeliver=3)
    [locked] = platform.events(AccountLocked)
    assert isinstance(locked, AccountLocked)
    assert (locked.person_id, locked.area_code) == (ADA, COUNTY)
    for _ in range(4):
        assert (await sign_in(platform, "a guess")).status_code == 401
    assert (await sign_in(platform)).status_code == 200, "a right password forgets the wrong ones before it"


async def test_guesses_made_at_once_are_heard_no_more_often_than_one_by_one(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    await asyncio.gather(*(sign_in(platform, f"guess {n}") for n in range(12)))
    [account] = await platform.rows("gateway", "select failures from accounts")
    assert account["failures"] == 5
    await platform.settle()
    assert len(platform.events(AccountLocked)) == 1


async def test_a_new_password_ends_a_lock_and_the_old_one(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    for _ in range(5):
        await sign_in(platform, "a guess")
    async with platform.client("gateway", OPERATOR) as http:
        await http.put(f"/api/v1/accounts/{ADA}", json={"login": "ada", "password": "another one 2"})
    assert (await sign_in(platform)).status_code == 401
    assert (await sign_in(platform, "another one 2")).status_code == 200


async def test_a_revoked_membership_opens_no_door_though_its_token_lasts(platform: Platform):
    [membership] = await ada_arrives(platform, Role.AUTHORITY_OFFICER)
    access = (await sign_in(platform)).json()["access_token"]
    assert (await who_am_i(platform, access)).status_code == 200
    assert (await at_the_edge(platform, access)).status_code == 503, "let through, to a part that is not here"

    revoked = MembershipRevoked(
        at=platform.now,
        area_code=COUNTY,
        membership_id=membership,
        person_id=ADA,
        party_id=BUREAU,
        role=Role.AUTHORITY_OFFICER,
    )
    await platform.announce((membership, 2, revoked))
    await platform.settle(redeliver=3)
    platform.travel(seconds=1)

    refused = await who_am_i(platform, access)
    assert (refused.status_code, refused.json()["title"]) == (401, "membership ended")
    assert (await at_the_edge(platform, access)).json() == refused.json()
    assert (await sign_in(platform)).status_code == 403


async def test_a_membership_whose_role_changed_does_not_keep_the_old_one(platform: Platform):
    [membership] = await ada_arrives(platform, Role.AUTHORITY_HEAD)
    access = (await sign_in(platform)).json()["access_token"]
    await platform.announce((membership, 2, _granted(platform, membership, Role.AUTHORITY_OFFICER)))
    await platform.settle()
    assert (await who_am_i(platform, access)).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"lifetime_s": -60},
        {"iss": "somebody-else"},
        {"aud": "another-platform"},
        {"role": None, "sub": "not an id"},
    ],
    ids=["expired", "issuer", "audience", "subject"],
)
async def test_a_token_that_is_not_ours_or_not_valid_any_more_is_refused(platform: Platform, changes: dict[str, Any]):
    assert (await who_am_i(platform, token(OPERATOR, at=platform.now, **changes))).status_code == 401


async def test_a_forged_token_is_refused(platform: Platform):
    good = token(OPERATOR, at=platform.now)
    header, payload, signature = good.split(".")
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    nothing = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    claims = jwt.decode(good, signing_key(), algorithms=["Ed25519"]).claims
    wrong_type = jwt.encode({"alg": "Ed25519", "typ": "JWT"}, claims, signing_key(), algorithms=["Ed25519"])
    for forged in (f"{header}.{payload}.{flipped}", f"{nothing}.{payload}.", wrong_type, "nonsense", ""):
        assert (await who_am_i(platform, forged)).status_code == 401, forged
        with pytest.raises(Unauthenticated):
            await reader(platform).read(forged)
    assert (await who_am_i(platform, good)).status_code == 200


async def test_only_the_operator_gives_accounts_and_clients(platform: Platform):
    head = Actor(uuid4(), Role.AUTHORITY_HEAD, BUREAU, COUNTY)
    account = {"login": "eve", "password": PASSWORD}
    client = {"name": "Eve", "role": "operator", "area_code": COUNTY, "secret": SECRET}
    for actor, status in ((None, 401), (head, 403)):
        async with platform.client("gateway", actor) as http:
            assert (await http.put(f"/api/v1/accounts/{uuid4()}", json=account)).status_code == status
            assert (await http.put("/api/v1/accounts", json=[])).status_code == status
            assert (await http.put("/api/v1/clients/eve", json=client)).status_code == status
            assert (await http.put("/api/v1/clients", json=[])).status_code == status


async def test_a_login_belongs_to_one_person(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    async with platform.client("gateway", OPERATOR) as http:
        answer = await http.put(f"/api/v1/accounts/{uuid4()}", json={"login": "ADA", "password": PASSWORD})
    assert (answer.status_code, answer.json()["logins"]) == (409, ["ada"])


async def test_many_accounts_and_clients_are_given_at_once_and_again_without_harm(platform: Platform):
    people = [uuid4() for _ in range(4)]
    accounts = [{"person_id": str(p), "login": f"person-{n}", "password": PASSWORD} for n, p in enumerate(people)]
    clients = [
        {"client_id": f"agency-{n}", "name": f"Agency {n}", "role": "agency", "area_code": COUNTY, "secret": SECRET}
        for n in range(3)
    ]
    async with platform.client("gateway", OPERATOR) as http:
        for _ in range(2):
            assert len((await http.put("/api/v1/accounts", json=accounts)).json()) == 4
            assert len((await http.put("/api/v1/clients", json=clients)).json()) == 3
        assert (await http.put("/api/v1/accounts", json=accounts * 51)).status_code == 422
    assert len(await platform.rows("gateway", "select 1 from accounts")) == 4
    stored = str(await platform.rows("gateway", "select password_hash from accounts"))
    assert "argon2id" in stored
    assert PASSWORD not in stored


async def grant(platform: Platform, *, basic: tuple[str, str] | None = None, **form: str) -> httpx.Response:
    async with platform.client("gateway") as http:
        return await http.post("/oauth/token", data={"grant_type": "client_credentials", **form}, auth=basic)


async def test_an_organisations_system_gets_a_token_by_either_way_of_proving_its_secret(platform: Platform):
    agency = uuid4()
    client = {"name": "Lab", "role": "agency", "party_id": str(agency), "area_code": COUNTY, "secret": SECRET}
    async with platform.client("gateway", OPERATOR) as http:
        assert (await http.put("/api/v1/clients/safe-lab", json=client)).json()["client_id"] == "safe-lab"

    by_header = await grant(platform, basic=("safe-lab", SECRET))
    by_form = await grant(platform, client_id="safe-lab", client_secret=SECRET)

    for answer in (by_header, by_form):
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 3600)
        actor = await reader(platform).read(answer.json()["access_token"])
        assert (actor.role, actor.party_id, actor.area_code, actor.name) == ("agency", agency, COUNTY, "Lab")
        assert (await who_am_i(platform, answer.json()["access_token"])).json()["memberships"] == []


async def test_a_client_that_is_unknown_looks_like_one_with_a_wrong_secret(platform: Platform):
    unknown = await grant(platform, basic=("nobody", SECRET))
    wrong = await grant(platform, basic=("operator", SECRET))
    strange = await grant(platform, client_id="no\0body", client_secret=SECRET)
    assert unknown.status_code == wrong.status_code == strange.status_code == 401
    assert unknown.json() == wrong.json()
    assert unknown.json()["error"] == "invalid_client"
    assert unknown.headers["www-authenticate"].startswith("Basic")
    for garbage in ("Basic !!!", "Basic", "Basic /w==", "Bearer x"):
        async with platform.client("gateway") as http:
            form = {"grant_type": "client_credentials"}
            answer = await http.post("/oauth/token", data=form, headers={"authorization": garbage})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), garbage


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({}, "invalid_client"),
    ],
)
async def test_oauth_errors_are_those_of_the_standard(platform: Platform, form: dict[str, str], error: str):
    answer = await grant(platform, **form)
    assert answer.json()["error"] == error
    assert 400 <= answer.status_code < 402


async def test_the_operators_own_client_begins_an_installation(platform: Platform):
    answer = await grant(platform, basic=("operator", OPERATOR_SECRET))
    actor = await reader(platform).read(answer.json()["access_token"])
    assert (actor.role, actor.area_code) == (Role.OPERATOR, COUNTY)
    async with platform.client("gateway") as http:
        bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
        taken = {"name": "X", "role": "agency", "area_code": COUNTY, "secret": SECRET}
        assert (await http.put("/api/v1/clients/operator", json=taken, headers=bearer)).status_code == 422
        assert (await http.put("/api/v1/clients/other", json=taken, headers=bearer)).status_code == 200


async def test_the_published_keys_verify_the_tokens(platform: Platform):
    async with platform.client("gateway") as http:
        published = (await http.get("/.well-known/jwks.json")).text
        metadata = (await http.get("/.well-known/oauth-authorization-server")).json()
    assert '"d"' not in published
    access = (await grant(platform, basic=("operator", OPERATOR_SECRET))).json()["access_token"]
    assert (await TokenReader(ISSUER, published, clock=platform.clock).read(access)).role == Role.OPERATOR
    assert metadata["token_endpoint"] == "http://gateway/oauth/token"
    assert metadata["jwks_uri"] == "http://gateway/.well-known/jwks.json"
    assert "client_secret_basic" in metadata["token_endpoint_auth_methods_supported"]


async def test_attempts_from_one_address_are_limited_and_come_back_with_time(services_here: OpenPlatform):
    async with services_here("gateway", sign_ins_per_minute=3) as platform:
        statuses = [(await sign_in(platform, "a guess")).status_code for _ in range(3)]
        refused = await sign_in(platform, "a guess")
        assert statuses == [401, 401, 401]
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "20")
        assert (await grant(platform, basic=("operator", SECRET))).status_code == 429
        platform.travel(seconds=20)
        assert (await sign_in(platform, "a guess")).status_code == 401


async def test_a_token_is_good_for_an_hour(platform: Platform):
    access = (await grant(platform, basic=("operator", OPERATOR_SECRET))).json()["access_token"]
    platform.travel(minutes=59)
    assert (await who_am_i(platform, access)).status_code == 200
    platform.travel(minutes=2)
    assert (await who_am_i(platform, access)).status_code == 401
