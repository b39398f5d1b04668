"""A new key signs nobody out: not here, not at a service that knew only the old ones."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from at_a_port import at_a_port

from services.gateway.identity.actions.tokens import Signer
from services.gateway.identity.domain import Capacity
from shared.auth import TokenReader
from shared.contracts.values import Role
from shared.errors import Unauthenticated, Unavailable
from shared.jwks import PublishedKeys
from shared.signing_keys import SigningKeys
from shared.testing import ISSUER, OpenPlatform, Platform

LIFETIME = timedelta(hours=1)
SPEAKER = Capacity(
    subject_id=uuid4(),
    client_id="lab",
    role=Role.AGENCY,
    party_id=None,
    area_code="999001",
    language="en",
    name="Lab",
)


class Turned:
    """A gateway whose ring a test turns, and services that read its keys over HTTP. `seconds` is their steady clock."""

    def __init__(self, platform: Platform, file: Path, url: str) -> None:
        self.platform, self.file, self.url = platform, file, url
        self.ring = SigningKeys.read(file.read_text())
        self.seconds = 0.0
        self.signer = platform.service("gateway").part(Signer)
        self.signer.ring._monotonic = lambda: self.seconds
        self.signer.ring._looked_at = 0.0

    def write(self, ring: SigningKeys) -> None:
        self.ring = ring
        self.file.write_text(ring.written())
        self.wait(3)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        self.platform.travel(seconds=seconds)

    def sign(self) -> str:
        return self.signer.sign(SPEAKER, self.platform.now)

    def service(self) -> TokenReader:
        reader = TokenReader(ISSUER, None, None, self.platform.clock)
        reader.keys = PublishedKeys(None, f"{self.url}/.well-known/jwks.json", lambda: self.seconds)
        return reader

    async def at_the_gateway(self, token: str) -> int:
        async with self.platform.client("gateway") as http:
            answer = await http.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
        return answer.status_code


@pytest.fixture
async def turned(services_here: OpenPlatform, tmp_path: Path) -> AsyncIterator[Turned]:
    file = tmp_path / "ring.json"
    file.write_text(SigningKeys.new().written())
    async with (
        services_here("gateway", signing_key=None, signing_key_file=file) as platform,
        at_a_port(platform.apps["gateway"]) as url,
    ):
        yield Turned(platform, file, url)


async def test_nobody_is_signed_out_by_a_new_key(turned: Turned):
    service = turned.service()
    old = turned.sign()
    assert (await service.read(old)).name == "Lab"

    turned.write(turned.ring.prepare(turned.platform.now))
    turned.wait(900)
    before = turned.sign()
    turned.write(turned.ring.activate(turned.platform.now, LIFETIME))
    after = turned.sign()

    fresh = turned.service()
    for token in (old, before, after):
        assert (await service.read(token)).name == "Lab", "a service that had cached the old key set"
        assert (await fresh.read(token)).name == "Lab", "and one that starts now"
        assert await turned.at_the_gateway(token) == 200
    assert {key.kid for key in turned.ring.keys} >= {turned.signer.ring.active.kid}


async def test_a_key_that_signs_without_having_been_prepared_is_known_at_the_next_question(turned: Turned):
    service = turned.service()
    await service.read(turned.sign())
    turned.wait(31)
    turned.write(turned.ring.prepare(turned.platform.now).activate(turned.platform.now, LIFETIME, at_once=True))
    assert (await service.read(turned.sign())).name == "Lab"


async def test_the_tokens_of_a_key_that_was_stolen_end_with_it(turned: Turned):
    service = turned.service()
    stolen = turned.sign()
    thief = turned.ring.active.kid
    await service.read(stolen)
    assert await turned.at_the_gateway(stolen) == 200
    turned.write(turned.ring.prepare(turned.platform.now).activate(turned.platform.now, LIFETIME, at_once=True))
    assert await turned.at_the_gateway(stolen) == 200
    turned.write(turned.ring.retire(thief, turned.platform.now, at_once=True))

    assert await turned.at_the_gateway(stolen) == 401, "remembered or not"
    turned.wait(601)
    with pytest.raises(Unauthenticated):
        await service.read(stolen)
    assert (await service.read(turned.sign())).name == "Lab"


async def test_a_former_key_verifies_nothing_once_its_last_token_is_over(turned: Turned):
    turned.write(turned.ring.prepare(turned.platform.now).activate(turned.platform.now, LIFETIME, at_once=True))
    former = turned.ring.keys[1]
    assert await turned.signer.ring.find(former.kid) is not None
    turned.wait(LIFETIME.total_seconds() + 600)
    assert await turned.signer.ring.find(former.kid) is None
    async with httpx.AsyncClient(trust_env=False) as http:
        published = (await http.get(f"{turned.url}/.well-known/jwks.json")).json()
    assert [key["kid"] for key in published["keys"]] == [turned.ring.active.kid]


async def test_a_ring_that_was_written_badly_leaves_the_old_one_at_work(turned: Turned):
    before = turned.sign()
    for damage in ("", "{}", "nonsense"):
        turned.file.write_text(damage)
        turned.wait(3)
        assert await turned.at_the_gateway(before) == 200
        assert turned.signer.ring.active.kid == turned.ring.active.kid
    turned.file.unlink()
    turned.wait(3)
    assert await turned.at_the_gateway(turned.sign()) == 200


class Outage:
    """Counts the questions that the issuer is asked, and lets it be away."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch, turned: Turned) -> Outage:
    outage = Outage()
    real = httpx.AsyncClient.get

    async def get(self: httpx.AsyncClient, url: str, **options: object) -> httpx.Response:
        if not str(url).endswith("jwks.json"):
            return await real(self, url, **options)
        outage.asked += 1
        if outage.away:
            raise httpx.ConnectError("away")
        return await real(self, url, **options)

    monkeypatch.setattr(httpx.AsyncClient, "get", get)
    return outage


