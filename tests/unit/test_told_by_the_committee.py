"""Whom the committee's meetings, tasks, joint actions and assessments are told to, and to whom they are not."""

import pytest
from committee_facts import SAID
from test_who_must_know import worded
from told_facts import ENTERPRISE, sample

from services.notify.messages.domain import WHO_MUST_KNOW, notices
from shared.contracts.base import Event
from shared.contracts.inspection import (
    assessments,
    meetings,
)
from shared.contracts.values import Role

OF_THE_COMMITTEE = [kind for kind in WHO_MUST_KNOW if issubclass(kind, tuple(SAID))]


@pytest.mark.parametrize("kind", OF_THE_COMMITTEE)
def test_what_the_committee_does_is_told_to_no_officer_on_the_road_and_to_nobody_by_name(kind: type[Event]):
    for _, audience in notices(sample(kind)):
        assert audience.party_id is not None
        assert not audience.people
        assert Role.AUTHORITY_OFFICER not in audience.roles
        assert Role.ENTERPRISE_WORKER not in audience.roles


def test_an_enterprise_is_called_and_told_of_its_task_and_of_no_minutes_and_no_joint_action():
    heard = {
        kind
        for kind in OF_THE_COMMITTEE
        if any(audience.party_id == ENTERPRISE for _, audience in notices(sample(kind)))
    }
    assert heard == {
        meetings.MeetingConvened,
        meetings.MeetingMoved,
        meetings.MeetingCancelled,
        meetings.CommitteeTaskAssigned,
        meetings.CommitteeTaskJudged,
        meetings.CommitteeTaskCancelled,
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_judged_task_says_whether_it_is_enough_and_until_when_more_is_due(language: str):
    again = worded(meetings.CommitteeTaskJudged, "committee_task_judged", language)
    enough = worded(meetings.CommitteeTaskJudged, "committee_task_judged", language, state=meetings.TaskState.ACCEPTED)
    assert "2026-10-09" in again
    assert "2026-10-09" not in enough


def test_a_draft_that_its_party_never_saw_is_withdrawn_without_a_word():
    assert notices(sample(assessments.AssessmentWithdrawn, proposed=False)) == []
    assert len(notices(sample(assessments.AssessmentWithdrawn))) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_assessment_in_which_nothing_could_be_scored_says_so_and_does_not_say_nought(language: str):
    text = worded(assessments.AssessmentDecided, "assessment_decided", language, points=None, out_of=None)
    assert ("nothing could be scored" if language == "en" else "无可评分事项") in text
    assert "0" not in text.replace("2026", "")
