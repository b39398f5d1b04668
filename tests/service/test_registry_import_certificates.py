"""Certificates come in as a table: each to the right holder, whose own fact then names the newest one."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from county_files import as_csv
from handing_in import brought_in, counts, faults_of, handed_in
from registry_county import AUDITOR, COUNTY, EMERGENCY, FIRE, OFFICER, OPERATOR, TOWN, VOLUNTEER, settle_in

from shared.contracts.registry import CertificateRecorded, PersonRegistered
from shared.testing import OpenPlatform, Platform

LI, WANG, WANG_TOO, LEFT = (UUID(int=300 + n) for n in range(4))
HEADINGS = ("姓名", "单位", "证件类别", "证号", "发证机关", "作业类别", "发证日期", "有效期起", "有效期至")
LIS = ["李明", "应急管理局", "行政执法证", "蒙 0001", "司法厅", "", "2025-01-02", "2025.1.2", "2030年1月1日"]


async def peopled(platform: Platform, http: httpx.AsyncClient) -> None:
    await settle_in(platform)
    names = {LI: "李明", WANG: "王芳", WANG_TOO: "王芳", LEFT: "赵六"}
    everybody = [{"id": str(each), "name": name, "language": "zh", "area_code": TOWN} for each, name in names.items()]
    offices = {LI: EMERGENCY, WANG: EMERGENCY, WANG_TOO: EMERGENCY, LEFT: FIRE}
    acts: list[dict[str, Any]] = [
        {
            "id": str(uuid4()),
            "person_id": str(each),
            "role": "authority.officer",
            "party_id": str(party),
            "area_code": COUNTY,
        }
        for each, party in offices.items()
    ]
    for address, entries in {"/people": everybody, "/memberships": acts}.items():
        answer = await http.put(address, json=entries)
        assert answer.status_code == 200, answer.text
    await platform.settle()


async def test_an_import_of_certificates_states_what_the_api_would_state(services_here: OpenPlatform) -> None:
    asked = {
        "person_id": str(LI),
        "kind": "enforcement",
        "number": "蒙 0001",
        "issuer": "司法厅",
        "issued_on": "2025-01-02",
        "valid_from": "2025-01-02",
        "valid_to": "2030-01-01",
    }
    told: list[Any] = []
    for by_api in (True, False):
        async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
            await peopled(platform, http)
            before = len(platform.events(PersonRegistered))
            if by_api:
                assert (await http.put(f"/certificates/{uuid4()}", json=asked)).status_code == 200
                await platform.settle()
            else:
                job = await brought_in(platform, http, "certificates", as_csv([LIS], HEADINGS))
                assert counts(job) == (1, 1, 0, 0, 0)
                assert counts(await brought_in(platform, http, "certificates", as_csv([LIS], HEADINGS))) == (
                    1,
                    0,
                    0,
                    1,
                    0,
                )
            [recorded] = platform.events(CertificateRecorded)
            [person] = platform.events(PersonRegistered)[before:]
            told.append((recorded.model_dump(exclude={"at", "certificate_id"}), person.model_dump(exclude={"at"})))
    assert told[0] == told[1]
    assert (told[0][1]["certificate_no"], told[0][1]["person_id"]) == ("蒙 0001", LI)


async def test_the_newest_of_several_is_told_whatever_the_order_of_the_lines(services_here: OpenPlatform) -> None:
    newer = [*LIS[:3], "蒙 0002", *LIS[4:8], "2031-01-01"]
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await peopled(platform, http)
        await brought_in(platform, http, "certificates", as_csv([newer, LIS], HEADINGS))
        assert platform.events(PersonRegistered)[-1].certificate_no == "蒙 0002"


@pytest.mark.parametrize(
    ("changed", "column", "why"),
    [
        ({0: "王芳"}, "person_name", "holder-unclear"),
        ({0: "赵六"}, "person_name", "holder-not-found"),
        ({1: "无此局"}, "party", "unknown-party"),
        ({1: ""}, "party", "holder-not-named"),
        ({2: "驾驶证"}, "kind", "word-unknown"),
        ({2: "特种作业操作证"}, "scope", "operation-missing"),
        ({3: "9.15E+17"}, "number", "number-lost-digits"),
        ({6: "2999-01-01"}, "issued_on", "issued-in-the-future"),
        ({8: ""}, "valid_to", "last-day-missing"),
        ({8: "2024-01-01"}, "valid_to", "ends-before-it-begins"),
    ],
)
async def test_a_line_that_cannot_be_recorded_says_how_it_is_mended(
    services_here: OpenPlatform, changed: dict[int, str], column: str, why: str
) -> None:
    bad = [changed.get(n, cell) for n, cell in enumerate(LIS)]
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await peopled(platform, http)
        job = await handed_in(platform, http, "certificates", as_csv([bad], HEADINGS))
        assert (job["state"], counts(job)) == ("checked", (1, 0, 0, 0, 1)), job
        [fault] = await faults_of(http, job)
        assert (fault["column"], fault["slug"]) == (column, why)
        assert all(fault[text] for text in ("en", "zh", "mend_en", "mend_zh"))


async def test_a_number_does_not_pass_to_another_person(services_here: OpenPlatform) -> None:
    named = ("person_id", "姓名", *HEADINGS[2:])
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await peopled(platform, http)
        await brought_in(platform, http, "certificates", as_csv([LIS], HEADINGS))
        for person, name, why in (
            (WANG, "王芳", "certificate-of-another"),
            (WANG, "李明", "holder-has-another-name"),
            (uuid4(), "李明", "unknown-person"),
        ):
            job = await handed_in(platform, http, "certificates", as_csv([[str(person), name, *LIS[2:]]], named))
            assert [fault["slug"] for fault in await faults_of(http, job)] == [why]
        twice = await handed_in(platform, http, "certificates", as_csv([LIS, LIS], HEADINGS))
        assert [(fault["line"], fault["slug"]) for fault in await faults_of(http, twice)] == [(3, "listed-twice")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_certificates_taken_home_come_back_unchanged(services_here: OpenPlatform, form: str) -> None:
    masked = "11010519491231002X"
    rows = [
        LIS,
        [*LIS[:2], "特种作业操作证", masked, "应急厅", "电工", "", "2025-01-01", ""],
        [*LIS[:2], "注册安全工程师", "=cmd", "应急部", "", "", "2025-01-01", ""],
    ]
    async with services_here("registry") as platform, platform.client("registry", OPERATOR, "zh") as http:
        await peopled(platform, http)
        assert counts(await brought_in(platform, http, "certificates", as_csv(rows, HEADINGS))) == (3, 3, 0, 0, 0)
        [decided] = await platform.rows("registry", "select id from certificates where number = '=cmd'")
        path = f"/certificates/{decided['id']}/suspend"
        assert (await http.post(path, json={"reason": "The issuer suspended it."})).status_code == 200
        await platform.settle()
        told = len(platform.events())
        taken = await http.get("/exports/certificates", params={"format": form})
        assert taken.status_code == 200, taken.text
        assert masked.encode() not in taken.content
        assert counts(await brought_in(platform, http, "certificates", taken.content)) == (3, 0, 0, 3, 0)
        assert counts(await brought_in(platform, http, "certificates", as_csv(rows, HEADINGS))) == (3, 0, 0, 3, 0)
        assert len(platform.events()) == told
        for who, rows_seen in {OPERATOR: 3, OFFICER: 3, AUDITOR: 0, VOLUNTEER: 0}.items():
            async with platform.client("registry", who) as theirs:
                seen = (await theirs.get("/certificates")).json()
                file = await theirs.get("/exports/certificates", params={"format": "csv"})
                lines = file.content.splitlines()[1:] if file.status_code == 200 else []
                assert len(lines) == len(seen.get("items", ())) == rows_seen, who


async def test_a_certificate_that_ends_earlier_is_told_of_its_holder(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await peopled(platform, http)
        await brought_in(platform, http, "certificates", as_csv([LIS], HEADINGS))
        await brought_in(platform, http, "certificates", as_csv([[*LIS[:8], "2029-01-01"]], HEADINGS))
        assert str(platform.events(PersonRegistered)[-1].certificate_valid_to) == "2029-01-01"
