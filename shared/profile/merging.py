"""Lays a profile's files over one another and finds what contradicts; without it an overlay could say nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.calendars import Calendar, UnknownCalendar, calendar_named
from shared.profile.rules import Clock, File, Period, Rule
from shared.profile.written import BadProfile, Fault, Written, near, read

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of a profile. One that `lends` stands in another jurisdiction: only its own defaults are taken."""

    written: Written
    lends: bool

    @property
    def file(self) -> File:
        return self.written.file

    def versions(self, key: str) -> list[Rule]:
        """Give what this file says of a key, the newest first."""
        return sorted(self.file.rules.get(key, []), key=lambda version: version.valid_from, reverse=True)

    def holds_here(self, key: str) -> bool:
        """Tell whether the key may be taken: another jurisdiction's law is not ours, its platform's defaults are."""
        return not self.lends or all(version.mark == "D" for version in self.file.rules[key])


@dataclass(slots=True)
class Merged:
    """What the files say together, and every fault on the way."""

    layers: Sequence[Layer]
    zone: ZoneInfo | None = None
    calendar: Calendar | None = None
    workdays: dict[date, bool] = field(default_factory=dict[date, bool])
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict[str, tuple[Rule, ...]])
    places: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    clocks: dict[str, Clock] = field(default_factory=dict[str, Clock])
    spans: set[str] = field(default_factory=set[str])
    lent: dict[str, type[Rule]] = field(default_factory=dict[str, type[Rule]])
    """Keys that another jurisdiction has by its own law: they must be said anew, by the same kind of value."""
    faults: list[Fault] = field(default_factory=list[Fault])


def layers_of(name: str, folder: Path) -> list[Layer]:
    """Read the files that make up a profile, the root first; raises BadProfile."""
    found: list[Layer] = []
    wanted, lends = name, False
    while wanted:
        names = [layer.written.name for layer in found]
        if wanted in names:
            whole = " → ".join([*names, wanted])
            raise BadProfile([found[-1].written.fault(f"it extends itself: {whole}", f"循环继承：{whole}", "extends")])
        written = read(wanted, folder)
        found.append(Layer(written, lends))
        file = written.file
        if file.extends and file.defaults:
            raise BadProfile(
                [
                    written.fault(
                        "a profile has either extends or defaults", "extends 与 defaults 只能有一项", "defaults"
                    )
                ]
            )
        lends = lends or file.defaults is not None
        wanted = file.extends or file.defaults or ""
    return found[::-1]


def merged(layers: Sequence[Layer]) -> Merged:
    """Lay each file over those before it."""
    whole = Merged(layers)
    for layer in layers:
        _lay(whole, layer)
    top = layers[-1].written
    if whole.zone is None:
        whole.faults.append(top.fault("no timezone is given", "未指定时区"))
    return whole


def _lay(whole: Merged, layer: Layer) -> None:
    file, written = layer.file, layer.written
    for key in file.rules:
        whole.faults += _clashes(whole, layer, key)
        if layer.holds_here(key):
            _put(whole, layer, key)
        else:
            whole.lent[key] = type(file.rules[key][0])
    if file.defaults:
        for key in whole.lent.keys() - whole.rules.keys():
            whole.faults.append(
                written.fault(
                    f"{file.defaults} has {key} by its own law; say what holds here",
                    f"{key} 在 {file.defaults} 中依其本地规定，须在此另行规定",
                    "defaults",
                )
            )
    whole.clocks |= file.clocks
    whole.spans |= set(file.spans)
    if layer.lends:
        return
    whole.zone = file.timezone or whole.zone
    whole.workdays |= file.workdays
    if file.holidays is not None or whole.calendar is None:
        try:
            whole.calendar = calendar_named(file.holidays)
        except UnknownCalendar as unknown:
            whole.faults.append(written.fault(f"holidays: {unknown}", f"holidays：{unknown}", "holidays"))


def _put(whole: Merged, layer: Layer, key: str) -> None:
    newest = layer.versions(key)
    given = layer.file.rules[key]
    at = tuple(f"{layer.written.name}.yaml:{layer.written.line('rules', key, given.index(each))}" for each in newest)
    whole.rules[key] = (*newest, *whole.rules.get(key, ()))
    whole.places[key] = (*at, *whole.places.get(key, ()))


