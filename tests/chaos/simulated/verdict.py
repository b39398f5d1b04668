"""Judges a world that came to rest; without it a simulation would only show that nothing crashed."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from chaos.simulated.simulation import Simulation
    from chaos.simulated.world import World


def at_rest(simulation: "Simulation") -> bool:
    """Nothing waits anywhere."""
    rows, server = simulation.world.database.rows, simulation.world.server
    return (
        not rows.outbox
        and len(rows.sent) == len(simulation.world.promised)
        and not any(durable.open for durable in server.durables.values())
        and not any(applied.letters for applied in simulation.applied.values())
        and simulation.world.promised.keys() <= simulation.world.in_stream()
    )


def judge(simulation: "Simulation") -> str:
    """Give the first broken promise; empty when all were kept."""
    return next(chain(_of_database(simulation.world), _of_consumers(simulation)), "")


def _of_database(world: "World") -> Iterator[str]:
    rows = world.database.rows
    log = [one.fact for one in rows.sent.values()]
    if rows.outbox:
        yield f"unsent: {[(fact.aggregate_id.int, fact.version) for fact in rows.outbox.values()]}"
    if rows.buried:
        yield "an aggregate is blocked for ever"
    if sorted(fact.event_id for fact in log) != sorted(world.promised):
        yield f"the log of record has {len(log)} facts of {len(world.promised)}"
    versions: defaultdict[UUID, dict[int, UUID]] = defaultdict(dict)
    for fact in log:
        versions[fact.aggregate_id][fact.version] = fact.event_id
    for key, found in versions.items():
        if [found.get(number) for number in range(1, len(found) + 1)] != world.ever[key]:
            yield f"the versions of {key.int} have a gap: {sorted(found)}"
        if rows.versions.get(key, len(found)) != len(found):
            yield f"{key.int} has version {rows.versions[key]} and {len(found)} facts"
    if lost := world.promised.keys() - world.in_stream():
        yield f"{len(lost)} facts are not in the stream"


def _of_consumers(simulation: "Simulation") -> Iterator[str]:
    for name, applied in simulation.applied.items():
        if applied.letters:
            waiting = [(kept.letter.version, kept.state.value) for kept in applied.letters.values()]
            yield f"{name}: {waiting} wait for ever"
        offered = simulation.world.server.durables[name].offered
        effects: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for letter in applied.effects:
            effects[letter.key[1]].append(letter.event_id)
        for key, stored in simulation.world.ever.items():
            # Who began to listen late needs no more than leads up to what it heard.
            heard = stored if name == "early" else stored[: max(offered.get(key, 0), applied.last(key))]
            wanted = [event_id for event_id in heard if event_id not in applied.discarded]
            if effects[key] != wanted:
                yield f"{name}: {len(effects[key])} effects of {len(wanted)} facts of {key.int}"
