"""One report must be traceable through HTTP, outbox, NATS and reaction; this file carries and writes that thread."""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import structlog
from prometheus_client import Counter, Gauge, Histogram

_TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")

_CODE = Path(__file__).parents[1]
_OURS = (_CODE / "services", _CODE / "shared")

REQUESTS = Histogram(
    "commonwatch_http_request_seconds",
    "Time to answer a request",
    ["service", "method", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
EVENTS_SENT = Counter("commonwatch_events_sent_total", "Events stored by the broker", ["service", "way"])
EVENTS_DONE = Counter("commonwatch_events_done_total", "Events consumed", ["service", "outcome"])
UNSENT_AGE = Gauge("commonwatch_outbox_oldest_seconds", "Age of the oldest event not yet published", ["service"])
REFUSALS = Counter("commonwatch_broker_refusals_total", "Refusals by the broker's error code", ["service", "code"])
HELD = Gauge("commonwatch_relay_held_aggregates", "Aggregates whose facts wait after a failed one", ["service"])
RECONNECTS = Gauge("commonwatch_broker_reconnects", "How often the connection was lost and found again", ["service"])
RESENT = Counter("commonwatch_events_resent_total", "Events published again from the log of record", ["service"])
RULES_READ = Counter(
    "commonwatch_profile_reads_total", "Changed profile files by what came of it", ["service", "outcome"]
)
RULES_BROKEN = Gauge("commonwatch_profile_broken", "1 while the profile's files cannot be used", ["service"])
DEAD_LETTERS = Counter("commonwatch_dead_letters_total", "Events parked for an operator", ["service"])


@dataclass(frozen=True, slots=True)
class Trace:
    """W3C trace context of the current unit of work."""

    trace_id: str
    span_id: str
    flags: str = "01"

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    def child(self) -> "Trace":
        return Trace(self.trace_id, secrets.token_hex(8), self.flags)


_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin_trace(traceparent: str | None) -> Trace:
    """Continue the caller's trace, or begin one when it sent none that can be read."""
    match = _TRACEPARENT.match(traceparent or "")
    valid = match is not None and match[1] != "0" * 32 and match[2] != "0" * 16
    trace = (
        Trace(match[1], match[2], match[3]).child()
        if match and valid
        else Trace(secrets.token_hex(16), secrets.token_hex(8))
    )
    _trace.set(trace)
    return trace


def current_trace() -> Trace | None:
    return _trace.get()


@contextmanager
def tracing(traceparent: str | None) -> Generator[Trace]:
    """Run a block as part of the given trace."""
    token = _trace.set(None)
    try:
        yield begin_trace(traceparent)
    finally:
        _trace.reset(token)


def _add_trace(_: object, __: str, record: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if (trace := _trace.get()) is not None:
        record["trace_id"] = trace.trace_id
    return record


def told_of(fault: BaseException) -> dict[str, str]:
    """Give what a log may say of a fault: its kind, and the place in our code. Its words may hold what people wrote."""
    frames = ((Path(each.filename), each.lineno) for each in traceback.extract_tb(fault.__traceback__))
    ours = [f"{path.relative_to(_CODE)}:{line}" for path, line in frames if any(map(path.is_relative_to, _OURS))]
    return {"error": type(fault).__name__, "where": ours[-1] if ours else "elsewhere"}


def configure_logs(level: str = "INFO") -> None:
    """Write one JSON line per record to stderr. Bodies, names and tokens are never logged: log ids and slugs."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _add_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=name)
    return log
