"""An agency works for a client: its engagements, and its audits row by row."""

import asyncio
import csv
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from agencies import (
    ABROAD,
    AGENCY,
    BAKER,
    BAKERY,
    BUREAU,
    CLERK,
    COMMITTEE,
    COMPETITOR,
    COUNTY,
    INSURER,
    MILL,
    MILLER,
    OFFICER,
    Bench,
    actor,
    audit,
    engagement,
    enterprise,
    finding,
    result,
    slug,
    working,
)

from services.thirdparty.models import Finding
from shared.contracts.thirdparty import AuditSubmitted, EngagementRegistered, FindingSubmitted
from shared.contracts.values import Category, Channel, Grade, Place, derived_id
from shared.contracts.volunteer import ReportSubmitted
from shared.outbox import emit_many
from shared.testing import START, OpenPlatform

EXTRACT = Path(__file__).parents[1] / "data" / "restaurant-inspections-extract.csv"


@pytest.fixture
async def bench(services_here: OpenPlatform) -> AsyncIterator[Bench]:
    async with working(services_here) as bench:
        yield bench


async def test_a_county_sized_batch_is_stored_whole_and_a_second_sending_changes_nothing(bench: Bench) -> None:
    with EXTRACT.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    premises = {row["premises"]: derived_id("premises", row["premises"]) for row in rows}
    await bench.platform.announce(*(enterprise(each) for each in premises.values()))
    await bench.platform.settle()
    results = [
        result(f"row-{number}", float(row["inspection_score"]), premises[row["premises"]])
        for number, row in enumerate(rows)
    ]
    low = sum(row["score"] < 80 for row in results)
    body = audit(await bench.engaged(), results=results)
    address, agency = f"/audits/{uuid4()}", await bench.as_(CLERK)

    first = await agency.put(address, json=body)
    again = await agency.put(address, json={**body, "results": results[::-1]})

    assert (first.status_code, again.status_code) == (201, 201), first.text
    counted = first.json()
    assert again.json() == counted == (await agency.get(address)).json()
    assert (len(rows), low) == (1000, 29)
    assert (counted["results"], counted["findings"], counted["satisfactory"]) == (1000, low, 1000 - low)
    assert counted["by_state"] == {"submitted": low}
    await bench.platform.settle(redeliver=3)
    [told] = bench.platform.events(AuditSubmitted)
    assert (told.results, told.findings) == (1000, low)
    assert len({claim.claim_id for claim in bench.platform.events(FindingSubmitted)}) == low
    assert len(bench.platform.events(FindingSubmitted)) == low
    [stored] = await bench.platform.rows("thirdparty", "select count(*) as n, sum(score) as total from results")
    assert (stored["n"], stored["total"]) == (1000, sum(row["score"] for row in results))


async def test_a_low_score_becomes_a_claim_at_the_place_of_the_enterprise(bench: Bench) -> None:
    engagement_id = await bench.engaged()
    results = [result("a", 79.5, note="no soap"), result("b", 80), result("c", None)]
    address, counted = await bench.delivered(engagement_id, results=results)
    assert (counted["findings"], counted["satisfactory"], counted["finding_below_score"]) == (1, 2, 80)
    await bench.platform.settle(redeliver=3)
    [claim] = bench.platform.events(FindingSubmitted)
    audit_id = UUID(address.rpartition("/")[2])
    assert claim.claim_id == derived_id(audit_id, "a")
    assert claim.what == "Inspection score 79.5 of 100, below 80 / 检查得分79.5分，低于80分: no soap"
    assert (claim.channel, claim.source_party_id, claim.audit_id) == (Channel.THIRD_PARTY_AUDIT, AGENCY, audit_id)
    assert (claim.place.address, claim.area_code, claim.enterprise_id) == ("1 Mill Road", "999901001", MILL)


