"""The words that pages have for what tables name; without it an officer would read `authority.desk`."""

from services.gateway.identity.domain.grants import Scope
from shared.contracts.values import Role

SCOPES: dict[str, tuple[str, str]] = {
    Scope.READ: ("See what you may see on the platform", "查看您在平台上有权查看的内容"),
    Scope.WRITE: ("Act in your name: report, decide, sign", "以您的名义办理事项：报告、决定、签批"),
    Scope.OFFLINE: ("Go on when you are not there, for up to 90 days", "在您离线时继续访问，最长 90 天"),
    Scope.OPENID: ("Learn your name and your number on the platform", "获取您的姓名和平台内部编号"),
}

ROLES: dict[str, tuple[str, str]] = {
    Role.OPERATOR: ("Operator of the platform", "平台运维人员"),
    Role.COMMITTEE: ("Safety committee", "安委会"),
    Role.AUTHORITY: ("Authority", "监管部门"),
    Role.AUTHORITY_DESK: ("Duty desk", "值班人员"),
    Role.AUTHORITY_OFFICER: ("Enforcement officer", "执法人员"),
    Role.AUTHORITY_HEAD: ("Head of the authority", "部门负责人"),
    Role.TOWNSHIP: ("Township", "乡镇（街道）"),
    Role.ENTERPRISE: ("Enterprise", "企业"),
    Role.ENTERPRISE_PRINCIPAL: ("Principal of the enterprise", "企业主要负责人"),
    Role.ENTERPRISE_MANAGER: ("Safety manager", "安全管理人员"),
    Role.ENTERPRISE_WORKER: ("Worker", "从业人员"),
    Role.AGENCY: ("Third-party agency", "第三方机构"),
    Role.ASSOCIATION: ("Association", "行业协会"),
    Role.INSURER: ("Insurer", "保险机构"),
    Role.VOLUNTEER: ("Volunteer", "志愿者"),
    Role.GRID_WORKER: ("Grid worker", "网格员"),
    Role.PARTNER: ("Partner agency", "协作单位"),
    Role.PUBLIC: ("Member of the public", "公众"),
    Role.AUDITOR: ("Auditor", "审计人员"),
}


def in_groups(text: str) -> str:
    """Write a long code as people copy it: four characters at a time."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
