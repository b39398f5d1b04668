"""How a campaign begins: the list is frozen and bound, or the measures of a policy are named; then it is drawn."""

import secrets
from collections import Counter
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.campaigns.actions.moving import begin, tell, write_down
from services.inspection.campaigns.domain import asked
from services.inspection.campaigns.domain.drawing import (
    Entry,
    Lots,
    commitment_to,
    draw,
    hash_of,
    share_of_the_general,
)
from services.inspection.campaigns.domain.machine import CAMPAIGN, Case, Verb
from services.inspection.campaigns.models import Campaign, CampaignDraw, CampaignItem, PolicyMeasure
from services.inspection.campaigns.queries import knowing
from services.inspection.campaigns.queries.results import bodies_of
from services.inspection.campaigns.shapes.asks import DrawSample, MeasureAsk, OpenCampaign
from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.domain import About
from services.inspection.hazards.models import Hazard
from services.inspection.numbers.actions import next_number_in, series_of
from shared.auth import Actor
from shared.contracts.inspection import HazardState
from shared.contracts.inspection.campaigns import (
    CampaignAssigned,
    CampaignDrawn,
    CampaignKind,
    CampaignOpened,
    LookState,
    Unlooked,
)
from shared.contracts.values import Grade, PartyKind
from shared.errors import BadInput, Conflict, no_such

LOOK_CLOCK, MEASURE_CLOCK = "campaign.look", "campaign.measure"
_SECRET_BYTES = 32
_OWNERS = (PartyKind.AUTHORITY, PartyKind.TOWNSHIP)


async def open_campaign(tx: AsyncSession, who: Actor, campaign_id: UUID, ask: OpenCampaign, now: datetime) -> Campaign:
    """Open a campaign once; the list of what may be drawn is frozen with it, before anybody can know the draw."""
    await knowing.one_at_a_time(tx, campaign_id)
    if known := await tx.get(Campaign, campaign_id):
        return _known_as(known, who, ask)
    today = local_day(tx, now)
    longest = int(rules_of(tx).number("campaign.results.longest", today))
    asked.says_what_is_looked_at(ask.kind, closures=ask.closures is not None, measures=bool(ask.measures))
    asked.results_day_is_fair(ask.results_by, today, longest)
    policy = ask.kind is CampaignKind.POLICY
    case = Case(
        party_id=who.party_id,
        in_our_area=who.covers(ask.area_code),
        kind=ask.kind,
        open_items=0,
        time_is_up=False,
    )
    move = CAMPAIGN.permit(Verb.OPEN, None, who.roles, case)
    assert who.party_id is not None, "who has no organisation was refused"
    drawing = await _frozen(tx, campaign_id, ask, today) if ask.closures else None
    measures = await _named(tx, campaign_id, ask.measures)
    campaign = Campaign(
        id=campaign_id,
        area_code=ask.area_code,
        state=move.after(None, yes=not policy),
        kind=ask.kind,
        number=await _number(tx, who.party_id, today),
        title=ask.title,
        basis=ask.basis,
        party_id=who.party_id,
        **({} if ask.closures is None else ask.closures.model_dump(exclude={"share"})),
        results_by=ask.results_by or _by_profile(tx, MEASURE_CLOCK if policy else LOOK_CLOCK, now),
        results_day_set=ask.results_by is not None,
        photos_wanted=ask.photos_wanted,
        content_hash=ask.content_hash(),
        opened_by=who.id,
        opened_at=now,
    )
    tx.add(campaign)
    write_down(tx, who, campaign, (Verb.OPEN, None, campaign.state), now, basis=ask.basis, title=ask.title)
    fact = partial(
        CampaignOpened,
        candidates=len(drawing.entries) if drawing else 0,
        list_hash=drawing and drawing.list_hash,
        commitment=drawing and drawing.commitment,
    )
    await tell(tx, campaign, fact, who.id, now)
    if drawing:
        tx.add(drawing)
        return campaign
    for measure in measures:
        tx.add(measure)
        _start(tx, campaign, campaign.about_item(measure.id), MEASURE_CLOCK, measure.owner_id, now)
    await _assign(tx, who, campaign, now)
    return campaign


async def draw_sample(tx: AsyncSession, who: Actor, campaign_id: UUID, ask: DrawSample, now: datetime) -> Campaign:
    """Draw: the value that somebody named now meets the secret that was bound then. Each lead learns what is its own.

    Of what was drawn and is not closed any more nothing can be looked at; what was looked at meanwhile counts.
    """
    campaign, move = await begin(tx, who, campaign_id, Verb.DRAW, now)
    drawing = await tx.get_one(CampaignDraw, campaign.id)
    lots = Lots(
        campaign_id=campaign.id,
        list_hash=drawing.list_hash,
        secret=drawing.secret,
        public_value=ask.public_value,
    )
    entries = [Entry(UUID(one), stratum) for one, stratum in drawing.entries]
    drawn = draw(entries, drawing.shares, lots.seed)
    drawing.public_value, drawing.witness, drawing.seed = ask.public_value, ask.witness, lots.seed
    drawing.drawn = [str(entry.id) for entry in drawn]
    before, campaign.state = campaign.state, move.after(campaign.state)
    campaign.drawn_at = now
    if not campaign.results_day_set or campaign.results_by <= local_day(tx, now):
        campaign.results_day_set, campaign.results_by = False, _by_profile(tx, LOOK_CLOCK, now)
    hazards = await knowing.hazards_held(tx, [entry.id for entry in drawn])
    for entry in drawn:
        _lay_before_its_lead(tx, campaign, hazards[entry.id], Grade(entry.stratum), now)
    fact = partial(
        CampaignDrawn,
        list_hash=drawing.list_hash,
        commitment=drawing.commitment,
        secret=drawing.secret,
        public_value=ask.public_value,
        seed=lots.seed,
        drawn=len(drawn),
    )
    moved = (Verb.DRAW, before, campaign.state)
    write_down(tx, who, campaign, moved, now, seed=lots.seed, witness=ask.witness, drawn=Counter(_strata(drawn)))
    await tell(tx, campaign, fact, who.id, now)
    await _assign(tx, who, campaign, now)
    return campaign


