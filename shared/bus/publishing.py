"""Publishes rows in the three ways that JetStream offers; without it an answer that never came would pass for a yes."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from nats.aio.client import Client
from nats.errors import BadSubjectError, MaxPayloadError
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError

from shared.broker import UNKNOWN, Answer, Outgoing, Way, encode_headers
from shared.crashpoint import crashpoint
from shared.observe import logger

NEVER_SENT = (MaxPayloadError, BadSubjectError)
"""What the client itself refuses: it would refuse it for ever."""
NOT_SENT_CODE = 400

log = logger("bus")


async def published(
    client: Client, js: JetStreamContext, stream: str, rows: Sequence[Outgoing], way: Way, ack_timeout_s: float
) -> list[Answer]:
    """Publish the rows this way and give the broker's answer to each, `UNKNOWN` where none came in time."""
    match way:
        case Way.TOGETHER:
            return list(await asyncio.gather(*(_one_of_many(js, stream, row, ack_timeout_s) for row in rows)))
        case Way.BATCH:
            return await _batch(client, stream, rows, ack_timeout_s)
        case Way.SINGLY:
            return await _singly(js, stream, rows, ack_timeout_s)


async def _singly(js: JetStreamContext, stream: str, rows: Sequence[Outgoing], ack_timeout_s: float) -> list[Answer]:
    """Publish in order, stopping each aggregate at its first failure."""
    held: set[UUID] = set()
    answers: list[Answer] = []
    for row in rows:
        answer = UNKNOWN if row.aggregate_id in held else await _one(js, stream, row, ack_timeout_s)
        if answer.seq is None:
            held.add(row.aggregate_id)
        answers.append(answer)
    return answers


async def _one_of_many(js: JetStreamContext, stream: str, row: Outgoing, ack_timeout_s: float) -> Answer:
    answer = await _one(js, stream, row, ack_timeout_s)
    crashpoint("relay.half-a-round")
    return answer


async def _one(js: JetStreamContext, stream: str, row: Outgoing, ack_timeout_s: float) -> Answer:
    try:
        ack = await js.publish(
            row.subject, row.data, timeout=ack_timeout_s, stream=stream, headers=_message_headers(row)
        )
    except APIError as refused:
        log.warning("publish refused", subject=row.subject, code=refused.err_code, error=refused.description)
        return Answer(None, refused.err_code or NOT_SENT_CODE, refused.description or "")
    except NEVER_SENT as refused:
        log.warning("publish refused", subject=row.subject, error=repr(refused))
        return Answer(None, NOT_SENT_CODE, repr(refused))
    except (NatsError, OSError, TimeoutError) as failed:
        log.warning("publish failed", subject=row.subject, error=repr(failed))
        return UNKNOWN
    return Answer(ack.seq)


async def _batch(client: Client, stream: str, rows: Sequence[Outgoing], ack_timeout_s: float) -> list[Answer]:
    """Store all rows as one atomic batch (ADR-50: one fsync for all); the server takes or refuses it whole."""
    batch_id = uuid4().hex
    last = len(rows)

    def headers(place: int) -> dict[str, Any]:
        return {**_message_headers(rows[place - 1]), "Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(place)}

    try:
        for place, row in enumerate(rows[:-1], 1):
            await client.publish(row.subject, row.data, headers=headers(place))
            crashpoint("relay.half-a-batch")
        commit = {**headers(last), "Nats-Expected-Stream": stream, "Nats-Batch-Commit": "1"}
        reply = await client.request(rows[-1].subject, rows[-1].data, headers=commit, timeout=ack_timeout_s)
    except NEVER_SENT as refused:
        return [Answer(None, NOT_SENT_CODE, repr(refused))] * last
    except (NatsError, OSError, TimeoutError) as failed:
        log.warning("batch unanswered", rows=last, error=repr(failed))
        return [UNKNOWN] * last
    answer: dict[str, Any] = json.loads(reply.data)
    if "error" in answer:
        refusal: dict[str, Any] = answer["error"]
        log.info("batch refused", rows=last, code=refusal.get("err_code"))
        return [Answer(None, refusal.get("err_code") or NOT_SENT_CODE, refusal.get("description", ""))] * last
    end: int = answer["seq"]
    return [Answer(end - last + place) for place in range(1, last + 1)]


def _message_headers(row: Outgoing) -> dict[str, Any]:
    return {**encode_headers(row.headers), "Nats-Msg-Id": row.message_id}
