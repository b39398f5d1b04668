"""The catalogue of legal bases: dated, marked, public; what is seeded says no more than is known."""

from typing import Any
from uuid import UUID, uuid4

import yaml
from registry_county import COUNTY, OFFICER, OPERATOR, VOLUNTEER, slug

from services.cli.bases import SEED, entries
from shared.contracts.registry import BasisListed
from shared.testing import OpenPlatform

WSL, OLD = UUID(int=301), UUID(int=302)


def basis(**changes: Any) -> dict[str, Any]:
    given = {
        "id": str(WSL),
        "short_name": "WSL",
        "title_zh": "中华人民共和国安全生产法",
        "title_en": "Work Safety Law",
        "number": "",
        "issuer": "全国人大常委会",
        "article": "65",
        "level": "law",
        "mark": "L",
        "valid_from": "2021-09-01",
        "valid_to": None,
        "date_verified": True,
        "text_zh": "",
        "text_en": "",
        "supersedes_id": None,
        "note": "",
    }
    return {**given, **changes}


SUPERSEDED = basis(id=str(OLD), valid_from="2014-12-01", valid_to="2021-08-31")


async def test_the_catalogue_is_told_once_and_asked_for_by_day_level_and_name(services_here: OpenPlatform) -> None:
    undated = basis(id=str(uuid4()), short_name="Undated", number="安委〔2020〕10号")
    undated |= {"valid_from": None, "date_verified": False, "level": "rule", "mark": "S"}
    listed = [SUPERSEDED, basis(supersedes_id=str(OLD)), undated]
    async with services_here("registry", county_code=COUNTY) as platform:
        async with platform.client("registry", OPERATOR) as http:
            assert (await http.put("/bases", json=listed)).json() == {"received": 3, "changed": 3}
            assert (await http.put("/bases", json=listed)).json() == {"received": 3, "changed": 0}
        await platform.settle(redeliver=3)
        told = {str(event.basis_id): event for event in platform.events(BasisListed) if isinstance(event, BasisListed)}
        for each in listed:
            whole = told[each["id"]].model_dump(mode="json", exclude={"at", "area_code", "basis_id"})
            assert whole | {"id": each["id"]} == each
        async with platform.client("registry") as anyone:
            asked: list[tuple[dict[str, str], set[str]]] = [
                ({"on": "2021-08-31"}, {str(OLD), undated["id"]}),
                ({"on": "2021-09-01"}, {str(WSL), undated["id"]}),
                ({"level": "rule"}, {undated["id"]}),
                ({"q": "10号"}, {undated["id"]}),
                ({"q": "work safety", "on": "2026-01-01", "level": "law"}, {str(WSL)}),
            ]
            for params, ids in asked:
                found = (await anyone.get("/bases", params=params)).json()["items"]
                assert {each["id"] for each in found} == ids, params
            assert (await anyone.get(f"/bases/{WSL}")).json() == listed[1]
            assert (await anyone.get(f"/bases/{uuid4()}")).status_code == 404


async def test_only_the_operator_writes_the_catalogue_and_nothing_supersedes_what_is_not_there(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry", county_code=COUNTY) as platform:
        for who, status in {OFFICER: 403, VOLUNTEER: 403, None: 401}.items():
            async with platform.client("registry", who) as http:
                assert (await http.put("/bases", json=[basis()])).status_code == status
        async with platform.client("registry", OPERATOR) as http:
            for faulty, told in (
                ([basis(supersedes_id=str(OLD))], "unknown-basis"),
                ([basis(supersedes_id=str(OLD)), SUPERSEDED], "unknown-basis"),
                ([basis(supersedes_id=str(WSL))], "supersedes-itself"),
            ):
                answer = await http.put("/bases", json=faulty)
                assert (answer.status_code, slug(answer)) == (422, told)
            for nonsense in ({"valid_to": "2021-08-31"}, {"valid_from": None}):
                assert (await http.put("/bases", json=[basis(**nonsense)])).status_code == 422
        assert await platform.rows("registry", "select id from bases") == []


async def test_a_criterion_names_its_document_in_the_catalogue(services_here: OpenPlatform) -> None:
    criterion = {
        "id": str(uuid4()),
        "document": "MEM Order 10",
        "item": "1",
        "text_zh": "未设除尘",
        "valid_from": "2023-05-15",
    }
    async with services_here("registry", county_code=COUNTY) as platform, platform.client("registry", OPERATOR) as http:
        answer = await http.put("/criteria", json=[{**criterion, "basis_id": str(WSL)}])
        assert (answer.status_code, slug(answer), answer.json()["index"]) == (422, "unknown-basis", 0)
        await http.put("/bases", json=[basis()])
        assert (await http.put("/criteria", json=[{**criterion, "basis_id": str(WSL)}])).json()["changed"] == 1
        [shown] = (await http.get("/criteria")).json()["items"]
        assert shown["basis_id"] == str(WSL)


async def test_the_seed_catalogue_is_taken_whole_and_repeats_nothing(services_here: OpenPlatform) -> None:
    seed = yaml.safe_load(SEED.read_text("utf-8"))
    async with services_here("registry", county_code=COUNTY) as platform, platform.client("registry", OPERATOR) as http:
        listed = entries(seed)
        assert len(listed) > 50
        assert (await http.put("/bases", json=listed)).json() == {"received": len(listed), "changed": len(listed)}
        assert (await http.put("/bases", json=entries(seed))).json()["changed"] == 0
        shown = (await http.get("/bases", params={"limit": 500})).json()["items"]
        assert {each["mark"] for each in shown} <= {"L", "S", "K", "D"}
        for each in shown:
            assert each["date_verified"] == ("date unverified" not in each["note"]), each["short_name"]
        verified = {each["short_name"] for each in shown if each["date_verified"]}
        assert verified == {"Compulsion Law", "Decree 493", "Decree 708", "Volunteer Reg."}
        [order] = [each for each in shown if each["short_name"] == "Order 18"]
        [before] = [each for each in shown if each["id"] == order["supersedes_id"]]
        assert (before["short_name"], before["valid_to"], order["valid_from"]) == (
            "Order 15",
            "2026-01-31",
            "2026-02-01",
        )
