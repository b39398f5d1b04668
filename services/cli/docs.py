"""`commonwatch docs`: pages made from code, so that they cannot lie; a test fails when one is stale."""

import json
from pathlib import Path

from joserfc.jwk import OKPKey
from sqlalchemy import MetaData

from services.cli.parts import SERVICES, Part, build
from shared.catalogue import events_page, machines_page
from shared.settings import ROOT


def described() -> list[Part]:
    """Build all services without connecting to anything, to read what they declare."""
    nowhere = {
        "database_url": "postgresql://nobody@localhost/none",
        "evidence_url": "memory:///",
        "vault_key": "A" * 43,
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


def pages() -> dict[Path, str]:
    """Give every generated page with its text."""
    parts = described()
    return {
        ROOT / "docs" / "events.md": events_page({part.name: part.service.reactions for part in parts}),
        ROOT / "docs" / "machines.md": machines_page(),
    }


def write(*, check: bool) -> list[str]:
    """Write the pages that changed, or only name them when `check`."""
    stale: list[str] = []
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return stale
