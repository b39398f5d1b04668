"""The rules of the house that import-linter cannot hold, each as a function from a tree to sentences about its faults.

Every function takes the root of a tree, so that `test_house_breaks` can show each rule catching a fault.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

CODE = ("services", "shared", "demo")
MAX_LINES = 400

ROOT_FILES = {
    ".dockerignore", ".editorconfig", ".gitattributes", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md",
    "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "SECURITY.md", "pyproject.toml",
}  # fmt: skip
ROOT_FOLDERS = {".ci", "demo", "deploy", "docs", "profiles", "requirements", "schemas", "services", "shared", "tests"}
FOR_ALL_TESTS = {"conftest.py", "hazard_walk.py"}
"""What tests of several folders build on."""
TEST_FOLDERS = {"bench", "browser", "chaos", "contract", "data", "e2e", "service", "unit"}
DATA_FOLDERS = {"locales", "migrations", "static", "templates"}
"""Folders of a service that hold no importable module; migrations are loaded by path."""

MADE = {"__pycache__", "build", "dist", "node_modules", "var"}
"""Folders that tools make; git ignores them, and so do the rules."""

DEMO_MAY_IMPORT = ("demo", "shared.contracts", "httpx", "rich")
HTTP_CLIENTS = ("aiohttp", "httpx", "requests", "urllib.request", "urllib3")
CLOCK_READ = re.compile(r"(?:^|\.)(?:(?:datetime|date)\.(?:now|utcnow|today)|time\.time(?:_ns)?)$")
VAGUE_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc)(_|$)")
VAGUE_CLASSES = re.compile(r"^I[A-Z][a-z]|(Impl|Manager|Helper|Utils?)$")
NAKED_NOTE = re.compile(r"(?:#|//|<!--|/\*|--)\s*(?:TODO|FIXME|XXX|HACK)\b")
PRIVATE_PLACE = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|registry\.yarnpkg\.com"
    r"|(?<!emit-)(?:index|find)-(?:url|links)\b|file:/{2}/|(?<![\w.-])/(?:root|home/\w+|Users/\w+)/"
)
TEXT = {
    "", ".cfg", ".css", ".csv", ".html", ".in", ".ini", ".js", ".json", ".mako", ".md", ".mjs", ".py", ".sh", ".svg",
    ".toml", ".txt", ".typ", ".yaml", ".yml",
}  # fmt: skip


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Give every file that is somebody's work, in order."""
    for path in sorted(root.iterdir()):
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name != ".ci"
            if not hidden and path.name not in MADE and not path.name.endswith(".egg-info"):
                yield from files(path, *suffixes)
        elif path.name != ".git" and (not suffixes or path.suffix in suffixes):  # a file in a further worktree
            yield path


def modules(root: Path, *tops: str) -> Iterator[tuple[Path, Path, ast.Module]]:
    """Give (path, path below the root, syntax tree) of each hand-written module."""
    for top in tops:
        for path in files(root / top, ".py") if (root / top).is_dir() else ():
            below = path.relative_to(root)
            if "versions" not in below.parts:  # written by Alembic
                yield path, below, ast.parse(path.read_text("utf-8"), str(below))


def service_of(below: Path) -> str | None:
    """Name the service a module belongs to; `services/cli.py` belongs to none."""
    return below.parts[1] if below.parts[0] == "services" and len(below.parts) > 2 and below.parts[1] != "cli" else None


def layers(root: Path) -> dict[str, set[str]]:
    """Read import-linter's contracts: container → names of the modules that it may hold."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    places: dict[str, set[str]] = {}
    for contract in contracts:
        for container in contract.get("containers", []):
            names = re.findall(r"\w+", " ".join(contract["layers"]))
            places.setdefault(container, set()).update(names)
    return places


def imports(tree: ast.Module, below: Path) -> Iterator[tuple[int, str]]:
    """Give (line, dotted name) of everything a module imports; relative imports are resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = below.parts[: -node.level] if node.level else ()
            base = ".".join([*above, node.module or ""]).strip(".")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def is_within(name: str, packages: tuple[str, ...]) -> bool:
    """Tell whether the dotted name is one of the packages or inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Give every call with the last word of what it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := dotted(node.func)):
            yield node, name.rpartition(".")[2]


def dotted(node: ast.expr) -> str:
    """Spell `a.b.c`; a call in the middle is left out, so that `f().commit` ends in `commit` too."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def only_known_places(root: Path) -> Iterator[str]:
    places = layers(root)
    for path in files(root):
        below = path.relative_to(root)
        top, *rest = below.parts
        match top:
            case "services":
                known = _known_in_services(places, rest)
            case "tests":
                known = rest[0] in TEST_FOLDERS or (len(rest) == 1 and rest[0] in FOR_ALL_TESTS)
            case _:
                known = top in (ROOT_FOLDERS if rest else ROOT_FILES)
        if not known:
            yield (
                "house tree: a file stands only where the house has a place for it (a new noun is declared in "
                f"import-linter's contracts); {below} is stray"
            )


