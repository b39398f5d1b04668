"""What was asked for and what its writer was told; without it a test could not tell a promise from a hope."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID


class Outcome(IntEnum):
    """The more certain outweighs: who was told yes once may not be told no by a later attempt."""

    FAILED = 0
    """Never sent, or refused: it must be nowhere."""
    UNKNOWN = 1
    """No answer: either, but the same everywhere."""
    OK = 2
    """Acknowledged: it must be everywhere, once."""


class Deed(StrEnum):
    """A kind of command. What an officer does is known by the claim that it is about."""

    REPORT = "report"
    ADDITION = "addition"
    ACCEPT = "accept"
    REJECT = "reject"
    CONFIRM = "confirm"
    ASSIGN = "assign"
    ORDER = "order"
    ANSWER = "answer"
    AUDIT = "audit"
    FINDING = "finding"
    SELF_CHECK = "self-check"
    DECLARED = "declared hazard"


@dataclass
class History:
    """Every command by its kind and id, and what is known of it."""

    deeds: dict[Deed, dict[UUID, Outcome]] = field(default_factory=lambda: defaultdict(dict))
    attempts: int = 0

    def note(self, deed: Deed, key: UUID, outcome: Outcome) -> Outcome:
        """Remember what an attempt came to, and give what is known after all attempts."""
        self.attempts += 1
        known = self.deeds[deed][key] = max(outcome, self.deeds[deed].get(key, Outcome.FAILED))
        return known

    def of(self, outcome: Outcome, deed: Deed = Deed.REPORT) -> list[UUID]:
        return [key for key, known in self.deeds[deed].items() if known is outcome]

    def __str__(self) -> str:
        told = Counter(known for each in self.deeds.values() for known in each.values())
        return f"{self.attempts} commands; {', '.join(f'{told[one]} {one.name.lower()}' for one in reversed(Outcome))}"


@dataclass
class Verdict:
    """Sentences about broken promises; the platform kept its word when there is none."""

    events: int = 0
    copies: int = 0
    """Events that the stream holds twice: allowed, because every inbox drops them."""
    lost: list[str] = field(default_factory=list[str])
    phantom: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    disordered: list[str] = field(default_factory=list[str])
    stuck: list[str] = field(default_factory=list[str])
    different: list[str] = field(default_factory=list[str])
    """Where a read copy is not what a replay from zero makes of the same events."""

    def faults(self) -> list[str]:
        return [*self.lost, *self.phantom, *self.doubled, *self.disordered, *self.stuck, *self.different]

    def __str__(self) -> str:
        return (
            f"{len(self.lost)} lost, {len(self.phantom)} phantom, {len(self.doubled)} doubled, "
            f"{len(self.disordered)} out of order, {len(self.stuck)} stuck, {len(self.different)} unlike a replay"
        )


@dataclass(frozen=True)
class Effect:
    """Something that a command causes somewhere: each row of `query` is one effect, named by its first column."""

    name: str
    service: str
    query: str
    values: tuple[object, ...] = ()
    key: Callable[[UUID], UUID] = field(default=lambda key: key)
    """From the command's key to the effect's."""


def compare(
    history: History,
    effects: Mapping[Deed, tuple[Effect, ...]],
    seen: Mapping[Effect, Counter[Any]],
    verdict: Verdict,
) -> None:
    """Compare how often each effect is there with what the writer was told; the first effect tells of an unknown."""
    wanted: dict[Effect, set[UUID]] = defaultdict(set)
    for deed, caused in effects.items():
        for key, outcome in history.deeds[deed].items():
            there = seen[caused[0]][caused[0].key(key)] > 0
            for effect in caused:
                wanted[effect].add(effect.key(key))
                _count(verdict, f"{effect.name} of {deed} {key}", outcome, seen[effect][effect.key(key)], there=there)
    for effect, counter in seen.items():
        verdict.phantom += [f"nobody caused {effect.name} {key}" for key in counter.keys() - wanted[effect]]


def _count(verdict: Verdict, what: str, outcome: Outcome, times: int, *, there: bool) -> None:
    wanted = {Outcome.OK: True, Outcome.FAILED: False, Outcome.UNKNOWN: there}[outcome]
    if wanted and times == 0:
        verdict.lost.append(f"{outcome.name.lower()} but lost: {what}")
    if times and not wanted:
        verdict.phantom.append(f"{outcome.name.lower()} but there: {what}")
    if times > 1:
        verdict.doubled.append(f"{times} times: {what}")
