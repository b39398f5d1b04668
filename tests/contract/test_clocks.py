"""What profiles say of clocks is what the tables and actions do: documents and code cannot drift apart."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import import_module
from types import ModuleType

import pytest

from services.cli.docs import described
from shared.contracts.base import EVENTS
from shared.machine import MACHINES
from shared.profile import Clock, Period, Profile, check
from shared.profile import load as loaded
from shared.settings import ROOT

PROFILES = ROOT / "profiles"
load = cache(loaded)
NAMES = sorted(file.stem for file in PROFILES.glob("*.yaml"))
CN = load("cn", PROFILES)
described()  # every machine and event of the platform is known from here on

INSPECTION = ROOT / "services" / "inspection"
TABLES = {"stops": "ENDS", "drops": "DROPS", "pauses": "PAUSES", "resumes": "RESUMES"}
"""What domain modules call the tables that say of a verb which clocks it turns, where they have them."""
DEEDS = {"hazard.publish", "hazard.lapse_extension"}
"""What is done about a hazard without a row of a machine."""
BESIDE: Mapping[str, Mapping[str, set[str]]] = {
    "starts": {
        "report.decide_acceptance": {"inspection.report.received"},
        "competence.arbitrate": {"inspection.report.received", "transfer.refuse"},
        "hazard.danger_call": {
            *(
                "inspection.report.received",
                "volunteer.report.evidence_added",
                "docket.acknowledge",
                "docket.arbitrate",
            ),
        },
        "hazard.verify.inspection": {"docket.accept"},
        "hazard.verify.further": {"hazard.split"},
        "hazard.register_major": {"hazard.order"},
        "hazard.limit": {"hazard.order", "hazard.fail_recheck", "hazard.start_own"},
        "part.answer": {"part.ask", "part.arbitrate"},
        "part.settle": {"hazard.assign"},
        "order.deliver": {"hazard.order", "hazard.fail_recheck"},
        "hazard.recheck": {"hazard.open_recheck", "hazard.site_check"},
        "hazard.recheck.special_equipment": {"hazard.request_recheck", "hazard.open_recheck", "hazard.site_check"},
        "hazard.site_check": {"hazard.pass_recheck"},
        "hazard.lookback.first": {"hazard.close", "hazard.close_own"},
        "hazard.lookback.second": {"hazard.close"},
        "hazard.confirm_own": {"inspection.hazard.registered"},
        "listing.extension.decide": {"extension.request_extension"},
        "listing.file_upward": {"listing.list"},
        "case.hearing.ask": {"enforcement.tell_rights"},
        "case.statement": {"enforcement.tell_rights"},
        "case.hearing.hold": {"enforcement.call_hearing"},
        "case.service": {"enforcement.decide_case"},
        "court.apply": {"enforcement.serve_case", "enforcement.end_contest"},
        "case.pay": {"enforcement.serve_case", "enforcement.end_contest"},
        "court.apply.after_demand": {"enforcement.serve_demand"},
        "seizure": {"measure.take"},
        "seizure.approval": {"measure.take"},
        "seizure.appraisal": {"measure.send_for_appraisal"},
        "evidence.preserve": {"measure.take"},
        "letter.reply.warning": {"letter.send"},
        "letter.reply.interview": {"letter.send"},
        "letter.reply.insufficient": {"letter.judge"},
        "joint_action.close": {"joint_part.decline", "joint_part.report", "joint_part.release"},
        "campaign.measure": {"campaign.open"},
    },
    "stops": {
        "hazard.lookback.first": {"hazard.look_back"},
        "hazard.lookback.second": {"hazard.look_back"},
        "listing.publish": {"hazard.publish"},
        "listing.file_upward": {"hazard.publish"},
        "listing.publish_delisting": {"hazard.publish"},
        "case.publicity": {"hazard.publish"},
        "competence.arbitrate": {"transfer.arbitrate"},
        "case.statement": {"enforcement.state_defence"},
        "case.pay": {"enforcement.record_payment"},
        "court.apply.after_demand": {"enforcement.record_payment"},
        "letter.reply.supervision": {"letter.reply"},
        "letter.reply.warning": {"letter.reply"},
        "letter.reply.interview": {"letter.reply"},
        "letter.reply.insufficient": {"letter.reply"},
        "ladder.summon": {"letter.summon", "letter.set_aside"},
        "ladder.decide": {"proposal.decide"},
        "meeting.minutes": {"meeting.minute"},
        "committee_task.limit": {"committee_task.report"},
        "committee_task.judge": {"committee_task.judge"},
        "joint_action.accept": {"joint_part.accept", "joint_part.decline"},
        "joint_action.report": {"joint_part.report"},
        "joint_action.close": {"joint_action.close"},
        "assessment.statement": {"assessment.state"},
        "assessment.answer": {"assessment.answer"},
        "campaign.look": {"inspection.hazard.looked_back", "campaign_item.report_undone"},
        "campaign.measure": {"policy_measure.report"},
        "transfer.acknowledge": {"transfer.acknowledge", "transfer.refuse"},
        "transfer.answer": {"transfer.answer"},
        "seizure": {"measure.approve"},
    },
    "drops": {
        "listing.acceptance": {"hazard.reopen"},
        "order.deliver": {"hazard.fail_recheck"},
        "case.hearing.hold": {"enforcement.call_hearing"},
        "case.publicity": {"enforcement.end_contest"},
        "case.pay": {"enforcement.contest_case", "enforcement.end_contest"},
        "court.apply": {"enforcement.end_contest"},
        "court.apply.after_demand": {"enforcement.contest_case", "enforcement.end_contest"},
        "letter.reply.interview": {"letter.hold"},
        "meeting.minutes": {"meeting.move"},
        "joint_action.close": {"joint_part.ask"},
        "assessment.statement": {"assessment.decide"},
    },
}
"""What actions do beside the tables, because it depends on the case. Each such key is named in the code beside them."""
COMPOSED = {"listing.extension.decide"}
"""Keys that an action puts together of what it is about."""
CHOSEN = {("case.hearing.ask", "enforcement.tell_rights"), ("case.statement", "enforcement.tell_rights")}
"""Where an action only chooses the clock of its step, which begins when the tables have been gone through."""


def _owner(verb: StrEnum) -> str:
    """Name the machine whose verb this is; what is in none is a deed about the hazard."""
    mine = ((name, [each for each in machine.moves if type(each) is type(verb)]) for name, machine in MACHINES.items())
    return next((name for name, verbs in mine if verb in verbs), "hazard")


def _domains() -> Iterator[ModuleType]:
    """Import every module of inspection's law."""
    for file in sorted(INSPECTION.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        if "domain" in parts:
            yield import_module(".".join(part for part in parts if part != "__init__"))


def _by_the_tables() -> dict[str, dict[str, set[str]]]:
    """Read what the machines' clock columns start, and what the tables of ends meet and drop."""
    found: dict[str, dict[str, set[str]]] = {deed: defaultdict(set) for deed in ("starts", *TABLES)}
    for name, machine in MACHINES.items():
        for verb, move in machine:
            if move.clock is not None:
                found["starts"][move.clock].add(f"{name}.{verb}")
    for module in _domains():
        for deed, table in TABLES.items():
            for verb, keys in getattr(module, table, {}).items():
                for key in keys:
                    found[deed][key].add(f"{_owner(verb)}.{verb}")
    return found


BY_TABLES = _by_the_tables()


@cache
def _named_beside_the_tables() -> set[str]:
    """Give every string of inspection's code that stands in no table: what actions start and end by the case."""
    files = INSPECTION.rglob("*.py")
    trees = [ast.parse(file.read_text("utf-8")) for file in files if "migrations" not in file.parts]
    in_tables = {
        id(node)
        for tree in trees
        for statement in tree.body
        if isinstance(statement, ast.AnnAssign) and _is_table(statement)
        for node in ast.walk(statement)
    }
    strings = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in strings if isinstance(node.value, str) and id(node) not in in_tables}


