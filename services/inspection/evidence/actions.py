"""Takes down where and when a file was taken, beside the file and never in it; without it proof would have no place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.evidence.domain import Limits, Source, Taken, believable, may_be_declared
from services.inspection.evidence.models import Capture, Evidence
from services.inspection.evidence.shapes import DeclareCapture
from shared.auth import Actor
from shared.errors import Conflict, no_such
from shared.evidence.embedded import Embedded
from shared.permission import covers
from shared.profile import Profile


async def declare(tx: AsyncSession, who: Actor, evidence_id: UUID, ask: DeclareCapture, now: datetime) -> Capture:
    """Keep what a device of the file's own party says of it, once: a memory that changes is none."""
    file = await tx.get(Evidence, evidence_id)
    if file is None or not covers(who, "capture.declare", party=[UUID(file.kept_by)]):
        raise no_such("file", "文件")
    taken = Taken(ask.taken_at, ask.lon, ask.lat, ask.accuracy_m)
    may_be_declared(taken, file.at, now, _limits(tx, now))
    await _keep(tx, evidence_id, Source.DECLARED, taken, now, device=ask.device, by_id=who.id)
    kept = await tx.get_one(Capture, (evidence_id, Source.DECLARED))
    if (kept.taken, kept.device) != (taken, ask.device):
        raise Conflict(
            "capture-declared",
            "Something else was already declared of this file, and stands.",
            "该文件已有不同的拍摄信息声明，不能更改。",
        )
    return kept


async def note_embedded(tx: AsyncSession, evidence_id: UUID, said: Embedded, now: datetime) -> None:
    """Keep what a photo said of itself, as far as it can be so."""
    taken = believable(Taken(said.taken_at, said.lon, said.lat), now, _limits(tx, now))
    if taken is not None:
        await _keep(tx, evidence_id, Source.EMBEDDED, taken, now)


async def _keep(
    tx: AsyncSession,
    evidence_id: UUID,
    source: Source,
    taken: Taken,
    now: datetime,
    *,
    device: str = "",
    by_id: UUID | None = None,
) -> None:
    row = {
        "evidence_id": evidence_id,
        "source": source.value,
        "taken_at": taken.at,
        "lon": taken.lon,
        "lat": taken.lat,
        "accuracy_m": taken.accuracy_m,
        "device": device,
        "by_id": by_id,
        "at": now,
    }
    await tx.execute(insert(Capture).values(row).on_conflict_do_nothing())


def _limits(tx: AsyncSession, now: datetime) -> Limits:
    rules: Profile = tx.info["profile"]
    return Limits.of(rules, rules.local_day(now))
