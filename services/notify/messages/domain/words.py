"""What the codes that messages mention are called; without it a Chinese message would speak in programs' words."""

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {
    "special_equipment": "特种设备",
    "fire": "消防",
    "gas": "燃气",
    "chemicals": "危险化学品",
    "electricity": "用电",
    "machinery": "机械",
    "confined_space": "有限空间",
    "dust": "粉尘",
    "height": "高处作业",
    "construction": "施工",
    "traffic": "交通",
    "food_premises": "餐饮场所",
    "management": "安全管理",
    "other": "其他",
    "same_matter_already_accepted": "同一事项已受理",
    "no_identifiable_target_or_facts": "对象或事实不明确",
    "not_a_report": "不属于举报事项",
    "not_in_scope": "不属于本部门职责",
    "insufficient_after_enquiry": "补充核实后线索仍不足",
    "withdrawn": "已撤回",
    "other_industry": "属于其他行业领域",
    "other_area": "不在本部门管辖区域",
    "other_category": "属于其他类别",
    "no_power": "法律未赋予本部门该职权",
    "opinion": "出具意见",
    "measure": "采取措施",
    "joint_inspection": "联合检查",
    "information": "通报情况",
    "deaths_confirmed": "确有人员死亡",
    "no_deaths": "无人员死亡",
    "none": "未停产",
    "partial_stop": "局部停产停业",
    "full_stop": "全部停产停业",
    "equipment_stop": "停止使用设备",
    "evacuated": "撤出人员",
    "resume_requested": "已申请恢复",
    "resumed": "已恢复",
    "admin_inspection": "行政检查",
    "grid_patrol": "安全巡查",
    "reminder": "提醒函",
    "warning": "警示函",
    "supervision": "督办函",
    "notice": "告知函",
}
"""Words for the codes that messages mention; in English the code itself reads well enough."""


def word(code: str, language: str) -> str:
    return CHINESE[code] if language == "zh" else code.replace("_", " ")
