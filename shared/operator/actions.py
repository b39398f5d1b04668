"""What an operator may do about a letter that is stuck; without it the only remedy would be SQL by hand.

Whoever locks the row first acts; a second operator is told that it was changed meanwhile.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth import Actor
from shared.db import Database, changed_meanwhile
from shared.errors import BadInput, Conflict
from shared.inbox import Consumer
from shared.inbox.causes import Cause, cause_of
from shared.inbox.claims import pass_over, seen_of
from shared.inbox.letters import as_incoming
from shared.inbox.opening import opened
from shared.inbox.plan import State
from shared.observe import logger
from shared.operator import queries
from shared.operator.shapes import Discard, Replay

RELAY = "relay"
RESTORED = "restored"

_LOCK = text("select * from dead_letter where id = :id for update skip locked")
_BEFORE = text("""
select count(*) from dead_letter
where consumer = :consumer and aggregate = :aggregate and aggregate_id = :aggregate_id and version < :version
  and state in ('failing', 'waiting', 'open')
""")
_ACTED = text("""
update dead_letter set state = :state, acted_by = :by, acted_at = now(), note = :note where id = :id
""")
_FAILED = text("""
update dead_letter set tries = tries + 1, error_class = :error_class, error = :error, died_at = now()
where id = :id and state in ('waiting', 'open')
""")
_WITHHOLD = text("""
update outbox set data = '{}', headers = '{}',
    subject = regexp_replace(subject, '[^.]+$', 'withheld'),
    type = 'commonwatch.' || split_part(subject, '.', 3) || '.' || split_part(subject, '.', 4) || '.withheld.v1'
where event_id = :event_id
""")
"""The version stays, or every later fact of the aggregate would wait for it at every consumer."""

log = logger("operator")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an operator of one service acts."""

    database: Database
    consumer: Consumer

    async def replay(self, letter_id: int, who: Actor, ask: Replay) -> None:
        """Try a letter once more, as if it were delivered now. Raises `Conflict` when it still fails or must wait."""
        try:
            async with self.database.transaction() as tx:
                row = await _taken(tx, letter_id)
                if row.consumer == RESTORED:
                    _note_needed(ask)
                elif row.consumer != RELAY:
                    await self._apply(tx, row, over_gap=ask.over_gap)
                await _acted(tx, row, State.REPLAYED, who, ask.note)
        except _StillFails as fails:
            async with self.database.transaction() as tx:
                told = {"id": letter_id, "error_class": fails.cause.error_class, "error": fails.cause.error}
                await tx.execute(_FAILED, told)
            raise _still_fails(fails.cause) from fails
        await self._let_follow(row)

    async def discard(self, letter_id: int, who: Actor, ask: Discard) -> None:
        """Give a letter up, so that those after it may pass. Raises `Conflict` when others come before it."""
        async with self.database.transaction() as tx:
            row = await _taken(tx, letter_id)
            if row.consumer == RELAY:
                await tx.execute(_WITHHOLD, {"event_id": row.event_id})
            elif row.consumer != RESTORED and row.version is not None:
                await _pass_gap(tx, row, over_gap=ask.over_gap)
                await pass_over(tx, row.consumer, (row.aggregate, row.aggregate_id), row.version)
            await _acted(tx, row, State.DISCARDED, who, ask.note)
        await self._let_follow(row)

    async def _apply(self, tx: AsyncSession, row: Row[Any], *, over_gap: bool) -> None:
        if row.version is not None:
            await _pass_gap(tx, row, over_gap=over_gap)
        try:
            await self.consumer.apply(tx, [opened(as_incoming(row))])
            await tx.flush()
        except Exception as failed:
            raise _StillFails(cause_of(failed)) from failed

    async def _let_follow(self, row: Row[Any]) -> None:
        if row.version is not None:
            key = (row.aggregate, row.aggregate_id)
            self.consumer.waits(key)
            await self.consumer.follow([key])


class _StillFails(Exception):
    def __init__(self, cause: Cause) -> None:
        super().__init__()
        self.cause = cause


async def _taken(tx: AsyncSession, letter_id: int) -> Row[Any]:
    """Lock a letter that an operator may act on."""
    row = (await tx.execute(_LOCK, {"id": letter_id})).one_or_none()
    if row is None:
        await queries.letter(tx, letter_id)
        raise changed_meanwhile()
    if row.state == State.FAILING:
        raise Conflict(
            "letter-still-tried",
            "This letter is still being tried by itself; wait until it is open.",
            "该信件仍在自动重试，请等待其转为待处理。",
        )
    if row.state not in {State.OPEN, State.WAITING}:
        raise Conflict("letter-settled", "This letter was dealt with already.", "该信件已处理完毕。", state=row.state)
    return row


async def _pass_gap(tx: AsyncSession, row: Row[Any], *, over_gap: bool) -> None:
    """Make sure that this letter is next; with `over_gap` versions that exist nowhere count as seen."""
    key = (row.aggregate, row.aggregate_id)
    seen = await seen_of(tx, row.consumer, key)
    if row.version <= seen + 1:
        return
    names = {"consumer": row.consumer, "aggregate": key[0], "aggregate_id": key[1], "version": row.version}
    if (await tx.execute(_BEFORE, names)).scalar_one():
        raise Conflict(
            "letters-before",
            "Letters with earlier versions of the same object lie here; deal with the first of them.",
            "同一对象的更早版本仍有信件待处理，请先处理最早的一封。",
            first_missing=seen + 1,
        )
    if not over_gap:
        raise Conflict(
            "versions-missing",
            "Earlier versions of the same object have not come. They are asked for again and again;"
            " if they exist nowhere, go over the gap.",
            "同一对象的更早版本尚未到达，系统会持续请求重发；如确认已无处可寻，请选择跳过缺口。",
            first_missing=seen + 1,
        )
    await pass_over(tx, row.consumer, key, row.version - 1)


async def _acted(tx: AsyncSession, row: Row[Any], state: State, who: Actor, note: str | None) -> None:
    await tx.execute(_ACTED, {"id": row.id, "state": state.value, "by": str(who.id), "note": note})
    log.warning(
        "operator acted",
        letter=row.id,
        consumer=row.consumer,
        event_id=str(row.event_id),
        to=state.value,
        by=str(who.id),
    )


def _note_needed(ask: Replay) -> None:
    if ask.note is None:
        raise BadInput("note-needed", "Say in a note what you found.", "请在备注中说明核查结果。")


def _still_fails(cause: Cause) -> Conflict:
    return Conflict(
        "still-fails",
        "The event still cannot be applied; nothing was half done.",
        "该事件仍无法处理，未产生任何部分结果。",
        error_class=cause.error_class,
        error=cause.error,
    )
