"""Routes: the token endpoint (RFC 6749), revocation (RFC 7009), introspection (RFC 7662)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from authlib.oauth2.rfc6749.util import extract_basic_authorization
from fastapi import APIRouter, Depends, Response
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from services.gateway.identity.actions.admission import Doorkeeper
from services.gateway.identity.actions.clients import Operator, Registered, find_client
from services.gateway.identity.actions.endpoints import give_up, look_into
from services.gateway.identity.actions.grants import Book
from services.gateway.identity.actions.protocol import Reply, Request, Server
from services.gateway.identity.actions.tokens import Signer
from services.gateway.identity.api.visitors import PublicAddress, few_attempts
from shared.auth import Proof
from shared.errors import Unauthenticated
from shared.web import Here, Now, Tx, part

router = APIRouter(include_in_schema=False)
T = TypeVar("T")
MAX_FIELDS = 30
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What serves a client of this installation."""

    tx: AsyncSession
    now: datetime
    signer: Signer
    operator: Operator
    issuer: str

    async def client(self, client_id: str) -> Registered | None:
        return await find_client(self.tx, self.operator, client_id, self.now)

    async def answer(self, client: Registered | None, do: Callable[[Server], T]) -> T:
        """Let authlib answer this client."""
        lifetime = timedelta(seconds=self.signer.lifetime_s)

        def answered(session: Session) -> T:
            book = Book(session, self.now, lifetime)
            return do(Server(client, book, self.signer, self.issuer, self.now))

        return await self.tx.run_sync(answered)


async def _desk(
    tx: Tx,
    now: Now,
    signer: Annotated[Signer, part(Signer)],
    operator: Annotated[Operator, part(Operator)],
    public: Annotated[PublicAddress, part(PublicAddress)],
) -> Desk:
    return Desk(tx, now, signer, operator, public.url)


AtDesk = Annotated[Desk, Depends(_desk)]


@dataclass(frozen=True, slots=True)
class Form:
    """What a client posted, and who it says it is."""

    request: Request
    client_id: str


async def _form(http: HttpRequest) -> Form | None:
    """Read a form in which each parameter stands once; None otherwise (RFC 6749 §3.2)."""
    async with http.form(max_files=0, max_fields=MAX_FIELDS) as sent:
        pairs = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    said = dict(pairs)
    if len(said) != len(pairs):
        return None
    headers = {"Authorization": http.headers.get("authorization", "")}
    try:
        client_id = extract_basic_authorization(headers)[0]
    except UnicodeDecodeError:  # which authlib does not expect
        client_id, headers = None, dict[str, str]()
    return Form(Request("POST", said, headers), client_id or said.get("client_id", ""))


Posted = Annotated[Form | None, Depends(_form)]


@router.post("/oauth/token", dependencies=[few_attempts])
async def token(form: Posted, desk: AtDesk) -> Response:
    """Issue tokens to a client for a code, a refresh token, or in its own name; errors are those of the standard."""
    if form is None:
        return said_twice()
    return _answered(await desk.answer(await desk.client(form.client_id), lambda server: server.issue(form.request)))


@router.post("/oauth/revoke", dependencies=[few_attempts])
async def revoke(form: Posted, desk: AtDesk, here: Here) -> Response:
    """Let a client give up a token; what is unknown counts as given up."""
    if form is None:
        return said_twice()
    proof = await _proven(here.tokens.prove, form)
    return _answered(
        await desk.answer(await desk.client(form.client_id), lambda server: give_up(server, form.request, proof))
    )


# Not counted as attempts: a resource server asks for each of its callers, and a client's secret cannot be guessed.
@router.post("/oauth/introspect")
async def introspect(form: Posted, desk: AtDesk, door: Annotated[Doorkeeper, part(Doorkeeper)]) -> Response:
    """Tell a client that may know whether a token counts at this moment, and what it says."""
    if form is None:
        return said_twice()
    proof = await _proven(door.prove, form)
    return _answered(
        await desk.answer(await desk.client(form.client_id), lambda server: look_into(server, form.request, proof))
    )


async def _proven(prove: Callable[[str], Awaitable[Proof]], form: Form) -> Proof | None:
    try:
        return await prove(form.request.said.get("token", ""))
    except Unauthenticated:
        return None


def _answered(reply: Reply) -> Response:
    return JSONResponse(reply.body, reply.status, {**reply.headers, **NOT_KEPT})


def said_twice() -> Response:
    body: Mapping[str, str] = {"error": "invalid_request", "error_description": "A parameter is said twice."}
    return JSONResponse(body, 400, NOT_KEPT)
