"""What became of an agency's findings: it follows each, its client learns only of the hazards."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from agencies import AGENCY, CLERK, MILL, MILLER, Bench, finding, result, slug, working

from shared.contracts import inspection as facts
from shared.contracts.inspection import (
    ClaimRef,
    HazardState,
    RejectReason,
    ReportState,
)
from shared.contracts.values import Category, Channel, Grade
from shared.testing import START, OpenPlatform


@pytest.fixture
async def bench(services_here: OpenPlatform) -> AsyncIterator[Bench]:
    async with working(services_here) as bench:
        yield bench


async def test_lists_turn_their_pages_without_losing_a_row(bench: Bench) -> None:
    rows = [result(str(n), 10 + n) for n in range(7)]
    address, counted = await bench.delivered(await bench.engaged(), results=rows)
    agency = await bench.as_(CLERK)
    where: dict[str, Any] = {"audit_id": counted["id"], "state": "submitted", "limit": 3}
    seen: list[str] = []
    sizes: list[int] = []
    while True:
        page = (await agency.get("/findings", params=where)).json()
        seen += [each["id"] for each in page["items"]]
        sizes.append(len(page["items"]))
        if page["next"] is None:
            break
        where["after"] = page["next"]
    assert (sizes, len(set(seen))) == ([3, 3, 1], 7)
    assert slug(await agency.get("/findings", params={"after": str(uuid4())})) == (400, "bad-cursor")
    elsewhere = await agency.get("/findings", params={"audit_id": str(uuid4())})
    assert elsewhere.json() == {"items": [], "next": None}
    assert (await agency.get("/audits")).json()["items"] == [(await agency.get(address)).json()]


def docket(claim: UUID, entry: int, state: ReportState) -> dict[str, Any]:
    return {
        "at": START,
        "area_code": "999901001",
        "entry_id": UUID(int=entry),
        "number": f"F2026-{entry}",
        "state": state,
        "claim": ClaimRef(service="thirdparty", claim_id=claim, source_party_id=AGENCY),
        "channel": Channel.THIRD_PARTY_AUDIT,
        "reporter_ref": uuid4(),
        "category": Category.DUST,
        "claimed_at": START,
    }


def hazard(claim: UUID, state: HazardState, grade: Grade | None = Grade.MAJOR) -> dict[str, Any]:
    others = [ClaimRef(service="volunteer", claim_id=claim), ClaimRef(service="thirdparty", claim_id=uuid4())]
    return {
        "at": START,
        "area_code": "999901001",
        "hazard_id": UUID(int=900),
        "number": "H2026-1",
        "state": state,
        "category": Category.DUST,
        "what": "dust",
        "grade": grade,
        "claims": (*others, ClaimRef(service="thirdparty", claim_id=claim)),
    }


async def test_an_agency_follows_each_finding_and_the_client_learns_only_of_the_hazard(bench: Bench) -> None:
    ids = [uuid4() for _ in range(4)]
    address, counted = await bench.delivered(await bench.engaged(MILL), findings=[finding(each) for each in ids])
    merged, refused, grave, untouched = ids
    announced = [
        (UUID(int=1), 1, facts.ReportMerged(**docket(merged, 1, ReportState.MERGED), into_entry_id=uuid4(), order=2)),
        (
            UUID(int=2),
            1,
            facts.ReportRejected(
                **docket(refused, 2, ReportState.REJECTED), reason=RejectReason.SAME_MATTER, explanation="known"
            ),
        ),
        (
            UUID(int=900),
            1,
            facts.HazardConfirmed(**hazard(grave, HazardState.CONFIRMED), routing_rule=facts.RoutingRule.CATEGORY),
        ),
        (UUID(int=3), 1, facts.ReportAccepted(**docket(grave, 3, ReportState.ACCEPTED), hazard_id=UUID(int=900))),
    ]
    await bench.platform.announce(*announced)
    await bench.platform.settle(redeliver=3)

    agency, miller = await bench.as_(CLERK), await bench.as_(MILLER)
    rows = {row["id"]: row for row in (await agency.get("/findings")).json()["items"]}
    assert {each: rows[str(each)]["state"] for each in ids} == {
        merged: "merged",
        refused: "rejected",
        grave: "confirmed",
        untouched: "submitted",
    }
    assert rows[str(refused)]["reason"] == "same_matter_already_accepted"
    assert (rows[str(grave)]["grade"], rows[str(grave)]["suspected_grade"]) == ("major", None)
    by_state: Mapping[str, int] = (await agency.get(address)).json()["by_state"]
    assert by_state == Counter(row["state"] for row in rows.values())
    assert sum(by_state.values()) == counted["findings"] == 4
    [only] = (await agency.get("/findings", params={"state": "merged"})).json()["items"]
    assert only["id"] == str(merged)

    assert (await miller.get(address)).json()["by_state"] == {"submitted": 3, "confirmed": 1}
    assert (await miller.get("/findings", params={"state": "merged"})).json()["items"] == []
    told = (await miller.get("/findings", params={"state": "submitted"})).json()["items"]
    assert {row["id"] for row in told} == {str(merged), str(refused), str(untouched)}
    assert {(row["reason"], row["explanation"]) for row in told} == {(None, None)}


async def test_a_finding_is_followed_to_its_end(bench: Bench) -> None:
    finding_id = uuid4()
    await bench.delivered(await bench.engaged(), findings=[finding(finding_id)])
    aggregate, agency = UUID(int=900), await bench.as_(CLERK)
    story = [
        (facts.HazardDismissed(**hazard(finding_id, HazardState.DISMISSED, None), reason="paint"), "dismissed"),
        (facts.HazardReopened(**hazard(finding_id, HazardState.REOPENED), reason="it is not"), "in_hand"),
        (facts.HazardClosed(**hazard(finding_id, HazardState.CLOSED), look_backs=()), "closed"),
    ]
    for version, (fact, state) in enumerate(story, 1):
        await bench.platform.announce((aggregate, version, fact))
        await bench.platform.settle(redeliver=3)
        [row] = (await agency.get("/findings")).json()["items"]
        assert (row["state"], row["explanation"]) == (state, "paint" if state == "dismissed" else None)
    assert await bench.platform.dead_letters() == []