async def test_an_issuer_that_is_away_is_outlived_for_an_hour_and_then_told(turned: Turned, issuer: Outage):
    service = turned.service()
    await service.read(turned.sign())
    issuer.away = True
    turned.wait(3500)
    assert (await service.read(turned.sign())).name == "Lab"
    turned.wait(101)
    token = turned.sign()
    with pytest.raises(Unavailable) as told:
        await service.read(token)
    assert told.value.slug == "sign-in-unavailable"
    issuer.away = False
    turned.wait(31)
    assert (await service.read(token)).name == "Lab"


async def test_a_service_that_never_had_keys_says_that_it_cannot_check(turned: Turned, issuer: Outage):
    issuer.away = True
    service, token = turned.service(), turned.sign()
    for _ in range(3):
        with pytest.raises(Unavailable):
            await service.read(token)
    assert issuer.asked == 1, "not once for each request"
    issuer.away = False
    turned.wait(1)
    assert (await service.read(token)).name == "Lab"


async def test_keys_that_nobody_knows_are_asked_for_once_in_thirty_seconds(turned: Turned, issuer: Outage):
    service = turned.service()
    forged = SigningKeys.new()
    stranger = Signer(_Ring(forged), ISSUER, 3600).sign(SPEAKER, turned.platform.now)
    outcomes = await asyncio.gather(*(service.read(stranger) for _ in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Unauthenticated}
    assert issuer.asked == 1, "twenty requests, one question"
    turned.wait(29)
    with pytest.raises(Unauthenticated):
        await service.read(stranger)
    assert issuer.asked == 1
    turned.wait(2)
    with pytest.raises(Unauthenticated):
        await service.read(stranger)
    assert issuer.asked == 2


class _Ring:
    def __init__(self, ring: SigningKeys) -> None:
        self.active = ring.active
