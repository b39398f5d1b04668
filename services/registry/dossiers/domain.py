"""What a record must say, when it expires, and what an enterprise lacks. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from shared.contracts.dossiers import (
    Accident,
    Drill,
    EmergencyPlan,
    MajorSource,
    Organisation,
    Penalty,
    Project,
    RecordDetail,
    RecordKind,
    Standardisation,
)
from shared.contracts.enterprises import Sector
from shared.errors import BadInput, Conflict, Forbidden
from shared.profile import Profile, Rule

SINGLE = frozenset({RecordKind.ORGANISATION, RecordKind.FEATURES, RecordKind.DUAL_PREVENTION})
"""What an enterprise has one of: a statement about all of it."""
OFFICIAL = frozenset({RecordKind.PENALTY, RecordKind.ACCIDENT})
"""What is said about an enterprise and never by it."""
NUMBERED = frozenset(
    {
        RecordKind.LICENCE,
        RecordKind.STANDARDISATION,
        RecordKind.INSURANCE,
        RecordKind.EMERGENCY_PLAN,
        RecordKind.PENALTY,
    }
)
ENDING = frozenset({RecordKind.STANDARDISATION, RecordKind.INSURANCE, RecordKind.EMERGENCY_PLAN})
"""What always has a last day; a licence may be granted for good."""

_DETAIL: TypeAdapter[RecordDetail] = TypeAdapter(RecordDetail)


def detail_of(written: Mapping[str, Any]) -> RecordDetail:
    """Read a detail as it was stored."""
    return _DETAIL.validate_python(written)


def record_fault(
    detail: RecordDetail, number: str | None, valid_from: date | None, valid_to: date | None, today: date
) -> BadInput | None:
    """Say what makes a record impossible, or None."""
    if detail.kind in NUMBERED and number is None:
        return BadInput("record-number", "A record of this kind has a number.", "此类档案须填写编号。")
    if detail.kind in ENDING and valid_to is None:
        return BadInput("record-last-day", "A record of this kind has a last day.", "此类档案须填写有效期截止日期。")
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        return BadInput("record-term", "The last day lies before the first.", "有效期截止日期早于起始日期。")
    if (done := _done_on(detail)) is not None and done > today:
        return BadInput("date-ahead", "What was done cannot lie in the future.", "已完成事项的日期不能晚于今天。")
    return None


def _done_on(detail: RecordDetail) -> date | None:
    """Give the latest day on which the record says that something was done."""
    days: Sequence[date | None]
    match detail:
        case Standardisation():
            days = [detail.issued_on]
        case MajorSource() | EmergencyPlan():
            days = [detail.filed_on]
        case Drill():
            days = [detail.held_on]
        case Penalty():
            days = [detail.decided_on]
        case Accident():
            days = [detail.happened_on]
        case Project():
            days = [detail.design_reviewed_on, detail.accepted_on]
        case _:
            days = []
    return max((day for day in days if day is not None), default=None)


def not_by_itself() -> Forbidden:
    return Forbidden(
        "official-record",
        "Penalties and accidents are entered by authorities, not by the enterprise.",
        "处罚和事故记录由监管部门登记，企业不能自行登记。",
    )


def verified_stays() -> Conflict:
    return Conflict(
        "record-verified",
        "An authority verified this record: keep a new one, and ask the authority to end this.",
        "该档案已经监管部门核实：请另建新档案，并请监管部门终止原档案。",
    )


def record_ended() -> Conflict:
    return Conflict(
        "record-ended",
        "This record was ended and stays so; keep a new one under a new id.",
        "该档案已终止，请以新编号另建。",
    )


def is_valid(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Tell whether something holds on a day; both ends count."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked at to see what an enterprise lacks: its records that are valid on the day."""

    employees: int
    industry_code: str
    sector: Sector | None
    high_hazard: bool
    organisation: Organisation | None
    kinds: Collection[RecordKind]
    projects: Sequence[Project] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing, and by whose rule it should be there."""

    code: str
    en: str
    zh: str
    source: str
    mark: str


def lacks(known: Known, rules: Profile, on: date) -> list[Lack]:
    """List what an enterprise of this size and sector should have and has not."""
    return [*_people_missing(known, rules, on), *_papers_missing(known, rules, on), *_projects_ahead(known)]


def _people_missing(known: Known, rules: Profile, on: date) -> list[Lack]:
    found: list[Lack] = []
    has = known.organisation or Organisation(kind=RecordKind.ORGANISATION)
    full_time = has.has_department or has.full_time_staff
    if not full_time and (obliging := _obliging(known, rules, on)) is not None:
        en = "A safety organisation or full-time safety staff: obligatory for this size or sector."
        zh = "安全生产管理机构或专职安全生产管理人员：该规模或行业必须设置。"
        found.append(Lack("safety-staff", en, zh, obliging.source, obliging.mark))
    elif not (full_time or has.part_time_staff):
        en, zh = "Full-time or part-time safety staff.", "专职或者兼职的安全生产管理人员。"
        found.append(Lack("safety-staff", en, zh, "WSL art. 24", "L"))
    if has.principal_id is None:
        en, zh = "The principal who answers for safety is not named.", "未登记主要负责人。"
        found.append(Lack("principal", en, zh, "WSL art. 21", "L"))
    if not has.responsibility_list:
        en, zh = "The list of every post's safety duties.", "全员安全生产责任制清单。"
        found.append(Lack("responsibility-list", en, zh, "WSL art. 22", "L"))
    return found


def _obliging(known: Known, rules: Profile, on: date) -> Rule | None:
    """Give the rule by which full-time safety staff are obligatory here, or None."""
    size = rules.rule("organisation.full_time_above", on)
    if known.high_hazard or known.employees > rules.number("organisation.full_time_above", on):
        return size
    key = "organisation.high_hazard_sectors"
    return rules.rule(key, on) if is_one_of(rules.listing(key, on), known.industry_code, known.sector) else None


def is_one_of(listed: Collection[str], industry_code: str, sector: Sector | None) -> bool:
    """Tell whether a list of supervised sectors and of prefixes of industry codes names an enterprise."""
    return sector in listed or industry_code.startswith(tuple(listed))


_OBLIGATORY = (
    (
        RecordKind.INSURANCE,
        "insurance.obligatory_sectors",
        "Safety-production liability insurance.",
        "安全生产责任保险。",
    ),
    (RecordKind.LICENCE, "licence.obligatory_sectors", "A valid licence of its sector.", "本行业的有效许可证。"),
)


def _papers_missing(known: Known, rules: Profile, on: date) -> list[Lack]:
    found: list[Lack] = []
    for kind, key, en, zh in _OBLIGATORY:
        rule = rules.rule(key, on)
        if kind not in known.kinds and is_one_of(rules.listing(key, on), known.industry_code, known.sector):
            found.append(Lack(kind.value, en, zh, rule.source, rule.mark))
    return found


def _projects_ahead(known: Known) -> list[Lack]:
    """Find building that began before its safety facilities were reviewed, and use before they were accepted."""
    found: list[Lack] = []
    for project in known.projects:
        if _before(project.started_on, project.design_reviewed_on):
            en = f"“{project.name}” was begun before the design of its safety facilities was reviewed."
            zh = f"“{project.name}”在安全设施设计审查前开工。"
            found.append(Lack("design-review", en, zh, "WSL art. 31-33; for which projects: check before use", "K"))
        if _before(project.in_use_from, project.accepted_on):
            en = f"“{project.name}” is used before its safety facilities were accepted."
            zh = f"“{project.name}”在安全设施验收合格前投入使用。"
            found.append(Lack("acceptance", en, zh, "WSL art. 31, 34; for which projects: check before use", "K"))
    return found


def _before(done: date | None, needed: date | None) -> bool:
    return done is not None and (needed is None or done < needed)
