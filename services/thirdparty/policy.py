"""Who may deliver what: the agency that speaks, and the rows that an engagement lets it deliver."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.thirdparty.domain import AGENCIES, Lasting, Term, bars
from services.thirdparty.models import Engagement, Enterprise, Evidence
from services.thirdparty.shapes import FindingRow, ResultRow, SubmitAudit
from shared.auth import Actor
from shared.contracts.values import PartyKind
from shared.errors import Forbidden
from shared.profile import Profile


def acting_for(who: Actor) -> UUID:
    """Return the agency that speaks, or raise `Forbidden`."""
    if not who.roles & AGENCIES or who.party_id is None:
        raise Forbidden(
            "agencies-only",
            "Only an agency, an association or an insurer delivers audits.",
            "只有技术服务机构、协会或保险机构可以提交检查结果。",
        )
    return who.party_id


def lasting_by(rules: Profile) -> Lasting:
    """Let the profile say how long services to a client weigh."""

    def until(key: str) -> Callable[[date], date]:
        return lambda day: rules.local_day(rules.due(key, rules.end_of(day)).at)

    return Lasting(
        advice_bars_until=until("thirdparty.advice_bars"),
        rotation_from=until("thirdparty.rotation"),
        goes_on_until=until("thirdparty.rotation.break"),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known here of the things that an audit names."""

    enterprises: Mapping[UUID, Enterprise]
    advice: Mapping[UUID, list[Term]]
    """What the agency itself advised each enterprise."""
    evidence: Mapping[UUID, Evidence]
    taken: set[UUID]
    """Ids that already stand for findings."""
    lasting: Lasting


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken; `index` counts from 0 in the list `rows`."""

    rows: Literal["audit", "results", "findings"]
    index: int | None
    field: str
    en: str
    zh: str


def faults(engagement: Engagement, ask: SubmitAudit, known: Known, today: date) -> Iterator[Fault]:
    """Name everything for which an audit cannot be taken."""
    if not engagement.valid_from <= ask.performed_on <= engagement.valid_to:
        yield Fault("audit", None, "performed_on", "outside the term of the engagement", "不在服务合同期限内")
    if ask.performed_on > today:
        yield Fault("audit", None, "performed_on", "lies in the future", "晚于今天")
    seen: set[str | UUID] = set()
    for index, row in enumerate(ask.results):
        if row.result_id in seen:
            yield Fault("results", index, "result_id", "given twice in this audit", "在本次检查中重复")
        seen.add(row.result_id)
        if why := _not_covered(row, engagement, ask.performed_on, known):
            yield Fault("results", index, "enterprise_id", *why)
    for index, row in enumerate(ask.findings):
        if row.finding_id in seen or row.finding_id in known.taken:
            yield Fault("findings", index, "finding_id", "already stands for another finding", "已用于另一条问题")
        seen.add(row.finding_id)
        if why := _not_covered(row, engagement, ask.performed_on, known):
            yield Fault("findings", index, "enterprise_id", *why)
        if not known.evidence.keys() >= set(row.evidence):
            yield Fault("findings", index, "evidence", "a file has not been uploaded yet", "有文件尚未上传")


def _not_covered(
    row: ResultRow | FindingRow, engagement: Engagement, performed_on: date, known: Known
) -> tuple[str, str] | None:
    """Say in both languages why the engagement does not reach this enterprise, or None."""
    enterprise = known.enterprises.get(row.enterprise_id)
    if enterprise is None:
        return "not a registered enterprise", "不是已登记的企业"
    if engagement.client_kind == PartyKind.ENTERPRISE:
        if enterprise.id != engagement.client_id:
            return "not the client of this engagement", "不是该服务合同的委托方"
        return None
    if not enterprise.area_code.startswith(engagement.area_code):
        return "outside the area of this engagement", "不在服务合同的区域内"
    for term in known.advice.get(enterprise.id, []):
        if bars(term, performed_on, performed_on, known.lasting):
            until = known.lasting.advice_bars_until(term.valid_to)
            return (
                f"COI-1: you advised it, and may review it only after {until}",
                f"COI-1：曾为其提供咨询、培训或托管服务，{until}之后方可评价",
            )
    return None
