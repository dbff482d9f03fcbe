"""A file, or one part of it, as read and before it is stored. Pure: it crosses from a worker process to the one that writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.embedding import Vectors
from corpus.reading import ReadFile


@dataclass(frozen=True)
class NewDocument:
    """A file as read, before it is stored; `reading` is how it was read, and part of what makes a version."""

    name: str
    data: bytes
    media_type: str
    profile: str | None
    kind: str
    synthetic: bool
    read: ReadFile
    reading: Mapping[str, str | None]
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""  # what the reader found, as text, for showing it; "" where the file itself is read again
    vectors: Vectors | None = None  # of its passages; None where none were made yet
    part: str = ""  # "sheet Results", "table 2", ...; "" where the file is the document
    axis: str = "row"  # what the numbers of its rows count in the file: a turned table has its records in columns
    places: Mapping[str, str] = field(default_factory=dict)  # of a form: field or attribute -> where its label stands
    pages: Sequence[
        tuple[int, int]
    ] = ()  # of a table over pages: the row that begins each page after the first, and its number
    skipped: Mapping[str, Sequence[int]] = field(default_factory=dict)  # reason -> rows that are no records
    notes: Sequence[str] = ()  # what its reader told beside the text
