"""A sample of every kind of document, for the tests that print; the county, its people and enterprises are invented."""

from datetime import date
from typing import Any
from uuid import UUID

from services.inspection.documents.domain import Paper
from services.inspection.documents.domain.papers import (
    Address,
    Addressee,
    InspectionRecord,
    InterviewNotice,
    Item,
    LetterPaper,
    ListingNotice,
    Named,
    Officer,
    OnsiteMeasure,
    RecheckOpinion,
    RectificationOrder,
    Rights,
    TransferLetter,
)
from shared.contracts.inspection import DocumentKind as K
from shared.contracts.inspection import Suspension
from shared.contracts.values import EvidenceRef

ISSUER = Named(zh="云湖县应急管理局", en="Yunhu County Emergency Management Bureau")
COMMITTEE = Named(zh="云湖县安全生产委员会办公室", en="Yunhu County Work Safety Committee Office")
MILL = Addressee(
    zh="云湖县东岭面粉有限公司",
    en="Yunhu Dongling Flour Mill Co., Ltd.",
    code="91990101M000100Y43",
    address="云湖县东岭镇磨坊路 1 号",
)
OFFICERS = (Officer(name="李明远", certificate="99010100021"), Officer(name="王晓芳", certificate="99010100035"))
BASES = ("《中华人民共和国安全生产法》第六十五条第一款第（二）项", "《工贸企业粉尘防爆安全规定》第十五条")
RIGHTS = Rights(reconsideration_days=60, suit_months=6)
DIGESTS = tuple(letter * 64 for letter in "abc")
PICTURES = tuple(
    EvidenceRef(id=UUID(int=n), owner="inspection", sha256=digest, media_type="image/jpeg")
    for n, digest in enumerate(DIGESTS, 1)
)
COMMON: dict[str, Any] = {
    "issuer": ISSUER,
    "addressee": MILL,
    "issued_on": date(2026, 9, 30),
    "verify_url": Address(page="https://commonwatch.example.org/verify"),
}
ITEMS = (
    Item(
        ordinal=1,
        text="清理磨粉车间电机、电缆桥架上的积尘；此后每班清扫一次并作记录。",
        pictures=PICTURES,
        left_out=2,
    ),
    Item(ordinal=2, text="2 号生产线安装除尘系统，并与生产设备联锁。"),
    Item(ordinal=3, text="对车间作业人员进行粉尘防爆专项培训，经考核合格后上岗。\n培训记录存档备查。"),
    Item(ordinal=4, text="在清灰作业区设置安全警示标志。"),
    Item(ordinal=5, text="补充检测除尘管道风速，提交检测报告。"),
)
PAPERS: tuple[Paper, ...] = (
    RectificationOrder(
        kind=K.RECTIFICATION_ORDER,
        **COMMON, number="云湖县应急管理局责改〔2026〕000123号", officers=OFFICERS, bases=BASES, rights=RIGHTS,
        what="磨粉车间除尘系统停用，电机表面积尘厚度超过 3 毫米。", items=ITEMS, limit=date(2026, 10, 15),
        on_site_only=True,
    ),
    OnsiteMeasure(
        kind=K.ONSITE_MEASURE,
        **COMMON, number="云湖县应急管理局现决〔2026〕000007号", officers=OFFICERS, bases=BASES, rights=RIGHTS,
        what="2 号生产线除尘系统失效，车间内粉尘浓度超过爆炸下限的 25%。",
        reason="隐患排除过程中无法保证作业人员安全。", stop=Suspension.PARTIAL_STOP,
    ),
    RecheckOpinion(
        kind=K.RECHECK_OPINION,
        **COMMON, number="云湖县应急管理局复查〔2026〕000045号", officers=OFFICERS, bases=BASES,
        order_number="云湖县应急管理局责改〔2026〕000123号",
        items=tuple(each.model_copy(update={"passed": each.ordinal != 2}) for each in ITEMS),
        opinion="2 号生产线除尘系统尚未安装。", passed=False, checked_at="2026-10-15 10:30", limit=date(2026, 10, 30),
        case_opened=True, unit_refused="现场负责人对复查结论有异议，拒绝签字。",
        delegation="云湖应急委〔2026〕3 号",
    ),
    InspectionRecord(
        kind=K.INSPECTION_RECORD,
        **COMMON, number="云湖县应急管理局检记〔2026〕000201号", officers=OFFICERS, place="磨粉车间、原料仓库",
        begun="2026-09-30 09:00", ended="2026-09-30 11:20", hazards_found=2,
        findings="检查了磨粉车间、原料仓库和配电室。\n磨粉车间除尘系统停用，电机表面积尘。\n配电室门未上锁。",
        joint=(Named(zh="云湖县消防救援大队", en="Yunhu County Fire Rescue Brigade"),),
        joint_officers=(Officer(name="赵强", certificate=None),),
    ),
    *(
        LetterPaper(
            **{**COMMON, "issuer": COMMITTEE, "addressee": Addressee(zh=ISSUER.zh, en=ISSUER.en)}, kind=kind,
            number=f"云湖县安委办{word}〔2026〕000004号", bases=("云湖县安全生产监督管理责任规定",),
            facts="贵单位牵头的 3 项隐患已超过整改期限，至今未复查。", demand="立即组织复查，并说明未按期办理的原因。",
            reply_by=date(2026, 10, 13), hazards=("H2026-000011", "H2026-000012", "H2026-000013"),
        )
        for kind, word in (
            (K.REMINDER_LETTER, "提醒函"), (K.WARNING_LETTER, "警示函"), (K.SUPERVISION_LETTER, "督办函")
        )
    ),
    InterviewNotice(
        kind=K.INTERVIEW_NOTICE,
        **{**COMMON, "issuer": COMMITTEE}, number="云湖县安委办约谈〔2026〕000001号", person="主要负责人",
        at="2026-10-12 14:30", place="县政府三楼第二会议室", facts="挂牌督办隐患逾期未整改，督办函未按期回复。",
        demand="汇报整改情况，提交书面整改方案。", bring="整改台账、资金凭证", bases=("安委〔2018〕2号",),
    ),
    ListingNotice(
        kind=K.LISTING_NOTICE,
        **{**COMMON, "issuer": COMMITTEE}, number="云湖县安委办挂督〔2026〕000002号", hazard_number="H2026-000011",
        what="磨粉车间未设置除尘系统，属重大事故隐患。", level=1, reason="重大事故隐患，逾期未整改。",
        limit=date(2027, 3, 31), demand="停产整改，每月 5 日前报告进展。", bases=BASES[:1],
    ),
    TransferLetter(
        kind=K.TRANSFER_LETTER,
        **{**COMMON, "addressee": Addressee(zh="云湖县公安局", en="Yunhu County Public Security Bureau")},
        number="云湖县应急管理局移送〔2026〕000001号", about="云湖县东岭面粉有限公司",
        facts="该单位拒不执行停产停业决定，继续组织生产。", grounds="涉嫌构成犯罪，依法移送公安机关处理。",
        bases=BASES[:1], enclosures=("现场检查记录 1 份", "现场处理措施决定书 1 份", "照片 12 张"),
    ),
)  # fmt: skip
