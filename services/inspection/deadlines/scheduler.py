"""The one loop that watches the time; without it clocks would be numbers in a table.

Any number of replicas may run it. It asks anew every quarter of a second and trusts no plan of its own: a clock that
jumps, a row that another replica wrote, a profile that was read again are all seen by the next look.
"""

from collections.abc import Mapping
from uuid import UUID

from prometheus_client import Counter, Gauge, Histogram

from services.inspection.deadlines.actions.failing import put_off
from services.inspection.deadlines.actions.firing import Climb, fire, nothing_more
from services.inspection.deadlines.queries import oldest_due
from services.inspection.domain import Kind
from shared.db import Aggregate
from shared.observe import logger
from shared.service import Service, Worker

AT_ONCE = 500
"""Clocks in one transaction: enough that statements cost little, few enough that a crash repeats little."""
LOOK_S = 0.25
FIRED = Counter("commonwatch_deadline_rungs_total", "Rungs of deadlines fired", ["rung"])
FAILED = Counter("commonwatch_deadline_faults_total", "Deadlines whose rung could not be fired, and were put off")
LATE = Gauge("commonwatch_deadline_oldest_seconds", "Age of the oldest rung that has fallen due and is not fired")
LAG = Histogram(
    "commonwatch_deadline_lag_seconds",
    "From the instant of a rung to its commit",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 600, 3600),
)
log = logger("deadlines")


class Scheduler:
    """Fires rungs. `objects` are the tables of what clocks are about, `climb` what happens besides telling."""

    def __init__(self, objects: Mapping[Kind, type[Aggregate]], climb: Climb = nothing_more) -> None:
        self._objects = objects
        self._climb = climb

    @property
    def worker(self) -> Worker:
        return Worker("deadlines", self.round, rest_s=LOOK_S, woken=False)

    async def round(self, service: Service) -> int:
        """Fire one batch of what has fallen due; give how many rungs that were."""
        now = service.clock()
        async with service.database.reading() as tx:
            oldest = await oldest_due(tx)
        LATE.set(max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
        if oldest is None or oldest > now:
            return 0
        taken: list[UUID] = []
        try:
            return await self._fire(service, taken)
        except Exception as fault:  # noqa: BLE001 — whatever one clock does wrong, the others must not wait for it
            log.warning("a batch of deadlines failed; each is tried alone", size=len(taken), error=type(fault).__name__)
        return sum([await self._alone(service, each) for each in taken])

    async def _fire(self, service: Service, taken: list[UUID], only: UUID | None = None) -> int:
        now = service.clock()
        async with service.database.transaction() as tx:
            done = await fire(
                tx, self._objects, self._climb, now, taken, at_most=AT_ONCE, only=None if only is None else [only]
            )
        committed = service.clock()
        for step in done:
            FIRED.labels(step.rung).inc()
            LAG.observe(max(0.0, (committed - step.at).total_seconds()))
        return len(done)

    async def _alone(self, service: Service, deadline_id: UUID) -> int:
        try:
            return await self._fire(service, [], deadline_id)
        except Exception as fault:  # noqa: BLE001 — put off, counted, and told by the doctor
            log.warning("a deadline could not be fired", deadline=str(deadline_id), error=type(fault).__name__)
            FAILED.inc()
            async with service.database.transaction() as tx:
                await put_off(tx, deadline_id, service.clock())
            return 0
