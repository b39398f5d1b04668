"""When a hazard may be put under listed supervision (domain reference §4.2 T18); without it a list would be a mood."""

from dataclasses import dataclass
from datetime import date

from services.inspection.hazards.domain.proof import Lack, Piece, nothing_lacks
from shared.contracts.inspection import ListingGround
from shared.contracts.values import Grade
from shared.errors import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a ground is held against."""

    grade: Grade | None
    recurrent: bool
    limit: date | None
    """None also while the order is stayed: then it is not late."""
    today: date
    files: int


def ground_holds(ground: ListingGround, stands: Standing) -> None:
    """Refuse a ground that the facts do not bear out; an effect on the public is proven by paper."""
    major = stands.grade == Grade.MAJOR
    met = {
        ListingGround.MAJOR: major,
        ListingGround.RECURRENT: stands.recurrent,
        ListingGround.OVERDUE_MAJOR: major and stands.limit is not None and stands.limit < stands.today,
        ListingGround.PUBLIC_IMPACT: True,
    }
    if not met[ground]:
        raise Conflict(
            "ground-not-met",
            f"The facts of this hazard do not bear out the ground “{ground}”.",
            f"该隐患不符合挂牌事由“{ground}”。",
            ground=ground,
        )
    if ground is ListingGround.PUBLIC_IMPACT and not stands.files:
        nothing_lacks([Lack(Piece.REACH)])
