"""The conversation with the mail server; without this file messages would stay on the platform."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPNotSupported, SMTPRecipientsRefused

from services.notify.messages.queries import DueMail

SEND_S = 20.0
"""One mail may take so long, connecting and signing in included."""
PERMANENT = 500
"""SMTP answers from here on will not change by trying again (RFC 5321 §4.2.1)."""


class Sent(StrEnum):
    YES = "yes"
    NOT_NOW = "not_now"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Outcome:
    sent: Sent
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Mailer:
    """Where mail goes and how it is signed. `url` is `smtp[s]://[user:password@]host[:port]`."""

    url: str = field(repr=False)
    sender: str
    public_url: str
    demo: bool = False

    @property
    def domain(self) -> str:
        return parseaddr(self.sender)[1].rpartition("@")[2]

    @asynccontextmanager
    async def conversation(self) -> AsyncGenerator["Conversation"]:
        """Hold one connection for a round of mails; it is opened by the first and may fail with each."""
        parts = urlsplit(self.url)
        smtp = SMTP(
            hostname=parts.hostname,
            port=parts.port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=SEND_S,
            local_hostname=self.domain,
        )
        try:
            yield Conversation(self, smtp)
        finally:
            smtp.close()

    def message(self, mail: DueMail, address: str, now: datetime) -> EmailMessage:
        """Dress a notification as a mail whose id stays the same however often it is sent."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = Address(addr_spec=address)
        label = "" if not self.demo else "[DEMO] " if mail.language == "en" else "【演示】"
        message["Subject"] = f"{label}{mail.subject}"
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{mail.delivery_id}@{self.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "en" if mail.language == "en" else "zh-CN"
        message.set_content(f"{mail.body}\n\n-- \nCommonwatch\n{self.public_url}\n")
        return message


@dataclass(slots=True)
class Conversation:
    """One connection to the mail server, renewed when it breaks.

    When no connection comes about (`broken`), the rest of the round is left for later.
    """

    mailer: Mailer
    smtp: SMTP
    broken: str | None = None

    async def send(self, mail: DueMail, now: datetime) -> Outcome:
        """Send one mail; never raises for what a mail server or an address can do wrong."""
        if mail.address is None:
            return Outcome(Sent.NEVER, "the person has no address any more")
        if self.broken is not None:
            return Outcome(Sent.NOT_NOW, self.broken)
        try:
            await self._hand_over(self.mailer.message(mail, mail.address, now))
        except (ValueError, LookupError, MessageError, SMTPNotSupported):
            return Outcome(Sent.NEVER, "the address cannot be written to")
        except (SMTPRecipientsRefused, SMTPDataError) as refused:
            return _refused(refused)
        except (SMTPException, OSError, TimeoutError) as failed:
            self.smtp.close()
            cause = type(failed).__name__
            self.broken = self.broken and cause
            return Outcome(Sent.NOT_NOW, cause)
        return Outcome(Sent.YES)

    async def _hand_over(self, message: EmailMessage) -> None:
        async with asyncio.timeout(SEND_S):
            if not self.smtp.is_connected:
                self.broken = "not connected"
                await self.smtp.connect()
                self.broken = None
            await self.smtp.send_message(message)


def _refused(refused: SMTPRecipientsRefused | SMTPDataError) -> Outcome:
    """Read an answer about this very mail; the server's words may repeat the address, so only the code is kept."""
    code = refused.code if isinstance(refused, SMTPDataError) else refused.recipients[0].code
    return Outcome(Sent.NEVER if code >= PERMANENT else Sent.NOT_NOW, f"{type(refused).__name__} {code}")
