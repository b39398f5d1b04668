"""What every noun says of a row that cannot be kept; without it a list would be mended one refusal at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.errors import BadInput, Conflict

MAX_TOLD = 200
"""Faults of one list that are spelt out; the rest of a list so bad is only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row of a list cannot be kept: which row (from 0), which field (dotted), and how to say it."""

    index: int
    field: str
    slug: str
    en: str
    zh: str
    taken: bool = False
    """The row is right in itself, but another holds what it asks for."""

    def told(self) -> dict[str, Any]:
        return {
            "at": ["body", self.index, *self.field.split(".")],
            "what": self.slug,
            "message_en": self.en,
            "message_zh": self.zh,
        }


def refuse(faults: Iterable[Fault]) -> None:
    """Raise what is wrong with a list, every row of it: the first fault by name, all of them under `errors`.

    `Conflict` when nothing but what others hold stands in the way, `BadInput` otherwise.
    """
    found: Sequence[Fault] = sorted(faults, key=lambda fault: fault.index)
    if not found:
        return
    first = next((fault for fault in found if not fault.taken), found[0])
    raise (Conflict if first.taken else BadInput)(
        first.slug,
        first.en,
        first.zh,
        index=first.index,
        errors=[fault.told() for fault in found[:MAX_TOLD]],
        faults=len(found),
    )
