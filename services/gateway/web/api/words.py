"""What people call the roles and the wishes of programs; without it a page would show them our codes."""

from collections.abc import Mapping

from services.gateway.identity.domain.grants import Scope
from shared.contracts.values import Role

Words = tuple[str, str]
"""In English, in Chinese."""

SCOPES: Mapping[str, Words] = {
    Scope.READ: ("See what you may see on the platform", "查看您在平台上有权查看的内容"),
    Scope.WRITE: (
        "Do in your name what you may do: report, decide, sign off",
        "以您的名义办理您有权办理的事项：报告、决定、签批",
    ),
    Scope.OFFLINE: ("Go on when you are not there, for up to 90 days", "在您离线时继续访问，最长 90 天"),
    Scope.OPENID: ("Learn your name and the number by which the platform knows you", "获取您的姓名和平台内部编号"),
}

_ROLES: Mapping[str, Words] = {
    Role.OPERATOR: ("operator of the platform", "平台运维人员"),
    Role.COMMITTEE: ("safety committee office", "安委办"),
    Role.AUTHORITY: ("supervising authority", "监管部门"),
    Role.AUTHORITY_DESK: ("duty desk of an authority", "监管部门值班人员"),
    Role.AUTHORITY_OFFICER: ("enforcement officer", "执法人员"),
    Role.AUTHORITY_HEAD: ("head of an authority", "监管部门负责人"),
    Role.TOWNSHIP: ("township", "乡镇（街道）"),
    Role.ENTERPRISE: ("enterprise", "企业"),
    Role.ENTERPRISE_PRINCIPAL: ("person in charge of an enterprise", "企业主要负责人"),
    Role.ENTERPRISE_MANAGER: ("safety manager of an enterprise", "企业安全管理人员"),
    Role.ENTERPRISE_WORKER: ("worker of an enterprise", "企业从业人员"),
    Role.AGENCY: ("third-party agency", "第三方机构"),
    Role.ASSOCIATION: ("industry association", "行业协会"),
    Role.INSURER: ("insurer", "保险机构"),
    Role.VOLUNTEER: ("volunteer", "志愿者"),
    Role.GRID_WORKER: ("grid worker", "网格员"),
    Role.PARTNER: ("partner body", "协作单位"),
    Role.PUBLIC: ("member of the public", "公众"),
    Role.AUDITOR: ("auditor", "审计人员"),
}


def role_in_words(role: str) -> Words:
    return _ROLES.get(role, (role, role))
