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

from shared.contracts import inspection as facts
from shared.contracts import registry, thirdparty
from shared.contracts.base import Envelope, Event
from shared.contracts.values import derived_id

PUBLIC = "public"
AUTHORITY = "authority"
COUNTY_DIGITS = 6
"""Published facts of a case name no division smaller than a county, where one unit could be recognised."""

Fields = Mapping[type[Event], tuple[str, ...]]

_REGISTER: Fields = {
    registry.AreaRegistered: ("code", "parent_code", "level", "name_en", "name_zh"),
    registry.PartyRegistered: ("party_id", "kind", "name_en", "name_zh"),
    registry.CriterionListed: (
        "criterion_id", "document", "item", "text_en", "text_zh", "categories", "valid_from", "valid_to", "basis_id",
    ),
    registry.BasisListed: (
        "basis_id", "short_name", "title_zh", "title_en", "number", "issuer", "article", "level", "mark",
        "valid_from", "valid_to", "date_verified", "text_zh", "text_en", "supersedes_id", "note",
    ),
    **dict.fromkeys(
        (
            registry.DelegationPublished, registry.DelegationSuspended,
            registry.DelegationRevoked, registry.DelegationExpired,
        ),
        (
            "delegation_id", "authority_id", "delegate_id", "kind", "state", "powers", "categories", "industries",
            "basis_ids", "valid_from", "valid_to", "letter_no", "publication_url",
        ),
    ),
}  # fmt: skip

_HAZARD = ("hazard_id", "number", "state", "category", "what", "grade", "lead_authority_id", "suspension", "cycle")
_DOCKET = ("number", "state", "category")
_PART = ("part_id", "assisting_id", "task", "required", "part_state", "on", "due")
_ORDER = ("order_id", "order_number", "kind", "limit", "items", "basis_ids", "in_name_of", "letter_no")
_VISIT = ("visit_id", "kind", "state", "party_id", "joint_authority_ids", "on")
"""Not the ground: it could tell an enterprise of a complaint, and leaves for nobody."""
_LETTER = ("letter_id", "number", "kind", "state", "sender_id", "reply_by")
_DELIVERY = ("order_id", "order_number", "how", "signature_refused", "delivered_at")
_EXTENSION = ("extension_id", "ground", "until", "decide_by")
_CASE = ("case_id", "case_number")
_PENALTY = ("penalty", "amount_yuan", "basis", "basis_ids", "hearing")

FOR_PUBLIC: Fields = {
    **_REGISTER,
    facts.HazardClosed: ("category", "grade"),
    facts.HazardListed: ("category", "grade", "level"),
    facts.HazardDelisted: ("category", "grade"),
}

