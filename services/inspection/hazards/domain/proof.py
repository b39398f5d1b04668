"""What must be proven before a hazard counts as removed (domain reference §4.4, peers G02, G03, COI-6). Pure.

Without it a picture less, a verdict from a desk or an opinion of whoever did the work would close a hazard.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from shared.contracts.values import Grade
from shared.errors import BadInput, Conflict

_DRAWN_OF = 2**64


class Piece(StrEnum):
    """Something that a record must hold."""

    BEFORE = "before"
    AFTER = "after"
    VERIFIERS_PHOTO = "verifiers_photo"
    UNIT_SIGNATURE = "unit_signature"
    RECEIVER = "receiver"
    SIGNATURE = "signature"
    WITNESSES = "witnesses"
    RECORDING = "recording"
    RECEIPT = "receipt"
    CONSENT = "consent"
    REVIEW_PHOTO = "review_photo"
    REACH = "reach"
    PARTYS_PAPER = "partys_paper"


NAMES: Mapping[Piece, tuple[str, str]] = {
    Piece.BEFORE: ("a photo of before", "整改前照片"),
    Piece.AFTER: ("a photo of after", "整改后照片"),
    Piece.VERIFIERS_PHOTO: ("a photo of the verifiers' own", "复查人员自行拍摄的照片"),
    Piece.UNIT_SIGNATURE: ("the unit's signature, or why it was refused", "被复查单位签字或拒签说明"),
    Piece.RECEIVER: ("who received it", "签收人"),
    Piece.SIGNATURE: ("the signed receipt", "送达回证签字"),
    Piece.WITNESSES: ("enough witnesses of the refusal", "足够的拒签见证人"),
    Piece.RECORDING: ("a photo or video of the delivery", "送达过程照片或录像"),
    Piece.RECEIPT: ("the postal receipt", "邮寄回执"),
    Piece.CONSENT: ("the party's consent to electronic delivery", "当事人同意电子送达的确认书"),
    Piece.REVIEW_PHOTO: ("a photo of the review on site", "现场审查照片"),
    Piece.PARTYS_PAPER: ("the paper on which the party said it", "当事人的书面材料"),
    Piece.REACH: ("a paper that shows the effect on the public", "证明社会影响的材料"),
}


@dataclass(frozen=True, slots=True)
class Lack:
    """A piece that is missing; `item` is the ordinal of the thing to put right that lacks it."""

    piece: Piece
    item: int | None = None

    def told(self) -> dict[str, object]:
        return {"piece": self.piece} if self.item is None else {"piece": self.piece, "item": self.item}


def nothing_lacks(lacks: Sequence[Lack]) -> None:
    """Refuse in a sentence that names each missing piece (G03)."""
    if not lacks:
        return
    english = ", ".join(_named(lack, 0) for lack in lacks)
    chinese = "、".join(_named(lack, 1) for lack in lacks)
    raise BadInput(
        "evidence-missing",
        f"Evidence is missing: {english}.",
        f"缺少证据材料：{chinese}。",
        missing=[lack.told() for lack in lacks],
    )


def _named(lack: Lack, language: int) -> str:
    name = NAMES[lack.piece][language]
    if lack.item is None:
        return name
    return f"{name} (item {lack.item})" if language == 0 else f"第{lack.item}项{name}"


@dataclass(frozen=True, slots=True)
class Proven:
    """One thing to put right as the re-check finds it: how many photos of before and of after there are."""

    ordinal: int
    before: int
    after: int


def lacks_of_items(grade: Grade | None, items: Collection[Proven]) -> Iterator[Lack]:
    """Name the photos that things which are put right lack; of a major hazard also of before (G03, §4.4 (D))."""
    for item in items:
        if grade == Grade.MAJOR and not item.before:
            yield Lack(Piece.BEFORE, item.ordinal)
        if not item.after:
            yield Lack(Piece.AFTER, item.ordinal)


def lacks_of_a_pass(grade: Grade | None, *, photos: int, signed: bool) -> Iterator[Lack]:
    """Name what the record of a passed re-check lacks besides; for a major hazard a photo of the verifiers' own."""
    if grade == Grade.MAJOR and not photos:
        yield Lack(Piece.VERIFIERS_PHOTO)
    if not signed:
        yield Lack(Piece.UNIT_SIGNATURE)


def may_be_remote(grade: Grade | None, *, recurrent: bool, on_site_only: bool) -> None:
    """Refuse to judge by pictures what must be seen: major, come back, or ordered so (§4.4, §4.5)."""
    if grade != Grade.MAJOR and not recurrent and not on_site_only:
        return
    raise BadInput(
        "on-site-only",
        "This is re-checked on site: it is major, came back, or the order or a failed check on site says so.",
        "该隐患须现场复查（重大、复发、指令要求或现场核查不合格）。",
        major=grade == Grade.MAJOR,
        recurrent=recurrent,
        ordered=on_site_only,
    )


def is_drawn(recheck_id: UUID, share: float) -> bool:
    """Tell whether a remote re-check goes to the site: its id decides, so that anybody can draw again (§4.4 (D)).

    The first 64 bits of the SHA-256 of the id's 16 bytes, as a fraction of 2⁶⁴, lie below the share.
    """
    drawn = int.from_bytes(sha256(recheck_id.bytes).digest()[:8], "big")
    return drawn < share * _DRAWN_OF


def independent(agency_id: UUID, contractors: Collection[str]) -> None:
    """Refuse the opinion of whoever did the work (COI-6; peers G02)."""
    if str(agency_id) in contractors:
        raise Conflict(
            "coi-6",
            "This agency did the rectification, so it may not give an opinion on it.",
            "该机构承担了整改工作，不得出具复查意见（COI-6）。",
            agency=str(agency_id),
        )
