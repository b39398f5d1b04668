"""The one loop that watches the time; without it clocks would be numbers in a table.

Any number of replicas may run it. It rests until the next instant, but asks anew after a quarter of a second at the
latest and trusts no plan of its own: a clock that jumps, a row that another replica wrote, a profile that was read
again are all seen by the next look.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.actions.failing import put_off
from services.inspection.deadlines.actions.firing import Busy, Climb, fire, none_is, nothing_more
from services.inspection.deadlines.actions.recomputing import Moved, Pass, recompute, schedule
from services.inspection.deadlines.queries.falling import computed_otherwise, oldest_due
from services.inspection.domain import Kind
from shared.db import Aggregate
from shared.observe import logger, told_of
from shared.service import Service, Worker

AT_ONCE = 500
"""Clocks in one transaction: enough that statements cost little, few enough that a crash repeats little."""
LOOK_S = 0.25
SCHEDULE_S = 60.0
"""So often rows are looked for that an older version of this service wrote, while it still runs beside this one."""
FIRED = Counter("commonwatch_deadline_rungs_total", "Rungs of deadlines fired", ["rung"])
FAILED = Counter("commonwatch_deadline_faults_total", "Deadlines that could not be fired or computed anew, and wait")
LATE = Gauge("commonwatch_deadline_oldest_seconds", "Age of the oldest rung that has fallen due and is not fired")
LAG = Histogram(
    "commonwatch_deadline_lag_seconds",
    "From the instant of a rung to its commit",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 600, 3600),
)
log = logger("deadlines")


async def nobody(_tx: AsyncSession, _kind: Kind, _ids: Collection[UUID]) -> None:
    """Keep no copy of a date."""


class Scheduler:
    """Fires rungs, and computes dates anew when it begins and when the profile was read again.

    `objects` are the tables of what clocks are about; `climb` is what happens at a rung besides telling; `moved` keeps
    copies of dates in step; `busy` tells of which clocks somebody is moving what they are about in the end.
    """

    def __init__(
        self,
        objects: Mapping[Kind, type[Aggregate]],
        climb: Climb = nothing_more,
        moved: Moved = nobody,
        busy: Busy = none_is,
    ) -> None:
        self._objects = objects
        self._climb = climb
        self._busy = busy
        self._moved = moved
        self._rules = ""
        """By which all dates were looked at."""
        self._pass = Pass(None)
        self._passing_by = ""
        """By which rules the present pass goes through the clocks."""
        self._again = False
        """Whether somebody was moving what was to be looked at: it is looked at again with the next schedule."""
        self._scheduled_at: datetime | None = None
        self._rest_s = LOOK_S

    @property
    def worker(self) -> Worker:
        return Worker("deadlines", self.round, rest_s=LOOK_S, sooner_s=lambda: self._rest_s, woken=False)

    async def round(self, service: Service) -> int:
        """Fire one batch of what has fallen due; give how much was done. Dates are looked at first."""
        now = service.clock()
        if self._rules != service.profile.content_hash:
            return await self._look_at_dates(service, now)
        found = 0
        if self._scheduled_at is None or abs((now - self._scheduled_at).total_seconds()) >= SCHEDULE_S:
            async with service.database.transaction() as tx:
                found = await schedule(tx, at_most=AT_ONCE)
            self._scheduled_at = self._scheduled_at if found else now
            if self._again:
                self._rules, self._again = "", False
                return 1
        async with service.database.reading() as tx:
            oldest = await oldest_due(tx)
        LATE.set(max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
        due_in_s = (oldest - now).total_seconds() if oldest else LOOK_S
        self._rest_s = due_in_s if due_in_s > 0 else LOOK_S  # what is due and not fired is held by somebody else
        return found if oldest is None or oldest > now else found + await self._batch(service)

    async def _look_at_dates(self, service: Service, now: datetime) -> int:
        """Go one step through all running clocks; what somebody was moving is looked at in another pass."""
        rules = service.profile.content_hash
        if self._passing_by != rules:  # what was looked at by other rules is looked at again
            self._passing_by, self._pass = rules, Pass(None)
        before = self._pass
        try:
            step = await self._recompute(service, before.after, now, AT_ONCE)
        except Exception as fault:  # noqa: BLE001 — as for firing: the others must not wait for one
            log.warning("dates could not be computed anew; each is tried alone", **told_of(fault))
            step = await self._recompute_each(service, before.after, now)
        self._pass = Pass(step.after, before.changed + step.changed, before.left_out + step.left_out)
        if step.after is not None:
            return 1
        done, self._pass = self._pass, Pass(None)
        self._rules, self._again = rules, bool(done.left_out)
        if done.changed:
            log.info("deadlines were computed anew", changed=done.changed)
        return 1

    async def _recompute(self, service: Service, after: UUID | None, now: datetime, at_most: int) -> Pass:
        async with service.database.transaction() as tx:
            return await recompute(tx, self._objects, self._moved, after, now, at_most=at_most)

    async def _recompute_each(self, service: Service, after: UUID | None, now: datetime) -> Pass:
        async with service.database.reading() as tx:
            candidates = await computed_otherwise(tx, after, AT_ONCE)
        changed = left_out = 0
        for each in candidates:
            try:
                alone = await self._recompute(service, after, now, 1)
            except Exception as fault:  # noqa: BLE001 — it keeps the date that it has, and is tried again
                log.warning("a deadline could not be computed anew", deadline=str(each.id), **told_of(fault))
                FAILED.inc()
                alone = Pass(None, 0, 1)
            changed, left_out, after = changed + alone.changed, left_out + alone.left_out, each.id
        return Pass(after if len(candidates) == AT_ONCE else None, changed, left_out)

    async def _batch(self, service: Service) -> int:
        taken: list[UUID] = []
        try:
            return await self._fire(service, taken)
        except Exception as fault:  # noqa: BLE001 — whatever one clock does wrong, the others must not wait for it
            log.warning("a batch of deadlines failed; each is tried alone", size=len(taken), **told_of(fault))
        return sum([await self._alone(service, each) for each in taken])

    async def _fire(self, service: Service, taken: list[UUID], only: UUID | None = None) -> int:
        now = service.clock()
        async with service.database.transaction() as tx:
            alone = None if only is None else [only]
            done = await fire(tx, self._objects, self._climb, self._busy, now, taken, at_most=AT_ONCE, only=alone)
        committed = service.clock()
        for step in done:
            FIRED.labels(step.rung).inc()
            LAG.observe(max(0.0, (committed - step.at).total_seconds()))
        return len(done)

    async def _alone(self, service: Service, deadline_id: UUID) -> int:
        try:
            return await self._fire(service, [], deadline_id)
        except Exception as fault:  # noqa: BLE001 — put off, counted, and told by the doctor
            log.warning("a deadline could not be fired", deadline=str(deadline_id), **told_of(fault))
            FAILED.inc()
            async with service.database.transaction() as tx:
                await put_off(tx, deadline_id, service.clock())
            return 0
