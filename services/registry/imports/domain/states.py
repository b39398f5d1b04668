"""What may happen to a file that was handed in, and when; without it a second click could import twice."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.values import Role
from shared.errors import Conflict, Problem
from shared.machine import Machine, Move

SYSTEM = "system"
"""The capacity in which the platform itself reads and writes."""
_OPERATOR = frozenset({str(Role.OPERATOR)})
_PLATFORM = frozenset({SYSTEM})


class State(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"
    """It waits to be checked, or is being checked."""
    UNREADABLE = "unreadable"
    CHECKED = "checked"
    """The preview is there; nothing was written."""
    CONFIRMED = "confirmed"
    """It waits to be written, or is being written: all of it or nothing."""
    DONE = "done"
    DISCARDED = "discarded"


class Verb(StrEnum):
    HAND_IN = "hand_in"
    FIND_UNREADABLE = "find_unreadable"
    CHECK = "check"
    CONFIRM = "confirm"
    STOP = "stop"
    WRITE = "write"
    DISCARD = "discard"


OPEN = frozenset({State.WAITING, State.CHECKED, State.CONFIRMED})
"""The same file of the same kind is handed in once while it stands here."""


@dataclass(frozen=True, slots=True)
class Case:
    """A checked file before somebody who confirms it."""

    bad_rows: int
    skip_bad: bool = True


def no_bad_row_unless_skipped(case: Case) -> Problem | None:
    """All rows or none, unless leaving the bad ones out is asked for in so many words (D)."""
    if case.skip_bad or not case.bad_rows:
        return None
    return Conflict(
        "bad-rows",
        f"{case.bad_rows} rows are bad. Mend them and hand the file in again, or confirm with `skip_bad`.",
        f"有 {case.bad_rows} 行有问题。请改正后重新上传，或确认时选择跳过（skip_bad）。",
        bad_rows=case.bad_rows,
    )


IMPORT: Machine[State, Verb, Case] = Machine(
    "import",
    {
        Verb.HAND_IN: Move(sources=frozenset(), target=State.WAITING, roles=_OPERATOR),
        Verb.FIND_UNREADABLE: Move(sources=frozenset({State.WAITING}), target=State.UNREADABLE, roles=_PLATFORM),
        Verb.CHECK: Move(sources=frozenset({State.WAITING}), target=State.CHECKED, roles=_PLATFORM),
        Verb.CONFIRM: Move(
            sources=frozenset({State.CHECKED}),
            target=State.CONFIRMED,
            roles=_OPERATOR,
            checks=(no_bad_row_unless_skipped,),
        ),
        # What was good when it was checked is so no more: everything is told anew, nothing was written.
        Verb.STOP: Move(sources=frozenset({State.CONFIRMED}), target=State.CHECKED, roles=_PLATFORM),
        Verb.WRITE: Move(sources=frozenset({State.CONFIRMED}), target=State.DONE, roles=_PLATFORM),
        Verb.DISCARD: Move(sources=frozenset({State.WAITING, State.CHECKED}), target=State.DISCARDED, roles=_OPERATOR),
    },
    final=frozenset({State.UNREADABLE, State.DONE, State.DISCARDED}),
)
