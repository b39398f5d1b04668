"""The composite score of an enterprise (D, domain reference §6.4), with every contribution told. Pure.

Score = inherent points × control per cent. One grave fact alone makes at least orange.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Self

from services.registry.dossiers.domain import is_one_of, is_valid
from services.registry.risks.domain.points import GRAVEST_FIRST, colour_by
from shared.contracts.dossiers import Accident, Features, MajorSource, Penalty, RecordDetail, Standardisation
from shared.contracts.enterprises import Sector
from shared.contracts.inspection import HazardState
from shared.contracts.registry import Colour, RiskReason
from shared.contracts.values import Category, Grade
from shared.profile import Profile

DANGER_STANDS = frozenset(HazardState) - {
    HazardState.SUSPECTED,
    HazardState.VERIFIED,
    HazardState.CLOSED,
    HazardState.DISMISSED,
    HazardState.VOID,
    HazardState.MERGED,
}
"""A suspicion counts nothing: it becomes a hazard when officers confirm it."""
_OWES = frozenset({HazardState.ORDERED, HazardState.RECTIFYING})
"""The enterprise must act; when it asked for a re-check it waits for the authority."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A record of the enterprise as the score looks at it."""

    detail: RecordDetail
    verified: bool
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class HazardSeen:
    """A hazard as inspection told it last."""

    state: HazardState
    category: Category
    grade: Grade | None = None
    limit: date | None = None
    cycle: int = 1
    confirmed_on: date | None = None
    told: bool = True
    """The enterprise was ordered to act, or found it itself; until then it does not know of it."""
    recurrent: bool = False
    """Inspection says that it came back: the same kind at the same place."""
    self_found: bool = False
    """The enterprise declared it and removes it itself: that it looks often must not count against it."""
    stayed: bool = False
    """The order is stayed: nobody is late by its limit."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the score depends on, besides the day and the rules."""

    industry_code: str
    people: int
    sector: Sector | None = None
    high_hazard: bool = False
    papers: Sequence[Paper] = ()
    hazards: Sequence[HazardSeen] = ()

    def as_told(self) -> Self:
        """Give what the enterprise itself knows: it must not guess from its colour that somebody reported."""
        return replace(self, hazards=[hazard for hazard in self.hazards if hazard.told])


@dataclass(frozen=True, slots=True)
class Assessment:
    colour: Colour
    score: int
    reasons: tuple[RiskReason, ...]
    again_on: date | None
    """The first day on which time alone may change it."""


