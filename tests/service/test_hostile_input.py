"""What no honest client sends: each is refused in words, or taken for what it says; none of it is our fault."""

import gzip
import json
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID, uuid4

import hazard_stages as stages
import httpx
import inspection_county as county
import pytest

from shared.testing import OpenPlatform

JSON = {"content-type": "application/json"}
REPORT = {"place": {"area_code": county.TOWN}, "category": "dust", "what": "Dust on the motors"}
WRITTEN = json.dumps(REPORT).encode()
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition(":")[2]


def changed(**changes: Any) -> bytes:
    return json.dumps({**REPORT, **changes}).encode()


@pytest.mark.parametrize(
    ("body", "headers", "status", "slug"),
    [
        (b"[" * 100_000 + b"]" * 100_000, JSON, 400, "nested-too-deep"),
        (b'{"place":' * 50_000 + b"1" + b"}" * 50_000, JSON, 400, "nested-too-deep"),
        (b"[" * 33 + b"]" * 33, JSON, 400, "nested-too-deep"),
        (b"[" * 32 + b"]" * 32, JSON, 422, "invalid-request"),
        (b'{"what": "' + b"[" * 9_000 + b'"}', JSON, 422, "invalid-request"),
        (WRITTEN.decode().encode("utf-16"), JSON, 400, "malformed-json"),
        (b'{"what": ' + b"9" * 5_000 + b"}", JSON, 400, "malformed-request"),
        ('{"what": "é"}'.encode("latin-1"), JSON, 400, "malformed-request"),
        (b'{"what": "x"', JSON, 400, "malformed-json"),
        (b'{"what": "' + b"x" * 10_000_000 + b'"}', JSON, 413, "too-large"),
        (gzip.compress(WRITTEN), {**JSON, "content-encoding": "gzip"}, 415, "packed-content"),
        (WRITTEN, {"content-type": "text/plain"}, 415, "unsupported-content"),
        (WRITTEN, {}, 415, "unsupported-content"),
        (b"what=x", {"content-type": "application/x-www-form-urlencoded"}, 415, "unsupported-content"),
        (changed(what="a\0b"), JSON, 422, "unstorable-text"),
        (changed(what="\ud800"), JSON, 422, "invalid-request"),
        (changed(**{"\ud800": 1}), JSON, 422, "invalid-request"),
        (changed(place={"area_code": county.TOWN, "lon": float("nan"), "lat": 1}), JSON, 422, "invalid-request"),
        (changed(place={"area_code": county.TOWN, "lon": 10**400, "lat": 1}), JSON, 422, "invalid-request"),
        (b"null", JSON, 422, "invalid-request"),
        (b"", JSON, 422, "invalid-request"),
    ],
    ids=[
        *(
            "deep lists",
            "deep objects",
            "33 levels",
            "32 levels",
            "brackets in a text",
            "UTF-16",
            "endless digits",
            "Latin-1",
            "cut off",
            "10 MB",
            "gzip",
            "text",
            "no type",
        ),
        *("form", "NUL", "surrogate", "surrogate as key", "NaN", "beyond floats", "null", "nothing"),
    ],
)
async def test_a_body_that_cannot_be_meant_is_refused_in_both_languages(
    services_here: OpenPlatform, body: bytes, headers: dict[str, str], status: int, slug: str
):
    async with services_here("volunteer", "gateway", anonymous_per_minute=1000) as platform:
        for name, prefix in (("volunteer", ""), ("gateway", "/api/v1")):
            async with platform.client(name, language="en") as http:
                answer = await http.put(f"{prefix}/reports/{uuid4()}", content=body, headers=headers)
            problem = answer.json()
            assert told(answer) == (status, slug)
            assert (problem["detail"], answer.headers["content-language"]) == (problem["detail_en"], "en")
            assert problem["detail_zh"] != problem["detail_en"]


