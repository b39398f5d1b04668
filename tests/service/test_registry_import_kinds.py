"""What can be imported is described, and each table has a template that says of itself what it wants."""

import io
from typing import Any

import pytest
from handing_in import counts, handed_in
from registry_county import OPERATOR, settle_in

from services.registry.imports.domain.book import openpyxl
from services.registry.imports.domain.kinds import KINDS
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
