"""The published AsyncAPI document: valid by the official parser, complete, and served to everybody."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import golden
import official_parser
import pytest

from services.cli.docs import described
from shared.reactions import Reactions
from shared.settings import ROOT
from shared.testing import OpenPlatform

Json = dict[str, Any]

WRITTEN = (ROOT / "docs" / "asyncapi.json").read_text("utf-8")
DOCUMENT: Json = json.loads(WRITTEN)
SUBMITTED = "volunteer.report.submitted"
NAME = f"{SUBMITTED}.v1"


def _errors(said: Json) -> list[str]:
    return [f"{each['path']}: {each['message']}" for each in said["said"] if each["severity"] == "error"]


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Json]:
    """What the parser says of the whole document, of its part that is sound, and of each that was broken on purpose."""
    asked = {"the whole": WRITTEN, "sound": json.dumps(_of_one_event())}
    for what, breach in BREACHES.items():
        document = _of_one_event()
        breach(document)
        asked[what] = json.dumps(document)
    return dict(zip(asked, official_parser.judge(*asked.values()), strict=True))


@pytest.mark.timeout(300)  # the parser is installed here on a fresh machine
def test_the_official_parser_accepts_the_document(
    verdicts: dict[str, Json], capsys: pytest.CaptureFixture[str]
) -> None:
    judged = verdicts["the whole"]
    with capsys.disabled():
        for each in judged["said"]:
            print(f"\nasyncapi.json, {each['severity']}: {each['path']}: {each['message']}", end="")  # noqa: T201 — advice is for reading
    assert _errors(judged) == []
    assert judged["understood"]
    assert judged["channels"] == len(DOCUMENT["channels"]) >= len({event.subject for event in golden.EVENTS.values()})
    assert judged["operations"] == len(DOCUMENT["operations"])
    assert judged["messages"] == len(DOCUMENT["components"]["messages"]) >= len(golden.EVENTS)
    assert {each["code"] for each in judged["said"]} <= {"asyncapi-latest-version"}, "a warning is for reading"


def _of_one_event() -> Json:
    """Give what the document says of one event: as valid as the whole, and quicker to judge."""
    whole, channel = deepcopy(DOCUMENT), {"$ref": f"#/channels/{SUBMITTED}"}
    kept = whole["components"]
    return {
        **whole,
        "channels": {SUBMITTED: whole["channels"][SUBMITTED]},
        "operations": {name: one for name, one in whole["operations"].items() if one["channel"] == channel},
        "components": {
            **kept,
            "messages": {NAME: kept["messages"][NAME]},
            "schemas": {name: one for name, one in kept["schemas"].items() if "." not in name or name == NAME},
        },
    }


BREACHES: dict[str, Callable[[Json], object]] = {
    "no title": lambda doc: doc["info"].pop("title"),
    "a channel that does not exist": lambda doc: _sent(doc).update(channel={"$ref": "#/channels/x"}),
    "neither sent nor received": lambda doc: _sent(doc).update(action="shout"),
    "a message that nobody described": lambda doc: doc["components"]["messages"].clear(),
    "a schema of no type": lambda doc: doc["components"]["schemas"][NAME].update(type="sentence"),
    "a parameter that leads nowhere": lambda doc: doc["components"].pop("parameters"),
    "a binding that NATS has not": lambda doc: _received(doc)["bindings"]["nats"].update(durable="notify"),
}


def _sent(document: Json) -> Json:
    return document["operations"][f"volunteer.sends.{NAME}"]


def _received(document: Json) -> Json:
    return document["operations"][f"inspection.receives.{NAME}"]


@pytest.mark.timeout(300)
def test_the_official_parser_refuses_what_is_broken(verdicts: dict[str, Json]) -> None:
    assert {what for what, said in verdicts.items() if not _errors(said)} == {"the whole", "sound"}


def test_every_parameter_of_an_address_is_described() -> None:
    for name, channel in DOCUMENT["channels"].items():
        assert set(re.findall(r"{(\w+)}", channel["address"])) == set(channel.get("parameters", {})), name


def _heard() -> Iterator[tuple[str, Reactions]]:
    for part in described():
        yield part.name, part.service.reactions


def test_every_event_is_sent_by_its_owner_and_received_by_whoever_reacts() -> None:
    operations = DOCUMENT["operations"]
    sent = {operation["summary"] for operation in operations.values() if operation["action"] == "send"}
    expected = {f"{event.owner()} sends {name.removeprefix('commonwatch.')}" for name, event in golden.EVENTS.items()}
    assert expected == {sentence for sentence in sent if "outside" not in sentence}
    reactions = {
        (service, type_name.removeprefix("commonwatch."), reaction.name)
        for service, heard in _heard()
        for type_name in heard.types()
        for reaction in heard.of(type_name)
    }
    reactions |= {
        (service, type_name.removeprefix("commonwatch."), react.__name__)
        for service, heard in _heard()
        for react in heard.every
        for type_name in golden.EVENTS
    }
    told = {
        (operation["tags"][0]["name"], message["$ref"].rpartition("/")[2], name)
        for operation in operations.values()
        for message in operation["messages"]
        for name in operation.get("x-reactions", ())
    }
    assert told == reactions


def test_no_place_and_no_server_is_named() -> None:
    assert "servers" not in DOCUMENT
    assert "://" not in WRITTEN


async def test_the_gateway_serves_it_to_everybody_and_says_when_it_is_the_same(services_here: OpenPlatform) -> None:
    async with services_here("gateway") as platform, platform.client("gateway") as anyone:
        first = await anyone.get("/asyncapi.json")
        assert (first.status_code, first.text) == (200, WRITTEN)
        assert first.headers["content-type"] == "application/json"
        assert first.headers["cache-control"] == "public, max-age=300"
        for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
            again = await anyone.get("/asyncapi.json", headers={"if-none-match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        changed = await anyone.get("/asyncapi.json", headers={"if-none-match": '"of yesterday"'})
        assert changed.status_code == 200


def test_the_image_holds_what_the_gateway_serves() -> None:
    containerfile = (ROOT / "deploy" / "Containerfile").read_text("utf-8").splitlines()
    assert "COPY docs/asyncapi.json docs/asyncapi.json" in containerfile
    assert "!docs/asyncapi.json" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
