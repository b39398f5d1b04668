"""Without this file a service could forge another's events: consumers believe a sender only because of these lists."""

from dataclasses import dataclass

INSIDE = "CW"
OUTSIDE = "CWOUT"
ADVISORIES = "CWADV"


@dataclass(frozen=True)
class NatsUser:
    """Somebody who may sign in with the private half of `public_nkey`, and what they may then do."""

    name: str
    public_nkey: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def inbox_prefix(name: str) -> str:
    """Where a user's answers arrive; its own, so that nobody overhears another's."""
    return f"_INBOX_{name}"


def service_user(service: str, public_nkey: str, durable: str) -> NatsUser:
    """The least that a service needs: to state its own facts, and to pull and acknowledge from its own consumer."""
    publish = [f"cw.*.{service}.>", f"poke.{service}", "recall.*", *_pull(INSIDE, durable), *_own(service)]
    # What the broker gave up delivering to this very consumer.
    publish += _pull(ADVISORIES, durable)
    if service == "notify":
        # It alone tells the outside, and replays it to those who come back late. Not by direct get: the answer goes,
        # with the headers of the message, wherever the asker wishes, so also under another's subject.
        publish += ["cwout.>", *_pull(OUTSIDE, durable)]
    heard = (f"{inbox_prefix(service)}.>", f"poke.{service}", f"recall.{service}")
    return NatsUser(service, public_nkey, tuple(publish), heard)


def admin_user(name: str, public_nkey: str) -> NatsUser:
    """The platform itself, which makes streams and consumers and can rebuild or inspect every one of them."""
    events = ("cw.>", "cwout.>", "poke.>", "recall.>", "_INBOX.>", f"{inbox_prefix(name)}.>")
    return NatsUser(
        name,
        public_nkey,
        publish=("$JS.API.>", "$JS.ACK.>", "$JS.FC.>", *events),
        subscribe=("$JS.EVENT.ADVISORY.>", *events),
    )


def _pull(stream: str, durable: str) -> list[str]:
    return [
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.CONSUMER.INFO.{stream}.{durable}",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}",
        # Both forms of the acknowledgement: a server flag already sends the second.
        f"$JS.ACK.{stream}.{durable}.>",
        f"$JS.ACK.*.*.{stream}.{durable}.>",
    ]


def _own(service: str) -> list[str]:
    """To read its own facts back: the filter stands in the subject, so nobody reads another's this way."""
    return [
        f"$JS.API.CONSUMER.CREATE.{INSIDE}.{service}-own.cw.*.{service}.>",
        f"$JS.API.CONSUMER.MSG.NEXT.{INSIDE}.{service}-own",
        f"$JS.API.CONSUMER.DELETE.{INSIDE}.{service}-own",
    ]
