"""Speaks to the county's own identity provider (OpenID Connect); without it people would need one more password.

authlib writes the requests of the code flow with PKCE, joserfc verifies the ID token. Nothing is believed that the
provider did not sign, and nothing of it but the one claim that names the person.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# because authlib ships no types

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.gateway.identity.domain.provider import nonce_of, verifier_of
from shared.clock import Clock
from shared.errors import Forbidden, Unavailable
from shared.observe import logger

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
MAX_AGE_S = 600.0
RETRY_S = 10.0
"""At most so often keys are fetched because a token names one that is not known."""
WITHIN_S = 5.0
LEEWAY_S = 60

log = logger("provider")


@dataclass(slots=True)
class Provider:
    """One provider, known by its issuer; everything else it says itself, at `/.well-known/openid-configuration`."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    """Which claim of the ID token names the person: `sub`, or one that the provider promises never to give again."""
    name_en: str
    name_zh: str
    callback: str
    clock: Clock
    _metadata: dict[str, Any] | None = None
    _keys: KeySet | None = None
    _metadata_at: float = 0.0
    _keys_at: float = 0.0
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def address(self, state: str, cookie: str) -> str:
        """Give the address that the browser is sent to. Raises `Unavailable`."""
        known = await self._described()
        challenge = create_s256_code_challenge(verifier_of(cookie, state))
        asked = {"nonce": nonce_of(cookie, state), "code_challenge": challenge, "code_challenge_method": "S256"}
        scope = "openid"
        if self.claim != "sub":  # else it may come from the UserInfo endpoint only, unsigned
            scope, asked["claims"] = "openid profile", json.dumps({"id_token": {self.claim: {"essential": True}}})
        to = known["authorization_endpoint"]
        address: str = prepare_grant_uri(to, self.client_id, "code", self.callback, scope, state, **asked)
        return address

    async def identify(self, answer: Mapping[str, str], cookie: str) -> str:
        """Exchange the code that the browser brought; return what the claim says.

        Raises `Forbidden` for an answer that cannot be believed, `Unavailable` when the provider does not answer.
        """
        known = await self._described()
        self._is_from_here(answer, known)
        state = answer.get("state", "")
        body = prepare_token_request(
            "authorization_code",
            "",
            self.callback,
            code=answer.get("code") or "-",
            code_verifier=verifier_of(cookie, state),
        )
        method = _how_to_prove_the_secret(known)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        proof: Any = ClientAuth(self.client_id, self.client_secret, method)
        given = await self._ask("POST", *proof.prepare("POST", known["token_endpoint"], headers, body))
        token = given.get("id_token")
        if not isinstance(token, str):
            log.warning("provider refused the code", issuer=self.issuer, error=str(given.get("error"))[:60])
            raise not_believed()
        claims = await self._verified(token, known, nonce_of(cookie, state))
        subject = claims.get(self.claim)
        if not isinstance(subject, str) or not subject:
            log.warning("ID token names nobody", issuer=self.issuer, claim=self.claim)
            raise not_believed()
        return subject

    def _is_from_here(self, answer: Mapping[str, str], known: Mapping[str, Any]) -> None:
        """Refuse the answer of another provider (RFC 9207): the mix-up attack."""
        said = answer.get("iss")
        promised = known.get("authorization_response_iss_parameter_supported") is True
        if said != self.issuer and (said is not None or promised):
            raise not_believed()

    async def _verified(self, token: str, known: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        try:
            try:
                claims = jwt.decode(token, await self._keyset(known), algorithms=ALGORITHMS).claims
            except (JoseError, ValueError):
                if time.monotonic() - self._keys_at < RETRY_S:
                    raise
                self._keys = None  # the provider may have changed its keys
                claims = jwt.decode(token, await self._keyset(known), algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                now=int(self.clock().timestamp()),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
            several = not isinstance(claims["aud"], str) and len(claims["aud"]) > 1
            if claims.get("azp", None if several else self.client_id) != self.client_id:
                raise ValueError("issued to another party")  # noqa: TRY301 — told like the other faults of a token
        except (JoseError, ValueError, TypeError) as bad:
            log.warning("ID token refused", issuer=self.issuer, error=type(bad).__name__)
            raise not_believed() from bad
        return claims

    async def _described(self) -> dict[str, Any]:
        async with self._asking:
            if self._metadata is None or time.monotonic() - self._metadata_at > MAX_AGE_S:
                said = await self._ask("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if said.get("issuer") != self.issuer or not all(_is_safe(said.get(name)) for name in _ENDPOINTS):
                    log.error("provider describes itself wrongly", issuer=self.issuer)
                    raise unreachable()
                self._metadata, self._metadata_at = said, time.monotonic()
            return self._metadata

    async def _keyset(self, known: Mapping[str, Any]) -> KeySet:
        if self._keys is None or time.monotonic() - self._keys_at > MAX_AGE_S:
            said = await self._ask("GET", known["jwks_uri"])
            keys = [key for key in said.get("keys", []) if key.get("kty") in _KINDS and key.get("use", "sig") == "sig"]
            self._keys, self._keys_at = KeySet.import_key_set({"keys": keys}), time.monotonic()
        return self._keys

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: str | None = None
    ) -> dict[str, Any]:
        """Ask; a refusal in JSON is an answer, silence and faults of the provider are `Unavailable`."""
        try:
            async with httpx.AsyncClient(timeout=WITHIN_S, trust_env=False) as http:
                answer = await http.request(method, url, headers=headers, content=body)
            if answer.is_server_error or (method == "GET" and not answer.is_success):
                answer.raise_for_status()
            said = answer.json()
        except (httpx.HTTPError, ValueError) as failed:
            log.warning("provider does not answer", issuer=self.issuer, error=type(failed).__name__)
            raise unreachable() from failed
        return cast("dict[str, Any]", said) if isinstance(said, dict) else {}


@dataclass(frozen=True, slots=True)
class Outside:
    """The outside provider of this installation, if it has one."""

    provider: Provider | None = None


_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_KINDS = {"RSA", "EC", "OKP"}


def _is_safe(url: object) -> bool:
    """Tell whether secrets may be sent there: over TLS, or to this very machine (development and tests)."""
    parts = urlsplit(url) if isinstance(url, str) else None
    return parts is not None and (parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost", "::1"})


def _how_to_prove_the_secret(known: Mapping[str, Any]) -> str:
    offered = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"


def unreachable() -> Unavailable:
    return Unavailable(
        "provider-unavailable",
        "The outside sign-in does not answer now. Sign in with your password, or try again later.",
        "外部登录暂时无法使用，请使用密码登录或稍后再试。",
    )


def not_believed() -> Forbidden:
    return Forbidden(
        "provider-refused",
        "The outside sign-in did not succeed. Begin again from our sign-in page.",
        "外部登录未成功，请从本平台登录页面重新开始。",
    )
