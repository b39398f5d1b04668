"""Where the bytes of evidence live, once and unchanged; without it proof could be replaced later."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from mmap import mmap
from pathlib import Path
from uuid import UUID

from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url
from pydantic import BaseModel, ConfigDict

from shared.errors import Conflict, NotFound, Problem, no_such
from shared.evidence.content import Content, Data, cleaned, thumbnail

_OWNER = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_DECODERS = 2
"""Pictures decoded at once: one of 40 million pixels takes 120 MB while it is being decoded."""
_PIECE_BYTES = 1024 * 1024
_PART_BYTES, _PARTS = 5 * 1024 * 1024, 2
"""A long file goes to a bucket in parts of the least size that buckets take, two at once."""


class Kept(BaseModel):
    """What is known of one file: `sha256` is of the stored bytes, `original_sha256` of what was sent."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    sha256: str
    original_sha256: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None


class EvidenceStore:
    """Evidence in a folder (a path) or in a bucket (`s3://bucket/prefix`, its keys from the environment).

    Each piece is two objects under internal names, of a picture three: its bytes, its small view, then its record.
    The record is created last and only once, so it is the commit: two phones that race for one id agree on one
    file, and a crash leaves bytes that nobody can reach, never a record without bytes.
    """

    def __init__(self, url: str) -> None:
        self._objects = _objects(url)
        self._decoding = asyncio.Semaphore(_DECODERS)

    async def keep(
        self,
        owner: str,
        evidence_id: UUID,
        data: Data,
        declared_name: str | None = None,
        *,
        images_only: bool = False,
    ) -> Kept:
        """Clean and store a file once, however often it is sent; data that can be changed may be.

        Raises what `cleaned` raises, and Conflict when the id already stands for another file. The declared
        name only tells the sender which of several files was refused.
        """
        original = await asyncio.to_thread(_digest, data)
        if known := await self._record(owner, evidence_id):
            return _the_same(known, original)
        try:
            async with self._decoding:
                content = await asyncio.to_thread(cleaned, data, images_only=images_only)
        except Problem as refusal:
            refusal.facts["file"] = declared_name
            raise
        kept = Kept(
            id=evidence_id,
            sha256=await asyncio.to_thread(_digest, content.data),
            original_sha256=original,
            media_type=content.media_type,
            size_bytes=len(content.data),
            width=content.width,
            height=content.height,
        )
        place = _place(owner, evidence_id)
        written = await self._put(place, kept, content)
        try:
            await self._objects.put_async(f"{place}/kept.json", kept.model_dump_json().encode(), mode="create")
        except AlreadyExistsError:
            winner = await self.kept(owner, evidence_id)
            if winner.sha256 != kept.sha256:
                await self._objects.delete_async(written)
            return _the_same(winner, original)
        return kept

    async def kept(self, owner: str, evidence_id: UUID) -> Kept:
        """Return the record of one file, or raise NotFound."""
        if known := await self._record(owner, evidence_id):
            return known
        raise no_such("file", "文件")

    async def read(self, owner: str, evidence_id: UUID) -> tuple[bytes, Kept]:
        """Return a file whose bytes are proven to be those that were stored, or raise NotFound."""
        kept = await self.kept(owner, evidence_id)
        data = await self._get(f"{_place(owner, evidence_id)}/{kept.sha256}")
        if data is None or await asyncio.to_thread(_digest, data) != kept.sha256:
            raise _damaged(kept)
        return data, kept

    async def pieces(self, owner: str, evidence_id: UUID) -> tuple[AsyncIterator[bytes], Kept]:
        """Return a long file piece by piece, proven like any other; it is read twice and never whole in memory."""
        kept = await self.kept(owner, evidence_id)
        key, digest = f"{_place(owner, evidence_id)}/{kept.sha256}", sha256()
        try:
            async for piece in self._stream(key):
                digest.update(piece)
        except FileNotFoundError:
            raise _damaged(kept) from None
        if digest.hexdigest() != kept.sha256:
            raise _damaged(kept)
        return self._stream(key), kept

    async def thumbnail(self, owner: str, evidence_id: UUID) -> tuple[bytes, Kept]:
        """Return the small view of a picture, made now if it was kept before there were any; raises NotFound."""
        kept = await self.kept(owner, evidence_id)
        if not kept.media_type.startswith("image/"):
            raise NotFound(
                "no-thumbnail",
                "This file is no picture: there is no small view of it.",
                "该文件不是图片，没有缩略图。",
            )
        key = _small_view(_place(owner, evidence_id), kept)
        small = await self._get(key)
        if small is None:
            data, _ = await self.read(owner, evidence_id)
            async with self._decoding:
                small = await asyncio.to_thread(thumbnail, data)
            await self._objects.put_async(key, small)
        return small, kept

    async def _put(self, place: str, kept: Kept, content: Content) -> list[str]:
        """Store what is kept of a file, its record excepted; give the names of what was stored."""
        written = [f"{place}/{kept.sha256}"]
        if isinstance(content.data, mmap):
            parts = _parts(content.data)
            await self._objects.put_async(written[0], parts, chunk_size=_PART_BYTES, max_concurrency=_PARTS)
        else:
            await self._objects.put_async(written[0], bytes(content.data))
        if content.thumbnail is not None:
            written.append(_small_view(place, kept))
            await self._objects.put_async(written[1], content.thumbnail)
        return written

    async def _stream(self, key: str) -> AsyncIterator[bytes]:
        found = await self._objects.get_async(key)
        async for piece in found.stream(min_chunk_size=_PIECE_BYTES):
            yield bytes(piece)

    async def _record(self, owner: str, evidence_id: UUID) -> Kept | None:
        record = await self._get(f"{_place(owner, evidence_id)}/kept.json")
        return Kept.model_validate_json(record) if record else None

    async def _get(self, key: str) -> bytes | None:
        try:
            found = await self._objects.get_async(key)
        except FileNotFoundError:
            return None
        return bytes(await found.bytes_async())


def _objects(url: str) -> ObjectStore:
    if "://" not in url:
        return LocalStore(Path(url), mkdir=True)
    return LocalStore.from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)


def _place(owner: str, evidence_id: UUID) -> str:
    """Name a folder by our own words; the last byte of the id spreads time-ordered ids over 256 folders."""
    if not _OWNER.fullmatch(owner):
        raise ValueError(f"an evidence owner is a plain word of ours, not {owner!r}")
    return f"{owner}/{evidence_id.hex[-2:]}/{evidence_id}"


def _small_view(place: str, kept: Kept) -> str:
    return f"{place}/{kept.sha256}.small"


def _parts(data: mmap) -> Iterator[bytes]:
    for at in range(0, len(data), _PART_BYTES):
        yield bytes(data[at : at + _PART_BYTES])


def _damaged(kept: Kept) -> Problem:
    return Problem(
        "evidence-damaged",
        "The stored file is no longer what was handed in. Please tell the operator.",
        "存储的文件与提交时不一致，请联系平台管理员。",
        evidence_id=kept.id,
    )


def _the_same(known: Kept, original: str) -> Kept:
    if known.original_sha256 != original:
        raise Conflict(
            "evidence-id-taken",
            "This evidence id already stands for another file.",
            "该证据编号已对应另一份文件。",
            evidence_id=known.id,
        )
    return known


def _digest(data: Data) -> str:
    return sha256(data).hexdigest()
