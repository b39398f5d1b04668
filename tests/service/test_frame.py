"""What wraps every request: health, traces, limits, tokens, problem documents."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shared.auth import Actor
from shared.testing import START, OpenPlatform, token

ADA = Actor(UUID(int=1), "volunteer", None, "999901", "en", "Ada")


async def test_ready_tells_of_the_database_and_live_asks_nothing(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer") as http:
        assert (await http.get("/health/live")).json() == {"status": "live"}
        assert (await http.get("/health/ready")).json() == {"database": True, "rules": True}
        metrics = await http.get("/metrics")
        assert "commonwatch_http_request_seconds" in metrics.text


async def test_a_trace_is_continued_and_a_broken_one_begun_anew(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer") as http:
        given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        answer = await http.get("/health/live", headers={"traceparent": given, "x-request-id": "abc-1"})
        assert answer.headers["traceparent"].split("-")[1] == given.split("-")[1]
        assert answer.headers["traceparent"] != given
        assert answer.headers["x-request-id"] == "abc-1"
        broken = await http.get("/health/live", headers={"traceparent": "00-zz", "x-request-id": "x" * 200})
        assert len(broken.headers["traceparent"]) == 55
        assert len(broken.headers["x-request-id"]) == 24


async def test_one_report_keeps_its_trace_through_outbox_and_bus(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as http:
        given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        report = {"place": {"area_code": "999901"}, "category": "fire", "what": "Smoke"}
        await http.put(f"/reports/{uuid4()}", json=report, headers={"traceparent": given})
        await platform.settle()
        [row] = platform.bus.stored
        assert row.headers["traceparent"].split("-")[1] == given.split("-")[1]


@pytest.mark.parametrize(
    "bad",
    [
        token(ADA, at=START - timedelta(days=2)),
        token(ADA, iss="somebody-else"),
        token(ADA, aud="another-platform"),
        token(ADA, sub="not-an-id"),
        token(ADA)[:-4] + "AAAA",
        "not.a.token",
        "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiIxIn0.",
    ],
    ids=["expired", "issuer", "audience", "subject", "signature", "garbage", "alg-none"],
)
async def test_a_forged_or_expired_token_is_refused(services_here: OpenPlatform, bad: str) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer") as http:
        answer = await http.get("/reports", headers={"authorization": f"Bearer {bad}"})
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:commonwatch:problem:invalid-token")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_problem_speaks_the_readers_language_and_carries_both(services_here: OpenPlatform) -> None:
    async with services_here("volunteer") as platform:
        async with platform.client("volunteer", language="zh") as http:
            zh = await http.get("/reports")
        async with platform.client("volunteer", language="en-GB") as http:
            en = await http.get("/reports")
            nowhere = await http.get("/nowhere")
            wrong_method = await http.patch("/reports")
        assert (zh.status_code, zh.json()["detail"], zh.headers["content-language"]) == (401, "请先登录。", "zh-CN")
        assert en.json()["detail"] == "Sign in first."
        assert en.headers["content-type"] == "application/problem+json"
        assert nowhere.json()["type"] == "urn:commonwatch:problem:no-such-address"
        assert wrong_method.json()["type"] == "urn:commonwatch:problem:method-not-allowed"


async def test_a_lost_database_is_told_as_unavailable_without_a_trace_of_the_inside(
    services_here: OpenPlatform,
) -> None:
    async with services_here("volunteer") as platform, platform.client("volunteer", ADA) as http:
        database = platform.service("volunteer").database
        await database.close()
        database.engine.sync_engine.pool.dispose()
        database.engine = type(database)("volunteer", "postgresql://nobody@127.0.0.1:1/none").engine
        database._sessions.configure(bind=database.engine)
        answer = await http.get("/reports")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:commonwatch:problem:part-unavailable")
        assert "127.0.0.1" not in answer.text
        assert (await http.get("/health/ready")).status_code == 503
        assert (await http.get("/health/live")).status_code == 200
