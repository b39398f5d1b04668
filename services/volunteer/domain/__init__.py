"""Rules about reports by people: who may report, what is masked, what a reporter is told and may contest. Pure."""

from services.volunteer.domain.contests import PENDING, Outcome, newest_result, not_now
from services.volunteer.domain.masking import CHANNELS, CODE_ALPHABET, CODE_LENGTH, mask, normal_code
from services.volunteer.domain.tellings import TELLINGS, Telling, telling

__all__ = [
    "CHANNELS",
    "CODE_ALPHABET",
    "CODE_LENGTH",
    "PENDING",
    "TELLINGS",
    "Outcome",
    "Telling",
    "mask",
    "newest_result",
    "normal_code",
    "not_now",
    "telling",
]
