"""What an operator does with competence: says who is responsible, and lists what makes a hazard major."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.areas.queries import all_registered, registered
from services.registry.competence.domain import COMPETENT, key_fault
from services.registry.competence.models import Competence, Criterion
from services.registry.competence.shapes import KeepCompetence, KeepCriterion
from services.registry.parties.queries import kinds
from services.registry.people.queries import registered as registered_people
from shared.contracts.registry import CompetenceBy, CompetenceChanged, CriterionListed
from shared.contracts.values import Category, PartyKind
from shared.db import table_of
from shared.errors import BadInput

Asks = Sequence[tuple[UUID, KeepCompetence]]


async def keep_competence(tx: AsyncSession, asks: Asks, now: datetime) -> Loaded[Competence]:
    """Say who is responsible for what; keys and authorities must exist, so that no rule leads to nobody."""
    for index, (_, ask) in enumerate(asks):
        if fault := key_fault(ask.by, ask.key, index):
            raise fault
    await all_registered(tx, [ask.area_code for _, ask in asks])
    await _all_lead_somewhere(tx, asks)

    def fact(rule: Competence) -> CompetenceChanged:
        return CompetenceChanged(
            at=now,
            area_code=rule.area_code,
            rule_id=rule.id,
            by=rule.by,
            key=rule.key,
            authority_id=rule.authority_id,
            in_force=rule.in_force,
            basis=rule.basis,
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            co_authority_ids=tuple(map(UUID, rule.co_authority_ids)),
            township_id=rule.township_id,
            leader_id=rule.leader_id,
        )

    columns = set(KeepCompetence.model_fields)
    wanted = [
        (
            rule_id,
            ask.model_dump(include=columns) | {"co_authority_ids": [str(each) for each in ask.co_authority_ids]},
        )
        for rule_id, ask in asks
    ]
    return await keep(tx, Competence, wanted, fact)


async def keep_criteria(
    tx: AsyncSession, asks: Sequence[tuple[UUID, KeepCriterion]], county_code: str, now: datetime
) -> Loaded[Criterion]:
    """List criteria; they hold in the whole county, and the document of each may stand in the catalogue of bases."""
    await _are_catalogued(tx, [ask.basis_id for _, ask in asks])

    def fact(criterion: Criterion) -> CriterionListed:
        return CriterionListed(
            at=now,
            area_code=criterion.area_code,
            criterion_id=criterion.id,
            document=criterion.document,
            item=criterion.item,
            text_en=criterion.text_en,
            text_zh=criterion.text_zh,
            categories=tuple(map(Category, criterion.categories)),
            valid_from=criterion.valid_from,
            valid_to=criterion.valid_to,
            basis_id=criterion.basis_id,
        )

    wanted = [
        (
            criterion_id,
            {
                "area_code": county_code,
                "document": ask.document,
                "item": ask.item,
                "text_en": ask.text_en or ask.text_zh,
                "text_zh": ask.text_zh,
                "categories": [category.value for category in ask.categories],
                "valid_from": ask.valid_from,
                "valid_to": ask.valid_to,
                "basis_id": ask.basis_id,
            },
        )
        for criterion_id, ask in asks
    ]
    return await keep(tx, Criterion, wanted, fact)


async def _all_lead_somewhere(tx: AsyncSession, asks: Asks) -> None:
    """Raise, naming the index, for the first rule whose key, or anybody that it names, does not exist."""
    by_enterprise = [UUID(ask.key) for _, ask in asks if ask.by is CompetenceBy.ENTERPRISE]
    named = [
        each
        for _, ask in asks
        for each in (ask.authority_id, *ask.co_authority_ids, ask.township_id)
        if each is not None
    ]
    parties = await kinds(tx, [*by_enterprise, *named])
    townships = await registered(tx, [ask.key for _, ask in asks if ask.by is CompetenceBy.TOWNSHIP])
    people = await registered_people(tx, [ask.leader_id for _, ask in asks if ask.leader_id is not None])
    enterprises = {str(party_id) for party_id, kind in parties.items() if kind is PartyKind.ENTERPRISE}
    existing = {CompetenceBy.ENTERPRISE: enterprises, CompetenceBy.TOWNSHIP: townships}
    for index, (_, ask) in enumerate(asks):
        if ask.by in existing and ask.key not in existing[ask.by]:
            raise BadInput(
                "unknown-key",
                f"There is no {ask.by} “{ask.key}”; register it first.",
                f"没有登记“{ask.key}”，请先登记。",
                index=index,
            )
        if any(parties.get(each) not in COMPETENT for each in (ask.authority_id, *ask.co_authority_ids)):
            raise BadInput(
                "not-an-authority",
                "Only a registered authority or township can be responsible.",
                "只有已登记的监管部门或乡镇可以承担监管职责。",
                index=index,
            )
        if ask.township_id is not None and parties.get(ask.township_id) is not PartyKind.TOWNSHIP:
            raise BadInput("not-a-township", "There is no such township.", "没有登记该乡镇（街道）。", index=index)
        if ask.leader_id is not None and ask.leader_id not in people:
            raise BadInput("unknown-person", "There is no such person.", "没有登记该人员。", index=index)


async def _are_catalogued(tx: AsyncSession, ids: Sequence[UUID | None]) -> None:
    """Raise, naming the index, for the first that names no legal basis."""
    bases = table_of(Criterion).metadata.tables["bases"]
    wanted = {each for each in ids if each is not None}
    catalogued = set(await tx.scalars(select(bases.c.id).where(bases.c.id.in_(wanted)))) if wanted else set[UUID]()
    for index, each in enumerate(ids):
        if each is not None and each not in catalogued:
            raise BadInput("unknown-basis", "There is no such legal basis.", "没有登记该法律依据。", index=index)
