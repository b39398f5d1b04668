"""Reads a profile's YAML and remembers its lines; without it a fault among a thousand lines would be looked for."""

import difflib
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml import CSafeLoader, MappingNode, MarkedYAMLError, Node, ScalarNode, SequenceNode, YAMLError
from yaml.constructor import ConstructorError

from shared.profile.rules import Brackets, Clock, File

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_FIELDS = {"rules": Brackets, "clocks": Clock}
"""Which fields are known inside a section; elsewhere it is those of the file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in a sentence, and where it stands."""

    file: str
    line: int
    en: str
    zh: str

    @property
    def place(self) -> str:
        return f"{self.file}.yaml:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {self.en}"


class BadProfile(ValueError):
    """A profile cannot be used; each of its faults names the file, the line and what is wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A file as it was read, with the place of everything in it. Of one text there is one."""

    name: str
    file: File
    root: Node

    def line(self, *path: str | int) -> int:
        """Give the line of what stands there, or of the nearest thing around it."""
        return _line(self.root, path)

    def fault(self, en: str, zh: str, *path: str | int) -> Fault:
        return Fault(self.name, self.line(*path), en, zh)


def read(name: str, folder: Path) -> Written:
    """Read one file, or raise BadProfile with every fault of its form."""
    if not _NAME.fullmatch(name):
        raise BadProfile([Fault(name, 1, f"{name!r} cannot be the name of a profile", f"“{name}”不能作为配置名")])
    try:
        text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadProfile(
            [Fault(name, 1, f"there is no {name}.yaml in {folder}", f"{folder} 中没有 {name}.yaml")]
        ) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise BadProfile([Fault(name, 1, str(fault), f"无法读取：{fault}")]) from fault
    return _parsed(name, text)


@lru_cache(maxsize=16)
def _parsed(name: str, text: str) -> Written:
    """Parse a text once, however many services of one process follow it: that takes 0.1 s a time."""
    try:
        loader: Any = _OnceEach(text)
        root = loader.get_single_node() or MappingNode("tag:yaml.org,2002:map", [])
        return Written(name, File.model_validate(loader.construct_document(root)), root)
    except YAMLError as fault:
        mark = fault.problem_mark if isinstance(fault, MarkedYAMLError) else None
        said = (fault.problem if isinstance(fault, MarkedYAMLError) else None) or str(fault)
        raise BadProfile([Fault(name, mark.line + 1 if mark else 1, said, f"YAML 有误：{said}")]) from fault
    except ValidationError as fault:
        raise BadProfile([_told(name, root, each) for each in fault.errors()]) from fault  # pyright: ignore[reportPossiblyUnboundVariable] a text that cannot be parsed ends above


def near(word: str, known: Iterable[str]) -> str:
    """Name up to three that come close, for whoever mistyped one."""
    return ", ".join(difflib.get_close_matches(word, list(known), n=3)) or "nothing"


def _told(name: str, root: Node, error: ErrorDetails) -> Fault:
    """Say one fault of a field in words, at its line. The tag of a union is no place in the file."""
    path = [part for part in error["loc"] if part != "[key]"]
    line = _line(root, path)
    where, field = ".".join(map(str, path)), str(path[-1]) if path else ""
    said = error["msg"].removeprefix("Value error, ")
    match error["type"]:
        case "extra_forbidden":
            section = _FIELDS.get(str(path[0]), File) if len(path) > 1 else File
            others = near(field, section.model_fields)
            return Fault(
                name, line, f"{where}: there is no such field; near: {others}", f"{where}：无此字段，相近：{others}"
            )
        case "missing":
            of = ".".join(map(str, path[:-1]))
            return Fault(name, line, f"{of}: {field} is missing", f"{of}：缺少 {field}")
        case _:
            return Fault(name, line, f"{where}: {said}", f"{where}：{_ZH.get(said, f'不合要求（{said}）')}")


_ZH = {
    "valid_to lies before valid_from": "valid_to 早于 valid_from",
    "brackets rise, and only the last has no up_to_yuan": "各档须递增，且仅最后一档不设上限",
}


def _line(node: Node, path: Sequence[str | int]) -> int:
    """Go down as far as the path leads. A key's own line counts, not that of its value."""
    line: int = node.start_mark.line + 1 if node.start_mark else 1
    for part in path:
        if isinstance(node, MappingNode):
            found = next((pair for pair in node.value if _is(pair[0], part)), None)
            if found is None:
                continue
            key, node = found
            line = key.start_mark.line + 1
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _is(key: Node, part: str | int) -> bool:
    return isinstance(key, ScalarNode) and key.value == str(part)


class _OnceEach(CSafeLoader):
    """YAML in which a key given twice is a fault, because the second would silently win."""

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise ConstructorError(None, None, f"{key.value} is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)
