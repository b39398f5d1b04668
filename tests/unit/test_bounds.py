"""A body is judged by its shape before it is parsed, fast, and never wrongly."""

import asyncio
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import bounds
from shared.bounds import MAX_DEPTH, CutShort, Intake, refusal, too_deep

JSON = {b"content-type": b"application/json", b"content-length": b"100"}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='[]{}",\\x a'),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(alphabet='[]{}"\\'), inner, max_size=5),
    max_leaves=60,
)


def depth_of(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max((depth_of(one) for one in inner), default=0)


@given(ANY, st.integers(0, 40))
def test_depth_is_judged_as_a_parser_would(value: Any, wrapped: int):
    for _ in range(wrapped):
        value = [value, "]"]
    assert too_deep(json.dumps(value).encode()) == (depth_of(value) > MAX_DEPTH)


def test_a_broad_list_is_not_deep():
    assert not too_deep(json.dumps([{"a": [{"b": "[[[["}]}] * 5_000).encode())


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 2_000_000,
        b'{"a":' * 400_000,
        b'["' + b'\\"' * 1_000_000,
        b'"' * 2_000_000,
        b"\\" * 2_000_000,
        (b"[" * 40 + b"]" * 40) * 25_000,
        b"[]" * 1_000_000,
        b'"\\' + b'"[' * 1_000_000,
    ],
    ids=["open", "objects", "escapes", "quotes", "backslashes", "combs", "pairs", "mixed"],
)
def test_no_text_takes_long_to_judge(body: bytes):
    began = time.process_time()
    too_deep(body)
    assert time.process_time() - began < 1


async def taken(pieces: list[bytes], headers: dict[bytes, bytes], limit: int = 1000) -> list[bytes]:
    left = list(pieces)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    intake = Intake(receive, headers, limit)
    heard: list[bytes] = []
    while True:
        message = await intake()
        heard.append(message["body"])
        if not message["more_body"]:
            return heard


async def test_json_comes_in_one_piece_and_anything_else_as_it_is_sent():
    pieces = [b'{"a"', b": [1", b"]}"]
    assert await taken(pieces, JSON) == [b'{"a": [1]}']
    assert await taken(pieces, {b"content-type": b"image/jpeg"}) == pieces


async def test_depth_is_seen_across_pieces():
    with pytest.raises(CutShort) as cut:
        await taken([b"[" * 20, b"[" * 20, b"]" * 40], JSON)
    assert (cut.value.problem.status, cut.value.problem.slug) == (400, "nested-too-deep")


async def test_more_than_was_declared_is_not_taken():
    with pytest.raises(CutShort) as cut:
        await taken([b"x" * 600, b"x" * 600], {b"content-type": b"image/jpeg"})
    assert (cut.value.problem.status, cut.value.problem.slug) == (413, "too-large")


async def test_a_body_that_drips_has_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bounds, "FIRST_BYTES_WITHIN_S", 0.05)
    never = asyncio.Event()
    sent = 0

    async def drip() -> dict[str, Any]:
        nonlocal sent
        sent += 1
        if sent > 2:
            await never.wait()
        return {"type": "http.request", "body": b"x", "more_body": True}

    intake = Intake(drip, JSON, 1000)
    with pytest.raises(CutShort) as cut:
        await asyncio.wait_for(intake(), 5)
    assert (cut.value.problem.status, cut.value.problem.slug) == (408, "too-slow")


async def test_that_the_asker_leaves_may_be_waited_for_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bounds, "FIRST_BYTES_WITHIN_S", 0.05)
    left = asyncio.Event()
    asked = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not asked.is_set():
            asked.set()
            return {"type": "http.request", "body": b"{}", "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    intake = Intake(receive, JSON, 1000)
    await intake()
    waiting = asyncio.create_task(intake())
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done
    left.set()
    assert (await waiting)["type"] == "http.disconnect"


@pytest.mark.parametrize(
    ("headers", "path", "query", "status"),
    [
        ([(b"a", b"b")] * 64, b"/", b"", None),
        ([(b"a", b"b")] * 65, b"/", b"", 431),
        ([(b"a", b"b" * 33_000)], b"/", b"", 431),
        ([], b"/" * 5_000, b"", 414),
        ([], b"/", b"q" * 9_000, 414),
    ],
)
def test_the_first_lines_of_a_request_are_bounded(
    headers: list[tuple[bytes, bytes]], path: bytes, query: bytes, status: int | None
):
    problem = refusal(headers, path, query)
    assert (problem and problem.status) == status
