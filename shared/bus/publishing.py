"""Publishes rows in the three ways that JetStream offers; without it an answer that never came would pass for a yes."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import BadHeaderError, BadSubjectError, MaxPayloadError
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError

from shared.broker import FORBIDDEN, UNKNOWN, Answer, Outgoing, Way, encode_headers
from shared.bus.waiting import Denied, Waiting
from shared.crashpoint import crashpoint
from shared.observe import logger

NEVER_SENT = (BadHeaderError, BadSubjectError, MaxPayloadError)
"""What the client itself refuses: it would refuse it for ever."""
NOT_SENT_CODE = 400
NO_ANSWER = (NatsError, OSError, TimeoutError, ValueError, TypeError, LookupError)
"""Nothing came, or what is no answer: the row may be stored or not."""

log = logger("bus")


async def published(
    client: Client,
    js: JetStreamContext,
    waiting: Waiting,
    stream: str,
    rows: Sequence[Outgoing],
    way: Way,
    ack_timeout_s: float,
) -> list[Answer]:
    """Publish the rows this way and give the broker's answer to each, `UNKNOWN` where none came in time."""

    async def one(row: Outgoing) -> Answer:
        # What is handed to a client without a connection goes out whenever that comes back, after all that is newer.
        return await _one(js, waiting, stream, row, ack_timeout_s) if client.is_connected else UNKNOWN

    match way:
        case Way.TOGETHER:
            return list(await asyncio.gather(*(_one_of_many(one, row) for row in rows)))
        case Way.BATCH:
            return await _batch(client, waiting, stream, rows, ack_timeout_s)
        case Way.SINGLY:
            return await _singly(one, rows)


async def _singly(one: Callable[[Outgoing], Awaitable[Answer]], rows: Sequence[Outgoing]) -> list[Answer]:
    """Publish in order, stopping each aggregate at its first failure."""
    held: set[UUID] = set()
    answers: list[Answer] = []
    for row in rows:
        answer = UNKNOWN if row.aggregate_id in held else await one(row)
        if answer.seq is None:
            held.add(row.aggregate_id)
        answers.append(answer)
    return answers


async def _one_of_many(one: Callable[[Outgoing], Awaitable[Answer]], row: Outgoing) -> Answer:
    answer = await one(row)
    crashpoint("relay.half-a-round")
    return answer


async def _one(js: JetStreamContext, waiting: Waiting, stream: str, row: Outgoing, ack_timeout_s: float) -> Answer:
    sending = js.publish(row.subject, row.data, timeout=ack_timeout_s, stream=stream, headers=_message_headers(row))
    try:
        ack = await waiting.wait([row.subject], sending)
        if ack.stream != stream:
            raise ValueError(f"an answer from {ack.stream}")
    except APIError as refused:
        log.warning("publish refused", subject=row.subject, code=refused.err_code, error=refused.description)
        return Answer(None, refused.err_code or NOT_SENT_CODE, refused.description or "")
    except Denied as denied:
        return Answer(None, FORBIDDEN, str(denied))
    except NEVER_SENT as refused:
        log.warning("publish refused", subject=row.subject, error=repr(refused))
        return Answer(None, NOT_SENT_CODE, repr(refused))
    except NO_ANSWER as failed:
        log.warning("publish failed", subject=row.subject, error=repr(failed))
        return UNKNOWN
    return Answer(ack.seq)


async def _batch(
    client: Client, waiting: Waiting, stream: str, rows: Sequence[Outgoing], ack_timeout_s: float
) -> list[Answer]:
    """Store all rows as one atomic batch (ADR-50: one fsync for all); the server takes or refuses it whole."""
    last = len(rows)
    try:
        reply = await waiting.wait([row.subject for row in rows], _sent_batch(client, stream, rows, ack_timeout_s))
        answer: dict[str, Any] = json.loads(reply.data)
        if "error" in answer:
            refusal: dict[str, Any] = answer["error"]
            log.info("batch refused", rows=last, code=refusal.get("err_code"))
            return [Answer(None, refusal.get("err_code") or NOT_SENT_CODE, refusal.get("description", ""))] * last
        if answer["stream"] != stream or answer["count"] != last:
            raise ValueError(f"an answer to something else: {answer}")
        end: int = answer["seq"]
    except Denied as denied:
        return [Answer(None, FORBIDDEN, str(denied))] * last
    except NEVER_SENT as refused:
        return [Answer(None, NOT_SENT_CODE, repr(refused))] * last
    except NO_ANSWER as failed:
        log.warning("batch unanswered", rows=last, error=repr(failed))
        return [UNKNOWN] * last
    return [Answer(end - last + place) for place in range(1, last + 1)]


async def _sent_batch(client: Client, stream: str, rows: Sequence[Outgoing], ack_timeout_s: float) -> Msg:
    batch_id = uuid4().hex

    def headers(place: int) -> dict[str, Any]:
        return {**_message_headers(rows[place - 1]), "Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(place)}

    for place, row in enumerate(rows[:-1], 1):
        await client.publish(row.subject, row.data, headers=headers(place))
        crashpoint("relay.half-a-batch")
    commit = {**headers(len(rows)), "Nats-Expected-Stream": stream, "Nats-Batch-Commit": "1"}
    return await client.request(rows[-1].subject, rows[-1].data, headers=commit, timeout=ack_timeout_s)


def _message_headers(row: Outgoing) -> dict[str, Any]:
    """Make a fresh dictionary: nats-py writes into the one that it is given."""
    return {**encode_headers(row.headers), "Nats-Msg-Id": row.message_id}
