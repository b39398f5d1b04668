"""Where the bytes of files lie until their import ends; without it a checked file could be another one when written."""

import asyncio
from hashlib import sha256
from pathlib import Path

from obstore.store import LocalStore, ObjectStore, from_url

from shared.errors import Conflict

_FOLDER = "imports"


class Files:
    """Files by the digest of their bytes, in a folder (a path) or in a bucket."""

    def __init__(self, url: str) -> None:
        self._objects = _objects(url)

    async def keep(self, data: bytes) -> str:
        """Store bytes and give their digest; storing them again changes nothing."""
        digest = await asyncio.to_thread(_digest, data)
        await self._objects.put_async(_place(digest), data)
        return digest

    async def read(self, digest: str) -> bytes:
        """Give bytes that are proven to be those that were stored."""
        try:
            found = await self._objects.get_async(_place(digest))
        except FileNotFoundError as lost:
            raise _damaged() from lost
        data = bytes(await found.bytes_async())
        if await asyncio.to_thread(_digest, data) != digest:
            raise _damaged()
        return data


def _damaged() -> Conflict:
    return Conflict(
        "file-damaged",
        "The stored file is no longer what was handed in. Hand it in again.",
        "存储的文件与上传时不一致，请重新上传。",
    )


def _objects(url: str) -> ObjectStore:
    if "://" not in url:
        return LocalStore(Path(url), mkdir=True)
    return LocalStore.from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)


def _place(digest: str) -> str:
    return f"{_FOLDER}/{digest[:2]}/{digest}"


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
