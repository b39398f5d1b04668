"""Tokens made to deceive: each is refused with the same words, at the gateway and at a service."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from shared.auth import MAX_TOKEN, Actor, TokenReader
from shared.contracts.values import Role
from shared.errors import Unauthenticated
from shared.testing import ISSUER, START, OpenPlatform, Platform, jwks, signing_key, token

OPERATOR = Actor(uuid4(), Role.OPERATOR, None, "999001")
HEADER = {"alg": "Ed25519", "typ": "at+jwt", "kid": "test"}
THIEF = OKPKey.generate_key("Ed25519", {"kid": "thief"})
NOW = int(START.timestamp())


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**changes: Any) -> dict[str, Any]:
    good = jwt.decode(token(OPERATOR), signing_key(), algorithms=["Ed25519"]).claims
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def signed(header: dict[str, Any] | None = None, key: Any = None, **changes: Any) -> str:
    """Sign as the gateway does, but for what is changed."""
    head = {**HEADER, **(header or {})}
    algorithm = head["alg"]
    return jwt.encode(head, claims(**changes), key or signing_key(), algorithms=[algorithm])


def signed_bytes(payload: bytes, header: str | None = None) -> str:
    """Sign any bytes by our own key, under any header."""
    if header is None:
        return jws.serialize_compact(HEADER, payload, signing_key(), algorithms=["Ed25519"])
    said = f"{encoded(header.encode())}.{encoded(payload)}"
    raw: Any = signing_key().private_key
    return f"{said}.{encoded(raw.sign(said.encode()))}"


def by_the_public_key_as_a_secret() -> str:
    """Hope that the public key is taken for a shared secret (CVE-2015-9235)."""
    said = f"{encoded({**HEADER, 'alg': 'HS256'})}.{encoded(claims())}"
    public = json.dumps(signing_key().as_dict(private=False)).encode()
    return f"{said}.{encoded(hmac.new(public, said.encode(), hashlib.sha256).digest())}"


def with_signature(change: Callable[[bytes], bytes]) -> str:
    head, body, signature = token(OPERATOR).split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    return f"{head}.{body}.{encoded(change(raw))}"


def unsigned(algorithm: str) -> str:
    return f"{encoded({**HEADER, 'alg': algorithm})}.{encoded(claims())}."


def by_an_rsa_key() -> str:
    return signed({"alg": "RS256", "kid": "rsa"}, RSAKey.generate_key(2048))


GOOD_BODY = json.dumps(claims()).encode()
TWICE = GOOD_BODY[:-1] + b', "role": "operator"}'
PUBLIC_OF_THIEF = THIEF.as_dict(private=False)

HOSTILE: dict[str, Callable[[], str]] = {
    "forged": lambda: signed(key=THIEF),
    "forged under the thief's own id": lambda: signed({"kid": "thief"}, THIEF),
    "key in the header": lambda: signed({"jwk": PUBLIC_OF_THIEF}, THIEF),
    "key behind an address": lambda: signed({"jku": "https://evil.example/jwks.json", "kid": "thief"}, THIEF),
    "certificate behind an address": lambda: signed({"x5u": "https://evil.example/cert.pem", "kid": "thief"}, THIEF),
    "expired": lambda: signed(exp=NOW - 31),
    "not yet valid": lambda: signed(nbf=NOW + 31),
    "never expires": lambda: signed(exp=...),
    "expires in words": lambda: signed(exp="tomorrow"),
    "wrong audience": lambda: signed(aud="another-platform"),
    "no audience": lambda: signed(aud=...),
    "audience of odd form": lambda: signed(aud={"commonwatch": True}),
    "wrong issuer": lambda: signed(iss="https://evil.example"),
    "no issuer": lambda: signed(iss=...),
    "no subject": lambda: signed(sub=...),
    "subject that is no id": lambda: signed(sub="operator"),
    "no role": lambda: signed(role=...),
    "no algorithm": lambda: unsigned("none"),
    "no algorithm, in capitals": lambda: unsigned("NoNe"),
    "public key as a secret": by_the_public_key_as_a_secret,
    "another family of keys": by_an_rsa_key,
    "another curve": lambda: signed({"alg": "ES256"}, ECKey.generate_key("P-256")),
    "unknown key": lambda: signed({"kid": "nobody"}),
    "no key id": lambda: jwt.encode(
        {"alg": "Ed25519", "typ": "at+jwt"}, claims(), signing_key(), algorithms=["Ed25519"]
    ),
    "key id of odd form": lambda: signed_bytes(GOOD_BODY, '{"alg":"Ed25519","typ":"at+jwt","kid":["test"]}'),
    "an ID token": lambda: signed({"typ": "JWT"}),
    "type of odd form": lambda: signed_bytes(GOOD_BODY, '{"alg":"Ed25519","typ":["at+jwt"],"kid":"test"}'),
    "critical header that nobody knows": lambda: signed_bytes(
        GOOD_BODY, '{"alg":"Ed25519","typ":"at+jwt","kid":"test","crit":["exp"],"exp":1}'
    ),
    "header that says a name twice": lambda: signed_bytes(
        GOOD_BODY, '{"alg":"none","alg":"Ed25519","typ":"at+jwt","kid":"test"}'
    ),
    "claims that say a name twice": lambda: signed_bytes(TWICE),
    "claims that are a list": lambda: signed_bytes(b"[]"),
    "claims that are no JSON": lambda: signed_bytes(b"role=operator"),
    "claims without end": lambda: signed_bytes(b"[" * 4000),
    "header without end": lambda: f"{encoded(b'[' * 5000)}.e30.AA",
    "short signature": lambda: with_signature(lambda raw: raw[:-1]),
    "long signature": lambda: with_signature(lambda raw: raw + b"\0"),
    "empty signature": lambda: with_signature(lambda _: b""),
    "signature of another": lambda: with_signature(lambda raw: bytes([raw[0] ^ 1]) + raw[1:]),
    "huge": lambda: signed(name="x" * MAX_TOKEN),
    "huge and empty": lambda: "a" * 30_000,
    "two parts": lambda: token(OPERATOR).rpartition(".")[0],
    "four parts": lambda: token(OPERATOR) + ".AA",
    "not ASCII": lambda: "é" * 40,
}


@pytest.fixture
async def platform(services_here: OpenPlatform) -> AsyncIterator[Platform]:
    async with services_here("gateway", "registry") as here:
        yield here


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_token_made_to_deceive_is_refused_in_the_same_words_everywhere(platform: Platform, kind: str):
    hostile = HOSTILE[kind]()
    headers = [(b"authorization", b"Bearer " + hostile.encode("latin-1"))]
    answers = []
    for name, path in (("gateway", "/api/v1/me"), ("gateway", "/api/v1/competence"), ("registry", "/competence")):
        async with platform.client(name) as http:
            answers.append(await http.get(path, headers=headers))
    for answer in answers:
        slug = answer.json()["type"].rpartition(":")[2]
        assert (answer.status_code, slug) == (401, "invalid-token")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    reader = TokenReader(ISSUER, jwks(), clock=platform.clock)
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await reader.read(hostile)


async def test_the_same_tokens_unspoilt_are_let_in(platform: Platform):
    reader = TokenReader(ISSUER, jwks(), clock=platform.clock)
    for good in (
        signed(),
        signed(exp=NOW - 29),
        signed(nbf=NOW + 29),
        signed(aud=["other", "commonwatch"]),
        signed({"jku": "https://evil.example/jwks.json"}),
        signed_bytes(GOOD_BODY, json.dumps(HEADER)),
    ):
        assert (await reader.read(good)).role == Role.OPERATOR
