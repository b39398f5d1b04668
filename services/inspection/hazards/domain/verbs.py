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
    DECIDE_CASE = "decide_case"
    DROP_CASE = "drop_case"
    APPLY_TO_COURT = "apply_to_court"
    EXECUTE_CASE = "execute_case"
    PROPOSE_LISTING = "propose_listing"
    LIST = "list"
    REFUSE_LISTING = "refuse_listing"
    REQUEST_DELISTING = "request_delisting"
    DELIST = "delist"
    REFUSE_DELISTING = "refuse_delisting"


AUTHORITY = frozenset({Role.AUTHORITY.value})
ON_SITE = AUTHORITY | {Role.DELEGATE.value, Role.TOWNSHIP.value}
"""Who acts at the enterprise: an authority's officers, and those who hold its letter of delegation."""
DECIDERS = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value})
HEAD = frozenset({Role.AUTHORITY_HEAD.value})
MANAGEMENT = frozenset({Role.ENTERPRISE_PRINCIPAL.value, Role.ENTERPRISE_MANAGER.value})
COMMITTEE = frozenset({Role.COMMITTEE.value})
