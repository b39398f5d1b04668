"""Whether a reference to a file stands for a file, and what the file was shown for."""

from collections.abc import Iterable
from itertools import chain
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.evidence.models import Evidence, Showing
from shared.auth import Actor
from shared.contracts.values import EvidenceRef
from shared.errors import BadInput


async def proven(
    tx: AsyncSession, who: Actor, about_id: UUID, *given: Iterable[EvidenceRef], handed_to: UUID | None = None
) -> None:
    """Note what the files are shown for; raise unless each is one that the own party handed in here, unchanged.

    A picture that a reporter took is not among them: what an order shows, the enterprise sees.
    """
    refs = list(chain.from_iterable(given))
    if not refs:
        return
    query = select(Evidence).where(
        col(Evidence.id).in_([ref.id for ref in refs]), col(Evidence.kept_by) == str(who.party_id)
    )
    known = {row.id: row.sha256 for row in (await tx.execute(query)).scalars()}
    missing = [str(ref.id) for ref in refs if ref.owner != "inspection" or known.get(ref.id) != ref.sha256]
    if missing:
        raise BadInput(
            "unknown-evidence",
            "A file was not handed in by your organisation under /evidence/inspection, or is another one.",
            "有文件并非由本单位提交，或与提交的文件不一致。",
            missing=missing,
        )
    shown = [{"evidence_id": ref_id, "about_id": about_id, "handed_to": handed_to} for ref_id in known]
    await tx.execute(insert(Showing).values(shown).on_conflict_do_nothing())


async def was_handed_to(tx: AsyncSession, party_id: UUID | None, evidence_id: UUID) -> bool:
    """Tell whether the file was handed to this party: with a reply to its letter, an account, or a transfer."""
    if party_id is None:
        return False
    query = select(exists().where(col(Showing.evidence_id) == evidence_id, col(Showing.handed_to) == party_id))
    return bool((await tx.execute(query)).scalar())
