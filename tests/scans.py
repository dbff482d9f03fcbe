"""Pages that are pictures of letters, as a scanner makes them, and the program that recognises those."""

import os
import shutil

import pytest
from PIL import Image, ImageDraw, ImageFont


def scan(text: str) -> tuple[int, int, bytes]:
    """Draw a page of 150 dots an inch: width, height and grey values."""
    picture = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(picture).text((120, 160), text, fill=0, font=ImageFont.load_default(size=44))
    return 1240, 1754, picture.tobytes()


def need_recogniser() -> None:
    """Skip the test where Tesseract is not installed; fail where it is required."""
    if shutil.which("tesseract"):
        return
    if os.environ.get("REQUIRE_OCR"):
        pytest.fail("REQUIRE_OCR is set and the program tesseract is not installed")
    pytest.skip("the program tesseract is not installed: `apt-get install tesseract-ocr`")
