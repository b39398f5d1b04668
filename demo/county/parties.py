"""Who supervises in the demo county; without it nobody could be responsible for anything."""

from dataclasses import dataclass
from uuid import UUID

from demo.county.areas import TOWNSHIPS
from demo.county.codes import COUNTY, Body, demo_id
from shared.contracts.values import PartyKind


@dataclass(frozen=True, slots=True)
class Party:
    """`key` is how the rest of the demo speaks of it."""

    key: str
    kind: PartyKind
    name_en: str
    name_zh: str
    area_code: str = COUNTY

    @property
    def id(self) -> UUID:
        return demo_id("party", self.key)

    def body(self) -> Body:
        return {
            "id": str(self.id),
            "kind": self.kind,
            "name_en": f"{self.name_en} (demo)",
            "name_zh": f"{self.name_zh}（演示）",
            "area_code": self.area_code,
        }


_AUTHORITIES = {
    "emergency": ("Emergency Management Bureau", "应急管理局"),
    "housing": ("Housing and Construction Bureau", "住房和城乡建设局"),
    "transport": ("Transport Bureau", "交通运输局"),
    "market": ("Market Regulation Bureau", "市场监督管理局"),
    "water": ("Water Bureau", "水利局"),
    "resources": ("Natural Resources Bureau", "自然资源局"),
    "agriculture": ("Agriculture and Rural Affairs Bureau", "农业农村局"),
    "commerce": ("Commerce Bureau", "商务局"),
    "culture": ("Culture and Tourism Bureau", "文化和旅游局"),
    "industry": ("Industry and Information Bureau", "工业和信息化局"),
    "education": ("Education Bureau", "教育局"),
    "health": ("Health Commission", "卫生健康委员会"),
    "police": ("Public Security Bureau", "公安局"),
    "fire": ("Fire Rescue Brigade", "消防救援大队"),
    "energy": ("Energy Bureau", "能源局"),
}

AUTHORITIES = tuple(
    Party(key, PartyKind.AUTHORITY, f"County F {name_en}", f"示范县F{name_zh}")
    for key, (name_en, name_zh) in _AUTHORITIES.items()
)
COMMITTEES = (
    Party("committee", PartyKind.COMMITTEE, "County F Work Safety Committee", "示范县F安全生产委员会"),
    Party("office", PartyKind.COMMITTEE, "Office of the County F Work Safety Committee", "示范县F安委会办公室"),
)
GOVERNMENTS = tuple(
    Party(
        f"township-{township.letter}",
        PartyKind.TOWNSHIP,
        f"Government of {township.name_en}",
        f"{township.name_zh}人民政府" if township.letter != "J" else f"{township.name_zh}管委会",
        township.code,
    )
    for township in TOWNSHIPS
)
OTHERS = (
    Party("agency-1", PartyKind.AGENCY, "First Safety Technology Agency", "示范第一安全技术服务公司"),
    Party("agency-2", PartyKind.AGENCY, "Second Safety Assessment Agency", "示范第二安全评价公司"),
    Party("agency-3", PartyKind.AGENCY, "Third Testing and Inspection Agency", "示范第三检测检验公司"),
    Party("catering-association", PartyKind.ASSOCIATION, "County F Catering Association", "示范县F餐饮行业协会"),
    Party("industry-association", PartyKind.ASSOCIATION, "County F Industry Association", "示范县F工业行业协会"),
    Party("insurer", PartyKind.INSURER, "Demo Mutual Liability Insurer", "示范安责险保险公司"),
    Party("gas-company", PartyKind.PARTNER, "County F Town Gas Company", "示范县F城镇燃气公司"),
    Party("neighbour", PartyKind.PARTNER, "Emergency Centre of Demo County G", "示范县G应急指挥中心"),
)
PARTIES = {party.key: party for party in (*COMMITTEES, *AUTHORITIES, *GOVERNMENTS, *OTHERS)}


def parties() -> list[Body]:
    return [party.body() for party in PARTIES.values()]
