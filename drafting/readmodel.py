"""What screens and documents are given: frozen pictures of a report, put together by `drafting.pictures`. Pure.

States of a section: drafted, authored, reviewed, approved. Flags: stale and returned, each with a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from drafting.evidence_first.figures import Figure, Stated
from drafting.model import Chart, Finding, LedgerLine, Span, Table
from prompts.clauses import Clause
from prompts.outline import FieldOutline


@dataclass(frozen=True)
class Citation:
    """A reference as a link: `label` reads "Laboratory.csv row 518, dissolution_av" or "fact dissolution_av.mean"."""

    ref: str
    label: str
    synthetic: bool = False


@dataclass(frozen=True)
class Decided:
    """A standing decision (not undone) of one capacity on a sentence or table."""

    id: str
    decision: str
    capacity: str
    user_id: str
    at: str
    category: str = ""
    reason: str = ""
    proposal: str = ""


@dataclass(frozen=True)
class Said:
    """What the evidence says where a finding points: its reference, its place as people say it, and the value as it is printed."""

    ref: str
    place: str
    value: str


@dataclass(frozen=True)
class SentenceView:
    """A sentence card. `state`: open, accepted, edited, rejected, added, confirmed, questioned, proposed."""

    id: str
    version: int
    hash: str
    text: str
    spans: tuple[Span, ...]
    citations: tuple[Citation, ...]
    origin: str
    state: str
    blocked: bool
    findings: tuple[Finding, ...]
    author: Decided | None
    reviewer: Decided | None
    answer: str = ""  # the author's answer to the reviewer's question
    waits_for_author: bool = False  # a question or proposal of the reviewer is open
    drafted_text: str = ""  # the machine's own text, for the difference
    evidence_opened: bool = False  # by the person who looks
    said: tuple[Said, ...] = ()  # by the evidence that its findings name


@dataclass(frozen=True)
class AddedView:
    """What a person added to the evidence of a section: `kind` is attached, linked or declared.

    What stands in no record counts as confirmed once a reviewer, another person, confirmed each sentence that rests on it.
    """

    id: str
    ref: str
    kind: str
    title: str
    value: str  # as declared; of a file its name
    source: str  # who said or saw it, when, and how it is known
    reason: str
    by: str  # printed name
    user_id: str
    at: str
    sentences: tuple[int, ...] = ()  # numbers of the sentences that rest on it
    confirmed_by: str = ""
    confirmed_at: str = ""

    @property
    def state(self) -> str:
        """Return what is said of it everywhere."""
        if self.kind == "linked":
            return "linked by a person"
        what = "declared by a person, not in the records" if self.kind == "declared" else "attached by a person"
        if not self.sentences:
            return f"{what}; no sentence rests on it"
        return f"{what}; confirmed by {self.confirmed_by}" if self.confirmed_by else f"{what}; not confirmed yet"


@dataclass(frozen=True)
class FieldView:
    """A human-only field and what stands in it."""

    outline: FieldOutline
    value: str
    version: int
    user_id: str = ""
    at: str = ""


@dataclass(frozen=True)
class Missing:
    """What still keeps a section from being signed, and where to go: `target` is a sentence id, "field:KEY", "table:ID", ...

    `ref` names the source to open, where opening one is what is missing.
    """

    message: str
    target: str = ""
    ref: str = ""


@dataclass(frozen=True)
class SignatureLine:
    """A signature on a section; `valid` is False where the section changed since (then `since` says what)."""

    id: str
    meaning: str
    manifestation: str
    printed_name: str
    user_id: str
    role: str
    at: str
    zone: str
    valid: bool
    since: str = ""


@dataclass(frozen=True)
class SectionSummary:
    """One line of a report's section list."""

    id: str
    key: str
    number: str
    title: str
    by: str
    tier: str
    state: str
    stale: str  # reason, or ""
    returned: str  # reason, or ""
    sentences: int
    decided: int
    blocking: int
    warnings: int
    signatures: tuple[SignatureLine, ...]
    outcome: str  # of the last generation: drafted, rendered, insufficient, refused, human
    clauses: tuple[Clause, ...] = ()  # of the rules that the report's variant maps the section to


