"""The structured claims of a section as it reads: what each stretch of text and each cell of a table stands for. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from drafting.model import Evidence, EvidencePack, Fact
from drafting.probes.model import RowEdit, TextEdit
from drafting.readmodel import SectionView, SentenceView
from drafting.render import held, known, printed, split_ref
from prompts.outline import SectionOutline


@dataclass(frozen=True)
class Claim:
    """One stretch of a sentence that was rendered from a reference: `text` is what stands there and what the evidence prints."""

    sentence: str
    start: int
    end: int
    text: str
    ref: str

    @property
    def field(self) -> str:
        """Return the field of the record or fact that it states."""
        kind, key, name = split_ref(self.ref)
        return name or (key.rpartition(".")[2] if kind == "fact" else "")

    @property
    def record(self) -> str:
        """Return the record that it names or states a field of; "" where it is computed."""
        kind, key, _ = split_ref(self.ref)
        return key if kind in ("record", "cell") else ""

    def edit(self, replacement: str) -> TextEdit:
        """Return the edit that puts other words in its place."""
        return TextEdit(self.sentence, self.start, self.end, self.text, replacement)


@dataclass(frozen=True)
class CellClaim:
    """One cell of a table whose row stands for a record and whose text is one of its fields as printed."""

    table: str
    row: int
    column: int
    text: str
    ref: str  # cell:KIND/ID#FIELD

    def edit(self, replacement: str) -> RowEdit:
        """Return the edit that puts another value in its place."""
        return RowEdit(f"table:{self.table}", self.row, self.column, self.text, replacement)


@dataclass(frozen=True)
class Material:
    """What faults are made from: the section as it reads, its evidence, its outline."""

    view: SectionView
    pack: EvidencePack
    outline: SectionOutline

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Return the claims of all sentences; a stretch that does not read as its evidence prints is none."""
        return tuple(claim for sentence in self.sentences for claim in self.of(sentence))

    @cached_property
    def sentences(self) -> tuple[SentenceView, ...]:
        """Return the sentences that the section says."""
        return tuple(s for s in self.view.sentences if s.state != "rejected")

    def of(self, sentence: SentenceView) -> Iterator[Claim]:
        """Yield the claims of a sentence, in its order."""
        for span in sentence.spans:
            text = sentence.text[span.start : span.end]
            if text and known(span.ref, self.pack) and printed(span.ref, self.pack) == text:
                yield Claim(sentence.id, span.start, span.end, text, span.ref)

    @cached_property
    def cells(self) -> tuple[CellClaim, ...]:
        """Return the cells whose text is a field of the row's record; the identifying cell of a row is none."""
        return tuple(claim for table in self.view.tables for claim in self._cells_of(table.id))

    def _cells_of(self, table_id: str) -> Iterator[CellClaim]:
        table = next(t for t in self.view.tables if t.id == table_id)
        for number, (row, ref) in enumerate(zip(table.rows, table.refs, strict=False)):
            kind, key, _ = split_ref(ref)
            record = self.pack.records.get(key) if kind == "record" else None
            if record is None:
                continue
            stated = {printed(f"cell:{key}#{name}", self.pack): name for name, value in record.fields.items() if value}
            for column, text in enumerate(row):
                if text in stated and text != record.identifier:
                    yield CellClaim(table_id, number, column, text, f"cell:{key}#{stated[text]}")

    def copies(self, claim: Claim) -> tuple[Claim, ...]:
        """Return the other places of the section that state the same reference in the same words."""
        same = (claim.ref, claim.text)
        return tuple(
            c for c in self.claims if (c.ref, c.text) == same and (c.sentence, c.start) != (claim.sentence, claim.start)
        )

    def sentence(self, sentence_id: str) -> SentenceView:
        """Return a sentence."""
        return next(s for s in self.sentences if s.id == sentence_id)

    @cached_property
    def words(self) -> int:
        """Return how many words the section has to be read."""
        rows = sum(len(" ".join(row).split()) for table in self.view.tables for row in table.rows)
        return sum(len(s.text.split()) for s in self.sentences) + rows

    def records(self, kind: str) -> tuple[Evidence, ...]:
        """Return the records of a kind that the section's evidence holds."""
        return tuple(record for record in self.pack.records.values() if record.kind == kind)

    def fact(self, ref: str) -> Fact | None:
        """Return the computed figure behind a reference."""
        found = held(ref, self.pack)
        return found if isinstance(found, Fact) else None