def _known_in_services(places: dict[str, set[str]], parts: list[str]) -> bool:
    files_of_a_service = places["services.*"]
    here = places["services"]
    for depth, part in enumerate(parts):
        name = part.removesuffix(".py")
        if part == "__init__.py" or (depth and part in DATA_FOLDERS):
            return True
        if name not in here:
            return False
        if name in files_of_a_service or name == "cli":  # as a file, or grown into a folder
            return True
        here = files_of_a_service | places.get(".".join(["services", *parts[: depth + 1]]), set())
    return len(parts) > 1


def every_service_is_listed(root: Path) -> Iterator[str]:
    listed = layers(root)["services"] - {"cli"}
    folders = {p.name for p in (root / "services").iterdir() if p.is_dir() and p.name not in {"cli", *MADE}}
    for name in sorted(listed ^ folders):
        where = "has no folder" if name in listed else "is not in the contract"
        yield f"house rule 1: import-linter's list of services equals the folders; {name} {where}"


def only_shared_commits(root: Path) -> Iterator[str]:
    for _, below, tree in modules(root, "services", "demo"):
        for call, name in calls(tree):
            if name == "commit":
                yield f"house rule 6: only shared commits; {below}:{call.lineno} calls commit("
            if name == "publish":
                yield f"house rule 6: only shared publishes, an action emits; {below}:{call.lineno} calls publish("


def only_the_bus_speaks_nats(root: Path) -> Iterator[str]:
    for _, below, tree in modules(root, *CODE):
        if below.parts[0] == "shared" and below.parts[1].startswith(("bus", "embedded")):
            continue
        for line, name in imports(tree, below):
            if is_within(name, ("nats",)):
                yield f"house rule 6: only shared/bus imports nats; {below}:{line} imports {name}"


def only_the_gateway_calls_services(root: Path) -> Iterator[str]:
    for _, below, tree in modules(root, "services"):
        leaves_the_platform = below.parts[1] == "notify" and below.parts[2].startswith(("webhooks", "clients"))
        if service_of(below) in {None, "gateway"} or leaves_the_platform:
            continue
        for line, name in imports(tree, below):
            if is_within(name, HTTP_CLIENTS):
                yield (
                    "house rule 6: only the gateway makes synchronous calls (notify's webhooks go to partners); "
                    f"{below}:{line} imports {name}"
                )


