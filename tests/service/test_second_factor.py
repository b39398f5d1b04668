"""The second factor at the API: when it is asked for, what opens, how often one may guess, how a lost one is helped."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from identity_stage import ADA, COUNTY, OPERATOR, PASSWORD, ada_arrives, ada_enrols, said, sign_in

from services.gateway.identity.actions.factors import SecondFactors
from services.gateway.identity.vault import FactorVault
from shared.auth import Actor
from shared.contracts.gateway import AccountLocked
from shared.contracts.values import Role
from shared.testing import OpenPlatform, Platform


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", county_code=COUNTY) as here:
        yield here


async def test_an_account_with_a_second_factor_opens_with_both_only(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    phone, _ = await ada_enrols(platform)

    assert said(await sign_in(platform)) == (401, "second-factor-needed")
    assert said(await sign_in(platform, code="000000")) == (401, "wrong-code")
    assert said(await sign_in(platform, "wrong", code=phone.at(platform.now))) == (401, "wrong-login")
    assert (await sign_in(platform, code=phone.at(platform.now))).status_code == 200


@pytest.mark.parametrize(("seconds", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
async def test_a_phone_may_be_one_step_slow_or_fast(platform: Platform, seconds: int, opens: bool):
    await ada_arrives(platform, Role.VOLUNTEER)
    phone, _ = await ada_enrols(platform)
    platform.travel(minutes=5)
    code = phone.at(int(platform.now.timestamp()) + seconds)
    assert (await sign_in(platform, code=code)).is_success is opens


async def test_a_code_that_was_used_and_those_before_it_open_nothing(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    phone, _ = await ada_enrols(platform)
    before, code = phone.at(int(platform.now.timestamp()) - 30), phone.at(platform.now)
    assert said(await sign_in(platform, code=before)) == (401, "wrong-code"), "it was used to set the phone up"
    assert (await sign_in(platform, code=f" {code[:3]} {code[3:]} ")).status_code == 200
    assert said(await sign_in(platform, code=code)) == (401, "wrong-code")
    platform.travel(seconds=30)
    assert (await sign_in(platform, code=phone.at(platform.now))).status_code == 200


async def test_of_many_who_send_one_code_at_once_one_gets_in(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    phone, codes = await ada_enrols(platform)
    for code in (phone.at(platform.now), codes[0]):
        answers = await asyncio.gather(*(sign_in(platform, code=code) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_each_recovery_code_opens_once_however_it_is_written(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    _, codes = await ada_enrols(platform)
    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {16}
    written = f"{codes[0][:4]}-{codes[0][4:8]} {codes[0][8:12]}-{codes[0][12:]}".lower()
    misread = codes[1].replace("O", "0").replace("I", "1").replace("B", "8")
    for code in (written, misread):
        assert (await sign_in(platform, code=code)).status_code == 200
        assert said(await sign_in(platform, code=code)) == (401, "wrong-code")
    kept = str(await platform.rows("gateway", "select * from recovery_codes"))
    assert kept.count("digest") == 8
    assert not [code for code in codes if code in kept]


async def test_wrong_codes_lock_the_account_like_wrong_passwords_and_a_right_password_does_not_forget_them(
    platform: Platform,
):
    await ada_arrives(platform, Role.VOLUNTEER)
    phone, codes = await ada_enrols(platform)
    for guess in ("111111", "222222"):
        assert said(await sign_in(platform, code=guess)) == (401, "wrong-code")
    assert said(await sign_in(platform)) == (401, "second-factor-needed")
    assert said(await sign_in(platform, "wrong")) == (401, "wrong-login")
    assert said(await sign_in(platform, code="AAAA AAAA AAAA AAAA")) == (401, "wrong-code")
    assert said(await sign_in(platform, code="333333")) == (401, "wrong-code")

    assert said(await sign_in(platform, code=phone.at(platform.now))) == (401, "wrong-login"), "five: it rests"
    assert said(await sign_in(platform, code=codes[0])) == (401, "wrong-login")
    await platform.settle()
    assert len(platform.events(AccountLocked)) == 1
    platform.travel(seconds=31)
    assert (await sign_in(platform, code=phone.at(platform.now))).status_code == 200
    [account] = await platform.rows("gateway", "select failures from accounts")
    assert account["failures"] == 0


async def test_an_office_that_needs_a_second_factor_opens_to_no_program_before_it_is_set_up(
    services_here: OpenPlatform,
):
    async with services_here("gateway", county_code=COUNTY, second_factor_required=True) as platform:
        await ada_arrives(platform, Role.VOLUNTEER, Role.AUTHORITY_DESK)
        assert said(await sign_in(platform)) == (403, "second-factor-not-set-up")
        phone, _ = await ada_enrols(platform)
        assert (await sign_in(platform, code=phone.at(platform.now))).status_code == 200


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (Role.AUTHORITY, True),
        (Role.AUTHORITY_DESK, True),
        (Role.AUTHORITY_OFFICER, True),
        (Role.AUTHORITY_HEAD, True),
        (Role.COMMITTEE, True),
        (Role.OPERATOR, True),
        (Role.AUDITOR, True),
        (Role.TOWNSHIP, False),
        (Role.ENTERPRISE_PRINCIPAL, False),
        (Role.VOLUNTEER, False),
    ],
)
async def test_the_settings_say_whose_office_needs_one(services_here: OpenPlatform, role: Role, asked: bool):
    async with services_here("gateway", county_code=COUNTY, second_factor_required=True) as platform:
        await ada_arrives(platform, role)
        assert (await sign_in(platform)).status_code == (403 if asked else 200)


async def test_the_operator_takes_away_a_lost_factor_and_nobody_else_may(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    await ada_enrols(platform)
    head = Actor(uuid4(), Role.AUTHORITY_HEAD, uuid4(), COUNTY)
    for actor, status in ((None, 401), (head, 403), (OPERATOR, 204)):
        assert said(await sign_in(platform)) == (401, "second-factor-needed")
        async with platform.client("gateway", actor) as http:
            answer = await http.delete(f"/api/v1/accounts/{ADA}/second-factor")
        assert answer.status_code == status
    assert (await sign_in(platform)).status_code == 200
    assert await platform.rows("gateway", "select 1 from recovery_codes") == []


async def test_a_stolen_table_holds_no_secret_that_another_row_or_key_could_open(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    phone, _ = await ada_enrols(platform)
    [row] = await platform.rows("gateway", "select * from second_factors")
    assert phone.secret.encode() not in row["sealed"]
    vault = platform.service("gateway").part(SecondFactors).vault
    assert vault.open(row["id"], row["key_version"], row["sealed"]) == phone.secret
    flipped = bytes([row["sealed"][0] ^ 1]) + row["sealed"][1:]
    for opener, where in (
        (vault, (uuid4(), 1, row["sealed"])),
        (vault, (row["id"], 2, row["sealed"])),
        (vault, (row["id"], 1, flipped)),
        (FactorVault("B" * 43), (row["id"], 1, row["sealed"])),
    ):
        with pytest.raises(InvalidTag):
            opener.open(*where)


async def test_a_new_password_from_the_operator_leaves_the_second_factor(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    await ada_enrols(platform)
    async with platform.client("gateway", OPERATOR) as http:
        await http.put(f"/api/v1/accounts/{ADA}", json={"login": "ada", "password": PASSWORD})
    assert said(await sign_in(platform)) == (401, "second-factor-needed")


async def test_the_operator_finds_an_account_by_its_login_and_nobody_else_does(platform: Platform):
    await ada_arrives(platform, Role.VOLUNTEER)
    for actor, status in ((None, 401), (Actor(ADA, Role.VOLUNTEER, None, COUNTY), 403), (OPERATOR, 200)):
        async with platform.client("gateway", actor) as http:
            assert (await http.get("/api/v1/accounts", params={"login": "ADA"})).status_code == status
    async with platform.client("gateway", OPERATOR) as http:
        [found] = (await http.get("/api/v1/accounts", params={"login": "ADA"})).json()
        assert (found["person_id"], found["locked_until"]) == (str(ADA), None)
        assert (await http.get("/api/v1/accounts", params={"login": "nobody"})).json() == []
        assert (await http.get("/api/v1/accounts")).status_code == 422
