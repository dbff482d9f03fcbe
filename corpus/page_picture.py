"""A page of a PDF file as a picture, with the place marked that somebody came for. Runs in a worker process, like every reading."""

import io
import re
from dataclasses import dataclass

from PIL import Image, ImageDraw

from audit.errors import NotFound
from corpus.readers import pdf

SCALE = 1.4  # pixels of a point
LARGEST_SIDE = 4000  # pixels
MARK, WIDTH = "#b45309", 3
_PAGE = re.compile(r"page (\d{1,5})")
_BOX = re.compile(r"box (-?\d+),(-?\d+),(-?\d+),(-?\d+)")


@dataclass(frozen=True)
class PageJob:
    """A page to draw: the file's bytes, and the place as people say it ("page 3, box 72,90,523,118")."""

    data: bytes
    file: str
    place: str


def page_of(place: str) -> int | None:
    """Return the page that a place names; None where it names none."""
    found = _PAGE.match(place)
    return int(found[1]) if found else None


def picture(job: PageJob) -> bytes:
    """Return the page as PNG, its box marked where the place has one; raise NotFound where there is no such page."""
    number = page_of(job.place)
    with pdf.ONE_AT_A_TIME:
        document = pdf.opened(job.data, file=job.file)
        try:
            if number is None or not 1 <= number <= len(document):
                raise NotFound(f"{job.file} has no {job.place}.", remedy=f"It has pages 1 to {len(document)}.")
            page = document[number - 1]
            scale = min(SCALE, LARGEST_SIDE / max(page.get_width(), page.get_height(), 1))
            drawn = page.render(scale=scale).to_pil().convert("RGB")
        finally:
            document.close()
    return _marked(drawn, _BOX.search(job.place), scale)


def _marked(drawn: Image.Image, box: re.Match[str] | None, scale: float) -> bytes:
    if box is not None:
        left, top, right, bottom = (int(side) * scale for side in box.groups())
        ImageDraw.Draw(drawn).rectangle(
            (left - WIDTH, top - WIDTH, right + WIDTH, bottom + WIDTH), outline=MARK, width=WIDTH
        )
    out = io.BytesIO()
    drawn.save(out, format="PNG")
    return out.getvalue()
