"""Routes: self-checks of enterprises, and the pictures that prove them."""

from uuid import UUID

from fastapi import APIRouter, Request

from services.registry.duties import actions, queries
from services.registry.duties.models import Evidence, SelfCheck
from services.registry.duties.policy import spoken_for
from services.registry.duties.shapes import DeclaredView, SelfCheckLine, SelfCheckView, SubmitSelfCheck
from services.registry.shapes import Limit, Listed
from shared.auth import Actor
from shared.errors import no_such
from shared.evidence.routes import evidence_router
from shared.paging import Page
from shared.permission import allowed, covers
from shared.web import Now, Rules, Tx, Who

router = APIRouter(tags=["self-checks"])


@router.put("/self-checks/{self_check_id}", dependencies=[allowed("self_check.submit")])
async def submit(self_check_id: UUID, ask: SubmitSelfCheck, who: Who, now: Now, tx: Tx, rules: Rules) -> SelfCheckView:
    """Submit the own enterprise's self-check. Sending the same again is safe."""
    return await _whole(tx, await actions.submit(tx, who, self_check_id, ask, rules, now))


@router.get("/self-checks", response_model=Listed[SelfCheckLine], dependencies=[allowed("self_check.read")])
async def list_self_checks(who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50) -> Page[SelfCheck]:
    return await queries.self_checks(tx, who, after, limit)


@router.get("/self-checks/{self_check_id}", dependencies=[allowed("self_check.read")])
async def show_self_check(self_check_id: UUID, who: Who, tx: Tx) -> SelfCheckView:
    """Show a self-check with how far each declared hazard is."""
    if (check := await queries.self_check(tx, who, self_check_id)) is None:
        raise no_such("self-check", "自查记录")
    return await _whole(tx, check)


class _Policy:
    """Files are kept for the enterprise; it may look, and the authorities and the committee of the area."""

    def owner_key(self, request: Request, who: Actor) -> str:  # noqa: ARG002 — the policy's shape
        return str(spoken_for(who))

    async def may_read(self, request: Request, tx: Tx, who: Actor, evidence_id: UUID, kept_by: str) -> bool:  # noqa: ARG002 — the policy's shape
        if covers(who, "self_check_file.read", party=[UUID(kept_by)]):
            return True
        return any(covers(who, "self_check_file.read", area=code) for code in await queries.areas_of(tx, evidence_id))


evidence = evidence_router("registry", Evidence, _Policy(), verbs="self_check_file")


async def _whole(tx: Tx, check: SelfCheck) -> SelfCheckView:
    items = [DeclaredView.model_validate(row) for row in await queries.declared(tx, check.id)]
    return SelfCheckView(**check.model_dump(include=set(SelfCheckLine.model_fields)), items=items)
