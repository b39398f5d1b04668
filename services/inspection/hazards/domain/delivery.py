"""When an order counts as delivered (WSL art. 68, Penalty Law art. 61); without it none would bind. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.inspection.hazards.domain.proof import Lack, Piece, nothing_lacks
from shared.contracts.inspection import DeliveryHow
from shared.errors import BadInput

_SHOWN_BY = {
    DeliveryHow.IN_PERSON: Piece.SIGNATURE,
    DeliveryHow.LEFT_AT_PREMISES: Piece.RECORDING,
    DeliveryHow.POSTED: Piece.RECEIPT,
    DeliveryHow.ELECTRONIC: Piece.CONSENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What somebody says of a delivery."""

    how: DeliveryHow
    at: datetime
    received_by: str | None
    refused: str | None
    witnesses: Sequence[str]
    files: int


def is_a_delivery(said: HandedOver, issued_at: datetime, now: datetime, min_witnesses: int) -> None:
    """Refuse what would not hold: a time that cannot be, a refusal without witnesses, no paper to show for it."""
    if said.how not in _SHOWN_BY:
        raise BadInput(
            "not-a-delivery",
            "That the enterprise took the order in hand is recorded when it does.",
            "受送达人自行整改的，由平台在其开始整改时记录。",
        )
    if not issued_at <= said.at <= now:
        raise BadInput(
            "delivery-time",
            "A document is delivered after it was issued, and not in the future.",
            "送达时间应在文书作出之后，且不得晚于当前时间。",
        )
    if (said.refused is not None) != (said.how is DeliveryHow.LEFT_AT_PREMISES):
        raise BadInput(
            "refused-is-left",
            "A document whose signature was refused is left at the premises, and only such a one is.",
            "拒绝签收的，应留置送达；未拒绝签收的，不适用留置送达。",
        )
    nothing_lacks([*_lacks(said, min_witnesses)])


def _lacks(said: HandedOver, min_witnesses: int) -> Iterator[Lack]:
    if said.how is DeliveryHow.IN_PERSON and said.received_by is None:
        yield Lack(Piece.RECEIVER)
    if said.refused is not None and len({name.casefold() for name in said.witnesses}) < min_witnesses:
        yield Lack(Piece.WITNESSES)
    if not said.files:
        yield Lack(_SHOWN_BY[said.how])