async def test_a_suspected_major_hazard_is_claimed_with_its_grade_danger_place_and_file(bench: Bench) -> None:
    agency, file_id = await bench.as_(CLERK), str(uuid4())
    pdf = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    kept = await agency.put(f"/evidence/thirdparty/{file_id}", content=pdf)
    assert kept.status_code == 201, kept.text
    place = {"area_code": "999901002", "address": "Silo 3"}
    grave = finding(
        uuid4(), place=place, suspected_grade="major", imminent_danger=True, evidence=[file_id], what="Silo cracks"
    )
    insurer = actor("insurer", INSURER)
    await bench.delivered(await bench.engaged(), findings=[grave], results=[result("a", 95)])
    await bench.delivered(await bench.engaged(MILL, insurer), insurer, findings=[finding(uuid4())])
    await bench.platform.settle(redeliver=3)
    major, insured = bench.platform.events(FindingSubmitted)
    assert (major.suspected_grade, major.imminent_danger, major.place.address) == (Grade.MAJOR, True, "Silo 3")
    assert [(file.id, file.owner) for file in major.evidence] == [(UUID(file_id), "thirdparty")]
    assert (insured.channel, insured.suspected_grade, insured.imminent_danger) == (Channel.INSURER, None, False)
    assert major.reporter_ref != insured.reporter_ref
    for who, may in [(OFFICER, 200), (COMMITTEE, 200), (CLERK, 200), (COMPETITOR, 404), (MILLER, 403)]:
        assert (await (await bench.as_(who)).get(f"/evidence/thirdparty/{file_id}")).status_code == may
    assert (await (await bench.as_(MILLER)).put(f"/evidence/thirdparty/{uuid4()}", content=pdf)).status_code == 403


async def test_one_bad_row_stores_nothing_and_every_bad_row_is_told(bench: Bench) -> None:
    address, agency = f"/audits/{uuid4()}", await bench.as_(CLERK)
    bad = [result("same", 10, uuid4()), result("same", 10, ABROAD), *(result(str(n), 1, uuid4()) for n in range(60))]
    body = audit(await bench.engaged(), results=[result("good", 10), *bad], findings=[finding(uuid4())])
    refused = await agency.put(address, json=body)
    assert slug(refused) == (422, "audit-rows-refused")
    told = refused.json()
    assert (told["faults"], len(told["rows"])) == (63, 50)
    assert [(row["index"], row["field"]) for row in told["rows"][:3]] == [
        (1, "enterprise_id"),
        (2, "result_id"),
        (2, "enterprise_id"),
    ]
    assert all(row["en"] and row["zh"] for row in told["rows"])
    assert (await agency.get(address)).status_code == 404
    await bench.platform.settle()
    assert bench.platform.events(AuditSubmitted, FindingSubmitted) == []
    assert await bench.platform.rows("thirdparty", "select * from results") == []


async def test_the_id_of_an_audit_keeps_its_first_content(bench: Bench) -> None:
    engagement_id = await bench.engaged()
    address, _ = await bench.delivered(engagement_id, results=[result("a", 90)])
    other = await (await bench.as_(CLERK)).put(address, json=audit(engagement_id, results=[result("a", 10)]))
    assert slug(other) == (409, "audit-id-taken")
    stolen = await (await bench.as_(COMPETITOR)).put(address, json=audit(engagement_id, results=[result("a", 90)]))
    assert slug(stolen) == (404, "not-found")


