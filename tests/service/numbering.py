"""A process that issues one document and may die at a named place: `python numbering.py URL ISSUER ADDRESSEE`."""

import asyncio
import sys
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from services.inspection.documents.actions.issuing import Act, draw_up
from services.inspection.documents.domain.papers import InterviewNotice
from services.inspection.documents.queries.gathering import VERIFIED_AT
from shared.auth import Actor
from shared.contracts.inspection import DocumentKind
from shared.db import Database
from shared.profile import load
from shared.settings import ROOT

NOW = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)


def database(url: str) -> Database:
    known = Database("inspection", url, pool_size=25)
    known.info.update({"profile": load("cn", ROOT / "profiles"), VERIFIED_AT: "http://gateway"})
    return known


async def issue(known: Database, issuer_id: UUID, addressee_id: UUID, *, fails: bool = False) -> str:
    """Issue one notice in a transaction of its own, and give its number; `fails`: roll it back after all."""
    act = Act(
        kind=DocumentKind.INTERVIEW_NOTICE,
        id=uuid4(),
        area_code="990101",
        issuer_id=issuer_id,
        addressee_id=addressee_id,
    )
    who = Actor(uuid4(), "committee", issuer_id, "990101")
    async with known.transaction() as tx:
        document = await draw_up(
            tx,
            who,
            act,
            lambda said: InterviewNotice(
                **said, person="x", at="2026-10-12 14:30", place="x", facts="x", demand="x", bases=(str(date.max),)
            ),
            NOW,
        )
        await tx.flush()
        if fails:
            raise RuntimeError("the act did not happen after all")
    return document.number


async def main(url: str, issuer_id: str, addressee_id: str) -> None:
    known = database(url)
    await issue(known, UUID(issuer_id), UUID(addressee_id))
    await known.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
