"""What an agency can do here: register an engagement, deliver an audit."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.thirdparty import policy, queries
from services.thirdparty.domain import Term, advised_and_reviewed, low_score, rotation, rotation_due
from services.thirdparty.models import Audit, Engagement, Enterprise, Finding, Party, Result
from services.thirdparty.policy import Fault, Known
from services.thirdparty.shapes import FindingRow, RegisterEngagement, SubmitAudit
from shared.auth import Actor
from shared.contracts.thirdparty import AuditSubmitted, EngagementRegistered, FindingSubmitted
from shared.contracts.values import Channel, EvidenceRef, PartyKind, Place, Role, derived_id
from shared.errors import BadInput, Conflict, no_such
from shared.outbox import emit, emit_many
from shared.profile import Profile

MAX_FAULTS_TOLD = 50
M = TypeVar("M", Engagement, Audit)
_REFS = TypeAdapter(tuple[EvidenceRef, ...])


async def register(
    tx: AsyncSession, rules: Profile, who: Actor, engagement_id: UUID, ask: RegisterEngagement, now: datetime
) -> Engagement:
    """Register an engagement once. Raises `Conflict` naming the conflict-of-interest rule that forbids it."""
    agency_id = policy.acting_for(who)
    await queries.one_at_a_time(tx, agency_id)
    terms = dict(ask)
    if known := await tx.get(Engagement, engagement_id):
        same = all(getattr(known, name) == value for name, value in terms.items())
        return _known_as(known, agency_id, same, "engagement", "服务合同")
    client_kind = await _client_kind(tx, ask.client_id)
    new = Term(ask.kind, ask.valid_from, ask.valid_to)
    others = await queries.terms_between(tx, agency_id, ask.client_id)
    lasting = policy.lasting_by(rules)
    if forbidding := advised_and_reviewed(new, others, lasting):
        raise _conflict_of_interest(*forbidding)
    since = rotation_due(new, others, lasting)
    warnings = [] if since is None else [rotation(since).model_dump()]
    engagement = Engagement(
        id=engagement_id, agency_id=agency_id, client_kind=client_kind, at=now, warnings=warnings, **terms
    )
    await emit(tx, engagement, EngagementRegistered(at=now, engagement_id=engagement_id, agency_id=agency_id, **terms))
    return engagement


async def submit(
    tx: AsyncSession, rules: Profile, who: Actor, audit_id: UUID, ask: SubmitAudit, now: datetime
) -> Audit:
    """Store an audit, all of it or nothing; each result under the profile's limit becomes a finding.

    Raises `Conflict` when the term is over or the id stands for another audit, `BadInput` that lists the bad rows.
    """
    agency_id = policy.acting_for(who)
    await queries.one_at_a_time(tx, audit_id)
    content_hash = ask.content_hash()
    if stored := await tx.get(Audit, audit_id):
        return _known_as(stored, agency_id, stored.content_hash == content_hash, "audit", "检查")
    engagement = await tx.get(Engagement, ask.engagement_id)
    if engagement is None or engagement.agency_id != agency_id:
        raise no_such("engagement", "服务合同")
    today = now.astimezone(rules.timezone).date()
    if today > engagement.valid_to:
        raise _expired(engagement)
    known = await _known(tx, rules, engagement, ask)
    if faults := list(policy.faults(engagement, ask, known, today)):
        raise _refused(faults)

    limit = rules.number("thirdparty.finding_below_score", ask.performed_on)
    named = [*_low_scores(audit_id, ask, limit), *((None, row) for row in ask.findings)]
    audit = Audit(
        id=audit_id,
        area_code=engagement.area_code,
        agency_id=agency_id,
        client_id=engagement.client_id,
        at=now,
        engagement_id=engagement.id,
        performed_on=ask.performed_on,
        conclusion=ask.conclusion,
        summary_public=ask.summary_public,
        content_hash=content_hash,
        finding_below_score=limit,
        results=len(ask.results) + len(ask.findings),
        findings=len(named),
        satisfactory=len(ask.results) + len(ask.findings) - len(named),
    )
    channel = Channel.INSURER if Role.INSURER in who.roles else Channel.THIRD_PARTY_AUDIT
    findings = [_finding(audit, channel, result_id, row, known) for result_id, row in named]
    await emit(tx, audit, _submitted(audit))
    if ask.results:
        await tx.execute(insert(Result), [{"audit_id": audit_id, **row.model_dump()} for row in ask.results])
    await emit_many(tx, [(finding, _claim(finding)) for finding in findings])
    return audit


def _known_as(known: M, agency_id: UUID, same: bool, kind: str, kind_zh: str) -> M:
    """Return what already has this id, if the same agency said the same."""
    if known.agency_id != agency_id:
        raise no_such(kind, kind_zh)
    if not same:
        raise Conflict(
            f"{kind}-id-taken",
            f"You already sent another {kind} under this id. Send this one under a new id.",
            f"该编号已用于另一份{kind_zh}，请使用新的编号提交。",
        )
    return known


async def _client_kind(tx: AsyncSession, client_id: UUID) -> PartyKind:
    if await tx.get(Enterprise, client_id) is not None:
        return PartyKind.ENTERPRISE
    party = await tx.get(Party, client_id)
    if party is None or party.kind != PartyKind.AUTHORITY:
        raise BadInput(
            "unknown-client",
            "The client is not a registered enterprise or authority.",
            "委托方不是已登记的企业或监管部门。",
            client_id=client_id,
        )
    return PartyKind.AUTHORITY


async def _known(tx: AsyncSession, rules: Profile, engagement: Engagement, ask: SubmitAudit) -> Known:
    enterprises = {row.enterprise_id for row in (*ask.results, *ask.findings)}
    files = {file for row in ask.findings for file in row.evidence}
    return Known(
        enterprises=await queries.enterprises(tx, enterprises),
        advice=await queries.advice_to(tx, engagement.agency_id, enterprises),
        evidence=await queries.evidence_of(tx, engagement.agency_id, files),
        taken=await queries.findings_taken(tx, (row.finding_id for row in ask.findings)),
        lasting=policy.lasting_by(rules),
    )


def _low_scores(audit_id: UUID, ask: SubmitAudit, limit: float) -> Iterator[tuple[str, FindingRow]]:
    """Word each low score as a finding. Its id follows from the result, so that it is the same when sent again."""
    for row in ask.results:
        if row.score is not None and row.score < limit:
            finding = FindingRow(
                finding_id=derived_id(audit_id, row.result_id),
                enterprise_id=row.enterprise_id,
                category=row.category,
                what=low_score(row.score, limit, row.note),
            )
            yield row.result_id, finding


def _finding(audit: Audit, channel: Channel, result_id: str | None, row: FindingRow, known: Known) -> Finding:
    place = row.place or Place.model_validate(known.enterprises[row.enterprise_id].place)
    files = [known.evidence[file] for file in row.evidence]
    return Finding(
        id=row.finding_id,
        area_code=place.area_code,
        agency_id=audit.agency_id,
        client_id=audit.client_id,
        at=audit.at,
        audit_id=audit.id,
        result_id=result_id,
        reporter_ref=uuid4(),
        channel=channel,
        enterprise_id=row.enterprise_id,
        category=row.category,
        what=row.what,
        place=place.model_dump(mode="json"),
        suspected_grade=row.suspected_grade,
        imminent_danger=row.imminent_danger,
        fatalities=row.fatalities,
        evidence=[
            EvidenceRef(id=file.id, owner="thirdparty", sha256=file.sha256, media_type=file.media_type).model_dump(
                mode="json"
            )
            for file in files
        ],
    )


def _submitted(audit: Audit) -> AuditSubmitted:
    return AuditSubmitted(
        at=audit.at,
        area_code=audit.area_code,
        audit_id=audit.id,
        engagement_id=audit.engagement_id,
        agency_id=audit.agency_id,
        results=audit.results,
        findings=audit.findings,
    )


def _claim(finding: Finding) -> FindingSubmitted:
    return FindingSubmitted(
        at=finding.at,
        area_code=finding.area_code,
        claim_id=finding.id,
        source_party_id=finding.agency_id,
        channel=finding.channel,
        reporter_ref=finding.reporter_ref,
        place=Place.model_validate(finding.place),
        enterprise_id=finding.enterprise_id,
        category=finding.category,
        what=finding.what,
        evidence=_REFS.validate_python(finding.evidence),
        imminent_danger=finding.imminent_danger,
        fatalities=finding.fatalities,
        suspected_grade=finding.suspected_grade,
        audit_id=finding.audit_id,
    )


def _conflict_of_interest(forbidding: Term, until: date) -> Conflict:
    kind, begun, ended = forbidding.kind, forbidding.valid_from, forbidding.valid_to
    return Conflict(
        "conflict-of-interest",
        f"COI-1: an agency that advised a client may review it only after {until}. "
        f"Your other engagement with this client: {kind}, {begun} to {ended}.",
        f"COI-1：曾为委托方提供咨询、培训或托管服务的机构，{until}之后方可对其评价。与该委托方的另一合同：{kind}，{begun}至{ended}。",
        rule="COI-1",
        until=until,
    )


def _expired(engagement: Engagement) -> Conflict:
    return Conflict(
        "engagement-expired",
        f"This engagement ended on {engagement.valid_to}. Register a new one to deliver further audits.",
        f"该服务合同已于{engagement.valid_to}到期，请登记新的合同后再提交检查结果。",
        valid_to=engagement.valid_to,
    )


def _refused(faults: list[Fault]) -> BadInput:
    return BadInput(
        "audit-rows-refused",
        f"{len(faults)} entries cannot be taken, so nothing was stored. Correct them and send the audit again.",
        f"{len(faults)}处内容无法接受，未保存任何数据，请更正后重新提交。",
        faults=len(faults),
        rows=[asdict(fault) for fault in faults[:MAX_FAULTS_TOLD]],
    )
