"""Reporters contest results; without it an answer would be the end, whatever the danger does (peers N01)."""

from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from services.volunteer import queries
from services.volunteer.actions.reporting import owns, pictures
from services.volunteer.domain import PENDING, mask, newest_result, normal_code, not_now
from services.volunteer.models import Contest, Report
from services.volunteer.shapes import ContestByCode, ContestResult
from services.volunteer.vault import Vault
from shared.auth import Actor
from shared.contracts.values import EvidenceRef
from shared.contracts.volunteer import ReportContested
from shared.errors import no_such
from shared.outbox import emit
from shared.profile import Profile

_REFS = TypeAdapter(tuple[EvidenceRef, ...])


async def contest(
    tx: AsyncSession, vault: Vault, rules: Profile, who: Actor, report_id: UUID, ask: ContestResult, now: datetime
) -> Report:
    """Contest the result of the own report; raises 404 for another's, 409 when it is too early, too late or twice."""
    return await _contest(tx, vault, rules, who, report_id, ask, now)


async def contest_by_code(
    tx: AsyncSession, vault: Vault, rules: Profile, who: Actor, ask: ContestByCode, now: datetime
) -> Report:
    """The same for whoever holds the code of a report without a name."""
    known = await queries.report_by_code(tx, vault.tracking_hash(normal_code(ask.tracking_code)))
    if known is None:
        raise no_such("tracking code", "查询码")
    return await _contest(tx, vault, rules, who, known.id, ask, now, ask.tracking_code)


async def _contest(
    tx: AsyncSession,
    vault: Vault,
    rules: Profile,
    who: Actor,
    report_id: UUID,
    ask: ContestResult,
    now: datetime,
    code: str | None = None,
) -> Report:
    report = await tx.get(Report, report_id, with_for_update=True, populate_existing=True)
    if report is None or not owns(vault, report, who, code):
        raise no_such("report", "报告")
    told = (await queries.told(tx, [report.id])).get(report.id, [])
    earlier = (await queries.contests(tx, [report.id])).get(report.id, [])
    refused = not_now(
        newest_result((row.at, row.fact) for row in told),
        lambda at: rules.due("report.review_request", at).at,
        now,
        pending=any(each.outcome in PENDING for each in earlier),
    )
    if refused is not None:
        raise refused
    made = Contest(
        report_id=report.id,
        at=now,
        statement=mask(ask.statement),
        evidence=await pictures(tx, vault, who, ask.evidence),
    )
    tx.add(made)
    await emit(
        tx,
        report,
        ReportContested(
            at=now,
            area_code=report.area_code,
            contest_id=made.id,
            claim_id=report.id,
            statement=made.statement,
            evidence=_REFS.validate_python(made.evidence),
        ),
    )
    return report
