"""Sends the digests whose hour has come; without it reminders would be laid by for ever."""

from services.notify.digests.actions import put_off, send_digest
from services.notify.digests.queries import people_due
from shared.observe import logger, told_of
from shared.service import Service

PEOPLE = 50
log = logger("digests")


async def send_due_digests(service: Service) -> int:
    """Write the digest of some people, each in a transaction of its own; give how many were looked after."""
    now = service.clock()
    async with service.database.reading() as tx:
        people = await people_due(tx, now, PEOPLE)
    done = 0
    for person_id in people:
        try:
            async with service.database.transaction() as tx:
                done += await send_digest(tx, person_id, now)
        except Exception as fault:  # noqa: BLE001 — whatever is wrong with one digest, other people must not wait for it
            log.warning("a digest could not be sent; it is tried again", **told_of(fault))
            async with service.database.transaction() as tx:
                await put_off(tx, person_id, now)
    return done