async def test_of_a_key_that_stands_twice_the_last_one_counts_for_everybody(services_here: OpenPlatform):
    """The edge forwards bytes and reads none, so that no two parts can read one body differently."""
    twice = WRITTEN[:-1] + b', "what": "The second"}'
    async with services_here("volunteer", "gateway") as platform, platform.client("gateway") as http:
        answer = await http.put(f"/api/v1/reports/{uuid4()}", content=twice, headers=JSON)
    assert answer.json()["what"] == "The second"


async def test_an_id_has_one_meaning_however_it_is_written(services_here: OpenPlatform):
    report_id = uuid4()
    async with services_here("volunteer") as platform, platform.client("volunteer", county.volunteer) as http:
        assert (await http.put(f"/reports/{report_id}", json=REPORT)).status_code == 201
        for same in (report_id.hex, str(report_id).upper(), f"{{{report_id}}}", f"urn:uuid:{report_id}"):
            assert (await http.get(f"/reports/{same}")).json()["id"] == str(report_id)
        for other in ("0", "%00", "%ff", "a" * 3000, "٣" * 32):
            assert told(await http.get(f"/reports/{other}")) == (422, "invalid-request")


@pytest.mark.parametrize(
    ("name", "address"), [("inspection", "/docket"), ("inspection", "/hazards"), ("notify", "/inbox")]
)
@pytest.mark.parametrize(
    "mark",
    [
        b"[" * 5_000,
        b"9" * 5_000,
        b'[true, "0001-01-01T00:00:00+14:00", "00000000-0000-0000-0000-000000000001"]',
        b'[true, "9999-12-31T23:59:59-14:00", "00000000-0000-0000-0000-000000000001"]',
        b'["\\ud800", {}, []]',
        b"\xff",
    ],
    ids=["deep", "digits", "before all time", "after all time", "other kinds", "no text"],
)
async def test_a_forged_page_mark_is_refused(services_here: OpenPlatform, name: str, address: str, mark: bytes):
    async with services_here(name) as platform, platform.client(name, county.desk) as http:
        answer = await http.get(address, params={"after": urlsafe_b64encode(mark).decode()})
    assert told(answer) == (400, "bad-cursor")


@pytest.mark.parametrize("day", [0, 1e300, True, "0", "20260930", "2026-9-30", "2026-02-30", "2026-09-30T00:00:00"])
async def test_a_day_is_a_day_of_the_calendar_and_no_number(services_here: OpenPlatform, day: Any):
    async with services_here("registry") as platform:
        criterion = {"document": "Order 10", "item": "1", "text_zh": "未设除尘", "valid_from": day}
        async with platform.client("registry", county.actor("operator")) as http:
            assert told(await http.put(f"/criteria/{uuid4()}", json=criterion)) == (422, "invalid-request")
            assert told(await http.get("/criteria", params={"on": str(day)})) == (422, "invalid-request")


async def test_the_first_and_the_last_day_of_the_calendar_are_days(services_here: OpenPlatform):
    async with services_here("registry") as platform, platform.client("registry", county.actor("operator")) as http:
        lasting = {"document": "Order 10", "item": "1", "text_zh": "未设除尘"}
        days = {"valid_from": FIRST_DAY, "valid_to": LAST_DAY}
        assert (await http.put(f"/criteria/{uuid4()}", json={**lasting, **days})).status_code == 200
        for on in (FIRST_DAY, LAST_DAY):
            assert len((await http.get("/criteria", params={"on": on})).json()["items"]) == 1


async def test_no_order_and_no_plan_lasts_until_the_end_of_time(services_here: OpenPlatform):
    async with services_here("inspection") as platform:
        hazard = await stages.assigned(platform)
        for day in (FIRST_DAY, LAST_DAY):
            ask = {**stages.ORDER, "limit": day}
            assert (
                county.slug(await county.post(platform, county.li, f"{hazard}/order", 422, **ask)) == "limit-not-lawful"
            )
        await county.post(platform, county.li, f"{hazard}/order", **stages.ORDER)
        plan = {**stages.CERTAINTIES, "limit": LAST_DAY}
        await county.post(platform, county.principal, f"{hazard}/start-rectification", 422, certainties=plan)


