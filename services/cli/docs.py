"""`commonwatch docs`: documents made from code, so that they cannot lie; a test fails when one is stale."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey
from rich.box import SIMPLE_HEAD
from rich.table import Table
from sqlalchemy import MetaData

from services.cli.parts import SERVICES, Part, build
from shared.catalogue.api import api_page
from shared.catalogue.asyncapi import Outside, asyncapi, written
from shared.catalogue.events import events_page, heard_by, owned_events
from shared.catalogue.machines import machines_page
from shared.catalogue.permissions import permissions_page
from shared.catalogue.profiles import PROFILE_SCHEMA, profile_schema
from shared.catalogue.schemas import schema_of, schema_path
from shared.contracts.base import EVENTS
from shared.permission import addresses
from shared.reactions import Reactions
from shared.settings import ROOT


def described() -> list[Part]:
    """Build all services without connecting to anything, to read what they declare."""
    nowhere = {
        "database_url": "postgresql://nobody@localhost/none",
        "evidence_url": "memory:///",
        "vault_key": "A" * 43,
        "factor_key": "A" * 43,
        "operator_secret": "none",
        "signing_key": json.dumps(OKPKey.generate_key("Ed25519", {"kid": "none"}).as_dict(private=True)),
        "smtp_url": "smtp://localhost",
        "public_url": "http://localhost",
        **{f"url_{name}": f"http://{name}" for name in SERVICES},
    }
    return [build(name, nowhere) for name in SERVICES]


def metadata_of(name: str) -> MetaData:
    """Give the tables of one service."""
    [part] = [part for part in described() if part.name == name]
    return part.metadata


def listeners() -> dict[str, Reactions]:
    """Give what each service does when it hears of something."""
    return {part.name: part.service.reactions for part in described()}


def outside() -> Outside:
    """Give what notify lets out, from its own tables; loaded by name, for no other command needs them."""
    tables: Any = import_module("services.notify.outside.domain")
    envelope = import_module("services.notify.outside.shapes").CloudEvent
    audiences = {
        "public": tables.FOR_PUBLIC,
        "authority": tables.FOR_AUTHORITY,
        "party.claimant": tables.FOR_CLAIMANT,
        "party.declarant": tables.FOR_OWN_DECLARATION,
        "party.responsible": tables.FOR_RESPONSIBLE_UNIT,
        "party.governing": tables.FOR_GOVERNING_UNIT,
    }
    return Outside("/api/v1/events/stream", envelope, audiences)


def published() -> dict[str, Any]:
    """Give the public API's description, merged as the gateway merges it."""
    merged = import_module("services.gateway.edge.domain.publication").merged
    documents = {part.name: part.app.openapi() for part in described()}
    document: dict[str, Any] = merged(documents.pop("gateway"), documents)
    return document


def pages() -> dict[Path, str]:
    """Give every generated document with its text."""
    heard = listeners()
    return {
        ROOT / "docs" / "events.md": events_page(heard),
        ROOT / "docs" / "machines.md": machines_page(),
        ROOT / "docs" / "permissions.md": permissions_page(
            each for part in described() for each in addresses(part.app)
        ),
        ROOT / "docs" / "api.md": api_page(published()),
        ROOT / "docs" / "asyncapi.json": written(asyncapi(heard, outside())),
        ROOT / PROFILE_SCHEMA: written(profile_schema()),
        **{ROOT / schema_path(event): written(schema_of(event)) for event in EVENTS.values()},
    }


def write(*, check: bool) -> list[str]:
    """Write the documents that changed and remove the schemas of no event, or only name them when `check`."""
    made = pages()
    stale: list[str] = []
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path in sorted((ROOT / "schemas").rglob("*.json")):
        if path not in made:
            stale.append(str(path.relative_to(ROOT)))
            if not check:
                path.unlink()
    return stale


def events_table() -> Table:
    """Show who publishes what, who listens, and what each of them does then."""
    table = Table(box=SIMPLE_HEAD)
    for column in ("event", "tier", "who listens: what it does"):
        table.add_column(column, overflow="fold")
    heard = listeners()
    for owner, events in owned_events():
        table.add_row(f"[bold]{owner}[/]")
        for event in events:
            reacting = [f"{service}: {', '.join(names)}" for service, names in heard_by(event, heard).items()]
            fact = event.subject.removeprefix(f"{owner}.")
            table.add_row(f"  {fact}.v{event.version}", event.tier, "\n".join(reacting) or "nobody yet")
        table.add_section()
    return table
