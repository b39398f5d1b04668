"""How the committee reads what waits for it: what it is, who said what, which clocks run, what it may do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.arbitration.domain import DISOWNS, Decider, Dispute, is_contested
from services.inspection.arbitration.queries import queue
from services.inspection.arbitration.queries.queue import NEW_CYCLE, Behind
from services.inspection.arbitration.shapes import DisputedDeadline, DisputePage, DisputeView, Said
from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.queries import local_day
from services.inspection.docket.domain import DOCKET, Verb
from services.inspection.docket.models import Report
from services.inspection.docket.queries import entries
from services.inspection.domain import Kind
from services.inspection.hazards.domain.parts import PART
from services.inspection.hazards.models import Hazard, HazardPart
from services.inspection.hazards.queries import assisting, knowing
from services.inspection.history.models import Happening
from services.inspection.transfers.models import Transfer
from services.inspection.transfers.queries.knowing import offers as offers_of_transfer
from shared.auth import Actor
from shared.contracts.inspection import PartState


async def page(tx: AsyncSession, who: Actor, after: str | None, limit: int, now: datetime) -> DisputePage:
    """List what waits for a decision in the committee's area, the oldest first."""
    shown, following = await queue.waiting(tx, who, after, limit, now)
    behind = await queue.behind(tx, shown)
    standing = await knowing.standing_of(tx, who, (row.enterprise_id for row in behind.hazards.values()), now)
    items = [DisputeView.model_validate(_dispute(tx, who, row, behind, standing, now)) for row in shown]
    return DisputePage(items=items, next=following)


def _dispute(
    tx: AsyncSession, who: Actor, row: Row[Any], behind: Behind, standing: knowing.Standing, now: datetime
) -> dict[str, Any]:
    if row.about == Dispute.TRANSFER:
        known = _of_transfer(behind.transfers[row.id], behind)
        known["offers"] = offers_of_transfer(tx, who, behind.transfers[row.id], now)
    elif row.about == Kind.ENTRY:
        entry = behind.entries[row.id]
        known = _of_entry(entry, behind)
        known["offers"] = DOCKET.offers(entry.state, who.roles, entries.case_of(tx, who, entry, (), now))
    elif row.about == Dispute.PART:
        hazard, part = behind.hazards[row.hazard_id], behind.parts[row.id]
        known = _of_part(hazard, part, behind)
        known["offers"] = PART.offers(part.state, who.roles, assisting.case_of(who, hazard, part, local_day(tx, now)))
    else:
        hazard = behind.hazards[row.id]
        known = _of_hazard(hazard, behind)
        known["offers"] = knowing.offers(who, hazard, standing)
    said: list[Said] = known["said"]
    part_id = row.id if row.about == Dispute.PART else None
    return known | {
        "id": row.id,
        "since": row.since,
        "suggested_id": _suggested(said),
        "deadlines": _clocks_of(row.hazard_id or row.id, part_id, said, behind.clocks, now),
    }


def _of_hazard(hazard: Hazard, behind: Behind) -> dict[str, Any]:
    return _hazard(hazard, None, behind.told) | {
        "kind": Dispute.RETURNED if hazard.returns else Dispute.UNROUTED,
        "decider": Decider.COMMITTEE,
        "decide_at": f"/hazards/{hazard.id}/assign",
    }


def _of_part(hazard: Hazard, part: HazardPart, behind: Behind) -> dict[str, Any]:
    insisted = part.state is PartState.INSISTED
    return _hazard(hazard, part, behind.told) | {
        "kind": Dispute.PART,
        "what": part.what,
        "decider": Decider.COMMITTEE if insisted else Decider.LEAD,
        "decide_at": f"/hazards/{hazard.id}/parts/{part.id}/arbitrate" if insisted else None,
    }


def _hazard(hazard: Hazard, part: HazardPart | None, told: Sequence[Happening]) -> dict[str, Any]:
    known = hazard.model_dump(include={"number", "what", "category", "grade", "enterprise_id", "area_code"})
    return known | {"hazard_id": hazard.id, "said": _said_of(hazard, part, told)}


def _of_entry(entry: Report, behind: Behind) -> dict[str, Any]:
    """Show what is claimed, and who said that it is not theirs; never whose claim it is, nor how it came in."""
    rows = [each for each in behind.told if each.object_id == entry.id]
    anew = max((n for n, each in enumerate(rows, 1) if each.verb == Verb.ARBITRATE), default=0)
    said = [_word(each) for each in rows[anew:]]
    return {
        "kind": Dispute.BOUNCED if any(each.verb == Verb.BOUNCE for each in said) else Dispute.UNPLACED,
        "hazard_id": None,
        **entry.model_dump(include={"number", "what", "category", "enterprise_id", "area_code"}),
        "grade": None,
        "decider": Decider.COMMITTEE,
        "decide_at": f"/docket/{entry.id}/arbitrate",
        "said": said,
    }


def _of_transfer(transfer: Transfer, behind: Behind) -> dict[str, Any]:
    """Show who handed over and who refused, each in its own words."""
    sent = Said(at=transfer.sent_at, verb="send", party_id=transfer.sender_id, reason=transfer.reason)
    refusals = [each for each in behind.refusals if each.transfer_id == transfer.id]
    said = [
        sent,
        *(
            Said(
                at=each.at,
                verb="refuse",
                party_id=transfer.receiver_id,
                reason=each.reason,
                suggested_id=each.suggested_id,
            )
            for each in refusals
        ),
    ]
    return {
        "kind": Dispute.TRANSFER,
        "hazard_id": transfer.hazard_id,
        "number": transfer.number,
        "what": transfer.subject,
        "category": None,
        "grade": None,
        "enterprise_id": None,
        "area_code": transfer.area_code,
        "decider": Decider.COMMITTEE,
        "decide_at": f"/transfers/{transfer.id}/arbitrate",
        "said": said,
    }


def _said_of(hazard: Hazard, part: HazardPart | None, told: Sequence[Happening]) -> list[Said]:
    """Give what was said in the present cycle: of the lead, or of the one part."""
    rows = [each for each in told if each.object_id == hazard.id]
    anew = max((n for n, each in enumerate(rows, 1) if each.verb == NEW_CYCLE), default=0)
    about = None if part is None else str(part.id)
    return [_word(each) for each in rows[anew:] if each.facts.get("part_id") == about]


def _word(each: Happening) -> Said:
    return Said(
        at=each.at,
        verb=each.verb,
        party_id=each.party_id,
        code=each.facts.get("code"),
        reason=each.reason,
        suggested_id=each.facts.get("suggested_authority_id"),
    )


def _suggested(said: Sequence[Said]) -> UUID | None:
    """Name the owner whom the last body named that named any."""
    return next((each.suggested_id for each in reversed(said) if each.suggested_id is not None), None)


def _clocks_of(
    object_id: UUID, part_id: UUID | None, said: Sequence[Said], clocks: Sequence[Deadline], now: datetime
) -> list[DisputedDeadline]:
    disowners = {each.party_id for each in said if each.verb in DISOWNS}
    return [
        DisputedDeadline.model_validate(
            clock.model_dump() | {"contested": is_contested(clock.owed_by, disowners), "overdue": clock.due_at < now}
        )
        for clock in clocks
        if clock.object_id == object_id and clock.part_id == part_id
    ]
