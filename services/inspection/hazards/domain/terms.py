"""Which days an extension, a listing, a stay or a cut of power may name; without it limits moved for ever. Pure."""

from datetime import date, datetime, timedelta

from shared.errors import BadInput, Conflict


def asked_in_time(limit: date, earliest_limit: date) -> None:
    """Refuse a request that comes too late; `earliest_limit` is the first limit that may still be extended today."""
    if limit < earliest_limit:
        raise Conflict(
            "asked-too-late",
            f"More time is asked for earlier: today only limits from {earliest_limit} on can be extended.",
            f"申请延期过晚：今日仅可申请延长 {earliest_limit} 及以后到期的期限。",
            limit=limit,
            earliest_limit=earliest_limit,
        )


def may_be_extended_to(until: date, limit: date, today: date, latest: date) -> None:
    """An extension ends after the limit, not in the past, and within what an order could have set."""
    earliest = max(limit + timedelta(days=1), today)
    if earliest <= until <= latest:
        return
    raise BadInput(
        "extension-not-lawful",
        f"The new limit must lie between {earliest} and {latest}."
        if earliest <= latest
        else f"The limit is {limit} already; the longest that the rules allow is {latest}.",
        f"新的期限须在 {earliest} 至 {latest} 之间。"
        if earliest <= latest
        else f"现期限为 {limit}，已达规则允许的最长期限 {latest}。",
        earliest=earliest,
        latest=latest,
    )


def within(day: date, today: date, latest: date) -> None:
    """A listing's limit lies between today and the longest that the profile allows."""
    if not today <= day <= latest:
        raise BadInput(
            "limit-not-lawful",
            f"The limit must lie between {today} and {latest}.",
            f"期限须在 {today} 至 {latest} 之间。",
            earliest=today,
            latest=latest,
        )


def told_ahead(cut_at: datetime, now: datetime, earliest: datetime, *, urgent: bool) -> None:
    """Power is cut so many hours after the notice, unless the danger does not wait (Work Safety Law art. 70)."""
    if cut_at < now:
        raise BadInput("cut-in-the-past", "A cut of power is announced before it is made.", "停电应事先通知。")
    if cut_at < earliest and not urgent:
        raise BadInput(
            "notice-too-short",
            "The enterprise is told earlier, unless it is urgent; then say why.",
            "除紧急情形外，应提前通知；情况紧急的，请说明理由。",
            earliest=earliest,
        )


def held_while_undecided(at: datetime, latest: datetime) -> None:
    """A hearing is held while the case can still be decided; also an instant at the end of time is told from that."""
    if at > latest:
        raise BadInput(
            "hearing-too-late",
            f"The case is to be decided by {latest:%Y-%m-%d}; the hearing comes before that.",
            f"案件应于 {latest:%Y-%m-%d} 前作出处理决定，听证应在此之前举行。",
            latest=latest,
        )


def told_days_ahead(day: date, earliest: date) -> None:
    """A hearing is called so many days before it is held (Penalty Law art. 64)."""
    if day < earliest:
        raise BadInput(
            "hearing-notice-too-short",
            f"The party is told earlier: the hearing can be held from {earliest} on.",
            f"应提前通知当事人听证的时间、地点，最早可于 {earliest} 举行听证。",
            earliest=earliest,
        )


def appeal_may_stay(*, stays: bool) -> None:
    """An appeal stays an order only where the law of the place says so; elsewhere somebody has to decide it."""
    if not stays:
        raise Conflict(
            "appeal-stays-nothing",
            "Here an appeal does not by itself stay an order; the reviewing body, the court or the authority decides.",
            "申请行政复议或者提起行政诉讼，不停止执行；停止执行须由复议机关、人民法院或者作出机关决定。",
        )


def appealed_in_time(on: date, latest: date) -> None:
    """An appeal stays an order only if it came while the order could be appealed against: after that it is final."""
    if on > latest:
        raise Conflict(
            "appeal-too-late",
            f"The order could be appealed against until {latest}.",
            f"对该指令申请复议或者提起诉讼的期限已于 {latest} 届满。",
            latest=latest,
        )


def stayed_between(on: date, ordered: date, today: date, limit: date) -> None:
    """A stay begins while the order stands and its limit has not passed: what is late by then stays late."""
    if not ordered <= on <= today:
        raise BadInput(
            "stay-day",
            f"The day from which the order is stayed must lie between {ordered} and {today}.",
            f"中止执行的起始日期须在 {ordered} 至 {today} 之间。",
            earliest=ordered,
            latest=today,
        )
    if on > limit:
        raise Conflict("limit-passed", "The limit has passed already.", "整改期限已届满。", limit=limit)
