"""Legality as a table of data; without this file permission, buttons, clocks and documents would drift apart.

A `Machine` maps a verb to a `Move`: the states it starts from, the state it reaches, the roles that may make it, the
guards that the case must satisfy, the clock that it starts and the event that it states. One table answers
`permit` (may this happen?), `offers` (which buttons?) and the generated documents.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from shared.errors import Conflict, Forbidden, Problem

S = TypeVar("S", bound=StrEnum)
V = TypeVar("V", bound=StrEnum)
C = TypeVar("C")

Guard = Callable[[C], Problem | None]
"""Looks at a case (the facts a rule needs, gathered by the action) and returns why not, or None."""


@dataclass(frozen=True, kw_only=True)
class Move(Generic[S, C]):
    """One row of a machine.

    `sources` empty means: the move creates the object; `target` None: it stays in its state. `guards` speak about who
    and what is known before the ask (they hide the button); `checks` speak about what is asked (they refuse the
    request).
    """

    sources: frozenset[S]
    target: S | None = None
    otherwise: S | None = None
    """Where the same verb leads when what is asked decides the other way."""
    roles: frozenset[str]
    guards: tuple[Guard[C], ...] = ()
    checks: tuple[Guard[C], ...] = ()
    clock: str | None = None
    event: str | None = None
    source: str = ""
    """Where the rule comes from, with its mark."""

    def after(self, before: S | None, *, yes: bool = True) -> S:
        """Give the state that an object is in after the move; not `yes`: after a decision the other way."""
        assert yes or self.otherwise is not None, "only a move that is a decision has two ends"
        stays = before if self.target is None else self.target
        reached = stays if yes else self.otherwise
        assert reached is not None, "a move that creates an object says what becomes of it"
        return reached


@dataclass(frozen=True)
class Machine(Generic[S, V, C]):
    """A named transition table; iteration yields (verb, move) in table order."""

    name: str
    moves: Mapping[V, Move[S, C]]
    final: frozenset[S] = frozenset()
    _starting: dict[S, list[tuple[V, Move[S, C]]]] = field(init=False, repr=False, compare=False)
    """Which moves start from each state: lists ask for every row what can be done with it."""

    def __post_init__(self) -> None:
        MACHINES[self.name] = self
        starting: dict[S, list[tuple[V, Move[S, C]]]] = {}
        for verb, move in self.moves.items():
            for state in move.sources:
                starting.setdefault(state, []).append((verb, move))
        object.__setattr__(self, "_starting", starting)

    def __iter__(self) -> Iterator[tuple[V, Move[S, C]]]:
        return iter(self.moves.items())

    def permit(self, verb: V, state: S | None, roles: Collection[str], case: C) -> Move[S, C]:
        """Return the row that allows `verb`, or raise why not: 403 for who, 409 for when, the guard's own for what."""
        move = self.permit_role(verb, roles)
        if not _starts_from(move, state):
            raise Conflict(
                "illegal-transition",
                f"“{verb}” is not possible while the state is “{state}”; it starts from {_some(move.sources)}.",
                f"状态为“{state}”时不能执行“{verb}”，须为：{_some(move.sources)}。",
                verb=verb,
                state=state,
                allowed_from=sorted(move.sources),
            )
        for guard in (*move.guards, *move.checks):
            if (problem := guard(case)) is not None:
                raise problem
        return move

    def permit_role(self, verb: V, roles: Collection[str]) -> Move[S, C]:
        """Refuse whoever could never do this, before the object is looked for: a 403 then tells nothing of it."""
        move = self.moves[verb]
        if not move.roles & set(roles):
            raise Forbidden(
                "role-may-not",
                f"Your role may not do “{verb}”; it takes {_some(move.roles)}.",
                f"您的身份不能执行“{verb}”，需要：{_some(move.roles)}。",
                verb=verb,
                roles=sorted(move.roles),
                source=move.source,
            )
        return move

    def offers(self, state: S, roles: Collection[str], case: C) -> list[V]:
        """List the verbs that this person could use now: the buttons of every page and client."""
        return [
            verb
            for verb, move in self._starting.get(state, ())
            if not move.roles.isdisjoint(roles) and all(guard(case) is None for guard in move.guards)
        ]

    def states(self) -> list[S]:
        """List every state in the order of its enumeration."""
        some = next(move.target for move in self.moves.values() if move.target is not None)
        return list(type(some))


def _starts_from(move: Move[S, C], state: S | None) -> bool:
    return state in move.sources if move.sources else state is None


def _some(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


MACHINES: dict[str, Machine[Any, Any, Any]] = {}
"""Every machine of this process by name, for the generated documents and their tests."""
