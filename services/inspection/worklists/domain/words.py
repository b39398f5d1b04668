"""What the words of a ledger are called in Chinese; in English a word is called what it says."""

from collections.abc import Mapping

from shared.contracts.inspection import (
    Extension,
    HazardState,
    Listing,
)
from shared.contracts.values import Category, Channel, Grade

STATES: Mapping[str, str] = {
    HazardState.SUSPECTED: "待核查", HazardState.CONFIRMED: "已确认", HazardState.ASSIGNED: "已交办",
    HazardState.ORDERED: "已责令整改", HazardState.RECTIFYING: "整改中", HazardState.RECHECK_REQUESTED: "申请复查",
    HazardState.RECHECKING: "复查中", HazardState.VERIFIED: "复查合格", HazardState.CLOSED: "已销号",
    HazardState.REOPENED: "重新打开", HazardState.DISMISSED: "不属隐患", HazardState.VOID: "已作废",
    HazardState.MERGED: "已并案",
}  # fmt: skip
GRADES: Mapping[str, str] = {Grade.GENERAL: "一般", Grade.MAJOR: "重大"}
CATEGORIES: Mapping[str, str] = {
    Category.SPECIAL_EQUIPMENT: "特种设备", Category.FIRE: "消防", Category.GAS: "燃气",
    Category.CHEMICALS: "危险化学品", Category.ELECTRICITY: "用电", Category.MACHINERY: "机械",
    Category.CONFINED_SPACE: "有限空间", Category.DUST: "粉尘涉爆", Category.HEIGHT: "高处作业",
    Category.CONSTRUCTION: "建筑施工", Category.TRAFFIC: "交通运输", Category.FOOD_PREMISES: "餐饮场所",
    Category.MANAGEMENT: "安全管理", Category.OTHER: "其他",
}  # fmt: skip
CHANNELS: Mapping[str, str] = {
    Channel.HOTLINE_12350: "12350热线", Channel.HOTLINE_12345: "12345热线", Channel.WEB: "网站",
    Channel.MINIAPP: "小程序", Channel.LETTER: "来信", Channel.VISIT: "来访",
    Channel.VOLUNTEER: "志愿者", Channel.GRID_PATROL: "网格巡查", Channel.THIRD_PARTY_AUDIT: "第三方检查",
    Channel.INSURER: "保险机构", Channel.SELF_CHECK: "企业自查", Channel.INSPECTION: "执法检查",
    Channel.MEDIA: "媒体", Channel.TRANSFER_IN: "移送", Channel.SUPERIOR_ASSIGNED: "上级交办",
    Channel.ACCIDENT_DERIVED: "事故倒查",
}  # fmt: skip
EXTENSIONS: Mapping[str, str] = {
    Extension.NONE: "", Extension.REQUESTED: "已申请", Extension.GRANTED: "已准予",
    Extension.REFUSED: "未准予",
}  # fmt: skip
LISTINGS: Mapping[str, str] = {
    Listing.NONE: "", Listing.PROPOSED: "拟挂牌", Listing.LISTED: "已挂牌",
    Listing.DELIST_REQUESTED: "申请摘牌", Listing.DELISTED: "已摘牌",
}  # fmt: skip


def called(word: str | None, names: Mapping[str, str], language: str) -> str:
    """Give a word as this reader calls it; one that has no name yet stands for itself, and none for nothing."""
    if word is None or word == "none":
        return ""
    return names.get(word, word) if language.startswith("zh") else word.replace("_", " ")
