"""One machine's installation under `var/`: keys, servers and the settings made of them."""

import base64
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from services.cli.parts import SERVICES
from shared.embedded.databases import database_of, make_databases
from shared.embedded.kept import Tell
from shared.embedded.keys import Keyring
from shared.embedded.mail import mail_catcher
from shared.embedded.nats import nats_server
from shared.embedded.nats_rights import admin_user, service_user
from shared.embedded.postgres import postgres

ISSUER = "commonwatch"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked for on the command line."""

    var: Path
    gateway_port: int | None = None
    postgres_url: str | None = None
    nats_url: str | None = None
    smtp_url: str | None = None
    profile: str = "cn"
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Installation:
    """Servers that run and what each service must be told."""

    wanted: Wanted
    keys: Keyring
    nats_url: str
    nats_admin_seed: str | None
    smtp_url: str
    database_urls: Mapping[str, str] = field(repr=False)

    def settings(self, name: str, ports: Mapping[str, int], county_code: str) -> dict[str, Any]:
        """Give the settings of one service, by the names that the environment uses after `COMMONWATCH_`."""
        ring = self.keys.signing_keys()
        common: dict[str, Any] = {
            "database_url": self.database_urls[name],
            "nats_url": self.nats_url,
            "nats_seed_file": None if self.nats_admin_seed is None else self._seed_file(name),
            "issuer": ISSUER,
            "jwks": json.dumps({"keys": [key.public() for key in ring.keys]}),
            "jwks_url": f"http://127.0.0.1:{ports['gateway']}/.well-known/jwks.json",
            "profile": self.wanted.profile,
            "county_code": county_code,
            "demo": self.wanted.demo,
        }
        url = {f"url_{other}": f"http://127.0.0.1:{port}" for other, port in ports.items()}
        own: dict[str, dict[str, Any]] = {
            "gateway": {
                **url,
                "signing_key_file": self.keys.signing_keys_file,
                "operator_secret": self.keys.operator_secret(),
                "factor_key": base64.urlsafe_b64encode(self.keys.factor_key()).decode(),
                **({"second_factor_required": False} if self.wanted.demo else {}),
                "public_url": url["url_gateway"],
            },
            "inspection": {"public_url": url["url_gateway"]},
            "volunteer": {"vault_key": base64.urlsafe_b64encode(self.keys.vault_key()).decode()},
            "notify": {
                "smtp_url": self.smtp_url,
                "mail_from": "Commonwatch <noreply@commonwatch.invalid>",
                "public_url": url["url_gateway"],
                "webhook_allow_loopback": True,
            },
        }
        return {**common, "evidence_url": str(self.wanted.var / "evidence"), **own.get(name, {})}

    def _seed_file(self, name: str) -> Path:
        self.keys.nats_seed(name)
        return self.wanted.var / "keys" / f"nats-{name}.nk"


@asynccontextmanager
async def installed(wanted: Wanted, tell: Tell) -> AsyncGenerator[Installation]:
    """Start (or reach) PostgreSQL, NATS and a mail server; stop what was started.

    A server that ends meanwhile is started again, and the operator told.
    """
    keys = Keyring(wanted.var)
    passwords = {name: keys.database_password(name) for name in SERVICES}
    async with AsyncExitStack() as stack:
        if wanted.postgres_url is None:
            server = await stack.enter_async_context(postgres(wanted.var / "postgres", passwords, tell=tell))
            urls = {name: server.url(name) for name in SERVICES}
        else:
            urls = await _databases_at(wanted.postgres_url, passwords)
        seed: str | None = None
        if wanted.nats_url is None:
            users = [admin_user("platform", keys.nats_public())]
            users += [service_user(name, keys.nats_public(name), name) for name in SERVICES]
            nats = await stack.enter_async_context(nats_server(wanted.var / "nats", users, tell=tell))
            nats_url, seed = nats.url, keys.nats_seed()
        else:
            nats_url = wanted.nats_url
        smtp_url = wanted.smtp_url or await stack.enter_async_context(mail_catcher(wanted.var / "mail"))
        yield Installation(wanted, keys, nats_url, seed, smtp_url, urls)


async def _databases_at(url: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Make roles and databases on a server that exists already; `url` signs in as one who may."""
    parts = urlsplit(url)

    def named(database: str, user: str | None = None, password: str | None = None) -> str:
        host = parts.netloc.rpartition("@")[2]
        netloc = parts.netloc if user is None else f"{user}:{password}@{host}"
        return urlunsplit(("postgresql", netloc, f"/{database}", parts.query, ""))

    await make_databases(named, passwords)
    return {name: named(database_of(name), name, password) for name, password in passwords.items()}
