"""Without this file a service could forge another's events: consumers believe a sender only because of these lists."""

from dataclasses import dataclass

INSIDE = "CW"
OUTSIDE = "CWOUT"


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
    publish = [f"cw.*.{service}.>", f"poke.{service}", *_pull(INSIDE, durable)]
    if service == "notify":
        # It alone tells the outside, and replays it to those who come back late.
        publish += [
            "cwout.>",
            *_pull(OUTSIDE, "*"),
            f"$JS.API.DIRECT.GET.{OUTSIDE}",
            f"$JS.API.DIRECT.GET.{OUTSIDE}.>",
            f"$JS.API.STREAM.MSG.GET.{OUTSIDE}",
        ]
    return NatsUser(service, public_nkey, tuple(publish), (f"{inbox_prefix(service)}.>", f"poke.{service}"))


def admin_user(name: str, public_nkey: str) -> NatsUser:
    """The platform itself, which makes streams and consumers and can rebuild or inspect every one of them."""
    events = ("cw.>", "cwout.>", "poke.>", "_INBOX.>", f"{inbox_prefix(name)}.>")
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
