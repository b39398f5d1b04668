"""What addresses of inspection speak of, and how one is made for each test of who may."""

from datetime import timedelta
from typing import Any

from permission_world import AREAS, PARTIES, PEOPLE, Noun, Whose, made

from services.volunteer.vault import Vault
from shared.auth import Actor
from shared.contracts.inspection import (
    DocumentState,
    LetterKind,
    LetterState,
)
from shared.contracts.inspection.campaigns import (
    CampaignState,
)
from shared.contracts.registry import DelegationState
from shared.testing import START, Platform


def place(whose: Whose) -> dict[str, Any]:
    return {"area_code": AREAS[whose], "address": "", "lon": None, "lat": None}


FILES = {whose: made("file", whose) for whose in Whose}


def file_of(module: str) -> Noun:
    """Give the files of a service, each handed in by the party whose it is."""
    return Noun(
        table=f"{module}:Evidence",
        ids=FILES,
        facts=lambda whose, _: {"kept_by": str(PARTIES[whose]), "media_type": "image/png"},
    )


def owner_key(whose: Whose, platform: Platform) -> str:
    return platform.service("volunteer").part(Vault).owner_key(Actor(PEOPLE[whose], "volunteer", None, AREAS[whose]))


def shown(whose: Whose) -> list[dict[str, str]]:
    return [{"id": str(FILES[whose]), "owner": "x", "sha256": "0" * 64, "media_type": "image/png"}]


