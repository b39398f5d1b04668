"""Has a consumer's past delivered once more; without it a mended reaction could not be given what it missed."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import json
from datetime import datetime
from typing import Any

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import api
from nats.js.errors import NotFoundError

from shared.broker import STREAM

ANSWER_S = 5
SHORT_LIVED_S = 10.0


async def deliver_again(url: str, seed: str | None, durable: str, since: int | datetime) -> int:
    """Begin anew at a place in the stream or at a moment; give how many messages come again.

    Raises OSError when the broker cannot be reached or refuses. Needs nats-server 2.14 or newer.
    """
    try:
        client = await nats.connect(url, name="platform", nkeys_seed_str=seed, connect_timeout=3, allow_reconnect=False)
    except NatsError as refused:
        raise ConnectionError(str(refused)) from refused
    try:
        sequence = await _place_at(client, since) if isinstance(since, datetime) else since
        ask = json.dumps({"seq": sequence}).encode()
        reply = await client.request(f"$JS.API.CONSUMER.RESET.{STREAM}.{durable}", ask, timeout=ANSWER_S)
        answer: dict[str, Any] = json.loads(reply.data)
    except (NatsError, NotFoundError, TimeoutError) as refused:
        raise ConnectionError(repr(refused)) from refused
    finally:
        await client.close()
    if "error" in answer:
        raise ConnectionError(answer["error"].get("description", "refused"))
    pending: int = answer["num_pending"]
    return pending


async def _place_at(client: Client, moment: datetime) -> int:
    """Find the first message since a moment, by what a consumer of it would begin with."""
    config = api.ConsumerConfig(
        deliver_policy=api.DeliverPolicy.BY_START_TIME,
        opt_start_time=moment,
        ack_policy=api.AckPolicy.NONE,
        inactive_threshold=SHORT_LIVED_S,
    )
    info = await client.jetstream(timeout=ANSWER_S).add_consumer(STREAM, config)
    return (info.delivered.stream_seq if info.delivered else 0) + 1
