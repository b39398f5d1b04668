"""What leaves the platform, field by field: a field that is not named here cannot leave (design: events §5.4).

Channels: `public` for anybody signed in; `authority` for supervising authorities in their areas; `party:<id>` for one
party to a case, in two forms: the side that submitted it in its own name, and the responsible unit from the order on.
The responsible unit's copies tell nothing of reports, and it is never treated as the submitting side of a hazard.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from services.notify.outside.domain.fields import (
    FOR_AUTHORITY,
    FOR_CLAIMANT,
    FOR_GOVERNING_UNIT,
    FOR_OWN_DECLARATION,
    FOR_PUBLIC,
    FOR_RESPONSIBLE_UNIT,
    Fields,
)
from shared.contracts import inspection as facts
from shared.contracts.base import Envelope, Event
from shared.contracts.values import derived_id

PUBLIC = "public"
AUTHORITY = "authority"
COUNTY_DIGITS = 6
"""Published facts of a case name no division smaller than a county, where one unit could be recognised."""


def party_channel(party_id: UUID) -> str:
    return f"party:{party_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One event as the readers of one channel may see it."""

    event_id: UUID
    channel: str
    aggregate_id: UUID
    """Of the copy, not of its source: one per channel, so that ids do not connect channels."""
    type: str
    area_code: str
    at: datetime
    data: dict[str, Any]


def copies(event: Event, envelope: Envelope) -> Iterator[Copy]:
    """Give the copies of an event, at most one per channel."""
    kind = type(event)
    if kind in FOR_PUBLIC:
        coarse = isinstance(event, facts.HazardFact)
        yield _copy(event, envelope, PUBLIC, FOR_PUBLIC[kind], coarse=coarse)
    if kind in FOR_AUTHORITY:
        yield _copy(event, envelope, AUTHORITY, FOR_AUTHORITY[kind])
    match event:
        case facts.DocketFact():
            yield from _docket_copies(event, envelope)
        case facts.HazardFact():
            yield from _hazard_copies(event, envelope)
        case facts.VisitFact() if event.open_to_enterprise:
            yield from _responsible_copy(event, event.enterprise_id, envelope)
        case facts.LetterFact():
            yield from _responsible_copy(event, event.enterprise_id, envelope)
        case _:
            pass


def _docket_copies(event: facts.DocketFact, envelope: Envelope) -> Iterator[Copy]:
    source = event.claim.source_party_id
    fields = FOR_OWN_DECLARATION if source == event.enterprise_id else FOR_CLAIMANT
    if source is not None and type(event) in fields:
        own = {"claim_id": str(event.claim.claim_id)}
        yield _copy(event, envelope, party_channel(source), fields[type(event)], own)


def _hazard_copies(event: facts.HazardFact, envelope: Envelope) -> Iterator[Copy]:
    if type(event) in FOR_CLAIMANT:
        for source in sorted({claim.source_party_id for claim in event.claims} - {None, event.enterprise_id}, key=str):
            assert source is not None
            own = [str(claim.claim_id) for claim in event.claims if claim.source_party_id == source]
            yield _copy(event, envelope, party_channel(source), FOR_CLAIMANT[type(event)], {"claim_ids": own})
    fields = FOR_GOVERNING_UNIT if _governed_by_the_unit(event) else FOR_RESPONSIBLE_UNIT
    yield from _responsible_copy(event, event.enterprise_id, envelope, fields)


def _responsible_copy(
    event: Event, enterprise_id: UUID | None, envelope: Envelope, fields: Fields | None = None
) -> Iterator[Copy]:
    shown = FOR_RESPONSIBLE_UNIT if fields is None else fields
    if enterprise_id is not None and type(event) in shown:
        yield _copy(event, envelope, party_channel(enterprise_id), shown[type(event)])


def _governed_by_the_unit(event: facts.HazardFact) -> bool:
    told = isinstance(event, facts.OwnFixVerified | facts.HazardTakenOver)
    return told or bool(getattr(event, "self_governed", False))


def _copy(
    event: Event,
    envelope: Envelope,
    channel: str,
    fields: tuple[str, ...],
    more: Mapping[str, Any] | None = None,
    *,
    coarse: bool = False,
) -> Copy:
    """Project an event; `coarse` leaves the county and the day (UTC) of where and when."""
    return Copy(
        event_id=derived_id("outside", envelope.event_id, channel),
        channel=channel,
        aggregate_id=derived_id("outside", envelope.aggregate_id, channel),
        type=event.type_name(),
        area_code=event.area_code[:COUNTY_DIGITS] if coarse else event.area_code,
        at=datetime.combine(event.at.astimezone(UTC), time(), UTC) if coarse else event.at,
        data={**event.model_dump(mode="json", include=set(fields), exclude_none=True), **(more or {})},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a reader may see now: its channels, and within them the areas and types."""

    channels: frozenset[str]
    areas: tuple[str, ...] = ("",)
    """Prefixes of division codes."""
    types: frozenset[str] = frozenset()
    """Empty: all."""

    def sees(self, channel: str, area_code: str, type_name: str) -> bool:
        return (
            channel in self.channels
            and area_code.startswith(self.areas)
            and (not self.types or type_name in self.types)
        )


SUPERVISING = frozenset({"authority", "committee", "township"})
PARTIES = frozenset(
    {
        "partner",
        "agency",
        "association",
        "insurer",
        "enterprise",
        "delegate",
        "union",
        "police",
        "procurator",
        "discipline",
    }
)


def scope_of(roles: frozenset[str], party_id: UUID | None, area_code: str, *, granted: bool) -> Scope:
    """Give the scope of an actor. A grant that was taken away leaves what anybody may see."""
    if granted and roles & SUPERVISING:
        return Scope(channels=frozenset({AUTHORITY}), areas=(area_code,))
    if granted and roles & PARTIES and party_id is not None:
        return Scope(channels=frozenset({PUBLIC, party_channel(party_id)}))
    return Scope(channels=frozenset({PUBLIC}))


def narrowed(scope: Scope, areas: tuple[str, ...], types: frozenset[str]) -> Scope:
    """Give what a subscription asks of what its owner may see; of two nested areas the inner one counts."""
    if areas:
        pairs = ((mine, asked) for mine in scope.areas for asked in areas)
        inner = {max(pair, key=len) for pair in pairs if pair[0].startswith(pair[1]) or pair[1].startswith(pair[0])}
        return Scope(channels=scope.channels, areas=tuple(sorted(inner)), types=types)
    return Scope(channels=scope.channels, areas=scope.areas, types=types)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the feed: `<epoch>-<position>`. Another epoch means that the feed was begun anew."""

    epoch: str
    position: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.position}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        epoch, dash, position = text.partition("-")
        if not (epoch.isalnum() and dash and position.isascii() and position.isdigit()) or len(position) > 18:  # noqa: PLR2004 — what fits a bigint
            return None
        return cls(epoch, int(position))
