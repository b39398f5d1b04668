# ruff: noqa: INP001 - a script beside the manifests, in no package
"""Without this file an operator would make twenty secrets by hand, and each service's rights at the broker with them.

Prints the Secrets that an overlay names, for `kubectl apply -f -`. What is random is kept in a folder, so that a
second run prints the same.
"""

import argparse
import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.embedded.keys import ADMIN, Keyring
from shared.embedded.nats_rights import admin_user, service_user

SERVICES = ("gateway", "registry", "inspection", "thirdparty", "volunteer", "notify")

Contents = tuple[str, dict[str, str]]


def for_every_overlay(keys: Keyring) -> Iterator[Contents]:
    yield "streams-nats", {"seed": keys.nats_seed()}
    for service in SERVICES:
        yield f"{service}-nats", {"seed": keys.nats_seed(service)}
    yield "nats-users", {"users.conf": users_conf(keys)}
    yield "gateway-signing", {"key": keys.signing_keys().written()}
    yield "gateway-operator", {"secret": keys.operator_secret()}
    yield "gateway-factors", {"key": base64.urlsafe_b64encode(keys.factor_key()).decode()}
    yield "volunteer-vault", {"key": base64.urlsafe_b64encode(keys.vault_key()).decode()}


def for_local_servers(keys: Keyring) -> Iterator[Contents]:
    """Give what production has from its database operator and its object store, under the same names and keys."""
    yield "evidence", {"url": "/var/lib/commonwatch/evidence"}
    yield "postgres", {"password": keys.database_password("postgres")}
    for service in SERVICES:
        password = keys.database_password(service)
        uri = f"postgresql://{service}:{password}@postgres:5432/{service}"
        yield f"{service}-database-app", {"password": password, "uri": uri}


def users_conf(keys: Keyring) -> str:
    """Say who may sign in to the broker and what each may say there; the rights are those of every other platform."""
    users = [
        admin_user(ADMIN, keys.nats_public()),
        *(service_user(name, keys.nats_public(name), durable=name) for name in SERVICES),
    ]
    rights = [
        {
            "nkey": user.public_nkey,
            "permissions": {"publish": {"allow": user.publish}, "subscribe": {"allow": user.subscribe}},
        }
        for user in users
    ]
    return f"authorization: {json.dumps({'users': rights}, indent=2)}\n"


def manifest(name: str, texts: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": "commonwatch"},
        "stringData": texts,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the Secrets that an overlay names.")
    parser.add_argument("overlay", choices=["local", "production"])
    parser.add_argument("--keys", type=Path, required=True, help="folder that keeps what is random; guard it")
    asked = parser.parse_args()
    keys = Keyring(asked.keys)
    items = [*for_every_overlay(keys)]
    if asked.overlay == "local":
        items += for_local_servers(keys)
    everything = {"apiVersion": "v1", "kind": "List", "items": [manifest(*item) for item in items]}
    json.dump(everything, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
