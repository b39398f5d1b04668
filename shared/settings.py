"""How a process learns where things are; the only readers are each service's `main` and the command line."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class ServiceSettings(BaseSettings):
    """Settings that every service has, from `COMMONWATCH_…` in the environment or given by `commonwatch up`."""

    model_config = SettingsConfigDict(env_prefix="COMMONWATCH_", frozen=True, extra="ignore")

    database_url: SecretStr
    nats_url: str | None = None
    """None: no broker (tests bring their own)."""
    nats_seed_file: Path | None = None
    issuer: str = "commonwatch"
    jwks: str | None = None
    """The public keys that sign tokens, as JSON; given directly when all services share a process."""
    jwks_url: str | None = None
    profile: str = "cn"
    profiles_dir: Path = ROOT / "profiles"
    profile_look_s: float = 5.0
    """How often is looked whether the profile's files changed."""
    county_code: str = "000000"
    """Division code of the deployment; the area of facts that happen nowhere in particular."""
    max_body_bytes: int = 2 * 1024 * 1024
    archive_days: int = 0
    """How long facts that were sent are kept in the log of record; 0: for ever. Not below what a stream keeps."""
    answers_kept_h: int = 24
    """How long a retry with the same `Idempotency-Key` gets the answer of the first request."""
    demo: bool = False
    """Answers carry a label that says the county is invented."""
