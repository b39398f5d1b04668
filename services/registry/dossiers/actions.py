"""What is done with records: an enterprise declares them, authorities enter, verify and end them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.dossiers.domain import (
    OFFICIAL,
    SINGLE,
    detail_of,
    not_by_itself,
    record_ended,
    record_fault,
    verified_stays,
)
from services.registry.dossiers.models import Record
from services.registry.dossiers.queries import enterprise_for, record_for
from services.registry.dossiers.shapes import EndRecord, KeepRecord
from services.registry.parties.models import Enterprise
from services.registry.people.queries import local_day
from shared.auth import Actor
from shared.contracts.dossiers import RecordState
from shared.contracts.registry import RecordEnded, RecordExpired, RecordKept
from shared.contracts.values import Role
from shared.errors import no_such
from shared.outbox import emit


async def keep(
    tx: AsyncSession, who: Actor, enterprise_id: UUID, record_id: UUID, ask: KeepRecord, now: datetime
) -> Record:
    """Bring a record to what is told: declared when the enterprise tells it, verified when an authority does."""
    enterprise = await enterprise_for(tx, who, "record.keep", enterprise_id, lock=True)
    today, itself = local_day(tx, now), _speaks_for(who, enterprise.id)
    if itself and ask.detail.kind in OFFICIAL:
        raise not_by_itself()
    if fault := record_fault(ask.detail, ask.number, ask.valid_from, ask.valid_to, today):
        raise fault
    record = await tx.get(Record, record_id, with_for_update=True)
    if record is not None and (record.enterprise_id != enterprise.id or record.kind != ask.detail.kind):
        raise no_such("record", "档案")
    told: dict[str, Any] = {
        "number": ask.number,
        "valid_from": ask.valid_from,
        "valid_to": ask.valid_to,
        "detail": ask.detail.model_dump(mode="json"),
    }
    if record is None:
        record = Record(
            id=record_id,
            area_code=enterprise.area_code,
            enterprise_id=enterprise.id,
            kind=ask.detail.kind,
            state=RecordState.DECLARED,
            kept_by=who.id,
            kept_at=now,
            **told,
        )
    else:
        if record.state == RecordState.ENDED:
            raise record_ended()
        unchanged = all(getattr(record, name) == value for name, value in told.items())
        if unchanged and (itself or record.state == RecordState.VERIFIED):
            return record
        if itself and record.state == RecordState.VERIFIED and record.kind not in SINGLE:
            raise verified_stays()
        record.sqlmodel_update({**told, "area_code": enterprise.area_code, "kept_by": who.id, "kept_at": now})
        if record.valid_to is None or record.valid_to >= today:
            record.expired_on = None
    record.state = RecordState.DECLARED if itself else RecordState.VERIFIED
    record.verified_by, record.verified_on = (None, None) if itself else (who.id, today)
    await _say_kept(tx, record, now)
    return record


async def verify(tx: AsyncSession, who: Actor, record_id: UUID, now: datetime) -> Record:
    """Say that what an enterprise declared is so; saying it again changes nothing."""
    record = await record_for(tx, who, "record.verify", record_id, lock=True)
    if record.state == RecordState.ENDED:
        raise record_ended()
    if record.state == RecordState.DECLARED:
        record.state, record.verified_by = RecordState.VERIFIED, who.id
        record.verified_on = local_day(tx, now)
        await _say_kept(tx, record, now)
    return record


async def end(tx: AsyncSession, who: Actor, record_id: UUID, ask: EndRecord, now: datetime) -> Record:
    """End a record that holds no longer; ending it again changes nothing."""
    record = await record_for(tx, who, "record.end", record_id, lock=True)
    if record.state == RecordState.ENDED:
        return record
    if record.state == RecordState.VERIFIED and _speaks_for(who, record.enterprise_id):
        raise verified_stays()
    record.state, record.end_reason = RecordState.ENDED, ask.reason
    record.ended_on = ended_on = local_day(tx, now)
    fact = RecordEnded(at=now, **_whole(record), ended_on=ended_on, reason=ask.reason)
    await emit(tx, record, fact)
    return record


async def expire(tx: AsyncSession, record: Record, enterprise: Enterprise, now: datetime) -> None:
    """Tell, once, that a record's last day has passed."""
    record.expired_on = local_day(tx, now)
    fact = RecordExpired(
        at=now,
        **_whole(record),
        industry_code=enterprise.industry_code,
        name_en=enterprise.name_en,
        name_zh=enterprise.name_zh,
    )
    await emit(tx, record, fact)


async def _say_kept(tx: AsyncSession, record: Record, now: datetime) -> None:
    await emit(tx, record, RecordKept(at=now, **_whole(record), verified_on=record.verified_on))


def _whole(record: Record) -> dict[str, Any]:
    return {
        "area_code": record.area_code,
        "record_id": record.id,
        "enterprise_id": record.enterprise_id,
        "state": record.state,
        "number": record.number,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "detail": detail_of(record.detail),
    }


def _speaks_for(who: Actor, enterprise_id: UUID) -> bool:
    return Role.ENTERPRISE in who.roles and who.party_id == enterprise_id
