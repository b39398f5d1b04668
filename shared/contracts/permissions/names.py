"""What the roles are called; without it a refusal would name them by words that only programs use."""

from collections.abc import Iterable, Mapping

from shared.contracts.permissions.row import ANYONE, SIGNED_IN
from shared.contracts.values import Role

NAMES: Mapping[str, tuple[str, str]] = {
    ANYONE: ("anyone", "任何人"),
    SIGNED_IN: ("anyone signed in", "任何已登录人员"),
    Role.OPERATOR: ("the platform's operator", "平台运维人员"),
    Role.COMMITTEE: ("the safety committee", "安委会"),
    Role.AUTHORITY: ("authorities", "监管部门"),
    Role.AUTHORITY_DESK: ("an authority's desk", "监管部门受理人员"),
    Role.AUTHORITY_OFFICER: ("an authority's officers", "监管部门执法人员"),
    Role.AUTHORITY_HEAD: ("an authority's head", "监管部门负责人"),
    Role.TOWNSHIP: ("townships", "乡镇（街道）"),
    Role.DELEGATE: ("bodies with a letter of delegation", "受委托单位"),
    Role.ENTERPRISE: ("enterprises", "企业"),
    Role.ENTERPRISE_PRINCIPAL: ("an enterprise's principal", "企业主要负责人"),
    Role.ENTERPRISE_MANAGER: ("an enterprise's safety manager", "企业安全管理人员"),
    Role.ENTERPRISE_WORKER: ("an enterprise's workers", "企业从业人员"),
    Role.AGENCY: ("technical agencies", "技术服务机构"),
    Role.ASSOCIATION: ("associations", "协会和社会组织"),
    Role.INSURER: ("insurers", "保险机构"),
    Role.UNION: ("trade unions", "工会"),
    Role.POLICE: ("the criminal police", "公安刑侦部门"),
    Role.PROCURATOR: ("procurators", "检察院"),
    Role.DISCIPLINE: ("discipline inspection", "纪检监察机关"),
    Role.VOLUNTEER: ("volunteers", "志愿者"),
    Role.GRID_WORKER: ("grid workers", "网格员"),
    Role.PARTNER: ("partner bodies", "协作单位"),
    Role.PUBLIC: ("the public", "公众"),
    Role.AUDITOR: ("the auditor", "审计人员"),
}


def named(roles: Iterable[str]) -> tuple[str, str]:
    """Name some roles in a sentence of either language, those that stand higher in the table first."""
    plain = {role.removeprefix("=") for role in roles}
    found = [NAMES[role] for role in NAMES if role in plain]
    return ", ".join(en for en, _ in found), "、".join(zh for _, zh in found)
