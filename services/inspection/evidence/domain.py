"""What a device may say of a file, and what makes a file doubtful as proof (G03). Pure.

Without it a picture of another day, another place or another case would close a hazard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.inspection.domain import distance_m
from shared.errors import BadInput
from shared.profile import Profile

Point = tuple[float, float]
"""Longitude and latitude."""
_NOWHERE = (0.0, 0.0)
"""What a device says that does not know where it is; there is no land within 500 km."""


class Source(StrEnum):
    """Who says where and when a file was taken."""

    DECLARED = "declared"
    """The device that handed it in."""
    EMBEDDED = "embedded"
    """The file itself, before that was taken out of it."""


class Doubt(StrEnum):
    """What speaks against a file as proof; it decides nothing, a person does."""

    NO_CAPTURE = "no_capture"
    NO_PLACE = "no_place"
    TAKEN_BEFORE_ORDER = "taken_before_order"
    FAR_FROM_SITE = "far_from_site"
    USED_ELSEWHERE = "used_elsewhere"


WORDS: Mapping[Doubt, tuple[str, str]] = {
    Doubt.NO_CAPTURE: ("Nothing says when it was taken.", "没有拍摄时间信息。"),
    Doubt.NO_PLACE: ("Nothing says where it was taken.", "没有拍摄地点信息。"),
    Doubt.TAKEN_BEFORE_ORDER: ("It was taken before the order that it answers.", "拍摄时间早于所对应的整改指令。"),
    Doubt.FAR_FROM_SITE: ("It was taken far from the site.", "拍摄地点远离隐患现场。"),
    Doubt.USED_ELSEWHERE: ("The same file was brought forward in another case.", "同一文件已用于其他案件。"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """When and where, by one source."""

    at: datetime | None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None

    @property
    def place(self) -> Point | None:
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


@dataclass(frozen=True, slots=True)
class Limits:
    """The profile's numbers about evidence, of one day."""

    skew: timedelta
    max_age: timedelta
    accuracy_m: float
    radius_m: float

    @classmethod
    def of(cls, rules: Profile, on: date) -> "Limits":
        return cls(
            skew=timedelta(minutes=rules.number("evidence.clock.skew", on)),
            max_age=timedelta(days=rules.number("evidence.capture.max_age", on)),
            accuracy_m=rules.number("evidence.capture.accuracy", on),
            radius_m=rules.number("evidence.site.radius", on),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One file where it is brought forward."""

    recorded: bool
    """A picture or a video; papers have no place and no hour."""
    taken: tuple[Taken, ...]
    site: Point | None
    since: datetime | None = None
    """The order that it answers; None where it answers none."""
    used_elsewhere: bool = False


def doubts(exhibit: Exhibit, limits: Limits) -> list[Doubt]:
    """Name what speaks against a file. Where two sources speak, either is enough to raise a doubt."""
    found: list[Doubt] = []
    if exhibit.recorded:
        times = [taken.at for taken in exhibit.taken if taken.at is not None]
        places = [(taken.place, taken.accuracy_m or 0) for taken in exhibit.taken if taken.place is not None]
        if not times:
            found.append(Doubt.NO_CAPTURE)
        if exhibit.site is not None and not places:
            found.append(Doubt.NO_PLACE)
        if exhibit.since is not None and any(at < exhibit.since - limits.skew for at in times):
            found.append(Doubt.TAKEN_BEFORE_ORDER)
        if exhibit.site is not None and any(
            distance_m(exhibit.site, place) - accuracy_m > limits.radius_m for place, accuracy_m in places
        ):
            found.append(Doubt.FAR_FROM_SITE)
    if exhibit.used_elsewhere:
        found.append(Doubt.USED_ELSEWHERE)
    return found


def may_be_declared(taken: Taken, handed_in_at: datetime, now: datetime, limits: Limits) -> None:
    """Refuse what no device can know: a time to come, a place that is none."""
    assert taken.at is not None, "a declaration says when"
    if taken.at > now + limits.skew:
        raise BadInput(
            "capture-in-the-future",
            "The time of taking lies in the future. Set the device's clock.",
            "拍摄时间晚于当前时间，请校准设备时钟。",
        )
    if taken.at > handed_in_at + limits.skew:
        raise BadInput(
            "capture-after-hand-in",
            "The time of taking lies after the file was handed in.",
            "拍摄时间晚于文件提交时间。",
        )
    if taken.at < handed_in_at - limits.max_age:
        raise BadInput(
            "capture-too-old",
            f"The time of taking lies more than {limits.max_age.days} days back. Set the device's clock.",
            f"拍摄时间早于 {limits.max_age.days} 天前，请校准设备时钟。",
            max_days=limits.max_age.days,
        )
    if (taken.lon is None) != (taken.lat is None) or (taken.place is None and taken.accuracy_m is not None):
        raise BadInput(
            "capture-half-a-place",
            "A place has a longitude and a latitude. Leave out what the device does not know.",
            "地点须同时包含经度和纬度；设备无法定位时请不填。",
        )
    if taken.place == _NOWHERE:
        raise BadInput(
            "capture-nowhere",
            "Longitude and latitude zero is what a device says that does not know where it is. Leave them out.",
            "经纬度均为零表示设备未能定位，请不填地点。",
        )
    if taken.accuracy_m is not None and taken.accuracy_m > limits.accuracy_m:
        raise BadInput(
            "capture-too-vague",
            f"The place is less exact than {limits.accuracy_m:g} m. Wait for a better one, or leave it out.",
            f"定位误差超过 {limits.accuracy_m:g} 米，请等待定位更准确，或不填地点。",
            max_m=limits.accuracy_m,
        )


def believable(taken: Taken, now: datetime, limits: Limits) -> Taken | None:
    """Keep of what a file says of itself what can be so, or nothing; nobody is there to be told otherwise."""
    if taken.at is not None and not now - limits.max_age <= taken.at <= now + limits.skew:
        taken = replace(taken, at=None)
    if taken.place == _NOWHERE:
        taken = replace(taken, lon=None, lat=None)
    return taken if taken.at is not None or taken.place is not None else None
