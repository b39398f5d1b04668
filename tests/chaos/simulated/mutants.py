"""Known mistakes, each built in on purpose; without them nobody could say that the simulation finds any."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from chaos.simulated import consumers
from chaos.simulated.broker import Link
from chaos.simulated.consumers import ConsumerProcess, Letter
from chaos.simulated.database import PretendedArchive, Rows

from shared.broker import UNKNOWN, Answer, Kept, Way
from shared.inbox import plan as inbox_plan
from shared.relay import plan
from shared.relay.archive import Fact
from shared.relay.plan import Plan, Unsent
from shared.relay.reconcile import Reconciler

Patch = Callable[[pytest.MonkeyPatch], None]


def marks_what_was_not_acknowledged(patch: pytest.MonkeyPatch) -> None:
    told = Plan.answered

    def answered(self: Plan, rows: Sequence[Unsent], answers: Sequence[Answer], way: Way, now: float) -> int:
        return told(self, rows, [Answer(1) if answer is UNKNOWN else answer for answer in answers], way, now)

    patch.setattr(Plan, "answered", answered)


def sends_two_rows_of_one_aggregate_together(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Plan, "next_round", lambda _, rows, now: (min(len(rows), plan.TOGETHER_ROWS), Way.TOGETHER))


def scans_behind_a_cursor(patch: pytest.MonkeyPatch) -> None:
    scan = PretendedArchive.unsent

    async def unsent(self: Any, held: Sequence[UUID], stored: Sequence[int], limit: int) -> tuple[list[Fact], float]:
        cursor = getattr(self, "cursor", 0)
        facts = [fact for fact in (await scan(self, held, stored, limit))[0] if fact.id > cursor]
        self.cursor = max((fact.id for fact in facts), default=cursor)
        return facts, 0.0

    patch.setattr(PretendedArchive, "unsent", unsent)


def holds_nothing_back_after_a_failure(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Plan, "held", lambda *_: [])


def sends_followers_of_a_row_that_failed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Link, "stops_at_a_failure", False)


def compares_numbers_instead_of_ids(patch: pytest.MonkeyPatch) -> None:
    async def compare(self: Reconciler, archive: Any, state: Any) -> int:
        tail = await archive.tail(self.stream, state.epoch)
        if tail is None or tail.last_seq <= state.last_seq:
            return 0
        return await self._resend_lacking(archive, state, tail.first_id, state.last_seq + 1)

    patch.setattr(Reconciler, "_compare", compare)


def adopts_without_raising_the_version(patch: pytest.MonkeyPatch) -> None:
    adopt = PretendedArchive._adopt

    def adopted(self: Any, rows: Rows, epoch: Any, kept: Kept) -> None:
        versions = dict(rows.versions)
        adopt(self, rows, epoch, kept)
        rows.versions = versions

    patch.setattr(PretendedArchive, "_adopt", adopted)


def publishes_before_the_first_comparison(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Reconciler, "ready", property(lambda self: self.epoch is not None))


def applies_without_a_look_at_the_version(patch: pytest.MonkeyPatch) -> None:
    def every(_: object, letters: Sequence[Letter]) -> Any:
        return inbox_plan.Sorted(ready=list(letters), moved={one.key: one.version for one in letters})

    patch.setattr(consumers, "sort", every)


def forgets_what_was_applied(patch: pytest.MonkeyPatch) -> None:
    """Neither the inbox nor the seen versions outlive the transaction."""
    patch.setattr(ConsumerProcess, "_remember", lambda *_: None)


def acknowledges_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    react = ConsumerProcess._react

    async def reacted(self: ConsumerProcess, ready: Sequence[Letter]) -> Any:
        for letter in ready:
            self._end(letter)
        return await react(self, ready)

    patch.setattr(ConsumerProcess, "_react", reacted)


def never_asks_for_what_is_missing(patch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> None:
        return None

    patch.setattr(ConsumerProcess, "_ask", silent)


MUTANTS: tuple[Patch, ...] = (
    marks_what_was_not_acknowledged,
    sends_two_rows_of_one_aggregate_together,
    scans_behind_a_cursor,
    holds_nothing_back_after_a_failure,
    sends_followers_of_a_row_that_failed,
    compares_numbers_instead_of_ids,
    adopts_without_raising_the_version,
    publishes_before_the_first_comparison,
    applies_without_a_look_at_the_version,
    forgets_what_was_applied,
    acknowledges_before_the_commit,
    never_asks_for_what_is_missing,
)
