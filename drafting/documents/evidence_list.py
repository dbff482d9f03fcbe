"""Number the evidence of a report in order of first use, so that text and appendix point at each other. Pure.

References into one thing share a number: the cells of one record, the statistics of one column. A reader looks up one entry
and finds everything that the text took from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from drafting.readmodel import SectionView, SentenceView

NOT_PRINTED = "rejected"


@dataclass(frozen=True)
class Place:
    """What stands behind one reference: the entry it belongs to, the part of it that is taken, and where that stands."""

    entry: str  # references with the same entry share a number
    title: str
    part: str = ""
    where: str = ""
    selection: str = ""  # which values a figure was computed from, said once where it is the same for all
    row: int | None = None  # of `document`, where the entry is a row
    document: str = ""  # name of the source file
    sha256: str = ""  # hash of the source file
    method: str = ""  # of a computed figure, with its version
    inputs: str = ""  # hash of the values that a figure was computed from
    synthetic: bool = False


@dataclass(frozen=True)
class EvidenceLine:
    """One numbered entry of the evidence list: what is cited, which parts of it, and where it stands."""

    number: int
    place: Place  # of the part that is used first
    parts: tuple[str, ...]
    wheres: tuple[str, ...]
    refs: tuple[str, ...]


@dataclass(frozen=True)
class SourceFile:
    """A numbered file that evidence or a row of a table stands in."""

    number: int
    name: str
    sha256: str
    synthetic: bool
    notes: tuple[str, ...] = ()  # what its reader told beside the text

    @property
    def label(self) -> str:
        """Return the file's number as rows and entries cite it."""
        return f"F{self.number}"


@dataclass(frozen=True)
class EvidenceList:
    """Everything that text and tables cite: numbered entries, numbered files, and the place behind each reference."""

    lines: tuple[EvidenceLine, ...] = ()
    files: tuple[SourceFile, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_ref", {ref: line for line in self.lines for ref in line.refs})
        object.__setattr__(self, "_by_hash", {(f.name, f.sha256): f for f in self.files})

    @property
    def methods(self) -> tuple[str, ...]:
        """Return each method that a figure of the list was computed with."""
        used = (self.places[ref].method for line in self.lines for ref in line.refs if ref in self.places)
        return tuple(dict.fromkeys(filter(None, used)))

    def line(self, ref: str) -> EvidenceLine | None:
        """Return the entry of a reference."""
        found: EvidenceLine | None = self._by_ref.get(ref)  # type: ignore[attr-defined]
        return found

    def file(self, place: Place) -> SourceFile | None:
        """Return the file that a place stands in."""
        found: SourceFile | None = self._by_hash.get((place.document, place.sha256))  # type: ignore[attr-defined]
        return found


def printed_sentences(section: SectionView) -> tuple[SentenceView, ...]:
    """Return the sentences that a document may print: no rejected ones, none while machine text is held back."""
    return () if section.hidden else tuple(s for s in section.sentences if s.state != NOT_PRINTED)


def evidence_list(
    sections: Sequence[SectionView],
    places: Mapping[str, Place] | None = None,
    notes: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> EvidenceList:
    """Return what the sections cite, in order of first use.

    `places` says for a reference where it stands, where the caller knows it; any other stands under its label alone. `notes` are what
    readers told of files, by name and hash. Rows of
    tables cite their own file and row, and get a number only where they are computed.
    """
    known = dict(places or {})
    entries: dict[str, dict[str, Place]] = {}  # entry -> references in order
    files: dict[tuple[str, str], bool] = {}
    for ref, label, synthetic in _cited(sections):
        place = known.setdefault(ref, Place(ref, label, synthetic=synthetic))
        if place.sha256:
            key = (place.document, place.sha256)
            files[key] = files.get(key, False) or place.synthetic
        if label or not ref.startswith("record:"):
            entries.setdefault(place.entry, {})[ref] = place
    lines = tuple(_line(number, taken) for number, taken in enumerate(entries.values(), 1))
    told = notes or {}
    numbered = tuple(SourceFile(n, *key, made, tuple(told.get(key, ()))) for n, (key, made) in enumerate(files.items(), 1))
    return EvidenceList(lines, numbered, known)


def _line(number: int, taken: Mapping[str, Place]) -> EvidenceLine:
    places = list(taken.values())
    parts, wheres = (
        tuple(dict.fromkeys(filter(None, texts))) for texts in ([p.part for p in places], [p.where for p in places])
    )
    return EvidenceLine(number, places[0], parts, wheres, tuple(taken))


def _cited(sections: Sequence[SectionView]) -> Iterator[tuple[str, str, bool]]:
    """Yield every reference that is printed, with its label; a row of a table has none."""
    for section in sections:
        for sentence in printed_sentences(section):
            for cited in sentence.citations:
                yield cited.ref, cited.label, cited.synthetic
        for table in section.tables:
            for ref in table.refs:
                if ref:
                    yield ref, "", table.synthetic
