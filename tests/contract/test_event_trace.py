"""One report can be followed through HTTP, outbox, broker and reaction, into the third service that hears of it."""

import asyncio
import json
from collections.abc import Iterator
from io import StringIO
from uuid import uuid4

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Envelope, Event
from shared.contracts.inspection import ReportReceived
from shared.contracts.volunteer import ReportSubmitted
from shared.observe import current_trace, logger
from shared.reactions import EnvelopeReaction
from shared.testing import OpenPlatform, Platform

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
REPORT = {
    "place": {"area_code": "990101001", "address": "面粉厂二号线"},
    "category": "dust",
    "what": "二号线电机积尘 · thick dust on the motors of line 2",
}


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What is written with the platform's own log format while the test runs."""
    before, stream = structlog.get_config(), StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(stream), cache_logger_on_first_use=False)
    yield stream
    structlog.configure(**before)


def _every_reaction_logs(platform: Platform) -> None:
    for name in platform.apps:
        platform.service(name).reactions.every.append(_tell(logger(name)))


def _tell(log: structlog.typing.FilteringBoundLogger) -> EnvelopeReaction:
    async def tell(event: Event, envelope: Envelope, tx: AsyncSession) -> None:
        log.warning("heard", type=event.type_name())

    return tell


def _trace_of(traceparent: str) -> str:
    return traceparent.split("-")[1]


async def test_one_report_keeps_its_trace_into_the_third_service(services_here: OpenPlatform, log: StringIO) -> None:
    async with services_here("gateway", "volunteer", "inspection", "notify") as platform:
        _every_reaction_logs(platform)
        async with platform.client("gateway") as phone:
            sending = phone.put(
                f"/api/v1/reports/{uuid4()}", json=REPORT, headers={"traceparent": f"00-{TRACE}-{SPAN}-01"}
            )
            answer = await asyncio.create_task(sending)  # a context of its own, as a request of a server has
        assert answer.status_code == 201, answer.text
        assert _trace_of(answer.headers["traceparent"]) == TRACE
        assert current_trace() is None, "what follows must carry the trace itself, not find it in this test"

        [row] = await platform.rows("volunteer", "select headers from outbox")
        assert _trace_of(row["headers"]["traceparent"]) == TRACE
        assert SPAN not in row["headers"]["traceparent"], "our part of the trace is a span of its own"

        await platform.settle(redeliver=3)
        assert await platform.dead_letters() == []
        sent = {message.headers["ce-type"]: message.headers["traceparent"] for message in platform.bus.stored}
        assert sent.keys() == {ReportSubmitted.type_name(), ReportReceived.type_name()}
        assert {_trace_of(traceparent) for traceparent in sent.values()} == {TRACE}
        assert len(set(sent.values())) == len(sent), "each hop is a span of its own"

        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        heard = {(line["part"], line["type"]): line["trace_id"] for line in lines if line["event"] == "heard"}
        assert heard == {
            ("inspection", ReportSubmitted.type_name()): TRACE,
            ("notify", ReportSubmitted.type_name()): TRACE,
            ("volunteer", ReportReceived.type_name()): TRACE,
            ("notify", ReportReceived.type_name()): TRACE,
        }


async def test_two_reports_of_one_moment_keep_their_traces_apart(services_here: OpenPlatform) -> None:
    """They are filed together, in one statement: each still carries the trace of its own request."""
    traces = [f"{n:032x}" for n in range(1, 9)]
    async with services_here("volunteer", "inspection") as platform:
        async with platform.client("volunteer") as phone:
            reports = {trace: uuid4() for trace in traces}
            await asyncio.gather(
                *(
                    phone.put(f"/reports/{report_id}", json=REPORT, headers={"traceparent": f"00-{trace}-{SPAN}-01"})
                    for trace, report_id in reports.items()
                )
            )
        await platform.settle()
        for kind in (ReportSubmitted, ReportReceived):
            carried = {
                json.loads(message.data).get("claim_id") or json.loads(message.data)["claim"]["claim_id"]: _trace_of(
                    message.headers["traceparent"]
                )
                for message in platform.bus.stored
                if message.headers["ce-type"] == kind.type_name()
            }
            assert carried == {str(report_id): trace for trace, report_id in reports.items()}
