"""The process whose firing is measured: inspection's own scheduler on a database, without HTTP and broker."""

import asyncio
import sys
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).parents[2]))

from services.cli.server import settle_memory
from services.inspection.main import create_app
from services.inspection.settings import Settings
from shared.observe import configure_logs
from shared.service import Service
from shared.testing import ISSUER, jwks


async def main(url: str, folder: str) -> None:
    configure_logs("WARNING")
    settings = Settings.model_validate(
        {
            "database_url": url,
            "issuer": ISSUER,
            "jwks": jwks(),
            "evidence_url": Path(folder).as_uri(),
            "public_url": "https://watch.example.org",
            "printers": 0,
        }
    )
    service: Service = create_app(settings).state.service
    async with service.database.engine.begin() as tx:
        await tx.run_sync(service.metadata.create_all)
    settle_memory()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    async with service.running():
        await asyncio.Event().wait()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main(*sys.argv[1:]))
