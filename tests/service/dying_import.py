"""A process that brings imports further until nothing is due; a crash point in the environment ends it before."""

import asyncio
import sys

from services.registry.imports.actions.working import work
from services.registry.imports.clients import Files
from shared.clock import system_clock
from shared.db import Database
from shared.profile import load
from shared.settings import ROOT


async def main(database_url: str, folder: str) -> None:
    database = Database("registry", database_url)
    database.info["profile"] = load("cn", ROOT / "profiles")
    while await work(database, Files(folder), system_clock):
        pass
    await database.close()


asyncio.run(main(*sys.argv[1:]))
