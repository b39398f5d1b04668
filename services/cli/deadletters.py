"""`commonwatch deadletters`: what is stuck, why, and how to bring it further or give it up."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from services.cli.operation import Gateway, Operation, SecretFile, operating
from services.cli.parts import SERVICES
from services.cli.terminal import Var, console, known, run
from shared.inbox.plan import State

ALIVE = (State.OPEN, State.WAITING, State.FAILING)
COLUMNS = ("service", "id", "state", "consumer", "event", "object", "version", "tries", "since", "cause")

app = typer.Typer(no_args_is_help=True, help="See which events are stuck, and bring them further or give them up.")
ServiceName = Annotated[str, typer.Argument(help="The service in whose database the letter lies.")]
LetterId = Annotated[int, typer.Argument(help="The letter's id, from `commonwatch deadletters list`.")]
OverGap = Annotated[
    bool, typer.Option("--over-gap", help="Earlier versions exist nowhere any more: count them as seen.")
]


@app.command("list")
def list_(
    service: Annotated[str | None, typer.Option(help="Only this service's.")] = None,
    state: Annotated[State | None, typer.Option(help="Only these; otherwise all that are not settled.")] = None,
    consumer: Annotated[str | None, typer.Option(help="`relay`: what the broker does not take.")] = None,
    aggregate_id: Annotated[str | None, typer.Option("--object", help="Only of the object with this id.")] = None,
    most: Annotated[int, typer.Option(min=1, max=200, help="At most so many of a service and state.")] = 50,
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """List letters, the newest first. Ends with 1 when any is open."""
    asked = {"consumer": consumer, "aggregate_id": aggregate_id, "limit": most}
    services = [known(service)] if service else list(SERVICES)

    async def listing() -> list[tuple[str, dict[str, Any]]]:
        async with operating(var, gateway, secret_file) as operation:
            return [
                (name, letter)
                for name in services
                for one in ([state] if state else ALIVE)
                for letter in (await operation.ask(name, "/dead-letters", state=one.value, **asked))["items"]
            ]

    letters: list[tuple[str, dict[str, Any]]] = run(listing())
    if letters:
        table = Table(*COLUMNS, box=None, pad_edge=False)
        for name, letter in letters:
            table.add_row(*_row(name, letter))
        console.print(table)
    console.print(f"{len(letters)} letters" if letters else "no letters")
    if any(letter["state"] == State.OPEN for _, letter in letters):
        raise typer.Exit(1)


def _row(service: str, letter: dict[str, Any]) -> tuple[str, ...]:
    version = letter["version"]
    return (
        service,
        str(letter["id"]),
        letter["state"],
        letter["consumer"],
        letter["type"] or letter["subject"],
        letter["aggregate_id"] or "",
        "" if version is None else f"{version} after {letter['applied_version'] or 0}",
        str(letter["tries"]),
        letter["first_failed_at"][:19],
        f"{letter['error_class']}: {letter['error']}"[:120],
    )


@app.command()
def show(
    service: ServiceName,
    letter_id: LetterId,
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """Show a letter with its headers and all that it says."""

    async def showing() -> dict[str, Any]:
        async with operating(var, gateway, secret_file) as operation:
            letter: dict[str, Any] = await operation.ask(known(service), f"/dead-letters/{letter_id}")
            return letter

    letter = run(showing())
    body = letter.pop("body")
    console.print_json(json.dumps(letter, ensure_ascii=False))
    console.print(body, markup=False)


@app.command()
def replay(
    service: ServiceName,
    letter_id: LetterId,
    note: Annotated[str | None, typer.Option(help="What was mended; kept with the letter.")] = None,
    *,
    over_gap: OverGap = False,
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """Try a letter once more; those who waited for it follow."""
    run(_act(service, letter_id, "replay", {"note": note, "over_gap": over_gap}, (var, gateway, secret_file)))


@app.command()
def discard(
    service: ServiceName,
    letter_id: LetterId,
    note: Annotated[str, typer.Option(help="Why; kept with the letter.")],
    *,
    over_gap: OverGap = False,
    var: Var = Path("var"),
    gateway: Gateway = None,
    secret_file: SecretFile = None,
) -> None:
    """Give a letter up; those who waited for it follow without it."""
    run(_act(service, letter_id, "discard", {"note": note, "over_gap": over_gap}, (var, gateway, secret_file)))


async def _act(
    service: str, letter_id: int, verb: str, ask: dict[str, Any], where: tuple[Path, str | None, Path | None]
) -> None:
    async with operating(*where) as operation:
        letter = await operation.tell(known(service), f"/dead-letters/{letter_id}/{verb}", **ask)
        console.print(f"letter {letter_id} of {service}: {letter['state']}")
        if left := await _still_waiting(operation, service, letter["aggregate_id"]):
            console.print(f"{left} letters of the same object are not settled: `commonwatch deadletters list`")


async def _still_waiting(operation: Operation, service: str, aggregate_id: str | None) -> int:
    if aggregate_id is None:
        return 0
    pages = [
        await operation.ask(service, "/dead-letters", state=state.value, aggregate_id=aggregate_id) for state in ALIVE
    ]
    return sum(len(page["items"]) for page in pages)