def time_is_a_parameter(root: Path) -> Iterator[str]:
    for _, below, tree in modules(root, "services", "shared"):
        if below.parts[0] == "shared" and below.parts[1].startswith(("clock", "testing")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and CLOCK_READ.search(dotted(node)):
                yield f"house rule 3: time is a parameter; {below}:{node.lineno} reads {dotted(node)}"
        if service_of(below) and below.name not in {"main.py", "settings.py"}:
            for line, name in imports(tree, below):
                if name == "shared.clock.system_clock":
                    yield f"house rule 3: time is a parameter; {below}:{line} imports {name}, which main passes on"


def only_the_owner_emits(root: Path) -> Iterator[str]:
    owners = layers(root)["services"]
    for _, below, tree in modules(root, "services"):
        service = service_of(below)
        origins = _origins(tree)
        built = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call, name in calls(tree):
            if name not in {"emit", "outbox_row"}:
                continue
            for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
                value = built.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
                if not isinstance(value, ast.Call):
                    continue
                first, _, rest = dotted(value.func).partition(".")
                event = re.match(r"shared\.contracts\.(\w+)\.", f"{origins.get(first, first)}.{rest}")
                if event and event[1] in owners - {service}:
                    yield (
                        f"house rule 5: only the owner emits its events; {below}:{call.lineno} emits "
                        f"{dotted(value.func)} of {event[1]}"
                    )


def _origins(tree: ast.Module) -> dict[str, str]:
    """Map each imported name to where it comes from."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    } | {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname
    }


def names_say_what_they_hold(root: Path) -> Iterator[str]:
    for path in files(root, ".py", ".js", ".mjs", ".css", ".html", ".sh"):
        if VAGUE_NAMES.search(path.stem):
            yield (
                "house names: no utils, helpers, common or manager, a file is named for what it holds; "
                f"{path.relative_to(root)}"
            )
    for _, below, tree in modules(root, *CODE):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and VAGUE_CLASSES.search(node.name):
                yield f"house names: no I…, no …Impl, no …Manager; {below}:{node.lineno} names a class {node.name}"
            elif isinstance(node, ast.ClassDef) and below.parts[1] == "contracts" and re.search(r".Event$", node.name):
                yield f"house names: an event is a past participle, never …Event; {below}:{node.lineno} {node.name}"


def files_stay_short(root: Path) -> Iterator[str]:
    for path in files(root, ".py", ".js", ".mjs", ".css", ".html", ".sh"):
        below = path.relative_to(root)
        lines = len(path.read_text("utf-8").splitlines())
        if lines > MAX_LINES and "versions" not in below.parts:
            yield f"house sizes: at {MAX_LINES} lines a file becomes a folder of nouns; {below} has {lines}"


def modules_say_why_they_exist(root: Path) -> Iterator[str]:
    for _, below, tree in modules(root, *CODE):
        if below.as_posix() == "services/__init__.py":
            if tree.body:
                yield f"house tree: {below} is empty, for ever"
        elif not ast.get_docstring(tree):
            yield f"house docs: a module's docstring says what would be lost without the file; {below} has none"
        elif service_of(below) and below.name == "__init__.py" and len(below.parts) == 3 and tree.body[1:]:
            yield f"house tree: a service's __init__ is one docstring; {below} holds code"


def no_note_is_left_behind(root: Path) -> Iterator[str]:
    for below, number, line in _lines(root):
        if NAKED_NOTE.search(line):
            yield f"house docs: no naked TODO, open an issue; {below}:{number}"


def files_name_no_machine(root: Path) -> Iterator[str]:
    for below, number, line in _lines(root):
        if found := PRIVATE_PLACE.search(line):
            yield f"house tree: no registry, mirror or machine is named; {below}:{number} names {found[0]}"


def _lines(root: Path) -> Iterator[tuple[Path, int, str]]:
    for path in files(root):
        if path.suffix in TEXT:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                yield path.relative_to(root), number, line


def demo_is_a_client(root: Path) -> Iterator[str]:
    for _, below, tree in modules(root, "demo"):
        for line, name in imports(tree, below):
            if name.partition(".")[0] not in sys.stdlib_module_names and not is_within(name, DEMO_MAY_IMPORT):
                yield (
                    "house rule 4: the demo drives the public API, it imports shared.contracts, httpx and rich only; "
                    f"{below}:{line} imports {name}"
                )


def parametrised_sets_are_sorted(root: Path) -> Iterator[str]:
    """Each worker collects by itself, and a set of words has another order in every process."""
    for _, below, tree in modules(root, "tests"):
        sets = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign) and _is_a_set(node.value, set())
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call, name in calls(tree):
            given = call.args[1:2] if name == "parametrize" else []
            given += [word.value for word in call.keywords if word.arg in {"argvalues", "params"}]
            if any(_is_a_set(source, sets) for values in given for source in _sources(values)):
                yield f"house tests: what is parametrised has one order, sort a set; {below}:{call.lineno}"


def _sources(values: ast.expr) -> Iterator[ast.expr]:
    """Give everything that the order of the values comes from."""
    yield values
    match values:
        case ast.ListComp(generators=loops) | ast.GeneratorExp(generators=loops):
            parts = [loop.iter for loop in loops]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            parts = [element.value for element in elements if isinstance(element, ast.Starred)]
        case ast.Call(func=ast.Name(id=name), args=arguments) if name not in {"sorted", "len", "range"}:
            parts = arguments
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            parts = [left, right]
        case _:
            parts = []
    for part in parts:
        yield from _sources(part)


def _is_a_set(value: ast.expr, known: set[str]) -> bool:
    match value:
        case ast.Set() | ast.SetComp() | ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case ast.Name(id=name):
            return name in known
        case ast.BinOp(op=ast.Sub() | ast.BitAnd() | ast.BitOr() | ast.BitXor(), left=left, right=right):
            keys = any(isinstance(side, ast.Call) and dotted(side.func).endswith(".keys") for side in (left, right))
            return keys or _is_a_set(left, known) or _is_a_set(right, known)
        case _:
            return False


def locks_are_hashed_and_agree(root: Path) -> Iterator[str]:
    pins = {name: _pins(root / "requirements" / f"{name}.txt") for name in ("run", "dev")}
    for lock, held in pins.items():
        for package, (_, hashed) in held.items():
            if not hashed:
                yield f"house locks: every pin has its hashes; {package} in {lock}.txt has none"
        asked = re.findall(r"^[A-Za-z][\w.-]*", (root / "requirements" / f"{lock}.in").read_text("utf-8"), re.MULTILINE)
        for package in asked:
            if re.sub(r"[-_.]+", "-", package).lower() not in held:
                yield f"house locks: `make lock` follows a change of {lock}.in; {package} is not in {lock}.txt"
    for package, (version, _) in pins["run"].items():
        if pins["dev"].get(package, ("none", False))[0] != version:
            yield f"house locks: developers test what production runs; {package} differs between run.txt and dev.txt"


def _pins(lock: Path) -> dict[str, tuple[str, bool]]:
    """Read a lock: package → (version, whether hashes follow)."""
    found = re.findall(
        r"^([a-z0-9-]+)(?:\[.*\])?==(\S+)(?:[^\n]*\\\n\s+(--hash=sha256:))?", lock.read_text("utf-8"), re.MULTILINE
    )
    return {package: (version, bool(hashed)) for package, version, hashed in found}


RULES: tuple[Callable[[Path], Iterator[str]], ...] = (
    only_known_places,
    every_service_is_listed,
    time_is_a_parameter,
    demo_is_a_client,
    only_the_owner_emits,
    only_shared_commits,
    only_the_bus_speaks_nats,
    only_the_gateway_calls_services,
    names_say_what_they_hold,
    files_stay_short,
    modules_say_why_they_exist,
    no_note_is_left_behind,
    files_name_no_machine,
    parametrised_sets_are_sorted,
    locks_are_hashed_and_agree,
)
