"""Whom a fact concerns: selectors of people by what it names; without them each row of the table would choose anew."""

from collections.abc import Callable, Iterable
from typing import Any

from services.notify.people.domain import Audience
from shared.contracts import inspection as facts
from shared.contracts.inspection import (
    campaigns,
    joint_actions,
    meetings,
    transfers,
)
from shared.contracts.notify import SubscriptionDisabled
from shared.contracts.values import Role

RESPONSIBLE = (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)
"""Who answers for an enterprise; its workers, among whom the reporter may be, are not written to."""
ORGANISATION = (
    Role.AGENCY,
    Role.ASSOCIATION,
    Role.INSURER,
    Role.UNION,
    Role.POLICE,
    Role.PROCURATOR,
    Role.DISCIPLINE,
    Role.DELEGATE,
    Role.PARTNER,
    *RESPONSIBLE,
)
"""Who speaks for an organisation that submitted something in its own name."""

_OFFICES = (Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.TOWNSHIP, Role.COMMITTEE)
"""Who reads an office's letters."""
_DECIDERS = (Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD)
_RECEIVERS = (Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.POLICE, Role.PROCURATOR, Role.DISCIPLINE)
"""Who takes over what is handed to a body."""

Selector = Callable[[Any], Iterable[Audience]]


def members(*roles: Role, of: str) -> Selector:
    """Select the members, in these roles, of the authority that the event names in the field `of`."""

    def select(event: Any) -> Iterable[Audience]:
        if (party_id := getattr(event, of)) is not None:
            yield Audience(roles=roles, party_id=party_id, within_area=True)

    return select


def office(role: Role) -> Selector:
    """Select everybody of a kind of office whose area covers the fact."""
    return lambda _: [Audience(roles=(role,), within_area=True)]


def enterprise(event: facts.HazardFact | facts.VisitFact) -> Iterable[Audience]:
    if event.enterprise_id is not None:
        yield Audience(roles=RESPONSIBLE, party_id=event.enterprise_id)


def challenged(event: facts.RecusalDecided) -> Iterable[Audience]:
    yield Audience(people=(event.officer_id,))


def officers(event: facts.OrderIssued) -> Iterable[Audience]:
    yield Audience(people=event.officers)


def claimant(event: facts.DocketFact) -> Iterable[Audience]:
    """Select the organisation that made the claim openly; a person's claim has none."""
    if event.claim.source_party_id is not None:
        yield Audience(roles=ORGANISATION, party_id=event.claim.source_party_id)


def other_claimant(event: facts.DocketFact) -> Iterable[Audience]:
    """Select the same, but not the reported unit itself: what is said about a review or a delay may hint at others."""
    return () if event.claim.source_party_id == event.enterprise_id else claimant(event)


def claimants(event: facts.HazardFact) -> Iterable[Audience]:
    """Select the organisations behind a hazard; the enterprise itself hears of it as the responsible unit."""
    sources = {claim.source_party_id for claim in event.claims} - {None, event.enterprise_id}
    return [Audience(roles=ORGANISATION, party_id=source) for source in sorted(sources, key=str)]


def subscriber(event: SubscriptionDisabled) -> Iterable[Audience]:
    yield Audience(roles=(*ORGANISATION, Role.AUTHORITY, Role.COMMITTEE), party_id=event.owner_party_id)


def going(event: facts.VisitPlanned | facts.VisitCancelled) -> Iterable[Audience]:
    """Select those who make a visit, and the desks of the authorities that take part."""
    yield Audience(people=(*event.officers, *event.joint_officers))
    for authority_id in event.joint_authority_ids:
        yield Audience(roles=(Role.AUTHORITY_DESK,), party_id=authority_id)


def addressee(event: facts.LetterFact | facts.DocumentVoided) -> Iterable[Audience]:
    """Select those who answer for the party to which a letter or a document went."""
    if event.addressee_id is not None:
        yield Audience(roles=RESPONSIBLE if event.enterprise_id else _OFFICES, party_id=event.addressee_id)


