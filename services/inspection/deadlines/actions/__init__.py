"""What moves a clock: its start, its end, a decision, a pause, a calendar, and time itself."""

from services.inspection.deadlines.actions.ending import cancel, cancel_all, meet
from services.inspection.deadlines.actions.moving import extend, extend_by, pause, resume
from services.inspection.deadlines.actions.starting import start, start_until

__all__ = ["cancel", "cancel_all", "extend", "extend_by", "meet", "pause", "resume", "start", "start_until"]