@pytest.mark.parametrize("funds", ["Infinity", "NaN", "1e999", "-1"])
async def test_no_sum_of_money_is_infinite(services_here: OpenPlatform, funds: str):
    async with services_here("inspection") as platform:
        hazard = await stages.ordered(platform)
        plan = json.dumps({"certainties": {**stages.CERTAINTIES, "funds_yuan": "?"}}).replace('"?"', funds)
        async with platform.client("inspection", county.principal) as http:
            answer = await http.post(f"{hazard}/start-rectification", content=plan, headers=JSON)
    assert told(answer) == (422, "invalid-request")


@pytest.mark.parametrize("header", ["accept-language", "x-request-id", "traceparent", "if-match", "idempotency-key"])
async def test_what_a_header_smuggles_comes_back_in_no_header(services_here: OpenPlatform, header: str):
    forged = b"en\xff\x7f set-cookie: a=b"
    async with services_here("volunteer", "gateway") as platform, platform.client("gateway", county.volunteer) as http:
        answer = await http.get("/api/v1/reports", headers={header: forged})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert not any(b"a=b" in value for _, value in answer.headers.raw)


@pytest.mark.parametrize(
    "query", ["q=%00%00", "q=" + "a" * 8_000, "after=%ff", "limit=99999999999999999999", "area=%ff"]
)
async def test_a_query_that_cannot_be_meant_is_refused(services_here: OpenPlatform, query: str):
    async with services_here("registry", "gateway") as platform, platform.client("gateway") as http:
        answer = await http.get(f"/api/v1/enterprises?{query}")
    assert answer.status_code == 422


async def test_signs_in_a_search_are_letters_and_no_commands(services_here: OpenPlatform):
    async with services_here("registry") as platform, platform.client("registry") as http:
        for sign in ("%%", "__", "\\\\", "';--", "a%00b"):
            assert (await http.get("/enterprises", params={"q": sign})).json() == {"items": [], "next": None}


@pytest.mark.parametrize("credentials", [b"Bearer \xff\xfe", b"Bearer a.b.c", b"Bearer " + b"a" * 30_000, b"\xff"])
async def test_a_token_of_noise_is_no_token(services_here: OpenPlatform, credentials: bytes):
    async with services_here("volunteer", "gateway") as platform, platform.client("gateway") as http:
        answer = await http.get("/api/v1/me", headers={"authorization": credentials})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"grant_type=client_credentials&client_id=%00&client_secret=%00", "application/x-www-form-urlencoded"),
        (b"\xff\xfe=%ff", "application/x-www-form-urlencoded"),
        (b"a=b&" * 5_000, "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data"),
        (b"{}", "application/json"),
    ],
)
async def test_a_client_that_asks_for_a_token_in_noise_gets_none(services_here: OpenPlatform, body: bytes, kind: str):
    async with services_here("gateway") as platform, platform.client("gateway") as http:
        answer = await http.post("/oauth/token", content=body, headers={"content-type": kind})
    assert answer.status_code in {400, 401}
    assert "access_token" not in answer.text


@pytest.mark.parametrize("number", [UUID(int=0), UUID(int=2**128 - 1)])
async def test_the_least_and_the_greatest_id_are_ids(services_here: OpenPlatform, number: UUID):
    async with services_here("volunteer") as platform, platform.client("volunteer", county.volunteer) as http:
        assert told(await http.get(f"/reports/{number}")) == (404, "not-found")


async def test_a_method_that_an_address_does_not_take_is_answered_with_those_that_it_takes(services_here: OpenPlatform):
    async with services_here("volunteer", "gateway") as platform:
        async with platform.client("volunteer", county.volunteer) as http:
            refused = await http.request("OPTIONS", f"/reports/{uuid4()}")
            assert (*told(refused), refused.headers["allow"]) == (405, "method-not-allowed", "GET, PUT")
        async with platform.client("gateway", county.volunteer) as http:
            refused = await http.request("TRACE", "/api/v1/reports")
            assert (*told(refused), refused.headers["allow"]) == (
                *(405, "method-not-allowed"),
                "DELETE, GET, HEAD, PATCH, POST, PUT",
            )
