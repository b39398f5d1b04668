"""The only place that asks what time it is; without it tests could not travel."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives an aware UTC instant."""


def system_clock() -> datetime:
    return datetime.now(UTC)
