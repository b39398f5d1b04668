"""A gateway before services that a test plays itself."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI, Request, Response

from services.gateway.edge.domain.routes import PARTS
from services.gateway.main import create_app
from services.gateway.settings import Settings
from shared.auth import Actor
from shared.contracts.values import Role
from shared.testing import ISSUER, START, jwks, private_jwk, token

OFFICER = Actor(uuid4(), Role.AUTHORITY_OFFICER, uuid4(), "999001")


class Stub:
    """A service that remembers what it was asked and answers as the test wants."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.bodies: list[bytes] = []
        self.answer = Response(b'{"fine":true}', media_type="application/json")
        self.app = FastAPI(openapi_url=None)
        self.app.add_api_route("/{path:path}", self.reply, methods=["GET", "PUT", "POST", "DELETE", "PATCH"])

    async def reply(self, request: Request) -> Response:
        self.asked.append(request)
        self.bodies.append(await request.body())
        return self.answer

    @property
    def heard(self) -> Mapping[str, str]:
        return self.asked[-1].headers


class Down(httpx.AsyncBaseTransport):
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error


class Unrevoked:
    """In the place of the gateway's database: no token that it is asked about was revoked."""

    async def fetchrow(self, *_: object) -> dict[str, object]:
        return {"role": None, "party_id": None, "area_code": None, "revoked": False}

    async def close(self) -> None:
        """Hold nothing."""


def gateway(transports: Mapping[str, httpx.AsyncBaseTransport] | None = None, **changes: Any) -> FastAPI:
    """Build a gateway that needs no database: none of these requests reaches it."""
    urls = {f"url_{part}": f"http://{part}" for part in PARTS}
    settings = {
        "issuer": ISSUER,
        "jwks": jwks(),
        "signing_key": private_jwk(),
        "factor_key": "A" * 43,
        "public_url": "http://gateway",
        **urls,
    }
    app = create_app(
        Settings(database_url="postgresql://nobody@localhost/none", **{**settings, **changes}),
        clock=lambda: START,
        transports=transports,
    )
    app.state.service.database._pool = Unrevoked()
    return app


def open_client(app: FastAPI, actor: Actor | None = None, **headers: str) -> httpx.AsyncClient:
    if actor is not None:
        headers["authorization"] = f"Bearer {token(actor)}"
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://gateway/api/v1", headers=headers)


def all_parts(stub: Stub) -> dict[str, httpx.AsyncBaseTransport]:
    return dict.fromkeys(PARTS, httpx.ASGITransport(stub.app, raise_app_exceptions=False))
