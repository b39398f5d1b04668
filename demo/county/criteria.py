"""Criteria by which the demo county grades a hazard as major; a major grade must name one (Work Safety Law art. 118).

The documents are real and public; the words are our own short paraphrases for the demo and have no force.
"""

from demo.county.codes import Body, demo_id
from shared.contracts.values import Category

_INDUSTRY_AND_TRADE = "工贸企业重大事故隐患判定标准 (MEM Order 10)"
_GAS = "建城规〔2023〕4号"
_FIRE = "GB 35181-2017"
_BUILDING = "建质规〔2022〕2号"
_CHEMICALS = "安监总管三〔2017〕121号"
_EQUIPMENT = "GB 45067-2024"

CRITERIA = {
    "dust-collector": (
        _INDUSTRY_AND_TRADE, Category.DUST, "2023-05-15",
        "Combustible dust is collected without explosion control.", "可燃性粉尘收集系统未采取防爆控制措施。",
    ),
    "confined-space": (
        _INDUSTRY_AND_TRADE, Category.CONFINED_SPACE, "2023-05-15",
        "Work in a confined space without approval or air test.", "有限空间作业未审批或未检测气体。",
    ),
    "ammonia": (
        _INDUSTRY_AND_TRADE, Category.CHEMICALS, "2023-05-15",
        "An ammonia cooling system serves a crowded workshop directly.", "人员密集的作业间直接使用氨制冷系统。",
    ),
    "chemicals-alarm": (
        _CHEMICALS, Category.CHEMICALS, "2017-11-13",
        "Where flammable or toxic gas may leak, no working gas alarm.", "可燃或有毒气体可能泄漏处无有效报警装置。",
    ),
    "gas-alarm": (
        _GAS, Category.GAS, "2023-09-21",
        "A business burns gas without a working leak alarm and shut-off.", "单位用气场所未装有效的泄漏报警切断装置。",
    ),
    "gas-indoors": (
        _GAS, Category.GAS, "2023-09-21",
        "Gas cylinders stand in a basement or a crowded room.", "地下室或人员密集场所存放燃气钢瓶。",
    ),
    "fire-exits": (
        _FIRE, Category.FIRE, "2018-07-01",
        "Exits of a crowded place are too few or locked.", "人员密集场所安全出口数量不足或被锁闭。",
    ),
    "building-support": (
        _BUILDING, Category.CONSTRUCTION, "2022-04-19",
        "Tall formwork stands without a reviewed special plan.", "高大模板支撑未按审定的专项方案搭设。",
    ),
    "lifting-equipment": (
        _EQUIPMENT, Category.SPECIAL_EQUIPMENT, "2025-01-01",
        "Special equipment is in use after it failed or missed its inspection.", "特种设备检验不合格或超期仍在使用。",
    ),
    "pressure-vessel": (
        _EQUIPMENT, Category.SPECIAL_EQUIPMENT, "2025-01-01",
        "A pressure vessel runs with its safety valve out of action.", "压力容器安全阀失效仍在运行。",
    ),
}  # fmt: skip


def criterion_id(key: str) -> str:
    return str(demo_id("criterion", key))


def criteria() -> list[Body]:
    return [
        {
            "id": criterion_id(key),
            "document": document,
            "item": f"demo-{item:02d}",
            "text_en": f"{text_en} (demo paraphrase)",
            "text_zh": f"{text_zh}（演示转述）",
            "categories": [category],
            "valid_from": valid_from,
            "valid_to": None,
        }
        for item, (key, (document, category, valid_from, text_en, text_zh)) in enumerate(CRITERIA.items(), 1)
    ]
