"""Compares each clock that ran with what the profile says turns it, by the history of its object."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.inspection.hazards.domain import Deed, Verb, overlay_of
from shared.profile import Profile
from shared.testing import Platform

_BESIDE_MOVES = {
    ("entry", "receive"): "inspection.report.received",
    ("entry", "supplement"): "volunteer.report.evidence_added",
    ("hazard", "register"): "inspection.hazard.registered",
    ("hazard", "escalate"): "inspection.hazard.escalated",
}
"""What history calls a happening that is no move, and the event that states it."""
Instant = tuple[UUID, datetime]


async def clocks_as_told(platform: Platform) -> int:
    """See that each clock began and was met by what the profile names; give how many were compared."""
    rules: Profile = platform.service("inspection").profile
    happened = await platform.rows("inspection", "select object_kind, object_id, at, verb from history")
    names: Mapping[Instant, set[str]] = defaultdict(set)
    for row in happened:
        names[row["object_id"], row["at"]].add(_name(row["object_kind"], row["verb"]))
    compared, strange = 0, list[str]()
    for clock in await platform.rows("inspection", "select * from deadlines"):
        told = rules.clocks.get(clock["key"])
        for deed, at in (("starts", clock["starts_at"]), ("stops", _met_at(clock))):
            seen = names.get((clock["object_id"], at), set())
            if told is None or not seen:
                continue
            compared += 1
            if not seen & set(getattr(told, deed)):
                strange.append(f"{clock['key']}: {deed}: one of {sorted(seen)}, the profile says {getattr(told, deed)}")
    assert not strange, "\n".join(sorted(set(strange)))
    return compared


def _met_at(clock: Mapping[str, Any]) -> datetime | None:
    return clock["ended_at"] if clock["state"] == "met" else None


def _name(kind: str, verb: str) -> str:
    if known := _BESIDE_MOVES.get((kind, verb)):
        return known
    if kind != "hazard":
        return f"{'docket' if kind == 'entry' else kind}.{verb}"
    if verb.startswith("part_"):
        return f"part.{verb.removeprefix('part_')}"
    known_verb = Verb(verb) if verb in set(Verb) else Deed(verb)
    beside = overlay_of(known_verb)
    return f"{beside.machine.name if beside else 'hazard'}.{verb}"
