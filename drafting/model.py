"""The nouns of a report: references, sentences, facts, tables, charts, evidence packs, drafts. Pure and frozen.

A drafter writes templates such as ``Mean was {fact:dissolution_av.mean} in batch {record:batch/517}``; the server renders
them. A reference is one of

- ``fact:ID``                  a computed figure, printed with its unit
- ``record:KIND/IDENTIFIER``   a record, printed as its identifier
- ``cell:KIND/IDENTIFIER#FIELD``  one field of a record, printed as written, with its unit
- ``passage:ID``               a stretch of a narrative document (cited, never printed)
- ``manual:ID``                what a person declared, in no record: printed as declared
- ``attachment:ID``            a file that a person attached (cited, never printed)
- ``attachment:ID#START-END``  a stretch of the text read from it, printed as it stands there
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from audit.canonical import canonical, digest


class Origin(StrEnum):
    """Who first wrote a sentence."""

    MACHINE = "machine-drafted"
    PERSON = "person"


class Severity(StrEnum):
    """What a finding does."""

    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True)
class Span:
    """A stretch of rendered text that stands for a reference: `text[start:end]` was rendered from `ref`."""

    start: int
    end: int
    ref: str


@dataclass(frozen=True)
class Sentence:
    """Rendered text, where its references stand, and everything it cites (the references and more)."""

    text: str
    spans: tuple[Span, ...] = ()
    cites: tuple[str, ...] = ()
    template: str = ""

    def tree(self) -> dict[str, Any]:
        """Return the sentence for canonical JSON."""
        return {
            "text": self.text,
            "spans": [[s.start, s.end, s.ref] for s in self.spans],
            "cites": list(self.cites),
            "template": self.template,
        }

    @staticmethod
    def of(tree: Mapping[str, Any]) -> "Sentence":
        """Read a sentence back from its tree."""
        return Sentence(
            tree["text"], tuple(Span(*span) for span in tree["spans"]), tuple(tree["cites"]), tree.get("template", "")
        )


@dataclass(frozen=True)
class Fact:
    """A computed figure: printed value, exact value, unit, n, the method with its version, and what it was computed from."""

    id: str
    value: str
    exact: str
    unit: str
    n: int
    method: str
    inputs: Mapping[str, Any] = field(default_factory=dict)  # columns, query, excluded, hash of the input values

    @property
    def printed(self) -> str:
        """Return the value with its unit, as text shows it."""
        return f"{self.value} {self.unit}" if self.unit else self.value


PLACE = frozenset({"id", "document", "document_name", "document_id", "row", "page", "columns", "place"})


def content(held: "Fact | Evidence | Quote | Declared | Attached") -> dict[str, Any]:
    """Return what a piece of evidence says, without where it stands: a new version of a file that says the same changes nothing."""
    flat = not isinstance(held, (Declared, Attached))  # the others nest nothing, and copies of them would take long
    tree = {f.name: getattr(held, f.name) for f in fields(held)} if flat else asdict(held)
    return {name: value for name, value in tree.items() if isinstance(held, Fact) or name not in PLACE}


@dataclass(frozen=True)
class Evidence:
    """One record as evidence: its fields as written, the unit of each, and where it stands."""

    kind: str
    identifier: str
    fields: Mapping[str, str | None]
    units: Mapping[str, str]
    document: str  # sha256 of the source document
    document_name: str
    document_id: str
    row: int | None
    columns: Mapping[str, str]  # field -> header
    synthetic: bool
    page: int = 0  # on which its row stands, where its table runs over pages and it is not the first

    @property
    def ref(self) -> str:
        """Return the record's reference."""
        return f"record:{self.kind}/{self.identifier}"

    def tree(self) -> dict[str, Any]:
        """Return the record for canonical JSON; without a page where it names none, so that packs of before keep their hash."""
        made: dict[str, Any] = _plain(asdict(self))
        if not self.page:
            del made["page"]
        return made

    def place(self, name: str = "") -> str:
        """Return the place of the record or of one field as people say it."""
        if self.row is None:
            return self.document_name
        header = self.columns.get(name, name)
        page = f" (page {self.page})" if self.page else ""
        return f"{self.document_name} row {self.row}{page}" + (f", {header}" if header else "")


@dataclass(frozen=True)
class Quote:
    """A passage of a narrative document as evidence."""

    id: str
    text: str
    place: str
    document: str
    document_name: str
    document_id: str
    synthetic: bool
    about: str = ""  # identifier of the record or procedure that the document describes


@dataclass(frozen=True)
class Source:
    """Where what a person adds comes from, in that person's words: who said or saw it, when, and how it is known."""

    who: str
    when: str
    how: str

    @property
    def told(self) -> str:
        """Return the source as people read it."""
        return f"{self.who}; {self.when}; {self.how}"


@dataclass(frozen=True)
class Declared:
    """A value or quotation that a person vouches for and no record holds; `by` and `at` are of the declaring person."""

    id: str
    value: str
    about: str
    source: Source
    reason: str
    by: str
    at: str


@dataclass(frozen=True)
class Attached:
    """A file that a person attached, kept under its hash, with the text that a reader found in it (`unread` says why there is none)."""

    id: str
    name: str
    sha256: str
    size: int
    about: str
    source: Source
    by: str
    at: str
    text: str = ""
    unread: str = ""


