"""What this service must be told at start."""

from pydantic import SecretStr

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    smtp_url: SecretStr
    """`smtp://[user:password@]host[:port]`, or `smtps://` for TLS from the first byte; STARTTLS is used if offered."""
    mail_from: str = "Commonwatch <noreply@commonwatch.invalid>"
    public_url: str
    webhook_allow_loopback: bool = False
    """Partners' endpoints may be plain http on this machine: for tests and the demo only."""
