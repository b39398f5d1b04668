"""How often and for how long a mail is tried."""

from services.notify.messages.domain import BACKOFF_S, try_again_after


def test_a_mail_is_tried_for_most_of_a_day_and_then_given_up():
    waits = [try_again_after(attempts) for attempts in range(1, len(BACKOFF_S) + 2)]
    assert waits[-1] is None
    assert 15 < sum(BACKOFF_S) / 3600 < 24
    assert list(BACKOFF_S) == sorted(BACKOFF_S)
