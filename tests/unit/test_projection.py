import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from services.notify.outside import domain
from services.notify.outside.domain import Scope, copies, narrowed, party_channel, scope_of
from shared.contracts import inspection as facts
from shared.contracts import notify, registry, thirdparty, volunteer
from shared.contracts.base import EVENTS, Envelope, Event
from shared.contracts.values import Category, Channel, Grade, PartyKind, Place, Role
from shared.settings import ROOT

assert all((notify, registry, thirdparty, volunteer))

AT = datetime(2026, 9, 30, 1, 23, 45, tzinfo=UTC)
ENTERPRISE, AGENCY, OTHER_AGENCY = uuid4(), uuid4(), uuid4()
AGENCYS, OTHERS, PERSONS = (
    facts.ClaimRef(service="x", claim_id=uuid4(), source_party_id=s) for s in (AGENCY, OTHER_AGENCY, None)
)
DECLARED = facts.ClaimRef(service="registry", claim_id=uuid4(), source_party_id=ENTERPRISE)
SECRETS = {
    "reporter_ref",
    "claim",
    "claims",
    "by_id",
    "officers",
    "joint_officers",
    "channel",
    "claimed_at",
    "place",
    "lon",
    "lat",
    "name",
    "email",
}
PUBLISHED = [event for event in EVENTS.values() if event.__module__.startswith("shared.contracts.")]
"""Tests have events of their own besides."""
GOLDEN = ROOT / "tests" / "data" / "golden"
VALUES = {
    "at": AT,
    "area_code": "370211001002",
    "state": facts.HazardState.CONFIRMED,
    "claim": AGENCYS,
    "claims": (PERSONS, AGENCYS, OTHERS),
    "channel": Channel.THIRD_PARTY_AUDIT,
    "category": Category.FIRE,
    "grade": Grade.MAJOR,
    "suspension": facts.Suspension.FULL_STOP,
    "enterprise_id": ENTERPRISE,
    "routing_rule": facts.RoutingRule.CATEGORY,
    "reason": "same_matter_already_accepted",
    "kind": PartyKind.AGENCY,
    "by": registry.CompetenceBy.CATEGORY,
    "place": Place(area_code="370211001002", address="7 Mill Lane", lon=120.5, lat=36.1),
    "code": "370211001002",
    "parent_code": "370211001",
    "categories": (Category.FIRE,),
    "items": ("clear the exit",),
    "look_backs": (date(2026, 11, 1),),
    "role": Role.AUTHORITY_DESK,
    "evidence": (),
    "suspected_grade": Grade.MAJOR,
}  # fmt: skip


def sample(kind: type[Event], **changes: object) -> Event:
    """Give the event of which every field is filled, as it was first published, with this page's own values."""
    published = next(each for each in kind.__mro__ if issubclass(each, Event) and each.subject)
    told = json.loads((GOLDEN / published.subject / f"v{published.version}-full.json").read_text("utf-8"))
    for name, value in VALUES.items():
        with suppress(ValidationError):
            kind.model_validate({**told, name: value})
            told[name] = value
    return kind.model_validate({**told, **changes})


def envelope(event: Event, **changes: object) -> Envelope:
    return Envelope(
        event_id=uuid4(),
        type=event.type_name(),
        source="/x",
        area_code=event.area_code,
        aggregate=event.aggregate() if event.subject else "x",
        aggregate_id=uuid4(),
        sequence=1,
        at=event.at,
    ).model_copy(update=changes)


def projected(event: Event) -> dict[str, domain.Copy]:
    found = {copy.channel: copy for copy in copies(event, envelope(event))}
    assert len(found) == len(list(copies(event, envelope(event)))), "at most one copy per channel"
    return found


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.subject)
def test_the_tier_in_the_contract_is_the_widest_in_which_a_copy_leaves(kind: type[Event]):
    channels = set(projected(sample(kind)))
    if issubclass(kind, facts.DocketFact):
        channels |= set(projected(sample(kind, claim=DECLARED)))
    tier = (
        "public" if "public" in channels
        else "parties" if any(channel.startswith("party:") for channel in channels)
        else "authority" if "authority" in channels
        else "internal"
    )  # fmt: skip
    assert kind.tier == tier


@pytest.mark.parametrize("kind", sorted(domain.LEAVING, key=lambda kind: kind.subject), ids=lambda kind: kind.subject)
def test_nothing_about_reporters_persons_or_coordinates_leaves(kind: type[Event]):
    event = sample(kind)
    for copy in projected(event).values():
        assert not SECRETS & set(copy.data)
        text = json.dumps(copy.data)
        for secret in ("36.1", "120.5", "7 Mill Lane", str(getattr(event, "reporter_ref", "none"))):
            assert secret not in text


