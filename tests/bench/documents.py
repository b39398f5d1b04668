"""What it takes to print an order; without it a slower template would be found by an officer on site."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import psutil
from figures import BenchBroken, Figure, at_most, percentile

from shared.embedded.files import temporary_directory
from shared.evidence import EvidenceStore

sys.path.append(str(Path(__file__).parent.parent / "service"))

from papers import ITEMS, PAPERS
from press_jobs import job, photograph

from services.inspection.documents.clients import Press
from services.inspection.documents.clients.archive import pictures_for
from services.inspection.documents.domain import Paper
from services.inspection.documents.domain.papers import RectificationOrder
from shared.contracts.values import EvidenceRef, derived_id

NAMES = ("documents.pdf", "documents.pdf_p99", "documents.memory", "documents.loop")
P50_MS, P99_MS, MEMORY_MB, LAG_MS = 60.0, 200.0, 400.0, 20.0
DOCUMENTS, QUICK = 1_000, 60
PHOTOGRAPH = (1600, 1200)
HEARTBEAT_S = 0.005
MB = 1024 * 1024


@dataclass
class _Seen:
    took_ms: list[float] = field(default_factory=list[float])
    lag_ms: list[float] = field(default_factory=list[float])
    memory_mb: float = 0.0
    printers_mb: float = 0.0
    cpu_ms: float = 0.0
    """Of the printing process, for one document."""


async def documents(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Print orders of two pages with three pictures each, one after the other, each with words of its own."""
    many = QUICK if quick else DOCUMENTS
    press = Press(1)
    try:
        with temporary_directory() as folder:
            seen = await _printed(press, EvidenceStore((folder / "evidence").as_uri()), many)
    finally:
        press.close()
    said = (
        f"{many} orders of two pages, each with words of its own and three photographs of {PHOTOGRAPH[0]} × "
        f"{PHOTOGRAPH[1]} read from a folder, made small and set; Chinese; one printing process; from "
        "committed data to PDF/A"
    )
    p50, p99 = percentile(seen.took_ms, 0.5), percentile(seen.took_ms, 0.99)
    for figure in (
        at_most("documents.pdf", p50, "ms", P50_MS, f"median; {seen.cpu_ms:.0f} ms of processor time each; {said}"),
        at_most("documents.pdf_p99", p99, "ms", P99_MS, f"slowest {max(seen.took_ms):.0f} ms; {said}"),
        at_most(
            "documents.memory", seen.memory_mb, "MB", MEMORY_MB,
            f"most at once of the printing process {seen.printers_mb:.0f} MB and of the one that hands it work; {said}",
        ),
        at_most(
            "documents.loop", percentile(seen.lag_ms, 0.99), "ms", LAG_MS,
            f"p99 of how late a {HEARTBEAT_S * 1000:g} ms heartbeat of the event loop came meanwhile, worst "
            f"{max(seen.lag_ms):.0f} ms; {said}",
        ),
    ):  # fmt: skip
        if figure.name in wanted:
            yield figure


async def _printed(press: Press, store: EvidenceStore, many: int) -> _Seen:
    photographs = [photograph(shade, PHOTOGRAPH) for shade in range(20, 240, 20)]
    refs = [await _kept(store, number, picture) for number, picture in enumerate(photographs)]
    await press.printed(job(_order(0, refs)))  # the process starts and reads its fonts
    seen = _Seen()
    beating = asyncio.create_task(_heartbeat(seen))
    spent_before = _spent_s()
    try:
        for number in range(1, many + 1):
            paper = _order(number, refs)
            began = perf_counter()
            pictures = await pictures_for(press, store, paper.model_dump(mode="json"))
            printed = await press.printed(job(paper, "zh", pictures))
            seen.took_ms.append((perf_counter() - began) * 1000)
            if printed.pages != 2 or None in pictures.values():
                raise BenchBroken(f"not an order of two pages with three pictures, but of {printed.pages}")
            if number % 20 == 0:
                _weigh(seen)
    finally:
        beating.cancel()
    seen.cpu_ms = (_spent_s() - spent_before) * 1000 / many
    return seen


async def _kept(store: EvidenceStore, number: int, picture: bytes) -> EvidenceRef:
    kept = await store.keep("inspection", derived_id("bench", number), picture)
    return EvidenceRef(id=kept.id, owner="inspection", sha256=kept.sha256, media_type=kept.media_type)


def _order(number: int, refs: list[EvidenceRef]) -> Paper:
    sample = next(paper for paper in PAPERS if isinstance(paper, RectificationOrder))
    shown = tuple(refs[(number + step) % len(refs)] for step in range(3))
    first = ITEMS[0].model_copy(update={"pictures": shown, "text": f"第 {number} 号：{ITEMS[0].text}"})
    others = tuple(item.model_copy(update={"text": f"{item.text}（{number}）"}) for item in ITEMS[1:])
    return sample.model_copy(
        update={"number": f"云湖县应急管理局责改〔2026〕{number:06d}号", "items": (first, *others)}
    )


def _spent_s() -> float:
    """Give the processor time of the printing process so far; a bench is too short for it to be replaced."""
    spent = [child.cpu_times() for child in psutil.Process(os.getpid()).children(recursive=True)]
    return sum(each.user + each.system for each in spent)


def _weigh(seen: _Seen) -> None:
    here = psutil.Process(os.getpid())
    printers = sum(child.memory_info().rss for child in here.children(recursive=True)) / MB
    seen.printers_mb = max(seen.printers_mb, printers)
    seen.memory_mb = max(seen.memory_mb, printers + here.memory_info().rss / MB)


async def _heartbeat(seen: _Seen) -> None:
    while True:
        due = perf_counter() + HEARTBEAT_S
        await asyncio.sleep(HEARTBEAT_S)
        seen.lag_ms.append(max(0.0, (perf_counter() - due) * 1000))
