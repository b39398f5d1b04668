"""How training is recorded; without it nobody could say whom to offer a course."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.certificates.actions.certificates import unknown_holder
from services.registry.certificates.models import Training
from services.registry.certificates.shapes import KeepTraining
from services.registry.people.queries import local_day, registered
from shared.contracts.registry import TrainingRecorded
from shared.errors import BadInput


async def keep_training(tx: AsyncSession, asks: Sequence[tuple[UUID, KeepTraining]], now: datetime) -> Loaded[Training]:
    today = local_day(tx, now)
    people = await registered(tx, [ask.person_id for _, ask in asks])
    wanted: list[tuple[UUID, dict[str, object]]] = []
    for index, (training_id, ask) in enumerate(asks):
        if (person := people.get(ask.person_id)) is None:
            raise unknown_holder(index)
        if ask.held_on > today:
            raise BadInput("date-ahead", "That day has not come yet.", "该日期尚未到来。", index=index)
        state = ask.model_dump(include=set(KeepTraining.model_fields))
        wanted.append((training_id, {**state, "area_code": person.area_code}))

    def fact(row: Training) -> TrainingRecorded:
        return TrainingRecorded(
            at=now,
            area_code=row.area_code,
            training_id=row.id,
            person_id=row.person_id,
            course=row.course,
            held_on=row.held_on,
            hours=row.hours,
            passed=row.passed,
            score=row.score,
        )

    return await keep(tx, Training, wanted, fact)
