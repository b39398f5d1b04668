"""Decides what a consumer does with what was delivered; without I/O, so that a simulation can try every accident.

The versions of an aggregate are contiguous from 1. What is next may be applied, what lies behind was applied, and
what lies ahead is early: it is held for a while, then it waits as a letter until those before it are there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar
from uuid import UUID

MAX_TRIES = 5
"""A letter is left to the operator after so many reactions that failed, or that ended with the process. Deliveries
that ended otherwise (held, or in the hands of a process that was killed while it did something else) do not count."""
CALM_DELIVERIES = 3
"""What was delivered more often is tried alone, and the attempt is written down first: it may be what kills us."""
HOLDS_S = (0.2, 0.8, 3.0, 6.0)
"""So long an early letter is held, delivery by delivery; after the last it waits without being delivered again."""
ASKS_AT = 3
"""On this hold the owner is asked for what is missing."""
RETRY_S = 0.2

Key = tuple[str, UUID]
"""What is versioned: `owner.noun` and the id, for two owners may use one id."""


class State(StrEnum):
    """What became of a letter that could not be applied at once."""

    FAILING = "failing"
    """Its reaction failed; the broker delivers it again."""
    WAITING = "waiting"
    """An earlier version is missing, or lies here itself; it follows by itself."""
    OPEN = "open"
    """Only an operator can bring it further."""
    REPLAYED = "replayed"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Again:
    """Deliver it again after so many seconds; ask the owner for what is missing before it, or not."""

    after_s: float
    recall: bool = False


class Numbered(Protocol):
    """What a decision needs to know of a letter."""

    @property
    def key(self) -> Key: ...
    @property
    def version(self) -> int: ...
    @property
    def stream_seq(self) -> int: ...


N = TypeVar("N", bound=Numbered)


@dataclass(slots=True)
class Sorted(Generic[N]):
    """What a batch consists of, given the versions seen before."""

    ready: list[N] = field(default_factory=list[N])
    """May be applied now, one after the other."""
    early: list[N] = field(default_factory=list[N])
    known: list[N] = field(default_factory=list[N])
    """Were applied before, or twice in this batch."""
    moved: dict[Key, int] = field(default_factory=dict[Key, int])
    """The versions that count as seen when what is ready was applied."""


def sort(seen: Mapping[Key, int], letters: Iterable[N]) -> Sorted[N]:
    """Tell apart what may be applied now, what came too early and what was applied before."""
    found = Sorted[N]()
    for letter in sorted(letters, key=lambda each: each.version):
        last = found.moved.get(letter.key, seen.get(letter.key, 0))
        if letter.version <= last:
            found.known.append(letter)
        elif letter.version == last + 1:
            found.moved[letter.key] = letter.version
            found.ready.append(letter)
        else:
            found.early.append(letter)
    return found


def in_order(letters: Sequence[N]) -> list[N]:
    """Order as the stream did, but each aggregate by its versions: what is sent again stands behind its followers."""
    versions: defaultdict[Key, list[N]] = defaultdict(list)
    for letter in sorted(letters, key=lambda each: each.version, reverse=True):
        versions[letter.key].append(letter)
    return [versions[letter.key].pop() for letter in sorted(letters, key=lambda each: each.stream_seq)]


def suspect(num_delivered: int) -> bool:
    """Tell whether a message comes so often that it must not be taken together with others."""
    return num_delivered > CALM_DELIVERIES


def before_trying(tries: int) -> State | None:
    """Decide whether a suspect is tried for the so-manieth time at all; None: try it."""
    return State.OPEN if tries > MAX_TRIES else None


def after_failure(tries: int, *, permanent: bool) -> Again | State:
    """Decide what becomes of a letter whose reaction failed for the so-manieth time."""
    return State.OPEN if permanent or tries >= MAX_TRIES else Again(RETRY_S * 2**tries)


def when_early(deliveries: int, ahead: State | None) -> Again | State:
    """Decide what becomes of an early letter; `ahead` is the state of the first letter of its aggregate before it."""
    if ahead in {State.OPEN, State.WAITING} or deliveries > len(HOLDS_S):
        return State.WAITING
    return Again(HOLDS_S[max(deliveries, 1) - 1], recall=ahead is None and deliveries == ASKS_AT)
