"""The commands themselves: each reads its options, calls one function and turns a fault into a sentence."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from services.cli import bases as catalogue
from services.cli import deadletters, draws, events, history, keys, profiles, tables
from services.cli import docs as documents
from services.cli.doctor import examine
from services.cli.installation import Wanted
from services.cli.parts import build
from services.cli.server import listen, serving, settle_memory, until_told_to_stop
from services.cli.terminal import Var, console, known, run
from services.cli.up import durables, up
from shared.bus.streams import lay_streams
from shared.migrate import upgrade, write_version

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(deadletters.app, name="deadletters")
app.add_typer(draws.app, name="draw")
app.add_typer(events.app, name="events")
app.add_typer(history.app, name="history")
app.add_typer(keys.app, name="keys")
app.add_typer(profiles.app, name="profile")
app.command("import")(tables.import_)
app.command()(tables.export)
app.command()(tables.template)
DatabaseUrl = Annotated[str, typer.Option(envvar="COMMONWATCH_DATABASE_URL", help="The service's database.")]


@app.command("up")
def up_(
    var: Var = Path("var"),
    demo: Annotated[
        bool, typer.Option("--demo", help="Seed the invented Demo County F and show its sign-ins.")
    ] = False,
    processes: Annotated[bool, typer.Option("--processes", help="One process for each service.")] = False,
    gateway_port: Annotated[int | None, typer.Option(help="Port of the gateway; 0 takes free ports for all.")] = None,
    postgres: Annotated[
        str | None, typer.Option(envvar="COMMONWATCH_POSTGRES", help="Use this server (URL of one who may make roles).")
    ] = None,
    nats: Annotated[str | None, typer.Option(envvar="COMMONWATCH_NATS", help="Use this NATS server (URL).")] = None,
    smtp: Annotated[str | None, typer.Option(envvar="COMMONWATCH_SMTP", help="Send mail through this server.")] = None,
    profile: Annotated[str, typer.Option(help="Jurisdiction profile.")] = "cn",
) -> None:
    """Start everything on this machine: PostgreSQL, NATS, six services. Ctrl-C stops it; the data stays."""
    wanted = Wanted(var.resolve(), gateway_port, postgres, nats, smtp, profile, demo)
    run(up(wanted, processes=processes, console=console))


@app.command()
def serve(
    name: str,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    trusted_proxies: Annotated[
        str | None,
        typer.Option(envvar="COMMONWATCH_TRUSTED_PROXIES", help="Networks whose word on the client's address counts."),
    ] = None,
) -> None:
    """Run one service with the settings of the environment, as a container does."""
    run(_serve(known(name), host, port, trusted_proxies))


async def _serve(name: str, host: str, port: int, trusted_proxies: str | None) -> None:
    part = build(name)
    async with serving(part, listen(port, host), trusted_proxies):
        settle_memory()
        await until_told_to_stop()


@app.command()
def migrate(name: str, database: DatabaseUrl) -> None:
    """Bring one service's database to its newest form; needs nothing but the database's URL."""
    run(upgrade(known(name), documents.metadata_of(name), database))


@app.command()
def revise(name: str, message: str, database: DatabaseUrl) -> None:
    """Write the migration that leads from one service's database to its models (for developers)."""
    run(write_version(known(name), documents.metadata_of(name), database, message))


@app.command()
def streams(
    nats: Annotated[str, typer.Option(envvar="COMMONWATCH_NATS_URL", help="NATS server.")],
    seed_file: Annotated[Path | None, typer.Option(envvar="COMMONWATCH_NATS_SEED_FILE", help="Admin's nkey.")] = None,
    replicas: Annotated[int, typer.Option(envvar="COMMONWATCH_STREAM_REPLICAS", help="3 in a cluster.")] = 1,
) -> None:
    """Create or update streams and consumers; services never do."""
    seed = seed_file.read_text().strip() if seed_file else None
    run(lay_streams(nats, seed, durables(documents.described()), replicas=replicas))


@app.command()
def docs(
    show: Annotated[
        Literal["events"] | None, typer.Argument(help="Write nothing; show who publishes and who listens.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when a page is stale.")] = False,
) -> None:
    """Write the generated documents: docs/ and schemas/."""
    if show == "events":
        console.print(documents.events_table())
        return
    stale = documents.write(check=check)
    if stale and check:
        console.print("Stale, write them anew with `make docs`:", *stale)
        raise typer.Exit(1)


@app.command()
def doctor(var: Var = Path("var")) -> None:
    """Look at keys, databases, streams and services; say what to do about each fault."""
    if not run(examine(var.resolve(), console)):
        raise typer.Exit(1)


app.command()(catalogue.bases)


def main() -> None:
    app()
