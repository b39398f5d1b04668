"""How certificates are recorded, suspended and revoked; the person's own fact follows each time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.certificates.domain import CERTIFICATE, Verb, faults
from services.registry.certificates.models import Certificate
from services.registry.certificates.queries import certificates as queries
from services.registry.certificates.shapes import KeepCertificate
from services.registry.domain import refuse
from services.registry.people.actions import certify
from services.registry.people.queries import local_day, registered
from shared.auth import Actor
from shared.contracts.gb11643 import masked
from shared.contracts.registry import CertificateExpired, CertificateKind, CertificateRecorded
from shared.errors import BadInput, Conflict, no_such
from shared.outbox import emit


async def keep_certificates(
    tx: AsyncSession, asks: Sequence[tuple[UUID, KeepCertificate]], now: datetime
) -> Loaded[Certificate]:
    """Record certificates as they are told; what was decided about one stays decided."""
    refuse(faults([ask for _, ask in asks], local_day(tx, now)))
    people = await registered(tx, [ask.person_id for _, ask in asks])
    known = await queries.recorded(tx, [certificate_id for certificate_id, _ in asks])
    wanted: list[tuple[UUID, dict[str, object]]] = []
    for index, (certificate_id, ask) in enumerate(asks):
        if (person := people.get(ask.person_id)) is None:
            raise unknown_holder(index)
        before = known.get(certificate_id)
        if before is not None and (before.person_id, before.kind) != (ask.person_id, ask.kind):
            raise Conflict(
                "certificate-of-another",
                "That certificate is another person's, or of another kind; record a new one.",
                "该证件属于他人或为其他类别，请另行登记。",
                index=index,
            )
        told = before is not None and before.expiry_told and before.valid_to == ask.valid_to
        state = ask.model_dump(include=set(KeepCertificate.model_fields))
        state |= {"number": masked(ask.number), "area_code": person.area_code, "expiry_told": told}
        wanted.append((certificate_id, state))
    loaded = await keep(tx, Certificate, wanted, lambda row: CertificateRecorded(at=now, **_whole(row)))
    await _tell_newest(tx, loaded.rows, now)
    return loaded


async def decide(
    tx: AsyncSession, who: Actor, verb: Verb, certificate_id: UUID, reason: str, now: datetime
) -> Certificate:
    """Record what the issuer decided, and why."""
    row = await tx.get(Certificate, certificate_id, with_for_update=True)
    if row is None:
        raise no_such("certificate", "证件")
    row.status = CERTIFICATE.permit(verb, row.status, who.roles, None).after(row.status)
    row.reason = reason
    await emit(tx, row, CertificateRecorded(at=now, **_whole(row)))
    await _tell_newest(tx, [row], now)
    return row


async def tell_expiry(tx: AsyncSession, row: Certificate, now: datetime) -> None:
    """State, once, that the last day has passed."""
    row.expiry_told = True
    await emit(tx, row, CertificateExpired(at=now, **_whole(row)))


async def tell_newest_of(tx: AsyncSession, people: Collection[UUID], now: datetime) -> None:
    """Let each person's fact say which of their enforcement certificates is the newest today."""
    newest = await queries.newest(tx, people, local_day(tx, now))
    for person_id in sorted(people):
        number, valid_to = newest.get(person_id, (None, None))
        await certify(tx, person_id, number, valid_to, now)


async def _tell_newest(tx: AsyncSession, rows: Sequence[Certificate], now: datetime) -> None:
    await tell_newest_of(tx, {row.person_id for row in rows if row.kind is CertificateKind.ENFORCEMENT}, now)


def unknown_holder(index: int) -> BadInput:
    return BadInput("unknown-person", "There is no such person; register them first.", "请先登记该人员。", index=index)


def _whole(row: Certificate) -> dict[str, Any]:
    return {
        "area_code": row.area_code,
        "certificate_id": row.id,
        "person_id": row.person_id,
        "kind": row.kind,
        "number": row.number,
        "issuer": row.issuer,
        "scope": row.scope,
        "issued_on": row.issued_on,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "status": row.status,
    }
