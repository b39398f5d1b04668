"""Who declares for an enterprise, and who may read what it declared."""

from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col

from services.registry.duties.models import SelfCheck
from shared.auth import Actor
from shared.errors import Forbidden
from shared.permission import in_area, visible


def spoken_for(who: Actor) -> UUID:
    """Give the enterprise that the person speaks for; that the role may, the table of permissions says."""
    if who.party_id is None:
        raise Forbidden("no-enterprise", "Your account belongs to no enterprise.", "您的账号未关联企业。")
    return who.party_id


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the self-checks that this person may read: the own enterprise's, or those of the own area."""
    own = col(SelfCheck.enterprise_id) == who.party_id
    return visible(who, "self_check.read", area=in_area(who, SelfCheck.area_code), party=own)
