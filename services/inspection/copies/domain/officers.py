"""Who may act together on an authority's behalf (Penalty Law art. 21, 42); without it each noun would count anew."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from shared.errors import BadInput, Conflict, Forbidden, Problem

MIN_OFFICERS = 2


@dataclass(frozen=True, slots=True)
class Officer:
    """A person named as acting: whether the authority's own, and whether the enforcement certificate is valid."""

    id: UUID
    member: bool
    certified: bool
    recused: bool = False
    """Has stepped aside in the matter (Penalty Law art. 43)."""


def acting_together(who_id: UUID, named: Collection[Officer]) -> Problem | None:
    """Say why these people may not act, or None: two certified officers of one body, the acting one among them."""
    officers = {officer.id for officer in named}
    if len(officers) >= MIN_OFFICERS and who_id not in officers:
        return BadInput("you-are-not-among-them", "You must be one of the officers.", "您必须是执法人员之一。")
    return enforce_together(named)


def enforce_together(named: Collection[Officer]) -> Problem | None:
    """Say why these people are not two certified officers of one body, none of whom stepped aside."""
    officers = {officer.id: officer for officer in named}
    if len(officers) < MIN_OFFICERS:
        return BadInput("two-officers", "At least two officers must act together.", "须由两名以上执法人员共同实施。")
    return all_enforce(officers.values())


def all_enforce(named: Collection[Officer]) -> Problem | None:
    """Say who of these people is no officer of the body that names them, is not certified, or has stepped aside."""
    if strangers := [str(each.id) for each in named if not each.member]:
        return BadInput(
            "not-an-officer-here",
            "A named officer does not act for this authority.",
            "所列人员不是本部门执法人员。",
            officers=strangers,
        )
    if expired := [str(each.id) for each in named if not each.certified]:
        return Forbidden(
            "certificate-expired",
            "A named officer has no valid enforcement certificate.",
            "所列人员没有有效的行政执法证件。",
            officers=expired,
        )
    if recused := [str(each.id) for each in named if each.recused]:
        return Conflict(
            "officer-recused",
            "A named officer has stepped aside in this matter.",
            "所列执法人员在本事项中已回避。",
            officers=recused,
        )
    return None
