"""What the committee may do with campaigns, measures, disputes and transfers, and what nobody else may (F01, D08)."""

from typing import Any

from services.inspection.campaigns.domain.machine import CAMPAIGN, LOOK, MEASURE
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.transfers.domain import TRANSFER
from services.inspection.visits.domain import VISIT
from shared.contracts.permissions import PERMISSIONS, Scope
from shared.contracts.values import Role
from shared.machine import Machine

RECEIVERS = {Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.POLICE, Role.PROCURATOR, Role.DISCIPLINE}
COMMITTEES_OWN = {
    "campaign.open",
    "campaign.draw",
    "campaign.close",
    "campaign.withdraw",
    "policy_measure.judge",
    "transfer.arbitrate",
    "arbitration.read",
}
"""Nobody else may do these."""
SHARED = {
    "campaign.read": {Role.AUTHORITY, Role.TOWNSHIP},
    "transfer.read": RECEIVERS,
    "transfer.send": {Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD},
    "transfer.send_again": {Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD},
    "transfer.withdraw": {Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD},
}
"""The committee may do these, and so may these others."""
NOT_THE_COMMITTEES = {
    "campaign_item.report_undone": {Role.AUTHORITY},
    "policy_measure.report": {Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.TOWNSHIP},
    "campaign_photo.seek": {Role.GRID_WORKER, Role.VOLUNTEER},
    "campaign_photo.supply": {Role.GRID_WORKER, Role.VOLUNTEER},
    "transfer.acknowledge": RECEIVERS,
    "transfer.refuse": RECEIVERS,
    "transfer.answer": RECEIVERS,
}
"""It asks, and does not answer its own question; it hands over, and is handed nothing."""
MACHINES: tuple[Machine[Any, Any, Any], ...] = (CAMPAIGN, LOOK, MEASURE, TRANSFER)
NOUNS = ("campaign", "campaign_photo", "arbitration", "transfer")
INSPECTS = {"look_back", "confirm", "dismiss", "order", "pass_recheck", "fail_recheck", "close", "reopen", "site_check"}


def granted() -> dict[str, set[str]]:
    """Give every verb of these nouns with the roles that have it, from the machines and the table of permissions."""
    found = {f"{machine.name}.{verb}": set(move.roles) for machine in MACHINES for verb, move in machine}
    table = {verb: set(row.grants) for verb, row in PERMISSIONS.items() if verb.partition(".")[0] in NOUNS}
    assert found.keys().isdisjoint(table)
    return {**found, **table}


def test_every_verb_of_these_nouns_stands_in_one_of_the_three_lists() -> None:
    assert set(granted()) == COMMITTEES_OWN | set(SHARED) | set(NOT_THE_COMMITTEES)


def test_what_the_committee_may_and_nobody_else() -> None:
    assert {verb for verb, roles in granted().items() if roles == {Role.COMMITTEE}} == COMMITTEES_OWN


def test_what_it_shares_and_what_it_may_not() -> None:
    for verb, roles in granted().items():
        if verb in SHARED:
            assert roles == {Role.COMMITTEE, *SHARED[verb]}, verb
        elif verb in NOT_THE_COMMITTEES:
            assert roles == NOT_THE_COMMITTEES[verb], verb


def test_it_reaches_its_area_and_what_it_sent_itself() -> None:
    assert PERMISSIONS["campaign.read"].grants[Role.COMMITTEE] == {Scope.AREA}
    assert PERMISSIONS["arbitration.read"].grants[Role.COMMITTEE] == {Scope.AREA}
    assert PERMISSIONS["transfer.read"].grants[Role.COMMITTEE] == {Scope.AREA, Scope.PARTY}
    for role in (Role.POLICE, Role.PROCURATOR, Role.DISCIPLINE):
        assert {verb for verb, row in PERMISSIONS.items() if role in row.grants} - {"subscription.keep"} == {
            *("transfer.read", "hazard_file.hand_in", "hazard_file.read"),
        }, "whoever receives transfers reaches nothing else"


def test_it_organises_and_never_inspects() -> None:
    for verb in INSPECTS:
        assert Role.COMMITTEE not in HAZARD.moves[Verb(verb)].roles, verb
    assert not any(Role.COMMITTEE in move.roles for _, move in VISIT)
