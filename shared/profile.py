"""A county's clocks, limits and flags, dated and sourced; without it the law's numbers sit in code."""

import calendar
import difflib
import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from yaml import MappingNode, SafeLoader, YAMLError
from yaml.constructor import ConstructorError

from shared.workdays import WorkingDays

Mark = Literal["L", "S", "K", "D"]
"""L read in the law itself, S seen in a secondary text, K general knowledge, D our own default: only L is law."""

_UNITS = {
    "hour": ("hour", "小时"),
    "calendar_day": ("calendar day", "日"),
    "working_day": ("working day", "个工作日"),
    "month": ("month", "个月"),
    "year": ("year", "年"),
}
_STANDING: dict[Mark, tuple[str, str]] = {
    "L": ("Statutory", "法定"),
    "S": ("Seen in a secondary text, to be checked", "见于二手资料，待核对"),
    "K": ("General knowledge, to be checked", "一般认知，待核对"),
    "D": ("Default of this platform, not law", "平台默认，非法定"),
}
_LAST_SECOND = time(23, 59, 59)


class UnknownRule(KeyError):
    """No such rule, or none in force on that day; says which keys come close."""

    def __str__(self) -> str:
        return str(self.args[0])


class WrongUnit(TypeError):
    """The rule exists, but is not the kind of value that was asked for."""


class BadProfile(ValueError):
    """A profile file cannot be used; names the file, the place and the fault."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Dated(_Strict):
    source: Annotated[str, StringConstraints(min_length=3)]
    mark: Mark
    valid_from: date
    valid_to: date | None = None
    """The last day; without it a later version ends this one."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Period(_Dated):
    """How long a party has; counted by `Profile.due`."""

    value: Annotated[int, Field(ge=0, le=5_000)]
    unit: Literal["hour", "calendar_day", "working_day", "month", "year"]


class Number(_Dated):
    """A limit, a threshold or an amount."""

    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unit: Literal["count", "score", "metre", "minute", "yuan", "day_of_next_period"]


class Ratio(_Dated):
    """A share between nothing and all."""

    value: Annotated[float, Field(ge=0, le=1)]
    unit: Literal["ratio"]


class Flag(_Dated):
    """A power or a duty that a province grants or does not."""

    value: bool
    unit: Literal["flag"]


class Listing(_Dated):
    """A list of codes or words."""

    value: list[str]
    unit: Literal["list"]


class Bracket(_Strict):
    """A slice of an amount and the rate that is taken of it."""

    up_to_yuan: Annotated[int, Field(gt=0)] | None = None
    """None: all the rest."""
    basis_points: Annotated[int, Field(ge=0, le=10_000)]
    """Hundredths of a per cent: whole numbers, so that money is computed exactly."""


class Brackets(_Dated):
    """Marginal rates: each slice of the base is taken at its own rate."""

    value: Annotated[list[Bracket], Field(min_length=1)]
    unit: Literal["marginal_basis_points"]
    base: Literal["last_year_revenue", "construction_cost"]

    @model_validator(mode="after")
    def _rises_to_all_the_rest(self) -> Self:
        limits = [bracket.up_to_yuan for bracket in self.value]
        bounded = [limit for limit in limits[:-1] if limit is not None]
        if limits[-1] is not None or len(bounded) < len(limits) - 1 or bounded != sorted(set(bounded)):
            raise ValueError("brackets rise, and only the last has no up_to_yuan")
        return self


Rule = Period | Number | Ratio | Flag | Listing | Brackets
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")]
_Versions = Annotated[list[Annotated[Rule, Field(discriminator="unit")]], Field(min_length=1)]


