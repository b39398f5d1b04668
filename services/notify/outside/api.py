"""Reading the outside feed over HTTP: page by page, or as a stream of server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.notify.outside import actions, queries
from services.notify.outside.domain import Cursor, scope_of
from services.notify.outside.models import OutsideEvent
from services.notify.outside.shapes import CloudEvent, FeedPage
from services.notify.outside.workers import Tail
from shared.auth import Actor
from shared.permission import allowed
from shared.service import Service
from shared.web import Here, Now, Tx, Who, part

router = APIRouter(tags=["events"])

PAGE = 200
RETRY_MS = 2_000
STREAM_S = 900.0
"""A stream ends after this time; the client comes back with `Last-Event-ID` and a sign-in that is still valid."""


@router.get("/events", dependencies=[allowed("feed.read")])
async def feed(
    who: Who, now: Now, tx: Tx, limit: Annotated[int, Query(ge=1, le=500)] = 100, after: str | None = None
) -> FeedPage:
    """Read on from a cursor, or from the beginning. Ask again with `next`; it stays valid for as long as the feed."""
    epoch = await actions.epoch(tx)
    position = _place(after, epoch, until := await queries.head(tx))
    scope = await queries.current_scope(tx, who, now)
    rows = await queries.seen_by(tx, scope, position or 0, until, limit)
    more = len(rows) == limit
    reached = (rows[-1].position or 0) if more else until
    return FeedPage(
        items=[cloud_event(row) for row in rows],
        next=str(Cursor(epoch, reached)),
        more=more,
        reset=after is not None and position is None,
    )


@router.get("/events/stream", response_class=EventSourceResponse, dependencies=[allowed("feed.read")])
async def stream(
    who: Who, here: Here, tail: Annotated[Tail, part(Tail)], last_event_id: Annotated[str | None, Header()] = None
) -> AsyncIterator[ServerSentEvent]:
    """Follow the feed from `Last-Event-ID` on, or from now on.

    `event: reset` tells that the given id is not of this feed: read the feed from its start, the stream goes on from
    now. A comment comes each 15 s when nothing happens.
    """
    async for message in follow(here, tail, who, last_event_id):
        yield message


async def follow(service: Service, tail: Tail, who: Actor, last_event_id: str | None) -> AsyncIterator[ServerSentEvent]:
    """Yield what this actor may see, until `STREAM_S` is over; its grant is read anew whenever something is for it."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + STREAM_S
    async with service.database.transaction() as tx:
        epoch = await actions.epoch(tx)
        now_at = await queries.head(tx)
    known = _place(last_event_id, epoch, now_at) if last_event_id else now_at
    position = now_at if known is None else known
    begin = str(Cursor(epoch, position))
    if known is None:
        yield ServerSentEvent(event="reset", data={}, id=begin, retry=RETRY_MS)
    else:
        yield ServerSentEvent(id=begin, retry=RETRY_MS)
    with tail.watched():
        while loop.time() < ends_at:
            moved = tail.moved
            rows, reached = await _next(service, tail, who, position)
            for row in rows:
                yield ServerSentEvent(
                    raw_data=cloud_event(row).model_dump_json(), id=str(Cursor(epoch, row.position or 0))
                )
            if reached == position:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(ends_at):
                        await moved.wait()
            position = reached


async def _next(service: Service, tail: Tail, who: Actor, position: int) -> tuple[Sequence[OutsideEvent], int]:
    """Give what is for this actor after a position, and how far that reaches."""
    fresh = tail.after(position)
    if fresh is not None:
        hoped = scope_of(who.roles, who.party_id, who.area_code, granted=True)
        reached = (fresh[-1].position or 0) if fresh else position
        fresh = [row for row in fresh if hoped.sees(row.channel, row.area_code, row.type)]
        if not fresh:
            return (), reached
        async with service.database.reading() as tx:
            scope = await queries.current_scope(tx, who, service.clock())
        return [row for row in fresh if scope.sees(row.channel, row.area_code, row.type)], reached
    async with service.database.reading() as tx:
        scope = await queries.current_scope(tx, who, service.clock())
        until = await queries.head(tx)
        rows = await queries.seen_by(tx, scope, position, until, PAGE)
    return rows, (rows[-1].position or 0) if len(rows) == PAGE else until


def cloud_event(row: OutsideEvent) -> CloudEvent:
    return CloudEvent(
        id=row.event_id,
        type=row.type,
        subject=row.aggregate_id,
        time=row.at,
        sequence=f"{row.sequence:010d}",
        channel=row.channel,
        area=row.area_code,
        data=row.data,
    )


def _place(cursor: str | None, epoch: str, head: int) -> int | None:
    """Give the position that a cursor of this feed names; None for any other."""
    read = Cursor.read(cursor) if cursor else None
    return read.position if read is not None and read.epoch == epoch and read.position <= head else None
