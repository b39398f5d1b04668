"""A consumer whose process ends in the reaction to one fact, as a fault in a library would end it, and comes back."""

import asyncio
import os
import sys

from kernel import Counted, Kernel
from sqlalchemy.ext.asyncio import AsyncSession

from shared.bus import NatsBus

POISON = 666


async def consume(database_url: str, nats_url: str, seed: str) -> None:
    kernel = Kernel(database_url)

    @kernel.reactions.on(Counted)
    async def die(fact: Counted, _: AsyncSession) -> None:
        if fact.total == POISON:
            os._exit(137)

    bus = await NatsBus.connect(nats_url, name="kernel", seed=seed)
    async for batch in bus.batches("kernel"):
        await kernel.consumer.take(batch)


if __name__ == "__main__":
    while os.fork() != 0:
        _, status = os.wait()
        os.write(sys.stdout.fileno(), b"%d\n" % os.waitstatus_to_exitcode(status))
    asyncio.run(consume(*sys.argv[1:]))
