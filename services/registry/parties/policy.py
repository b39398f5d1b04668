"""How much of an enterprise, and of a party, somebody may see."""

from services.registry.parties.models import Enterprise, Party
from services.registry.parties.shapes import (
    EnterpriseCard,
    EnterpriseGlimpse,
    EnterpriseView,
    PartyContactView,
    PartyView,
)
from shared.auth import Actor
from shared.permission import covers


def enterprise_shape(who: Actor, enterprise: Enterprise) -> type[EnterpriseGlimpse]:
    """Supervisors see what lies in their area, an enterprise itself; agencies its card; anybody where it is."""
    if covers(who, "enterprise.read", area=enterprise.area_code, party=[enterprise.id]):
        return EnterpriseView
    return EnterpriseCard if covers(who, "enterprise.card") else EnterpriseGlimpse


def party_shape(who: Actor, party: Party) -> type[PartyView]:
    """The line on which colleagues reach a party is for those who supervise, and for itself."""
    return PartyContactView if covers(who, "party.contact", area=party.area_code, party=[party.id]) else PartyView