def _is_table(statement: ast.AnnAssign) -> bool:
    name = statement.target.id if isinstance(statement.target, ast.Name) else ""
    machine = isinstance(statement.value, ast.Call) and ast.unparse(statement.value.func) == "Machine"
    return machine or name in TABLES.values()


@pytest.mark.parametrize("deed", ["starts", *TABLES])
def test_the_profile_says_of_each_clock_what_the_code_does(deed: str) -> None:
    done = {key: set(names) for key, names in BY_TABLES[deed].items()}
    for key, names in BESIDE.get(deed, {}).items():
        done.setdefault(key, set()).update(names)
    said = {key: set(getattr(clock, deed)) for key, clock in CN.clocks.items() if getattr(clock, deed)}
    faults = [
        f"profiles/cn.yaml, clocks: {key}: {deed}: the code has {sorted(done.get(key, []))} (tables and BESIDE), "
        f"the profile {sorted(said.get(key, []))}"
        for key in sorted(CN.clocks)
        if done.get(key, set()) != said.get(key, set())
    ]
    assert not faults, "\n" + "\n".join(faults)


def test_what_an_action_starts_itself_is_ended_by_no_table_on_the_same_move() -> None:
    """A table of ends is gone through when the action is done: it would end the clock that was just started."""
    ended = {
        (key, name)
        for key, names in BESIDE["starts"].items()
        for deed in ("stops", "drops")
        for name in names & BY_TABLES[deed].get(key, set())
    }
    assert ended == CHOSEN


