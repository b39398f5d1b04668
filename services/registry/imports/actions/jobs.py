"""What an operator does with files: hands them in, confirms and discards them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.imports.domain.states import IMPORT, OPEN, Case, State, Verb
from services.registry.imports.models import Import
from shared.auth import Actor
from shared.errors import Conflict, no_such


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file that lies in the store."""

    kind: str
    file_name: str
    sha256: str
    size_bytes: int


async def hand_in(tx: AsyncSession, who: Actor, import_id: UUID, file: HandedIn, now: datetime) -> Import:
    """Take a file in once, however often it is sent: under this id, or as the same file that is still open."""
    IMPORT.permit_role(Verb.HAND_IN, who.roles)
    if known := await tx.get(Import, import_id):
        if (known.kind, known.sha256) != (file.kind, file.sha256):
            raise Conflict("import-id-taken", "This id already stands for another file.", "该编号已对应另一份文件。")
        return known
    same = select(Import).where(
        col(Import.kind) == file.kind, col(Import.sha256) == file.sha256, col(Import.state).in_(OPEN)
    )
    if standing := (await tx.scalars(same)).one_or_none():
        return standing
    taken_in = Import(
        id=import_id,
        kind=file.kind,
        file_name=file.file_name,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        state=State.WAITING,
        handed_in_by=who.id,
        handed_in_at=now,
        ignored=[],
        first_rows=[],
    )
    tx.add(taken_in)
    await tx.flush()
    return taken_in


async def confirm(tx: AsyncSession, who: Actor, import_id: UUID, now: datetime, *, skip_bad: bool) -> Import:
    """Have a checked file written; confirming again in the same words changes nothing."""
    job = await _locked(tx, import_id)
    if job.confirmed_at is not None and job.skip_bad == skip_bad and job.state in {State.CONFIRMED, State.DONE}:
        return job
    move = IMPORT.permit(Verb.CONFIRM, job.state, who.roles, Case(job.bad_rows, skip_bad))
    job.state, job.skip_bad = move.after(job.state), skip_bad
    job.confirmed_by, job.confirmed_at, job.share = who.id, now, 0.0
    return job


async def discard(tx: AsyncSession, who: Actor, import_id: UUID, now: datetime) -> Import:
    """Give a file up that was not written; doing so again changes nothing."""
    job = await _locked(tx, import_id)
    if job.state is not State.DISCARDED:
        job.state = IMPORT.permit(Verb.DISCARD, job.state, who.roles, Case(job.bad_rows)).after(job.state)
        job.finished_at = now
    return job


async def _locked(tx: AsyncSession, import_id: UUID) -> Import:
    if (job := await tx.get(Import, import_id, with_for_update=True)) is None:
        raise no_such("import", "导入任务")
    return job
