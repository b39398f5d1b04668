"""Judges a world that came to rest; without it a simulation would only show that nothing crashed."""

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from chaos.simulated.consumers import Applied
    from chaos.simulated.simulation import Simulation


def at_rest(simulation: "Simulation") -> bool:
    """Nothing waits anywhere."""
    rows, server = simulation.world.database.rows, simulation.world.server
    return (
        not rows.outbox
        and not any(durable.open for durable in server.durables.values())
        and not any(applied.letters for applied in simulation.applied.values())
        and simulation.world.promised.keys() <= simulation.world.in_stream()
    )


def judge(simulation: "Simulation") -> str:
    """Give the first broken promise; empty when all were kept."""
    world, rows = simulation.world, simulation.world.database.rows
    log = [one.fact for one in rows.sent.values()]
    if rows.outbox:
        return f"unsent: {[(fact.aggregate_id.int, fact.version) for fact in rows.outbox.values()]}"
    if rows.buried:
        return "an aggregate is blocked for ever"
    if sorted(fact.event_id for fact in log) != sorted(world.promised):
        return f"the log of record has {len(log)} facts of {len(world.promised)}"
    versions: defaultdict[UUID, dict[int, UUID]] = defaultdict(dict)
    for fact in log:
        versions[fact.aggregate_id][fact.version] = fact.event_id
    for key, found in versions.items():
        if [found.get(number) for number in range(1, len(found) + 1)] != world.ever[key]:
            return f"the versions of {key.int} have a gap: {sorted(found)}"
        if rows.versions.get(key, len(found)) != len(found):
            return f"{key.int} has version {rows.versions[key]} and {len(found)} facts"
    if lost := world.promised.keys() - world.in_stream():
        return f"{len(lost)} facts are not in the stream"
    for name, applied in simulation.applied.items():
        offered = world.server.durables[name].offered
        heard_of = {key: stored if name == "early" else stored[: offered.get(key, 0)] for key, stored in world.ever.items()}
        if fault := _of_consumer(applied, heard_of):
            return f"{name}: {fault}"
    return ""


def _of_consumer(applied: "Applied", heard_of: dict[UUID, list[UUID]]) -> str:
    if applied.letters:
        return f"{[(kept.letter.version, kept.state.value) for kept in applied.letters.values()]} wait for ever"
    effects: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for letter in applied.effects:
        effects[letter.key[1]].append(letter.event_id)
    for key, stored in heard_of.items():
        wanted = [event_id for event_id in stored if event_id not in applied.discarded]
        if effects[key] != wanted:
            return f"{len(effects[key])} effects of {len(wanted)} facts of {key.int}"
    return ""
