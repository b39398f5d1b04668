"""`python -m demo`: shows every story on the platform that runs here, or on one of its own, and checks each step."""

import argparse
import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape

from demo.gateway import Refused, TooSlow
from demo.own_platform import NoPlatform, Platform, running_here, started
from demo.scene import Scene
from demo.seed import seed
from demo.stage import Stage
from demo.stories import STORIES
from demo.stream import following

TIMEOUT_S = 30.0


def main() -> int:
    options = _options()
    console = Console(highlight=False, soft_wrap=True)
    try:
        return asyncio.run(_show(options, console))
    except (NoPlatform, Refused, TooSlow, httpx.HTTPError) as fault:
        console.print("[bold red]Cannot show the demo.[/]", escape(str(fault)))
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130


async def _show(options: argparse.Namespace, console: Console) -> int:
    stage, task = Stage(console), asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)  # an own platform is stopped, too
    async with AsyncExitStack() as stack:
        platform = _named(options) or running_here(options.var)
        if platform is None:
            with console.status("No platform runs here; starting one for the demo alone"):
                platform = await stack.enter_async_context(started())
        with console.status("Demo County F") as status:
            sign_ins = await seed(platform.url, platform.operator_secret(), platform.sign_ins, status.update)
        client = httpx.AsyncClient(base_url=platform.url, timeout=TIMEOUT_S, trust_env=False)
        http = await stack.enter_async_context(client)
        console.print(f"[bold]Commonwatch[/] at {platform.url} · Demo County F is invented: nothing in it is real")
        scene = Scene(stage, http, sign_ins)
        scene.committee_hears = await stack.enter_async_context(following(await scene.person("office.secretary")))
        for title, story in STORIES.items():
            async with stage.story(title):
                await story(scene)
    console.print()
    print(stage.verdict())
    return 1 if stage.failed else 0


def _named(options: argparse.Namespace) -> Platform | None:
    """Give the platform that the command line names."""
    if options.url is None:
        return None
    secret = options.operator_secret_file or options.var / "keys" / "operator-client.secret"
    return Platform(options.url.rstrip("/"), secret, options.sign_ins or options.var / "demo-sign-ins.json")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--url", help="the gateway of a platform that runs; otherwise the one under --var, or an own")
    parser.add_argument("--var", type=Path, default=Path("var"), help="where the platform on this machine lives")
    parser.add_argument("--operator-secret-file", type=Path, help="with --url: the secret of the client `operator`")
    parser.add_argument("--sign-ins", type=Path, help="with --url: where the demo's sign-ins are kept")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
