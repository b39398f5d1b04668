"""What a person can do here: report, add to the own report, contest its result."""

from services.volunteer.actions.contesting import contest, contest_by_code
from services.volunteer.actions.reporting import SUBMIT, add, submit

__all__ = ["SUBMIT", "add", "contest", "contest_by_code", "submit"]