@dataclass(frozen=True)
class Table:
    """A table rendered from records: `refs[i]` is the reference behind row i ("" for a computed row)."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    refs: tuple[str, ...] = ()
    note: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Point:
    """One batch (or month) of a chart: the value as written, limits of its own where they differ, the change that began with it."""

    batch: str
    date: str
    value: str
    signal: bool = False
    lower: str = ""
    upper: str = ""
    change: str = ""
    range_signal: bool = False  # the distance from the point before lies above the limit of moving ranges


@dataclass(frozen=True)
class Chart:
    """A control chart: points in order of manufacture, limits as decimal text ("" where none); "" as `kind` is I-MR."""

    id: str
    title: str
    attribute: str
    unit: str
    points: tuple[Point, ...]
    centre: str
    lower_control: str
    upper_control: str
    lower_limit: str = ""
    upper_limit: str = ""
    limit_source: str = ""
    method: str = ""
    moving_range_mean: str = ""
    moving_range_upper: str = ""
    synthetic_limits: bool = False
    label: str = ""  # how people call the attribute
    points_are: str = ""  # what a point is, where it is no batch: "Month"
    kind: str = ""  # of a chart of one panel: what it is, "EWMA" or "p"

    def tree(self) -> dict[str, Any]:
        """Return the chart for canonical JSON; what only some charts have is left out of the others, which keep their hash."""
        made: dict[str, Any] = _plain(asdict(self))
        return {
            **{name: value for name, value in made.items() if value or name not in ("kind", "points_are")},
            "points": [
                {k: v for k, v in p.items() if v or k not in ("lower", "upper", "change", "range_signal")}
                for p in made["points"]
            ],
        }


@dataclass(frozen=True)
class LedgerLine:
    """For one record kind: in scope = included + excluded + unaccounted; identifiers of each."""

    kind: str
    in_scope: tuple[str, ...]
    included: tuple[str, ...]
    excluded: tuple[str, ...]
    unaccounted: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Return the four numbers."""
        return {name: len(getattr(self, name)) for name in ("in_scope", "included", "excluded", "unaccounted")}


@dataclass(frozen=True)
class EvidencePack:
    """Everything one section may say: nothing outside it can be referred to. `as_of` is the corpus sequence it was built at."""

    section: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    records: Mapping[str, Evidence] = field(default_factory=dict)  # "KIND/IDENTIFIER" -> evidence
    passages: Mapping[str, Quote] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = ()  # contradictions and other things a person must see before deciding
    as_of: int = 0
    declared: Mapping[str, Declared] = field(default_factory=dict)  # by persons, kept beside what was built from records
    attached: Mapping[str, Attached] = field(default_factory=dict)

    def __hash__(self) -> int:  # packs key what is worked out from them; equality still compares everything
        return hash((self.section, self.as_of, len(self.facts), len(self.records), len(self.passages)))

    def tree(self) -> dict[str, Any]:
        """Return the pack for canonical JSON, without `as_of` and what persons added: equal evidence has equal trees."""
        return {
            "section": self.section,
            "facts": {k: _plain(asdict(v)) for k, v in self.facts.items()},
            "records": {k: v.tree() for k, v in self.records.items()},
            "passages": {k: asdict(v) for k, v in self.passages.items()},
            "tables": [_plain(asdict(t)) for t in self.tables],
            "charts": [c.tree() for c in self.charts],
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """Return the canonical text of the pack."""
        return canonical(self.tree())

    @property
    def sha256(self) -> str:
        """Return the hash of the evidence."""
        return digest(self.text())

    @staticmethod
    def of(tree: Mapping[str, Any], as_of: int = 0) -> "EvidencePack":
        """Read a pack back from its tree."""
        return EvidencePack(
            section=tree["section"],
            facts={k: Fact(**v) for k, v in tree["facts"].items()},
            records={k: Evidence(**v) for k, v in tree["records"].items()},
            passages={k: Quote(**v) for k, v in tree["passages"].items()},
            tables=tuple(_table(t) for t in tree["tables"]),
            charts=tuple(Chart(**{**c, "points": tuple(Point(**p) for p in c["points"])}) for c in tree["charts"]),
            notes=tuple(tree["notes"]),
            as_of=as_of,
        )


def _table(tree: Mapping[str, Any]) -> Table:
    return Table(
        **{
            **tree,
            "columns": tuple(tree["columns"]),
            "rows": tuple(tuple(row) for row in tree["rows"]),
            "refs": tuple(tree["refs"]),
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


@dataclass(frozen=True)
class Finding:
    """A fault that a check found, with its place in the text, the rule, and the evidence that contradicts it."""

    rule: str
    severity: Severity
    message: str
    start: int = 0
    end: int = 0
    quote: str = ""
    evidence: str = ""  # a reference
    section: str = ""
    sentence: str = ""  # sentence id, where it concerns one

    def tree(self) -> dict[str, Any]:
        """Return the finding for JSON."""
        return {**asdict(self), "severity": str(self.severity)}


@dataclass(frozen=True)
class Draft:
    """A drafter's proposal for a section: sentences, or the reason why there are none; raw exchange kept as evidence."""

    sentences: tuple[Sentence, ...]
    insufficient: str = ""  # "evidence insufficient": a person writes the section
    refused: str = ""  # why the reply was refused (kept, never repaired)
    failed: str = ""  # why no answer came: the endpoint was down, or what answered was no model
    request: str = ""
    reply: str = ""
