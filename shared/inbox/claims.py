"""Claims events in the inbox, in the transaction of their effects; without it a second copy would act again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import first_of
from shared.inbox import statements as sql
from shared.inbox.opening import Letter
from shared.inbox.plan import Key, Sorted, in_order, sort


async def claim(tx: AsyncSession, consumer: str, letters: Sequence[Letter]) -> tuple[Sorted[Letter], Mapping[Key, int]]:
    """Claim what may be applied now, in the order to apply it; tell what is early, and what was seen of those.

    One statement when, as nearly always, each message is the next version of its aggregate.
    """
    keys = Counter(letter.key for letter in letters)
    ids = Counter(letter.event_id for letter in letters)
    alone = [letter for letter in letters if keys[letter.key] == ids[letter.event_id] == 1]
    claimed: set[UUID] = set()
    if alone:
        columns = (
            consumer,
            [letter.key[0] for letter in alone],
            [letter.key[1] for letter in alone],
            [letter.version for letter in alone],
            [letter.event_id for letter in alone],
        )
        claimed = {row.event_id for row in await first_of(tx, sql.EXPECTED, columns)}
    others = [letter for letter in letters if letter.event_id not in claimed]
    if not others:
        return Sorted(list(letters)), {}
    found, seen = await _claim_carefully(tx, consumer, others)
    ready = [letter for letter in letters if letter.event_id in claimed]
    found.ready = in_order([*ready, *found.ready])
    return found, seen


async def _claim_carefully(
    tx: AsyncSession, consumer: str, letters: Sequence[Letter]
) -> tuple[Sorted[Letter], dict[Key, int]]:
    """Lock what was seen of every aggregate, then decide."""
    keys = sorted({letter.key for letter in letters})
    named = {"consumer": consumer, "aggregates": [key[0] for key in keys], "ids": [key[1] for key in keys]}
    rows = await tx.execute(sql.LOCK_SEEN, named)
    seen: dict[Key, int] = {(row.aggregate, row.aggregate_id): row.version for row in rows}
    found = sort(seen, letters)
    if not found.ready:
        return found, seen
    events = [letter.event_id for letter in found.ready]
    claimed = set((await tx.execute(sql.CLAIM, {"consumer": consumer, "events": events})).scalars())
    next_ones, found.ready = found.ready, []
    for letter in next_ones:
        # An id that is used twice is one event sent twice: its second version counts, and has no effect.
        (found.ready if letter.event_id in claimed else found.known).append(letter)
        claimed.discard(letter.event_id)
    moved = {
        "aggregates": [key[0] for key in found.moved],
        "ids": [key[1] for key in found.moved],
        "versions": list(found.moved.values()),
    }
    await tx.execute(sql.MARK_SEEN, {"consumer": consumer, **moved})
    return found, seen | found.moved


async def seen_of(tx: AsyncSession, consumer: str, key: Key) -> int:
    """Give the last version that was applied or passed over."""
    names = {"consumer": consumer, "aggregate": key[0], "id": key[1]}
    return (await tx.execute(sql.SEEN, names)).scalar_one_or_none() or 0


async def pass_over(tx: AsyncSession, consumer: str, key: Key, version: int) -> None:
    """Record the versions up to this one as seen without an effect, so that those after it may follow."""
    await tx.execute(sql.PASS, {"consumer": consumer, "aggregate": key[0], "id": key[1], "version": version})
