"""The table of certificates, whose holder a clerk knows by name and organisation rather than by an id."""

from collections.abc import Mapping
from typing import Any

from services.registry.imports.domain import readers
from services.registry.imports.domain.columns import Column, Kind
from services.registry.imports.domain.faults import Fault
from services.registry.imports.domain.kinds.names import id_column
from services.registry.imports.domain.kinds.people import day_column, person_number
from shared.contracts.gb11643 import masked
from shared.contracts.registry import CertificateKind

_KINDS: Mapping[str, tuple[str, ...]] = {
    CertificateKind.ENFORCEMENT: ("行政执法证", "执法证"),
    CertificateKind.SAFETY_ENGINEER: ("注册安全工程师", "注册安全工程师证"),
    CertificateKind.SPECIAL_OPERATION: ("特种作业操作证", "特种作业"),
    CertificateKind.PRINCIPAL: ("主要负责人安全合格证", "主要负责人证"),
    CertificateKind.SAFETY_MANAGER: ("安全管理人员合格证", "安全管理人员证"),
    CertificateKind.EVALUATOR: ("评价检测人员证", "安全评价师"),
    CertificateKind.GRID_WORKER: ("网格员证",),
}
MAX_NUMBER = 64


def _number(cell: str) -> str | Fault:
    """Read a certificate's number; of an identity number within it only the last characters are ever kept."""
    read = readers.line(readers.plain(cell), MAX_NUMBER)
    if isinstance(read, Fault):
        return read
    return readers.LOST_DIGITS if readers.is_scientific(read) else masked(read)


def _someone_is_named(row: Mapping[str, Any]) -> tuple[str, Fault] | None:
    if row.get("person_id") or row.get("person_number"):
        return None
    missing = next((name for name in ("person_name", "party") if not row.get(name)), None)
    return None if missing is None else (missing, _NOBODY)


def _listed(row: Mapping[str, Any]) -> object:
    """Masked numbers of two people may look the same; all others are one certificate each."""
    number = row["kind"], row["number"]
    if "*" not in row["number"]:
        return number
    return *number, *(row.get(name) for name in ("person_id", "person_number", "person_name", "party"))


CERTIFICATES = Kind(
    name="certificates",
    en="certificates",
    zh="证件",
    identity=lambda row: row.get("id"),
    unique=("number", "kind", "person_id"),
    listed=_listed,
    rules=(_someone_is_named,),
    exported=(
        "id",
        "person_id",
        "person_name",
        "kind",
        "number",
        "issuer",
        "scope",
        "issued_on",
        "valid_from",
        "valid_to",
    ),
    columns=(
        id_column(
            "Stands in exports. Empty: the certificate is found by holder, kind and number, or is new.",
            "导出文件中带有。留空时按持证人、类别和证号查找，没有则新增。",
        ),
        Column(
            name="person_id",
            en="Holder's id",
            zh="持证人登记编号",
            read=readers.identity,
            example="",
            why_en="From an export of people; or give the holder's number, or name and organisation.",
            why_zh="取自人员导出文件；也可填写人员编号，或持证人姓名和所在单位。",
            aliases=("person's id", "人员登记编号"),
        ),
        person_number("person_number", example=""),
        Column(
            name="person_name",
            en="Holder",
            zh="持证人",
            read=readers.line,
            example="张示例",
            why_en="Full name as registered. With the organisation it is enough when nobody there has the same name.",
            why_zh="登记的姓名。单位内无重名时，姓名和单位即可确定持证人。",
            aliases=("holder's name", "name", "姓名", "持证人姓名"),
            stored=False,
        ),
        Column(
            name="party",
            en="Organisation",
            zh="所在单位",
            read=readers.line,
            example="示例县应急管理局",
            why_en="Full name or credit code of the authority, agency or enterprise that the holder acts for.",
            why_zh="持证人任职的部门、乡镇、机构或企业的全称或统一社会信用代码。",
            repeats=True,
            aliases=("party", "单位", "工作单位", "单位名称", "企业名称"),
            stored=False,
        ),
        Column(
            name="kind",
            en="Kind",
            zh="证件类别",
            read=readers.word(_KINDS),
            example="行政执法证",
            why_en="What it proves that its holder may do.",
            why_zh="证件的种类。",
            required=True,
            repeats=True,
            aliases=("类别", "证件类型", "证书类别"),
            words=_KINDS,
        ),
        Column(
            name="number",
            en="Number",
            zh="证号",
            read=_number,
            example="示例 0001",
            why_en="As printed; keep the column as text. Of an identity number only the last four characters are kept.",
            why_zh="与证件一致，该列须为文本格式。证号含身份证号码的，系统只保存后四位。",
            required=True,
            aliases=("证件编号", "证件号码", "证书编号"),
        ),
        Column(
            name="issuer",
            en="Issuer",
            zh="发证机关",
            read=readers.line,
            example="示例省司法厅",
            why_en="Who issued it.",
            why_zh="发证机关全称。",
            required=True,
            repeats=True,
            aliases=("发证单位", "颁发机关"),
        ),
        Column(
            name="scope",
            en="Scope",
            zh="作业类别或执业范围",
            read=readers.line,
            example="安全生产",
            why_en="Speciality, operation or field; required for special operations.",
            why_zh="专业、作业类别或执法领域；特种作业操作证必填。",
            repeats=True,
            absent="",
            aliases=("作业类别", "执业范围", "执法领域", "范围"),
        ),
        day_column("issued_on", "Issued on", "发证日期", "Day of issue.", "发证日期。"),
        day_column(
            "valid_from",
            "Valid from",
            "有效期起始",
            "First day.",
            "有效期首日。",
            required=True,
            example="2026-01-01",
            aliases=("有效期起", "有效期自"),
        ),
        day_column(
            "valid_to",
            "Valid until",
            "有效期截止",
            "Last day; required for enforcement certificates. Empty: no end.",
            "有效期末日；行政执法证必填。留空表示长期。",
            example="2030-12-31",
            aliases=("有效期止", "有效期至"),
        ),
    ),
)
_NOBODY = Fault(
    "holder-not-named",
    "It is not said who holds the certificate.",
    "未说明持证人。",
    "Fill in name and organisation, or the person's number, or the person's id from an export of people.",
    "请填写姓名和单位，或人员编号，或人员导出文件中的登记编号。",
)