@dataclass(frozen=True)
class Amendment:
    """A version after the first: when, by whom and why it was opened, and the keys of the sections that change in it."""

    version: int
    at: str
    user_id: str
    reason: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class ReportView:
    """A report as a whole. `state`: drafting, authored, in amendment, in review, approved, superseded."""

    id: str
    number: str
    kind: str
    title: str
    product: str
    product_name: str
    strength: str
    subject: str
    period_from: str
    period_to: str
    state: str
    version: str
    data_lock: str
    created_at: str
    created_by: str
    drafter: str
    fingerprint: str
    demo: bool
    synthetic: bool
    sections: tuple[SectionSummary, ...]
    ledger: tuple[LedgerLine, ...]
    scorecard: Mapping[str, str] = field(default_factory=dict)  # label -> printed figure
    relative_to: Mapping[str, str] = field(default_factory=dict)  # record kind -> what its completeness is relative to
    amendments: tuple[Amendment, ...] = ()

    @property
    def signed(self) -> bool:
        """Tell whether the present version is approved: every section carries a valid approval, and no amendment is open."""
        return self.state in ("approved", "superseded")

    def titles(self, keys: Iterable[str]) -> str:
        """Return the numbers and titles of sections, by their keys."""
        wanted = set(keys)
        return ", ".join(f"{s.number} {s.title}" for s in self.sections if s.key in wanted)


@dataclass(frozen=True)
class SectionView:
    """One section, for its page and for the document. `capacity` is what the person who looks may do here ("" = read)."""

    summary: SectionSummary
    report: ReportView
    view_id: str  # the server-issued view ("seen"); "" when not shown to a person
    canonical_hash: str
    capacity: str
    hidden: bool  # machine text held back until an own view is recorded
    sentences: tuple[SentenceView, ...]
    fields: tuple[FieldView, ...]
    tables: tuple[Table, ...]
    table_decisions: Mapping[str, Decided]  # "author:ID" / "reviewer:ID" -> decision
    charts: tuple[Chart, ...]
    notes: tuple[str, ...]
    missing: tuple[Missing, ...]  # before this person can sign
    own_view: str = ""
    added: tuple[AddedView, ...] = ()
    findings: tuple[Finding, ...] = ()  # on the section as a whole
    said: tuple[Said, ...] = ()  # by the evidence that they name
    asked: tuple[Figure, ...] = ()  # to state before the draft is shown: then `hidden`, and nothing that says them is here
    stated: tuple[Stated, ...] = ()  # by this person, before the draft was shown
    origin: Mapping[str, str] = field(default_factory=dict)  # generation: id, drafter, at, fingerprint
    statements: tuple[str, ...] = ()  # what the report itself says in this section, as of the use of a machine
    notices: tuple[str, ...] = ()  # what the person who looks is told above it, once


@dataclass(frozen=True)
class EvidenceView:
    """The evidence behind one reference, for the panel beside a sentence."""

    ref: str
    title: str
    kind: str  # fact, record, cell, passage, manual, attachment
    document_name: str = ""
    document_id: str = ""
    document_sha256: str = ""
    document_version: int = 1
    place: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()  # the row and its neighbours
    row_numbers: tuple[int, ...] = ()
    marked_row: int | None = None  # spreadsheet row number
    marked_column: str = ""
    literal: str = ""
    text: str = ""  # of a passage; or how a fact was computed
    limit: str = ""
    limit_source: str = ""
    chart: str = ""  # chart id in the section's pack
    marked_batch: str = ""
    synthetic: bool = False
    details: Mapping[str, str] = field(default_factory=dict)
