"""Routes: reports by people, progress by account or tracking code, pictures."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.volunteer import actions, queries
from services.volunteer.domain import PENDING, newest_result, normal_code, telling
from services.volunteer.models import Contest, Evidence, Progress, Report
from services.volunteer.shapes import (
    AddToReport,
    AskByCode,
    ContestByCode,
    ContestResult,
    ContestView,
    ReportList,
    ReportView,
    SubmitReport,
    SubmittedView,
    ToldView,
)
from services.volunteer.vault import Vault
from shared.auth import Actor
from shared.errors import no_such
from shared.evidence.routes import evidence_router
from shared.group import Group
from shared.permission import allowed, covers, openly
from shared.profile import Profile
from shared.web import Anyone, Here, Now, Rules, Tx, Who, part, service_of

router = APIRouter(tags=["reports"])
Sealed = Annotated[Vault, part(Vault)]


@router.put("/reports/{report_id}", status_code=201, openapi_extra=openly("report.submit"))
async def submit(report_id: UUID, ask: SubmitReport, who: Anyone, here: Here) -> SubmittedView:
    """Report a hazard, signed in or anonymously. Sending the same report again is safe."""
    # Asks `here` for everything: each further dependency costs the hottest route as much as sealing the identity.
    pool, filing, vault = await here.database.pool(), here.part(Group), here.part(Vault)
    now = here.clock()
    filed = await actions.submit(pool, filing, vault, who, report_id, ask, now)
    here.database.committed()
    if not (ask.imminent_danger or ask.fatalities):
        return filed
    rules = here.profile
    numbers = rules.listing("report.emergency_numbers", now.astimezone(rules.timezone).date())
    return filed.model_copy(update={"call_now": tuple(numbers)})


@router.get("/reports", dependencies=[allowed("report.read")])
async def list_own(
    who: Who, tx: Tx, vault: Sealed, after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> ReportList:
    """List the own reports, newest first."""
    shown = await queries.own_reports(tx, vault.owner_key(who), after, limit)
    return ReportList(items=await _views(tx, shown.items), next=shown.next)


@router.get("/reports/{report_id}", dependencies=[allowed("report.read")])
async def show(report_id: UUID, who: Who, tx: Tx, vault: Sealed) -> ReportView:
    """Show one of the own reports with everything that its reporter was told."""
    report = await tx.get(Report, report_id)
    if report is None or report.owner_key != vault.owner_key(who):
        raise no_such("report", "报告")
    return await _told(tx, report)


@router.post("/reports/{report_id}/additions", dependencies=[allowed("report.add")])
async def add(report_id: UUID, ask: AddToReport, who: Anyone, now: Now, tx: Tx, vault: Sealed) -> ReportView:
    """Add words or pictures to the own report."""
    return await _told(tx, await actions.add(tx, vault, who, report_id, ask, now))


@router.post("/reports/{report_id}/contest", dependencies=[allowed("report.contest")])
async def contest(
    report_id: UUID, ask: ContestResult, who: Who, now: Now, rules: Rules, tx: Tx, vault: Sealed
) -> ReportView:
    """Say that the danger is still there, or that the result is wrong; the authority must decide on that in time."""
    return await _told(tx, await actions.contest(tx, vault, rules, who, report_id, ask, now))


@router.post("/tracking/contest", dependencies=[allowed("report.contest_by_code")])
async def contest_by_code(ask: ContestByCode, who: Anyone, now: Now, rules: Rules, tx: Tx, vault: Sealed) -> ReportView:
    """The same for a report without a name, by its tracking code."""
    return await _told(tx, await actions.contest_by_code(tx, vault, rules, who, ask, now))


@router.post("/tracking", dependencies=[allowed("report.track")])
async def track(ask: AskByCode, tx: Tx, vault: Sealed) -> ReportView:
    """Show an anonymous report to whoever holds its tracking code; the code stands in the body, never in a log."""
    report = await queries.report_by_code(tx, vault.tracking_hash(normal_code(ask.tracking_code)))
    if report is None:
        raise no_such("tracking code", "查询码")
    return await _told(tx, report)


class _Policy:
    """Pictures are kept under the reporter's blind key; the reporter may look, and the authorities of the area."""

    def owner_key(self, request: Request, who: Actor) -> str:
        return service_of(request).part(Vault).owner_key(who)

    async def may_read(self, request: Request, tx: Tx, who: Actor, evidence_id: UUID, kept_by: str) -> bool:
        if kept_by == self.owner_key(request, who):
            return True
        return any(covers(who, "report_picture.read", area=code) for code in await queries.areas_of(tx, evidence_id))


evidence = evidence_router("volunteer", Evidence, _Policy(), verbs="report_picture", anonymous=True, images_only=True)


async def _told(tx: Tx, report: Report) -> ReportView:
    return (await _views(tx, [report]))[0]


async def _views(tx: Tx, reports: Sequence[Report]) -> list[ReportView]:
    rules: Profile = tx.info["profile"]
    ids = [report.id for report in reports]
    told, contests = await queries.told(tx, ids), await queries.contests(tx, ids)
    return [_view(report, told.get(report.id, []), contests.get(report.id, []), rules) for report in reports]


def _view(report: Report, progress: Sequence[Progress], contests: Sequence[Contest], rules: Profile) -> ReportView:
    result = newest_result((row.at, row.fact) for row in progress)
    pending = any(each.outcome in PENDING for each in contests)
    known = {
        **report.model_dump(),
        "told": [_told_line(row) for row in progress],
        "contests": [ContestView.model_validate(each) for each in contests],
    }
    if result is not None and not result.reviewed and not pending:
        known["contest_until"] = rules.due("report.review_request", result.at).at
    return ReportView.model_validate(known)


def _told_line(row: Progress) -> ToldView:
    party = None if row.party_en is None or row.party_zh is None else (row.party_en, row.party_zh)
    en, zh = telling(row.fact, held=row.authority_id is not None).read(party)
    return ToldView(at=row.at, fact=row.fact, en=en, zh=zh, remark=row.remark, authority_id=row.authority_id)
