"""Official documents: made with their act, printed once, served, declared void, and read by whom they concern."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any

import hazard_stages as stages
import inspection_county as county
import pypdf
import pytest
from inspection_county import OFFICERS, get, post, slug
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.inspection.documents import workers
from services.inspection.documents.clients import Job, Press, Printed
from shared.auth import Actor
from shared.contracts.inspection import (
    DocumentIssued,
    DocumentVoided,
)
from shared.testing import OpenPlatform, Platform

DELIVERY = {"how": "in_person", "received_by": "Chen", "evidence": [county.OFFICERS_PICTURE]}


class Killed(BaseException):
    """What nothing in the service can catch, as it could not catch the end of its process."""


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """One process that prints, for all tests of this module."""
    press = Press(1)
    yield press
    press.close()


@pytest.fixture
def printing(services_here: OpenPlatform, press: Press) -> Any:
    """Open inspection with a press: `async with printing() as platform:`."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Platform]:
        async with services_here("inspection") as platform:
            platform.service("inspection").parts[Press] = press
            yield platform

    return opening


async def documents(platform: Platform, who: Actor, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await get(platform, who, f"/documents{query}"))["items"]
    return found


async def the_document(platform: Platform, kind: str, who: Actor = county.li) -> dict[str, Any]:
    [found] = await documents(platform, who, f"?kind={kind}")
    return await get(platform, who, f"/documents/{found['id']}")