@pytest.mark.parametrize("kind", sorted(domain.LEAVING, key=lambda kind: kind.subject), ids=lambda kind: kind.subject)
def test_a_field_that_a_contract_gains_does_not_leave_by_itself(kind: type[Event], monkeypatch: pytest.MonkeyPatch):
    class Grown(kind):  # type: ignore[valid-type, misc] — the class is the parameter of the test
        shoe_size: int = 44

    for name in (each for each in vars(domain) if each.startswith("FOR_")):
        fields = getattr(domain, name)
        monkeypatch.setattr(domain, name, {**fields, **({Grown: fields[kind]} if kind in fields else {})})
    grown = projected(sample(Grown))
    assert set(grown) == set(projected(sample(kind)))
    assert all("shoe_size" not in copy.data for copy in grown.values())


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.subject)
def test_the_responsible_unit_learns_nothing_of_reports(kind: type[Event]):
    copy = projected(sample(kind)).get(party_channel(ENTERPRISE))
    if copy is None:
        return
    assert issubclass(kind, facts.HazardFact | facts.VisitFact | facts.LetterFact)
    assert not {key for key in copy.data if "claim" in key or "report" in key}
    text = json.dumps(copy.data)
    for claim in (AGENCYS, OTHERS, PERSONS):
        assert str(claim.claim_id) not in text
        assert str(claim.source_party_id) not in text


def test_the_responsible_unit_hears_of_a_hazard_from_the_order_on():
    before = (facts.HazardRegistered, facts.HazardConfirmed, facts.HazardAssigned, facts.AssignmentDisputed)
    assert all(party_channel(ENTERPRISE) not in projected(sample(kind)) for kind in before)
    assert projected(sample(facts.OrderIssued))[party_channel(ENTERPRISE)].data["items"] == ["clear the exit"]


def test_an_enterprise_that_declared_a_hazard_itself_is_not_told_that_others_knew_of_it():
    rejected = projected(sample(facts.ReportRejected, claim=DECLARED, reason=facts.RejectReason.SAME_MATTER))
    assert set(rejected[party_channel(ENTERPRISE)].data) == {"number", "state", "category", "claim_id"}
    assert party_channel(ENTERPRISE) not in projected(sample(facts.ReportMerged, claim=DECLARED))
    hazard = sample(facts.HazardRegistered, claims=(DECLARED, AGENCYS))
    assert party_channel(ENTERPRISE) not in projected(hazard)


VISITS = (facts.VisitPlanned, facts.VisitStarted, facts.VisitFinished, facts.VisitCancelled)


@pytest.mark.parametrize("kind", VISITS, ids=lambda kind: kind.subject)
def test_a_visit_that_nobody_announced_leaves_for_the_enterprise_when_it_is_finished(kind: type[Event]):
    for state in facts.VisitState:
        channels = set(projected(sample(kind, unannounced=True, state=state)))
        assert (party_channel(ENTERPRISE) in channels) is (state is facts.VisitState.FINISHED)
        assert party_channel(ENTERPRISE) in projected(sample(kind, unannounced=False, state=state))


@pytest.mark.parametrize("kind", VISITS, ids=lambda kind: kind.subject)
def test_why_somebody_comes_leaves_for_nobody(kind: type[Event]):
    for copy in projected(sample(kind, ground=facts.VisitGround.COMPLAINT)).values():
        assert not {"ground", "reason"} & set(copy.data)
        assert "complaint" not in json.dumps(copy.data)


def test_a_letter_leaves_for_the_enterprise_that_it_is_addressed_to_and_for_nobody_else():
    for kind in (facts.LetterSent, facts.LetterJudged):
        assert set(projected(sample(kind))) == {party_channel(ENTERPRISE)}
        assert set(projected(sample(kind, enterprise_id=None))) == set()
    assert set(projected(sample(facts.LetterAnswered))) == set()


def test_a_unit_hears_of_what_it_governs_itself_from_the_start_but_not_whether_it_was_drawn_nor_why_it_is_taken_over():
    unit = party_channel(ENTERPRISE)
    own = (facts.HazardRegistered, facts.HazardConfirmed, facts.RectificationStarted, facts.HazardClosed)
    heard = {kind: projected(sample(kind, self_governed=True, claims=(DECLARED,)))[unit].data for kind in own}
    heard |= {kind: projected(sample(kind))[unit].data for kind in (facts.OwnFixVerified, facts.HazardTakenOver)}
    assert not any({"look_backs", "reason", "recurs_id"} & set(data) for data in heard.values())
    assert heard[facts.RectificationStarted]["limit"]
    assert "look_backs" in projected(sample(facts.HazardClosed))[unit].data


