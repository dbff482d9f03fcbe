"""What every check shares: a finding on a stretch of a sentence, the places that references cover, and what a section shows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from drafting.model import EvidencePack, Finding, LedgerLine, Origin, Sentence, Severity
from drafting.render import ADDED, split_ref
from prompts.outline import SectionOutline


def at(
    rule: str, message: str, sentence: Sentence, start: int, end: int, *, evidence: str = "", warns: bool = False
) -> Finding:
    """Return a finding on a stretch of a sentence."""
    severity = Severity.WARNS if warns else Severity.BLOCKS
    return Finding(rule, severity, message, start, end, sentence.text[start:end], evidence)


def of_section(rule: str, message: str, *, evidence: str = "", warns: bool = False) -> Finding:
    """Return a finding on a section as a whole."""
    return Finding(rule, Severity.WARNS if warns else Severity.BLOCKS, message, evidence=evidence)


def covered(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a stretch lies within what one reference printed: it is the record's text, not the writer's.

    What a person declared is that person's text, and is held against the evidence like any other.
    """
    return any(s.start <= start and end <= s.end and not s.ref.startswith(ADDED) for s in sentence.spans)


def record_of(ref: str) -> str:
    """Return "KIND/IDENTIFIER" of a reference to a record or one of its cells; "" for any other."""
    kind, key, _ = split_ref(ref)
    return key if kind in ("record", "cell") else ""


@dataclass(frozen=True)
class Shown:
    """A section as a reader sees it: its sentences, evidence, outline, the fields that people filled, and the report's ledger."""

    sentences: Sequence[tuple[str, Sentence, Origin]]
    pack: EvidencePack
    outline: SectionOutline
    ledger: tuple[LedgerLine, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def refs(self) -> frozenset[str]:
        """Return every reference that a sentence prints."""
        return frozenset(span.ref for _, sentence, _ in self.sentences for span in sentence.spans)

    @cached_property
    def records(self) -> frozenset[str]:
        """Return the records that a sentence prints or quotes from."""
        return frozenset(key for ref in self.refs if (key := record_of(ref)))

    @cached_property
    def text(self) -> str:
        """Return the text of all sentences and fields."""
        return "\n".join([*(sentence.text for _, sentence, _ in self.sentences), *self.fields.values()])

    @cached_property
    def words(self) -> str:
        """Return that text without what references quote from records: a text of several words, and no name, number or date."""
        return "\n".join([*(_unquoted(sentence) for _, sentence, _ in self.sentences), *self.fields.values()])


def _unquoted(sentence: Sentence) -> str:
    text = sentence.text
    for span in reversed(sentence.spans):
        if span.ref.startswith("cell:") and " " in text[span.start : span.end]:
            text = text[: span.start] + text[span.end :]
    return text