FOR_AUTHORITY: Fields = {
    **_REGISTER,
    registry.EnterpriseRegistered: ("enterprise_id", "uscc", "name_en", "name_zh", "industry_code", "employees"),
    registry.CompetenceChanged: (
        "rule_id",
        "by",
        "key",
        "authority_id",
        "in_force",
        "basis",
        "valid_from",
        "valid_to",
        "co_authority_ids",
        "township_id",
    ),
    thirdparty.EngagementRegistered: ("engagement_id", "agency_id", "client_id", "kind", "valid_from", "valid_to"),
    thirdparty.AuditSubmitted: ("audit_id", "engagement_id", "agency_id", "results", "findings"),
    **{
        docket: ("entry_id", *_DOCKET, "authority_id", "enterprise_id", "imminent_danger", *more)
        for docket, more in (
            (facts.ReportReceived, ("routing_rule", "decide_by")),
            (facts.ReportAccepted, ("hazard_id", "hazard_ids")),
            (facts.ReportRejected, ("reason",)),
            (facts.ReportTransferred, ("from_authority_id", "to_authority_id", "acknowledge_by")),
            (facts.TransferAcknowledged, ()),
            (facts.TransferBounced, ("suggested_authority_id",)),
            (facts.ReportMerged, ("into_entry_id", "hazard_id")),
            (facts.ReportSubstantiated, ("hazard_id",)),
            (facts.ReportUnfounded, ()),
            (facts.ReportAnswered, ()),
            (facts.VerificationExtended, ("verify_by",)),
            (facts.ReviewRequested, ("decide_by",)),
            (facts.ReviewRefused, ("reason",)),
            (facts.ReviewUpheld, ("hazard_ids",)),
            (facts.ReviewDismissed, ()),
            (facts.FatalityEscalated, ()),
            (facts.CountyVerdictRecorded, ("finding", "decided_on")),
            (facts.ReportClosed, ()),
        )
    },
    **{
        hazard: (*_HAZARD, "enterprise_id", *more)
        for hazard, more in (
            (facts.HazardRegistered, ("self_governed",)),
            (facts.HazardMerged, ("into_hazard_id",)),
            (facts.OwnFixVerified, ("in_time",)),
            (facts.HazardTakenOver, ("reason", "verify_by")),
            (facts.HazardConfirmed, ("criterion_ids", "routing_rule", "recurrent")),
            (facts.HazardDismissed, ("reason",)),
            (facts.HazardAssigned, ("routing_rule",)),
            (facts.AssignmentDisputed, ("suggested_authority_id", "code", "reason")),
            (facts.PartAsked, (*_PART, "acknowledge_by", "replaces_part_id")),
            (facts.PartAcknowledged, _PART),
            (facts.PartAnswered, _PART),
            (facts.PartDeclined, (*_PART, "code", "reason", "suggested_authority_id", "settle_by")),
            (facts.PartReleased, (*_PART, "cause", "reason")),
            (facts.PartInsisted, (*_PART, "reason", "arbitrate_by")),
            (facts.PartArbitrated, (*_PART, "answering_id", "reason")),
            (facts.OrderIssued, _ORDER),
            (facts.SuspensionImposed, ("reason",)),
            (facts.RectificationStarted, ("limit",)),
            (facts.RecheckRequested, ("recheck_by",)),
            (facts.RecheckOpened, ("recheck_id",)),
            (facts.RecheckPassed, ("recheck_id",)),
            (facts.RecheckFailed, ("recheck_id", "consequence", "limit", "opinion")),
            (facts.HazardClosed, ("look_backs", "self_governed", "fixed_in_time")),
            (facts.ResumptionRequested, ("review_by",)),
            (facts.ResumptionDecided, ("granted", "reason")),
            (facts.LookBackDone, ("ordinal", "passed", "remark")),
            (facts.HazardReopened, ("reason",)),
            (facts.HazardVoided, ("reason",)),
            (facts.HazardSplit, ("part_ids",)),
            (facts.HazardMerged, ("into_hazard_id",)),
            (facts.HazardClaimsJoined, ("from_hazard_id",)),
            (facts.OrderDelivered, _DELIVERY),
            (facts.MajorRegistered, ()),
            (facts.SiteChecked, ("recheck_id", "passed", "remark")),
            (facts.RecusalDeclared, ()),
            (facts.RecusalAsked, ()),
            (facts.RecusalDecided, ("granted",)),
            (facts.ExtensionRequested, _EXTENSION),
            (facts.ExtensionDecided, ("extension_id", "granted", "limit", "reason")),
            (facts.ExtensionLapsed, ("extension_id",)),
            (facts.CaseOpened, (*_CASE, "basis", "basis_ids")),
            (facts.CaseDecided, (*_CASE, *_PENALTY)),
            (facts.CaseDropped, (*_CASE, "reason")),
            (facts.CaseSentToCourt, (*_CASE, "court")),
            (facts.CaseExecuted, _CASE),
            (facts.ListingProposed, ("listing_id", "ground", "reason")),
            (facts.ListingRefused, ("listing_id", "reason")),
            (facts.HazardListed, ("listing_id", "level", "limit")),
            (facts.DelistingRequested, ("listing_id", "accept_by")),
            (facts.DelistingRefused, ("listing_id", "reason")),
            (facts.HazardDelisted, ("listing_id",)),
            (facts.NoticePublished, ("notice", "where", "on")),
            (facts.PowerCutAnnounced, ("cut_at", "urgent", "reason")),
            (facts.PowerRestored, ("reason",)),
        )
    },
    **{
        visit: (*_VISIT, "enterprise_id", "unannounced", *more)
        for visit, more in (
            (facts.VisitPlanned, ()),
            (facts.VisitStarted, ()),
            (facts.VisitFinished, ("hazards_found", "undone")),
            (facts.VisitCancelled, ()),
        )
    },
}