async def test_two_sendings_at_the_same_moment_are_one_audit(bench: Bench) -> None:
    address, agency = f"/audits/{uuid4()}", await bench.as_(CLERK)
    body = audit(await bench.engaged(), results=[result("a", 10)])
    answers = await asyncio.gather(*(agency.put(address, json=body) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    await bench.platform.settle()
    assert len(bench.platform.events(AuditSubmitted)) == 1


async def test_nobody_works_under_an_engagement_of_others_or_after_its_term(bench: Bench) -> None:
    engagement_id = await bench.engaged()
    sent = {"json": audit(engagement_id, results=[result("a", 90)])}
    assert slug(await (await bench.as_(COMPETITOR)).put(f"/audits/{uuid4()}", **sent)) == (404, "not-found")
    stored, _ = await bench.delivered(engagement_id, results=[result("a", 90)])
    bench.platform.travel(days=93)
    agency = await bench.as_(CLERK)
    late = await agency.put(f"/audits/{uuid4()}", **sent)
    assert slug(late) == (409, "engagement-expired")
    assert "2026-12-31" in late.json()["detail"]
    assert (await agency.put(stored, **sent)).status_code == 201


async def test_an_agency_that_advised_a_client_may_not_review_it(bench: Bench) -> None:
    agency = await bench.as_(CLERK)
    advice = {"kind": "consulting", "valid_from": "2025-01-01", "valid_to": "2025-09-30"}
    await bench.engaged(MILL, **advice)
    refused = await agency.put(f"/engagements/{uuid4()}", json=engagement(MILL))
    assert slug(refused) == (409, "conflict-of-interest")
    assert (refused.json()["rule"], refused.json()["until"]) == ("COI-1", "2027-09-30")
    await bench.engaged(BAKERY)
    await bench.engaged(MILL, COMPETITOR)
    paid = audit(await bench.engaged(BUREAU), results=[result("a", 90), result("b", 90, BAKERY)])
    [row] = (await agency.put(f"/audits/{uuid4()}", json=paid)).json()["rows"]
    assert (row["index"], row["en"][:5]) == (0, "COI-1")


async def test_a_long_served_client_is_told_to_rotate(bench: Bench) -> None:
    await bench.engaged(MILL, kind="testing", valid_from="2023-01-01", valid_to="2025-12-31")
    engagement_id = await bench.engaged(MILL, kind="testing")
    shown = (await (await bench.as_(MILLER)).get(f"/engagements/{engagement_id}")).json()
    [warning] = shown["warnings"]
    assert warning["rule"] == "COI-8"
    assert "2023-01-01" in warning["en"]
    assert "2023-01-01" in warning["zh"]
    await bench.platform.settle(redeliver=3)
    assert len(bench.platform.events(EngagementRegistered)) == 2


async def test_an_engagement_is_registered_once_and_never_rewritten(bench: Bench) -> None:
    engagement_id, agency = await bench.engaged(), await bench.as_(CLERK)
    address = f"/engagements/{engagement_id}"
    again = await agency.put(address, json=engagement())
    assert again.json() == (await agency.get(address)).json()
    assert slug(await agency.put(address, json=engagement(kind="testing"))) == (409, "engagement-id-taken")
    assert slug(await (await bench.as_(COMPETITOR)).put(address, json=engagement())) == (404, "not-found")
    assert slug(await agency.put(f"/engagements/{uuid4()}", json=engagement(uuid4()))) == (422, "unknown-client")
    backwards = engagement(valid_from="2026-12-31", valid_to="2026-01-01")
    assert slug(await agency.put(f"/engagements/{uuid4()}", json=backwards)) == (422, "invalid-request")
    await bench.platform.settle(redeliver=3)
    assert len(bench.platform.events(EngagementRegistered)) == 1


async def test_each_sees_only_what_concerns_them(bench: Bench) -> None:
    paid, ordered = await bench.engaged(), await bench.engaged(MILL)
    public, _ = await bench.delivered(paid, results=[result("a", 10), result("b", 10, BAKERY)])
    private, _ = await bench.delivered(ordered, results=[result("a", 10)])
    sees = [
        (CLERK, {public, private}),
        (COMMITTEE, {public, private}),
        (OFFICER, {public}),
        (MILLER, {private}),
        (BAKER, set[str]()),
        (COMPETITOR, set[str]()),
        (actor("authority.desk", uuid4()), set[str]()),
    ]
    for who, visible in sees:
        reader = await bench.as_(who)
        listed = (await reader.get("/audits")).json()["items"]
        assert {f"/audits/{each['id']}" for each in listed} == visible, who.role
        assert {address for address in (public, private) if (await reader.get(address)).status_code == 200} == visible
        found = (await reader.get("/findings")).json()["items"]
        assert {f"/audits/{each['audit_id']}" for each in found} == visible
        engagements = (await reader.get("/engagements")).json()["items"]
        assert len(engagements) == len(visible)


@pytest.mark.parametrize("role", ["volunteer", "grid_worker", "public", "township", "partner", "operator", "auditor"])
async def test_all_others_are_refused(bench: Bench, role: str) -> None:
    other = await bench.as_(actor(role, uuid4()))
    for path in ("/engagements", "/audits", "/findings", f"/audits/{uuid4()}", f"/engagements/{uuid4()}"):
        assert slug(await other.get(path)) == (403, "role-may-not")
    for who in (other, await bench.as_(OFFICER), await bench.as_(MILLER)):
        assert slug(await who.put(f"/engagements/{uuid4()}", json=engagement())) == (403, "role-may-not")
        assert slug(await who.put(f"/audits/{uuid4()}", json=audit(str(uuid4())))) == (403, "role-may-not")


async def test_many_facts_belong_to_the_owner_like_one(bench: Bench) -> None:
    foreign = ReportSubmitted(
        at=START,
        area_code=COUNTY,
        claim_id=uuid4(),
        channel=Channel.WEB,
        reporter_ref=uuid4(),
        place=Place(area_code=COUNTY),
        category=Category.FIRE,
        what="x",
    )
    async with bench.platform.service("thirdparty").database.transaction() as tx:
        with pytest.raises(AssertionError, match="house rule 5"):
            await emit_many(tx, [(Finding(id=uuid4(), area_code=COUNTY), foreign)])
