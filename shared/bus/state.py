"""Asks the stream what it is and what it holds of a service's own; without it nobody would notice what it lost."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import contextlib
import json
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from shared.broker import Kept, StreamState, readable_headers

ANSWER_S = 2.0
READ_ROWS = 2_000
READ_S = 10.0
IDLE_NS = 30 * 1_000_000_000


async def stream_state(client: Client, stream: str) -> StreamState | None:
    """Ask what the stream is now; None when it does not answer or does not exist."""
    try:
        answer = await _asked(client, f"$JS.API.STREAM.INFO.{stream}", b"")
    except OSError:
        return None
    state: dict[str, Any] = answer["state"]
    return StreamState(datetime.fromisoformat(answer["created"]), state["first_seq"], state["last_seq"])


async def own_messages(
    client: Client, stream: str, service: str, from_seq: int, to_seq: int, *, bodies: bool
) -> AsyncGenerator[list[Kept]]:
    """Read what the stream holds under the service's own subjects, from one sequence to another.

    By a consumer of the moment whose filter the broker's permissions know, so a service reads nobody else's facts; one
    at a time, for its name is known to them too. Raises OSError when the broker stops answering.
    """
    name = f"{service}-own"
    own = f"cw.*.{service}.>"
    config: dict[str, Any] = {
        "name": name,
        "filter_subject": own,
        "deliver_policy": "by_start_sequence",
        "opt_start_seq": max(1, from_seq),
        "ack_policy": "none",
        "headers_only": not bodies,
        "inactive_threshold": IDLE_NS,
        "mem_storage": True,
        "num_replicas": 1,
    }
    await _forgotten(client, stream, name)
    ask = json.dumps({"stream_name": stream, "config": config, "action": "create"}).encode()
    made = await _asked(client, f"$JS.API.CONSUMER.CREATE.{stream}.{name}.{own}", ask)
    left: int = made["num_pending"]
    inbox = client.new_inbox()
    try:
        subscription = await client.subscribe(inbox)
    except NatsError as away:
        raise ConnectionError(repr(away)) from away
    try:
        while left > 0:
            pull = json.dumps({"batch": READ_ROWS, "expires": int(READ_S * 1e9), "no_wait": True}).encode()
            await client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}", pull, inbox)
            chunk: list[Kept] = []
            for _ in range(min(left, READ_ROWS)):
                message = await subscription.next_msg(timeout=READ_S)
                if not message.reply:
                    raise ConnectionError(f"the stream ended early: {message.headers}")
                left -= 1
                if message.metadata.sequence.stream > to_seq:
                    left = 0
                    break
                if (kept := _kept(message)) is not None:
                    chunk.append(kept)
            yield chunk
    except (NatsError, TimeoutError) as away:
        raise ConnectionError(repr(away)) from away
    finally:
        with contextlib.suppress(NatsError):
            await subscription.unsubscribe()
        await _forgotten(client, stream, name)


async def _forgotten(client: Client, stream: str, name: str) -> None:
    with contextlib.suppress(ConnectionError):  # that there is none is well
        await _asked(client, f"$JS.API.CONSUMER.DELETE.{stream}.{name}", b"")


async def _asked(client: Client, subject: str, body: bytes) -> dict[str, Any]:
    """Ask JetStream; raises ConnectionError when it does not answer or refuses."""
    try:
        answer: dict[str, Any] = json.loads((await client.request(subject, body, timeout=ANSWER_S)).data)
    except (TimeoutError, NatsError, OSError) as away:
        raise ConnectionError(repr(away)) from away
    if "error" in answer:
        raise ConnectionError(str(answer["error"]))
    return answer


def _kept(message: Msg) -> Kept | None:
    """Read a message as a fact; None when it is none.

    Whoever may ask the broker anything may have its answer stored under another's subject, but never with headers.
    """
    headers = readable_headers(message.headers or {})
    try:
        event_id = UUID(headers["ce-id"])
    except (KeyError, ValueError):
        return None
    return Kept(message.metadata.sequence.stream, event_id, message.subject, headers, message.data)
