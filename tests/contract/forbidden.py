"""All that a service must not be able to do at the broker; a right that is too wide is found by a line here."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shared.embedded.keys import ADMIN

STREAMS = ("CW", "CWOUT", "CWADV", "MINE")


class Attempt(NamedTuple):
    what: str
    subject: str
    body: bytes = b""


def words(**config: Any) -> bytes:
    return json.dumps(config).encode()


def speaking(me: str, other: str) -> Iterator[Attempt]:
    """What nobody may say, each with the body that would do the harm."""
    yield Attempt("state a fact of another service", f"cw.999901.{other}.report.submitted")
    yield Attempt("state a fact without an area", f"cw.{other}.report.submitted")
    yield Attempt("wake another's relay", f"poke.{other}", b"compare")
    yield Attempt("answer in another's name", f"_INBOX_{other}.x")
    yield Attempt("ask what another's consumer does", f"$JS.API.CONSUMER.INFO.CW.{other}")
    yield Attempt("delete another's consumer", f"$JS.API.CONSUMER.DELETE.CW.{other}")
    for durable in (other, f"{other}-own"):
        for stream in STREAMS:
            yield Attempt("pull another's messages", f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", b'{"batch":9}')
        yield Attempt("rewind another's consumer", f"$JS.API.CONSUMER.RESET.CW.{durable}", b'{"seq":1}')
        for end in (b"+ACK", b"-NAK", b"+TERM", b"+WPI", b'+NXT {"batch":9}'):
            yield Attempt(f"say {end.decode()} for another", f"$JS.ACK.CW.{durable}.1.1.1.1.0", end)
            yield Attempt(f"say {end.decode()} for another", f"$JS.ACK._.hash.CW.{durable}.1.1.1.1.0", end)
    foreign = f"cw.*.{other}.>"
    ask = words(stream_name="CW", config={"name": f"{me}-own", "filter_subject": foreign}, action="create")
    yield Attempt("read another's facts under its own name", f"$JS.API.CONSUMER.CREATE.CW.{me}-own.{foreign}", ask)
    yield Attempt("read its facts under another's name", f"$JS.API.CONSUMER.CREATE.CW.{other}-own.cw.*.{me}.>", ask)
    yield Attempt("read another's facts", f"$JS.API.CONSUMER.CREATE.CW.{other}-own.{foreign}", ask)
    yield Attempt("close another's window", f"$JS.API.CONSUMER.DELETE.CW.{other}-own")


def ruling(me: str) -> Iterator[Attempt]:
    """What only the platform may ask."""
    yield Attempt("state a fact of nobody", "cw.999901.nobody.report.submitted")
    yield Attempt("state a fact of the platform", f"cw.999901.{ADMIN}.report.submitted")
    yield Attempt("answer in the platform's name", f"_INBOX_{ADMIN}.x")
    yield Attempt("answer in anybody's name", "_INBOX.x")
    yield Attempt("claim an advisory", "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.CW.inspection", b"{}")
    yield Attempt("ask the server", "$SYS.REQ.SERVER.PING")
    yield Attempt("ask for the account", "$JS.API.INFO")
    yield Attempt("list streams", "$JS.API.STREAM.LIST")
    yield Attempt("name streams", "$JS.API.STREAM.NAMES")
    yield Attempt("create a consumer of any kind", "$JS.API.CONSUMER.CREATE.CW", words(stream_name="CW", config={}))
    for stream in STREAMS:
        config = words(name=stream, subjects=["cw.>"], retention="limits")
        for verb in ("CREATE", "UPDATE", "DELETE", "PURGE", "SNAPSHOT", "RESTORE", "PEER.REMOVE", "LEADER.STEPDOWN"):
            yield Attempt(f"{verb} a stream", f"$JS.API.STREAM.{verb}.{stream}", config)
        yield Attempt("delete a message", f"$JS.API.STREAM.MSG.DELETE.{stream}", b'{"seq":1}')
        yield Attempt("read any message", f"$JS.API.STREAM.MSG.GET.{stream}", b'{"seq":1}')
        # Its answer carries headers, and goes wherever the asker says: so facts would be forged.
        yield Attempt("read any message directly", f"$JS.API.DIRECT.GET.{stream}", b'{"seq":1}')
        yield Attempt("read the last of a subject", f"$JS.API.DIRECT.GET.{stream}.cw.999901.{me}.report.submitted")
        for name in ("LIST", "NAMES"):
            yield Attempt(f"{name} consumers", f"$JS.API.CONSUMER.{name}.{stream}")
        create = words(stream_name=stream, config={"name": "x", "durable_name": "x", "ack_policy": "explicit"})
        for subject in (
            f"$JS.API.CONSUMER.CREATE.{stream}.x",
            f"$JS.API.CONSUMER.CREATE.{stream}.x.cw.>",
            f"$JS.API.CONSUMER.CREATE.{stream}.{me}",
            f"$JS.API.CONSUMER.CREATE.{stream}.{me}-own",
            f"$JS.API.CONSUMER.CREATE.{stream}.{me}-own.cw.>",
            f"$JS.API.CONSUMER.CREATE.{stream}.{me}-own.cw.*.*.>",
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.x",
            f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{me}-own",
        ):
            yield Attempt("create a consumer", subject, create)
        for verb in ("DELETE", "PAUSE", "RESET", "UNPIN", "LEADER.STEPDOWN"):
            yield Attempt(f"{verb} its durable", f"$JS.API.CONSUMER.{verb}.{stream}.{me}", b'{"seq":1}')
    if me != "notify":
        yield Attempt("tell the outside", "cwout.999901.hazard.closed")
        yield Attempt("pull what the outside hears", f"$JS.API.CONSUMER.MSG.NEXT.CWOUT.{me}", b'{"batch":9}')


def listening(other: str) -> Iterator[str]:
    yield from (">", "*.>", "*", "cw.>", "cw.999901.>", f"cw.*.{other}.>", "cwout.>", f"_INBOX_{other}.>", "_INBOX.>")
    yield from ("poke.>", "poke.*", f"poke.{other}", "recall.>", "recall.*", f"recall.{other}", f"_INBOX_{ADMIN}.>")
    yield from ("$JS.>", "$JS.API.>", "$JS.ACK.>", f"$JS.ACK.CW.{other}.>", "$JS.EVENT.>", "$JS.EVENT.ADVISORY.>")
    yield from ("$SYS.>", "$SYS.ACCOUNT.>", "$JS.API.CONSUMER.MSG.NEXT.CW.>", "$SRV.>")


def own_consumers(me: str, other: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the body of a permitted request might smuggle in."""
    own, foreign = f"cw.*.{me}.>", f"cw.*.{other}.>"
    usual: dict[str, Any] = {"name": f"{me}-own", "filter_subject": own, "ack_policy": "none"}
    yield "another's filter", {**usual, "filter_subject": foreign}
    yield "every filter", {**usual, "filter_subject": "cw.>"}
    yield "no filter", {**usual, "filter_subject": ""}
    yield "a list of filters", {**usual, "filter_subject": "", "filter_subjects": [own, foreign]}
    yield "a filter and a list of filters", {**usual, "filter_subjects": [own, foreign]}
    yield "another's name", {**usual, "name": other}
    yield "the name of another's durable", {**usual, "durable_name": other, "ack_policy": "explicit"}
    yield "the name of its durable", {**usual, "durable_name": me, "name": me, "ack_policy": "explicit"}
    yield "a push under another's subject", {**usual, "deliver_subject": f"cw.999901.{other}.report.submitted"}
    yield "a push to everybody", {**usual, "deliver_subject": "_INBOX_*.>"}


HEADERS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("purge the stream", {"Nats-Rollup": "all"}),
    ("purge a subject", {"Nats-Rollup": "sub"}),
    ("let a message expire", {"Nats-TTL": "1s"}),
    ("let a message appear elsewhere later", {"Nats-Schedule": "@at 2026-01-01T00:00:00Z"}),
    ("count", {"Nats-Incr": "+1"}),
)
