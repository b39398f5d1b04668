"""What the gateway must be told at start."""

from pathlib import Path

from pydantic import SecretStr

from shared.settings import ServiceSettings


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
    """Reports, pictures and look-ups by people who did not sign in, per client address."""

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