def test_each_agency_sees_its_own_claims_only():
    found = projected(sample(facts.HazardAssigned))
    assert found[party_channel(AGENCY)].data["claim_ids"] == [str(AGENCYS.claim_id)]
    assert found[party_channel(OTHER_AGENCY)].data["claim_ids"] == [str(OTHERS.claim_id)]


def test_docket_facts_reach_authorities_and_the_source_alone():
    assert set(projected(sample(facts.ReportReceived))) == {"authority", party_channel(AGENCY)}
    assert set(projected(sample(facts.ReportReceived, claim=PERSONS))) == {"authority"}


def test_what_is_published_of_a_case_names_the_county_and_the_day():
    copy = projected(sample(facts.HazardClosed))["public"]
    assert copy.data == {"category": "fire", "grade": "major"}
    assert (copy.area_code, copy.at) == ("370211", datetime(2026, 9, 30, tzinfo=UTC))


def test_copies_have_ids_of_their_own_that_a_repetition_yields_again():
    event = sample(facts.HazardClosed)
    same = envelope(event)
    first, again = list(copies(event, same)), list(copies(event, same))
    assert [copy.event_id for copy in first] == [copy.event_id for copy in again]
    assert len({copy.event_id for copy in first} | {same.event_id}) == len(first) + 1
    assert len({copy.aggregate_id for copy in first} | {same.aggregate_id}) == len(first) + 1


@pytest.mark.parametrize(
    ("roles", "channels", "areas"),
    [
        ({"authority", "authority.desk"}, {"authority"}, ("370211",)),
        ({"committee"}, {"authority"}, ("370211",)),
        ({"township"}, {"authority"}, ("370211",)),
        ({"partner"}, {"public", party_channel(AGENCY)}, ("",)),
        ({"agency"}, {"public", party_channel(AGENCY)}, ("",)),
        ({"association"}, {"public", party_channel(AGENCY)}, ("",)),
        ({"insurer"}, {"public", party_channel(AGENCY)}, ("",)),
        ({"enterprise", "enterprise.manager"}, {"public", party_channel(AGENCY)}, ("",)),
        ({"volunteer"}, {"public"}, ("",)),
        ({"grid_worker"}, {"public"}, ("",)),
        ({"public"}, {"public"}, ("",)),
        ({"operator"}, {"public"}, ("",)),
        ({"auditor"}, {"public"}, ("",)),
    ],
)
def test_a_role_reads_its_channels(roles: set[str], channels: set[str], areas: tuple[str, ...]):
    scope = scope_of(frozenset(roles), AGENCY, "370211", granted=True)
    assert (scope.channels, scope.areas) == (channels, areas)
    assert scope_of(frozenset(roles), AGENCY, "370211", granted=False).channels == {"public"}


@pytest.mark.parametrize(
    ("asked", "sees_north", "sees_south"),
    [((), True, True), (("370211001",), True, False), (("37",), True, True), (("110101",), False, False)],
)
def test_a_subscription_narrows_what_its_owner_may_see(asked: tuple[str, ...], sees_north: bool, sees_south: bool):
    scope = narrowed(Scope(channels=frozenset({"authority"}), areas=("370211",)), asked, frozenset({"a"}))
    assert scope.sees("authority", "370211001", "a") is sees_north
    assert scope.sees("authority", "370211002", "a") is sees_south
    assert not scope.sees("authority", "370212001", "a")
    assert not scope.sees("authority", "370211001", "b")
    assert not scope.sees("public", "370211001", "a")


@pytest.mark.parametrize("text", ["", "-", "a", "a-", "-1", "a--1", "a-1.5", "a-१", "a-" + "9" * 19, "a b-1", "\0-1"])
def test_a_strange_cursor_is_no_cursor(text: str):
    assert domain.Cursor.read(text) is None


def test_a_cursor_survives_being_written():
    assert domain.Cursor.read(str(domain.Cursor("0badcafe", 17))) == domain.Cursor("0badcafe", 17)


def test_time_goes_through_the_projection_unchanged_for_those_concerned():
    late = sample(facts.HazardClosed, at=AT + timedelta(hours=5))
    assert projected(late)["authority"].at == AT + timedelta(hours=5)
    assert isinstance(projected(late)["authority"].event_id, UUID)
