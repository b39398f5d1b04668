"""Routes: certificates, what they are worth today, and what the issuer decided about them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded
from services.registry.certificates.actions import certificates as actions
from services.registry.certificates.domain import CERTIFICATE, Verb, standing
from services.registry.certificates.models import Certificate
from services.registry.certificates.queries import certificates as queries
from services.registry.certificates.shapes import (
    Asked,
    CertificateView,
    Decide,
    KeepCertificate,
    KeepListedCertificate,
    WholeCertificateView,
)
from services.registry.people.queries import local_day
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.auth import Actor
from shared.contracts.registry import CertificateKind
from shared.contracts.values import AreaCode
from shared.errors import no_such
from shared.permission import allowed, covers, moves
from shared.profile import Profile
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(tags=["certificates"], dependencies=[versioned(Certificate, "certificate_id")])

SeenCertificate = WholeCertificateView | CertificateView


@router.put("/certificates", response_model=LoadedView, dependencies=[allowed("certificate.keep")])
async def keep_certificates(asks: AtOnce[KeepListedCertificate], now: Now, tx: Tx) -> Loaded[Certificate]:
    """Record a list of certificates in one transaction."""
    return await actions.keep_certificates(tx, [(ask.id, ask) for ask in asks], now)


@router.put("/certificates/{certificate_id}", dependencies=[allowed("certificate.keep")])
async def keep_certificate(certificate_id: UUID, ask: KeepCertificate, who: Who, now: Now, tx: Tx) -> SeenCertificate:
    loaded = await actions.keep_certificates(tx, [(certificate_id, ask)], now)
    return (await _seen_by(tx, who, loaded.rows, local_day(tx, now)))[0]


@router.get("/certificates", dependencies=[allowed("certificate.read")])
async def list_certificates(
    who: Who,
    now: Now,
    tx: Tx,
    standing: Annotated[Asked | None, Query(description="What they are worth today.")] = None,
    kind: CertificateKind | None = None,
    person_id: UUID | None = None,
    party_id: UUID | None = None,
    area: AreaCode | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Listed[SeenCertificate]:
    """List certificates, all that you may see or those of a person, of a party's people, of an area."""
    today = local_day(tx, now)
    rules: Profile = tx.info["profile"]
    found = await queries.certificates(
        tx,
        who,
        today,
        worth=standing,
        soon_days=int(rules.number("certificate.expiring", today)),
        kind=kind,
        person_id=person_id,
        party_id=party_id,
        area=area,
        after=after,
        limit=limit,
    )
    return Listed(items=await _seen_by(tx, who, found.items, today), next=found.next)


@router.get("/certificates/{certificate_id}", dependencies=[allowed("certificate.read")])
async def show_certificate(certificate_id: UUID, who: Who, now: Now, tx: Tx) -> SeenCertificate:
    today = local_day(tx, now)
    if (row := await queries.certificate(tx, who, certificate_id, today)) is None:
        raise no_such("certificate", "证件")
    return (await _seen_by(tx, who, [row], today))[0]


@router.post("/certificates/{certificate_id}/suspend", dependencies=[moves(CERTIFICATE, Verb.SUSPEND)])
async def suspend(certificate_id: UUID, ask: Decide, who: Who, now: Now, tx: Tx) -> SeenCertificate:
    return await _decided(tx, who, Verb.SUSPEND, certificate_id, ask, now)


@router.post("/certificates/{certificate_id}/reinstate", dependencies=[moves(CERTIFICATE, Verb.REINSTATE)])
async def reinstate(certificate_id: UUID, ask: Decide, who: Who, now: Now, tx: Tx) -> SeenCertificate:
    return await _decided(tx, who, Verb.REINSTATE, certificate_id, ask, now)


@router.post("/certificates/{certificate_id}/revoke", dependencies=[moves(CERTIFICATE, Verb.REVOKE)])
async def revoke(certificate_id: UUID, ask: Decide, who: Who, now: Now, tx: Tx) -> SeenCertificate:
    return await _decided(tx, who, Verb.REVOKE, certificate_id, ask, now)


async def _decided(
    tx: AsyncSession, who: Actor, verb: Verb, certificate_id: UUID, ask: Decide, now: Now
) -> SeenCertificate:
    row = await actions.decide(tx, who, verb, certificate_id, ask.reason, now)
    return (await _seen_by(tx, who, [row], local_day(tx, now)))[0]


async def _seen_by(tx: AsyncSession, who: Actor, rows: Sequence[Certificate], today: date) -> list[SeenCertificate]:
    """Show why a certificate was suspended only to its holder and to the operator."""
    names = await queries.names(tx, [row.person_id for row in rows])
    return [
        (WholeCertificateView if covers(who, "certificate.read_whole", own=[row.person_id]) else CertificateView)(
            **row.model_dump(include=set(WholeCertificateView.model_fields)),
            person_name=names[row.person_id],
            standing=standing(row, today),
        )
        for row in rows
    ]
