"""Who may look on site for somebody else's decision, and what they must have seen (Penalty Law art. 42; F08). Pure."""

from collections.abc import Sequence

from services.inspection.copies.domain import enforce_together
from services.inspection.hazards.domain.case import Officer
from shared.errors import BadInput


def reviewed_by(officers: Sequence[Officer]) -> None:
    """Refuse a review by fewer than two certified officers, or by one who stepped aside; the head need not be one."""
    if (problem := enforce_together(officers)) is not None:
        raise problem


def every_item_is_fit(wanted: int, remarks: Sequence[tuple[int, bool]]) -> None:
    """Each item of the plan was looked at once, and is fit: otherwise work does not begin again."""
    if sorted(ordinal for ordinal, _ in remarks) != list(range(1, wanted + 1)):
        raise BadInput(
            "every-item-once",
            "Every item of the plan must be named exactly once.",
            "方案的每个项目须且仅须列出一次。",
            items=list(range(1, wanted + 1)),
        )
    if unfit := [ordinal for ordinal, fit in remarks if not fit]:
        raise BadInput(
            "items-fail",
            "An item of the plan is not fit, so work stays stopped.",
            "有项目不合格，不得恢复生产经营。",
            unfit=unfit,
        )
