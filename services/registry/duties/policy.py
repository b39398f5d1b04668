"""Who declares for an enterprise, and who may read what it declared."""

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col

from services.registry.duties.models import SelfCheck
from shared.auth import Actor
from shared.contracts.values import Role
from shared.errors import Forbidden

_SPEAKERS = frozenset({Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER})
_SUPERVISORS = frozenset({Role.COMMITTEE, Role.AUTHORITY, Role.TOWNSHIP})


def speaks_for_enterprise(who: Actor) -> bool:
    return bool(who.roles & _SPEAKERS) and who.party_id is not None


def only_speakers(who: Actor) -> None:
    if not speaks_for_enterprise(who):
        raise Forbidden(
            "enterprise-speakers-only",
            "Only the principal or the safety manager of an enterprise may submit its self-check.",
            "只有企业主要负责人或安全管理人员可以提交本企业自查。",
        )


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the self-checks that this person may read: the own enterprise's, those of the own area, or none."""
    if Role.OPERATOR in who.roles:
        return true()
    if who.roles & _SUPERVISORS:
        return col(SelfCheck.area_code).startswith(who.area_code, autoescape=True)
    if speaks_for_enterprise(who):
        return col(SelfCheck.enterprise_id) == who.party_id
    return false()
