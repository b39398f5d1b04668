"""`commonwatch events`: whether the broker holds what was ever stated, and how it gets back what it lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from services.cli.docs import described
from services.cli.operation import Gateway, Operation, SecretFile, operating, place_of
from services.cli.parts import SERVICES
from services.cli.terminal import Var, console, known, run
from services.cli.up import durables
from shared.bus.replaying import deliver_again
from shared.bus.streams import lay_streams
from shared.embedded.faults import Misconfigured
from shared.embedded.keys import Keyring
from shared.inbox.plan import State

LOOK_S = 0.5
OLD_S = 60
COLUMNS = ("service", "ever sent", "in the stream", "lacking", "unknown", "filled", "verdict")

app = typer.Typer(no_args_is_help=True, help="Compare, rebuild or replay what flows between the services.")
Nats = Annotated[str | None, typer.Option(envvar="COMMONWATCH_NATS_URL", help="NATS server; that of --var if none.")]
SeedFile = Annotated[Path | None, typer.Option(envvar="COMMONWATCH_NATS_SEED_FILE", help="Admin's nkey; likewise.")]
Within = Annotated[float, typer.Option(min=1, help="Give up after so many seconds.")]


@dataclass(frozen=True, slots=True)
class Found:
    """What a comparison of stream and log of record found at one service."""

    service: str
    events: dict[str, Any] | None
    """None: it did not compare in time."""
    lacking: int = 0
    unknown: int = 0

    @property
    def whole(self) -> bool:
        """Tell whether the stream holds all that the service ever stated."""
        return self.events is not None and bool(self.events["streams"][0]["filled"])

    @property
    def fault(self) -> str | None:
        """Say what differs from how it should be."""
        if self.events is None:
            return "did not compare in time"
        letters = self.events["letters"]
        faults = {
            "the stream lacked facts; they were sent again": self.lacking,
            "the stream held facts that the database did not know; it took them back": self.unknown,
            "the stream is not filled yet": not self.whole,
            "versions are not contiguous": self.events["broken_versions"],
            "letters are stuck: `commonwatch deadletters list`": letters[State.OPEN] + letters[State.WAITING],
            "facts are unsent for more than a minute": self.events["unsent_oldest_s"] > OLD_S,
        }
        return next((fault for fault, there in faults.items() if there), None)


@app.command()
def verify(
    within: Within = 120,
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """Compare all that was ever stated with what the broker holds. Ends with 1 when anything differs or is stuck."""
    found: list[Found] = run(_everywhere((var, gateway, secret_file), within, again=False))
    _tell(found, [one.fault for one in found])


@app.command()
def rebuild(
    within: Within = 600,
    nats: Nats = None,
    seed_file: SeedFile = None,
    replicas: Annotated[int, typer.Option(envvar="COMMONWATCH_STREAM_REPLICAS", help="3 in a cluster.")] = 1,
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """Lay streams and consumers anew and wait until every service has given the broker back what it lost."""

    async def rebuilding() -> list[Found]:
        url, seed = _broker(var, nats, seed_file)
        try:
            await lay_streams(url, seed, durables(described()), replicas=replicas)
        except OSError as away:
            raise Misconfigured(f"The streams cannot be laid: {away!r}.") from None
        return await _everywhere((var, gateway, secret_file), within, again=True)

    found: list[Found] = run(rebuilding())
    _tell(found, [None if one.whole else one.fault for one in found])


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help="Whose consumer.")],
    from_seq: Annotated[int | None, typer.Option("--from", min=1, help="Place in the stream.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Moment, in UTC.")] = None,
    nats: Nats = None,
    seed_file: SeedFile = None,
    var: Var = Path("var"),
) -> None:
    """Deliver to a service once more what it was given: it drops what it applied and tries what it could not."""
    if (from_seq is None) == (since is None):
        console.print("Say either --from or --since.")
        raise typer.Exit(2)
    start = from_seq if from_seq is not None else since and since.replace(tzinfo=UTC)
    assert start is not None

    async def replaying() -> int:
        url, seed = _broker(var, nats, seed_file)
        try:
            return await deliver_again(url, seed, known(service), start)
        except OSError as refused:
            raise Misconfigured(f"The broker does not deliver again: {refused}.") from None

    console.print(f"{run(replaying())} messages are delivered to {service} once more")


def _broker(var: Path, url: str | None, seed_file: Path | None) -> tuple[str, str | None]:
    """Give the broker's address and the admin's key: those of this machine's platform unless others are named."""
    seed = seed_file.read_text().strip() if seed_file else None
    return (url, seed) if url else (place_of(var)["nats"], seed or Keyring(var).nats_seed())


async def _everywhere(where: tuple[Path, str | None, Path | None], within_s: float, *, again: bool) -> list[Found]:
    until = asyncio.get_running_loop().time() + within_s
    async with operating(*where) as operation:
        return await asyncio.gather(*(_compared(operation, name, until, again=again) for name in SERVICES))


async def _compared(operation: Operation, service: str, until: float, *, again: bool) -> Found:
    """Have one service compare everything; `again`: until nothing is lacking any more."""
    lacking = unknown = 0
    while stream := await _audit(operation, service, until):
        lacking, unknown = lacking + stream["audited_lacking"], unknown + stream["audited_unknown"]
        if not again or not (stream["audited_lacking"] or stream["audited_unknown"]):
            return Found(service, await operation.ask(service, "/events", thorough=True), lacking, unknown)
    return Found(service, None, lacking, unknown)


async def _audit(operation: Operation, service: str, until: float) -> dict[str, Any] | None:
    """Ask for a comparison and wait for its outcome; None: there was none in time."""
    before = [_audited(stream) for stream in (await operation.ask(service, "/events"))["streams"]]
    asked = False
    while asyncio.get_running_loop().time() < until:
        asked = asked or (await operation.tell(service, "/events/compare"))["asked"]
        streams: Sequence[dict[str, Any]] = (await operation.ask(service, "/events"))["streams"]
        for stream in streams[:1]:
            if asked and stream["filled"] and stream["audited_whole"] and _audited(stream) not in before:
                return stream
        await asyncio.sleep(LOOK_S)
    return None


def _audited(stream: dict[str, Any]) -> tuple[str, str | None]:
    return stream["js_epoch"], stream["audited_at"]


def _tell(found: Sequence[Found], faults: Sequence[str | None]) -> None:
    table = Table(*COLUMNS, box=None, pad_edge=False)
    for one, fault in zip(found, faults, strict=True):
        events = one.events or {"archived": "?", "streams": [{"audited_there": "?"}]}
        counts = (events["archived"], events["streams"][0]["audited_there"], one.lacking, one.unknown)
        verdict = "[green]ok[/]" if fault is None else f"[red]{fault}[/]"
        table.add_row(one.service, *map(str, counts), "yes" if one.whole else "no", verdict)
    console.print(table)
    if any(faults):
        raise typer.Exit(1)