def sender(event: facts.LetterFact) -> Iterable[Audience]:
    yield Audience(roles=_OFFICES, party_id=event.sender_id)


def debtor(event: facts.DeadlineFact) -> Iterable[Audience]:
    """Select who must act before a clock runs out: the enterprise, the desk that owes it, or the committee.

    Of the docket's clocks no enterprise hears anything: it would learn of a report.
    """
    if event.enterprise_id is not None:
        if event.object_kind != "entry":
            yield Audience(roles=RESPONSIBLE, party_id=event.enterprise_id)
    elif event.owed_by is not None:
        yield Audience(roles=(Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.TOWNSHIP), party_id=event.owed_by)
    else:
        yield from committee(event)


def creditor(event: facts.DeadlineFact) -> Iterable[Audience]:
    """Select the desk that answers for the matter, when another party is late in it."""
    if event.lead_authority_id not in {None, event.owed_by}:
        yield Audience(roles=(Role.AUTHORITY_DESK,), party_id=event.lead_authority_id)


def called(event: meetings.MeetingFact | meetings.CommitteeTaskFact) -> Iterable[Audience]:
    """Select those who answer for each party that was called to a meeting, or that has a part in a task."""
    yield from (Audience(roles=_OFFICES, party_id=each) for each in event.office_ids)
    yield from (Audience(roles=RESPONSIBLE, party_id=each) for each in event.enterprise_ids)


def offices_called(event: meetings.MeetingFact) -> Iterable[Audience]:
    """Select the offices alone: minutes speak of others than the enterprise that reads of itself."""
    return (Audience(roles=_OFFICES, party_id=each) for each in event.office_ids)


def taking_part(event: joint_actions.JointActionFact) -> Iterable[Audience]:
    return (Audience(roles=_DECIDERS, party_id=each) for each in event.authority_ids)


def asked_body(event: campaigns.CampaignAssigned | campaigns.MeasureJudged) -> Iterable[Audience]:
    """Select the office of which a campaign asks something; its own area may be smaller than the campaign's."""
    yield Audience(roles=_OFFICES, party_id=event.assisting_id)


def asked_bodies(event: campaigns.CampaignClosed | campaigns.CampaignWithdrawn) -> Iterable[Audience]:
    return [Audience(roles=_OFFICES, party_id=party_id) for party_id in event.assisting_ids]


def organiser(event: campaigns.CampaignFact) -> Iterable[Audience]:
    yield Audience(roles=(Role.COMMITTEE,), party_id=event.party_id)


def receiver(event: transfers.TransferFact) -> Iterable[Audience]:
    """Select who takes over for the body to which something was handed."""
    yield Audience(roles=_RECEIVERS, party_id=event.receiver_id)


def transferor(event: transfers.TransferFact) -> Iterable[Audience]:
    yield Audience(roles=_OFFICES, party_id=event.sender_id)


def both(*selectors: Selector) -> Selector:
    return lambda event: [audience for selector in selectors for audience in selector(event)]


deciders = members(Role.AUTHORITY_HEAD, Role.AUTHORITY_DESK, of="authority_id")
lead_desk = members(Role.AUTHORITY_DESK, Role.AUTHORITY_OFFICER, of="lead_authority_id")
lead_officers = members(Role.AUTHORITY_OFFICER, of="lead_authority_id")
lead_desk_and_head = members(Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, of="lead_authority_id")
lead_heads = members(Role.AUTHORITY_HEAD, of="lead_authority_id")
lead_everyone = members(Role.AUTHORITY, of="lead_authority_id")
assisting_desk = members(Role.AUTHORITY_DESK, Role.TOWNSHIP, of="assisting_id")
committee = office(Role.COMMITTEE)
township = office(Role.TOWNSHIP)
operators = office(Role.OPERATOR)
convener = members(Role.COMMITTEE, of="convener_id")
asked_authority = members(*_DECIDERS, of="asked_id")
assessed = members(*_DECIDERS, Role.TOWNSHIP, of="party_id")
