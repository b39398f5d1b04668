"""What is wrong with an organisation (authority, agency, union …) as it is to be registered. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from services.registry.domain import Fault
from services.registry.parties.domain.codes import code_fault


class Stated(Protocol):
    """What the rules look at of a party as it is to be."""

    @property
    def area_code(self) -> str: ...
    @property
    def uscc(self) -> str | None: ...
    @property
    def parent_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds already, of all that the list speaks of."""

    areas: Collection[str]
    holders: Mapping[str, UUID] = field(default_factory=dict[str, UUID])
    """Credit code → the party that holds it."""
    parents: Mapping[UUID, UUID | None] = field(default_factory=dict[UUID, UUID | None])
    """Party → the one above it, for all above those of the list."""


def faults(asks: Sequence[tuple[UUID, Stated]], known: Known) -> Iterator[Fault]:
    """Say all that is wrong with a list of parties, row by row."""
    listed: dict[UUID, int] = {}
    typed: dict[str, int] = {}
    above = {**known.parents, **{party_id: ask.parent_id for party_id, ask in asks}}
    for index, (party_id, ask) in enumerate(asks):
        if listed.setdefault(party_id, index) != index:
            yield _fault(index, "id", "listed-twice", "The list names this id twice.", "列表中该编号重复。")
        if ask.area_code not in known.areas:
            yield _fault(
                index,
                "area_code",
                "unknown-area",
                f"There is no area {ask.area_code}; register it first.",
                f"没有编码为 {ask.area_code} 的区划，请先登记。",
            )
        if ask.uscc is not None:
            if words := code_fault(ask.uscc):
                yield _fault(index, "uscc", *words)
            elif typed.setdefault(ask.uscc, index) != index or known.holders.get(ask.uscc, party_id) != party_id:
                yield Fault(
                    index,
                    "uscc",
                    "already-exists",
                    f"Another party is registered under “{ask.uscc}”.",
                    f"“{ask.uscc}”已由另一单位登记使用。",
                    taken=True,
                )
        if ask.parent_id is not None:
            yield from _above(index, party_id, ask.parent_id, above)


def _above(index: int, party_id: UUID, parent_id: UUID, above: Mapping[UUID, UUID | None]) -> Iterator[Fault]:
    if parent_id not in above:
        yield _fault(
            index, "parent_id", "unknown-party", "There is no such party; register it first.", "请先登记上级单位。"
        )
        return
    met: set[UUID] = set()
    step: UUID | None = parent_id
    while step is not None and step not in met:
        if step == party_id:
            yield _fault(
                index, "parent_id", "party-above-itself", "A party cannot stand above itself.", "单位不能是自己的上级。"
            )
            return
        met.add(step)
        step = above.get(step)


def _fault(index: int, where: str, slug: str, en: str, zh: str) -> Fault:
    return Fault(index, where, slug, en, zh)
