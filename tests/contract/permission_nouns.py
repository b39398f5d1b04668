"""What lies in the world of permissions, service by service; an address whose object is not listed fails its test."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from permission_world import AREAS, PARTIES, PEOPLE, Noun, Whose, made

from services.volunteer.vault import Vault
from shared.auth import Actor
from shared.contracts.dossiers import RecordKind
from shared.contracts.registry import DelegationKind, DelegationState
from shared.contracts.values import Category, PartyKind, Role, area_id, derived_id
from shared.testing import START, Platform


def _place(whose: Whose) -> dict[str, Any]:
    return {"area_code": AREAS[whose], "address": "", "lon": None, "lat": None}


FILES = {whose: made("file", whose) for whose in Whose}


def _file(module: str) -> Noun:
    """Give the files of a service, each handed in by the party whose it is."""
    return Noun(
        table=f"{module}:Evidence",
        ids=FILES,
        facts=lambda whose, _: {"kept_by": str(PARTIES[whose]), "media_type": "image/png"},
    )


def _owner_key(whose: Whose, platform: Platform) -> str:
    return platform.service("volunteer").part(Vault).owner_key(Actor(PEOPLE[whose], "volunteer", None, AREAS[whose]))


def _shown(whose: Whose) -> list[dict[str, str]]:
    return [{"id": str(FILES[whose]), "owner": "x", "sha256": "0" * 64, "media_type": "image/png"}]


_INSPECTION = {
    "hazard_id": Noun(
        table="services.inspection.hazards.models:Hazard",
        facts=lambda whose, _: {
            "place": _place(whose),
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
        facts=lambda whose, _: {"sender_id": PARTIES[whose], "addressee_id": PARTIES[whose]},
    ),
    "claim_id": Noun(table="", ids={whose: made("claim", whose) for whose in Whose}),
    "evidence_id": _file("services.inspection.evidence.models"),
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
            "place": _place(whose),
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
_CODES = {Whose.OWN: AREAS[Whose.OWN], Whose.OTHERS: AREAS[Whose.OWN][:6], Whose.ELSEWHERE: AREAS[Whose.ELSEWHERE]}
_GRIDS = {whose: f"{AREAS[whose]}00000{serial}" for serial, whose in enumerate(Whose)}
_REGISTRY = {
    "area": Noun(
        table="services.registry.areas.models:Area",
        ids={whose: area_id(code) for whose, code in _CODES.items()},
        facts=lambda whose, _: {"area_code": _CODES[whose], "level": "township"},
    ),
    "party_id": Noun(
        table="services.registry.parties.models:Party", ids=PARTIES, facts=lambda *_: {"kind": PartyKind.AUTHORITY}
    ),
    "enterprise_id": Noun(
        table="services.registry.parties.models:Enterprise",
        ids=PARTIES,
        facts=lambda whose, _: {"uscc": f"X99990100000{list(Whose).index(whose)}", "industry_code": "C1310"},
    ),
    "person_id": Noun(
        table="services.registry.people.models:Person",
        ids=PEOPLE,
        facts=lambda whose, _: {"language": "zh", "registered_by": PARTIES[whose]},
    ),
    # Everybody answers for an enterprise, for those are the people whom supervisors may look up.
    "membership_id": Noun(
        table="services.registry.people.models:Membership",
        facts=lambda whose, _: {
            "person_id": PEOPLE[whose],
            "party_id": PARTIES[whose],
            "role": Role.ENTERPRISE_PRINCIPAL,
        },
    ),
    "certificate_id": Noun(
        table="services.registry.certificates.models:Certificate",
        facts=lambda whose, _: {"person_id": PEOPLE[whose]},
    ),
    "training_id": Noun(
        table="services.registry.certificates.models:Training", facts=lambda whose, _: {"person_id": PEOPLE[whose]}
    ),
    "delegation_id": Noun(
        table="services.registry.delegations.models:Delegation",
        facts=lambda whose, _: {
            "authority_id": PARTIES[whose],
            "delegate_id": PARTIES[whose],
            "kind": DelegationKind.ENTRUSTED,
        },
    ),
    "record_id": Noun(
        table="services.registry.dossiers.models:Record",
        facts=lambda whose, _: {
            "enterprise_id": PARTIES[whose],
            "kind": RecordKind.LICENCE,
            "valid_to": START.date() - timedelta(days=1),
            "detail": {"kind": "licence", "licence": "x", "scope": "x", "issuer": "x"},
        },
    ),
    "point_id": Noun(
        table="services.registry.risks.models:RiskPoint",
        facts=lambda whose, _: {
            "enterprise_id": PARTIES[whose],
            "grading": {"method": "ls", "likelihood": 1, "severity": 1},
        },
    ),
    "self_check_id": Noun(
        table="services.registry.duties.models:SelfCheck", facts=lambda whose, _: {"enterprise_id": PARTIES[whose]}
    ),
    "declared hazard": Noun(
        table="services.registry.duties.models:DeclaredHazard",
        facts=lambda whose, _: {
            "self_check_id": made("services.registry.duties.models:SelfCheck", whose),
            "category": Category.FIRE,
            "evidence": _shown(whose),
        },
    ),
    "code": Noun(table="", ids=_GRIDS),
    "grid": Noun(
        table="services.registry.grids.models:Grid",
        ids={whose: derived_id("grid", code) for whose, code in _GRIDS.items()},
        facts=lambda whose, _: {"code": _GRIDS[whose]},
    ),
    "evidence_id": _file("services.registry.duties.models"),
}
_THIRDPARTY = {
    "engagement_id": Noun(
        table="services.thirdparty.models:Engagement",
        facts=lambda whose, _: {"agency_id": PARTIES[whose], "client_id": PARTIES[whose], "valid_to": START.date()},
    ),
    "audit_id": Noun(
        table="services.thirdparty.models:Audit",
        facts=lambda whose, _: {
            "agency_id": PARTIES[whose],
            "client_id": PARTIES[whose],
            "engagement_id": made("services.thirdparty.models:Engagement", whose),
            "satisfactory": 0,
        },
    ),
    "finding_id": Noun(
        table="services.thirdparty.models:Finding",
        facts=lambda whose, _: {
            "agency_id": PARTIES[whose],
            "client_id": PARTIES[whose],
            "audit_id": made("services.thirdparty.models:Audit", whose),
            "place": _place(whose),
            "evidence": _shown(whose),
        },
    ),
    "evidence_id": _file("services.thirdparty.models"),
}
_VOLUNTEER = {
    "report_id": Noun(
        table="services.volunteer.models:Report",
        facts=lambda whose, platform: {
            "owner_key": _owner_key(whose, platform),
            "place": _place(whose),
            "evidence": _shown(whose),
        },
    ),
    "evidence_id": replace(
        _file("services.volunteer.models"),
        facts=lambda whose, platform: {"kept_by": _owner_key(whose, platform), "media_type": "image/png"},
    ),
}
_NOTIFY = {
    "notification_id": Noun(
        table="services.notify.messages.models:Notification", facts=lambda whose, _: {"person_id": PEOPLE[whose]}
    ),
    "subscription_id": Noun(
        table="services.notify.webhooks.models:Subscription", facts=lambda whose, _: {"owner_party_id": PARTIES[whose]}
    ),
}
NOUNS: Mapping[str, Mapping[str, Noun]] = {
    "inspection": _INSPECTION,
    "registry": _REGISTRY,
    "thirdparty": _THIRDPARTY,
    "notify": _NOTIFY,
    "volunteer": _VOLUNTEER,
    "gateway": {},
}
"""Service → name of an address's parameter → the objects it can name."""

