"""Who may claim, and who may see docket and hazards; what each may do with them stands in their machines."""

from shared.contracts.permissions.row import Scope, exactly, row
from shared.contracts.values import Role

_CLAIMANTS = (Role.AUTHORITY, Role.COMMITTEE, Role.TOWNSHIP, Role.PARTNER)
_ENTERPRISE = (exactly(Role.ENTERPRISE), Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)
"""Not its workers: whoever reads their own employer's case can tell who else could have reported it."""
_CHANNELS = (Role.AGENCY, Role.ASSOCIATION, Role.INSURER)

ROWS = (
    row("claim.make", "put a matter on the docket", "登记受理事项", {Scope.PARTY: _CLAIMANTS}),
    row("claim.read", "see how a claim stands", "查看登记事项的进展", {Scope.PARTY: _CLAIMANTS}),
    row(
        "claim.contest",
        "contest the result of an own claim",
        "对本单位登记事项的结果申请复核",
        {Scope.PARTY: _CLAIMANTS},
        source="Petition Reg. art. 35 [L]",
    ),
    row(
        "docket.read",
        "read the docket",
        "查看受理登记簿",
        {Scope.AREA: (Role.COMMITTEE,), Scope.COMPETENT: (Role.AUTHORITY,)},
    ),
    row(
        "hazard.read",
        "read hazards",
        "查看隐患",
        {
            Scope.AREA: (Role.COMMITTEE, Role.TOWNSHIP),
            Scope.COMPETENT: (Role.AUTHORITY, Role.DELEGATE),
            Scope.PARTY: (*_ENTERPRISE, *_CHANNELS),
        },
    ),
    row(
        "hazard_file.hand_in",
        "hand in files of a hazard",
        "提交隐患附件",
        {Scope.PARTY: (Role.AUTHORITY, Role.DELEGATE, Role.ENTERPRISE, Role.PARTNER, Role.TOWNSHIP)},
    ),
    row(
        "hazard_file.read",
        "look at files of a hazard",
        "查看隐患附件",
        {
            Scope.AREA: (Role.COMMITTEE, Role.TOWNSHIP),
            Scope.COMPETENT: (Role.AUTHORITY, Role.DELEGATE),
            Scope.PARTY: (Role.AUTHORITY, Role.DELEGATE, *_ENTERPRISE, Role.PARTNER, Role.TOWNSHIP),
        },
    ),
)
