"""What the gateway must be told at start."""

import re
from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from services.gateway.domain import Allowance, Flow
from services.gateway.identity.actions.factors import SecondFactors
from services.gateway.identity.actions.keys import KeyRing
from services.gateway.identity.clients import Provider
from services.gateway.identity.domain.browsers import Lasting
from services.gateway.identity.domain.factors import SecondFactorRule
from services.gateway.identity.vault import FactorVault
from shared.clock import Clock
from shared.settings import ServiceSettings

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
"""As browsers write it: small letters, no slash at the end, no star."""


class Settings(ServiceSettings):
    public_url: str
    """Where people and systems reach the gateway, without a slash at the end."""
    signing_key: SecretStr | None = None
    """The ring of private keys (a JWK set, or one JWK) that sign tokens; or the file that holds it, read anew when it
    changes."""
    signing_key_file: Path | None = None
    operator_secret: SecretStr | None = None
    """The secret of the client `operator`, by which an installation is begun; or the file that holds it."""
    operator_secret_file: Path | None = None
    url_registry: str
    url_volunteer: str
    url_thirdparty: str
    url_inspection: str
    url_notify: str
    token_lifetime_s: int = 3600
    sign_ins_per_minute: int = 60
    """Attempts to sign in per client address; an office of people may share one."""
    factor_key: SecretStr | None = None
    """The key that the secrets of second factors are sealed with, URL-safe base64 of 32 bytes; or its file."""
    factor_key_file: Path | None = None
    session_idle_s: int = Field(default=30 * 60, ge=120)
    """How long a sign-in at a browser lasts without a request."""
    session_lifetime_s: int = Field(default=12 * 3600, ge=600)
    """How long it lasts at most."""
    second_factor_required: bool = True
    """Whether holders of `second_factor_roles` must set up a second factor at their next sign-in."""
    second_factor_roles: tuple[str, ...] = ("authority", "committee", "operator", "auditor")
    """Roles, with those below them: `authority` is also `authority.desk`."""
    provider_issuer: str | None = None
    """The county's own OpenID Connect provider, by which people may sign in; its name in both languages follows."""
    provider_name_en: str = "your organisation"
    provider_name_zh: str = "单位统一身份"
    provider_client_id: str = "commonwatch"
    provider_client_secret: SecretStr | None = None
    provider_client_secret_file: Path | None = None
    provider_claim: str = "sub"
    """Which claim of the ID token names the person; one that is never given to somebody else later."""
    anonymous_per_minute: int = 60
    """Reports and pictures by people who did not sign in, per client address."""
    tracking_per_minute: int = 20
    """Look-ups by a tracking code, per client address."""
    public_reads_per_minute: int = 600
    """What everybody may read, by people who did not sign in, per client address."""
    requests_per_minute: int = 6000
    """Whatever one person or client asks who signed in; a partner's system may bring many findings at once."""
    bulk_per_minute: int = 30
    """Imports and exports by one person or client."""
    cors_origins: tuple[str, ...] = ()
    """Other web sites whose scripts may use the API, each as `https://host[:port]`; with a token, never by cookie."""

    @field_validator("cors_origins")
    @classmethod
    def _exact(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no exact origin such as https://map.example.org")
        return origins

    def allowances(self) -> dict[Flow, Allowance]:
        return {flow: Allowance(getattr(self, f"{flow}_per_minute"), flow) for flow in Flow}

    def lasting(self) -> Lasting:
        return Lasting(timedelta(seconds=self.session_idle_s), timedelta(seconds=self.session_lifetime_s))

    def second_factors(self) -> SecondFactors:
        key = _secret(self.factor_key, self.factor_key_file)
        assert key is not None, "COMMONWATCH_FACTOR_KEY or COMMONWATCH_FACTOR_KEY_FILE must be set"
        rule = SecondFactorRule.of(self.second_factor_roles, required=self.second_factor_required)
        return SecondFactors(rule, FactorVault(key))

    def key_ring(self, clock: Clock) -> KeyRing:
        key, file = self.signing_key, self.signing_key_file
        assert key or file, "COMMONWATCH_SIGNING_KEY or COMMONWATCH_SIGNING_KEY_FILE must be set"
        return KeyRing(key.get_secret_value() if key else None, None if key else file, clock)

    def provider(self, clock: Clock) -> Provider | None:
        if self.provider_issuer is None:
            return None
        secret = _secret(self.provider_client_secret, self.provider_client_secret_file)
        assert secret is not None, "COMMONWATCH_PROVIDER_CLIENT_SECRET or …_FILE must be set"
        return Provider(
            issuer=self.provider_issuer,
            client_id=self.provider_client_id,
            client_secret=secret,
            claim=self.provider_claim,
            name_en=self.provider_name_en,
            name_zh=self.provider_name_zh,
            callback=f"{self.public_url.rstrip('/')}/sign-in/provider/callback",
            clock=clock,
        )

    def operator_password(self) -> str | None:
        return _secret(self.operator_secret, self.operator_secret_file)

    def urls(self) -> dict[str, str]:
        return {
            "registry": self.url_registry,
            "volunteer": self.url_volunteer,
            "thirdparty": self.url_thirdparty,
            "inspection": self.url_inspection,
            "notify": self.url_notify,
        }


def _secret(given: SecretStr | None, file: Path | None) -> str | None:
    if given is not None:
        return given.get_secret_value()
    return file.read_text().strip() if file is not None else None
