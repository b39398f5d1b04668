"""Moves facts from the outbox to the broker and never loses, doubles or reorders them per aggregate.

One relay is active per database: the advisory lock lives on the very connection that scans and marks. It reads the
set of unsent rows (never `id > cursor`: identities are drawn before commit order is known) and marks a row only when
the broker has acknowledged it. What to send next is decided in `plan`, what the stream lacks in `reconcile`.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from functools import partial

from shared.broker import Broker
from shared.observe import logger
from shared.raw import DatabaseFault, RawConnection, connect
from shared.relay.archive import Archive
from shared.relay.recall import Recalls
from shared.relay.reconcile import Reconciler, Scope
from shared.relay.sending import ROUND_ROWS, Sender

POLL_S = 0.15
STANDBY_S = 0.05
AGAIN_S = 1.0
SPACING_S = 0.002
"""Least time between two rounds: under load rows gather, a single one is sent at once."""
BURST_ROWS = 6
GATHER_S = 0.008
"""After a round of so many rows the next one gathers for so long: a burst goes out in batches, far cheaper a row."""
ARCHIVE_S = 0.1
"""Rows that the broker holds are moved to the archive together: a commit for each would cost more than sending it."""
HOUSE_S = 3600.0
_LOCK_KEY = 0x434F4D57
"""Any constant: advisory locks are per database, and each service has its own."""

log = logger("relay")


class Relay:
    """Publishes one database's outbox. `wake` is set after each commit of this process; the poll covers the rest.

    `tables` are those of the aggregates by noun; `archive_days` is how long sent facts are kept, 0 for ever.
    """

    def __init__(
        self,
        service: str,
        url: str,
        broker: Broker,
        stream: str,
        *,
        tables: Mapping[str, str] | None = None,
        archive_days: int = 0,
    ) -> None:
        self.service = service
        self.url = url
        self.broker = broker
        self.stream = stream
        self.tables = tables or {}
        self.archive_days = archive_days
        self.wake = asyncio.Event()
        self.active = False
        """Whether this one holds the lock; the relays of other processes stand by."""
        self.recalls = Recalls()
        self._sender: Sender | None = None
        self._house_kept_at: float | None = None
        self._archived_at = 0.0
        self._stopping = False

    async def run(self) -> None:
        """Relay until `stop`, surviving the loss of database and broker."""
        while not self._stopping:
            try:
                connection = await connect(self.url)
                try:
                    await self._serve(connection)
                finally:
                    if self._sender is not None:
                        await self._sender.reconciler.close()
                    self.active, self._sender = False, None
                    with contextlib.suppress(*DatabaseFault):
                        await connection.close(timeout=2)
            except Exception as lost:  # noqa: BLE001 — whatever it was, unsent rows must not wait for a restart
                log.warning("relay begins anew", service=self.service, error=repr(lost))
                await asyncio.sleep(AGAIN_S)

    def stop(self) -> None:
        """Finish the round under way, then release the lock."""
        self._stopping = True
        self.wake.set()

    def recall(self, body: bytes) -> None:
        """Take in a consumer's request for facts that it lacks."""
        self.recalls.ask(body)
        self.wake.set()

    def compare(self) -> None:
        """Compare the whole stream with the log of record soon; the table `stream_epoch` tells the outcome."""
        if self._sender is not None:
            self._sender.reconciler.ask(Scope.EVERYTHING)
            self.wake.set()

    async def _serve(self, connection: RawConnection) -> None:
        while not await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK_KEY):
            if self._stopping:
                return
            await asyncio.sleep(STANDBY_S)
        self.active = True
        sender = self._begin(connection)
        loop = asyncio.get_running_loop()
        while not self._stopping:
            self.wake.clear()
            began = loop.time()
            sent = await self._turn(sender)
            if sent < ROUND_ROWS and not sender.reconciler.busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), ARCHIVE_S if sender.plan.stored else POLL_S)
                spacing_s = SPACING_S if sent < BURST_ROWS else GATHER_S
                await asyncio.sleep(max(0.0, began + spacing_s - loop.time()))
        await sender.put_away()

    async def pump(self, connection: RawConnection) -> int:
        """Do one turn and put away what was stored; return how many rows were sent."""
        sender = self._sender or self._begin(connection)
        sent = await self._turn(sender)
        while sender.reconciler.busy:
            sent += await self._turn(sender)
        await sender.put_away()
        return sent

    def _begin(self, connection: RawConnection) -> Sender:
        archive = Archive(connection, self.tables)
        reconciler = Reconciler(self.service, self.broker, self.stream)
        self._sender = Sender(self.service, self.stream, archive, self.broker, self.recalls, reconciler)
        self._house_kept_at = None
        return self._sender

    async def _turn(self, sender: Sender) -> int:
        """Do what is due; give how many rows were sent, so that the caller knows whether to rest."""
        now = asyncio.get_running_loop().time()
        if self._house_kept_at is None or now - self._house_kept_at > HOUSE_S:
            await sender.archive.keep_house(self.archive_days)
            self._house_kept_at = now
        put_away = partial(self._put_away, sender)
        if not self.broker.connected():
            await sender.reconciler.close()
            await put_away()
            return 0
        again = await sender.mend(now)
        chosen = await sender.choose(now)
        if chosen is None:
            await put_away()
            return again
        # The database works while the broker does. A failure of either ends the turn; what was sent is sent again.
        async with asyncio.TaskGroup() as both:
            publishing = both.create_task(sender.publish(chosen))
            both.create_task(put_away())
        return again + await sender.answered(chosen, publishing.result(), asyncio.get_running_loop().time())

    async def _put_away(self, sender: Sender) -> None:
        now = asyncio.get_running_loop().time()
        if len(sender.plan.stored) >= ROUND_ROWS or (sender.plan.stored and now - self._archived_at >= ARCHIVE_S):
            self._archived_at = now
            await sender.put_away()
