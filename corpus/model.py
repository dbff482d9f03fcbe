"""The nouns of the corpus: source documents, records, measurements, passages, and the place each came from. Pure.

Every value keeps the literal that was written; nothing is a float.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from corpus.literals import PER_CENT, without_sign

WHOLE = "whole file"  # the place of a refusal that concerns all of a file


@dataclass(frozen=True)
class Locator:
    """A place in a kept document: `document` is its hash, `place` reads as people say it ("row 518, dissolution_av")."""

    document: str
    name: str
    place: str

    def __str__(self) -> str:
        return f"{self.name} {self.place}"


@dataclass(frozen=True)
class Balance:
    """What became of the cells of a file: in = imported + refused + missing; beside it, cells in rows that are no records."""

    cells_in: int = 0
    imported: int = 0
    refused: int = 0
    missing: int = 0
    skipped: int = 0

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(
            self.cells_in + other.cells_in,
            self.imported + other.imported,
            self.refused + other.refused,
            self.missing + other.missing,
            self.skipped + other.skipped,
        )

    @property
    def holds(self) -> bool:
        """Tell whether every cell is accounted for."""
        return self.cells_in == self.imported + self.refused + self.missing

    @property
    def told(self) -> str:
        """Return the balance as people read it."""
        known = f"{self.cells_in} in = {self.imported} imported + {self.refused} refused + {self.missing} declared missing"
        return f"{known}; {self.skipped} in rows that are no records" if self.skipped else known

    def tree(self) -> dict[str, int]:
        """Return the balance for JSON."""
        return {
            "in": self.cells_in, "imported": self.imported, "refused": self.refused, "missing": self.missing, "skipped": self.skipped,
        }  # fmt: skip


@dataclass(frozen=True)
class Refusal:
    """A cell that was not taken, with the reason."""

    file: str
    locator: str
    literal: str
    reason: str


@dataclass(frozen=True)
class SourceDocument:
    """One version of a source file, kept byte for byte under its hash; `sequence` orders imports."""

    id: str
    sequence: int
    name: str
    sha256: str
    media_type: str
    size: int
    version: int
    supersedes: str | None
    profile: str | None
    kind: str
    synthetic: bool
    imported_at: str
    imported_by: str
    balance: Balance
    columns: Mapping[str, str] = field(default_factory=dict)  # field or attribute -> header as in the file
    units: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)  # attribute -> stage of manufacture
    labels: Mapping[str, str] = field(default_factory=dict)  # attribute -> how people call it
    derived: bool = False  # its text was recognised from pictures, not read
    part: str = ""  # "sheet Results", "table 2", ...; "" where the file is the document
    rows: int = 0  # of a table, taken or refused
    axis: str = "row"  # what the numbers of its rows count in the file: a turned table has its records in columns
    places: Mapping[str, str] = field(default_factory=dict)  # of a form: field or attribute -> where its label stands
    skipped: Mapping[str, Sequence[int]] = field(default_factory=dict)  # reason -> rows that are no records
    pages: Sequence[
        Sequence[int]
    ] = ()  # of a table over pages: the row that begins each page after the first, and its number

    @property
    def shown(self) -> str:
        """Return the name of the file, with the part that this is of it."""
        return f"{self.name}, {self.part}" if self.part else self.name

    def place(self, row: int, target: str = "") -> str:
        """Return where a row, or the cell of it that became `target`, stands in the file."""
        header = self.columns.get(target, target)
        where = self.places.get(target) or ("form" if self.places else f"{self.axis} {on_page(row, self.pages)}")
        return f"{where}, {header}" if header else where


def page_of(row: int, pages: Sequence[Sequence[int]]) -> int:
    """Return the page on which a row stands; 0 where that is the first one of its table, or there are no pages."""
    return next((number for first, number in reversed(pages) if row >= first), 0)


def on_page(row: int, pages: Sequence[Sequence[int]]) -> str:
    """Return a row's number, with the page on which it stands where that is not the first one of its table."""
    page = page_of(row, pages)
    return f"{row} (page {page})" if page else str(row)


@dataclass(frozen=True)
class Record:
    """One record version: its fields are literals as written, None where the file declares them missing."""

    id: str
    kind: str
    identifier: str
    product: str | None
    strength: str | None
    date: str | None
    date_precision: str | None
    fields: Mapping[str, str | None]
    row: int | None
    document: SourceDocument

    def get(self, name: str) -> str:
        """Return a field's literal, or an empty text where it is missing."""
        return self.fields.get(name) or ""

    def locator(self, name: str | None = None) -> Locator:
        """Return where the record, or one of its fields, stands."""
        place = "whole document" if self.row is None else self.document.place(self.row, name or "")
        return Locator(self.document.sha256, self.document.shown, place)


@dataclass(frozen=True)
class Measurement:
    """One measured value of a batch; `value` is None unless `state` is "value"."""

    batch: str
    product: str | None
    attribute: str
    literal: str
    value: Decimal | None
    state: str
    unit: str
    row: int
    column: str
    primary: bool
    document_id: str
    document_name: str
    document_sha256: str
    sequence: int
    place: str = ""  # where it stands, in a document whose rows are not those of the file

    @property
    def written(self) -> str:
        """Return the number as written, without the per cent sign that its unit says already."""
        return without_sign(self.literal) if self.unit == PER_CENT else self.literal.strip()

    @property
    def locator(self) -> Locator:
        """Return the cell."""
        return Locator(self.document_sha256, self.document_name, self.place or f"row {self.row}, {self.column}")


@dataclass(frozen=True)
class Passage:
    """A stretch of text of a narrative document, at a place in it."""

    id: str
    document_id: str
    document_name: str
    document_sha256: str
    place: str
    text: str
    kind: str
    product: str | None
    record_identifier: str | None
    synthetic: bool

    @property
    def locator(self) -> Locator:
        """Return the place of the passage."""
        return Locator(self.document_sha256, self.document_name, self.place)
