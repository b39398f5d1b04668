"""A county's own identity provider on a real port: pyop, a full OpenID Connect implementation, checks what we send."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import uvicorn
from Cryptodome.PublicKey import RSA
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from jwkest.jwk import RSAKey
from pyop.authz_state import AuthorizationState
from pyop.exceptions import InvalidClientAuthentication, OAuthError
from pyop.provider import Provider
from pyop.subject_identifier import HashBasedSubjectIdentifierFactory
from pyop.userinfo import Userinfo

CLIENT, SECRET = "county-f", "known-to-both-0123456789"
CALLBACK = "http://gateway/sign-in/provider/callback"
Claims = dict[str, Any]


class CountyProvider:
    """Whoever `sits_there` is signed in at once; `meddle` changes what the token endpoint answers."""

    def __init__(self) -> None:
        self.url = ""
        self.sits_there = "ada.l"
        self.up = True
        self.asked: list[str] = []
        self.meddle: Callable[[Claims], Claims] = dict
        self.extra: dict[str, str] = {}
        """Parameters added to the answer that the browser brings."""
        self.app = FastAPI(openapi_url=None)
        self.app.middleware("http")(self._reach)
        self.app.get("/.well-known/openid-configuration")(self.describe)
        self.app.get("/keys")(self.keys)
        self.app.get("/authorize")(self.authorize)
        self.app.post("/token")(self.token)

    def opens(self, url: str) -> None:
        self.url = url
        endpoints = {"authorization_endpoint": f"{url}/authorize", "token_endpoint": f"{url}/token"}
        people = {name: {"sub": f"sub-of-{name}", "preferred_username": name} for name in ("ada.l", "eve.m")}
        client = {
            "client_secret": SECRET,
            "redirect_uris": [CALLBACK],
            "response_types": ["code"],
            "token_endpoint_auth_method": "client_secret_basic",
        }
        self.op = Provider(
            _key("first"),
            {
                "issuer": url.replace("http:", "https:"),
                "jwks_uri": f"{url}/keys",
                "scopes_supported": ["openid", "profile"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                **endpoints,
            },
            AuthorizationState(HashBasedSubjectIdentifierFactory("salt")),
            {CLIENT: client},
            Userinfo(people),
        )
        # pyop wants to see https when it is made; on the loopback of a test there is none.
        self.op.configuration_information["issuer"] = url

    def rotate(self) -> None:
        """Sign by a new key; the old one is published no more."""
        self.op.signing_key = _key("second")

    async def _reach(self, request: Request, call_next: Callable[[Request], Any]) -> Response:
        self.asked.append(request.url.path)
        return await call_next(request) if self.up else Response(status_code=502)

    async def describe(self) -> dict[str, Any]:
        described: dict[str, Any] = self.op.provider_configuration.to_dict()
        return described

    async def keys(self) -> dict[str, Any]:
        published: dict[str, Any] = self.op.jwks
        return published

    async def authorize(self, request: Request) -> Response:
        try:
            asked = self.op.parse_authentication_request(request.url.query)
        except OAuthError as refused:
            return JSONResponse({"error": str(refused)}, 400)
        assert asked["code_challenge_method"] == "S256", "or pyop would not check the verifier"
        answer = self.op.authorize(asked, self.sits_there)
        answer.update(self.extra)
        return RedirectResponse(answer.request(asked["redirect_uri"]), 303)

    async def token(self, request: Request) -> Response:
        body = (await request.body()).decode()
        try:
            given = self.op.handle_token_request(body, {"Authorization": request.headers.get("authorization")})
        except (InvalidClientAuthentication, OAuthError) as refused:
            return JSONResponse({"error": getattr(refused, "oauth_error", "invalid_client")}, 400)
        return JSONResponse(self.meddle(json.loads(given.to_json())))


@asynccontextmanager
async def county_provider() -> AsyncIterator[CountyProvider]:
    provider = CountyProvider()
    config = uvicorn.Config(provider.app, port=0, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    serving = asyncio.create_task(server.main_loop())
    try:
        provider.opens(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
        yield provider
    finally:
        server.should_exit = True
        await serving
        await server.shutdown()


async def at_the_provider(address: str) -> str:
    """Go where the browser was sent; give the address that the provider sends it back to, without the host."""
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(address)
    assert answer.status_code == 303, answer.text
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == CALLBACK
    return f"{back.path}?{back.query}"


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def _key(name: str) -> RSAKey:
    return RSAKey(kid=name, key=_made(name), use="sig", alg="RS256")


@cache
def _made(name: str) -> RSA.RsaKey:
    """Make each key once in a run: it takes a second."""
    return RSA.generate(2048)
