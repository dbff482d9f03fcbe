"""The rows of a report as plain frozen values: sections, sentences with every version, decisions, fields and signatures. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from drafting.model import LedgerLine, Sentence

AMENDED, WITHDRAWN = "amended", "amendment withdrawn"


@dataclass(frozen=True)
class VersionRow:
    """One version of a sentence."""

    number: int
    sentence: Sentence
    hash: str
    by: str
    at: str


@dataclass(frozen=True)
class SentenceRow:
    """A sentence with every version it had."""

    id: str
    position: int
    origin: str
    versions: tuple[VersionRow, ...]

    @property
    def version(self) -> int:
        """Return the number of the present version."""
        return self.versions[-1].number

    @property
    def sentence(self) -> Sentence:
        """Return the present version."""
        return self.versions[-1].sentence

    @property
    def hash(self) -> str:
        """Return the hash of the present version."""
        return self.versions[-1].hash

    @property
    def drafted(self) -> VersionRow | None:
        """Return the machine's last version; None of a sentence that a person wrote."""
        return next((v for v in reversed(self.versions) if not v.by), None)

    @property
    def edited(self) -> bool:
        """Tell whether a person's words stand in the place of the machine's."""
        return self.drafted is not None and self.hash != self.drafted.hash


@dataclass(frozen=True)
class DecisionRow:
    """One decision, answer, undoing or return."""

    id: str
    subject: str
    version: int
    hash: str
    capacity: str
    decision: str
    category: str
    reason: str
    proposal: str
    undoes: str
    account_id: str
    user_id: str
    at: str


@dataclass(frozen=True)
class FieldRow:
    """One version of a human-only field."""

    key: str
    version: int
    value: str
    account_id: str
    user_id: str
    at: str


@dataclass(frozen=True)
class OwnViewRow:
    """What a person thought before machine text was shown."""

    account_id: str
    capacity: str
    text: str
    at: str = ""


@dataclass(frozen=True)
class OpeningRow:
    """A deliberate opening of a source."""

    subject: str
    ref: str
    demanded: bool
    capacity: str
    account_id: str
    at: str = ""
    checked: bool = False  # in a view that held an oversight check, which is over


@dataclass(frozen=True)
class SignedItem:
    """What one signature says of one section, with its manifestation."""

    id: str
    meaning: str
    account_id: str
    user_id: str
    printed_name: str
    role: str
    at: str
    zone: str
    text_hash: str
    evidence_hash: str
    decisions_hash: str
    manifestation: str


@dataclass(frozen=True)
class AddedRow:
    """What a person added to the evidence of a section: `kind` is attached, linked or declared, `body` its canonical tree."""

    id: str
    kind: str
    body: str
    hash: str
    account_id: str
    user_id: str
    at: str
    withdrawn: str = ""  # the reason
    withdrawn_at: str = ""


@dataclass(frozen=True)
class SectionRow:
    """A section with everything that was said and decided about it; `fields` holds the present ones."""

    id: str
    report_id: str
    key: str
    generation_id: str
    generated_at: str
    drafter: str
    fingerprint: str
    outcome: str
    detail: str
    pack_hash: str
    as_of: int
    sentences: tuple[SentenceRow, ...]
    decisions: tuple[DecisionRow, ...]
    field_history: tuple[FieldRow, ...]
    own_views: tuple[OwnViewRow, ...]
    openings: tuple[OpeningRow, ...]
    signatures: tuple[SignedItem, ...]
    added: tuple[AddedRow, ...] = ()

    @cached_property
    def undone(self) -> frozenset[str]:
        """Return the ids of decisions that were undone."""
        return frozenset(d.undoes or "" for d in self.decisions if d.decision == "undo")

    @property
    def fields(self) -> tuple[FieldRow, ...]:
        """Return the present version of each field."""
        return tuple({f.key: f for f in self.field_history}.values())


@dataclass(frozen=True)
class EventRow:
    """Something that happened to a report as a whole."""

    event: str
    reason: str
    user_id: str
    at: str


@dataclass(frozen=True)
class ReportRow:
    """A report with its sections; `decided` holds what a person said of records in scope: True is left out."""

    id: str
    number: str
    kind: str
    product: str
    strength: str
    subject: str
    period_from: str
    period_to: str
    body: Mapping[str, Any]
    history: tuple[EventRow, ...]
    decided: Mapping[str, bool]
    exclusions: tuple[Mapping[str, str], ...] = ()
    scoped: tuple[tuple[str, Sequence[str], Sequence[str]], ...] | None = None  # kind, in scope, included: as of now
    sections: tuple[SectionRow, ...] = field(default=())

    @cached_property
    def versions(self) -> tuple[tuple[EventRow, ...], ...]:
        """Return the events of each version in order: an amendment that was opened and not withdrawn begins a new one."""
        found: list[list[EventRow]] = [[]]
        for event in self.history:
            if event.event == AMENDED:
                found.append([])
            elif event.event == WITHDRAWN:
                found.pop()
                continue
            found[-1].append(event)
        return tuple(tuple(events) for events in found)

    @property
    def events(self) -> frozenset[str]:
        """Return what happened to the present version."""
        return frozenset(event.event for event in self.versions[-1])

    @property
    def outline(self) -> str:
        """Return the hash of the outline that it was drafted with."""
        return str((self.body.get("outline") or ("", 0, ""))[2])

    @property
    def data_lock(self) -> str:
        """Return when data were last taken in: at the draft, or when a section was drafted again on later data."""
        later = [s.generated_at for s in self.sections if s.as_of > self.body.get("data_sequence", s.as_of)]
        return max([str(self.body.get("data_lock", "")), *later])

    def section(self, section_id: str) -> SectionRow:
        """Return a section by id."""
        return next(s for s in self.sections if s.id == section_id)

    @cached_property
    def ledger(self) -> tuple[LedgerLine, ...]:
        """Return the ledger as drafted, or as of now where records came in since, with what persons decided."""
        lines = []
        for kind, in_scope, included in self.body.get("ledger", []) if self.scoped is None else self.scoped:
            said = {i: self.decided.get(f"{kind}/{i}") for i in in_scope}
            out = tuple(i for i in in_scope if said[i] is True)
            taken = tuple(i for i in in_scope if said[i] is not True and (i in included or said[i] is False))
            rest = tuple(i for i in in_scope if i not in out and i not in taken)
            lines.append(LedgerLine(kind, tuple(in_scope), taken, out, rest))
        return tuple(lines)
