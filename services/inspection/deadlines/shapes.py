"""How a running clock is shown: with its reason, so that nobody need believe it."""

from datetime import datetime
from uuid import UUID

from shared.contracts.base import View


class DeadlineView(View):
    key: str
    due_at: datetime
    owed_by: UUID | None
    part_id: UUID | None
    provisional: bool
    explanation_en: str
    explanation_zh: str
