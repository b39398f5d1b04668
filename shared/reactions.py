"""What a service does when something happened elsewhere; without it no reader could find what an event causes."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Envelope, Event

E = TypeVar("E", bound=Event)

Reaction = Callable[[Any, AsyncSession], Awaitable[None]]
EnvelopeReaction = Callable[[Event, Envelope, AsyncSession], Awaitable[None]]


class Permanent(Exception):
    """This event can never be applied; park it at once instead of trying again."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One reaction with the name that operators see."""

    name: str
    react: Reaction


class Reactions:
    """The reactions of a service or of one noun in it.

    A reaction runs inside the consumer's transaction together with its inbox row: it writes rows and emits events,
    never touches anything outside the database, and may run twice only if its first run was rolled back.
    """

    def __init__(self) -> None:
        self._by_type: dict[str, list[Heard]] = defaultdict(list)
        self.every: list[EnvelopeReaction] = []
        """Reactions to all events (projections, notices): they get the envelope too."""

    def on(
        self, *events: type[E]
    ) -> Callable[[Callable[[E, AsyncSession], Awaitable[None]]], Callable[[E, AsyncSession], Awaitable[None]]]:
        """Register a reaction to these events."""

        def register(
            react: Callable[[E, AsyncSession], Awaitable[None]],
        ) -> Callable[[E, AsyncSession], Awaitable[None]]:
            for event in events:
                self._by_type[event.type_name()].append(Heard(react.__name__, react))
            return react

        return register

    def add(self, type_name: str, heard: Iterable[Heard]) -> None:
        self._by_type[type_name].extend(heard)

    def on_every(self, react: EnvelopeReaction) -> EnvelopeReaction:
        """Register a reaction to all events of all services."""
        self.every.append(react)
        return react

    def of(self, type_name: str) -> list[Heard]:
        return self._by_type.get(type_name, [])

    def types(self) -> list[str]:
        return sorted(self._by_type)

    def filters(self) -> list[str]:
        """List the subjects to consume. Filters end at the aggregate, so that versions arrive without gaps."""
        if self.every:
            return ["cw.>"]
        pairs = {tuple(name.split(".")[1:3]) for name in self._by_type}
        return [f"cw.*.{owner}.{aggregate}.>" for owner, aggregate in sorted(pairs)]


def together(parts: Iterable[Reactions]) -> Reactions:
    """Merge the reactions of several nouns into those of their service."""
    whole = Reactions()
    for part in parts:
        whole.every.extend(part.every)
        for type_name in part.types():
            whole.add(type_name, part.of(type_name))
    return whole
