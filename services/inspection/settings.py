"""What this service must be told at start."""

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    evidence_url: str
