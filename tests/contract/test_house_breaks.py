"""Each rule of the house catches its fault and says which rule it was; without this file a rule could sleep."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import house
import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("gateway", "inspection", "notify", "registry", "thirdparty", "volunteer")
LOCK = "fastapi==1.0 \\\n    --hash=sha256:00\n"


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A house with nothing wrong in it."""
    return clean_house(tmp_path)


def clean_house(root: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", root)
    write(root, "services/__init__.py", "")
    for package in (
        "shared",
        "shared/contracts",
        "services/inspection/docket",
        "services/inspection/hazards",
        "services/inspection/deadlines",
    ):
        write(root, f"{package}/__init__.py", '"""A package."""\n')
    for service in SERVICES:
        write(root, f"services/{service}/__init__.py", '"""A service."""\n')
        write(root, f"services/{service}/migrations/versions/0001_first.py", "")
    write(root, "shared/contracts/volunteer.py", '"""A promise."""\n\n\nclass ReportSubmitted:\n    pass\n')
    write(root, "services/volunteer/domain.py", '"""Rules."""\n')
    write(
        root,
        "services/volunteer/actions.py",
        '"""Actions."""\n\nfrom shared.contracts.volunteer import ReportSubmitted\n\n\n'
        "async def submit(tx, row, now):\n    await emit(tx, row, ReportSubmitted(at=now))\n",
    )
    for lock in ("run", "dev"):
        write(root, f"requirements/{lock}.in", "fastapi\n")
        write(root, f"requirements/{lock}.txt", LOCK)
    return root


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_a_clean_house_has_no_faults(tree: Path, rule: Callable[[Path], Iterator[str]]):
    assert list(rule(tree)) == []


EMITS_ANOTHERS = """
from shared.contracts.volunteer import ReportSubmitted

async def steal(tx, row, now):
    await emit(tx, row, ReportSubmitted(at=now))
"""
EMITS_ANOTHERS_BY_NAME = """
from shared.contracts import volunteer as v

async def steal(tx, row, now):
    event = v.ReportSubmitted(at=now)
    await emit(tx, row, event=event)
"""
COMMITS = "async def f(tx):\n    await tx.commit()"
UNSORTED = [
    "@pytest.mark.parametrize('state', set(State) - {State.CLOSED})\ndef test_x(state): ...",
    "@pytest.mark.parametrize('pair', [(a, b) for a in sorted(A) for b in A.keys() - B.keys()])\ndef test_x(pair): ...",
    "ENDS = frozenset({'a', 'b'})\n\n@pytest.fixture(params=[*ENDS, 'c'])\ndef end(request): ...",
    "pytest.mark.parametrize('pair', list(product(A, {x for x in B})) + [1])",
]
SORTED = """
ENDS = frozenset({'a', 'b'})

@pytest.mark.parametrize(('roles', 'end'), [({A, B}, 1), (ENDS, 2)])
@pytest.mark.parametrize('end', sorted(ENDS | {'c'}))
@pytest.mark.parametrize('number', range(len(ENDS)))
def test_x(roles, end, number): ...
"""
PLACE = "a file stands only where the house has a place for it"

BREAKS = [
    ("only_known_places", "services/volunteer/extra.py", "", f"{PLACE}.*; services/volunteer/extra.py is stray"),
    ("only_known_places", "services/inspection/docket/rows.py", "", PLACE),
    ("only_known_places", "services/inspection/hearings/domain.py", "", PLACE),
    ("only_known_places", "services/tools.py", "", PLACE),
    ("only_known_places", "tests/test_lost.py", "", PLACE),
    ("only_known_places", "notes.txt", "", PLACE),
    ("every_service_is_listed", "services/billing/__init__.py", "", "rule 1: .*; billing is not in the contract"),
    (
        "time_is_a_parameter",
        "services/volunteer/domain.py",
        "at = datetime.now(UTC)",
        "rule 3: time is a parameter; .*:1",
    ),
    ("time_is_a_parameter", "shared/contracts/base.py", "at = Field(datetime.datetime.utcnow)", "rule 3: .*utcnow"),
    ("time_is_a_parameter", "services/notify/actions.py", "from shared.clock import system_clock", "rule 3: "),
    ("demo_is_a_client", "demo/story.py", "import services.volunteer", "rule 4: the demo drives the public API"),
    (
        "only_the_owner_emits",
        "services/notify/actions.py",
        EMITS_ANOTHERS,
        "rule 5: .*:5 emits ReportSubmitted of volunt",
    ),
    (
        "only_the_owner_emits",
        "services/registry/people/api.py",
        EMITS_ANOTHERS_BY_NAME,
        "rule 5: .*:6 emits v.ReportSub",
    ),
    ("only_shared_commits", "services/volunteer/actions.py", COMMITS, "rule 6: only shared commits; .*:2 calls commit"),
    ("only_shared_commits", "services/volunteer/actions.py", "bus.publish(1)", "rule 6: only shared publishes"),
    (
        "only_the_bus_speaks_nats",
        "shared/relay.py",
        "from nats.js import api",
        "rule 6: only shared/bus imports nats",
    ),
    ("only_the_gateway_calls_services", "services/notify/actions.py", "import httpx", "rule 6: only the gateway makes"),
    ("names_say_what_they_hold", "shared/date_utils.py", "", "house names: no utils"),
    ("names_say_what_they_hold", "shared/mail.py", "class MailManager: ...", "house names: .* a class MailManager"),
    ("names_say_what_they_hold", "shared/contracts/notify.py", "class SentEvent: ...", "an event is a past participle"),
    ("files_stay_short", "shared/db.py", "x = 1\n" * 401, "house sizes: .* shared/db.py has 401"),
    ("modules_say_why_they_exist", "shared/db.py", "x = 1", "house docs: .* shared/db.py has none"),
    ("modules_say_why_they_exist", "services/__init__.py", "x = 1", "services/__init__.py is empty, for ever"),
    ("modules_say_why_they_exist", "services/notify/__init__.py", '"""Owns."""\nx = 1', "is one docstring"),
    ("no_note_is_left_behind", "deploy/k8s/base.yaml", "a: 1 # " + "TODO later", "house docs: no naked TODO"),
    ("files_name_no_machine", "requirements/run.txt", LOCK + "--index" + "-url x", "no registry, mirror or machine"),
    ("files_name_no_machine", "docs/operations.md", "see /" + "home/ada/notes", "docs/operations.md:1 names "),
    *(
        ("parametrised_sets_are_sorted", "tests/unit/test_x.py", text, "house tests: .*, sort a set; tests/unit/test_x")
        for text in UNSORTED
    ),
    ("locks_are_hashed_and_agree", "requirements/run.in", "fastapi\nrich", "house locks: .* rich is not in run.txt"),
    ("locks_are_hashed_and_agree", "requirements/run.txt", "fastapi==1.0\n", "house locks: every pin has its hashes"),
    (
        "locks_are_hashed_and_agree",
        "requirements/dev.txt",
        LOCK.replace("1.0", "2.0"),
        "house locks: .* fastapi differs",
    ),
]


@pytest.mark.parametrize(("rule", "path", "text", "sentence"), BREAKS)
def test_a_fault_is_told_with_the_name_of_its_rule(tree: Path, rule: str, path: str, text: str, sentence: str):
    write(tree, path, text)
    [fault] = getattr(house, rule)(tree)
    assert re.search(sentence, fault), fault


def test_a_set_may_be_a_value_and_may_be_sorted(tree: Path):
    write(tree, "tests/unit/test_x.py", SORTED)
    assert list(house.parametrised_sets_are_sorted(tree)) == []


def test_every_rule_is_shown_to_catch_something():
    assert {rule.__name__ for rule in house.RULES} == {rule for rule, *_ in BREAKS}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    wide = os.environ | {"COLUMNS": "400"}  # one sentence, one line
    return subprocess.run(command, cwd=root, env=wide, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def broken_imports(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a house that breaks each of its rules once."""
    root = clean_house(tmp_path_factory.mktemp("house"))
    write(root, "services/notify/actions.py", "import services.registry\n")
    write(root, "services/inspection/docket/models.py", "")
    write(root, "services/inspection/docket/domain.py", "from . import models\nimport random\n")
    write(root, "shared/contracts/notify.py", "import sqlalchemy\n")
    write(root, "shared/relay.py", "import services.volunteer\n")
    write(root, "services/inspection/hazards/actions.py", "import services.inspection.docket\n")
    told = lint_imports(root)
    assert told.returncode == 1, told.stderr
    return told.stdout


@pytest.mark.parametrize(
    "sentence",
    [
        "services.notify is not allowed to import services.registry",
        "House rule 1: a service imports itself and shared, never another service",
        "services.inspection.docket.domain is not allowed to import services.inspection.docket.models",
        "House rule 2: main → settings → web",
        "services.inspection.docket.domain is not allowed to import random",
        "shared.contracts is not allowed to import sqlalchemy",
        "House rule 3: domain and shared/contracts import no framework",
        "shared is not allowed to import services",
        "House rule 4: shared never imports services",
        "services.inspection.hazards is not allowed to import services.inspection.docket",
        "House rule 7: nouns import downwards",
    ],
)
def test_a_forbidden_import_is_told_with_the_name_of_its_rule(broken_imports: str, sentence: str):
    assert sentence in broken_imports


def test_a_clean_house_keeps_every_import_rule(tree: Path):
    told = lint_imports(tree)
    assert told.returncode == 0, told.stdout