@dataclass(slots=True)
class _Sheet:
    """What is being added up."""

    rules: Profile
    on: date
    reasons: list[RiskReason] = field(default_factory=list[RiskReason])
    turns: list[date] = field(default_factory=list[date])

    def add(
        self, part: Literal["inherent", "control", "override"], factor: str, value: object, points: float, key: str
    ) -> None:
        rule = self.rules.rule(key, self.on)
        told = RiskReason(part=part, factor=factor, value=str(value), points=points, source=rule.source, mark=rule.mark)
        self.reasons.append(told)

    def number(self, key: str) -> float:
        return self.rules.number(key, self.on)

    def after(self, last: date | None) -> None:
        """Note that something ends with this day."""
        if last is not None and last >= self.on:
            self.turns.append(last + timedelta(days=1))

    def within(self, day: date, key: str) -> bool:
        """Tell whether a day lies in a window that the profile opens on it."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=self.rules.timezone)
        last = self.rules.due(key, noon.astimezone(UTC)).at.astimezone(self.rules.timezone).date()
        self.after(last)
        return self.on <= last

    def total(self, part: str) -> Decimal:
        return sum((Decimal(str(each.points)) for each in self.reasons if each.part == part), Decimal(0))


def assess(inputs: Inputs, rules: Profile, on: date) -> Assessment:
    """Score an enterprise on a day; the same inputs always give the same answer, in whatever order they came."""
    sheet = _Sheet(rules, on)
    for paper in inputs.papers:
        sheet.after(paper.valid_to)
        if paper.valid_from is not None and paper.valid_from > on:
            sheet.turns.append(paper.valid_from)
    valid = [paper for paper in inputs.papers if is_valid(paper.valid_from, paper.valid_to, on)]
    _inherent(sheet, inputs, valid)
    _standardisation(sheet, valid)
    _hazards(sheet, inputs.hazards)
    _record(sheet, valid)
    control = max(Decimal(100) + sheet.total("control"), Decimal(0))
    exact = sheet.total("inherent") * control / 100
    score = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    bounds = {colour: Decimal(str(rules.number(f"risk.score.{colour}", on))) for colour in GRAVEST_FIRST}
    colour = colour_by(Decimal(score), bounds)
    if any(each.part == "override" for each in sheet.reasons) and colour in {Colour.YELLOW, Colour.BLUE}:
        colour = Colour.ORANGE
    return Assessment(colour, score, tuple(sheet.reasons), min(sheet.turns, default=None))


def _inherent(sheet: _Sheet, inputs: Inputs, valid: Collection[Paper]) -> None:
    sector = _sector(sheet, inputs)
    key = f"risk.points.sector.{sector}"
    sheet.add("inherent", "sector", f"{inputs.industry_code} ({sector})", sheet.number(key), key)
    many = inputs.people >= sheet.number("risk.people.many")
    some = inputs.people >= sheet.number("risk.people.some")
    key = f"risk.points.people.{'many' if many else 'some' if some else 'few'}"
    sheet.add("inherent", "people", inputs.people, sheet.number(key), key)
    sources = [paper.detail.level for paper in valid if isinstance(paper.detail, MajorSource)]
    if sources:
        gravest = min(sources)
        key = f"risk.points.source.{gravest}"
        sheet.add("inherent", "major_source", f"level {gravest}", sheet.number(key), key)
        if gravest <= sheet.number("risk.override.source_level"):
            sheet.add("override", "major_source", f"level {gravest}", 0, "risk.override.source_level")
    for name in _features(valid):
        sheet.add("inherent", "feature", name, sheet.number("risk.points.feature"), "risk.points.feature")


def _sector(sheet: _Sheet, inputs: Inputs) -> str:
    for sector in ("grave", "raised"):
        listed = sheet.rules.listing(f"risk.sector.{sector}", sheet.on)
        flagged = sector == "grave" and inputs.high_hazard
        if flagged or is_one_of(listed, inputs.industry_code, inputs.sector):
            return sector
    return "other"


def _features(valid: Collection[Paper]) -> Iterator[str]:
    for paper in valid:
        if isinstance(paper.detail, Features):
            said = paper.detail.model_dump(exclude={"kind"})
            yield from sorted(name for name, present in said.items() if present is True)


def _standardisation(sheet: _Sheet, valid: Collection[Paper]) -> None:
    """Only what an authority verified speaks for the enterprise; what speaks against it counts as declared."""
    held = [paper.detail.grade for paper in valid if isinstance(paper.detail, Standardisation) and paper.verified]
    if held:
        key = f"risk.control.standardisation.{min(held)}"
        sheet.add("control", "standardisation", f"grade {min(held)}", -sheet.number(key), key)


def _hazards(sheet: _Sheet, hazards: Sequence[HazardSeen]) -> None:
    standing = [hazard for hazard in hazards if hazard.state in DANGER_STANDS]
    major = sum(hazard.grade is Grade.MAJOR for hazard in standing)
    _times(sheet, "hazard.major", major)
    _times(sheet, "hazard.general", len(standing) - major)
    owing = [hazard for hazard in standing if hazard.state in _OWES and not hazard.stayed]
    owed = [hazard for hazard in owing if hazard.limit is not None]
    _times(sheet, "hazard.overdue", sum(hazard.limit < sheet.on for hazard in owed if hazard.limit is not None))
    for hazard in owed:
        sheet.after(hazard.limit)
    _times(sheet, "recurrence", _recurring(sheet, hazards))
    if major:
        sheet.add("override", "hazard.major", major, 0, "risk.control.hazard.major")


def _recurring(sheet: _Sheet, hazards: Sequence[HazardSeen]) -> int:
    """Count hazards that came back, were reopened, or are of a category that another one had in the window before.

    One that ended in another is that other. What an enterprise found itself counts only when it came back.
    """
    seen: set[Category] = set()
    found = 0
    for hazard in sorted(hazards, key=lambda each: (each.confirmed_on or date.min, each.cycle)):
        if hazard.confirmed_on is None or not sheet.within(hazard.confirmed_on, "risk.recurrence.window"):
            continue
        if hazard.state is HazardState.MERGED:
            continue
        again = hazard.category in seen and not hazard.self_found
        found += hazard.recurrent or hazard.cycle > 1 or again
        seen.add(hazard.category)
    return found


def _record(sheet: _Sheet, valid: Collection[Paper]) -> None:
    details = [paper.detail for paper in valid]
    penalties = [each for each in details if isinstance(each, Penalty) and sheet.within(each.decided_on, "risk.window")]
    accidents = [
        each for each in details if isinstance(each, Accident) and sheet.within(each.happened_on, "risk.window")
    ]
    deadly = sum(each.deaths > 0 for each in accidents)
    _times(sheet, "penalty", len(penalties))
    _times(sheet, "accident", len(accidents) - deadly)
    _times(sheet, "accident.death", deadly)
    if deadly:
        sheet.add("override", "accident.death", deadly, 0, "risk.window")


def _times(sheet: _Sheet, factor: str, count: int) -> None:
    if count:
        key = f"risk.control.{factor}"
        points = min(count * sheet.number(key), sheet.number("risk.control.cap"))
        sheet.add("control", factor, count, points, key)
