"""Does what a POST asks once, however often it is sent with one `Idempotency-Key`; without it a retry acts twice.

The row of a key is written in the transaction of the action (`claim`), so either both are there or neither. The answer
is added after the commit (`Keeper`): who asks again is given it, and where it was lost, is told that the thing is done.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.auth import Actor
from shared.crashpoint import crashpoint
from shared.db import Database, raw_of
from shared.errors import BadInput, Conflict, Malformed, Unauthenticated
from shared.observe import logger
from shared.raw import DatabaseFault, Raw, Record

HEADER = b"idempotency-key"
KEY_PATTERN = "^[!-~]{1,64}$"
MAX_ANSWER_BYTES = 64 * 1024
"""A longer answer is not kept; who asks again is told that the thing is done."""
OTHER_ACTS_WITHIN_S = 2
"""How long the second of two that come at once waits for the first."""
ANSWER_KEPT_WITHIN = timedelta(seconds=5)
"""An older row without an answer will get none any more: its process died."""
LOOK_AGAIN_S = 0.05
FORGOTTEN_AT_ONCE = 1000
FORM = "application/x-www-form-urlencoded"
"""Forms are the language of OAuth and of pages, which have rules of their own for what is sent twice."""

_KEY = re.compile(KEY_PATTERN)
_KEPT_HEADERS = frozenset({b"content-type", b"content-language", b"etag", b"location"})
_LOCK_TIMEOUT = "55P03"
_EXPIRE = "delete from kept_answers where id = $1 and at < $2"
# Does nothing rather than updating nothing, which would lock the row against the answer that is about to be kept.
_CLAIM = "insert into kept_answers (id, digest, at) values ($1, $2, $3) on conflict do nothing returning true"
_LOOK = "select digest, at, status, headers::text as headers, body from kept_answers where id = $1"
_KEEP = "update kept_answers set status = $2, headers = $3, body = $4 where id = $1"
_FORGET = """
delete from kept_answers
where id in (select id from kept_answers where at < $1 limit $2 for update skip locked)
"""

log = logger("once")


class Replayed(Exception):
    """What is asked was done before; carries the answer of that time."""

    def __init__(self, kept: Record) -> None:
        super().__init__("done before")
        self.kept = kept

    def response(self) -> Response:
        headers: dict[str, str] = json.loads(self.kept["headers"])
        return Response(self.kept["body"], self.kept["status"], {**headers, "Idempotency-Replayed": "true"})


@dataclass(slots=True)
class Keyed:
    """One request that carries a key, between its first byte and its answer."""

    key: str
    content: Any = field(default_factory=hashlib.sha256)
    whole: bool = False
    """Whether `content` has seen the body to its end."""
    row: bytes | None = None
    committed: bool = False

    async def claim(
        self, tx: AsyncSession, request: Request, asking: Callable[[Request], Awaitable[Actor]], now: datetime
    ) -> None:
        """Write the row of this key, or raise: `Replayed`, or why it can be neither done nor answered."""
        if request.headers.get("content-type", "").startswith(FORM):
            return
        if not _KEY.fullmatch(self.key):
            raise Malformed(
                "bad-idempotency-key",
                "An Idempotency-Key has 1 to 64 printable ASCII characters and no blanks.",
                "Idempotency-Key 须为 1 至 64 个可打印的 ASCII 字符，且不含空格。",
            )
        if not self.whole:
            await request.body()
        digest = await self._told_apart(request, asking)
        raw = await raw_of(tx)
        if await _written(raw, self.row or b"", digest, now, now - _kept_for(request)):
            return
        raise await _known(raw, self.row or b"", digest, now)

    async def _told_apart(self, request: Request, asking: Callable[[Request], Awaitable[Actor]]) -> bytes:
        """Name the row, and give what the content must be equal in: also the capacity in which somebody asks."""
        self.content.update(f"\0{request.headers.get('content-type')}\0{request.url.query}".encode())
        try:
            who = await asking(request)
        except Unauthenticated:
            who = None  # the route refuses, or knows another way to tell who asks
        if who is not None and not who.anonymous:
            person = f"{who.id}"
            self.content.update(f"\0{who.role}\0{who.party_id}\0{who.area_code}".encode())
        else:
            # Strangers have no name, and two may choose one key: what they send tells them apart.
            for name in ("authorization", "cookie"):
                self.content.update(f"\0{request.headers.get(name)}".encode())
            person = self.content.hexdigest()
        digest: bytes = self.content.digest()
        self.row = hashlib.sha256(f"{person}\0{request.url.path}\0{self.key}".encode()).digest()
        return digest


async def _written(raw: Raw, row: bytes, digest: bytes, now: datetime, expired: datetime) -> bool:
    """Write the row if there is none; waits for another transaction that has just written it."""
    await raw.execute(f"set local lock_timeout = '{OTHER_ACTS_WITHIN_S}s'")
    try:
        await raw.execute(_EXPIRE, row, expired)
        written = await raw.fetchval(_CLAIM, row, digest, now)
    except DatabaseFault as fault:
        if getattr(fault, "sqlstate", None) != _LOCK_TIMEOUT:
            raise
        raise Conflict(
            "still-being-done",
            "The first request with this key is still being worked on. Ask again in a moment.",
            "使用此键的首个请求仍在处理中，请稍后再试。",
        ) from fault
    await raw.execute("set local lock_timeout = default")
    return written is not None


async def _known(raw: Raw, row: bytes, digest: bytes, now: datetime) -> Exception:
    """Say what became of the first request with this key; its answer may be on its way into the row."""
    until = asyncio.get_running_loop().time() + OTHER_ACTS_WITHIN_S
    while kept := await raw.fetchrow(_LOOK, row):
        if kept["digest"] != digest:
            return BadInput(
                "idempotency-key-reused",
                "This Idempotency-Key was used for something else. Take a new one for each thing that you want done.",
                "此 Idempotency-Key 已用于其他请求，请为每项操作使用新的键。",
            )
        if kept["status"] is not None:
            return Replayed(kept)
        if kept["at"] < now - ANSWER_KEPT_WITHIN or asyncio.get_running_loop().time() > until:
            break
        await asyncio.sleep(LOOK_AGAIN_S)
    return Conflict(
        "already-done",
        "This was done before, and is not done again; its answer was not kept. Read the object to see how it stands.",
        "该操作此前已完成，不会重复执行；当时的答复未保存，请读取对象查看现状。",
    )


class Keeper:
    """ASGI middleware for requests with a key: hashes what comes in, keeps what goes out once it is committed.

    `secretive`: answers may hold secrets, which have no place in a table, so none is kept.
    """

    def __init__(self, app: ASGIApp, *, secretive: bool = False) -> None:
        self.app = app
        self.secretive = secretive

    async def __call__(self, scope: Scope, receive: Receive, send: Send, key: bytes) -> None:
        once = scope["state"]["once"] = Keyed(key.decode("latin-1"))
        held: list[Message] = []

        async def hear() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not once.whole:
                once.content.update(message.get("body", b""))
                once.whole = not message.get("more_body", False)
            return message

        async def say(message: Message) -> None:
            if not held and not (once.committed and message["type"] == "http.response.start"):
                await send(message)
                return
            held.append(message)
            size = sum(len(one.get("body", b"")) for one in held)
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            if not ended and size <= MAX_ANSWER_BYTES:
                return
            if ended and size <= MAX_ANSWER_BYTES and not self.secretive:
                await _keep(scope["app"].state.service.database, once.row, held)
            for one in held:
                await send(one)
            held.clear()
            once.committed = False  # what follows of a long answer is not looked at

        await self.app(scope, hear, say)


async def _keep(database: Database, row: bytes | None, said: list[Message]) -> None:
    """Put the answer beside the key; that it could not be kept must not hide from the asker that the thing is done."""
    crashpoint("once.answer-unkept")
    start, *bodies = said
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"] if name in _KEPT_HEADERS}
    body = b"".join(one.get("body", b"") for one in bodies)
    try:
        await (await database.pool()).execute(_KEEP, row, start["status"], json.dumps(headers), body)
    except DatabaseFault as fault:
        log.warning("answer not kept", error=repr(fault))


async def forget(database: Database, before: datetime) -> int:
    """Remove keys that were used before; a batch at a time, so that nobody waits for it."""
    pool = await database.pool()
    total = 0
    while removed := int((await pool.execute(_FORGET, before, FORGOTTEN_AT_ONCE)).split()[1]):
        total += removed
        if removed < FORGOTTEN_AT_ONCE:
            break
    return total


def _kept_for(request: Request) -> timedelta:
    return timedelta(hours=request.app.state.service.settings.answers_kept_h)
