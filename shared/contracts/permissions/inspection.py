"""Who may claim, and who may see docket, hazards, visits and letters; what each may do stands in their machines."""

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
    row(
        "claim.contest",
        "contest the result of an own claim",
        "对本单位登记事项的结果申请复核",
        {Scope.PARTY: _CLAIMANTS},
        source="Petition Reg. art. 35 [L]",
    ),
    row("docket.read", "read the docket", "查看受理登记簿", _DOCKET),
    row("docket.hold", "say that you have an entry of the docket open", "标明正在处理某登记", _DOCKET),
    row("hazard.read", "read hazards", "查看隐患", _HAZARDS),
    row("hazard.hold", "say that you have a hazard open", "标明正在处理某隐患", _OFFICIALS),
    row("hazard.export", "take the ledger of hazards home", "导出隐患台账", _HAZARDS),
    row("view.read", "use saved views", "使用保存的视图", {Scope.OWN: _READERS, Scope.PARTY: _READERS}),
    row("view.keep", "save views of lists", "保存列表视图", {Scope.OWN: _READERS}),
    row("view.share", "share saved views within your organisation", "在本单位共享视图", {Scope.PARTY: _SHARING}),
    row(
        "part.read",
        "see who takes part in a hazard",
        "查看隐患协办情况",
        {Scope.AREA: (Role.COMMITTEE, Role.TOWNSHIP), Scope.COMPETENT: (Role.AUTHORITY, Role.DELEGATE)},
    ),
    row(
        "visit.read",
        "read visits",
        "查看检查、巡查安排",
        {
            Scope.AREA: (Role.COMMITTEE, Role.TOWNSHIP),
            Scope.COMPETENT: (Role.AUTHORITY,),
            Scope.PARTY: _ENTERPRISE,
            Scope.OWN: (Role.GRID_WORKER,),
        },
        source="国办发〔2024〕54号 [S]: who may inspect is in the machine",
    ),
    row(
        "letter.read",
        "read letters",
        "查看函件",
        {Scope.AREA: (Role.COMMITTEE,), Scope.PARTY: (Role.AUTHORITY, Role.COMMITTEE, Role.TOWNSHIP, *_ENTERPRISE)},
    ),
    row(
        "deadline.read",
        "read deadlines",
        "查看办理期限",
        {Scope.AREA: (Role.COMMITTEE, Role.TOWNSHIP), Scope.COMPETENT: (Role.AUTHORITY,), Scope.PARTY: _ENTERPRISE},
    ),
    row(
        "hazard.export_history",
        "take home the history of a hazard",
        "导出隐患办理记录",
        {Scope.AREA: (Role.COMMITTEE, Role.AUDITOR), Scope.COMPETENT: (Role.AUTHORITY,)},
        source="Penalty Law art. 47; WSL art. 71 [L]",
    ),
    row(
        "hazard_file.hand_in",
        "hand in files of a hazard",
        "提交隐患附件",
        {
            Scope.PARTY: (
                Role.AUTHORITY,
                Role.COMMITTEE,
                Role.DELEGATE,
                Role.ENTERPRISE,
                Role.PARTNER,
                Role.TOWNSHIP,
            )
        },
    ),
    row(
        "hazard_file.read",
        "look at files of a hazard",
        "查看隐患附件",
        {
            Scope.AREA: (Role.COMMITTEE, Role.TOWNSHIP),
            Scope.COMPETENT: (Role.AUTHORITY, Role.DELEGATE),
            Scope.PARTY: (Role.AUTHORITY, Role.COMMITTEE, Role.DELEGATE, *_ENTERPRISE, Role.PARTNER, Role.TOWNSHIP),
        },
    ),
    row(
        "capture.declare",
        "say where and when an own file was taken",
        "声明本单位附件的拍摄时间和地点",
        {Scope.PARTY: (Role.AUTHORITY, Role.DELEGATE, Role.ENTERPRISE, Role.PARTNER, Role.TOWNSHIP)},
    ),
    row(
        "capture.read",
        "see where and when a file was taken, and what makes it doubtful",
        "查看附件的拍摄时间、地点及疑点",
        {Scope.AREA: (Role.COMMITTEE, Role.TOWNSHIP), Scope.COMPETENT: (Role.AUTHORITY, Role.DELEGATE)},
    ),
    row(
        "recusal.read",
        "see who keeps out of a hazard",
        "查看回避情况",
        {
            Scope.AREA: (Role.TOWNSHIP,),
            Scope.COMPETENT: (Role.AUTHORITY, Role.DELEGATE),
            Scope.PARTY: (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER),
        },
    ),
    row(
        "recusal.declare",
        "keep out of a hazard oneself",
        "声明回避",
        {Scope.AREA: (Role.TOWNSHIP,), Scope.COMPETENT: (Role.AUTHORITY, Role.DELEGATE)},
        source="Penalty Law art. 43 [L]",
    ),
    row(
        "recusal.ask",
        "ask that an officer keep out",
        "申请执法人员回避",
        {Scope.PARTY: (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)},
        source="Penalty Law art. 43 [L]",
    ),
    row(
        "recusal.decide",
        "decide whether an officer keeps out",
        "决定执法人员回避",
        {Scope.COMPETENT: (Role.AUTHORITY_HEAD,)},
        source="Penalty Law art. 43 [L]",
    ),
    row(
        "proposal.read",
        "see what a penalty may lead to",
        "查看按日连续处罚、提请关闭等建议",
        {Scope.AREA: (Role.COMMITTEE,), Scope.COMPETENT: (Role.AUTHORITY,)},
        source="WSL art. 112, 113 [L]: proposed, never decided by the platform",
    ),
    row(
        "listing.count",
        "see how many hazards were listed in a quarter",
        "查看季度挂牌数量",
        {Scope.AREA: (Role.COMMITTEE,)},
        source="Qingdao listing rule [S]",
    ),
    row(
        "measure.read",
        "see what is seized or kept as evidence",
        "查看查封、扣押和先行登记保存情况",
        {**_OFFICIALS, Scope.PARTY: _ENTERPRISE},
        source="Compulsion Law art. 25; Penalty Law art. 56 [L]",
    ),
    row(
        "publication.record",
        "record where something was made public",
        "登记公布情况",
        {Scope.AREA: (Role.COMMITTEE,), Scope.COMPETENT: (Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD)},
        source="WSL art. 78 [L]; Qingdao listing rule [S]",
    ),
)
