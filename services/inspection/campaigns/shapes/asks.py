"""What the committee, authorities, townships and those who help send to a campaign."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Ask
from shared.contracts.inspection.campaigns import (
    CampaignKind,
    Carried,
    Unlooked,
)
from shared.contracts.values import AreaCode, Category, Day, EvidenceRef, Grade, Line, Prose

MOST_MEASURES = 200


class Closures(Ask):
    """Which closed hazards a look-back is about; both days belong to the period."""

    closed_from: Day
    closed_to: Day
    category: Category | None = None
    grade: Grade | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    """Of the general ones; the profile's share is the least. Major ones are all looked at."""


class MeasureAsk(Ask):
    """One demand of a document, and who must have carried it out."""

    document: Line
    measure: Prose
    owner_id: UUID


class OpenCampaign(Ask):
    """The id in the address makes a repeated one the same. `closures` for a look-back, `measures` for a policy."""

    kind: CampaignKind
    title: Line
    basis: Line
    """The plan, the decision or the rule on which it rests."""
    area_code: AreaCode
    results_by: Day | None = None
    """The last local day for the results; else by the profile."""
    photos_wanted: bool = False
    """Tell grid workers and volunteers the places, so that they may supply photos."""
    closures: Closures | None = None
    measures: Annotated[tuple[MeasureAsk, ...], Field(max_length=MOST_MEASURES)] = ()


class DrawSample(Ask):
    """A value that nobody could know when the list was frozen: a lottery's numbers, or what a witness named."""

    public_value: Line
    witness: Line
    """Who named it, or where it can be read."""


class EndCampaign(Ask):
    remark: Prose


class ReportUndone(Ask):
    why: Unlooked
    remark: Prose


class SupplyPhotos(Ask):
    photos: Annotated[tuple[EvidenceRef, ...], Field(min_length=1, max_length=10)]
    remark: Annotated[str, Field(max_length=500)] = ""


class ReportMeasure(Ask):
    """What the owner did, and what shows it."""

    account: Prose
    files: Annotated[tuple[EvidenceRef, ...], Field(min_length=1, max_length=20)]


class JudgeMeasure(Ask):
    """`verdict` None: the account does not suffice; `next_by` is the day for the next one."""

    verdict: Carried | None = None
    reason: Prose
    next_by: Day | None = None
