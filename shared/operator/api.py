"""Routes: every service's operator sees what is stuck, and brings it further or gives it up."""

from functools import cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.params import Depends

from shared.inbox.plan import State
from shared.operator import queries
from shared.operator.actions import Desk
from shared.operator.queries import Asked, Found
from shared.operator.shapes import CompareView, Discard, EventsView, LetterDetail, LettersView, Replay
from shared.permission import allowed
from shared.service import COMPARE, Service
from shared.web import Here, Tx, Who

MAX_ID = 2**63 - 1

LetterId = Annotated[int, Path(ge=1, le=MAX_ID)]
After = Annotated[int | None, Query(ge=1, le=MAX_ID, description="The `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str | None, Query(max_length=40, pattern="^[a-z]+$")]


@cache
def operating(prefix: str, dependencies: tuple[Depends, ...] = ()) -> APIRouter:
    """Give the routes of one service's operator."""
    router = APIRouter(prefix=prefix, tags=["operator"], dependencies=list(dependencies))
    reads, mends = [allowed("flow.read")], [allowed("flow.mend")]
    router.get("/dead-letters", response_model=LettersView, dependencies=reads)(list_letters)
    router.get("/dead-letters/{letter_id}", response_model=LetterDetail, dependencies=reads)(show_letter)
    router.post("/dead-letters/{letter_id}/replay", response_model=LetterDetail, dependencies=mends)(replay_letter)
    router.post("/dead-letters/{letter_id}/discard", response_model=LetterDetail, dependencies=mends)(discard_letter)
    router.get("/events", response_model=EventsView, dependencies=reads)(show_events)
    router.post("/events/compare", response_model=CompareView, status_code=202, dependencies=mends)(compare)
    return router


async def list_letters(
    tx: Tx,
    state: State | None = None,
    consumer: Word = None,
    aggregate_id: UUID | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Found:
    """List events that could not be applied or sent, the newest first."""
    items, following = await queries.letters(tx, Asked(state, consumer, aggregate_id), after, limit)
    return {"items": items, "next": following}


async def show_letter(letter_id: LetterId, tx: Tx) -> Found:
    """Show one of them with all that it says."""
    return _detail(await queries.letter(tx, letter_id))


async def replay_letter(letter_id: LetterId, ask: Replay, who: Who, here: Here) -> Found:
    """Try once more what failed or waits; those who waited for it follow."""
    await Desk(here.database, here.consumer).replay(letter_id, who, ask)
    return await _shown(here, letter_id)


async def discard_letter(letter_id: LetterId, ask: Discard, who: Who, here: Here) -> Found:
    """Give it up; those who waited for it follow without it."""
    await Desk(here.database, here.consumer).discard(letter_id, who, ask)
    return await _shown(here, letter_id)


async def show_events(tx: Tx, here: Here, *, thorough: bool = False) -> Found:
    """Tell how the service's events stand: what is unsent, what the broker lacked, what is stuck.

    `thorough` also looks whether the versions of every object in the log of record are contiguous, which takes long.
    """
    return {
        **await queries.standing(tx, thorough=thorough),
        "relay_active": here.relay is not None and here.relay.active,
        "broker_connected": here.broker is not None and here.broker.connected(),
    }


async def compare(here: Here) -> CompareView:
    """Have everything that was ever sent compared with what the broker holds; what it lacks is sent again."""
    if here.broker is None or not here.broker.connected():
        return CompareView(asked=False)
    await here.broker.tell(f"poke.{here.name}", COMPARE)
    return CompareView(asked=True)


async def _shown(here: Service, letter_id: int) -> Found:
    async with here.database.reading() as tx:
        return _detail(await queries.letter(tx, letter_id))


def _detail(found: Found) -> Found:
    data: bytes = found["data"]
    try:
        body = data.decode()
    except UnicodeDecodeError:
        body = data.hex()
    return {**found, "body": body}
