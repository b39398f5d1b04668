"""Makes hazards of claims: in the authority's own words, with every claim of the matter behind each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.docket.models import Report
from services.inspection.hazards.actions import verifying as hazards
from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.values import Category, derived_id
from shared.errors import BadInput


@dataclass(frozen=True, slots=True)
class Wording:
    """One hazard as the authority words it; what it leaves open is as in the claim."""

    what: str
    category: Category | None = None
    enterprise_id: UUID | None = None


def in_own_words(claims: Collection[Report], wordings: Collection[Wording]) -> None:
    """Refuse the words of a person who reported: the enterprise will read them."""
    theirs = {_plain(claim.what) for claim in claims if claim.source_party_id is None}
    if any(_plain(wording.what) in theirs for wording in wordings):
        raise BadInput(
            "in-your-own-words",
            "Describe the hazard in your own words: the enterprise will read them and must not recognise the reporter.",
            "请用自己的语言描述隐患：企业将看到该描述，不得据此推断举报人。",
        )


async def register(
    tx: AsyncSession,
    who: Actor,
    entry: Report,
    claims: Sequence[Report],
    wordings: Sequence[Wording],
    now: datetime,
    *,
    again: bool = False,
) -> list[Hazard]:
    """T01: register one hazard for each wording and put all these claims behind it; `again`: not for the first time."""
    assert entry.authority_id is not None, "only its authority takes a claim in hand"
    held = any(claim.fatal and claim.county_finding is None for claim in claims)
    found: list[Hazard] = []
    for nth, wording in enumerate(wordings):
        suspicion = hazards.Suspicion(
            area_code=entry.area_code,
            category=wording.category or entry.category,
            what=wording.what,
            enterprise_id=wording.enterprise_id or entry.enterprise_id,
            place=entry.place,
            imminent_danger=any(claim.imminent_danger for claim in claims),
            authority_id=entry.authority_id,
            claimed_at=min(claim.claimed_at for claim in claims),
            channel=entry.channel,
            county_decides=held,
        )
        numbered = ("hazard", entry.id, *((entry.version, nth) if again or nth else ()))
        hazard = await hazards.register(tx, derived_id(*numbered), suspicion, now)
        for claim in claims:
            await hazards.add_claim(tx, hazard.id, claim.claim, claim.claimed_at)
        found.append(hazard)
    for claim in claims:
        claim.hazard_id = found[0].id
    for hazard in found:
        await hazards.announce(tx, who, hazard, now, further=hazard is not found[0])
    return found


def _plain(words: str) -> str:
    return "".join(words.split()).casefold()
