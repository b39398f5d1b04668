"""How an audience is named without naming people; without it rules about who must know would be queries."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Everybody who acts in one of `roles`, for `party_id` if given; or exactly `people`.

    `within_area`: only those whose own area covers the place of the fact.
    """

    roles: tuple[str, ...] = ()
    party_id: UUID | None = None
    within_area: bool = False
    people: tuple[UUID, ...] = ()
