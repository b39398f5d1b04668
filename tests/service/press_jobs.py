"""What the press is given: a paper with its code and its pictures."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pypdfium2
from papers import PAPERS, PICTURES
from PIL import Image

from services.inspection.documents.clients import Job
from services.inspection.documents.clients.printing import printed, small
from services.inspection.documents.domain import Paper, code_of
from shared.settings import ROOT

AT = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)


def photograph(shade: int = 90, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """Make a picture with as much in it as one of a camera."""
    grain = Image.effect_noise((size[0] // 4, size[1] // 4), 40).resize(size)
    ground = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", (grain, ground, Image.new("L", size, shade)))
    encoded = BytesIO()
    picture.save(encoded, format="JPEG", quality=85)
    return encoded.getvalue()


def job(paper: Paper, language: str = "zh", pictures: dict[str, bytes | None] | None = None) -> Job:
    """Give what the press is told of a paper."""
    data = paper.model_dump(mode="json")
    code = code_of(UUID(int=77), data)
    return Job(
        kind=paper.kind,
        language=language,
        data=data,
        code=code,
        address=f"{paper.verify_url.page}/{code}",
        at=AT,
        pictures=pictures if pictures is not None else dict.fromkeys(str(each.id) for each in PICTURES),
    )


def text_of(pdf: bytes) -> str:
    """Give the text of all pages as a reader's program finds it, without the spaces that only lay it out."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    return "\n".join(" ".join(line.split()) for page in pages for line in page.splitlines() if line.strip())


def golden(kind: str, language: str) -> Path:
    return ROOT / "tests" / "data" / "documents" / f"{kind}.{language}.txt"


def main() -> None:
    """Write what the samples read like now: `python tests/service/press_jobs.py`; read it before you commit it."""
    pictures = {str(each.id): small(photograph(shade)) for each, shade in zip(PICTURES, (30, 120, 220), strict=True)}
    for paper in PAPERS:
        for language in ("zh", "en"):
            path = golden(paper.kind, language)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text_of(printed(job(paper, language, pictures)).pdf) + "\n", "utf-8")


if __name__ == "__main__":
    main()