INSPECTION = {
    "hazard_id": Noun(
        table="services.inspection.hazards.models:Hazard",
        facts=lambda whose, _: {
            "place": place(whose),
            "enterprise_id": PARTIES[whose],
            "handling_authority_id": PARTIES[whose],
            "lead_authority_id": PARTIES[whose],
            "ordered_at": START,
        },
    ),
    "recusal_id": Noun(
        table="services.inspection.hazards.models:Recusal",
        facts=lambda whose, _: {
            "hazard_id": made("services.inspection.hazards.models:Hazard", whose),
            "officer_id": made("officer", whose),
        },
    ),
    "part_id": Noun(
        table="services.inspection.hazards.models:HazardPart",
        facts=lambda whose, _: {
            "hazard_id": made("services.inspection.hazards.models:Hazard", whose),
            "authority_id": PARTIES[whose],
        },
    ),
    "measure_id": Noun(
        table="services.inspection.hazards.models:Measure",
        facts=lambda whose, _: {
            "hazard_id": made("services.inspection.hazards.models:Hazard", whose),
            "authority_id": PARTIES[whose],
        },
    ),
    # A delegate knows of what its authority handles: here it is the delegate of its own organisation.
    "letter": Noun(
        table="services.inspection.copies.models:Delegation",
        facts=lambda whose, _: {
            "authority_id": PARTIES[whose],
            "delegate_id": PARTIES[whose],
            "state": DelegationState.PUBLISHED,
            "seen_until": START + timedelta(days=1),
        },
    ),
    "visit_id": Noun(
        table="services.inspection.visits.models:Visit",
        facts=lambda whose, _: {
            "enterprise_id": PARTIES[whose],
            "party_id": PARTIES[whose],
            "planned_by": PEOPLE[whose],
        },
    ),
    "letter_id": Noun(
        table="services.inspection.letters.models:Letter",
        facts=lambda whose, _: {
            "sender_id": PARTIES[whose],
            "addressee_id": PARTIES[whose],
            "kind": LetterKind.CIRCULAR,
            "state": LetterState.SENT,
        },
    ),
    "proposal_id": Noun(table="services.inspection.ladder.models:Proposal"),
    "meeting_id": Noun(
        table="services.inspection.meetings.models:Meeting",
        facts=lambda whose, _: {"convener_id": PARTIES[whose]},
    ),
    "call": Noun(
        table="services.inspection.meetings.models:MeetingCall",
        key="meeting_id",
        ids={whose: made("services.inspection.meetings.models:Meeting", whose) for whose in Whose},
        facts=lambda whose, _: {"party_id": PARTIES[whose]},
    ),
    "task_id": Noun(
        table="services.inspection.meetings.models:CommitteeTask",
        facts=lambda whose, _: {
            "meeting_id": made("services.inspection.meetings.models:Meeting", whose),
            "convener_id": PARTIES[whose],
            "owner_id": PARTIES[whose],
        },
    ),
    "action_id": Noun(
        table="services.inspection.joint_actions.models:JointAction",
        facts=lambda whose, _: {"convener_id": PARTIES[whose]},
    ),
    "joint_part_id": Noun(
        table="services.inspection.joint_actions.models:JointPart",
        facts=lambda whose, _: {
            "action_id": made("services.inspection.joint_actions.models:JointAction", whose),
            "authority_id": PARTIES[whose],
        },
    ),
    "assessment_id": Noun(
        table="services.inspection.assessments.models:Assessment",
        facts=lambda whose, _: {"convener_id": PARTIES[whose], "party_id": PARTIES[whose], "proposed_at": START},
    ),
    "campaign_id": Noun(
        table="services.inspection.campaigns.models:Campaign",
        facts=lambda whose, _: {
            "state": CampaignState.UNDER_WAY,
            "party_id": PARTIES[whose],
            "photos_wanted": True,
            "results_by": START.date(),
        },
    ),
    "draw": Noun(
        table="services.inspection.campaigns.models:CampaignDraw",
        key="campaign_id",
        facts=lambda whose, _: {
            "campaign_id": made("services.inspection.campaigns.models:Campaign", whose),
            "shares": {},
        },
    ),
    "item_id": Noun(
        table="services.inspection.campaigns.models:CampaignItem",
        facts=lambda whose, _: {
            "campaign_id": made("services.inspection.campaigns.models:Campaign", whose),
            "hazard_id": made("services.inspection.hazards.models:Hazard", whose),
            "lead_authority_id": PARTIES[whose],
        },
    ),
    "policy_measure_id": Noun(
        table="services.inspection.campaigns.models:PolicyMeasure",
        facts=lambda whose, _: {
            "campaign_id": made("services.inspection.campaigns.models:Campaign", whose),
            "owner_id": PARTIES[whose],
        },
    ),
    "transfer_id": Noun(
        table="services.inspection.transfers.models:Transfer",
        facts=lambda whose, _: {"sender_id": PARTIES[whose], "receiver_id": PARTIES[whose]},
    ),
    # One that waits to be printed: it has no file yet, which is a 409 to all who may read it.
    "document_id": Noun(
        table="services.inspection.documents.models:Document",
        facts=lambda whose, _: {
            "state": DocumentState.PENDING,
            "issuer_id": PARTIES[whose],
            "addressee_id": PARTIES[whose],
            "hazard_id": made("services.inspection.hazards.models:Hazard", whose),
            "data": {"verify_url": {"page": "http://gateway/verify"}, "issuer": {"zh": "局", "en": "Bureau"}},
        },
    ),
    "serving": Noun(
        table="services.inspection.documents.models:Serving",
        key="document_id",
        facts=lambda whose, _: {"document_id": made("services.inspection.documents.models:Document", whose)},
    ),
    "claim_id": Noun(table="", ids={whose: made("claim", whose) for whose in Whose}),
    "evidence_id": file_of("services.inspection.evidence.models"),
    "showing": Noun(
        table="services.inspection.evidence.models:Showing",
        key="evidence_id",
        ids=FILES,
        facts=lambda whose, _: {"about_id": made("services.inspection.hazards.models:Hazard", whose)},
    ),
    "claim of a hazard": Noun(
        table="services.inspection.hazards.models:HazardClaim",
        key="claim_id",
        facts=lambda whose, _: {
            "hazard_id": made("services.inspection.hazards.models:Hazard", whose),
            "source_party_id": PARTIES[whose],
        },
    ),
    "entry_id": Noun(
        table="services.inspection.docket.models:Report",
        facts=lambda whose, _: {
            "place": place(whose),
            "authority_id": PARTIES[whose],
            "claim_id": made("claim", whose),
            "claim_service": "inspection",
            "source_party_id": PARTIES[whose],
        },
    ),
    "deadline_id": Noun(
        table="services.inspection.deadlines.models:Deadline",
        facts=lambda whose, _: {"owed_by": PARTIES[whose], "object_kind": "hazard"},
    ),
    "view_id": Noun(
        table="services.inspection.worklists.models:SavedView",
        facts=lambda whose, _: {"owner_id": PEOPLE[whose], "party_id": PARTIES[whose], "filters": {}},
    ),
}