class _File(_Strict):
    """One YAML file as it is written; all but the root profile extend another and override keys that it has."""

    extends: str | None = None
    timezone: ZoneInfo | None = None
    workdays: dict[date, bool] = {}
    rules: dict[_Key, _Versions] = {}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that explains itself; provisional while it counts through a year not published yet."""

    at: datetime
    key: str
    rule: Period
    provisional: bool
    explanation_en: str
    explanation_zh: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One jurisdiction's rules, overlays applied; `content_hash` tells two contents of one name apart."""

    name: str
    content_hash: str
    timezone: ZoneInfo
    working_days: WorkingDays
    rules: Mapping[str, tuple[Rule, ...]]
    """Every version of every key, the one that wins first."""

    def local_day(self, now: datetime) -> date:
        """Return the date in the county: terms begin and end with local days."""
        return now.astimezone(self.timezone).date()

    def rule(self, key: str, on: date) -> Rule:
        """Return the version in force on a local day: an overlay's first, then the latest."""
        if key not in self.rules:
            near = difflib.get_close_matches(key, self.rules, n=3)
            raise UnknownRule(f"no rule {key!r} in profile {self.name}; near: {', '.join(near) or 'nothing'}")
        for version in self.rules[key]:
            if version.in_force(on):
                return version
        raise UnknownRule(f"rule {key!r} of profile {self.name} has no version in force on {on}")

    def number(self, key: str, on: date) -> float:
        """Return a number in the rule's own unit."""
        rule = self.rule(key, on)
        if isinstance(rule, Period | Number | Ratio):
            return rule.value
        raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not a number")

    def flag(self, key: str, on: date) -> bool:
        rule = self.rule(key, on)
        if isinstance(rule, Flag):
            return rule.value
        raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not a flag")

    def listing(self, key: str, on: date) -> list[str]:
        rule = self.rule(key, on)
        if isinstance(rule, Listing):
            return rule.value
        raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not a list")

    def brackets(self, key: str, on: date) -> Brackets:
        rule = self.rule(key, on)
        if isinstance(rule, Brackets):
            return rule
        raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not brackets")

    def due(self, key: str, start: datetime) -> Due:
        """Return when a clock that begins at `start` runs out, in UTC, by the version in force on that local day.

        Hours are exact. Every longer period ends at 23:59:59 local time on its last day, and the day on which it
        begins does not count (D): whoever has five days has five whole ones.
        """
        if start.utcoffset() is None:
            raise ValueError("a clock starts at an aware time")
        local = start.astimezone(self.timezone)
        rule = self.rule(key, local.date())
        if not isinstance(rule, Period):
            raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not a period")
        skipped, provisional = 0, False
        match rule.unit:
            case "hour":
                end = start.astimezone(UTC) + timedelta(hours=rule.value)
            case "working_day":
                counted = self.working_days.add(local.date(), rule.value)
                skipped, provisional = counted.skipped, counted.provisional
                end = self._end_of(counted.date)
            case "calendar_day":
                end = self._end_of(local.date() + timedelta(days=rule.value))
            case "month" | "year":
                end = self._end_of(_months_after(local.date(), rule.value * (12 if rule.unit == "year" else 1)))
        english, chinese = self._explain(rule, local, end, skipped, provisional=provisional)
        return Due(end.astimezone(UTC), key, rule, provisional, english, chinese)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, _LAST_SECOND, self.timezone)

    def _explain(
        self, rule: Period, start: datetime, end: datetime, skipped: int, *, provisional: bool
    ) -> tuple[str, str]:
        unit, unit_zh = _UNITS[rule.unit]
        standing, standing_zh = _STANDING[rule.mark]
        begun = f"{start:%Y-%m-%d %H:%M}"
        until = f"{end.astimezone(self.timezone):%Y-%m-%d %H:%M:%S}"
        if rule.value:
            english = f"{rule.value} {unit}{'' if rule.value == 1 else 's'} from {begun}"
            chinese = f"自 {begun} 起 {rule.value} {unit_zh}"
        else:
            english, chinese = f"At once, begun {begun}", f"自 {begun} 起立即办理"
        if skipped:
            english += f", {skipped} day{'' if skipped == 1 else 's'} off not counted"
            chinese += f"，扣除休息日 {skipped} 天"
        english += f": by {until} ({self.timezone.key}). {standing}: {rule.source}."
        chinese += f"，截止 {until}（{self.timezone.key}）。{standing_zh}：{rule.source}。"
        if provisional:
            english += " Provisional: the holidays of that year are not published yet."
            chinese += "暂定：该年度放假安排尚未公布。"
        return english, chinese


def load(name: str, folder: Path) -> Profile:
    """Read `<folder>/<name>.yaml` and what it extends, or raise BadProfile with a sentence for the operator."""
    workdays: dict[date, bool] = {}
    rules: dict[str, tuple[Rule, ...]] = {}
    zone: ZoneInfo | None = None
    layers = _layers(name, folder)
    for source, layer in layers.items():
        zone = layer.timezone or zone
        workdays |= layer.workdays
        for key, versions in layer.rules.items():
            known = rules.get(key, ())
            if layer.extends and not known:
                raise BadProfile(f"{source}.yaml: {key} overrides nothing; an overlay only overrides")
            if len({type(version) for version in (*versions, *known)}) > 1:
                raise BadProfile(f"{source}.yaml: {key} changes from one kind of value to another")
            if len({version.valid_from for version in versions}) < len(versions):
                raise BadProfile(f"{source}.yaml: {key} has two versions from one day")
            rules[key] = (*sorted(versions, key=lambda version: version.valid_from, reverse=True), *known)
    if zone is None:
        raise BadProfile(f"{name}.yaml: no timezone is given")
    whole = json.dumps([layer.model_dump(mode="json") for layer in layers.values()], sort_keys=True)
    return Profile(name, sha256(whole.encode()).hexdigest(), zone, WorkingDays(workdays), rules)


def _layers(name: str, folder: Path) -> dict[str, _File]:
    """Return the files that make up a profile, the root first."""
    layers: dict[str, _File] = {}
    wanted: str | None = name
    while wanted:
        if wanted in layers:
            raise BadProfile(f"{name}.yaml: extends itself through {' → '.join(layers)}")
        layers[wanted] = _read(wanted, folder)
        wanted = layers[wanted].extends
    return dict(reversed(layers.items()))


def _read(name: str, folder: Path) -> _File:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise BadProfile(f"{name!r} cannot be the name of a profile")
    try:
        text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
        return _File.model_validate(_OnceEach(text).get_single_data())
    except FileNotFoundError as fault:
        raise BadProfile(f"there is no {name}.yaml in {folder}") from fault
    except (YAMLError, UnicodeDecodeError) as fault:
        raise BadProfile(f"{name}.yaml: {fault}") from fault
    except ValidationError as fault:
        faults = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in fault.errors())
        raise BadProfile(f"{name}.yaml: {'; '.join(faults)}") from fault


class _OnceEach(SafeLoader):
    """YAML in which a key given twice is a fault, because the second would silently win."""

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise ConstructorError(None, None, f"{key.value} is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _months_after(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a month that is too short."""
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
