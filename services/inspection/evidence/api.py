"""The address at which a device says where and when it took a file."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.evidence import actions
from services.inspection.evidence.shapes import CaptureView, DeclareCapture
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/evidence/inspection", tags=["evidence"])


@router.put("/{evidence_id}/capture", status_code=201, dependencies=[allowed("capture.declare")])
async def declare(evidence_id: UUID, ask: DeclareCapture, who: Who, now: Now, tx: Tx) -> CaptureView:
    """Declare where and when an own file was taken: once, after the file. Officials read it, the other party never."""
    return CaptureView.model_validate(await actions.declare(tx, who, evidence_id, ask, now))