async def file_of(platform: Platform, who: Actor, document: dict[str, Any], language: str = "zh") -> bytes:
    async with platform.client("inspection", who) as http:
        answer = await http.get(f"/documents/{document['id']}/pdf?language={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


async def test_an_order_has_its_document_under_its_own_number_and_the_file_is_what_its_hash_says(
    printing: Any,
) -> None:
    async with printing() as platform:
        hazard = await stages.ordered(platform)
        [order] = (await get(platform, county.li, hazard))["orders"]
        await platform.settle(redeliver=3)

        document = await the_document(platform, "rectification_order")
        assert (document["number"], document["state"]) == (order["number"], "issued")
        assert {each["language"] for each in document["renditions"]} == {"zh", "en"}
        for each in document["renditions"]:
            pdf = await file_of(platform, county.li, document, each["language"])
            assert sha256(pdf).hexdigest() == each["sha256"]
        chinese = text_of(await file_of(platform, county.li, document))
        for word in (order["number"].replace("号", ""), "面粉厂", "Clean the motors", "Work Safety Law art. 65"):
            assert word in chinese
        assert "60" in chinese
        [fact] = platform.events(DocumentIssued)
        assert [(each["language"], each["sha256"]) for each in document["renditions"]] == [
            (each.language, each.sha256) for each in fact.files
        ]


async def test_each_act_that_takes_a_document_has_one(printing: Any) -> None:
    async with printing() as platform:
        hazard = await stages.rechecking(platform, grade="major", criterion_ids=[str(county.CRITERION)])
        verdicts = await stages.passing(platform, hazard)
        failed = [{**each, "passed": each == verdicts["verdicts"][0]} for each in verdicts["verdicts"]]
        await post(
            platform,
            county.li,
            f"{hazard}/fail-recheck",
            officers=OFFICERS,
            verdicts=failed,
            opinion="The extractor is missing",
            consequence="new_order",
            limit=str(stages.LIMIT),
            basis="Work Safety Law art. 65",
        )
        await post(
            platform, county.head, f"{hazard}/order-stop", kind="full_stop", reason="Dust", basis="WSL art. 65(3)"
        )
        await platform.settle()

        kinds = [each["kind"] for each in await documents(platform, county.li)]
        assert sorted(kinds) == [
            "onsite_measure", "recheck_opinion", "rectification_order", "rectification_order"
        ]  # fmt: skip
        opinion = await the_document(platform, "recheck_opinion")
        orders = [each["number"] for each in (await get(platform, county.li, hazard))["orders"]]
        assert opinion["data"]["order_number"] == min(orders)
        assert [each["passed"] for each in opinion["data"]["items"]] == [True, False]


async def test_an_enterprise_reads_what_was_served_on_it_and_nothing_before(printing: Any) -> None:
    async with printing() as platform:
        hazard = await stages.ordered(platform)
        await platform.settle()
        [order] = (await get(platform, county.li, hazard))["orders"]
        document = await the_document(platform, "rectification_order")
        at = f"/documents/{document['id']}"

        assert await documents(platform, county.principal) == []
        assert slug(await get(platform, county.principal, at, 404)) == "not-found"
        await post(platform, county.li, f"{hazard}/deliver", order_id=order["id"], **DELIVERY)

        [seen] = await documents(platform, county.principal)
        assert (seen["served"]["how"], seen["served"]["received_by"]) == ("in_person", "Chen")
        assert text_of(await file_of(platform, county.principal, document))
        assert await documents(platform, county.other_principal) == []
        assert slug(await get(platform, county.worker, at, 403)) == "role-may-not"
        assert slug(await get(platform, county.fire_officer, at, 404)) == "not-found"


async def test_a_void_document_stays_and_is_shown_stamped(printing: Any) -> None:
    async with printing() as platform:
        hazard = await stages.ordered(platform)
        assert slug(await post(platform, county.head, await _void_address(platform), 409, reason="Too early")) == (
            "not-to-be-voided"
        )
        await platform.settle()
        document = await the_document(platform, "rectification_order")
        address = f"/documents/{document['id']}/void"
        assert slug(await post(platform, county.li, address, 403, reason="Wrong unit")) == "role-may-not"
        await post(platform, county.head, address, reason="The unit was misnamed")
        assert slug(await post(platform, county.head, address, 409, reason="Again")) == "not-to-be-voided"
        await platform.settle(redeliver=3)

        stamped = text_of(await file_of(platform, county.li, document, "en"))
        assert "VOID" in stamped
        assert "The unit was misnamed" in stamped
        assert "Clean the motors" in stamped
        shown = await get(platform, county.li, f"/documents/{document['id']}")
        assert (shown["state"], shown["void_reason"]) == ("voided", "The unit was misnamed")
        assert shown["renditions"] == document["renditions"]
        history = await get(platform, county.head, f"/documents/{document['id']}/history")
        assert [each["verb"] for each in history["items"]] == ["issue", "void"]
        [fact] = platform.events(DocumentVoided)
        assert fact.number == document["number"]
        assert fact.enterprise_id is None, "it was never served"
        assert (await get(platform, county.li, hazard))["state"] == "ordered", "the order itself stands"


async def _void_address(platform: Platform) -> str:
    return f"/documents/{(await the_document(platform, 'rectification_order'))['id']}/void"


async def test_the_database_itself_refuses_to_change_what_was_issued(printing: Any) -> None:
    async with printing() as platform:
        hazard = await stages.ordered(platform)
        [order] = (await get(platform, county.li, hazard))["orders"]
        await post(platform, county.li, f"{hazard}/deliver", order_id=order["id"], **DELIVERY)
        await platform.settle()
        for change in (
            "update documents set data = '{}'",
            "update documents set number = 'x'",
            "update documents set state = 'pending'",
            "update documents set template = 'x'",
            "delete from documents",
            "update document_renditions set sha256 = repeat('0', 64)",
            "delete from document_renditions",
            "delete from document_servings",
        ):
            async with platform.service("inspection").database.engine.connect() as connection:
                with pytest.raises(DBAPIError, match=r"never|once|back|only ever added"):
                    await connection.execute(text(change))


async def test_a_press_that_fails_leaves_the_act_standing_and_the_document_is_printed_later(
    printing: Any, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with printing() as platform:
        dead = Press(1)
        platform.service("inspection").parts[Press] = dead

        async def broken(*_: object) -> None:
            raise OSError("no room left")

        monkeypatch.setattr(dead, "printed", broken)
        hazard = await stages.ordered(platform)
        await platform.settle()
        document = await the_document(platform, "rectification_order")
        assert (document["state"], document["renditions"], document["fault"]) == ("pending", [], "OSError")
        assert (await get(platform, county.li, hazard))["state"] == "ordered"
        async with platform.client("inspection", county.li) as http:
            answer = await http.get(f"/documents/{document['id']}/pdf")
        assert slug(answer.json()) == "document-pending"

        platform.service("inspection").parts[Press] = press
        platform.travel(seconds=1)
        await platform.settle()
        assert (await the_document(platform, "rectification_order"))["state"] == "pending", "it rests after a fault"
        platform.travel(seconds=10)
        await platform.settle()
        printed = await the_document(platform, "rectification_order")
        assert (printed["state"], printed["code"], printed["fault"]) == ("issued", document["code"], "")


async def test_anybody_may_ask_whether_a_document_is_genuine_and_learns_nothing_of_whom_it_is_about(
    printing: Any,
) -> None:
    async with printing() as platform:
        await stages.ordered(platform)
        await platform.settle()
        document = await the_document(platform, "rectification_order")
        async with platform.client("inspection") as http:
            by_code = (await http.get(f"/verify/{document['code'].lower()}")).json()
            by_hash = (await http.get(f"/verify/{document['renditions'][0]['sha256']}")).json()
            unknown = (await http.get(f"/verify/{'0' * 64}")).json()
            nonsense = (await http.get("/verify/hello")).json()
        assert by_code == by_hash
        assert by_code == {
            "state": "genuine",
            "kind": "rectification_order",
            "kind_en": "Rectification order",
            "kind_zh": "责令限期整改指令书",
            "number": document["number"],
            "issuer_en": "应急",
            "issuer_zh": "应急",
            "issued_on": "2026-09-30",
            "voided_on": None,
            "files": [{"language": each["language"], "sha256": each["sha256"]} for each in document["renditions"]],
        }
        assert unknown["state"] == nonsense["state"] == "unknown"
        await post(platform, county.head, f"/documents/{document['id']}/void", reason="Wrong")
        async with platform.client("inspection") as http:
            void = (await http.get(f"/verify/{document['code']}")).json()
        assert (void["state"], void["voided_on"]) == ("voided", "2026-09-30")


async def test_what_was_kept_before_a_crash_is_the_document_whatever_the_templates_say_afterwards(
    printing: Any, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with printing() as platform:
        await stages.ordered(platform)

        def dies(_: str) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(workers, "crashpoint", dies)
            with pytest.raises(Killed):
                await platform.settle()
        before = await the_document(platform, "rectification_order")
        assert (before["state"], before["renditions"]) == ("pending", [])

        real = press.printed

        async def newer(job: Job) -> Printed:
            return replace(await real(job), pdf=b"%PDF-1.7 newer %%EOF", pages=99)

        monkeypatch.setattr(press, "printed", newer)
        await platform.settle()
        assert (await the_document(platform, "rectification_order"))["state"] == "pending", "the other may still print"
        platform.travel(minutes=3)
        await platform.settle()
        document = await the_document(platform, "rectification_order")
        assert document["state"] == "issued"
        chinese = await file_of(platform, county.li, document)
        assert sha256(chinese).hexdigest() == document["renditions"][0]["sha256"]
        assert "Clean the motors" in text_of(chinese)
        assert document["renditions"][0]["pages"] == len(pypdf.PdfReader(BytesIO(chinese)).pages)


async def test_a_document_is_served_once_by_who_issued_it_and_then_read_by_its_addressee(printing: Any) -> None:
    async with printing() as platform:
        hazard = await stages.rechecking(platform)
        await post(platform, county.li, f"{hazard}/pass-recheck", **await stages.passing(platform, hazard))
        order, opinion = [
            f"/documents/{(await the_document(platform, kind))['id']}"
            for kind in ("rectification_order", "recheck_opinion")
        ]
        assert slug(await post(platform, county.li, f"{opinion}/serve", 409, **DELIVERY)) == "not-to-be-served"
        await platform.settle()
        assert slug(await post(platform, county.li, f"{order}/serve", 409, **DELIVERY)) == "served-as-order"
        assert slug(await post(platform, county.committee, f"{opinion}/serve", 403, **DELIVERY)) == "not-your-document"
        unproven = await post(platform, county.li, f"{opinion}/serve", 422, how="in_person", received_by="Chen")
        assert unproven["missing"] == [{"piece": "signature"}]
        left = {
            **DELIVERY,
            "how": "left_at_premises",
            "received_by": None,
            "refused": {"reason": "No", "witnesses": []},
        }
        assert (await post(platform, county.li, f"{opinion}/serve", 422, **left))["missing"] == [{"piece": "witnesses"}]
        assert (await get(platform, county.li, opinion))["may_serve"] is True
        served = await post(platform, county.li, f"{opinion}/serve", **DELIVERY)
        assert (served["served"]["received_by"], served["may_serve"]) == ("Chen", False)
        assert slug(await post(platform, county.li, f"{opinion}/serve", 409, **DELIVERY)) == "already-served"
        assert [each["kind"] for each in await documents(platform, county.principal, "?kind=recheck_opinion")] == [
            "recheck_opinion"
        ]
        await post(platform, county.head, f"{opinion}/void", reason="Wrong date")
        await platform.settle()
        [fact] = platform.events(DocumentVoided)
        assert (fact.served, fact.enterprise_id) == (True, county.MILL)
        history = await get(platform, county.head, f"{opinion}/history")
        assert [each["verb"] for each in history["items"]] == ["issue", "serve", "void"]


async def test_a_jurisdiction_that_names_no_time_to_object_prints_none(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        info = platform.service("inspection").database.info
        kept = {key: rule for key, rule in info["profile"].rules.items() if not key.startswith("document.")}
        info["profile"] = replace(info["profile"], rules=kept)
        await stages.ordered(platform)
        data = (await the_document(platform, "rectification_order"))["data"]
        assert (data["rights"], data["authentic"]) == (None, "zh")
