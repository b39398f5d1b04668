"""How a hazard's files are shown to each reader; without it a doubt could be read by those whom it is about."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.domain import WORDS, Exhibit, Limits, Point, doubts
from services.inspection.evidence.shapes import CaptureView
from services.inspection.gallery.queries.gathering import File, Item, acts_of, files_named, files_shown, items_of
from services.inspection.gallery.shapes import (
    ActFiles,
    DoubtView,
    FileView,
    Gallery,
    ItemFiles,
    JudgedFile,
    OwnGallery,
)
from services.inspection.hazards.models import Hazard
from shared import permission
from shared.auth import Actor
from shared.contracts.values import Role

F = TypeVar("F", bound=FileView)


async def gallery(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> Gallery | OwnGallery:
    """Show a hazard's files: all of them, judged, to officials; to the enterprise what its own items show."""
    if permission.may(who, "capture.read"):
        return await _judged(tx, hazard, now)
    if Role.ENTERPRISE not in who.roles:
        return OwnGallery(items=[])
    items = await items_of(tx, hazard)
    files = await files_named(tx, hazard, _named(items))
    return OwnGallery(items=[_item(item, files, _plain, _plain) for item in items])


async def _judged(tx: AsyncSession, hazard: Hazard, now: datetime) -> Gallery:
    items, acts, files = await items_of(tx, hazard), await acts_of(tx, hazard), await files_shown(tx, hazard)
    lon, lat = hazard.place.get("lon"), hazard.place.get("lat")
    judge = _Judge(Limits.of(rules_of(tx), local_day(tx, now)), None if lon is None or lat is None else (lon, lat))
    placed = _named(items).union(*(act.files for act in acts))
    left = [each for each in files if each not in placed]
    return Gallery(
        items=[_item(item, files, judge.since(None), judge.since(item.ordered_at)) for item in items],
        acts=[
            ActFiles(verb=act.verb, at=act.at, files=_found(act.files, files, judge.since(act.ordered_at)))
            for act in acts
        ],
        others=_found(left, files, judge.since(None)),
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """Looks at the files of one hazard."""

    limits: Limits
    site: Point | None

    def since(self, ordered_at: datetime | None) -> Callable[[File], JudgedFile]:
        """Give how a file is seen that answers an order, or that answers none."""

        def judged(file: File) -> JudgedFile:
            exhibit = Exhibit(
                recorded=file.row.media_type.startswith(("image/", "video/")),
                taken=tuple(capture.taken for capture in file.captures),
                site=self.site,
                since=ordered_at,
                used_elsewhere=file.used_elsewhere,
            )
            found = doubts(exhibit, self.limits)
            return JudgedFile(
                **_facts(file),
                original_sha256=file.row.original_sha256,
                kept_by=UUID(file.row.kept_by),
                handed_in_at=file.row.at,
                captured=[CaptureView.model_validate(capture) for capture in file.captures],
                doubts=[DoubtView(code=doubt, en=WORDS[doubt][0], zh=WORDS[doubt][1]) for doubt in found],
            )

        return judged


def _named(items: Iterable[Item]) -> set[UUID]:
    return {each for item in items for each in (*item.before, *item.after)}


def _item(
    item: Item, files: Mapping[UUID, File], before: Callable[[File], F], after: Callable[[File], F]
) -> ItemFiles[F]:
    row = item.row
    return ItemFiles(
        id=row.id,
        cycle=row.cycle,
        ordinal=row.ordinal,
        text=row.text,
        passed=row.passed,
        before=_found(item.before, files, before),
        after=_found(item.after, files, after),
    )


def _found(ids: Iterable[UUID], files: Mapping[UUID, File], seen: Callable[[File], F]) -> list[F]:
    return [seen(files[each]) for each in ids if each in files]


def _plain(file: File) -> FileView:
    return FileView(**_facts(file))


def _facts(file: File) -> dict[str, Any]:
    row = file.row
    return {
        **row.model_dump(include={"id", "media_type", "size_bytes", "sha256", "width", "height"}),
        "owner": "inspection",
        "thumbnail": f"/evidence/inspection/{row.id}/thumbnail" if row.media_type.startswith("image/") else None,
    }
