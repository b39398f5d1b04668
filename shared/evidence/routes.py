"""The addresses at which a service takes and shows evidence; without it four services would write them anew."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field

from shared.auth import Actor
from shared.contracts.base import View
from shared.db import Stored, moment
from shared.errors import no_such
from shared.evidence.arriving import Arrivals
from shared.evidence.content import THUMBNAIL_TYPE, media_types
from shared.evidence.embedded import Embedded, embedded
from shared.evidence.headers import safe_headers
from shared.evidence.store import EvidenceStore
from shared.permission import allowed
from shared.web import Anyone, Now, Rules, Tx, Who, part, sign_in_first


class EvidenceColumns(Stored):
    """Who handed in a file, in the words of the service: `kept_by` is whatever `owner_key` answered.

    `sha256` is of the bytes that are kept, `original_sha256` of those that were sent: whoever still has the file can
    show that it is the same. A reporter must not be found by it, so where reporters are protected it is not written
    down here. Rows from before these columns lack them.
    """

    id: UUID = Field(primary_key=True)
    kept_by: str = Field(index=True)
    sha256: str
    media_type: str
    size_bytes: int
    at: datetime = moment()
    original_sha256: str | None = None
    width: int | None = None
    height: int | None = None


class EvidenceView(View):
    """What the sender refers to afterwards."""

    id: UUID
    owner: str
    sha256: str
    media_type: str
    size_bytes: int


class EvidencePolicy(Protocol):
    """A service's own answers to: under which key is this person's evidence kept, and who may look at it."""

    def owner_key(self, request: Request, who: Actor) -> str:
        """Give the key, or raise `Forbidden` for people who hand in nothing here."""
        ...

    async def may_read(self, request: Request, tx: Tx, who: Actor, evidence_id: UUID, kept_by: str) -> bool: ...


Witness = Callable[[AsyncSession, UUID, Embedded, datetime], Awaitable[None]]
"""Takes down what the bytes of a file said of their making, which the kept bytes no longer say."""


def evidence_router(
    service: str,
    table: type[EvidenceColumns],
    policy: EvidencePolicy,
    *,
    verbs: str,
    anonymous: bool = False,
    images_only: bool = False,
    witness: Witness | None = None,
) -> APIRouter:
    """Build `PUT` and `GET /evidence/<service>/{id}`, which are the verbs `<verbs>.hand_in` and `<verbs>.read`.

    `anonymous` lets the public hand in, never look. Without a `witness` nobody looks where a photo was taken.
    """
    assert witness is None or not images_only, "where reporters are protected nothing is read out of their pictures"
    arrivals = Arrivals()
    router = APIRouter(prefix=f"/evidence/{service}", tags=["evidence"])
    file = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types(images_only=images_only)}
    store_part: Any = part(EvidenceStore)

    @router.put(
        "/{evidence_id}",
        status_code=201,
        dependencies=[allowed(f"{verbs}.hand_in")],
        openapi_extra={"requestBody": {"required": True, "content": file}},
    )
    async def hand_in(
        evidence_id: UUID,
        request: Request,
        who: Anyone,
        now: Now,
        tx: Tx,
        rules: Rules,
        store: Annotated[EvidenceStore, store_part],
    ) -> EvidenceView:
        """Keep a file under an id that the sender chose; sending it again changes nothing."""
        if who.anonymous and not anonymous:
            raise sign_in_first()
        kept_by = policy.owner_key(request, who)
        async with arrivals.whole(request) as data:
            said = None if witness is None else await asyncio.to_thread(embedded, data, rules.timezone)
            kept = await store.keep(service, evidence_id, data, images_only=images_only)
        await tx.execute(
            insert(table)
            .values(
                id=kept.id,
                kept_by=kept_by,
                sha256=kept.sha256,
                media_type=kept.media_type,
                size_bytes=kept.size_bytes,
                at=now,
                original_sha256=None if images_only else kept.original_sha256,
                width=kept.width,
                height=kept.height,
            )
            .on_conflict_do_nothing()
        )
        if witness is not None and said is not None:
            await witness(tx, kept.id, said, now)
        return EvidenceView(
            id=kept.id, owner=service, sha256=kept.sha256, media_type=kept.media_type, size_bytes=kept.size_bytes
        )

    @router.get(
        "/{evidence_id}",
        response_class=Response,
        dependencies=[allowed(f"{verbs}.read")],
        responses={200: {"content": file}},
    )
    async def show(
        evidence_id: UUID,
        request: Request,
        who: Who,
        tx: Tx,
        store: Annotated[EvidenceStore, store_part],
    ) -> Response:
        row = await readable(evidence_id, request, who, tx)
        if row.media_type.startswith("video/"):
            pieces, kept = await store.pieces(service, evidence_id)
            length = {"Content-Length": str(kept.size_bytes)}
            return StreamingResponse(pieces, headers={**safe_headers(kept), **length})
        data, kept = await store.read(service, evidence_id)
        return Response(data, headers=safe_headers(kept))

    @router.get(
        "/{evidence_id}/thumbnail",
        response_class=Response,
        dependencies=[allowed(f"{verbs}.read")],
        responses={200: {"content": {THUMBNAIL_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def show_small(
        evidence_id: UUID,
        request: Request,
        who: Who,
        tx: Tx,
        store: Annotated[EvidenceStore, store_part],
    ) -> Response:
        """Show a picture in small; other files have no such view."""
        await readable(evidence_id, request, who, tx)
        small, kept = await store.thumbnail(service, evidence_id)
        return Response(small, headers=safe_headers(kept.model_copy(update={"media_type": THUMBNAIL_TYPE})))

    async def readable(evidence_id: UUID, request: Request, who: Actor, tx: AsyncSession) -> EvidenceColumns:
        row = await tx.get(table, evidence_id)
        if row is None or not await policy.may_read(request, tx, who, evidence_id, row.kept_by):
            raise no_such("file", "文件")
        return row

    return router
