"""Which clocks a move stops for a while, and which lets them go on; without it time would run that no law counts.

What ends a clock ends it also while it is paused: that stands in the tables of ends.
"""

from collections.abc import Mapping

from services.inspection.hazards.domain.verbs import Deed, Verb

_OF_THE_ORDER = ("hazard.plan", "hazard.limit")
"""What an order asks of the enterprise by a day. A listed hazard has no other limit: listing moves `hazard.limit`."""

PAUSES: Mapping[Verb | Deed, tuple[str, ...]] = {
    Verb.ASK_HEARING: ("case.decision",),
    Verb.STAY_ORDER: _OF_THE_ORDER,
}
RESUMES: Mapping[Verb | Deed, tuple[str, ...]] = {
    Verb.HOLD_HEARING: ("case.decision",),
    Verb.WAIVE_HEARING: ("case.decision",),
    Verb.LIFT_STAY: _OF_THE_ORDER,
}

WHY: Mapping[Verb | Deed, tuple[str, str]] = {
    Verb.ASK_HEARING: ("A hearing was asked for, its time is not counted", "当事人要求听证，听证期间不计入"),
    Verb.HOLD_HEARING: ("The hearing was held", "听证已举行"),
    Verb.WAIVE_HEARING: ("The hearing was waived", "当事人放弃听证"),
    Verb.STAY_ORDER: ("The order is stayed", "中止执行指令"),
    Verb.LIST: ("A new limit was set during the stay", "中止执行期间重新确定期限"),
    Verb.LIFT_STAY: ("The stay of the order was lifted", "恢复执行指令"),
}
"""What whoever looks at such a clock reads."""
