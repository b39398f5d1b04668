"""A scheduler whose process ends in the middle of its work, as a lost machine would end it."""

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import datetime

from clock_stages import OBJECTS
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import scheduler
from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.rungs import Rung
from services.inspection.ladder import actions as ladder
from shared.observe import configure_logs
from shared.testing import open_platform

DOOMED = __file__
KILLED = 137
AT_ONCE = 20


async def fire_and_die(database_url: str, now: str, dies_at: str, *, committed: bool) -> None:
    """Fire in small batches; end with the rung of this number, or with the commit that follows it."""
    configure_logs("ERROR")
    scheduler.AT_ONCE = AT_ONCE
    count = 0

    async def climb(tx: AsyncSession, fallen: Sequence[tuple[Deadline, Rung]], now: datetime) -> None:
        nonlocal count
        if count == 0:
            os.write(sys.stdout.fileno(), b"at work\n")
        count += len(fallen)
        await ladder.climb(tx, fallen, now)
        if count >= int(dies_at) and not committed:
            os._exit(KILLED)

    common = {
        "evidence_url": "memory://",
        "public_url": "https://watch.example.org",
        "printers": 0,
        "operator_secret": "x" * 43,
        "second_factor_required": False,
    }
    async with open_platform(["inspection"], {"inspection": database_url}, common) as platform:
        platform.now = datetime.fromisoformat(now)
        service = platform.service("inspection")
        service.database.committed = lambda: os._exit(KILLED) if count >= int(dies_at) else None
        worker = scheduler.Scheduler(OBJECTS, climb, busy=ladder.busy_behind).worker
        while await worker.round(service):
            pass


if __name__ == "__main__":
    asyncio.run(fire_and_die(*sys.argv[1:4], committed=sys.argv[4] == "committed"))
