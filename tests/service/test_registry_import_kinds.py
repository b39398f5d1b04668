"""What can be imported is described, and each table has a template that says of itself what it wants."""

import io
from typing import Any

import pytest
from county_files import as_csv
from handing_in import brought_in, counts, handed_in
from registry_county import COUNTY, OPERATOR, settle_in

from services.registry.imports.domain.book import openpyxl
from services.registry.imports.domain.kinds import KINDS
from shared.contracts.registry import MembershipGranted, PartyRegistered
from shared.contracts.values import PartyKind, Role
from shared.testing import OpenPlatform


async def test_every_table_is_described_column_by_column(services_here: OpenPlatform) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        answer = await http.get("/imports/kinds")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = {kind["name"]: kind for kind in answer.json()}
        assert list(told) == list(KINDS)
        for kind in KINDS.values():
            assert [column["name"] for column in told[kind.name]["columns"]] == list(kind.names)
            assert all(column["why_zh"] and column["why_en"] for column in told[kind.name]["columns"])
        [language] = [column for column in told["people"]["columns"] if column["name"] == "language"]
        assert language["words"] == ["zh", "en"]


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_template_is_read_as_an_empty_table_of_its_kind(services_here: OpenPlatform, language: str) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR, language) as http:
        await settle_in(platform)
        for kind in KINDS.values():
            headings: list[list[str]] = []
            for form in ("csv", "xlsx"):
                taken = await http.get(f"/templates/{kind.name}", params={"format": form})
                assert taken.status_code == 200, taken.text
                if form == "xlsx":
                    book: Any = openpyxl.load_workbook(io.BytesIO(taken.content))
                    headings.append([cell.value for cell in book.worksheets[0][1]])
                    assert book.worksheets[1].max_row == 1 + len(kind.columns)
                else:
                    headings.append(taken.content.decode("utf-8-sig").splitlines()[0].split(","))
                job = await handed_in(platform, http, kind.name, taken.content)
                assert (job["state"], counts(job), job["ignored"]) == ("checked", (0, 0, 0, 0, 0), []), (kind, form)
            assert headings[0] == headings[1]
            assert [each.removesuffix("*") for each in headings[0]] == [
                column.heading(language) for column in kind.columns
            ]


async def test_a_column_that_a_table_lacks_means_in_a_new_row_what_an_empty_cell_does(
    services_here: OpenPlatform,
) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR) as http:
        await settle_in(platform)
        named = as_csv([["8", "李无语", COUNTY]], ("number", "name", "area_code"))
        await brought_in(platform, http, "people", named)
        assert await platform.rows("registry", "select name, language from people") == [
            {"name": "李无语", "language": "zh"}
        ]


WATCHDOGS = {
    "公安刑侦部门": ("police", "县公安局刑警大队"),
    "Criminal police": ("police", "市公安局刑侦支队"),
    "检察院": ("procurator", "县人民检察院"),
    "procuratorate": ("procurator", "市人民检察院"),
    "纪检监察机关": ("discipline", "县纪委监委"),
    "discipline": ("discipline", "市纪委监委"),
    "工会": ("union", "县总工会"),
    "受委托单位": ("delegate", "县执法大队"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_whoever_receives_transfers_comes_in_with_its_people_and_goes_out_again(
    services_here: OpenPlatform, language: str
) -> None:
    async with services_here("registry") as platform, platform.client("registry", OPERATOR, language) as http:
        await settle_in(platform)
        parties = as_csv(
            [[word, name, COUNTY] for word, (_, name) in WATCHDOGS.items()], ("kind", "name_zh", "area_code")
        )
        await brought_in(platform, http, "parties", parties)
        told = {party.name_zh: party for party in platform.events(PartyRegistered)}
        assert {name: told[name].kind for _, name in WATCHDOGS.values()} == {
            name: kind for kind, name in WATCHDOGS.values()
        }
        taken = await http.get("/exports/parties", params={"format": "csv"})
        said = taken.content.decode("utf-8-sig")
        assert ("检察院," if language == "zh" else "procurator,") in said
        assert counts(await brought_in(platform, http, "parties", taken.content)) == (12, 0, 0, 12, 0)
        await brought_in(platform, http, "people", as_csv([["7", "韩检察", COUNTY]], ("number", "name", "area_code")))
        roles = {"检察人员": "县人民检察院", "discipline": "县纪委监委", "Criminal police": "县公安局刑警大队"}
        acting = [["7", role, str(told[name].party_id), COUNTY] for role, name in roles.items()]
        named = ("person_number", "role", "party_id", "area_code")
        await brought_in(platform, http, "memberships", as_csv(acting, named))
        assert [each.role for each in platform.events(MembershipGranted)] == ["procurator", "discipline", "police"]
        stranger = as_csv([["7", "procurator", str(told["县纪委监委"].party_id), COUNTY]], named)
        assert counts(await handed_in(platform, http, "memberships", stranger))[-1] == 1, "of another kind of party"


def test_every_kind_of_party_and_every_role_has_words_for_tables() -> None:
    assert _words("parties", "kind") == set(PartyKind) - {PartyKind.ENTERPRISE}
    assert _words("memberships", "role") == set(Role) - {Role.AUTHORITY, Role.ENTERPRISE, Role.PUBLIC}


def _words(kind: str, column: str) -> set[str]:
    return set(KINDS[kind].column(column).words or {})
