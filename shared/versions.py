"""`ETag` and `If-Match` for objects that have a version; without it whoever acts on an old view would not be told.

A router says once of which object it speaks: `APIRouter(dependencies=[versioned(Area, "code", area_id)])`.
The tag is `"<version>.<digest of the answer>"`: the version says whether the object changed, the digest whether this
reader would see anything else than before (other rows, the time, what they may do). `If-Match` asks for the version.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import col, select

from shared.db import Aggregate
from shared.errors import BadInput, Conflict, Malformed, Stale
from shared.web import Tx

READS = frozenset({"GET", "HEAD"})
IF_MATCH_PATTERN = r'^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$'
_IF_MATCH = re.compile(IF_MATCH_PATTERN)
_TAG = re.compile(r'(W/)?"([!#-~]*)"')


@dataclass(frozen=True, slots=True)
class Versioned:
    """A route's dependency: tells `Frame` the version of what is read, and `If-Match` decides on what is changed."""

    kind: type[Aggregate]
    parameter: str
    identify: Callable[[str], UUID] = UUID

    async def __call__(self, request: Request, tx: Tx) -> AsyncIterator[None]:
        given: str | None = request.path_params.get(self.parameter)
        asked = request.headers.get("if-match")
        if given is None or (request.method not in READS and asked is None):
            yield
            return
        wanted = None if asked is None else _wanted(asked)
        try:
            subject = self.identify(given)
        except ValueError:  # which the route itself refuses
            yield
            return
        if request.method in READS:
            # A timeline or a list below the object is not the object.
            if request.scope["path"].endswith(f"/{given}") and (row := await tx.get(self.kind, subject)) is not None:
                request.scope["state"]["version"] = row.version
            yield
            return
        # Locked, so that what is judged here is what the action finds.
        query = select(self.kind.version).where(col(self.kind.id) == subject).with_for_update()
        version = (await tx.execute(query)).scalar_one_or_none()
        fits = version is not None and (wanted is None or str(version) in wanted)
        try:
            yield
        except (Conflict, BadInput) as refused:  # perhaps only because the object is no longer what the person saw
            if not fits:
                raise _changed_meanwhile() from refused
            raise
        if not fits:
            raise _changed_meanwhile()


def versioned(kind: type[Aggregate], parameter: str, identify: Callable[[str], UUID] = UUID) -> Any:
    """Declare of which object the addresses with this path parameter speak; `identify` makes its id."""
    return Depends(Versioned(kind, parameter, identify), scope="function")


def tag(version: int, body: bytes) -> bytes:
    """Give the entity tag of an object's representation."""
    return b'"%d.%s"' % (version, blake2b(body, digest_size=6).hexdigest().encode())


def known(tag: bytes, if_none_match: bytes) -> bool:
    """Tell whether the asker has this representation already; tags are compared weakly (RFC 9110 §13.1.2)."""
    given = {one.strip().removeprefix(b"W/") for one in if_none_match.split(b",")}
    return b"*" in given or tag in given


def _wanted(if_match: str) -> set[str] | None:
    """Give the versions that the asker knows; None: any, if only the object exists."""
    if not _IF_MATCH.fullmatch(if_match.strip()):
        raise Malformed(
            "bad-precondition",
            'If-Match cannot be read. Send the ETag as it was given, with its quotes: If-Match: "7".',
            'If-Match 无法识别，请原样（含引号）发送 ETag，例如 If-Match: "7"。',
        )
    if if_match.strip() == "*":
        return None
    return set(_versions(_TAG.findall(if_match)))


def _versions(tags: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (opaque.partition(".")[0] for weak, opaque in tags if not weak)  # weak ones never match (§13.1.1)


def _changed_meanwhile() -> Stale:
    return Stale(
        "changed-meanwhile",
        "This changed after you read it. Read it again and decide anew.",
        "您读取后该事项已发生变化，请刷新后重新决定。",
    )
