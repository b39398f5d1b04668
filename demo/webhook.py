"""A partner's own web server for the demo: it receives webhooks on this machine and checks their signatures itself.

Standard Webhooks: HMAC-SHA256 with the shared secret over `id.timestamp.body`.
"""

import asyncio
import hmac
import json
import time
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

TOLERANCE_S = 300


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery whose signature was right."""

    id: str
    body: dict[str, Any]


@dataclass(slots=True)
class Receiver:
    """Where the webhooks come in; `secret` is what the platform gave for this subscription."""

    url: str = ""
    secret: str = ""
    received: list[Received] = field(default_factory=list[Received])
    forged: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request of HTTP/1.1 and say 204 when it is genuine, 401 otherwise."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        genuine = is_genuine(self.secret, headers, body)
        if genuine:
            self.received.append(Received(headers["webhook-id"], json.loads(body)))
        else:
            self.forged += 1
        status = "204 No Content" if genuine else "401 Unauthorized"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


def is_genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Tell whether somebody who knows the secret sent exactly this, just now."""
    try:
        sent_at = int(headers["webhook-timestamp"])
        signed = f"{headers['webhook-id']}.{sent_at}.".encode() + body
        offered = headers["webhook-signature"].split()
    except (KeyError, ValueError):
        return False
    key = b64decode(secret.removeprefix("whsec_"))
    right = "v1," + b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return abs(time.time() - sent_at) <= TOLERANCE_S and any(hmac.compare_digest(right, one) for one in offered)


@asynccontextmanager
async def receiving() -> AsyncGenerator[Receiver]:
    """Listen on a free port of this machine until the block ends."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/commonwatch"
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()
