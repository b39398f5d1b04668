"""The table of organisations that are not enterprises."""

from collections.abc import Mapping

from services.registry.imports.domain import readers
from services.registry.imports.domain.columns import Column, Kind
from services.registry.imports.domain.kinds.names import area_column, id_column, name_en, name_zh
from shared.contracts.values import PartyKind

_PARTY_KINDS: Mapping[str, tuple[str, ...]] = {
    PartyKind.COMMITTEE: ("安委会",),
    PartyKind.AUTHORITY: ("监管部门", "部门"),
    PartyKind.TOWNSHIP: ("乡镇政府", "乡镇（街道）"),
    PartyKind.DELEGATE: ("受委托单位", "受委托组织"),
    PartyKind.AGENCY: ("第三方机构", "技术服务机构"),
    PartyKind.ASSOCIATION: ("协会", "社会组织"),
    PartyKind.INSURER: ("保险机构", "保险公司"),
    PartyKind.UNION: ("工会", "trade union"),
    PartyKind.POLICE: ("公安刑侦部门", "刑侦部门", "criminal police"),
    PartyKind.PROCURATOR: ("检察院", "人民检察院", "procuratorate"),
    PartyKind.DISCIPLINE: ("纪检监察机关", "纪委监委", "discipline inspection"),
    PartyKind.PARTNER: ("协作单位",),
}


PARTIES = Kind(
    name="parties",
    en="parties",
    zh="单位",
    identity=lambda row: row.get("id"),
    unique=("kind", "name_zh", "area_code"),
    columns=(
        id_column(
            "Stands in exports. Empty: the party is found by kind, name and area, or is new.",
            "导出文件中带有。留空时按类型、名称和区划查找，没有则新增。",
        ),
        Column(
            name="kind",
            en="Kind",
            zh="单位类型",
            read=readers.word(_PARTY_KINDS),
            example="监管部门",
            why_en="What the party is; enterprises have a table of their own. The police are those who take over "
            "suspected crimes; as a supervisor of safety a police bureau is an authority.",
            why_zh="单位的类型；企业另有专表。公安机关接收涉嫌犯罪案件的填“公安刑侦部门”，负有安全监管职责的填“监管部门”。",
            required=True,
            repeats=True,
            aliases=("类型",),
            words=_PARTY_KINDS,
        ),
        name_zh("示例县应急管理局", "单位名称"),
        name_en("Example County Emergency Bureau"),
        area_column("999999", "Where, and below, it is responsible.", "单位负责的区划。"),
    ),
)
