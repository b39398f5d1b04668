"""What it costs to know who asks; without it a slow check would be paid by every request of every service."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import uuid4

from figures import Figure
from joserfc import jwt
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from shared.auth import AUDIENCE, TYPE, TokenReader

NAMES = ("edge.token_check", "edge.token_known")
GOAL_MS = 0.3
ISSUER = "commonwatch"


async def tokens(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Check tokens that were never seen, and the same again; the floor is the bare Ed25519 verification of each."""
    rounds, many = (3, 300) if quick else (9, 1000)
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    public = json.dumps({"keys": [key.as_dict(private=False)]})
    unseen, known, floors = list[float](), list[float](), list[float]()
    for _ in range(rounds):
        signed = [_signed(key) for _ in range(many)]
        reader = TokenReader(ISSUER, public)
        floors.append(_bare(key, signed))
        unseen.append(await _each_ms(reader.read, signed))
        known.append(await _each_ms(reader.read, signed))
    floor = median(floors)
    for name, values, what in (
        ("edge.token_check", unseen, "each token seen for the first time"),
        ("edge.token_known", known, "each token seen before"),
    ):
        if name in wanted:
            value = median(values)
            said = (
                f"{rounds} rounds of {many}, {min(values):.4f} to {max(values):.4f} ms; {what}; Ed25519, one process, "
                "no database; floor: the signature alone, by the same library for keys"
            )
            yield Figure(name, value, "ms", f"≤ {GOAL_MS:g} ms", value <= GOAL_MS, floor, value / floor, said)


def _signed(key: OKPKey) -> str:
    issued = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": str(uuid4()), "iat": issued, "exp": issued + 3600, "jti": uuid4().hex,
        "client_id": "commonwatch", "role": "authority.officer", "party": str(uuid4()), "area": "990901",
        "lang": "zh", "name": "李明", "mid": str(uuid4()),
    }  # fmt: skip
    return jwt.encode({"alg": "Ed25519", "typ": TYPE, "kid": key.kid}, claims, key, algorithms=["Ed25519"])


def _bare(key: OKPKey, signed: list[str]) -> float:
    """Measure the verification of signatures without anything around it, in ms."""
    verify = key.public_key.verify
    pairs = [
        (urlsafe_b64decode(token.rpartition(".")[2].encode()), token.rpartition(".")[0].encode()) for token in signed
    ]
    began = perf_counter()
    for signature, said in pairs:
        verify(signature, said)
    return (perf_counter() - began) * 1000 / len(pairs)


async def _each_ms(read: Callable[[str], Awaitable[object]], signed: list[str]) -> float:
    began = perf_counter()
    for token in signed:
        await read(token)
    return (perf_counter() - began) * 1000 / len(signed)
