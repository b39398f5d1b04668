"""Routes: engagements, audits and their findings, files that prove them."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.thirdparty import actions, policy, queries
from services.thirdparty.domain import FindingState, shown
from services.thirdparty.models import Audit, Engagement, Evidence, Finding
from services.thirdparty.shapes import (
    AuditList,
    AuditView,
    EngagementList,
    EngagementView,
    FindingList,
    FindingView,
    RegisterEngagement,
    SubmitAudit,
)
from shared.auth import Actor
from shared.contracts.values import Role
from shared.errors import no_such
from shared.evidence.routes import evidence_router
from shared.permission import allowed, covers
from shared.versions import versioned
from shared.web import Now, Rules, Tx, Who

router = APIRouter(tags=["audits"], dependencies=[versioned(Engagement, "engagement_id"), versioned(Audit, "audit_id")])
Limit = Annotated[int, Query(ge=1, le=100)]


@router.put("/engagements/{engagement_id}", status_code=201, dependencies=[allowed("engagement.register")])
async def register(
    engagement_id: UUID, ask: RegisterEngagement, who: Who, now: Now, rules: Rules, tx: Tx
) -> EngagementView:
    """Register a service for a client. Sending the same engagement again is safe."""
    return EngagementView.model_validate(await actions.register(tx, rules, who, engagement_id, ask, now))


@router.get("/engagements", dependencies=[allowed("engagement.read")])
async def list_engagements(who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50) -> EngagementList:
    """List the engagements of the own agency or with the own party as client, newest first."""
    rows, following = await queries.newest(tx, who, Engagement, [], after, limit)
    return EngagementList(items=[EngagementView.model_validate(row) for row in rows], next=following)


@router.get("/engagements/{engagement_id}", dependencies=[allowed("engagement.read")])
async def show_engagement(engagement_id: UUID, who: Who, tx: Tx) -> EngagementView:
    engagement = await queries.one(tx, who, Engagement, engagement_id)
    if engagement is None:
        raise no_such("engagement", "服务合同")
    return EngagementView.model_validate(engagement)


@router.put("/audits/{audit_id}", status_code=201, dependencies=[allowed("audit.submit")])
async def submit(audit_id: UUID, ask: SubmitAudit, who: Who, now: Now, rules: Rules, tx: Tx) -> AuditView:
    """Deliver an audit, all of it or nothing. Sending the same audit again changes nothing."""
    audit = await actions.submit(tx, rules, who, audit_id, ask, now)
    return (await _audits(tx, who, [audit]))[0]


@router.get("/audits", dependencies=[allowed("audit.read")])
async def list_audits(who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50) -> AuditList:
    """List audits in numbers, newest first."""
    rows, following = await queries.newest(tx, who, Audit, [], after, limit)
    return AuditList(items=await _audits(tx, who, rows), next=following)


@router.get("/audits/{audit_id}", dependencies=[allowed("audit.read")])
async def show_audit(audit_id: UUID, who: Who, tx: Tx) -> AuditView:
    audit = await queries.one(tx, who, Audit, audit_id)
    if audit is None:
        raise no_such("audit", "检查")
    return (await _audits(tx, who, [audit]))[0]


@router.get("/findings", dependencies=[allowed("finding.read")])
async def list_findings(
    who: Who,
    tx: Tx,
    audit_id: UUID | None = None,
    state: FindingState | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> FindingList:
    """List findings and how far they have come, newest first."""
    states = None if state is None else [real for real in FindingState if _shown(real, who) == state]
    only = queries.findings_of(audit_id, states)
    rows, following = await queries.newest(tx, who, Finding, only, after, limit)
    return FindingList(items=[_finding(row, who) for row in rows], next=following)


class _Policy:
    """Files are kept under the agency; it may look, and the authorities and the committee of the area."""

    def owner_key(self, request: Request, who: Actor) -> str:  # noqa: ARG002 — the policy's shape
        return str(policy.acting_for(who))

    async def may_read(self, request: Request, tx: Tx, who: Actor, evidence_id: UUID, kept_by: str) -> bool:  # noqa: ARG002 — the policy's shape
        if covers(who, "audit_file.read", party=[UUID(kept_by)]):
            return True
        return any(covers(who, "audit_file.read", area=code) for code in await queries.areas_of(tx, evidence_id))


evidence = evidence_router("thirdparty", Evidence, _Policy(), verbs="audit_file")


async def _audits(tx: Tx, who: Actor, audits: Sequence[Audit]) -> list[AuditView]:
    counts = await queries.states_of(tx, [audit.id for audit in audits])
    views: list[AuditView] = []
    for audit in audits:
        by_state: Counter[FindingState] = Counter()
        for state, count in counts[audit.id].items():
            by_state[_shown(state, who)] += count
        views.append(AuditView.model_validate({**audit.model_dump(), "by_state": by_state}))
    return views


def _finding(finding: Finding, who: Actor) -> FindingView:
    state = _shown(finding.state, who)
    told = state == finding.state
    return FindingView.model_validate(
        {
            **finding.model_dump(),
            "state": state,
            "reason": finding.reason if told else None,
            "explanation": finding.explanation if told else None,
        }
    )


def _shown(state: FindingState, who: Actor) -> FindingState:
    return shown(state, to_enterprise=Role.ENTERPRISE in who.roles)
