"""Runs services over HTTP in one event loop; without it a Ctrl-C would be caught six times."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from services.cli.parts import Part
from shared.embedded.faults import Misconfigured

HOST = "127.0.0.1"
DRAIN_S = 5


class _Server(uvicorn.Server):
    """One of several servers in a loop: signals belong to the program, not to each of them."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def listen(port: int, host: str = HOST) -> socket.socket:
    """Take a port (0: any free one), or say in one sentence why it cannot be had."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as taken:
        sock.close()
        raise Misconfigured(
            f"Port {port} is in use or may not be used. Stop the program that has it, or choose another base with "
            "`--gateway-port` (0 takes any free port)."
        ) from taken
    sock.listen(2048)
    sock.setblocking(False)
    return sock


def port_of(sock: socket.socket) -> int:
    port: int = sock.getsockname()[1]
    return port


@asynccontextmanager
async def serving(part: Part, sock: socket.socket, trusted_proxies: str | None = None) -> AsyncGenerator[None]:
    """Serve one part until the block ends; it is ready when the block begins.

    Only `trusted_proxies` (addresses or networks, comma-separated) may say for which client they speak.
    """
    config = uvicorn.Config(
        part.app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=DRAIN_S,
        server_header=False,
        proxy_headers=trusted_proxies is not None,
        forwarded_allow_ips=trusted_proxies,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[sock]), name=f"{part.name} server")
    try:
        while not server.started:
            if task.done():
                await task
                raise Misconfigured(f"The {part.name} service did not start; its log says why.")
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task


def settle_memory() -> None:
    """Tell the collector that what lives after the start lives on, and let it look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def until_told_to_stop() -> None:
    """Wait for Ctrl-C or SIGTERM; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def stop() -> None:
        if told.is_set():
            raise SystemExit(130)
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await told.wait()
