"""What each factor of a score is called; without it people would read the names of variables."""

FACTORS = {
    "sector": ("Sector", "行业"),
    "people": ("People exposed", "从业人数"),
    "major_source": ("Major hazard source", "重大危险源"),
    "feature": ("Danger of the site", "现场危险特征"),
    "standardisation": ("Standardisation grade", "安全生产标准化等级"),
    "hazard.general": ("Open general hazards", "未消除的一般隐患"),
    "hazard.major": ("Open major hazards", "未消除的重大隐患"),
    "hazard.overdue": ("Hazards past their limit", "逾期未整改的隐患"),
    "recurrence": ("Hazards that came back", "重复发生的隐患"),
    "penalty": ("Penalties", "行政处罚"),
    "accident": ("Accidents without death", "无死亡事故"),
    "accident.death": ("Accidents with death", "死亡事故"),
}
