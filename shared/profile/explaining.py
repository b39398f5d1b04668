"""Says in words what a rule is, who says so and what turns its clock; without it a date would have to be believed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from shared.profile.due import UNITS
from shared.profile.profile import Profile
from shared.profile.rules import STANDING, Clock, Flag, Listing, Period, Rule

_UNITS = {
    "count": ("", ""),
    "score": ("points", "分"),
    "metre": ("metres", "米"),
    "minute": ("minutes", "分钟"),
    "yuan": ("yuan", "元"),
    "ratio": ("as a share", "（比例）"),
    "hour_of_day": ("o'clock", "时"),
    "day_of_next_period": ("th day of the next period", "日（下一期间）"),
}
_OWING = {
    "authority": ("the authority that handles it", "受理部门"),
    "lead_authority": ("the lead authority", "牵头部门"),
    "asked_party": ("the party that was asked", "协办单位"),
    "committee": ("the safety committee's office", "安委办"),
    "enterprise": ("the enterprise", "企业"),
    "sender": ("the sender", "发函单位"),
    "addressee": ("the addressee", "收函单位"),
    "receiver": ("the receiver", "接收单位"),
    "owner": ("whoever is made responsible", "责任单位"),
    "assessed_party": ("whoever is assessed", "被考核单位"),
    "reporter": ("the reporter", "举报人"),
}
_DEEDS = (
    ("starts", "Started by", "起算"),
    ("stops", "Met by", "完成"),
    ("drops", "Cancelled by", "取消"),
    ("pauses", "Paused by", "暂停"),
    ("resumes", "Resumed by", "恢复"),
    ("asked", "Asked by", "适用于"),
)

Lines = Iterator[tuple[str, str]]
"""Sentences, each in English and Chinese."""


def explained(profile: Profile, key: str, on: date) -> Lines:
    """Tell one rule as it is on a local day; raises UnknownRule."""
    rule, place = profile.rule(key, on), profile.place(key, on)
    value, value_zh = _value(rule)
    standing, standing_zh = STANDING[rule.mark]
    ends = _end(profile, key, rule)
    yield f"{key} on {on}: {value}", f"{key}（{on}）：{value_zh}"
    yield f"{standing}: {rule.source}", f"{standing_zh}：{rule.source}"
    yield (
        f"In force from {rule.valid_from}{f' to {ends}' if ends else ''}; {place}",
        (f"自 {rule.valid_from} 起施行{f'，至 {ends}' if ends else ''}；{place}"),
    )
    if isinstance(rule, Period):
        yield from _turned(profile.clocks.get(key))


def counted(profile: Profile, key: str, start: datetime) -> Lines:
    """Tell when a clock that begins at `start` runs out, and which days on the way are not counted."""
    due = profile.due(key, start)
    yield due.explanation_en, due.explanation_zh
    if due.rule.unit != "working_day":
        return
    begun, ends = due.days
    for day, why in profile.working_days.off(begun, ends):
        yield (
            f"not counted: {day:%Y-%m-%d} {day:%A}{f', {why.name_en}' if why.name_en else ''}",
            f"不计：{day:%Y-%m-%d} 星期{'一二三四五六日'[day.weekday()]}{f'，{why.name_zh}' if why.name_zh else ''}",
        )


def _value(rule: Rule) -> tuple[str, str]:
    if isinstance(rule, Period):
        unit, unit_zh = UNITS[rule.unit]
        return f"{rule.value} {unit}{'' if rule.value == 1 else 's'}", f"{rule.value} {unit_zh}"
    if isinstance(rule, Flag):
        return ("yes", "是") if rule.value else ("no", "否")
    if isinstance(rule, Listing):
        whole = ", ".join(rule.value)
        return whole or "an empty list", whole or "空"
    if rule.unit == "marginal_basis_points":
        *slices, last = [(f"{each.basis_points / 100:g} %", each.up_to_yuan) for each in rule.value]
        return (
            "; ".join([*(f"{rate} up to {limit:,} yuan" for rate, limit in slices), f"{last[0]} of the rest"]),
            "；".join([*(f"至 {limit:,} 元 {rate}" for rate, limit in slices), f"其余 {last[0]}"]),
        )
    unit, unit_zh = _UNITS[rule.unit]
    return f"{rule.value:g} {unit}".rstrip(), f"{rule.value:g} {unit_zh}".rstrip()


def _end(profile: Profile, key: str, rule: Rule) -> date | None:
    """Give the last day of a version: its own, or the day before another takes its place."""
    later = [
        version.valid_from - timedelta(days=1)
        for version in profile.rules[key]
        if version.valid_from > rule.valid_from and profile.rule(key, version.valid_from) is not rule
    ]
    return min([*later, *([rule.valid_to] if rule.valid_to else [])], default=None)


def _turned(clock: Clock | None) -> Lines:
    if clock is None:
        yield "It measures a span and is no clock", "表示跨度，并非时钟"
        return
    if not clock.starts and not clock.asked:
        yield "The platform does not run this clock yet; it is for reading", "平台尚未运行该时钟，仅供查阅"
    for name, en, zh in _DEEDS:
        if happenings := getattr(clock, name):
            yield f"{en}: {', '.join(happenings)}", f"{zh}：{'、'.join(happenings)}"
    if clock.owed_by is not None:
        en, zh = _OWING[clock.owed_by]
        yield f"Owed by {en}", f"义务方：{zh}"
