"""What an enterprise does here: submits what it found when it looked for hazards itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.areas.queries import all_registered
from services.registry.duties import queries
from services.registry.duties.models import DeclaredHazard, Evidence, SelfCheck
from services.registry.duties.policy import spoken_for
from services.registry.duties.shapes import Declare, SubmitSelfCheck
from services.registry.parties.models import Enterprise
from shared.auth import Actor
from shared.contracts.registry import SelfCheckSubmitted
from shared.contracts.values import Channel, EvidenceRef, Place
from shared.errors import BadInput, Conflict, no_such
from shared.outbox import emit
from shared.profile import Profile


async def submit(
    tx: AsyncSession, who: Actor, self_check_id: UUID, ask: SubmitSelfCheck, rules: Profile, now: datetime
) -> SelfCheck:
    """File a self-check once, however often it is sent; each declared hazard becomes a claim on the docket."""
    # The enterprise's lock makes two phones that send the same at once take turns.
    enterprise = await tx.get(Enterprise, spoken_for(who), with_for_update=True)
    if enterprise is None:
        raise BadInput("unknown-enterprise", "Your enterprise is not registered.", "您的企业尚未登记。")
    if known := await tx.get(SelfCheck, self_check_id):
        await _is_the_same(tx, who, known, ask)
        return known
    if ask.date > now.astimezone(rules.timezone).date():
        raise BadInput("date-ahead", "A self-check cannot be dated in the future.", "自查日期不能晚于今天。")
    places = [item.place or enterprise.place for item in ask.items]
    await all_registered(tx, [place.area_code for place in places])
    files = await _handed_in(tx, ask.items, enterprise.id)
    check = SelfCheck(
        id=self_check_id,
        area_code=enterprise.area_code,
        enterprise_id=enterprise.id,
        date=ask.date,
        submitted_by=who.id,
        submitted_at=now,
    )
    tx.add(check)
    await tx.flush()
    for ordinal, (item, place) in enumerate(zip(ask.items, places, strict=True)):
        await _declare(tx, check, ordinal, item, place, [files[each] for each in item.evidence])
    return check


async def _declare(
    tx: AsyncSession, check: SelfCheck, ordinal: int, item: Declare, place: Place, files: Sequence[EvidenceRef]
) -> None:
    row = DeclaredHazard(
        id=item.id,
        area_code=place.area_code,
        self_check_id=check.id,
        ordinal=ordinal,
        category=item.category,
        what=item.what,
        place=item.place.model_dump(mode="json") if item.place else None,
        suspected_grade=item.suspected_grade,
        fatalities=item.fatalities,
        evidence=[file.model_dump(mode="json") for file in files],
    )
    fact = SelfCheckSubmitted(
        at=check.submitted_at,
        area_code=place.area_code,
        claim_id=item.id,
        channel=Channel.SELF_CHECK,
        reporter_ref=uuid4(),
        source_party_id=check.enterprise_id,
        place=place,
        enterprise_id=check.enterprise_id,
        category=item.category,
        what=item.what,
        evidence=tuple(files),
        suspected_grade=item.suspected_grade,
        fatalities=item.fatalities,
        self_check_id=check.id,
    )
    await emit(tx, row, fact)


async def _is_the_same(tx: AsyncSession, who: Actor, known: SelfCheck, ask: SubmitSelfCheck) -> None:
    """Raise unless the own self-check was sent again as it was."""
    if known.enterprise_id != who.party_id:
        raise no_such("self-check", "自查记录")
    before = tuple(
        Declare(
            id=row.id,
            category=row.category,
            what=row.what,
            place=Place.model_validate(row.place) if row.place else None,
            suspected_grade=row.suspected_grade,
            fatalities=row.fatalities,
            evidence=tuple(file["id"] for file in row.evidence),
        )
        for row in await queries.declared(tx, known.id)
    )
    if SubmitSelfCheck(date=known.date, items=before) != ask:
        raise Conflict(
            "self-check-id-taken",
            "You already submitted another self-check under this id. Send this one under a new id.",
            "该编号已用于另一份自查，请使用新的编号提交。",
        )


async def _handed_in(tx: AsyncSession, items: Sequence[Declare], enterprise_id: UUID) -> Mapping[UUID, EvidenceRef]:
    """Find the files that the items name; raises `BadInput`, naming the index, when the enterprise has no such file."""
    rows = await queries.evidence(tx, [each for item in items for each in item.evidence], enterprise_id)
    for index, item in enumerate(items):
        if missing := [each for each in item.evidence if each not in rows]:
            raise BadInput(
                "unknown-evidence",
                "Hand in the files first, then the self-check that names them.",
                "请先上传证据文件，再提交自查。",
                evidence=missing,
                index=index,
            )
    return {row.id: _ref(row) for row in rows.values()}


def _ref(file: Evidence) -> EvidenceRef:
    return EvidenceRef(id=file.id, owner="registry", sha256=file.sha256, media_type=file.media_type)
