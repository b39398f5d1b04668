"""Tables of the register come in as files and go out as files; no row is lost, doubled or half written."""

import asyncio
import os
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from county_files import HEADINGS, as_csv, enterprises, planted
from handing_in import brought_in, confirmed, counts, faults_of, handed_in
from registry_county import (
    AUDITOR,
    MANAGER,
    MILL,
    OFFICER,
    OPERATOR,
    THE_MILL,
    TOWN,
    TOWN_CLERK,
    VILLAGE,
    settle_in,
    slug,
)

from shared.auth import Actor
from shared.contracts.registry import AreaRegistered, EnterpriseRegistered
from shared.settings import ROOT
from shared.testing import OpenPlatform

AREAS = Path(__file__).parents[1] / "data" / "areas-150221.csv"
KILLED = 137


async def test_a_county_of_226_areas_comes_in_once(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        job = await handed_in(platform, http, "areas", AREAS.read_bytes())
        assert (job["state"], counts(job)) == ("checked", (226, 226, 0, 0, 0))
        assert await platform.rows("registry", "select id from areas") == []
        job = await confirmed(platform, http, job)
        assert (job["state"], counts(job)) == ("done", (226, 226, 0, 0, 0))
        assert len(await platform.rows("registry", "select id from areas")) == 226
        assert len(platform.events(AreaRegistered)) == 226
        again = await handed_in(platform, http, "areas", AREAS.read_bytes())
        assert (again["id"] != job["id"], counts(again)) == (True, (226, 0, 0, 226, 0))
        assert counts(await confirmed(platform, http, again)) == (226, 0, 0, 226, 0)
        assert len(platform.events(AreaRegistered)) == 226


async def test_exactly_the_planted_faults_of_100_000_rows_are_told(services_here: OpenPlatform) -> None:
    rows = enterprises(100_000)
    expected = planted(rows, 1_000)
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await brought_in(platform, http, "areas", AREAS.read_bytes())
        job = await handed_in(platform, http, "enterprises", as_csv(rows))
        assert (job["state"], counts(job)) == ("checked", (100_000, 99_000, 0, 0, 1_000))
        found = await faults_of(http, job)
        assert [(fault["line"], fault["column"], fault["slug"]) for fault in found] == expected
        assert all(fault[text] for fault in found for text in ("en", "zh", "mend_en", "mend_zh"))


async def test_a_bad_row_keeps_all_out_unless_it_is_to_be_left_out(services_here: OpenPlatform) -> None:
    rows = enterprises(30, area=VILLAGE)
    [(line, column, why)] = planted(rows, 1)
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        told = len(platform.events(EnterpriseRegistered))
        job = await handed_in(platform, http, "enterprises", as_csv(rows))
        [fault] = await faults_of(http, job)
        assert (fault["line"], fault["column"], fault["letter"], fault["slug"]) == (line, column, "A", why)
        assert fault["heading"] == "Credit code"
        refused = await http.post(f"/imports/{job['id']}/confirm", json={})
        assert (refused.status_code, slug(refused)) == (409, "bad-rows")
        await platform.settle()
        assert len(platform.events(EnterpriseRegistered)) == told
        job = await confirmed(platform, http, job, skip_bad=True)
        assert (job["state"], counts(job)) == ("done", (30, 29, 0, 0, 1))
        assert len(platform.events(EnterpriseRegistered)) == told + 29
        again = await http.post(f"/imports/{job['id']}/confirm", json={"skip_bad": True})
        assert (again.status_code, again.json()["state"]) == (202, "done")
        await platform.settle()
        assert len(platform.events(EnterpriseRegistered)) == told + 29


async def test_an_import_states_what_the_api_would_state(services_here: OpenPlatform) -> None:
    moved = {**THE_MILL, "place": {**THE_MILL["place"], "address": "2 Bridge Road"}}
    row = [
        [
            THE_MILL["uscc"],
            THE_MILL["name_zh"],
            THE_MILL["name_en"],
            "C1310",
            VILLAGE,
            "1 Bridge Road",
            "110.5",
            "40.5",
            "120",
        ]
    ]
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        assert (await http.put(f"/enterprises/{MILL}", json=moved)).status_code == 200
        await platform.settle()
        first, *_, by_api = [event for event in platform.events(EnterpriseRegistered) if event.area_code == VILLAGE]
        assert by_api != first
        job = await brought_in(platform, http, "enterprises", as_csv(row))
        assert counts(job) == (1, 0, 1, 0, 0)
        by_import = platform.events(EnterpriseRegistered)[-1]
        assert by_import.model_dump(exclude={"at"}) == first.model_dump(exclude={"at"})
        kept = await platform.rows("registry", "select id, version from enterprises where id = :id", id=MILL)
        assert kept == [{"id": MILL, "version": 3}]


async def test_what_changed_since_the_check_stops_the_whole_file(services_here: OpenPlatform) -> None:
    """A code that got another owner between check and confirmation: nothing is written, and the row is told."""
    rows = [[str(uuid4()), *row] for row in enterprises(5, area=VILLAGE)]
    taken = {**THE_MILL, "uscc": rows[3][1]}
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        job = await handed_in(platform, http, "enterprises", as_csv(rows, ("id", *HEADINGS)))
        assert counts(job) == (5, 5, 0, 0, 0)
        assert (await http.put(f"/enterprises/{uuid4()}", json=taken)).status_code == 200
        job = await confirmed(platform, http, job)
        assert (job["state"], counts(job)) == ("checked", (5, 4, 0, 0, 1))
        [fault] = await faults_of(http, job)
        assert (fault["line"], fault["slug"]) == (5, "already-exists")
        assert len(await platform.rows("registry", "select id from enterprises")) == 3
        assert counts(await confirmed(platform, http, job, skip_bad=True)) == (5, 4, 0, 0, 1)


async def test_a_file_is_taken_in_once_and_only_by_an_operator(services_here: OpenPlatform) -> None:
    data, one = AREAS.read_bytes(), uuid4()
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        first = await http.put(f"/imports/{one}", params={"kind": "areas"}, content=data)
        again = await http.put(f"/imports/{one}", params={"kind": "areas"}, content=data)
        same = await http.put(f"/imports/{uuid4()}", params={"kind": "areas"}, content=data)
        assert [answer.json()["id"] for answer in (first, again, same)] == [str(one)] * 3
        other = await http.put(f"/imports/{one}", params={"kind": "areas"}, content=data + b"\n")
        assert (other.status_code, slug(other)) == (409, "import-id-taken")
        unknown = await http.put(f"/imports/{uuid4()}", params={"kind": "colours"}, content=data)
        assert (unknown.status_code, slug(unknown)) == (422, "no-such-kind")
        await platform.settle()
        discarded = await http.post(f"/imports/{one}/discard")
        assert (discarded.json()["state"], discarded.json()["offers"]) == ("discarded", [])
        late = await http.post(f"/imports/{one}/confirm", json={})
        assert (late.status_code, slug(late)) == (409, "illegal-transition")
        for who in (OFFICER, MANAGER, TOWN_CLERK, AUDITOR):
            async with platform.client("registry", who) as stranger:
                put = await stranger.put(f"/imports/{uuid4()}", params={"kind": "areas"}, content=data)
                assert (put.status_code, slug(put)) == (403, "role-may-not")
                for path in ("imports", f"imports/{one}", f"imports/{one}/faults", "templates/areas"):
                    assert (await stranger.get(f"/{path}")).status_code == 403, path


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7 and so on", "not-a-table"),
        (b"<html><table></table></html>", "not-a-table"),
        (b"colour,shape\nred,round\n", "headings-not-found"),
        (b"code,level\n150221,county\n", "heading-missing"),
        (b"code,name,code\n150221,x,150221\n", "heading-twice"),
        (b'code,name\n150221,"never closed\n150222,x\n', "quote-not-closed"),
        (b'code,name\n150221,"ab"c\n', "quote-misplaced"),
        ("code,name\n150221,示".encode("gbk") + b"\xff\xff\n", "not-text"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(services_here: OpenPlatform, data: bytes, why: str) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        job = await handed_in(platform, http, "areas", data)
        assert (job["state"], job["refusal"]["slug"]) == ("unreadable", why)
        report = await http.get(f"/imports/{job['id']}/report")
        assert (report.status_code, slug(report)) == (409, "not-checked")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_report_is_mended_and_handed_in_again(services_here: OpenPlatform, form: str) -> None:
    rows = enterprises(6, area=VILLAGE)
    rows[2][1], rows[4][8] = "=cmd()", "many"
    async with services_here("registry") as platform, platform.client("registry", OPERATOR, "zh") as http:
        await settle_in(platform)
        job = await handed_in(platform, http, "enterprises", as_csv(rows))
        report = await http.get(f"/imports/{job['id']}/report", params={"format": form})
        assert report.headers["content-disposition"] == f'attachment; filename="enterprises-report.{form}"'
        if form == "csv":
            text = report.content.decode("utf-8-sig")
            assert "'=cmd()" in text
            assert "employees: 不是整数。" in text.splitlines()[5]
        again = await handed_in(platform, http, "enterprises", report.content)
        assert (again["state"], counts(again)) == ("checked", (6, 5, 0, 0, 1))
        assert again["ignored"] == []
        assert again["first_rows"][2]["row"]["name_zh"] == "=cmd()"
        only = await http.get(f"/imports/{job['id']}/report", params={"format": form, "only_bad": True})
        assert counts(await handed_in(platform, http, "enterprises", only.content)) == (1, 0, 0, 0, 1)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_what_is_exported_comes_in_unchanged(services_here: OpenPlatform, form: str, language: str) -> None:
    person, membership = uuid4(), uuid4()
    ada = {
        "name": "+Ada, 'the' @first",
        "language": "en",
        "area_code": TOWN,
        "email": "ada@example.org",
        "phone": "+86 13800000000",
    }
    async with services_here("registry") as platform, platform.client("registry", OPERATOR, language) as http:
        await settle_in(platform)
        assert (await http.put(f"/people/{person}", json=ada)).status_code == 200
        acts = {"person_id": str(person), "role": "volunteer", "area_code": TOWN}
        assert (await http.put(f"/memberships/{membership}", json=acts)).status_code == 200
        odd = {**THE_MILL, "name_zh": "'=1+1", "name_en": "-2+3", "uscc": "91110108551385082Q"}
        assert (await http.put(f"/enterprises/{uuid4()}", json=odd)).status_code == 200
        await platform.settle()
        told = len(platform.events())
        for kind, rows in {"areas": 4, "parties": 4, "enterprises": 3, "people": 1, "memberships": 1}.items():
            taken = await http.get(f"/exports/{kind}", params={"format": form})
            assert taken.status_code == 200, taken.text
            job = await brought_in(platform, http, kind, taken.content)
            assert counts(job) == (rows, 0, 0, rows, 0), (kind, job)
        assert len(platform.events()) == told


async def test_an_export_holds_what_the_person_may_see_whole_and_no_more(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform:
        await settle_in(platform)
        seen: dict[Actor | None, int] = {OPERATOR: 2, OFFICER: 2, TOWN_CLERK: 1, MANAGER: 1}
        for who, rows in seen.items():
            async with platform.client("registry", who) as http:
                answer = await http.get("/exports/enterprises", params={"format": "csv"})
                assert len(answer.content.splitlines()) == 1 + rows, who
        for who, status in {None: 401, OFFICER: 403, MANAGER: 403}.items():
            async with platform.client("registry", who) as http:
                for kind in ("people", "memberships"):
                    assert (await http.get(f"/exports/{kind}")).status_code == status
        async with platform.client("registry", AUDITOR) as http:
            assert (await http.get("/exports/enterprises")).status_code == 403
        async with platform.client("registry", OPERATOR) as http:
            in_town = await http.get("/exports/enterprises", params={"format": "csv", "area": TOWN})
            assert len(in_town.content.splitlines()) == 2
            assert (await http.get("/exports/colours")).status_code == 404


@pytest.mark.parametrize(
    "point", ["import.between_batches", "import.written", "action.uncommitted", "action.committed"]
)
async def test_a_file_whose_process_is_killed_is_written_once(
    services_here: OpenPlatform, tmp_path: Path, point: str
) -> None:
    rows = enterprises(2_500, area=VILLAGE)
    async with (
        services_here("registry", evidence_url=str(tmp_path / "files")) as platform,
        platform.client("registry", OPERATOR) as http,
    ):
        await settle_in(platform)
        told = len(platform.events(EnterpriseRegistered))
        job = await handed_in(platform, http, "enterprises", as_csv(rows))
        assert (await http.post(f"/imports/{job['id']}/confirm", json={})).status_code == 202
        url = platform.service("registry").database.url
        assert await _worked(url, tmp_path / "files", point) == KILLED
        there = len(await platform.rows("registry", "select id from enterprises"))
        assert there == 2 + (2_500 if point == "action.committed" else 0)
        assert await _worked(url, tmp_path / "files", "") == 0
        job = (await http.get(f"/imports/{job['id']}")).json()
        assert (job["state"], counts(job)) == ("done", (2_500, 2_500, 0, 0, 0))
        await platform.settle()
        assert len(platform.events(EnterpriseRegistered)) == told + 2_500


async def _worked(url: str, folder: Path, point: str) -> int:
    """Let a process of its own work on imports; give how it ended."""
    environment = {**os.environ, "COMMONWATCH_CRASHPOINT": point, "PYTHONPATH": str(ROOT)}
    program = Path(__file__).with_name("dying_import.py")
    process = await asyncio.create_subprocess_exec(sys.executable, str(program), url, str(folder), env=environment)
    return await process.wait()
