"""PDF files made by hand: ruled tables, paragraphs, turned and cropped pages, pictures, fields; and their raw objects for damage."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

HEIGHT_OF_A_LINE = 12


@dataclass
class Pdf:
    """Collects pages; `bytes` writes the file with a right cross-reference table."""

    width: float = 595
    height: float = 842
    extra: dict[int, str] = field(default_factory=dict)  # page -> entries of its dictionary
    pages: list[list[str]] = field(default_factory=list)
    pictures: dict[int, tuple[int, int, bytes]] = field(default_factory=dict)
    annotations: dict[int, list[str]] = field(default_factory=dict)

    def page(self) -> "Pdf":
        self.pages.append([])
        return self

    def text(self, x: float, y: float, text: str, size: float = 9) -> "Pdf":
        """Write a text with its baseline at y, counted from the top of the page."""
        safe = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.pages[-1].append(f"BT /F1 {size} Tf 1 0 0 1 {x} {self.height - y} Tm ({safe}) Tj ET")
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> "Pdf":
        self.pages[-1].append(f"0.5 w {x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self

    def table(self, x: float, y: float, widths: Sequence[float], rows: Sequence[Sequence[str]], *, size: float = 7) -> float:
        """Draw a ruled table, a cell's lines apart by a line end; return where it ends."""
        edges = [x]
        for width in widths:
            edges.append(edges[-1] + width)
        top = y
        for row in rows:
            lines = max(len(cell.split("\n")) for cell in row)
            for left, cell in zip(edges, row, strict=False):
                for number, line in enumerate(cell.split("\n")):
                    if line:
                        self.text(left + 2, y + HEIGHT_OF_A_LINE * (number + 1) - 3, line, size)
            self.line(edges[0], y, edges[-1], y)
            y += HEIGHT_OF_A_LINE * lines
        self.line(edges[0], y, edges[-1], y)
        for edge in edges:
            self.line(edge, top, edge, y)
        return y

    def picture(self, width: int, height: int, grey: bytes) -> "Pdf":
        """Fill the page with a grey picture, as a scan does."""
        self.pictures[len(self.pages) - 1] = (width, height, zlib.compress(grey))
        self.pages[-1].append(f"q {self.width} 0 0 {self.height} 0 0 cm /I Do Q")
        return self

    def annotation(self, entries: str) -> "Pdf":
        self.annotations.setdefault(len(self.pages) - 1, []).append(f"<< /Type /Annot {entries} >>")
        return self

    def objects(self) -> list[bytes]:
        """Return the objects in order: 1 the catalogue, 2 the page tree, 3 the font, then the pages with their parts."""
        made: list[bytes] = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        kids = []
        for number, content in enumerate(self.pages):
            stream = zlib.compress("\n".join(content).encode("latin-1"))
            made.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream))
            resources, annotations = f"/Font << /F1 3 0 R >> /XObject << {self._picture(number, made)} >>", []
            content_at = len(made) if number not in self.pictures else len(made) - 1
            for entries in self.annotations.get(number, []):
                made.append(entries.encode("latin-1"))
                annotations.append(f"{len(made)} 0 R")
            made.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {self.width} {self.height}] {self.extra.get(number, '')} "
                f"/Annots [{' '.join(annotations)}] /Contents {content_at} 0 R /Resources << {resources} >> >>".encode()
            )
            kids.append(f"{len(made)} 0 R")
        made[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
        return made

    def _picture(self, number: int, made: list[bytes]) -> str:
        if number not in self.pictures:
            return ""
        width, height, grey = self.pictures[number]
        made.append(
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
            b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(grey), grey)
        )
        return f"/I {len(made)} 0 R"

    def bytes(self) -> bytes:
        return written(self.objects())


def written(objects: Sequence[bytes]) -> bytes:
    """Write objects as a file with its cross-reference table."""
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
