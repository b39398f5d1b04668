"""What inspection promises of clocks: that one is about to run out, that one has; and what each clock is called."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import Grade

CLOCKS: Mapping[str, tuple[str, str]] = {
    "assessment.answer": ("answer the objection to the assessment", "答复考核异议"),
    "assessment.statement": ("make a statement on the assessment", "对考核结果提出陈述意见"),
    "campaign.look": ("look at the drawn hazard again", "对抽中的隐患回头看"),
    "campaign.measure": ("account for the measure", "报告措施落实情况"),
    "case.decision": ("decide the penalty case", "作出行政处罚决定"),
    "case.hearing.ask": ("ask for a hearing, if one is wanted", "如要求听证，提出听证申请"),
    "case.hearing.call": ("name day and place of the hearing", "通知听证的时间、地点"),
    "case.hearing.hold": ("hold the hearing", "举行听证"),
    "case.pay": ("pay the fine", "缴纳罚款"),
    "case.publicity": ("make the penalty public", "公布行政处罚"),
    "case.service": ("serve the penalty decision", "送达行政处罚决定"),
    "case.statement": ("make a statement or a defence, if there is one to make", "如有意见，提出陈述、申辩"),
    "committee_task.judge": ("judge what was reported of the task", "审核任务完成情况"),
    "committee_task.limit": ("carry out the committee's task", "完成安委会交办的任务"),
    "competence.arbitrate": ("name the responsible authority", "指定主管部门"),
    "court.apply": ("ask the court to enforce the decision", "申请人民法院强制执行"),
    "court.apply.after_demand": ("obey the decision after the demand notice", "催告后履行处罚决定"),
    "evidence.preserve": ("decide on the evidence that is kept", "对先行登记保存的证据作出处理决定"),
    "hazard.assign": ("assign the hazard to one lead department", "交办隐患，明确一个牵头部门"),
    "hazard.close": ("close the hazard", "隐患销号"),
    "hazard.confirm_own": ("confirm the hazard that was declared", "确认自查申报的隐患"),
    "hazard.danger_call": ("call about the immediate danger", "就紧急险情即时联系处置"),
    "hazard.extension.decide": ("decide on the extension", "对延期申请作出决定"),
    "hazard.limit": ("remove the hazard", "完成隐患整改"),
    "hazard.lookback.first": ("look back for the first time", "第一次回头看"),
    "hazard.lookback.second": ("look back for the second time", "第二次回头看"),
    "hazard.plan": ("hand in the plan of rectification", "提交整改方案"),
    "hazard.recheck": ("re-check the rectification", "复查整改情况"),
    "hazard.recheck.special_equipment": ("re-check the special equipment", "复查特种设备整改情况"),
    "hazard.register_major": ("register the major hazard", "登记报告重大事故隐患"),
    "hazard.return_assignment": ("say whether the assignment is accepted", "对交办是否属于职责作出答复"),
    "hazard.site_check": ("check the hazard on site", "现场核查整改情况"),
    "hazard.verify.further": ("verify the further hazard", "核实另行登记的隐患"),
    "hazard.verify.inspection": ("confirm what the inspection found", "确认检查发现的隐患"),
    "hazard.verify.taken_over": ("verify the hazard that was taken over", "核实转由部门办理的隐患"),
    "joint_action.accept": ("say whether to take part in the joint action", "答复是否参加联合执法行动"),
    "joint_action.close": ("write the closing report of the joint action", "完成联合执法行动总结"),
    "joint_action.report": ("report on the own part of the joint action", "报送联合执法行动分工完成情况"),
    "ladder.decide": ("decide on what the ladder proposed", "对督办梯次建议作出决定"),
    "ladder.summon": ("call the interview that was prepared", "确定并通知约谈"),
    "letter.reply": ("reply to the letter", "答复函件"),
    "letter.reply.insufficient": ("reply to the letter again", "再次答复函件"),
    "letter.reply.interview": ("report the result of the interview", "报送约谈整改结果"),
    "letter.reply.supervision": ("reply to the supervision letter", "答复督办函"),
    "letter.reply.warning": ("reply to the warning", "答复警示函"),
    "listing.acceptance": ("accept the listed hazard on site", "对挂牌督办隐患现场验收"),
    "listing.decide": ("decide on the listing", "对挂牌督办作出决定"),
    "listing.extension.decide": ("decide on the extension of the listed hazard", "对挂牌督办延期申请作出决定"),
    "listing.file_upward": ("file the listing with the office above", "将挂牌督办报上级备案"),
    "listing.publish": ("make the listing public", "公布挂牌督办"),
    "listing.publish_delisting": ("make the delisting public", "公布摘牌"),
    "meeting.minutes": ("write the minutes of the meeting", "形成会议纪要"),
    "order.deliver": ("hand over the order", "送达指令文书"),
    "part.acknowledge": ("acknowledge the request for assistance", "签收协办事项"),
    "part.answer": ("answer the request for assistance", "反馈协办事项"),
    "part.settle": ("settle a request that was declined", "处理被谢绝的协办事项"),
    "report.decide_acceptance": ("decide whether to take the entry in hand", "决定是否受理"),
    "report.fatality": ("find out about the deaths (county)", "县级核实人员死亡情况"),
    "report.feedback": ("tell the result", "反馈办理结果"),
    "report.review.decide": ("decide on the review", "作出复核决定"),
    "report.transfer_ack": ("take over what was passed on", "签收移送事项"),
    "report.verify": ("verify the entry", "核查受理事项"),
    "seizure": ("decide on what was seized", "对查封、扣押的物品作出处理决定"),
    "seizure.appraisal": ("record what the test of the seized goods found", "登记查封、扣押物品的检测、鉴定结果"),
    "seizure.approval": ("approve or refuse the urgent seizure", "补办查封、扣押批准手续"),
    "seizure.extension": ("decide on what is seized for longer", "对延长查封、扣押的物品作出处理决定"),
    "suspension.resumption_review": ("review the resumption on site", "现场复核恢复生产申请"),
    "transfer.acknowledge": ("acknowledge the transfer", "签收移送事项"),
    "transfer.answer": ("tell what came of the transfer", "反馈移送事项办理结果"),
}
"""What each clock waits for: key → what must be done, in English and Chinese."""

RIGHTS = frozenset({"case.hearing.ask", "case.statement"})
"""Clocks of what a party may do and need not: it is told that the end is near, and never that it missed anything."""


def called(key: str) -> tuple[str, str]:
    """Give what a clock waits for in both languages; a key that nobody named stands for itself."""
    return CLOCKS.get(key, (key, key))


class DeadlineFact(Event):
    """Base of all facts about a clock. Aggregate: the deadline."""

    deadline_id: UUID
    key: str
    what_en: str
    what_zh: str
    """What must be done, see `CLOCKS`."""
    object_kind: str
    object_id: UUID
    number: str = ""
    """The number of the object, where it has one."""
    grade: Grade | None = None
    owed_by: UUID | None = None
    """The party that must act; None is the committee."""
    enterprise_id: UUID | None = None
    """The party that must act, when that is an enterprise."""
    lead_authority_id: UUID | None = None
    """Who answers for the object."""
    starts_at: datetime
    due_at: datetime
    provisional: bool = False
    explanation_en: str
    explanation_zh: str


class DeadlineApproaching(DeadlineFact, subject="inspection.deadline.approaching", tier="authority"):
    """A clock is about to run out (L0 of the supervision ladder); told once for each date that it had."""


class DeadlineMissed(DeadlineFact, subject="inspection.deadline.missed", tier="authority"):
    """A clock ran out and nobody had done what it waits for; told once for each date that it had."""


class DeadlineTurn(StrEnum):
    """By what something that was told of a clock is true no longer."""

    MET = "met"
    """What it waited for was done, in time or late."""
    CANCELLED = "cancelled"
    """What was owed has lost its object."""
    PAUSED = "paused"
    """It stands still: nobody is late by it."""
    RESUMED = "resumed"
    """It goes on, to the date that is told here."""
    MOVED = "moved"
    """It has another date, by a decision, a rule or a calendar."""


class DeadlineChanged(Event, subject="inspection.deadline.changed", tier="authority"):
    """What was told of a clock is true no longer: whoever has not been reminded yet need not be, or of another date.

    Only of clocks of which something was told. Aggregate: the deadline.
    """

    deadline_id: UUID
    key: str
    object_kind: str
    object_id: UUID
    turn: DeadlineTurn
    due_at: datetime
    """The date that it has from then on, or had."""
