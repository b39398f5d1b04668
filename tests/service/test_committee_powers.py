"""What the safety committee may do and what it may not, row by row, written out a second time beside the tables.

It co-ordinates, lists, writes, convenes, assesses and publishes; it inspects nothing, orders nothing, penalises nobody
and learns of no reporter (domain reference F01, §2.1). A row that neither list names makes a test fail: whoever adds
one says here whether the committee has it, and why.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import inspection_county as county
import pytest
from hazard_stages import suspected
from inspection_county import get, post, put, report, slug
from visit_stages import PLAN, known_county

from services.cli.docs import described
from shared.contracts.permissions import ANYONE, PERMISSIONS, SIGNED_IN, exactly
from shared.contracts.values import Role
from shared.machine import MACHINES
from shared.permission import Address, addresses
from shared.testing import OpenPlatform

MAY: Mapping[str, str] = {
    # Its own powers (§2.1).
    "docket.arbitrate": "arbitrates competence",
    "docket.record_county_verdict": "WSL art. 73: records what the county government found of deaths",
    "hazard.assign": "names a lead where nobody is responsible by rule (WSL art. 10)",
    "part.arbitrate": "decides whose a part is that one authority declines and another insists on",
    "listing.list": "lists hazards for supervision",
    "listing.refuse_listing": "or does not, and says why",
    "listing.delist": "ends listed supervision",
    "listing.refuse_delisting": "or does not, and says why",
    "publication.record": "what it lists is made public",
    "letter.send": "writes to departments, townships and enterprises",
    "letter.judge": "judges the replies to its own letters",
    "meeting.convene": "D08: convenes meetings",
    "meeting.move": "and moves them",
    "meeting.cancel": "and calls them off",
    "meeting.hold": "records who came",
    "meeting.minute": "writes minutes with resolutions",
    "committee_task.assign": "D08: resolutions are tracked as tasks",
    "committee_task.judge": "says whether what was done is enough",
    "committee_task.cancel": "lets a task go",
    "joint_action.open": "co-ordinates joint actions",
    "joint_action.choose": "agrees with the others who is visited; the visits are theirs",
    "joint_action.close": "reports on what the others did",
    "joint_action.cancel": "calls it off",
    "joint_part.ask": "asks an authority for its part",
    "joint_part.release": "does without one",
    "assessment.open": "assesses departments and townships",
    "assessment.score": "with bounded points and their sources",
    "assessment.propose": "asks the party for its word",
    "assessment.decide": "decides",
    "assessment.answer": "answers an objection",
    "assessment.publish": "publishes",
    "assessment.withdraw": "lets a record be void",
    "letter.summon": "calls an interview that the ladder prepared",
    "letter.set_aside": "or sets it aside, and says why",
    "letter.hold": "records what an interview came to",
    "proposal.decide": "§10.3 L5: decides on a circular, listing or transfer",
    "campaign.open": "D06: organises look-backs; the looks are the authorities'",
    "campaign.draw": "draws the sample before a witness",
    "campaign.close": "reports on what was found",
    "campaign.withdraw": "lets a campaign go",
    "policy_measure.judge": "says whether a measure of a policy was carried out",
    "transfer.send": "WSL art. 71, 74: hands its own words to the procurator or to discipline",
    "transfer.send_again": "and once more, where they were refused",
    "transfer.withdraw": "or takes them back",
    "transfer.arbitrate": "decides whose a file is that two authorities refuse",
    "document.issue": "has documents of its own letters and listings; others' acts are refused by what they are",
    "document.serve": "records how they were served",
    "document.void": "declares them void",
    # What one reads in order to supervise.
    "proposal.read": "what the ladder puts to it",
    "circular.read": "circulars, its own and others'",
    "deadline.read": "who is late in what",
    "case.foresee": "what a penalty may lead to",
    "listing.count": "how many hazards were listed in a quarter",
    "measure.read": "what is seized or kept as evidence",
    "document.read": "official documents of its area",
    "campaign.read": "its campaigns",
    "arbitration.read": "what waits for its decision",
    "transfer.read": "what was handed on in its area",
    "docket.read": "supervises the county's docket",
    "hazard.read": "supervises hazards",
    "hazard.export": "takes their ledger home",
    "hazard.export_history": "proves how one was handled",
    "hazard_file.read": "looks at what proves it; pictures of reporters are not among these",
    "capture.read": "and at where it was taken",
    "part.read": "supervises co-operation",
    "visit.read": "supervises visits, and makes none",
    "letter.read": "reads letters of its area",
    "meeting.read": "reads its meetings",
    "committee_task.read": "and their tasks",
    "joint_action.read": "and joint actions",
    "assessment.read": "and assessments",
    "assessment.standings": "and how these stand beside each other",
    "grid.inside": "supervises the grid",
    "grid.gaps": "and what no grid covers",
    "competence.gaps": "sees where nobody is responsible",
    "enterprise.read": "knows the enterprises of its area",
    "self_check.read": "and what they find themselves",
    "self_check_file.read": "and how they show it",
    "record.read": "and their records",
    "record.count": "and how these compare",
    "fund.read": "and what they spend",
    "risk_point.read": "and what they call dangerous",
    "risk.read": "and how dangerous they are",
    "risk.compare": "and how they compare",
    "person.read": "knows who holds which office in its area",
    "person.contact": "and how to reach them",
    "certificate.read": "and who is certified",
    "staffing.read": "and how many are missing",
    "delegation.register": "supervises entrusted bodies (D21)",
    "engagement.read": "supervises agencies (D10)",
    "audit.read": "and their audits",
    "audit_file.read": "and how they show what they found",
    "finding.read": "and what they found",
    "report_picture.read": "sees what a report shows, cleaned of where and by what it was taken",
    # What it does like any organisation.
    "claim.make": "puts on the docket, in its own name, what others handed to it",
    "claim.read": "hears how that stands",
    "claim.contest": "and contests the result",
    "docket.hold": "says that it has an entry open",
    "hazard.hold": "or a hazard",
    "hazard_file.hand_in": "hands in files of its own acts",
    "view.read": "has views of lists",
    "view.keep": "and keeps them",
    "view.share": "and shares them",
    "party.contact": "sees how an organisation is reached",
    "export.take": "takes home lists that it may read",
    "subscription.keep": "subscribes",
    "subscription.read": "and ends that",
    "feed.read": "reads the redacted stream",
    # What anybody may who signed in, or who did not.
    "document.verify": "anybody's",
    "area.read": "anybody's",
    "grid.read": "anybody's",
    "party.read": "anybody's",
    "enterprise.find": "anybody's",
    "industry.read": "anybody's",
    "competence.read": "anybody's",
    "competence.decide": "anybody's who signed in",
    "criterion.read": "anybody's",
    "basis.read": "anybody's",
    "delegation.read": "anybody's",
    "health.read": "anybody's",
    "page.read": "anybody's",
    "session.open": "one's own",
    "session.read": "one's own",
    "account.own": "one's own",
    "program.admit": "one's own",
    "message.read": "one's own",
    "person.read_whole": "what is kept of oneself",
    "membership.read": "one's own offices",
    "certificate.read_whole": "one's own certificate",
    "training.read": "one's own training",
    "report.submit": "as a private person who saw something",
    "report.add": "to one's own report",
    "report.read": "one's own report",
    "report.contest": "one's own report",
    "report.contest_by_code": "the report whose code one holds",
    "report.track": "the report whose code one holds",
    "report_picture.hand_in": "of one's own report",
}
"""What the role has: machine rows and rows of permission, each with its reason."""

MAY_NOT: Mapping[str, str] = {
    "carries out administrative inspection (F01, 国办发〔2024〕54号 [S])": """
        visit.plan visit.start visit.finish visit.cancel joint_action.record
        hazard.confirm hazard.dismiss hazard.open_recheck hazard.pass_recheck hazard.fail_recheck hazard.site_check
        hazard.look_back""",
    "issues an order, or serves one": """
        hazard.order hazard.deliver suspension.order_stop suspension.decide_resumption extension.decide_extension
        power.cut_power power.restore_power stay.stay_order stay.lift_stay""",
    "decides a penalty": """
        enforcement.open_case enforcement.decide_case enforcement.drop_case enforcement.apply_to_court
        enforcement.execute_case enforcement.tell_rights enforcement.call_hearing enforcement.hold_hearing
        enforcement.review_case enforcement.serve_case enforcement.record_payment enforcement.grant_terms
        enforcement.serve_demand enforcement.end_contest enforcement.waive_hearing""",
    "seizes nothing and keeps nothing as evidence": """
        measure.take measure.approve measure.extend measure.end measure.send_for_appraisal measure.record_appraisal""",
    "is not the platform, which climbs the ladder": "letter.prepare proposal.make",
    "handles a report or a hazard itself: that is the authority's (WSL art. 62-70)": """
        docket.accept docket.reject docket.transfer docket.acknowledge docket.bounce docket.merge docket.substantiate
        docket.find_unfounded docket.answer docket.extend_verification docket.request_review docket.uphold_review
        docket.dismiss_review docket.escalate_fatality docket.close hazard.return_assignment hazard.close hazard.reopen
        hazard.void hazard.take_over hazard.split hazard.merge listing.propose_listing listing.request_delisting""",
    "does an authority's part, or asks for it in the lead's place": """
        part.ask part.acknowledge part.answer part.decline part.reask part.release part.insist
        joint_part.accept joint_part.decline joint_part.report""",
    "knows of the conscience of officers": "recusal.read recusal.declare recusal.ask recusal.decide",
    "answers itself, or speaks for whom it judges": """
        transfer.acknowledge transfer.refuse transfer.answer campaign_item.report_undone policy_measure.report
        letter.reply committee_task.note committee_task.report assessment.state assessment.object""",
    "acts for an enterprise": """
        enforcement.state_defence enforcement.ask_hearing enforcement.contest_case
        hazard.start_rectification hazard.request_recheck hazard.report_major hazard.confirm_own hazard.start_own
        hazard.finish_own hazard.close_own suspension.request_resumption extension.request_extension
        enterprise.correct self_check.submit self_check_file.hand_in record.keep record.verify record.end fund.keep
        risk_point.keep""",
    "acts for an agency": "engagement.register audit.submit audit_file.hand_in",
    "takes pictures on site": "capture.declare campaign_photo.seek campaign_photo.supply",
    "keeps the register": """
        area.keep grid.keep grid.staff grid.place party.keep enterprise.keep enterprise.card person.keep
        membership.keep certificate.keep certificate.suspend certificate.reinstate certificate.revoke training.keep
        staffing.keep competence.keep criterion.keep basis.keep import.read import.hand_in import.find_unreadable
        import.check import.confirm import.stop import.write import.discard person.export membership.export""",
    "hands power on: an authority delegates its own": """
        delegation.keep delegation.publish delegation.suspend delegation.resume delegation.revoke delegation.expire""",
    "runs the platform": "account.keep account.read client.keep second_factor.reset flow.read flow.mend",
}
"""What the role must never have: why → rows."""
FORBIDDEN = {row: why for why, rows in MAY_NOT.items() for row in rows.split()}
HELD = frozenset({Role.COMMITTEE.value, exactly(Role.COMMITTEE), SIGNED_IN, ANYONE})
IDENTITY = {
    *("reporter", "reporter_ref", "reporter_id", "reporter_name", "reporter_phone", "reporter_email"),
    *("owner_key", "claimant_id", "claimant_name", "vault", "identity", "contact"),
}
"""What a field would be called that tells who reported."""


def rows() -> Iterator[tuple[str, bool]]:
    """Give every row of every table, and whether the committee has it."""
    assert list(described()), "all services are looked at"
    for verb, permission in PERMISSIONS.items():
        yield verb, bool(permission.scopes(HELD))
    for name, machine in MACHINES.items():
        yield from (
            (f"{name}.{verb}", Role.COMMITTEE in move.roles)
            for verb, move in machine
            if type(verb).__module__.startswith("services.")  # tests have machines of their own
        )


def test_every_row_is_named_here_once_with_its_reason() -> None:
    known = {row for row, _ in rows()}
    assert not set(MAY) & set(FORBIDDEN)
    assert known - set(MAY) - set(FORBIDDEN) == set(), "a new row: say in this file whether the committee has it"
    assert set(MAY) | set(FORBIDDEN) == known, "a row that this file names is gone"
    assert all(MAY.values())
    assert sum(len(each.split()) for each in MAY_NOT.values()) == len(FORBIDDEN), "a row is named twice"


def test_the_committee_has_what_is_its_own_and_nothing_else() -> None:
    held = {row for row, has in rows() if has}
    assert held - set(MAY) == set(), "the committee was given what it must not have"
    assert set(MAY) - held == set(), "the committee lost what is its own"


def test_no_role_below_the_committees_adds_to_it() -> None:
    assert [role for role in Role if role.startswith(f"{Role.COMMITTEE}.")] == []


def _spelt(schema: Any, known: Mapping[str, Any], seen: set[str]) -> Iterator[str]:
    """Name every field of an answer, however deep."""
    if isinstance(schema, list):
        for each in schema:
            yield from _spelt(each, known, seen)
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name and name not in seen:
        seen.add(name)
        yield from _spelt(known[name], known, seen)
    yield from schema.get("properties", {})
    for each in schema.values():
        yield from _spelt(each, known, seen)


def _has(address: Address) -> bool:
    return address.verb is not None and address.verb in MAY


@pytest.mark.parametrize("part", list(described()), ids=lambda part: part.name)
def test_no_answer_to_the_committee_has_a_field_that_tells_who_reported(part: Any) -> None:
    api = part.app.openapi()
    told: dict[str, set[str]] = {}
    for address in filter(_has, addresses(part.app)):
        answers = api["paths"][address.path][address.method.lower()]["responses"]
        told[f"{address.method} {address.path}"] = set(_spelt(answers, api["components"]["schemas"], set())) & IDENTITY
    assert {where: fields for where, fields in told.items() if fields} == {}


async def test_every_refused_address_says_so_to_the_committee_before_anything_is_looked_at(
    services_here: OpenPlatform,
) -> None:
    async with services_here("inspection") as platform:
        refused = 0
        async with platform.client("inspection", county.committee) as http:
            for address in addresses(platform.apps["inspection"]):
                if address.verb not in FORBIDDEN:
                    continue
                path = "/".join(str(uuid4()) if part.startswith("{") else part for part in address.path.split("/"))
                answer = await http.request(address.method, path, json={})
                told = (address, answer.status_code, answer.text)
                assert (answer.status_code, slug(answer.json())) == (403, "role-may-not"), told
                refused += 1
        assert refused > 60


async def test_the_committee_neither_visits_nor_orders_nor_reads_who_reported(services_here: OpenPlatform) -> None:
    async with services_here("inspection") as platform:
        claim = report()
        hazard = await suspected(platform, claim)
        await known_county(platform)
        visit = await put(platform, county.committee, f"/visits/{uuid4()}", 403, **PLAN)
        assert (slug(visit), "国办发〔2024〕54号" in visit["source"]) == ("role-may-not", True)
        for verb in ("order", "order-stop", "open-case", "confirm"):
            assert slug(await post(platform, county.committee, f"{hazard}/{verb}", 403)) == "role-may-not"
        shown = await get(platform, county.committee, hazard)
        assert set(shown["offers"]) <= {"assign", "list", "refuse_listing", "delist", "refuse_delisting"}
        [entry] = (await get(platform, county.committee, "/docket"))["items"]
        for path in ("/docket", f"/docket/{entry['id']}", "/hazards", hazard, f"{hazard}/history", f"{hazard}/gallery"):
            assert str(claim.reporter_ref) not in str(await get(platform, county.committee, path)), path
