"""What each reader sees of a hazard's files: two shapes, so that a doubt cannot slip to the party whom it concerns."""

from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from services.inspection.evidence.domain import Doubt
from services.inspection.evidence.shapes import CaptureView
from shared.contracts.base import View


class FileView(View):
    """A file as whoever may look at it sees it."""

    id: UUID
    owner: str
    media_type: str
    size_bytes: int
    sha256: str
    width: int | None
    height: int | None
    thumbnail: str | None
    """Address of its small view, below that of the API; None for what is no picture."""


class DoubtView(View):
    """What speaks against a file as proof, in words for a person."""

    code: Doubt
    en: str
    zh: str


class JudgedFile(FileView):
    """A file as officials see it. `original_sha256` is of the file as it was sent."""

    original_sha256: str | None
    kept_by: UUID
    """The party that handed it in."""
    handed_in_at: datetime
    captured: list[CaptureView]
    doubts: list[DoubtView]


F = TypeVar("F", bound=FileView)


class ItemFiles(View, Generic[F]):
    """One thing to put right, as it was and as it is."""

    id: UUID
    cycle: int
    ordinal: int
    text: str
    passed: bool
    before: list[F]
    after: list[F]


class ActFiles(View):
    """What was brought forward with one act: the attachments of a re-check, the pictures of a look back."""

    verb: str
    at: datetime
    files: list[JudgedFile]


class OwnGallery(View):
    """What the enterprise sees: what its own items show. Whoever only reported sees none of it."""

    items: list[ItemFiles[FileView]]


class Gallery(View):
    """What officials see. `others` were brought forward, but no item or act names them any more."""

    items: list[ItemFiles[JudgedFile]]
    acts: list[ActFiles]
    others: list[JudgedFile]
