"""Moves facts from the outbox to the broker and never loses, doubles or reorders them per aggregate.

One relay is active per database: the advisory lock lives on the very connection that scans and marks. It reads the
set of unsent rows (never `id > cursor`: identities are drawn before commit order is known) and marks a row only when
the broker has acknowledged it.
"""

import asyncio
import contextlib
import json
from uuid import UUID

from shared.broker import Broker, Outgoing
from shared.observe import EVENTS_SENT, UNSENT_AGE, logger
from shared.raw import DatabaseFault, Raw, Record, connect

ROUND_ROWS = 500
POLL_S = 0.15
STANDBY_S = 0.05
HOLD_S = 1.0
AGAIN_S = 1.0
SPACING_S = 0.002
"""Least time between two rounds: under load rows gather, a single one is sent at once."""
BURST_ROWS = 6
GATHER_S = 0.02
"""After a round of so many rows the next one gathers for so long: a burst goes out in batches, far cheaper a row."""
ARCHIVE_S = 0.1
"""Rows that the broker holds are moved to the archive together: a commit for each would cost more than sending it."""
_LOCK_KEY = 0x434F4D57
"""Any constant: advisory locks are per database, and each service has its own."""

_SCAN = """
select id, event_id, aggregate_id, version, subject, type, headers, data, occurred_at,
       extract(epoch from now() - occurred_at)::float8 as age_s
from outbox where aggregate_id <> all($1::uuid[]) and id <> all($2::bigint[]) order by id limit $3
"""
_MOVE = """
with s as (select * from unnest($1::bigint[], $2::bigint[]) as t(id, js_seq)),
     d as (delete from outbox o using s where o.id = s.id returning o.*, s.js_seq)
insert into outbox_sent (id, event_id, aggregate_type, aggregate_id, version, subject, type, headers, data,
                         occurred_at, js_stream, js_seq)
select id, event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at, $3, js_seq from d
"""

log = logger("relay")


class Relay:
    """Publishes one database's outbox. `wake` is set after each commit of this process; the poll covers the rest."""

    def __init__(self, service: str, url: str, broker: Broker, stream: str) -> None:
        self.service = service
        self.url = url
        self.broker = broker
        self.stream = stream
        self.wake = asyncio.Event()
        self._held: dict[UUID, float] = {}
        self._stored: dict[int, int] = {}
        """Outbox id → place in the stream, of rows that are not yet in the archive."""
        self._stopping = False

    async def run(self) -> None:
        """Relay until `stop`, surviving the loss of database and broker."""
        while not self._stopping:
            try:
                connection = await connect(self.url)
                try:
                    await self._serve(connection)
                finally:
                    with contextlib.suppress(*DatabaseFault):
                        await connection.close(timeout=2)
            except Exception as lost:  # noqa: BLE001 — whatever it was, unsent rows must not wait for a restart
                log.warning("relay begins anew", service=self.service, error=repr(lost))
                await asyncio.sleep(AGAIN_S)

    def stop(self) -> None:
        """Finish the round under way, then release the lock."""
        self._stopping = True
        self.wake.set()

    async def _serve(self, connection: Raw) -> None:
        while not await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK_KEY):
            if self._stopping:
                return
            await asyncio.sleep(STANDBY_S)
        self._stored.clear()
        archived_at = 0.0
        loop = asyncio.get_running_loop()
        while not self._stopping:
            self.wake.clear()
            began = loop.time()
            sent = await self._publish(connection) if self.broker.connected() else 0
            if self._stored and (sent >= ROUND_ROWS or loop.time() - archived_at >= ARCHIVE_S):
                await self._archive(connection)
                archived_at = loop.time()
            if sent < ROUND_ROWS:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), ARCHIVE_S if self._stored else POLL_S)
                spacing_s = SPACING_S if sent < BURST_ROWS else GATHER_S
                await asyncio.sleep(max(0.0, began + spacing_s - loop.time()))
        await self._archive(connection)

    async def pump(self, connection: Raw) -> int:
        """Publish one round of unsent rows and archive those that the broker stored; return how many."""
        sent = await self._publish(connection)
        await self._archive(connection)
        return sent

    async def _publish(self, connection: Raw) -> int:
        """Send one round. A crash before the archive sends its rows again, under the same ids."""
        now = asyncio.get_running_loop().time()
        self._held = {key: until for key, until in self._held.items() if until > now}
        rows = await connection.fetch(_SCAN, list(self._held), list(self._stored), ROUND_ROWS)
        UNSENT_AGE.labels(self.service).set(rows[0]["age_s"] if rows else 0)
        if not rows:
            return 0
        sequences = await self.broker.publish_all([_outgoing(self.service, row) for row in rows])
        stored: dict[int, int] = {}
        for row, sequence in zip(rows, sequences, strict=True):
            key: UUID = row["aggregate_id"]
            if sequence is None:
                self._held[key] = now + HOLD_S
            elif key not in self._held:
                stored[row["id"]] = sequence
        self._stored |= stored
        EVENTS_SENT.labels(self.service, "batch" if len(rows) > 1 else "single").inc(len(stored))
        return len(stored)

    async def _archive(self, connection: Raw) -> None:
        if self._stored:
            await connection.execute(_MOVE, list(self._stored), list(self._stored.values()), self.stream)
            self._stored.clear()


def _outgoing(service: str, row: Record) -> Outgoing:
    """Dress a row as a CloudEvent in binary mode."""
    return Outgoing(
        event_id=row["event_id"],
        aggregate_id=row["aggregate_id"],
        subject=row["subject"],
        headers={
            "ce-specversion": "1.0",
            "ce-id": str(row["event_id"]),
            "ce-source": f"/{service}",
            "ce-type": row["type"],
            "ce-subject": str(row["aggregate_id"]),
            "ce-time": row["occurred_at"].isoformat(),
            "ce-partitionkey": str(row["aggregate_id"]),
            "ce-sequence": f"{row['version']:010d}",
            "content-type": "application/json",
            **json.loads(row["headers"]),
        },
        data=row["data"],
    )