def test_every_clock_that_the_code_starts_is_described() -> None:
    """What a new clock lacks is written out, ready to be put into the profile; `owed_by` is for whoever knows."""
    started = {key for deed in BY_TABLES.values() for key in deed} | {key for deed in BESIDE.values() for key in deed}
    drafts = [
        f"  {key}: {{ {', '.join(_drafted(key))} }}" for key in sorted(started & CN.rules.keys() - CN.clocks.keys())
    ]
    assert not drafts, "\nprofiles/cn.yaml, clocks:\n" + "\n".join(drafts)


def _drafted(key: str) -> Iterator[str]:
    for deed in ("starts", *TABLES):
        names = BY_TABLES[deed].get(key, set()) | BESIDE.get(deed, {}).get(key, set())
        if names:
            yield f"{deed}: [{', '.join(sorted(names))}]"


def test_what_actions_do_beside_the_tables_is_really_in_the_code() -> None:
    named = {key for deed in BESIDE.values() for key in deed}
    assert named - _named_beside_the_tables() == COMPOSED


def test_a_clock_that_a_table_turns_has_a_rule_or_is_set_by_decision() -> None:
    turned = {key for deed in BY_TABLES.values() for key in deed}
    assert turned - CN.rules.keys() - _set_by_decision() == set()


def _set_by_decision() -> set[str]:
    """Give the keys that code starts until a day that somebody names; no rule need count them."""
    trees = [ast.parse(file.read_text("utf-8")) for file in INSPECTION.rglob("*.py")]
    named = [pair for tree in trees for statement in tree.body for pair in _constants(statement)]
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    keys = [call.args[2] for call in calls if ast.unparse(call.func).endswith("start_until")]
    literal = {key.value for key in keys if isinstance(key, ast.Constant)}
    constants = {key.id for key in keys if isinstance(key, ast.Name)}
    return literal | {value for name, value in named if name in constants}


