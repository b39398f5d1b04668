"""What a relay does after each answer that the broker may give; the codes are provoked on the real server elsewhere."""

from dataclasses import dataclass, field
from itertools import count
from uuid import UUID, uuid4

import pytest

from shared.broker import FORBIDDEN, UNKNOWN, Answer, Way
from shared.relay.plan import (
    ALARM_S,
    BATCH_BYTES,
    BATCH_ROWS,
    DUPLICATE,
    HOLD_S,
    INCOMPLETE,
    MAX_INCOMPLETE,
    MAX_REFUSALS,
    NO_BATCH_S,
    NO_BATCHES,
    SINGLE_ROWS,
    TOGETHER_ROWS,
    TOO_MANY_BATCHES,
    TOO_MANY_ROWS,
    Plan,
)

_ids = count(1)
MISSING_SEQUENCE, BAD_BATCH_ID, BAD_COMMIT, UNSUPPORTED_HEADER = 10175, 10179, 10200, 10177
OTHER_STREAM, WRONG_LAST, TOO_LARGE, NOT_SENT = 10060, 10071, 10054, 400


@dataclass
class Row:
    aggregate_id: UUID = field(default_factory=uuid4)
    size_bytes: int = 500
    id: int = field(default_factory=lambda: next(_ids))


def rows(number: int, size_bytes: int = 500) -> list[Row]:
    return [Row(size_bytes=size_bytes) for _ in range(number)]


def of_one(number: int) -> list[Row]:
    key = uuid4()
    return [Row(key) for _ in range(number)]


def refusal(code: int) -> Answer:
    return Answer(None, code, "no")


def batch_refused(plan: Plan, batch: list[Row], code: int, now: float = 0.0) -> None:
    assert plan.answered(batch, [refusal(code)] * len(batch), Way.BATCH, now) == 0
    assert plan.stored == {}, "nothing of a refused batch is stored"


# How rows go out


@pytest.mark.parametrize("number", [1, 2, TOGETHER_ROWS])
def test_few_rows_of_different_aggregates_go_out_together(number: int) -> None:
    assert Plan().next_round(rows(number), 0.0) == (number, Way.TOGETHER)


@pytest.mark.parametrize("others", [0, 1, TOGETHER_ROWS])
def test_two_rows_of_one_aggregate_never_go_out_together(others: int) -> None:
    assert Plan().next_round([*rows(others), *of_one(2)], 0.0) == (others + 2, Way.BATCH)


def test_many_rows_go_out_as_a_batch_of_what_the_server_takes() -> None:
    assert Plan().next_round(rows(TOGETHER_ROWS + 1), 0.0) == (TOGETHER_ROWS + 1, Way.BATCH)
    assert Plan().next_round(rows(BATCH_ROWS + 100), 0.0) == (BATCH_ROWS, Way.BATCH)


