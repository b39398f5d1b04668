"""Pulls from a durable consumer; without an own loop every message would wait for a full batch or a time-out."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from shared.broker import Incoming, readable_headers

PULL_BATCH = 200
PULL_EXPIRES_S = 3.0
LOOK_S = 0.5
"""So often it is looked whether the connection was lost meanwhile."""


async def pulled(
    client: Client, stream: str, durable: str, reconnects: Callable[[], int], spacing_s: float
) -> AsyncGenerator[list[Incoming]]:
    """Pull with one standing request, handing over whatever has arrived, until the client is closed.

    Own loop instead of `fetch`: that one waits for a full batch or its time-out once a message has come.
    """
    arrived: asyncio.Queue[Msg] = asyncio.Queue()

    async def put(message: Msg) -> None:
        arrived.put_nowait(message)

    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox, cb=put)
    ask = json.dumps({"batch": PULL_BATCH, "expires": int(PULL_EXPIRES_S * 1e9)}).encode()
    wanted, met = 0, reconnects()
    loop = asyncio.get_running_loop()
    renew_at = last = 0.0
    try:
        while not client.is_closed:
            used_up = met != reconnects() or wanted <= 0 or loop.time() >= renew_at
            # What is asked while the connection is lost would all be sent when it is back.
            if used_up and client.is_connected:
                met = reconnects()
                wanted, renew_at = PULL_BATCH, loop.time() + PULL_EXPIRES_S + 1
                with contextlib.suppress(NatsError, OSError):
                    await client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", ask, inbox)
            patience_s = min(LOOK_S, max(0.01, renew_at - loop.time())) if client.is_connected else LOOK_S
            try:
                messages = [await asyncio.wait_for(arrived.get(), patience_s)]
            except TimeoutError:
                continue
            if messages[0].reply:
                await asyncio.sleep(max(0.0, last + spacing_s - loop.time()))
            while not arrived.empty():
                messages.append(arrived.get_nowait())
            real = [message for message in messages if message.reply]
            wanted = 0 if len(real) < len(messages) else wanted - len(real)
            if real:
                last = loop.time()
                yield [_incoming(message) for message in real]
            elif _refused(messages[0]):
                await asyncio.sleep(0.2)
    finally:
        with contextlib.suppress(NatsError, OSError):
            await subscription.unsubscribe()


def _refused(status: Msg) -> bool:
    return (status.headers or {}).get("Status") not in {"408", "404"}


def _incoming(message: Msg) -> Incoming:
    metadata = message.metadata

    # An answer that the broker never hears costs one more delivery, which the inbox drops; so it is no error.
    async def ack() -> None:
        with contextlib.suppress(NatsError, OSError):
            await message.ack()

    async def retry(delay_s: float) -> None:
        with contextlib.suppress(NatsError, OSError):
            await message.nak(delay=delay_s)

    async def park() -> None:
        with contextlib.suppress(NatsError, OSError):
            await message.term()

    return Incoming(
        subject=message.subject,
        headers=readable_headers(message.headers or {}),
        data=message.data,
        stream_seq=metadata.sequence.stream,
        num_delivered=metadata.num_delivered,
        ack=ack,
        retry=retry,
        park=park,
    )
