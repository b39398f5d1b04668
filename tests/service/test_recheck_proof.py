"""What a re-check must show before a hazard is closed (§4.4, G02, G03, COI-6), and the draw of remote ones."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import inspection_county as county
import pytest
from hazard_stages import CERTAINTIES, LIMIT, ORDER, SIGNED, assigned, clocks, passing, proofs, rechecking, verdicts
from inspection_county import AGENCY, LI, MARKET, OFFICERS, OFFICERS_PICTURE, PARTNER, TODAY, get, post, report, slug

from services.inspection.hazards.models import Hazard
from shared.contracts import inspection as facts
from shared.contracts.registry import CertificateKind, CertificateRecorded, CertificateStatus
from shared.profile import Profile, Ratio
from shared.testing import OpenPlatform, Platform

MAJOR = {"grade": "major", "criterion_ids": [str(county.CRITERION)]}
PHOTOS = {"photos": [OFFICERS_PICTURE]}


def _drawing(platform: Platform, share: float) -> None:
    """Let the county draw this share of what is re-checked remotely."""
    info = platform.service("inspection").database.info
    rules: Profile = info["profile"]
    [rule] = rules.rules["hazard.remote.sample"]
    assert isinstance(rule, Ratio)
    drawn = (rule.model_copy(update={"value": share}),)
    info["profile"] = replace(rules, rules={**rules.rules, "hazard.remote.sample": drawn})


async def _rechecking(platform: Platform, confirmed: dict[str, Any], **order: Any) -> str:
    hazard = await assigned(platform, **confirmed)
    await post(platform, county.li, f"{hazard}/order", **{**ORDER, **order})
    await post(platform, county.principal, f"{hazard}/start-rectification", certainties=CERTAINTIES)
    await post(platform, county.principal, f"{hazard}/request-recheck", items=await proofs(platform, hazard))
    await post(platform, county.li, f"{hazard}/open-recheck")
    return hazard


async def _told_number(platform: Platform, number: str) -> None:
    certificate = CertificateRecorded(
        at=platform.now,
        area_code=county.COUNTY,
        certificate_id=uuid4(),
        person_id=LI,
        kind=CertificateKind.ENFORCEMENT,
        number=number,
        issuer="County",
        valid_from=TODAY,
        status=CertificateStatus.VALID,
    )
    await platform.announce((certificate.certificate_id, 1, certificate))
    await platform.settle(redeliver=3)


async def test_closing_a_major_hazard_names_what_is_missing_and_keeps_what_it_was_closed_by(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        hazard = await _rechecking(platform, MAJOR, items=[{"text": "Clean the motors"}])
        await _told_number(platform, "37-0815")
        bare = {"officers": OFFICERS, "verdicts": await verdicts(platform, hazard), "opinion": "Clean."}
        refused = await post(platform, county.li, f"{hazard}/pass-recheck", 422, **bare)
        assert slug(refused) == "evidence-missing"
        assert refused["missing"] == [
            {"piece": "before", "item": 1},
            {"piece": "verifiers_photo"},
            {"piece": "unit_signature"},
        ]
        assert "item 1" in refused["detail_en"]
        assert "第1项整改前照片" in refused["detail_zh"]
        shown = [{**verdict, "before": [OFFICERS_PICTURE]} for verdict in bare["verdicts"]]
        place = {"lon": 117.0001, "lat": 36.0002}
        passed = await post(
            platform, county.li, f"{hazard}/pass-recheck", **{**bare, **SIGNED, "verdicts": shown, "place": place}
        )
        [recheck] = passed["rechecks"]
        assert recheck["certificates"] == [
            {"officer_id": OFFICERS[0], "number": "37-0815"},
            {"officer_id": OFFICERS[1], "number": None},
        ]
        await _told_number(platform, "37-0816")
        await post(platform, county.head, f"{hazard}/close", workers_told=True)
        closing = (await get(platform, county.desk, f"{hazard}/history"))["items"][-1]
        record = closing["facts"]["record"]
        assert record["items"] == [{"ordinal": 1, "before": ["a" * 64], "after": ["a" * 64]}]
        assert (record["recheck_id"], record["mode"], record["place"]) == (recheck["id"], "on_site", place)
        assert record["certificates"][0]["number"] == "37-0815", "as it was at the re-check"
        assert record["unit_signature"] == record["attachments"] == ["a" * 64]
        own = (await get(platform, county.principal, hazard))["rechecks"][0]
        assert not {"attachments", "place", "opinion_by", "drawn"} & set(own)
        assert (await get(platform, county.principal, f"{hazard}/history"))["items"][-1]["facts"] == {}


async def test_the_unit_signs_or_it_is_said_why_not(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await rechecking(platform)
        path = f"{hazard}/pass-recheck"
        unsigned = await passing(platform, hazard, unit_signature=[], attachments=[])
        refused = await post(platform, county.li, path, 422, **unsigned)
        assert (slug(refused), refused["missing"]) == ("evidence-missing", [{"piece": "unit_signature"}])
        both = {**unsigned, "unit_signature": [OFFICERS_PICTURE], "unit_refused": "No"}
        assert slug(await post(platform, county.li, path, 422, **both)) == "signed-or-refused"
        foreign = {**unsigned, "unit_signature": [county.PICTURE]}
        assert slug(await post(platform, county.li, path, 422, **foreign)) == "unknown-evidence"
        shown = await post(platform, county.li, path, **unsigned, unit_refused="The manager went away")
        assert shown["rechecks"][0]["unit_refused"] == "The manager went away"


async def test_a_remote_recheck_that_is_not_drawn_is_closed_from_the_desk(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        _drawing(platform, 0)
        hazard = await rechecking(platform)
        shown = await post(
            platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard, mode="remote")
        )
        assert (shown["rechecks"][0]["mode"], shown["site_check_due"]) == ("remote", False)
        assert slug(
            await post(platform, county.li, f"{hazard}/site-check", 409, passed=True, remark="x", **PHOTOS)
        ) == ("no-site-check-due")
        assert (await post(platform, county.desk, f"{hazard}/close"))["state"] == "closed"


async def test_a_drawn_remote_recheck_is_seen_on_site_before_it_is_closed(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        _drawing(platform, 1)
        hazard = await rechecking(platform)
        drawn = await post(
            platform, county.li, f"{hazard}/pass-recheck", **await passing(platform, hazard, mode="remote")
        )
        assert (drawn["state"], drawn["site_check_due"], drawn["rechecks"][0]["drawn"]) == ("verified", True, True)
        assert await clocks(platform, hazard) == {"hazard.site_check": str(county.EMERGENCY)}
        assert "close" not in (await get(platform, county.desk, hazard))["offers"]
        assert slug(await post(platform, county.desk, f"{hazard}/close", 409)) == "site-check-due"
        seen = {"passed": True, "remark": "Clean, seen on site", **PHOTOS}
        assert slug(await post(platform, county.expired, f"{hazard}/site-check", 403, **seen)) == "certificate-expired"
        await post(platform, county.li, f"{hazard}/site-check", 422, **{**seen, "photos": []})
        shown = await post(platform, county.li, f"{hazard}/site-check", **seen)
        assert (shown["site_checks"][0]["passed"], shown["site_check_due"]) == (True, False)
        assert await clocks(platform, hazard) == {"hazard.close": str(county.EMERGENCY)}
        assert "site_checks" not in await get(platform, county.principal, hazard)
        assert (await post(platform, county.desk, f"{hazard}/close"))["state"] == "closed"
        await platform.settle(redeliver=3)
        [passed] = platform.events(facts.RecheckPassed)
        assert isinstance(passed, facts.RecheckPassed)
        assert (passed.mode, passed.drawn) == ("remote", True)


async def test_what_is_not_fixed_on_site_is_rechecked_there(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        _drawing(platform, 1)
        hazard = await rechecking(platform)
        remote = await passing(platform, hazard, mode="remote")
        await post(platform, county.li, f"{hazard}/pass-recheck", **remote)
        failed = await post(platform, county.li, f"{hazard}/site-check", passed=False, remark="Dust again", **PHOTOS)
        assert (failed["state"], failed["site_check_due"]) == ("rechecking", False)
        assert [item["passed"] for item in failed["items"]] == [False, False]
        assert await clocks(platform, hazard) == {"hazard.recheck": str(county.EMERGENCY)}
        refused = await post(platform, county.li, f"{hazard}/pass-recheck", 422, **remote)
        assert slug(refused) == "on-site-only"
        await post(platform, county.li, f"{hazard}/pass-recheck", **{**remote, "mode": "on_site"})
        assert (await post(platform, county.desk, f"{hazard}/close"))["state"] == "closed"
        await platform.settle(redeliver=3)
        [checked] = platform.events(facts.SiteChecked)
        assert isinstance(checked, facts.SiteChecked)
        assert (checked.passed, checked.state) == (False, "rechecking")


@pytest.mark.parametrize("why", ["major", "ordered", "recurrent"])
async def test_what_must_be_seen_is_never_passed_or_failed_remotely(services_here: OpenPlatform, why: str) -> None:
    async with services_here("inspection") as platform:
        hazard = await _rechecking(platform, MAJOR if why == "major" else {}, on_site_only=why == "ordered")
        if why == "recurrent":
            async with platform.service("inspection").database.transaction() as tx:
                (await tx.get_one(Hazard, UUID(hazard.rpartition("/")[2]))).recurrent = True
        remote = await passing(platform, hazard, mode="remote")
        refused = await post(platform, county.li, f"{hazard}/pass-recheck", 422, **remote)
        assert (slug(refused), refused[why]) == ("on-site-only", True)
        failing = {**remote, "verdicts": await verdicts(platform, hazard, 1), "consequence": "new_order"}
        failing |= {"limit": str(LIMIT), "basis": "WSL art. 65"}
        assert slug(await post(platform, county.li, f"{hazard}/fail-recheck", 422, **failing)) == "on-site-only"


async def test_whoever_did_the_work_gives_no_opinion_on_it(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        hazard = await assigned(platform, report(), county.finding())
        await post(platform, county.li, f"{hazard}/order", **ORDER)
        await post(platform, county.principal, f"{hazard}/start-rectification")
        asking = {"items": await proofs(platform, hazard)}
        for nobody in (uuid4(), MARKET, PARTNER):
            ask = {**asking, "contractor_ids": [str(nobody)]}
            assert (
                slug(await post(platform, county.principal, f"{hazard}/request-recheck", 422, **ask)) == "not-an-agency"
            )
        await post(platform, county.principal, f"{hazard}/request-recheck", **asking, contractor_ids=[str(AGENCY)])
        await post(platform, county.li, f"{hazard}/open-recheck")
        told = await passing(platform, hazard)
        for slug_, status, by in (
            ("coi-6", 409, {"agency_id": str(AGENCY)}),
            ("not-an-agency", 422, {"agency_id": str(MARKET)}),
            ("opinion-of-whom", 422, {}),
            ("opinion-of-whom", 422, {"agency_id": str(AGENCY), "expert": "Dr Sun"}),
        ):
            ask = {**told, "opinion_by": {**by, "statement": "Well done"}}
            assert slug(await post(platform, county.li, f"{hazard}/pass-recheck", status, **ask)) == slug_
        opinion = {"expert": "Dr Sun", "statement": "The extractor is large enough", "attachments": [OFFICERS_PICTURE]}
        alone = {**told, "officers": OFFICERS[:1], "opinion_by": opinion}
        assert slug(await post(platform, county.li, f"{hazard}/pass-recheck", 422, **alone)) == "two-officers"
        shown = await post(platform, county.li, f"{hazard}/pass-recheck", **told, opinion_by=opinion)
        assert shown["rechecks"][0]["opinion_by"]["expert"] == "Dr Sun"
