"""A draw that anybody can repeat (domain reference §7.2); without it a sample could be chosen and called a draw. Pure.

1. The list is frozen; its canonical JSON is hashed. 2. A secret is fixed and only its hash published. 3. Afterwards
somebody else names a public value. Secret, value, campaign and list make the seed. 4. Each entry's lot is the HMAC of
its id under the seed; within a stratum the highest lots are drawn. All have the same chance, so that the weights of
§7.2 are one and no logarithm is needed: the draw is exact on every machine.
"""

import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from uuid import UUID

from shared.errors import BadInput

_EXACT = 9
"""Digits after which a share of a whole is rounded before it is rounded up: 0.1 of 30 is 3 and not 4."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One candidate, and the stratum in which it is drawn."""

    id: UUID
    stratum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """All that a draw depends on."""

    campaign_id: UUID
    list_hash: str
    secret: str
    public_value: str

    @property
    def seed(self) -> str:
        told = "\n".join((self.secret, self.public_value, str(self.campaign_id), self.list_hash))
        return sha256(told.encode()).hexdigest()


def canonical(entries: Collection[Entry]) -> str:
    """Write the list in the one way in which it is hashed: by id, without spaces."""
    ordered = sorted(entries, key=lambda entry: str(entry.id))
    return json.dumps([[str(entry.id), entry.stratum] for entry in ordered], separators=(",", ":"))


def hash_of(entries: Collection[Entry]) -> str:
    return sha256(canonical(entries).encode()).hexdigest()


def commitment_to(secret: str) -> str:
    """Give what is published of a secret before the draw: it binds, and tells nothing."""
    return sha256(secret.encode()).hexdigest()


def size_of(share: float, among: int) -> int:
    """Say how many are drawn: at least the share, so rounded up."""
    return min(among, ceil(round(share * among, _EXACT)))


def draw(entries: Collection[Entry], shares: Mapping[str, float], seed: str) -> list[Entry]:
    """Give the sample, in the order of the lots; the same list, shares and seed always give the same."""
    key = bytes.fromhex(seed)
    lots = {entry: hmac.digest(key, str(entry.id).encode(), "sha256") for entry in entries}
    drawn: list[Entry] = []
    for stratum in sorted({entry.stratum for entry in entries}):
        theirs = sorted((entry for entry in entries if entry.stratum == stratum), key=lots.__getitem__, reverse=True)
        drawn += theirs[: size_of(shares[stratum], len(theirs))]
    return drawn


def share_of_the_general(asked: float | None, least: float) -> float:
    """Give the share of general hazards that is drawn: the profile's, or more."""
    if asked is None or asked >= least:
        return least if asked is None else asked
    raise BadInput(
        "sample-too-small",
        f"At least {least:g} of the general hazards are looked at again.",
        f"一般隐患抽查比例不得低于 {least:g}。",
        least=least,
    )
