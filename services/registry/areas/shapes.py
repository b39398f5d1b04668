"""What is sent and read about areas."""

from uuid import UUID

from services.registry.areas.domain import Level
from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode, Line


class KeepArea(Ask):
    """Parent and level follow from the code."""

    name_zh: Line
    name_en: Line | None = None
    """None: it has no name in English, and goes by its Chinese one."""


class KeepListedArea(KeepArea):
    code: AreaCode


class AreaView(View):
    id: UUID
    code: str
    parent_code: str | None
    level: Level
    name_en: str
    name_zh: str
