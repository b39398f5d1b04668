"""Three NATS servers that are one cluster; without them nobody could see what losing one of them costs."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import Any

import httpx
import nats
from chaos.live import until
from nats.errors import Error as NatsError

from shared.broker import STREAM
from shared.embedded import nats as single
from shared.embedded.files import private_directory, write_private
from shared.embedded.nats_rights import NatsUser
from shared.embedded.process import Child, child

SIZE = 3
ANSWER_S = 2.0


@dataclass(eq=False)
class Node:
    """One server; its name, ports and store outlive its process."""

    name: str
    home: Path
    port: int
    route_port: int
    monitoring_port: int
    running: Child | None = None
    _process: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def url(self) -> str:
        return f"nats://{single.HOST}:{self.port}"

    async def start(self, users: Sequence[NatsUser], routes: Sequence[str]) -> None:
        """Start as `commonwatch up` would, but as one of several."""
        config = single._config(self.home, self.name, users, self.port, self.monitoring_port)
        config["cluster"] = {"name": "chaos", "listen": f"{single.HOST}:{self.route_port}", "routes": list(routes)}
        file = self.home / "nats.json"
        write_private(file, json.dumps(config))
        self.running = await self._process.enter_async_context(
            child([single._program(), "-c", file], home=self.home, log=self.home / "server.log")
        )

    async def greets(self) -> None:
        assert self.running
        await single._ready(self.running, self.name, self.port)

    async def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self.running = None
        await self._process.aclose()

    async def kill(self) -> None:
        assert self.running
        self.running.process.kill()
        await self.running.ended()
        await self.stop()

    def pause(self) -> None:
        assert self.running
        self.running.process.send_signal(SIGSTOP)

    def resume(self) -> None:
        assert self.running
        self.running.process.send_signal(SIGCONT)

    def wipe(self) -> None:
        """Lose the disk of a server that does not run."""
        assert self.running is None
        shutil.rmtree(self.home / "store")

    async def healthy(self) -> bool:
        """Ask what Kubernetes asks before it calls a broker started: is every stream and consumer here current?"""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_S) as client:
                return (await client.get(f"http://{single.HOST}:{self.monitoring_port}/healthz")).is_success
        except httpx.HTTPError:
            return False


@dataclass
class Nodes:
    """The cluster, seen as its operator sees it."""

    nodes: list[Node]
    users: Sequence[NatsUser]
    seed: str
    """Signs in the platform itself, which may do everything."""

    @property
    def url(self) -> str:
        return ",".join(node.url for node in self.nodes)

    async def start(self, *nodes: Node) -> None:
        routes = [f"nats://{single.HOST}:{node.route_port}" for node in self.nodes]
        for node in nodes:
            await node.start(self.users, routes)
        for node in nodes:
            await node.greets()

    async def whole(self) -> None:
        """Wait until every server holds everything: only then may the next one go."""

        async def all_healthy() -> bool:
            return all(await asyncio.gather(*(node.healthy() for node in self.nodes)))

        await until(all_healthy, "every node is healthy")

    async def leader(self, durable: str = "") -> Node:
        """Wait for the node that leads the stream, or one of its consumers."""
        leads = ""

        async def known() -> bool:
            nonlocal leads
            answer = await self._ask(f"CONSUMER.INFO.{STREAM}.{durable}" if durable else f"STREAM.INFO.{STREAM}")
            leads = answer.get("cluster", {}).get("leader", "")
            return any(node.name == leads and node.running for node in self.nodes)

        await until(known, f"somebody leads {durable or STREAM}")
        return next(node for node in self.nodes if node.name == leads)

    async def step_down(self, durable: str = "", successor: Node | None = None) -> bool:
        """Make the leader of the stream, or of one of its consumers, give up; tell whether another took over."""
        before = await self.leader(durable)
        wish = {"placement": {"preferred": successor.name}} if successor else {}
        kind, whose = ("CONSUMER", f"{STREAM}.{durable}") if durable else ("STREAM", STREAM)
        await self._ask(f"{kind}.LEADER.STEPDOWN.{whose}", wish)
        after = await self.leader(durable)
        return after is not before and successor in {None, after}

    async def _ask(self, question: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the JetStream API; no answer is an empty one."""
        servers = [node.url for node in self.nodes if node.running]
        try:
            client = await nats.connect(servers, nkeys_seed_str=self.seed, allow_reconnect=False, connect_timeout=2)
        except (NatsError, OSError, TimeoutError):
            return {}
        try:
            request = json.dumps(body).encode() if body else b""
            return json.loads((await client.request(f"$JS.API.{question}", request, timeout=ANSWER_S)).data)
        except (NatsError, OSError, TimeoutError):
            return {}
        finally:
            await client.close()


@asynccontextmanager
async def three_nodes(home: Path, users: Sequence[NatsUser], seed: str) -> AsyncGenerator[Nodes]:
    """Run the cluster for as long as the block lasts; whatever a test did to it, all its processes end."""
    ports = _free_ports(SIZE * 3)
    nodes = [
        Node(name, private_directory(home / name), *ports[3 * number : 3 * number + 3])
        for number, name in enumerate(("north", "middle", "south"))
    ]
    cluster = Nodes(nodes, users, seed)
    try:
        await cluster.start(*nodes)
        await cluster.whole()
        yield cluster
    finally:
        for node in nodes:
            if node.running:
                node.resume()
            await node.stop()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((single.HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
