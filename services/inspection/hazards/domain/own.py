"""What an enterprise may remove itself, and which of its closures are looked at (domain reference §4.6). Pure."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from shared.contracts.values import Channel, Grade, HazardClaim

_ALL = 2**64


def left_to_the_enterprise(claim: HazardClaim, authority_id: UUID | None) -> bool:
    """Tell whether the enterprise governs what it found: general by its own word, and an authority could take over."""
    return (
        claim.channel is Channel.SELF_CHECK
        and claim.enterprise_id is not None
        and claim.enterprise_id == claim.source_party_id
        and claim.suspected_grade is Grade.GENERAL
        and not claim.imminent_danger
        and not claim.fatalities
        and authority_id is not None
    )


def drawn(hazard_id: UUID, cycle: int, closed_at: datetime, share: float) -> bool:
    """Draw a closure for a look back, the same for whoever draws it again.

    The first eight bytes of SHA-256 of `<hazard id>:<cycle>:<moment of closing, UTC>` lie below the share of all. The
    moment is in it because the id follows from one that the enterprise chose: it could otherwise choose not to be seen.
    """
    told = f"{hazard_id}:{cycle}:{closed_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    return int.from_bytes(sha256(told.encode()).digest()[:8]) < share * _ALL
