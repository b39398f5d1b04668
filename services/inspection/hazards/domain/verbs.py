"""What can be done with a hazard and by which offices; both the main line and what runs beside it speak of these."""

from enum import StrEnum

from shared.contracts.values import Role


class Verb(StrEnum):
    """What can be done with a hazard."""

    REGISTER = "register"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    ASSIGN = "assign"
    RETURN_ASSIGNMENT = "return_assignment"
    ORDER = "order"
    START_RECTIFICATION = "start_rectification"
    REQUEST_RECHECK = "request_recheck"
    OPEN_RECHECK = "open_recheck"
    PASS_RECHECK = "pass_recheck"  # noqa: S105 — a verb, not a password
    FAIL_RECHECK = "fail_recheck"
    SITE_CHECK = "site_check"
    CLOSE = "close"
    LOOK_BACK = "look_back"
    REOPEN = "reopen"
    VOID = "void"
    CONFIRM_OWN = "confirm_own"
    START_OWN = "start_own"
    FINISH_OWN = "finish_own"
    CLOSE_OWN = "close_own"
    TAKE_OVER = "take_over"
    SPLIT = "split"
    MERGE = "merge"
    JOIN = "join"
    """Not asked for: what merging another into it does to a hazard."""
    DELIVER = "deliver"
    REPORT_MAJOR = "report_major"
    ORDER_STOP = "order_stop"
    REQUEST_RESUMPTION = "request_resumption"
    DECIDE_RESUMPTION = "decide_resumption"
    REQUEST_EXTENSION = "request_extension"
    DECIDE_EXTENSION = "decide_extension"
    OPEN_CASE = "open_case"
    TELL_RIGHTS = "tell_rights"
    STATE_DEFENCE = "state_defence"
    ASK_HEARING = "ask_hearing"
    WAIVE_HEARING = "waive_hearing"
    CALL_HEARING = "call_hearing"
    HOLD_HEARING = "hold_hearing"
    REVIEW_CASE = "review_case"
    DECIDE_CASE = "decide_case"
    DROP_CASE = "drop_case"
    SERVE_CASE = "serve_case"
    RECORD_PAYMENT = "record_payment"
    GRANT_TERMS = "grant_terms"
    SERVE_DEMAND = "serve_demand"
    CONTEST_CASE = "contest_case"
    END_CONTEST = "end_contest"
    APPLY_TO_COURT = "apply_to_court"
    EXECUTE_CASE = "execute_case"
    PROPOSE_LISTING = "propose_listing"
    LIST = "list"
    REFUSE_LISTING = "refuse_listing"
    REQUEST_DELISTING = "request_delisting"
    DELIST = "delist"
    REFUSE_DELISTING = "refuse_delisting"
    CUT_POWER = "cut_power"
    RESTORE_POWER = "restore_power"
    STAY_ORDER = "stay_order"
    LIFT_STAY = "lift_stay"


class Deed(StrEnum):
    """What is done about a hazard without moving it: history names these beside the verbs."""

    STEP_ASIDE = "step_aside"
    ASK_RECUSAL = "ask_recusal"
    DECIDE_RECUSAL = "decide_recusal"
    LAPSE_EXTENSION = "lapse_extension"
    LAPSE_STAY = "lapse_stay"
    PUBLISH = "publish"
    TRANSFER_CASE = "transfer_case"


AUTHORITY = frozenset({Role.AUTHORITY.value})
ON_SITE = AUTHORITY | {Role.DELEGATE.value, Role.TOWNSHIP.value}
"""Who acts at the enterprise: an authority's officers, and those who hold its letter of delegation."""
DECIDERS = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value})
HEAD = frozenset({Role.AUTHORITY_HEAD.value})
MANAGEMENT = frozenset({Role.ENTERPRISE_PRINCIPAL.value, Role.ENTERPRISE_MANAGER.value})
COMMITTEE = frozenset({Role.COMMITTEE.value})

REACHES_THE_ENTERPRISE = frozenset({Verb.ORDER, Verb.ORDER_STOP, Verb.OPEN_CASE, Verb.LIST})
"""Moves that demand something of the enterprise: from the first of them on, the hazard is shown to it."""
