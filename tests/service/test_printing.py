"""What comes out of the press: the right words, the same bytes, and whatever somebody wrote as text."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import psutil
import pypdf
import pypdfium2
import pytest
from papers import ITEMS, PAPERS, PICTURES
from PIL import Image, ImageStat
from press_jobs import golden, job, photograph, text_of

from services.inspection.documents.clients import CannotPrint, Press
from services.inspection.documents.clients.printing import MEMORY_BYTES, covered, printed, small, stamped
from services.inspection.documents.domain import Paper
from services.inspection.documents.domain.papers import RectificationOrder
from services.inspection.documents.domain.printable import missing

ORDER = next(paper for paper in PAPERS if isinstance(paper, RectificationOrder))
SAMPLES = [(paper, language) for paper in PAPERS for language in ("zh", "en")]
HOSTILE = (
    '#import "/etc/passwd": *', "$ x^2 $ *bold* _it_ `raw` <label> @ref // comment /* x */ \\u{41} #panic(1)",
    "= Heading\n- list\n+ enum", "\u202eevil\u202c", "مرحبا שלום สวัสดี नमस्ते", "😀👩‍👩‍👧 €™№①㈱",
    "龘𠮷𡃁", "\x01\x07", "</script><b>", "{{ 7 * 7 }} %s {0}", '"}]', "\ufffe\U0010ffff\ue000",
)  # fmt: skip


@pytest.fixture(scope="module")
def pictures() -> dict[str, bytes | None]:
    shades = zip(PICTURES, (30, 120, 220), strict=True)
    return {str(each.id): small(photograph(shade)) for each, shade in shades}


@pytest.fixture
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize(("paper", "language"), SAMPLES, ids=lambda value: getattr(value, "kind", value))
def test_each_kind_reads_as_it_should_in_both_languages(
    paper: Paper, language: str, pictures: dict[str, bytes | None]
) -> None:
    file = printed(job(paper, language, pictures))
    assert text_of(file.pdf) == golden(paper.kind, language).read_text("utf-8").rstrip("\n")
    assert file.pages == len(pypdf.PdfReader(BytesIO(file.pdf)).pages)


def test_each_page_is_a4_shows_its_pictures_and_nothing_leaves_the_paper(pictures: dict[str, bytes | None]) -> None:
    document = pypdfium2.PdfDocument(printed(job(ORDER, "zh", pictures)).pdf)
    for page in document:
        assert [round(side) for side in page.get_size()] == [595, 842]
        shown = page.render(scale=1).to_pil().convert("L")
        width, height = shown.size
        for edge in (
            (0, 0, width, 40),
            (0, 0, 45, height),
            (width - 45, 0, width, height),
            (0, height - 30, width, height),
        ):
            assert ImageStat.Stat(shown.crop(edge)).extrema == [(255, 255)], "the margin is white"
    images = [each for each in document[0].get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    assert len(images) == len(PICTURES)


def test_the_same_data_make_the_same_bytes_in_another_process(pool: ProcessPoolExecutor) -> None:
    here = printed(job(ORDER))
    assert pool.submit(printed, job(ORDER)).result() == here


def test_a_file_is_made_for_archives_and_names_no_machine(pictures: dict[str, bytes | None]) -> None:
    reader = pypdf.PdfReader(BytesIO(printed(job(ORDER, "zh", pictures)).pdf))
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert "pdfaid:part>2<" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == f"责令限期整改指令书 {ORDER.number}"
    fonts = {font for page in reader.pages for font in _fonts(page)}
    assert {font.partition("+")[2].partition("-")[0] for font in fonts} <= {"NotoSerifSC", "NotoSansSC", "NotoSans"}


def _fonts(page: pypdf.PageObject) -> Iterator[str]:
    for font in page["/Resources"]["/Font"].values():
        yield str(font.get_object()["/BaseFont"])[1:]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_somebody_wrote_is_printed_as_text(language: str) -> None:
    items = tuple(ITEMS[1].model_copy(update={"ordinal": n, "text": text}) for n, text in enumerate(HOSTILE, 1))
    paper = ORDER.model_copy(update={"items": items, "what": HOSTILE[0] * 3, "bases": HOSTILE[:4]})
    read = "".join(text_of(printed(job(paper, language)).pdf).split())
    for words in (
        '#import"/etc/passwd":*', "$x^2$*bold*_it_`raw`<label>@ref//comment/*x*/\\u{41}#panic(1)", "=Heading",
        "-list", "〔U+202E〕evil〔U+202C〕", "〔U+0001〕〔U+0007〕", "</script><b>", "{{7*7}}%s{0}", '"}]',
        "〔U+FFFE〕〔U+10FFFF〕〔U+E000〕", "龘",
    ):  # fmt: skip
        assert words in read, words


def test_a_hundred_thousand_characters_are_printed_to_the_last_one() -> None:
    for text in ("隐患" * 16_000 + "完", "x" * 100_000 + "END"):
        paper = ORDER.model_copy(update={"what": text})
        file = printed(job(paper))
        read = "".join(text_of(file.pdf).split())
        assert file.pages > 10
        assert text[-20:].replace(" ", "") in read.replace("\u200b", "")


def test_what_no_font_shows_is_known_before_it_is_printed() -> None:
    assert missing("磨粉车间 Mill №3 — 龘 😀 مرحبا", covered()) == []
    assert missing("𠮷\U000e0041", covered()) == ["𠮷", "\U000e0041"]
    for paper in PAPERS:
        assert missing(paper.model_dump_json(), covered()) == []


def test_a_picture_that_cannot_be_read_is_named_by_its_hash() -> None:
    read = "".join(text_of(printed(job(ORDER, "en")).pdf).split())
    assert read.count("Thispicturecannotberead") == len(PICTURES)
    assert PICTURES[0].sha256 in read.replace("\u200b", "")


def test_pictures_are_made_small_and_lose_what_one_can_see_through() -> None:
    made = small(photograph(size=(4000, 3000)))
    assert made is not None
    with Image.open(BytesIO(made)) as picture:
        assert picture.size == (1000, 750)
    glass = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(glass, format="PNG")
    white = small(glass.getvalue())
    assert white is not None
    with Image.open(BytesIO(white)) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)
    assert small(b"\xff\xd8 no picture at all") is None


def test_a_stamp_covers_each_page_and_leaves_what_is_under_it() -> None:
    before = printed(job(ORDER))
    after = stamped(before.pdf, "zh", "单位名称有误", "2026-10-08")
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(after)).pages]
    assert len(pages) == before.pages
    assert all("废" in page and "单位名称有误" in page for page in pages)
    assert "现责令你单位" in text_of(after)


def _printer_of(press: Press) -> psutil.Process:
    [idle] = press._idle  # pyright: ignore[reportPrivateUsage] — nobody else may know its process
    return psutil.Process(idle.process.pid)


async def test_a_press_that_dies_is_told_and_the_next_document_is_printed() -> None:
    press = Press(1)
    try:
        assert (await press.printed(job(PAPERS[1]))).pages == 1
        _printer_of(press).kill()
        with pytest.raises(CannotPrint, match="ended"):
            await press.printed(job(PAPERS[1]))
        assert (await press.printed(job(PAPERS[1]))).pages == 1
        with pytest.raises(CannotPrint, match="TypstError"):
            await press.printed(job(PAPERS[1].model_copy(update={"issued_on": None})))
        assert (await press.printed(job(PAPERS[1]))).pages == 1, "a fault of one document ends no process"
    finally:
        press.close()


async def test_a_press_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press(1)
    try:
        await press.printed(job(PAPERS[1]))
        hanging = _printer_of(press)
        hanging.suspend()
        monkeypatch.setattr("services.inspection.documents.clients.press.WITHIN_S", 0.2)
        with pytest.raises(CannotPrint, match="longer"):
            await press.printed(job(PAPERS[1]))
        await asyncio.to_thread(hanging.wait, 10)
        assert not hanging.is_running()
    finally:
        press.close()


async def test_a_printing_process_is_bounded_in_memory() -> None:
    press = Press(1)
    try:
        await press.printed(job(PAPERS[1]))
        assert _printer_of(press).rlimit(psutil.RLIMIT_AS) == (MEMORY_BYTES, MEMORY_BYTES)
    finally:
        press.close()


def test_a_printing_process_ends_with_its_service_however_that_ends() -> None:
    code = (
        "import asyncio, os; from papers import PAPERS; from press_jobs import job;"
        "from services.inspection.documents.clients import Press\n"
        "async def main():\n"
        "    press = Press(1); await press.printed(job(PAPERS[1])); print(press._idle[0].process.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())"
    )
    here = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    service = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, check=False, timeout=60)
    assert service.returncode == -signal.SIGKILL, service.stderr
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(service.stdout)).wait(timeout=10)
