"""Who may look at people."""

from uuid import UUID

from services.registry.people.models import Person
from shared.auth import Actor
from shared.contracts.values import Role
from shared.errors import Forbidden


def sees(who: Actor, person: Person) -> bool:
    """An operator sees everybody's data, everybody sees the own."""
    return Role.OPERATOR in who.roles or who.id == person.id


def only_colleagues(who: Actor, party_id: UUID) -> None:
    """Officers find each other, to name the second of the two that the law demands; nobody else looks people up."""
    if Role.OPERATOR in who.roles or (Role.AUTHORITY in who.roles and who.party_id == party_id):
        return
    raise Forbidden(
        "own-colleagues-only",
        "Only an authority's own people may list who works there.",
        "只有本单位执法人员可以查看本单位人员名单。",
    )
