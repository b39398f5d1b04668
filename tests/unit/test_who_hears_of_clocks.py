"""Who is told of a clock that is near or has run out, at once or in the day's digest, and of unread letters."""

from datetime import timedelta

import pytest
from told_facts import AT, ENTERPRISE, FIRE, sample

from services.notify.digests.domain import waits
from services.notify.messages.domain import RESPONSIBLE, notices
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.values import Grade, Role


def _told(kind: type[Event], **changes: object) -> set[tuple[str, object, tuple[str, ...]]]:
    return {(template, audience.party_id, audience.roles) for template, audience in notices(sample(kind, **changes))}


def test_of_an_end_that_is_near_only_whoever_must_act_is_told():
    assert _told(facts.DeadlineApproaching, grade=Grade.MAJOR) == {("deadline_approaching", ENTERPRISE, RESPONSIBLE)}
    offices = (Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.TOWNSHIP)
    assert _told(facts.DeadlineApproaching, grade=Grade.MAJOR, owed_by=FIRE, enterprise_id=None) == {
        ("deadline_approaching", FIRE, offices)
    }
    assert _told(facts.DeadlineApproaching, grade=Grade.MAJOR, owed_by=None, enterprise_id=None) == {
        ("deadline_approaching", None, (Role.COMMITTEE,))
    }


def test_of_a_missed_end_the_leading_desk_and_the_committee_hear_too():
    assert _told(facts.DeadlineMissed) == {
        ("deadline_missed", ENTERPRISE, RESPONSIBLE),
        ("deadline_missed_by_other", FIRE, (Role.AUTHORITY_DESK,)),
        ("deadline_missed_by_other", None, (Role.COMMITTEE,)),
    }
    own = {party for _, party, _ in _told(facts.DeadlineMissed, owed_by=FIRE, enterprise_id=None)}
    assert own == {FIRE, None}


def test_after_an_outage_the_miss_alone_is_told_and_not_that_it_was_near():
    assert _told(facts.DeadlineApproaching, grade=Grade.MAJOR, at=AT + timedelta(days=4)) == set()


@pytest.mark.parametrize(
    ("grade", "days", "at_once", "later"),
    [
        (Grade.MAJOR, 0, True, False),
        (Grade.GENERAL, 0, False, True),
        (None, 0, False, True),
        (Grade.MAJOR, 4, False, False),
        (Grade.GENERAL, 4, False, False),
    ],
)
def test_what_is_near_of_a_major_hazard_is_told_at_once_and_the_rest_in_the_days_digest(
    grade: Grade | None, days: int, at_once: bool, later: bool
):
    event = sample(facts.DeadlineApproaching, grade=grade, at=AT + timedelta(days=days))
    assert isinstance(event, facts.DeadlineApproaching)
    assert (bool(notices(event)), waits(event)) == (at_once, later)


def test_no_enterprise_hears_of_the_clocks_of_the_docket():
    for kind in (facts.DeadlineApproaching, facts.DeadlineMissed):
        told = _told(kind, object_kind="entry", grade=Grade.MAJOR)
        assert not {party for _, party, _ in told} & {ENTERPRISE}


def test_a_letter_that_perhaps_nobody_reads_is_told_to_the_operator():
    templates = [(template, audience.roles) for template, audience in notices(sample(facts.LetterSent))]
    assert templates == [("letter_received", RESPONSIBLE), ("letter_unaddressed", (Role.OPERATOR,))]
