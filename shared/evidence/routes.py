"""The two addresses at which a service takes and shows evidence; without it four services would write them anew."""

from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field

from shared.auth import Actor
from shared.contracts.base import View
from shared.db import Stored, moment
from shared.errors import no_such
from shared.evidence.content import media_types
from shared.evidence.headers import safe_headers
from shared.evidence.store import EvidenceStore
from shared.permission import allowed
from shared.web import Anyone, Now, Tx, Who, part, sign_in_first


class EvidenceColumns(Stored):
    """Who handed in a file, in the words of the service: `kept_by` is whatever `owner_key` answered."""

    id: UUID = Field(primary_key=True)
    kept_by: str = Field(index=True)
    sha256: str
    media_type: str
    size_bytes: int
    at: datetime = moment()


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


def evidence_router(
    service: str,
    table: type[EvidenceColumns],
    policy: EvidencePolicy,
    *,
    verbs: str,
    anonymous: bool = False,
    images_only: bool = False,
) -> APIRouter:
    """Build `PUT` and `GET /evidence/<service>/{id}`, which are the verbs `<verbs>.hand_in` and `<verbs>.read`.

    `anonymous` lets the public hand in, never look.
    """
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
        store: Annotated[EvidenceStore, store_part],
    ) -> EvidenceView:
        """Keep a file under an id that the sender chose; sending it again changes nothing."""
        if who.anonymous and not anonymous:
            raise sign_in_first()
        kept_by = policy.owner_key(request, who)
        kept = await store.keep(service, evidence_id, await request.body(), images_only=images_only)
        await tx.execute(
            insert(table)
            .values(
                id=kept.id,
                kept_by=kept_by,
                sha256=kept.sha256,
                media_type=kept.media_type,
                size_bytes=kept.size_bytes,
                at=now,
            )
            .on_conflict_do_nothing()
        )
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
        row = await tx.get(table, evidence_id)
        if row is None or not await policy.may_read(request, tx, who, evidence_id, row.kept_by):
            raise no_such("file", "文件")
        data, kept = await store.read(service, evidence_id)
        return Response(data, headers=safe_headers(kept))

    return router
