"""`ETag` and `If-Match` for objects that have a version; without it whoever acts on an old view would not be told.

A router says once of which object it speaks: `APIRouter(dependencies=[versioned(Area, "code", area_id)])`.
The tag is `"<version>.<digest of the answer>"`: the version says whether the object changed, the digest whether this
reader would see anything else than before (other rows, the time, what they may do). `If-Match` asks for the version.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from shared.auth import Actor
from shared.db import Aggregate
from shared.errors import BadInput, Conflict, Malformed, Problem, Stale
from shared.web import Tx, anyone

READS = frozenset({"GET", "HEAD"})
IF_MATCH_PATTERN = r'^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$'
_IF_MATCH = re.compile(IF_MATCH_PATTERN)
_TAG = re.compile(r'(W/)?"([!#-~]*)"')


_LOST = frozenset({"illegal-transition", "changed-meanwhile"})
"""Refusals of whoever was second: the object no longer stands as they saw it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who was the last to change an object, as far as the asking person may know it."""

    name: str
    at: datetime
    verb: str


LastChange = Callable[[AsyncSession, Actor, UUID], Awaitable[Change | None]]
_LAST: dict[type[Aggregate], LastChange] = {}


def tells_who_changed(kind: type[Aggregate], last: LastChange) -> None:
    """Have refusals of whoever was second name whoever was first, where `last` tells them."""
    _LAST[kind] = last


@dataclass(frozen=True, slots=True)
class Versioned:
    """A route's dependency: tells `Frame` the version of what is read, and `If-Match` decides on what is changed."""

    kind: type[Aggregate]
    parameter: str
    identify: Callable[[str], UUID] = UUID

    async def __call__(self, request: Request, tx: Tx) -> AsyncIterator[None]:
        given: str | None = request.path_params.get(self.parameter)
        asked = request.headers.get("if-match")
        if given is None:
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
        stale = None
        if asked is not None and not await self._fits(tx, subject, wanted):
            stale = await self._named(_changed_meanwhile(), request, tx, subject)
        try:
            yield
        except (Conflict, BadInput) as refused:  # perhaps only because the object is no longer what the person saw
            if stale is not None:
                raise stale from refused
            if refused.slug in _LOST:
                await self._named(refused, request, tx, subject)
            raise
        if stale is not None:
            raise stale

    async def _fits(self, tx: AsyncSession, subject: UUID, wanted: set[str] | None) -> bool:
        """Tell whether the object has a wanted version; locked, so that the action finds what is judged here."""
        query = select(self.kind.version).where(col(self.kind.id) == subject).with_for_update()
        version = (await tx.execute(query)).scalar_one_or_none()
        return version is not None and (wanted is None or str(version) in wanted)

    async def _named(self, refused: Problem, request: Request, tx: AsyncSession, subject: UUID) -> Problem:
        """Say in a refusal who was first, if the asking person may know."""
        last = _LAST.get(self.kind)
        change = None if last is None else await last(tx, await anyone(request), subject)
        if change is not None:
            refused.en = f"{refused.en} {change.name} was the last to change it."
            refused.zh = f"{refused.zh}最近由{change.name}修改。"
            refused.facts |= {"changed_by": change.name, "changed_at": change.at, "change": change.verb}
        return refused


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