FOR_CLAIMANT: Fields = {
    facts.ReportReceived: (*_DOCKET, "decide_by"),
    facts.ReportAccepted: _DOCKET,
    facts.ReportRejected: (*_DOCKET, "reason", "explanation"),
    facts.ReportTransferred: (*_DOCKET, "to_authority_id"),
    facts.ReportAnswered: (*_DOCKET, "answer"),
    facts.HazardRegistered: _HAZARD,
    facts.HazardConfirmed: _HAZARD,
    facts.HazardDismissed: _HAZARD,
    facts.HazardAssigned: _HAZARD,
    facts.OrderIssued: _HAZARD,
    facts.RectificationStarted: _HAZARD,
    facts.RecheckPassed: _HAZARD,
    facts.RecheckFailed: _HAZARD,
    facts.HazardClosed: _HAZARD,
    facts.HazardReopened: _HAZARD,
    facts.HazardVoided: _HAZARD,
    facts.HazardClaimsJoined: _HAZARD,
}
"""For an organisation, about what it submitted in its own name."""

FOR_OWN_DECLARATION: Fields = {
    facts.ReportReceived: (*_DOCKET, "decide_by"),
    facts.ReportAccepted: _DOCKET,
    facts.ReportRejected: _DOCKET,
    facts.ReportAnswered: (*_DOCKET, "answer"),
}
"""For an enterprise, about its own self-check: a reason such as “the same matter” could tell of another's report."""

FOR_RESPONSIBLE_UNIT: Fields = {
    facts.OrderIssued: (*_HAZARD, *_ORDER),
    facts.SuspensionImposed: (*_HAZARD, "reason"),
    facts.RectificationStarted: (*_HAZARD, "limit"),
    facts.RecheckRequested: (*_HAZARD, "recheck_by"),
    facts.RecheckOpened: (*_HAZARD, "recheck_id"),
    facts.RecheckPassed: (*_HAZARD, "recheck_id"),
    facts.RecheckFailed: (*_HAZARD, "recheck_id", "consequence", "limit", "opinion"),
    facts.HazardClosed: (*_HAZARD, "look_backs"),
    facts.ResumptionRequested: (*_HAZARD, "review_by"),
    facts.ResumptionDecided: (*_HAZARD, "granted", "reason"),
    facts.LookBackDone: (*_HAZARD, "ordinal", "passed"),
    facts.HazardReopened: _HAZARD,
    facts.VisitPlanned: _VISIT,
    facts.VisitStarted: _VISIT,
    facts.VisitFinished: (*_VISIT, "hazards_found", "undone"),
    facts.VisitCancelled: _VISIT,
    facts.LetterSent: (*_LETTER, "hazard_ids"),
    facts.LetterJudged: _LETTER,
    facts.OrderDelivered: (*_HAZARD, *_DELIVERY),
    facts.SiteChecked: (*_HAZARD, "recheck_id", "passed"),
    facts.ExtensionRequested: (*_HAZARD, *_EXTENSION),
    facts.ExtensionDecided: (*_HAZARD, "extension_id", "granted", "limit", "reason"),
    facts.ExtensionLapsed: (*_HAZARD, "extension_id"),
    facts.CaseOpened: (*_HAZARD, *_CASE, "basis", "basis_ids"),
    facts.CaseDecided: (*_HAZARD, *_CASE, *_PENALTY),
    facts.CaseDropped: (*_HAZARD, *_CASE, "reason"),
    facts.CaseSentToCourt: (*_HAZARD, *_CASE, "court"),
    facts.CaseExecuted: (*_HAZARD, *_CASE),
    facts.HazardListed: (*_HAZARD, "level", "limit"),
    facts.HazardDelisted: _HAZARD,
    facts.PowerCutAnnounced: (*_HAZARD, "cut_at", "urgent", "reason"),
    facts.PowerRestored: (*_HAZARD, "reason"),
}
"""For the enterprise: hazards from the order on, visits that are announced or finished, letters sent to it."""

FOR_GOVERNING_UNIT: Fields = {
    facts.HazardRegistered: _HAZARD,
    facts.HazardConfirmed: _HAZARD,
    facts.RectificationStarted: (*_HAZARD, "limit"),
    facts.OwnFixVerified: (*_HAZARD, "in_time"),
    facts.HazardClosed: (*_HAZARD, "fixed_in_time"),
    facts.HazardTakenOver: (*_HAZARD, "verify_by"),
}
"""For an enterprise, about what it found itself and governs, up to the day on which an authority takes it over; not
whether its closure was drawn for a look back."""

LEAVING = frozenset(
    {*FOR_PUBLIC, *FOR_AUTHORITY, *FOR_CLAIMANT, *FOR_OWN_DECLARATION, *FOR_RESPONSIBLE_UNIT, *FOR_GOVERNING_UNIT}
)
"""Every event of which some copy leaves."""


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
    {"partner", "agency", "association", "insurer", "enterprise", "delegate", "union", "procurator", "discipline"}
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
