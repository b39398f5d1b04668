"""What this service must be told at start."""

from pathlib import Path

from pydantic import SecretStr

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    evidence_url: str
    vault_key: SecretStr | None = None
    """URL-safe base64 of 32 bytes; or the file that holds it."""
    vault_key_file: Path | None = None

    def vault_secret(self) -> str:
        if self.vault_key is not None:
            return self.vault_key.get_secret_value()
        assert self.vault_key_file is not None, "COMMONWATCH_VAULT_KEY or COMMONWATCH_VAULT_KEY_FILE must be set"
        return self.vault_key_file.read_text().strip()
