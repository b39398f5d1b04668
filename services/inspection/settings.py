"""What this service must be told at start."""

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    evidence_url: str
    public_url: str
    """Where people reach the gateway: printed on every document, so that anybody can ask whether it is genuine."""
    printers: int = 1
    """Processes that print documents; 0: this instance prints none."""
