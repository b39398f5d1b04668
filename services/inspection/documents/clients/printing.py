"""Prints one document, in a process of its own; without it setting type would stop everybody who waits for an answer.

Fonts come from packages, never from the machine, and the file's date is that of the act: the same data make the same
bytes everywhere.
"""

import json
import os
import pickle
import re
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import manimgx_fonts
import pylopdf_fonts_zh_cn
import segno
import typst
from fontTools.ttLib import TTFont
from PIL import Image

from services.inspection.documents.clients.jobs import HEAD_BYTES, Job, Printed
from services.inspection.documents.domain.printable import printable

TEMPLATES = Path(__file__).parent.parent / "templates"
MEMORY_BYTES = 2 * 1024**3
"""Address space of a printing process: a hostile text ends the process, not the machine."""
LEAST_EDGE_PX, MAX_EDGE_PX = 640, 1024
"""Of a printed picture, which is 50 mm wide: 325 points to the inch and more. A JPEG is decoded at a half, a quarter or
an eighth of its size, as far as that leaves the least; what then is not above the most is not resampled."""
_QUALITY = 80
_Standard = Literal["a-2u"]
_FOR_ARCHIVES: _Standard = "a-2u"
"""PDF/A-2u (ISO 19005-2): to be read in thirty years, every character of it as text."""
_PAGE_TREE = re.compile(rb"/Type\s*/Pages\s*/Count (\d+)")
_OTHER_SCRIPTS = (
    "NotoSans[wght].ttf", "NotoSansArabic[wght].ttf", "NotoSansHebrew[wght].ttf", "NotoSansDevanagari[wght].ttf",
    "NotoSansThai[wght].ttf", "NotoSansSymbols[wght].ttf", "NotoEmoji[wght].ttf",
)  # fmt: skip
"""What `layout.typ` falls back to, in its order."""


def font_files() -> tuple[Path, ...]:
    scripts = Path(manimgx_fonts.__file__).parent
    return (
        pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path(), *(scripts / name for name in _OTHER_SCRIPTS)
    )  # fmt: skip


@cache
def covered() -> frozenset[int]:
    """Give every character that one of the fonts can show."""
    shown: set[int] = set()
    for path in font_files():
        with TTFont(path, lazy=True) as font:
            shown |= set(font.getBestCmap() or {})
    return frozenset(shown)


@cache
def template() -> str:
    """Give the digest of all that decides how data look: templates, fonts and the typesetter."""
    digest = sha256(version("typst").encode())
    for path in (*sorted(TEMPLATES.glob("*.typ")), *font_files()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Bench:
    """The templates where pictures can be laid beside them, and a typesetter that knows the fonts."""

    root: Path
    compiler: typst.Compiler


def main() -> None:
    """Do what the service asks, one thing after the other, until it asks no more or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which ends this process in its own time
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not become part of an answer
    while head := asked.read(HEAD_BYTES):
        work, given = pickle.loads(asked.read(int.from_bytes(head)))  # noqa: S301 — of the service that started us
        try:
            answer = (True, WORK[work](*given))
        except Exception as fault:  # noqa: BLE001 — this document cannot be printed; the next one may
            answer = (False, f"{type(fault).__name__}: {fault}"[:500])
        message = pickle.dumps(answer)
        answers.write(len(message).to_bytes(HEAD_BYTES) + message)
        answers.flush()


@cache
def _bench() -> _Bench:
    root = Path(_room().name)
    for path in TEMPLATES.glob("*.typ"):
        shutil.copy(path, root)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(path) for path in _folders()])
    compiler = typst.Compiler(root=str(root), font_paths=fonts, ignore_system_fonts=True)
    return _Bench(root, compiler)


@cache
def _room() -> "tempfile.TemporaryDirectory[str]":
    """Give a folder that goes when the process ends."""
    return tempfile.TemporaryDirectory(prefix="commonwatch-print-")


def _folders() -> list[Path]:
    return sorted({path.parent for path in font_files()})


def small(picture: bytes) -> bytes | None:
    """Make a picture as large as it is printed; None for what is no picture."""
    try:
        with Image.open(BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as image:
            share = LEAST_EDGE_PX / max(image.size)
            image.draft("RGB", (int(image.width * share), int(image.height * share)))
            flat = _flat(image)
    except (OSError, Image.DecompressionBombError, SyntaxError, ValueError):
        return None
    flat.thumbnail((MAX_EDGE_PX, MAX_EDGE_PX), reducing_gap=None)
    encoded = BytesIO()
    flat.save(encoded, format="JPEG", quality=_QUALITY)
    return encoded.getvalue()


def _flat(image: Image.Image) -> Image.Image:
    """Lay a picture that one can see through on white, for paper is white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")


def printed(job: Job) -> Printed:
    """Set one document and write it as PDF/A; raises what the typesetter raises."""
    bench = _bench()
    with _laid_out(bench.root, job.pictures) as names:
        data = _with_files(printable({**job.data, "code": job.code}, covered()), names)
        inputs = {"data": json.dumps(data, ensure_ascii=False), "language": job.language, "qr": _qr(job.address)}
        pdf = _compiled(bench, f"{job.kind}.typ", inputs, job.at, [_FOR_ARCHIVES])
    return Printed(pdf, pages_of(pdf), template())


def stamped(pdf: bytes, language: str, reason: str, on: str) -> bytes:
    """Print VOID over every page of a file, which stays as it is inside; PDF/A has no files within files."""
    bench = _bench()
    path = bench.root / "void.pdf"
    path.write_bytes(pdf)
    try:
        said = printable({"reason": reason, "on": on}, covered())
        inputs = {"data": json.dumps({**said, "pages": pages_of(pdf)}, ensure_ascii=False), "language": language}
        return _compiled(bench, "void.typ", inputs, datetime.fromisoformat(f"{on}T00:00:00+00:00"))
    finally:
        path.unlink()


def _compiled(
    bench: _Bench, name: str, inputs: dict[str, str], at: datetime, standards: Sequence[_Standard] = ()
) -> bytes:
    pdf = bench.compiler.compile(
        str(bench.root / name),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=list(standards),
        timestamp=int(at.timestamp()),
    )
    assert isinstance(pdf, bytes), "a PDF is one file"
    return pdf


@contextmanager
def _laid_out(root: Path, pictures: Mapping[str, bytes | None]) -> Generator[dict[str, str]]:
    """Lay the pictures beside the templates for as long as they are needed."""
    readable = {known: picture for known, picture in pictures.items() if picture is not None}
    names = {known: f"{known}.jpg" for known in readable}
    try:
        for known, picture in readable.items():
            (root / names[known]).write_bytes(picture)
        yield names
    finally:
        for name in names.values():
            (root / name).unlink(missing_ok=True)


def _with_files(data: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Say of each picture in which file it lies, none where it cannot be read."""
    for item in data.get("items", ()):
        for picture in item["pictures"]:
            picture["file"] = names.get(picture["id"])
    return data


def _qr(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=1, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def pages_of(pdf: bytes) -> int:
    """Count the pages of a file that this module wrote: its page tree says how many it has."""
    return max(int(count) for count in _PAGE_TREE.findall(pdf))


WORK: Mapping[str, Callable[..., Any]] = {"small": small, "printed": printed, "stamped": stamped, "pages": pages_of}
"""What may be asked for."""

if __name__ == "__main__":
    main()
