"""The frame of every HTTP service: problem documents, health, metrics, operation; without it each would differ."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Match
from starlette.status import HTTP_405_METHOD_NOT_ALLOWED

from shared.described import DescribedApp
from shared.errors import BadInput, Conflict, Problem, Unavailable, Unsupported
from shared.frame import Frame, Headers
from shared.observe import logger
from shared.once import Replayed
from shared.operator.api import operating
from shared.problems import language_of, problem_response
from shared.raw import DatabaseFault
from shared.service import Service
from shared.web import Here

log = logger("web")


def service_app(
    service: Service,
    routers: Sequence[APIRouter],
    title: str,
    *,
    operator: APIRouter | None = None,
    inside: Sequence[Middleware] = (),
    headers: Headers = (),
    secretive: bool = False,
    file_bytes: Mapping[str, int] | None = None,
) -> FastAPI:
    """Build the ASGI application of a service.

    `operator` takes the place of the usual routes of its operator; `inside` stands between the frame and the routes;
    `headers` are added to those of every answer; a `secretive` service keeps no answers for retries; `file_bytes` says
    which services take longer evidence than others.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with service.running():
            yield

    app = DescribedApp(title, version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.service = service
    for router in routers:
        app.include_router(router)
    app.include_router(operator or operating(f"/operator/{service.name}"))
    app.include_router(_health)
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(RequestValidationError, _not_as_described)
    app.add_exception_handler(HTTPException, _plain_http)
    app.add_exception_handler(IntegrityError, _already_there)
    app.add_exception_handler(DBAPIError, _database_refused)
    for fault in DatabaseFault:
        app.add_exception_handler(fault, _database_refused)
    app.add_exception_handler(Exception, _our_fault)
    app.add_exception_handler(Replayed, _replayed)
    for inner in inside:
        app.add_middleware(inner.cls, *inner.args, **inner.kwargs)
    app.add_middleware(
        Frame,
        service=service.name,
        max_body_bytes=service.settings.max_body_bytes,
        headers=headers,
        secretive=secretive,
        file_bytes=file_bytes,
    )
    return app


_health = APIRouter(tags=["health"], include_in_schema=False)


@_health.get("/health/live")
async def live() -> dict[str, str]:
    """Tell that the event loop turns; asks nothing else, so that a lost database does not restart the process."""
    return {"status": "live"}


@_health.get("/health/ready")
async def ready(here: Here) -> Response:
    """Tell whether this service can take work: its database answers.

    A broker that is away is told but does not close the door: reports are still accepted and wait in the outbox. Nor do
    profile files that cannot be used: the rules that were in force before them stay.
    """
    checks = {"database": await here.database.ready()}
    told = {"rules": here.rules.broken is None}
    if here.broker is not None:
        told["broker"] = here.broker.connected()
    return JSONResponse({**checks, **told}, 200 if all(checks.values()) else 503)


@_health.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    if error.status in {401, 403}:
        log.info("refused", slug=error.slug, method=request.method, path=request.url.path)
    return problem_response(error, language_of(request))


async def _not_as_described(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if isinstance(error.body, bytes):  # which FastAPI leaves unread when it is not said to be JSON
        return problem_response(_not_json(), language_of(request))
    fields = [{"at": list(e["loc"]), "what": e["type"], "message": e["msg"]} for e in error.errors()]
    unreadable = any(field["what"] == "json_invalid" for field in fields)
    problem = Problem(
        "malformed-json" if unreadable else "invalid-request",
        "The request is not valid JSON." if unreadable else "Some fields are missing or not as they should be.",
        "请求不是有效的 JSON。" if unreadable else "部分字段缺失或格式不正确。",
        errors=fields,
    )
    problem.status = 400 if unreadable else 422  # type: ignore[misc] — this one handler serves two statuses
    return problem_response(problem, language_of(request))


async def _plain_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    slug, en, zh = _HTTP.get(error.status_code, ("http-error", str(error.detail), "请求无法处理。"))
    problem = Problem(slug, en, zh)
    problem.status = error.status_code  # type: ignore[misc] — statuses of the framework itself
    headers = dict(error.headers or {})
    if error.status_code == HTTP_405_METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods_here(request))
    return problem_response(problem, language_of(request), headers)


def _methods_here(request: Request) -> list[str]:
    """List what this address takes: the framework names the methods of one route only, and ours have one each."""
    routes: list[BaseRoute] = request.app.routes
    return [
        method
        for method in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


_HTTP = {
    400: ("malformed-request", "The request cannot be read.", "请求无法读取。"),
    404: ("no-such-address", "There is nothing at this address.", "该地址不存在。"),
    405: ("method-not-allowed", "This address does not take that method.", "该地址不支持此方法。"),
}


async def _already_there(request: Request, error: Exception) -> Response:
    """Answer what broke a constraint, whether it was written through the session or in the driver's own words."""
    log.warning("constraint refused", path=request.url.path, error=type(getattr(error, "orig", error)).__name__)
    taken = Conflict(
        "already-exists", "Something with this number or name exists already.", "相同编号或名称的对象已存在。"
    )
    return problem_response(taken, language_of(request))


async def _database_refused(request: Request, error: Exception) -> Response:
    """Text that PostgreSQL cannot hold is the asker's to mend, a database that is away comes back; the rest is ours."""
    refused = error.orig if isinstance(error, DBAPIError) else error
    state: str | None = getattr(refused, "sqlstate", None)
    problem: Problem
    if state is not None and state.startswith(_CONSTRAINT):
        return await _already_there(request, error)
    if state in _UNSTORABLE:
        problem = BadInput(
            "unstorable-text", "The text holds a character that cannot be stored.", "文字中含有无法保存的字符。"
        )
    elif state is None or state[:2] in _PASSING:
        log.warning("cannot answer now", path=request.url.path, error=repr(error))
        problem = Unavailable(
            "part-unavailable",
            "This part of the platform cannot answer now. Nothing was half done; try again soon.",
            "平台的这一部分暂时无法响应，操作未执行，请稍后再试。",
        )
    else:
        return await _our_fault(request, error)
    return problem_response(problem, language_of(request))


_UNSTORABLE = {"22021", "22P05"}
"""SQLSTATE character_not_in_repertoire and untranslatable_character."""
_CONSTRAINT = "23"
"""Class of SQLSTATE: a constraint is broken."""
_PASSING = {"08", "40", "53", "55", "57"}
"""Classes of SQLSTATE: connection lost, transaction given up, no resources, locked, server starting or stopping."""


async def _our_fault(request: Request, error: Exception) -> Response:
    log.error("unhandled", path=request.url.path, error=repr(error), exc_info=error)
    problem = Problem(
        "our-fault",
        "Something went wrong on our side. Nothing was half done.",
        "系统内部出错，操作未执行。",
    )
    return problem_response(problem, language_of(request))


async def _replayed(_: Request, done: Exception) -> Response:
    assert isinstance(done, Replayed)
    return done.response()


def _not_json() -> Unsupported:
    return Unsupported(
        "unsupported-content",
        "This content type is not accepted. Send JSON, and say so: `Content-Type: application/json`.",
        "不接受此内容类型；请发送 JSON，并注明 Content-Type: application/json。",
    )
