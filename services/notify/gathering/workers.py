"""Tells what was laid by when its time has come; without it nobody would hear of a miss or a letter."""

from services.notify.gathering.actions import put_off, tell
from services.notify.gathering.queries import people_due
from shared.observe import logger, told_of
from shared.service import Service

PEOPLE = 50
log = logger("gathering")


async def tell_gathered(service: Service) -> int:
    """Look after some people, each in a transaction of its own; give how many lines were looked after."""
    now = service.clock()
    async with service.database.reading() as tx:
        due = await people_due(tx, now, PEOPLE)
    done = 0
    for person_id, lane in due:
        try:
            async with service.database.transaction() as tx:
                done += await tell(tx, person_id, lane, now)
        except Exception as fault:  # noqa: BLE001 — whatever is wrong with one line, others must not wait for it
            log.warning("lines could not be told; they are tried again", lane=lane, **told_of(fault))
            async with service.database.transaction() as tx:
                await put_off(tx, person_id, lane, now)
    return done
