"""How much of an enterprise somebody may see."""

from services.registry.parties.models import Enterprise
from shared.auth import Actor
from shared.contracts.values import Role

_WITHIN_AREA = frozenset({Role.COMMITTEE, Role.AUTHORITY, Role.TOWNSHIP})
_EVERYWHERE = frozenset({Role.OPERATOR, Role.AGENCY, Role.ASSOCIATION, Role.INSURER})


def supervises(who: Actor) -> bool:
    """Tell whether this person's work is to go through enterprises, not only to find one."""
    return bool(who.roles & (_WITHIN_AREA | _EVERYWHERE))


def sees_whole(who: Actor, enterprise: Enterprise) -> bool:
    """Tell whether more than name and address is shown: to supervisors of the area, to agencies, to itself."""
    if who.roles & _WITHIN_AREA:
        return who.covers(enterprise.area_code)
    return bool(who.roles & _EVERYWHERE) or (Role.ENTERPRISE in who.roles and who.party_id == enterprise.id)