LISTS: Mapping[str, str] = {
    "/hazards": "hazard_id",
    "/docket": "entry_id",
    "/visits": "visit_id",
    "/letters": "letter_id",
    "/views": "view_id",
    "/engagements": "engagement_id",
    "/audits": "audit_id",
    "/findings": "finding_id",
    "/self-checks": "self_check_id",
    "/people": "person_id",
    "/memberships": "membership_id",
    "/certificates": "certificate_id",
    "/training": "training_id",
    "/delegations/register": "delegation_id",
    "/records": "record_id",
    "/records/expired": "record_id",
    "/reports": "report_id",
    "/inbox": "notification_id",
    "/subscriptions": "subscription_id",
}
"""Address of a list → whose rows it shows."""

NEW = {
    "PUT /docket/claims/{claim_id}",
    "PUT /visits/{visit_id}",
    "PUT /letters/{letter_id}",
    "PUT /views/{view_id}",
    "PUT /reports/{report_id}",
    *(f"PUT /evidence/{service}/{{evidence_id}}" for service in ("inspection", "registry", "thirdparty", "volunteer")),
    "PUT /engagements/{engagement_id}",
    "PUT /audits/{audit_id}",
    "PUT /self-checks/{self_check_id}",
}
"""Addresses that make the object which they name: there is no other's yet."""

BODIES: Mapping[str, Mapping[str, Any]] = {
    "POST /hazards/{hazard_id}/order-stop": {"kind": "full_stop"},
    "PUT /delegations/{delegation_id}": {
        "authority_id": str(PARTIES[Whose.OTHERS]),
        "categories": ["fire"],
    },
    "PUT /subscriptions/{subscription_id}": {"url": "https://example.org/hook"},
    "POST /hazards/{hazard_id}/merge": {"into_hazard_id": str(_INSPECTION["hazard_id"].id_of(Whose.OWN))},
    "POST /docket/{entry_id}/merge": {"into_entry_id": str(_INSPECTION["entry_id"].id_of(Whose.OWN))},
}
"""What is sent besides the smallest body where that would be refused for what it says, whoever says it."""

EXPORTS: Mapping[str, tuple[str, str]] = {
    "grids": ("grid", "grid.read"),
    "delegations": ("delegation_id", "delegation.register"),
    "records": ("record_id", "record.read"),
    "training": ("training_id", "training.read"),
    "self-checks": ("self_check_id", "self_check.read"),
    "certificates": ("certificate_id", "certificate.read"),
}
"""List of registry that is taken home as a file → whose rows it holds, and by which verb."""