def _clashes(whole: Merged, layer: Layer, key: str) -> Iterator[Fault]:
    """Find what this file says of a key against itself, or against what it stands on."""
    written, file = layer.written, layer.file
    known = whole.rules.get(key, ())
    if file.extends and not known:
        others = near(key, whole.rules)
        yield written.fault(
            f"{key} overrides nothing; an overlay only overrides; near: {others}",
            f"{key} 未覆盖任何规则，覆盖文件只能覆盖已有规则；相近：{others}",
            "rules",
            key,
        )
    kinds = {type(version) for version in (*file.rules[key], *known)} | {whole.lent.get(key, type(file.rules[key][0]))}
    if len(kinds) > 1:
        yield written.fault(
            f"{key} changes from one kind of value to another", f"{key} 的数值类型前后不一致", "rules", key
        )
    else:
        yield from _times(layer, key, known)
    for place, version in enumerate(file.rules[key]):
        if file.extends and any(_alike(version, below) for below in known if below.in_force(version.valid_from)):
            yield written.fault(
                f"{key} overrides nothing: {file.extends} says the same from that day",
                f"{key} 未覆盖任何内容：{file.extends} 当日起的规定与此相同",
                "rules",
                key,
                place,
            )


def _alike(one: Rule, other: Rule) -> bool:
    return (one.value, one.unit, one.mark, one.source) == (other.value, other.unit, other.mark, other.source)


def _times(layer: Layer, key: str, known: Sequence[Rule]) -> Iterator[Fault]:
    """Find versions that overlap, and days on which none is in force."""
    given = layer.file.rules[key]
    in_order = sorted(given, key=lambda version: version.valid_from)

    def fault(version: Rule, en: str, zh: str) -> Fault:
        return layer.written.fault(f"{key} {en}", f"{key} {zh}", "rules", key, given.index(version))

    for one, following in zip(in_order, [*in_order[1:], None], strict=True):
        if following is not None and one.valid_from == following.valid_from:
            yield fault(
                following, f"has two versions from one day, {one.valid_from}", f"有两个版本均自 {one.valid_from} 起"
            )
        elif one.valid_to is None:
            continue
        elif following is not None and following.valid_from <= one.valid_to:
            yield fault(
                following,
                f"overlaps: one version ends on {one.valid_to}, the next begins on {following.valid_from}",
                f"版本重叠：前一版本至 {one.valid_to}，后一版本自 {following.valid_from} 起",
            )
        elif (following is None or one.valid_to + _DAY < following.valid_from) and not any(
            below.in_force(one.valid_to + _DAY) for below in known
        ):
            until = "" if following is None else f" until {following.valid_from}"
            until_zh = "之后" if following is None else f"之后至 {following.valid_from}"
            yield fault(
                one,
                f"has a gap: nothing is in force after {one.valid_to}{until}",
                f"{one.valid_to} {until_zh}无有效版本",
            )


def undocumented(whole: Merged) -> Iterator[Fault]:
    """Find clocks without a rule and periods that nobody calls a clock or a span: no reason to refuse the numbers."""
    top = whole.layers[-1].written
    for layer in whole.layers:
        for section, keys in (("clocks", list(layer.file.clocks)), ("spans", layer.file.spans)):
            for key in keys:
                place = (section, key) if section == "clocks" else (section, layer.file.spans.index(key))
                yield from _of_no_period(whole.rules, whole.lent, layer.written, key, place)
    for key in whole.clocks.keys() & whole.spans:
        yield top.fault(f"{key} is called a clock and a span", f"{key} 同时列为时钟和跨度")
    for key, versions in whole.rules.items():
        if isinstance(versions[0], Period) and key not in whole.clocks and key not in whole.spans:
            written = next(each.written for each in whole.layers if key in each.file.rules)
            yield written.fault(
                f"{key} is a period, but neither under clocks nor under spans: what starts and stops it?",
                f"{key} 是期限，但未列入 clocks 或 spans：何事起算、何事终止？",
                "rules",
                key,
            )


def _of_no_period(
    rules: Mapping[str, Sequence[Rule]],
    lent: Mapping[str, object],
    written: Written,
    key: str,
    place: tuple[str | int, ...],
) -> Iterator[Fault]:
    if key in rules and not isinstance(rules[key][0], Period):
        yield written.fault(
            f"{key} stands under {place[0]}, but is no period", f"{key} 列于 {place[0]}，但不是期限", *place
        )
    elif key not in rules and key not in lent:
        others = near(key, rules)
        yield written.fault(
            f"{key} stands under {place[0]}, but there is no such rule; near: {others}",
            f"{key} 列于 {place[0]}，但没有此规则；相近：{others}",
            *place,
        )
