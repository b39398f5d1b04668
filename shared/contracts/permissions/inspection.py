"""Who may claim, and who may see docket and hazards; what each may do with them stands in their machines."""

from shared.contracts.permissions.row import Scope, exactly, row
from shared.contracts.values import Role

_CLAIMANTS = (Role.AUTHORITY, Role.COMMITTEE, Role.TOWNSHIP, Role.PARTNER)
_ENTERPRISE = (exactly(Role.ENTERPRISE), Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)
"""Not its workers: whoever reads their own employer's case can tell who else could have reported it."""
_CHANNELS = (Role.AGENCY, Role.ASSOCIATION, Role.INSURER)
_DOCKET = {Scope.AREA: (Role.COMMITTEE,), Scope.COMPETENT: (Role.AUTHORITY,)}
_OFFICIALS = {Scope.AREA: (Role.COMMITTEE, Role.TOWNSHIP), Scope.COMPETENT: (Role.AUTHORITY, Role.DELEGATE)}
_HAZARDS = {**_OFFICIALS, Scope.PARTY: (*_ENTERPRISE, *_CHANNELS)}
_READERS = (Role.COMMITTEE, Role.TOWNSHIP, Role.AUTHORITY, Role.DELEGATE, *_ENTERPRISE, *_CHANNELS)
"""Whoever may go through a list of hazards."""
_SHARING = (Role.COMMITTEE, Role.TOWNSHIP, Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD)

ROWS = (
    row("claim.make", "put a matter on the docket", "登记受理事项", {Scope.PARTY: _CLAIMANTS}),
    row("claim.read", "see how a claim stands", "查看登记事项的进展", {Scope.PARTY: _CLAIMANTS}),
    row("docket.read", "read the docket", "查看受理登记簿", _DOCKET),
    row("docket.hold", "say that you have an entry of the docket open", "标明正在处理某登记", _DOCKET),
    row("hazard.read", "read hazards", "查看隐患", _HAZARDS),
    row("hazard.hold", "say that you have a hazard open", "标明正在处理某隐患", _OFFICIALS),
    row("hazard.export", "take the ledger of hazards home", "导出隐患台账", _HAZARDS),
    row("view.read", "use saved views", "使用保存的视图", {Scope.OWN: _READERS, Scope.PARTY: _READERS}),
    row("view.keep", "save views of lists", "保存列表视图", {Scope.OWN: _READERS}),
    row("view.share", "share saved views within your organisation", "在本单位共享视图", {Scope.PARTY: _SHARING}),
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
