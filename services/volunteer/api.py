"""Routes: reports by people, progress by account or tracking code, pictures."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.volunteer import actions, queries
from services.volunteer.domain import normal_code, telling
from services.volunteer.models import Evidence, Progress, Report
from services.volunteer.shapes import (
    AddToReport,
    AskByCode,
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
from shared.web import Anyone, Here, Now, Tx, Who, part, service_of

router = APIRouter(tags=["reports"])
Sealed = Annotated[Vault, part(Vault)]


@router.put("/reports/{report_id}", status_code=201, openapi_extra=openly("report.submit"))
async def submit(report_id: UUID, ask: SubmitReport, who: Anyone, here: Here) -> SubmittedView:
    """Report a hazard, signed in or anonymously. Sending the same report again is safe."""
    # Asks `here` for everything: each further dependency costs the hottest route as much as sealing the identity.
    pool, filing, vault = await here.database.pool(), here.part(Group), here.part(Vault)
    filed = await actions.submit(pool, filing, vault, who, report_id, ask, here.clock())
    here.database.committed()
    return filed


@router.get("/reports", dependencies=[allowed("report.read")])
async def list_own(
    who: Who, tx: Tx, vault: Sealed, after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> ReportList:
    """List the own reports, newest first."""
    shown = await queries.own_reports(tx, vault.owner_key(who), after, limit)
    told = await queries.told(tx, [row.id for row in shown.items])
    return ReportList(items=[_view(row, told.get(row.id, [])) for row in shown.items], next=shown.next)


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
    return _view(report, (await queries.told(tx, [report.id])).get(report.id, []))


def _facts(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in ReportView.model_fields if name != "told"}


def _view(report: Report, progress: list[Progress]) -> ReportView:
    return ReportView.model_validate({**_facts(report), "told": [_told_view(row) for row in progress]})


def _told_view(row: Progress) -> ToldView:
    said = telling(row.fact, held=row.authority_id is not None)
    return ToldView(at=row.at, fact=row.fact, en=said.en, zh=said.zh, remark=row.remark, authority_id=row.authority_id)
