"""What the gateway must be told at start."""

import re
from pathlib import Path

from pydantic import SecretStr, field_validator

from services.gateway.domain import Allowance, Flow
from shared.settings import ServiceSettings

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
"""As browsers write it: small letters, no slash at the end, no star."""


class Settings(ServiceSettings):
    public_url: str
    """Where people and systems reach the gateway, without a slash at the end."""
    signing_key: SecretStr | None = None
    """The private Ed25519 key (JWK) that signs access tokens; or the file that holds it."""
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

    def private_key(self) -> str:
        key = _secret(self.signing_key, self.signing_key_file)
        assert key is not None, "COMMONWATCH_SIGNING_KEY or COMMONWATCH_SIGNING_KEY_FILE must be set"
        return key

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
