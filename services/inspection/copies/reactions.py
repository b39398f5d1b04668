"""What inspection does when the registry speaks: it keeps the copy that its own decisions need."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies.models import (
    Area,
    Basis,
    CompetenceRule,
    Criterion,
    Delegation,
    EnforcementCertificate,
    Enterprise,
    Membership,
    Party,
    Person,
)
from services.inspection.models import Row
from shared.contracts import registry as facts
from shared.memo import memo_of
from shared.profile import Profile
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(facts.AreaRegistered)
async def keep_area(fact: facts.AreaRegistered, tx: AsyncSession) -> None:
    await _keep(
        tx,
        Area,
        code=fact.code,
        parent_code=fact.parent_code,
        level=fact.level,
        name_en=fact.name_en,
        name_zh=fact.name_zh,
    )


@reactions.on(facts.PartyRegistered)
async def keep_party(fact: facts.PartyRegistered, tx: AsyncSession) -> None:
    await _keep(
        tx,
        Party,
        id=fact.party_id,
        kind=fact.kind,
        area_code=fact.area_code,
        name_en=fact.name_en,
        name_zh=fact.name_zh,
    )


@reactions.on(facts.EnterpriseRegistered)
async def keep_enterprise(fact: facts.EnterpriseRegistered, tx: AsyncSession) -> None:
    await _keep(
        tx,
        Enterprise,
        id=fact.enterprise_id,
        area_code=fact.area_code,
        uscc=fact.uscc,
        name_en=fact.name_en,
        name_zh=fact.name_zh,
        industry_code=fact.industry_code,
        employees=fact.employees,
        standing=fact.standing,
        place=fact.place.model_dump(mode="json"),
    )


@reactions.on(facts.PersonRegistered)
async def keep_person(fact: facts.PersonRegistered, tx: AsyncSession) -> None:
    await _keep(
        tx,
        Person,
        id=fact.person_id,
        name=fact.name,
        certificate_no=fact.certificate_no,
        certificate_valid_to=fact.certificate_valid_to,
    )


@reactions.on(facts.CertificateRecorded, facts.CertificateExpired)
async def keep_certificate(fact: facts.Certificate, tx: AsyncSession) -> None:
    """Keep those for enforcement; a certificate never changes its kind."""
    if fact.kind is facts.CertificateKind.ENFORCEMENT:
        await _keep(
            tx,
            EnforcementCertificate,
            id=fact.certificate_id,
            person_id=fact.person_id,
            number=fact.number,
            valid_from=fact.valid_from,
            valid_to=fact.valid_to,
            status=fact.status,
        )


@reactions.on(facts.MembershipGranted)
async def keep_membership(fact: facts.MembershipGranted, tx: AsyncSession) -> None:
    await _keep_membership(tx, fact, in_force=True)


@reactions.on(facts.MembershipRevoked)
async def end_membership(fact: facts.MembershipRevoked, tx: AsyncSession) -> None:
    await _keep_membership(tx, fact, in_force=False)


@reactions.on(facts.CompetenceChanged)
async def keep_competence(fact: facts.CompetenceChanged, tx: AsyncSession) -> None:
    await _keep(
        tx,
        CompetenceRule,
        id=fact.rule_id,
        by=fact.by,
        key=fact.key,
        authority_id=fact.authority_id,
        area_code=fact.area_code,
        in_force=fact.in_force,
        basis=fact.basis,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        co_authority_ids=[str(each) for each in fact.co_authority_ids],
    )


@reactions.on(facts.CriterionListed)
async def keep_criterion(fact: facts.CriterionListed, tx: AsyncSession) -> None:
    await _keep(
        tx,
        Criterion,
        id=fact.criterion_id,
        document=fact.document,
        item=fact.item,
        text_en=fact.text_en,
        text_zh=fact.text_zh,
        categories=list(fact.categories),
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
    )


@reactions.on(facts.BasisListed)
async def keep_basis(fact: facts.BasisListed, tx: AsyncSession) -> None:
    await _keep(
        tx,
        Basis,
        id=fact.basis_id,
        short_name=fact.short_name,
        number=fact.number,
        article=fact.article,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
    )


@reactions.on(facts.DelegationPublished, facts.DelegationSuspended, facts.DelegationRevoked, facts.DelegationExpired)
async def keep_delegation(fact: facts.DelegationFact, tx: AsyncSession) -> None:
    rules: Profile = tx.info["profile"]
    last_moment = datetime.combine(fact.valid_to + timedelta(days=1), time(), rules.timezone)
    ended = fact.state is facts.DelegationState.REVOKED
    await _keep(
        tx,
        Delegation,
        id=fact.delegation_id,
        authority_id=fact.authority_id,
        delegate_id=fact.delegate_id,
        state=fact.state,
        letter_no=fact.letter_no,
        powers=list(fact.powers),
        categories=list(fact.categories),
        industries=list(fact.industries),
        basis_ids=[str(each) for each in fact.basis_ids],
        area_code=fact.area_code,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        seen_until=min(fact.at, last_moment) if ended else last_moment,
    )


async def _keep_membership(
    tx: AsyncSession, fact: facts.MembershipGranted | facts.MembershipRevoked, *, in_force: bool
) -> None:
    await _keep(
        tx,
        Membership,
        id=fact.membership_id,
        person_id=fact.person_id,
        party_id=fact.party_id,
        role=fact.role,
        area_code=fact.area_code,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        in_force=in_force,
    )


async def _keep(tx: AsyncSession, table: type[Row], **values: Any) -> None:
    """Write the whole new state over whatever was known."""
    memo_of(tx).clear()
    key = [column.name for column in inspect(table).primary_key]
    await tx.execute(insert(table).values(**values).on_conflict_do_update(index_elements=key, set_=values))
