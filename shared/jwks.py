"""Where a reader of tokens finds public keys; without it a rotated key would sign everybody out."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from shared.errors import Unavailable
from shared.observe import logger

MAX_AGE_S = 600.0
RETRY_S = 30.0
"""At most so often keys are fetched for a key id that is not known, or from an issuer that did not answer."""
FIRST_RETRY_S = 1.0
"""The same for a reader that has no keys at all: it was started before the issuer."""
MAX_STALE_S = 3600.0
"""How long keys are believed that could not be fetched again."""
WITHIN_S = 3.0

PublicKey = OKPKey | ECKey
log = logger("jwks")


class Keys(Protocol):
    """Whoever knows which keys sign."""

    async def find(self, kid: str) -> PublicKey | None:
        """Give the key of this id; None: nobody signs by it. Raises `Unavailable` when that cannot be known."""
        ...


class PublishedKeys:
    """The keys of a JWK set, given at the start, fetched from its address, or both.

    Many requests that lack the same key cause one fetch, and go on with what is known while it runs.
    """

    def __init__(self, jwks: str | None, url: str | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._monotonic = monotonic
        self._keys: Mapping[str, PublicKey] = {} if jwks is None else keys_of(json.loads(jwks))
        self._given = jwks is not None
        self._fetched_at = monotonic() if self._given else float("-inf")
        self._tried_at = float("-inf")
        self._failed = False
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> PublicKey | None:
        if self._url is None:
            if not self._given:
                raise no_keys()
            return self._keys.get(kid)
        known = self._keys.get(kid)
        age_s = self._monotonic() - self._fetched_at
        if known is not None and (age_s <= MAX_AGE_S or (self._fetching.locked() and age_s <= MAX_STALE_S)):
            return known
        async with self._fetching:
            if kid not in self._keys or self._monotonic() - self._fetched_at > MAX_AGE_S:
                await self._fetch(self._url)
        known = self._keys.get(kid)
        if self._monotonic() - self._fetched_at > MAX_STALE_S or (known is None and self._failed):
            raise no_keys()
        return known

    async def _fetch(self, url: str) -> None:
        now = self._monotonic()
        if now - self._tried_at < (RETRY_S if self._keys else FIRST_RETRY_S):
            return
        self._tried_at = now
        try:
            async with httpx.AsyncClient(timeout=WITHIN_S, trust_env=False) as client:
                answer = await client.get(url)
                answer.raise_for_status()
            keys = keys_of(answer.json())
        except (httpx.HTTPError, ValueError) as failed:
            self._failed = True
            log.warning("public keys cannot be fetched", url=url, error=repr(failed))
            return
        self._keys, self._fetched_at, self._failed = keys, now, False


def keys_of(document: Any) -> Mapping[str, PublicKey]:
    """Read a JWK set, passing over what does not sign tokens here; raises `ValueError` when nothing is left."""
    try:
        found = [key for one in document["keys"] if (key := _signature_key(one)) is not None]
    except (KeyError, TypeError) as other:
        raise ValueError("not a JWK set") from other
    if not found:
        raise ValueError("a JWK set without a key that signs tokens")
    return {key.kid or key.thumbprint(): key for key in found}


def _signature_key(document: Any) -> PublicKey | None:
    kinds: dict[Any, type[PublicKey]] = {("OKP", "Ed25519"): OKPKey, ("EC", "P-256"): ECKey}
    try:
        kind = kinds.get((document["kty"], document["crv"]))
        return None if kind is None or document.get("use", "sig") != "sig" else kind.import_key(document)
    except (JoseError, KeyError, TypeError, ValueError, AttributeError):
        return None


def no_keys() -> Unavailable:
    return Unavailable(
        "sign-in-unavailable",
        "Sign-ins cannot be checked at the moment. Try again soon.",
        "暂时无法验证登录，请稍后再试。",
    )
