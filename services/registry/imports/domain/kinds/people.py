"""The tables of people and of what they act as."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.registry.imports.domain import readers
from services.registry.imports.domain.columns import Column, Kind
from services.registry.imports.domain.faults import MISSING, Fault
from services.registry.imports.domain.kinds.names import area_column, id_column
from shared.contracts.values import Role, derived_id

_ROLES: Mapping[str, tuple[str, ...]] = {
    Role.OPERATOR: ("平台管理员",),
    Role.COMMITTEE: ("安委会",),
    Role.AUTHORITY_DESK: ("部门受理岗",),
    Role.AUTHORITY_OFFICER: ("执法人员",),
    Role.AUTHORITY_HEAD: ("部门负责人",),
    Role.TOWNSHIP: ("乡镇人员",),
    Role.DELEGATE: ("受委托单位人员",),
    Role.ENTERPRISE_PRINCIPAL: ("企业主要负责人",),
    Role.ENTERPRISE_MANAGER: ("企业安全管理人员",),
    Role.ENTERPRISE_WORKER: ("企业员工",),
    Role.AGENCY: ("第三方机构",),
    Role.ASSOCIATION: ("协会",),
    Role.INSURER: ("保险机构",),
    Role.UNION: ("工会",),
    Role.POLICE: ("公安刑侦人员", "criminal police"),
    Role.PROCURATOR: ("检察人员", "procuratorate"),
    Role.DISCIPLINE: ("纪检监察人员", "discipline inspection"),
    Role.VOLUNTEER: ("志愿者",),
    Role.GRID_WORKER: ("网格员",),
    Role.PARTNER: ("协作单位",),
    Role.AUDITOR: ("审计员",),
}


_LANGUAGES: Mapping[str, tuple[str, ...]] = {"zh": ("中文", "汉语"), "en": ("英文", "English")}


def person_number(name: str, example: str = "0001") -> Column:
    return Column(
        name=name,
        en="Person's number",
        zh="人员编号",
        read=readers.short_line(60),
        example=example,
        why_en="Any number of your own list that stays with the person, such as a staff number. It is not kept itself.",
        why_zh="本单位名册中固定不变的编号（如工号）；系统不保存该编号本身。",
        aliases=("工号", "staff number"),
        stored=False,
    )


def day_column(
    name: str,
    en: str,
    zh: str,
    why_en: str,
    why_zh: str,
    *,
    required: bool = False,
    example: str = "",
    aliases: tuple[str, ...] = (),
) -> Column:
    return Column(
        name=name,
        en=en,
        zh=zh,
        read=readers.day,
        example=example,
        why_en=why_en,
        why_zh=why_zh,
        required=required,
        repeats=True,
        aliases=aliases,
    )


def person_numbered(number: str) -> UUID:
    """Give the id of the person whom lists call by this number."""
    return derived_id("person", "numbered", number)


def person_of(row: Mapping[str, Any]) -> UUID:
    """Give the person a line of memberships is about."""
    return row.get("person_id") or person_numbered(row["person_number"])


def _one_of(row: Mapping[str, Any], first: str, second: str) -> tuple[str, Fault] | None:
    return (second, MISSING) if row.get(first) is None and row.get(second) is None else None


PEOPLE = Kind(
    name="people",
    en="people",
    zh="人员",
    identity=lambda row: row.get("id") or person_numbered(row["number"]),
    rules=(lambda row: _one_of(row, "id", "number"),),
    exported=("id", "name", "language", "area_code", "email", "phone"),
    columns=(
        id_column("Stands in exports. Empty: the person is found by number.", "导出文件中带有。留空时按人员编号查找。"),
        person_number("number"),
        Column(
            name="name",
            en="Name",
            zh="姓名",
            read=readers.line,
            example="张示例",
            why_en="As in the certificate.",
            why_zh="与证件一致。",
            required=True,
        ),
        Column(
            name="language",
            en="Language",
            zh="语言",
            read=readers.word(_LANGUAGES),
            example="中文",
            why_en="Of messages to the person.",
            why_zh="发送给本人的消息所用语言。",
            absent="zh",
            repeats=True,
            words=_LANGUAGES,
        ),
        area_column("999999", "Where the person belongs to.", "人员所属区划。"),
        Column(
            name="email",
            en="Mail address",
            zh="电子邮箱",
            read=readers.email,
            example="zhang@example.org",
            why_en="Messages go there.",
            why_zh="接收消息的邮箱。",
            aliases=("邮箱", "email", "e-mail"),
        ),
        Column(
            name="phone",
            en="Telephone",
            zh="联系电话",
            read=readers.phone,
            example="+86 13800000000",
            why_en="With the country's number for one from abroad.",
            why_zh="境外号码请加国家代码。",
            aliases=("电话", "手机", "手机号", "phone"),
        ),
    ),
)

MEMBERSHIPS = Kind(
    name="memberships",
    en="memberships",
    zh="任职",
    identity=lambda row: (
        row.get("id") or derived_id("membership", person_of(row), row.get("party_id"), row["role"], row["area_code"])
    ),
    rules=(lambda row: _one_of(row, "person_id", "person_number"),),
    exported=("id", "person_id", "role", "party_id", "area_code", "valid_from", "valid_to"),
    columns=(
        id_column(
            "Stands in exports. Empty: found by person, party, role and area.",
            "导出文件中带有。留空时按人员、单位、身份和区划查找。",
        ),
        Column(
            name="person_id",
            en="Person's id",
            zh="人员登记编号",
            read=readers.identity,
            example="",
            why_en="From an export of people; or give the number by which the person was imported.",
            why_zh="取自人员导出文件；或填写导入人员时所用的人员编号。",
        ),
        person_number("person_number"),
        Column(
            name="role",
            en="Role",
            zh="身份",
            read=readers.word(_ROLES),
            example="执法人员",
            why_en="What the person acts as.",
            why_zh="以何种身份履职。",
            required=True,
            repeats=True,
            words=_ROLES,
        ),
        Column(
            name="party_id",
            en="Party's id",
            zh="单位登记编号",
            read=readers.identity,
            example="",
            why_en="From an export of parties or enterprises; empty for somebody who acts alone.",
            why_zh="取自单位或企业导出文件；个人履职的留空。",
            repeats=True,
        ),
        area_column("999999", "Where, and below, the person acts.", "履职区划（含下级）。"),
        day_column(
            "valid_from",
            "From",
            "任职起始",
            "First day; empty: it has begun.",
            "任期首日；留空表示已开始。",
        ),
        day_column("valid_to", "Until", "任职截止", "Last day; empty: no end.", "任期末日；留空表示长期。"),
    ),
)