def _constants(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Give the names that a module gives to strings: `A = "x"` and `A, B = "x", "y"`."""
    if not isinstance(statement, ast.Assign):
        return
    [target, *_] = statement.targets
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    values = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
    for name, value in zip(names, values, strict=False):
        if isinstance(name, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield name.id, value.value


@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_a_clock_is_a_move_or_an_event(name: str) -> None:
    moves = {f"{machine}.{verb}" for machine, table in MACHINES.items() for verb in table.moves}
    known = moves | DEEDS | {event.subject for event in EVENTS.values()}
    strange = [
        f"{key}: {happening}"
        for key, clock in load(name, PROFILES).clocks.items()
        for happening in _happenings(clock)
        if happening not in known
    ]
    assert strange == []


def _happenings(clock: Clock) -> Iterator[str]:
    for deed in ("starts", "stops", "drops", "pauses", "resumes", "asked"):
        yield from getattr(clock, deed)


def test_a_clock_that_starts_can_stop_and_one_that_pauses_can_go_on() -> None:
    for key, clock in CN.clocks.items():
        assert bool(clock.starts) == bool(clock.stops), key
        assert bool(clock.pauses) == bool(clock.resumes), key


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_has_no_fault(name: str) -> None:
    assert [str(fault) for fault in check(name, PROFILES)] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 11, 30)])
def test_a_shipped_profile_answers_whatever_the_default_profile_answers(name: str, day: date) -> None:
    profile = load(name, PROFILES)
    for key in CN.rules:
        assert type(profile.rule(key, day)) is type(CN.rule(key, day)), key


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("cn")])
def test_nothing_chinese_is_shown_where_another_law_holds(name: str) -> None:
    profile = load(name, PROFILES)
    assert profile.timezone.key != CN.timezone.key
    foreign = [
        f"{profile.place(key, on)} {key}: {rule.source}"
        for key, versions in profile.rules.items()
        for on in (date(2026, 11, 30),)
        if _is_chinese((rule := profile.rule(key, on)).source) or (rule.mark == "L" and versions == CN.rules.get(key))
    ]
    assert foreign == [], "say it anew in profiles/international.yaml"


def _is_chinese(said: str) -> bool:
    laws = ("WSL", "Decree", "Order 15", "Order 16", "MEM", "GB/T", "Shandong", "Qingdao", "Penalty Law", "Petition")
    return any("\u4e00" <= letter <= "\u9fff" for letter in said) or any(law in said for law in laws)


@cache
def _asked() -> set[tuple[str, str]]:
    """Give each key that code asks a profile for, with where it does."""
    methods = {"due", "number", "flag", "listing", "brackets", "rule", "start", "extend_by"}
    found: set[tuple[str, str]] = set()
    for file in (ROOT / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
                keys = [each.value for each in node.args if isinstance(each, ast.Constant)]
                found |= {(key, str(file.relative_to(ROOT))) for key in keys if isinstance(key, str) and "." in key}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_no_profile_lacks_a_key_that_code_asks_for(name: str) -> None:
    profile: Profile = load(name, PROFILES)
    asked = _asked()
    assert len(asked) > 40, "the search finds what it should"
    missing = [f"{key} ({where})" for key, where in asked if key not in profile.rules]
    assert missing == [f"{key} ({where})" for key, where in asked if key == "letter.reply"]


def test_whatever_counts_as_a_clock_is_a_period() -> None:
    for key in CN.clocks:
        assert all(isinstance(version, Period) for version in CN.rules[key]), key


@pytest.mark.parametrize("name", NAMES)
def test_what_an_enterprise_reads_of_its_clocks_hints_at_nobody_who_spoke(name: str) -> None:
    """Letters and pages show it the source of the rule as the profile words it (domain reference §9.1)."""
    hints = re.compile(r"whistle|complain|tip-?off|volunteer|grid|举报|投诉|反映|线索|群众|志愿者|网格", re.IGNORECASE)
    profile = load(name, PROFILES)
    theirs = [key for key, clock in profile.clocks.items() if clock.owed_by == "enterprise" and key in profile.rules]
    assert theirs
    assert [key for key in theirs for rule in profile.rules[key] if hints.search(rule.source)] == []
