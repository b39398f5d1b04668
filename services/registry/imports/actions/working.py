"""Does what is due: checks what was handed in, writes what was confirmed, one file at a time.

A file is written in one transaction: all of its rows with their facts, or nothing. Whatever ends the process leaves
the file confirmed and nothing written, and the next round begins it anew.
"""

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from asyncpg import UniqueViolationError
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from services.registry.imports.actions.passing import Pass, Stopped, Tally
from services.registry.imports.actions.targets import TARGETS
from services.registry.imports.domain.faults import Fault, UnreadableFile, letter
from services.registry.imports.domain.states import IMPORT, SYSTEM, Case, State, Verb
from services.registry.imports.models import Import, ImportFault
from shared.clock import Clock
from shared.crashpoint import crashpoint
from shared.db import Database, first_of
from shared.errors import Conflict
from shared.observe import logger
from shared.raw import DatabaseFault

_LOCK_KEY = 0x494D504F
"""Any constant: files are gone through one after another, by whichever replica of the service has this lock."""
TELL_EVERY_S = 0.2
log = logger("imports")


class Store(Protocol):
    async def read(self, digest: str) -> bytes: ...


async def work(database: Database, files: Store, clock: Clock) -> int:
    """Check or write the file that waits longest; give how many were brought further."""
    async with database.reading() as tx:
        due = select(Import.id, Import.state).where(col(Import.state).in_([State.WAITING, State.CONFIRMED]))
        found = (await tx.execute(due.order_by(col(Import.handed_in_at)).limit(1))).one_or_none()
    if found is None:
        return 0
    import_id, state = found
    try:
        if state is State.WAITING:
            return await _check(database, files, import_id, Verb.CHECK, clock())
        return await _write(database, files, import_id, clock())
    except (Conflict, UniqueViolationError) as raced:
        log.info("begun anew, another writer was first", import_id=str(import_id), error=repr(raced))
        return 1


async def _write(database: Database, files: Store, import_id: UUID, now: datetime) -> int:
    try:
        return await _go_through(database, files, import_id, Verb.WRITE, now)
    except (Stopped, UnreadableFile):
        return await _check(database, files, import_id, Verb.STOP, now)
    except Exception as fault:
        if _passes(fault):
            raise
        log.exception("an import stopped", import_id=str(import_id), error=repr(fault))
        return await _refuse(database, import_id, Verb.STOP, UnreadableFile(_OUR_FAULT), now)


async def _check(database: Database, files: Store, import_id: UUID, verb: Verb, now: datetime) -> int:
    """Go through the file without writing; `STOP` does so because what was good is so no more."""
    refused = Verb.FIND_UNREADABLE if verb is Verb.CHECK else verb
    try:
        return await _go_through(database, files, import_id, verb, now)
    except UnreadableFile as unreadable:
        return await _refuse(database, import_id, refused, unreadable, now)
    except Exception as fault:
        if _passes(fault):
            raise
        log.exception("a file cannot be checked", import_id=str(import_id), error=repr(fault))
        return await _refuse(database, import_id, refused, UnreadableFile(_OUR_FAULT), now)


async def _go_through(database: Database, files: Store, import_id: UUID, verb: Verb, now: datetime) -> int:
    progress = _Progress(database, import_id)
    async with database.reading() as looking, database.transaction() as tx:
        [(ours,)] = await first_of(tx, "select pg_try_advisory_xact_lock($1)", (_LOCK_KEY,))
        if not ours:
            return 0
        job = await tx.get_one(Import, import_id)
        IMPORT.permit(verb, job.state, {SYSTEM}, Case(job.bad_rows))
        data = await files.read(job.sha256)
        await tx.execute(delete(ImportFault).where(col(ImportFault.import_id) == import_id))
        passing = Pass(
            tx, looking, import_id, TARGETS[job.kind], data, now, write=verb is Verb.WRITE, skip_bad=job.skip_bad
        )
        tally = await passing.run(progress.tell)
        crashpoint("import.written")
        await tx.refresh(job, with_for_update=True)
        job.state = IMPORT.permit(verb, job.state, {SYSTEM}, Case(job.bad_rows)).after(job.state)
        for name, value in asdict(tally).items():
            setattr(job, name, value)
        job.ignored, job.share, job.refusal = list(tally.ignored), 1.0, None
        job.finished_at = now if job.state in IMPORT.final else None
    return 1


async def _refuse(database: Database, import_id: UUID, verb: Verb, unreadable: UnreadableFile, now: datetime) -> int:
    async with database.transaction() as tx:
        job = await tx.get_one(Import, import_id, with_for_update=True)
        job.state = IMPORT.permit(verb, job.state, {SYSTEM}, Case(job.bad_rows)).after(job.state)
        job.refusal = {**asdict(unreadable.fault), "line": unreadable.line, "column": _letter(unreadable.column)}
        job.finished_at = now if job.state in IMPORT.final else None
    return 1


def _passes(fault: Exception) -> bool:
    """Tell whether trying again may help: another writer was first, or the database is away for a moment."""
    if isinstance(fault, Conflict | UniqueViolationError):
        return True
    refused = fault.orig if isinstance(fault, DBAPIError) else fault
    state: str | None = getattr(refused, "sqlstate", None)
    return isinstance(refused, DatabaseFault) and (state is None or state[:2] in _PASSING)


_PASSING = {"08", "40", "53", "55", "57"}
"""Classes of SQLSTATE: connection lost, transaction given up, no resources, locked, server starting or stopping."""


def _letter(column: int | None) -> str | None:
    return None if column is None else letter(column - 1)


class _Progress:
    """Tells how far a pass is, from a transaction of its own, for that of the pass is seen by nobody yet."""

    def __init__(self, database: Database, import_id: UUID) -> None:
        self._database = database
        self._import_id = import_id
        self._told_at = 0.0

    async def tell(self, tally: Tally) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._told_at < TELL_EVERY_S:
            return
        self._told_at = now
        pool: Any = await self._database.pool()
        await pool.execute(
            "update imports set share = $2, rows = $3 where id = $1", self._import_id, tally.share, tally.rows
        )


_OUR_FAULT = Fault(
    "our-fault",
    "Something went wrong on our side while the file was gone through. Nothing was written.",
    "处理文件时系统内部出错，没有写入任何数据。",
    "Try once more; if it happens again, tell whoever runs the platform.",
    "请重试；如再次出现，请联系平台运维人员。",
)
