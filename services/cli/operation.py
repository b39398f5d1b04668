"""Speaks to the operator's API through the gateway; without it commands would need the databases' passwords."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from services.cli.up import RUN_FILE
from shared.embedded.faults import Misconfigured

WITHIN_S = 30.0
REFUSED = 400

Gateway = Annotated[
    str | None, typer.Option(envvar="COMMONWATCH_GATEWAY", help="The gateway's address; that of --var when not given.")
]
SecretFile = Annotated[
    Path | None, typer.Option(envvar="COMMONWATCH_OPERATOR_SECRET_FILE", help="File with the operator client's secret.")
]


@dataclass(frozen=True, slots=True)
class Operation:
    """The operator, signed in at a gateway."""

    http: httpx.AsyncClient

    async def ask(self, service: str, path: str, **query: Any) -> Any:
        asked = {name: value for name, value in query.items() if value is not None}
        return self._answer(await self._send("GET", service, path, params=asked))

    async def tell(self, service: str, path: str, **ask: Any) -> Any:
        said = {name: value for name, value in ask.items() if value is not None}
        return self._answer(await self._send("POST", service, path, json=said))

    async def write(self, path: str, entries: list[dict[str, Any]]) -> Any:
        """Write a list through the public API; raises `Misconfigured` with the reason of a refusal."""
        try:
            return self._answer(await self.http.put(f"/api/v1{path}", json=entries))
        except httpx.HTTPError as away:
            raise Misconfigured(f"The gateway does not answer ({type(away).__name__}).") from None

    async def _send(self, method: str, service: str, path: str, **content: Any) -> httpx.Response:
        try:
            return await self.http.request(method, f"/api/v1/operator/{service}{path}", **content)
        except httpx.HTTPError as away:
            raise Misconfigured(f"The gateway does not answer ({type(away).__name__}).") from None

    def _answer(self, answer: httpx.Response) -> Any:
        if answer.status_code < REFUSED:
            return answer.json()
        problem: dict[str, Any] = answer.json()
        facts = [f"{name}: {problem[name]}" for name in ("error_class", "error", "first_missing") if name in problem]
        raise Misconfigured(" ".join([problem["detail"], *facts]))


@asynccontextmanager
async def operating(var: Path, gateway: str | None, secret_file: Path | None) -> AsyncGenerator[Operation]:
    """Sign in as the operator, of the platform that runs on this machine unless another is named."""
    place = {} if gateway and secret_file else place_of(var)
    url, file = gateway or place["gateway"], secret_file or Path(place["operator_secret_file"])
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except OSError as absent:
        raise Misconfigured(f"The operator's secret cannot be read from {file}: {absent.strerror}.") from None
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=WITHIN_S) as http:
        http.headers["accept-language"] = "en"
        try:
            answer = await http.post(
                "/oauth/token", data={"grant_type": "client_credentials"}, auth=("operator", secret)
            )
        except httpx.HTTPError:
            raise Misconfigured(f"The gateway does not answer at {url}.") from None
        if answer.status_code >= REFUSED:
            raise Misconfigured(f"The gateway does not know the operator by the secret in {file}.")
        http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Operation(http)


def place_of(var: Path) -> dict[str, Any]:
    """Say where everything of the platform on this machine is; raises `Misconfigured` when it does not run."""
    try:
        place: dict[str, Any] = json.loads((var / RUN_FILE).read_text())
    except (OSError, ValueError):
        raise Misconfigured(
            "The platform does not run here: start it with `commonwatch up`, or name --gateway and --secret-file."
        ) from None
    return place