def test_a_batch_ends_before_it_grows_beyond_four_megabytes() -> None:
    assert Plan().next_round(rows(100, BATCH_BYTES // 40), 0.0) == (40, Way.BATCH)
    assert Plan().next_round(rows(100, BATCH_BYTES // 40 + 1), 0.0) == (39, Way.BATCH)


def test_a_row_that_is_a_batch_by_its_size_goes_out_alone() -> None:
    assert Plan().next_round([Row(size_bytes=BATCH_BYTES + 1), *rows(50)], 0.0) == (1, Way.SINGLY)


# What a batch's answer means, row by row of the table in the design


def test_a_stored_batch_gives_every_row_its_place() -> None:
    plan, batch = Plan(), rows(30)
    assert plan.answered(batch, [Answer(100 + place) for place in range(30)], Way.BATCH, 0.0) == 30
    assert plan.stored == {row.id: 100 + place for place, row in enumerate(batch)}


def test_a_batch_with_a_duplicate_goes_out_row_by_row_and_then_in_batches_again() -> None:
    plan, batch = Plan(), rows(SINGLE_ROWS + 50)
    batch_refused(plan, batch, DUPLICATE)
    assert plan.held(0.0) == []
    fresh = rows(30)
    assert plan.next_round([*batch, *fresh], 0.0) == (SINGLE_ROWS, Way.SINGLY)
    plan.answered(batch[:SINGLE_ROWS], [Answer(row.id) for row in batch[:SINGLE_ROWS]], Way.SINGLY, 0.0)
    assert plan.next_round([*batch[SINGLE_ROWS:], *fresh], 0.0) == (50, Way.SINGLY), "and no row that is newer"
    plan.answered(batch[SINGLE_ROWS:], [Answer(row.id) for row in batch[SINGLE_ROWS:]], Way.SINGLY, 0.0)
    assert plan.next_round(fresh, 0.0) == (30, Way.BATCH)


def test_a_batch_without_an_answer_is_sent_again_as_a_batch_after_a_rest() -> None:
    plan, batch = Plan(), rows(30)
    assert plan.answered(batch, [UNKNOWN] * 30, Way.BATCH, 5.0) == 0
    assert set(plan.held(5.0)) == {row.aggregate_id for row in batch}
    assert plan.held(5.0 + HOLD_S) == []
    assert plan.next_round(batch, 5.0 + HOLD_S) == (30, Way.BATCH)
    assert plan.alarm is None


def test_an_incomplete_batch_is_tried_three_times_before_its_rows_go_singly() -> None:
    plan, batch = Plan(), rows(30)
    for _ in range(MAX_INCOMPLETE):
        assert plan.next_round(batch, 0.0) == (30, Way.BATCH)
        batch_refused(plan, batch, INCOMPLETE)
    assert plan.next_round(batch, 0.0) == (30, Way.SINGLY)


@pytest.mark.parametrize("between", [Answer(7), refusal(TOO_MANY_ROWS)])
def test_only_incomplete_batches_in_a_row_are_counted(between: Answer) -> None:
    plan, batch, other = Plan(), rows(30), rows(30)
    for _ in range(MAX_INCOMPLETE - 1):
        batch_refused(plan, batch, INCOMPLETE)
    plan.answered(other, [between] * 30, Way.BATCH, 0.0)
    plan.answered(batch, [refusal(INCOMPLETE)] * 30, Way.BATCH, 0.0)
    assert plan.next_round(batch, 0.0) == (30, Way.BATCH)


def test_when_too_many_batches_are_open_rows_go_singly_for_ten_seconds() -> None:
    plan, batch = Plan(), rows(SINGLE_ROWS + 50)
    batch_refused(plan, batch, TOO_MANY_BATCHES, 3.0)
    assert plan.next_round(batch, 3.0) == (SINGLE_ROWS, Way.SINGLY)
    assert plan.next_round(batch, 3.0 + NO_BATCH_S - 0.1) == (SINGLE_ROWS, Way.SINGLY)
    assert plan.next_round(batch, 3.0 + NO_BATCH_S) == (SINGLE_ROWS + 50, Way.BATCH)
    assert plan.alarm is None


def test_a_batch_that_is_too_large_is_halved_down_to_single_rows() -> None:
    plan, batch = Plan(), rows(BATCH_ROWS)
    sizes: list[int] = []
    while (chosen := plan.next_round(batch, 0.0))[1] is Way.BATCH:
        sizes.append(chosen[0])
        batch_refused(plan, batch[: chosen[0]], TOO_MANY_ROWS)
    assert sizes == [500, 250, 125, 62, 31, 15, 7, 3]
    assert plan.next_round(batch, 0.0) == (1, Way.SINGLY)


def test_a_stream_that_takes_no_batches_gets_single_rows_and_somebody_is_told() -> None:
    plan, batch = Plan(), rows(30)
    batch_refused(plan, batch, NO_BATCHES)
    assert plan.next_round(batch, 0.0) == (30, Way.SINGLY)
    assert plan.alarm == refusal(NO_BATCHES)
    assert plan.next_round(batch, NO_BATCH_S) == (30, Way.BATCH)


@pytest.mark.parametrize("code", [MISSING_SEQUENCE, BAD_BATCH_ID, BAD_COMMIT, UNSUPPORTED_HEADER, NOT_SENT, 99999])
def test_after_any_other_refusal_the_rows_go_singly_so_that_the_guilty_one_is_found(code: int) -> None:
    plan, batch = Plan(), rows(30)
    batch_refused(plan, batch, code)
    assert plan.next_round(batch, 0.0) == (30, Way.SINGLY)


@pytest.mark.parametrize("code", [FORBIDDEN, OTHER_STREAM, WRONG_LAST])
def test_what_time_does_not_mend_is_told_and_its_rows_wait_and_are_never_buried(code: int) -> None:
    plan, batch = Plan(), rows(30)
    batch_refused(plan, batch, code)
    assert plan.alarm == refusal(code)
    now = 0.0
    for _ in range(2 * MAX_REFUSALS):
        assert plan.next_round(batch, now) == (30, Way.SINGLY)
        plan.answered(batch, [refusal(code)] * 30, Way.SINGLY, now)
        assert len(plan.held(now + ALARM_S - 0.1)) == 30
        now += ALARM_S
        assert plan.held(now) == []
    assert plan.refused == []
    plan.answered(batch[:1], [Answer(1)], Way.SINGLY, now)
    assert plan.alarm is None, "the broker answers otherwise"


# What a single row's answer means


@pytest.mark.parametrize("way", [Way.TOGETHER, Way.SINGLY])
def test_a_row_that_failed_holds_its_aggregate_and_no_other(way: Way) -> None:
    plan, (first, failed, last) = Plan(), rows(3)
    assert plan.answered([first, failed, last], [Answer(1), UNKNOWN, Answer(2)], way, 0.0) == 2
    assert plan.stored == {first.id: 1, last.id: 2}
    assert plan.held(0.0) == [failed.aggregate_id]
    assert plan.held(HOLD_S) == []


def test_no_row_counts_as_stored_after_an_older_one_of_its_aggregate_failed() -> None:
    plan, (first, second) = Plan(), of_one(2)
    assert plan.answered([first, second], [UNKNOWN, Answer(2)], Way.SINGLY, 0.0) == 0
    assert plan.stored == {}


@pytest.mark.parametrize("code", [NOT_SENT, TOO_LARGE])
def test_a_row_that_is_refused_for_ever_is_buried_after_some_tries(code: int) -> None:
    plan, [row] = Plan(), rows(1)
    for number in range(1, MAX_REFUSALS + 1):
        assert plan.refused == []
        plan.answered([row], [refusal(code)], Way.TOGETHER, float(number))
    assert plan.refused == [(row.id, refusal(code))]


@pytest.mark.parametrize("answer", [UNKNOWN, refusal(DUPLICATE), refusal(10077), refusal(503)])
def test_a_row_that_is_refused_for_now_is_never_buried(answer: Answer) -> None:
    plan, [row] = Plan(), rows(1)
    for number in range(10 * MAX_REFUSALS):
        plan.answered([row], [answer], Way.TOGETHER, float(number))
    assert plan.refused == []


def test_refusals_are_forgotten_when_a_row_is_stored_after_all() -> None:
    plan, [row] = Plan(), rows(1)
    for _ in range(MAX_REFUSALS - 1):
        plan.answered([row], [refusal(NOT_SENT)], Way.TOGETHER, 0.0)
    plan.answered([row], [Answer(1)], Way.TOGETHER, 0.0)
    plan.answered([row], [refusal(NOT_SENT)], Way.TOGETHER, 0.0)
    assert plan.refused == []


def test_what_is_in_the_archive_is_forgotten() -> None:
    plan, (first, second) = Plan(), rows(2)
    plan.answered([first, second], [Answer(1), Answer(2)], Way.TOGETHER, 0.0)
    plan.archived([first.id])
    assert plan.stored == {second.id: 2}
