"""What really lies on the bus is what the schemas and the AsyncAPI document say of it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import golden
import pytest
from jsonschema import Draft7Validator, Draft202012Validator, ValidationError
from jsonschema.protocols import Validator

from services.notify.outside.domain import copies
from services.notify.outside.domain.fields import LEAVING
from services.notify.outside.shapes import CloudEvent
from shared.broker import Outgoing, decode_headers, encode_headers
from shared.catalogue.headers import HEADERS
from shared.catalogue.schemas import schema_path
from shared.contracts.base import EVENTS, Envelope, schema_id
from shared.contracts.inspection import (
    HazardConfirmed,
    OrderIssued,
    ReportAccepted,
    ReportReceived,
)
from shared.contracts.registry import AreaRegistered, CriterionListed, EnterpriseRegistered, MembershipGranted
from shared.contracts.values import derived_id
from shared.contracts.volunteer import ReportSubmitted
from shared.settings import ROOT
from shared.testing import START, OpenPlatform

sys.path.append(str(Path(__file__).parent.parent / "e2e"))
from county import founded, ok, order, report, uid

Json = dict[str, Any]

OPERATOR = "the operator's secret of this test run"
DOCUMENT: Json = json.loads((ROOT / "docs" / "asyncapi.json").read_text("utf-8"))


def described(schema: Json) -> Validator:
    """Judge by a schema of the AsyncAPI document, whose dialect is a superset of draft 7."""
    whole = {**schema, "components": DOCUMENT["components"]}
    return Draft7Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def judge(message: Outgoing) -> None:
    """Refuse a message that is not as it is published to be; raises ValidationError."""
    type_name = message.headers["ce-type"]
    told = DOCUMENT["components"]["messages"][type_name.removeprefix("commonwatch.")]
    on_the_wire = {**encode_headers(message.headers), "Nats-Msg-Id": message.message_id}
    names = {header.name.lower(): header.name for header in HEADERS}
    read = {names.get(name, name): value for name, value in decode_headers(on_the_wire).items()}
    assert read.keys() <= set(names.values()), "a header that no document names"
    described(told["headers"]).validate(read)
    described(told["payload"]).validate(json.loads(message.data))
    schema = golden.read(ROOT / schema_path(EVENTS[type_name]))
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(json.loads(message.data))


async def test_every_message_of_a_county_at_work_is_as_it_is_published_to_be(services_here: OpenPlatform) -> None:
    everyone = ("registry", "volunteer", "inspection", "notify", "gateway")
    settings = {"operator_secret": OPERATOR, "sign_ins_per_minute": 1000}
    async with services_here(*everyone, **settings) as platform, founded(platform, OPERATOR) as county:
        await ok(county.ada.put(f"/reports/{uuid4()}", json=report(what="二号线电机积尘 100% “厚”")))
        await county.settle()
        [entry] = (await ok(county.desk.get("/docket")))["items"]
        hazard_id = (await ok(county.desk.post(f"/docket/{entry['id']}/accept", json={"what": "Dust"})))["hazard_id"]
        facts = {"grade": "general", "what": "二号线积尘", "officers": [uid("li"), uid("wang")]}
        await ok(county.li.post(f"/hazards/{hazard_id}/confirm", json=facts))
        await ok(county.desk.post(f"/hazards/{hazard_id}/assign", json={}))
        await ok(county.li.post(f"/hazards/{hazard_id}/order", json=order("Clean the motors · 清理")))
        await county.settle()
        sent = platform.bus.stored
    for message in sent:
        judge(message)
    kinds = {message.headers["ce-type"] for message in sent}
    expected = (AreaRegistered, CriterionListed, EnterpriseRegistered, MembershipGranted, ReportSubmitted)
    expected += (ReportReceived, ReportAccepted, HazardConfirmed, OrderIssued)
    assert {event.type_name() for event in expected} <= kinds
    _a_wrong_message_is_refused(next(m for m in sent if m.headers["ce-type"] == ReportSubmitted.type_name()))


def _a_wrong_message_is_refused(right: Outgoing) -> None:
    body = json.loads(right.data)
    for wrong in ({**body, "reporter": "Ada"}, {**body, "category": "dragons"}, {**body, "claim_id": "7"}):
        with pytest.raises(ValidationError):
            judge(_like(right, data=json.dumps(wrong).encode()))
    for name, value in (("ce-source", "/registry"), ("ce-sequence", "1"), ("ce-id", "x"), ("traceparent", "00-1-1-1")):
        with pytest.raises(ValidationError):
            judge(_like(right, headers={**right.headers, name: value}))


def _like(message: Outgoing, **changed: Any) -> Outgoing:
    whole = {name: getattr(message, name) for name in ("event_id", "aggregate_id", "subject", "headers", "data")}
    return Outgoing(**(whole | changed))


def _leaving() -> Iterator[tuple[str, Path]]:
    yield from ((name, path) for name, path in golden.samples() if EVENTS[name] in LEAVING and "full" in path.stem)


@pytest.mark.parametrize("sample", list(_leaving()), ids=lambda sample: sample[0])
def test_what_partners_receive_is_as_it_is_published_to_be(sample: tuple[str, Path]) -> None:
    type_name, path = sample
    event = EVENTS[type_name].model_validate_json(path.read_bytes())
    envelope = Envelope(
        event_id=derived_id("golden", "event"),
        type=type_name,
        source=f"/{event.owner()}",
        area_code=event.area_code,
        aggregate=event.aggregate(),
        aggregate_id=derived_id("golden", "aggregate"),
        sequence=1,
        at=START,
    )
    left = list(copies(event, envelope))
    assert left
    for copy in left:
        named = type_name.removeprefix("commonwatch.")
        audience, _, _ = copy.channel.partition(":")
        told = [
            message
            for name, message in DOCUMENT["components"]["messages"].items()
            if name.startswith(f"outside.{audience}") and name.endswith(named)
        ]
        outside = CloudEvent(
            id=copy.event_id,
            type=copy.type,
            subject=copy.aggregate_id,
            time=copy.at,
            sequence=f"{1:010d}",
            channel=copy.channel,
            area=copy.area_code,
            data=copy.data,
        ).model_dump(mode="json")
        assert told, f"no document names a copy of {type_name} for {copy.channel}"
        assert any(described(message["payload"]).is_valid(outside) for message in told)
        described_fields = {
            field for message in told for field in message["payload"]["allOf"][1]["properties"]["data"]["properties"]
        }
        assert copy.data.keys() - {"claim_id", "claim_ids"} <= described_fields


def test_the_name_of_a_schema_is_no_address() -> None:
    assert (
        schema_id("commonwatch.volunteer.report.submitted.v1") == "urn:commonwatch:schema:volunteer.report.submitted.v1"
    )