def _lay_before_its_lead(tx: AsyncSession, campaign: Campaign, hazard: Hazard, grade: Grade, now: datetime) -> None:
    """Make one drawn hazard an item, with a clock of its own while something can be done about it."""
    assert hazard.lead_authority_id is not None, "what may be drawn is led by an authority"
    ordinal = knowing.ORDINAL[campaign.kind]
    item = CampaignItem(
        campaign_id=campaign.id,
        hazard_id=hazard.id,
        area_code=hazard.area_code,
        number=hazard.number,
        cycle=hazard.cycle,
        ordinal=ordinal,
        grade=grade,
        lead_authority_id=hazard.lead_authority_id,
        drawn_at=now,
    )
    if hazard.state is not HazardState.CLOSED:
        item.state, item.why, item.done_at = LookState.UNDONE, Unlooked.OPEN_AGAIN, now
    elif hazard.looked_back >= ordinal:
        item.state, item.done_at = LookState.PASSED, now
    else:
        _start(tx, campaign, campaign.about_item(item.id), LOOK_CLOCK, hazard.lead_authority_id, now)
    tx.add(item)


def _start(tx: AsyncSession, campaign: Campaign, about: About, key: str, owed_by: UUID, now: datetime) -> None:
    if campaign.results_day_set:
        deadlines.start_until(tx, about, key, owed_by, campaign.results_by, now)
    else:
        deadlines.start(tx, about, key, owed_by, now)


async def _assign(tx: AsyncSession, who: Actor, campaign: Campaign, now: datetime) -> None:
    """Tell each body once what is asked of it."""
    await tx.flush()
    for body, items in (await bodies_of(tx, campaign)).items():
        await tell(tx, campaign, partial(CampaignAssigned, assisting_id=body, items=items), who.id, now)


async def _frozen(tx: AsyncSession, campaign_id: UUID, ask: OpenCampaign, today: date) -> CampaignDraw:
    """Freeze the list and bind the secret."""
    which, rules = ask.closures, rules_of(tx)
    assert which is not None, "a look-back says which closures it is about"
    asked.period_is_fair(which.closed_from, which.closed_to, today, int(rules.number("campaign.period.longest", today)))
    least = rules.number("hazard.lookback.sample.general", today)
    shares = {
        Grade.GENERAL.value: share_of_the_general(which.share, least),
        Grade.MAJOR.value: rules.number("hazard.lookback.sample.major", today),
    }
    entries = await knowing.candidates(tx, ask.area_code, which, knowing.ORDINAL[ask.kind])
    asked.somebody_is_there(len(entries))
    secret = secrets.token_hex(_SECRET_BYTES)
    return CampaignDraw(
        campaign_id=campaign_id,
        entries=sorted([str(entry.id), entry.stratum] for entry in entries),
        list_hash=hash_of(entries),
        secret=secret,
        commitment=commitment_to(secret),
        shares=shares,
    )


async def _named(tx: AsyncSession, campaign_id: UUID, measures: tuple[MeasureAsk, ...]) -> list[PolicyMeasure]:
    """Give the measures; their owners are registered authorities or townships."""
    owners = {each.owner_id for each in measures}
    if unknown := owners - await copies.organisations(tx, owners, _OWNERS):
        raise BadInput(
            "not-an-office",
            "Measures are carried out by registered authorities and townships.",
            "措施的责任单位须为已登记的监管部门或乡镇（街道）。",
            parties=sorted(map(str, unknown)),
        )
    return [
        PolicyMeasure(campaign_id=campaign_id, ordinal=ordinal, **each.model_dump())
        for ordinal, each in enumerate(measures, 1)
    ]


async def _number(tx: AsyncSession, party_id: UUID, today: date) -> str:
    year, last = await next_number_in(tx, series_of(party_id, "campaign"), today)
    return f"{await knowing.name_of(tx, party_id)}回头看〔{year}〕{last:06d}号"


def _by_profile(tx: AsyncSession, key: str, now: datetime) -> date:
    return local_day(tx, rules_of(tx).due(key, now).at)


def _strata(drawn: list[Entry]) -> list[str]:
    return [entry.stratum for entry in drawn]


def _known_as(known: Campaign, who: Actor, ask: OpenCampaign) -> Campaign:
    """Give what already has this id, if the same body asked the same."""
    if known.party_id != who.party_id:
        raise no_such("campaign", "回头看")
    if known.content_hash != ask.content_hash():
        raise Conflict(
            "campaign-id-taken",
            "You already opened another campaign under this id. Open this one under a new id.",
            "该编号已用于另一次回头看，请使用新的编号。",
        )
    return known
