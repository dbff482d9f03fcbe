"""How a fault becomes a probe: its consistent copies, severity, difficulty and the sentence that says what the evidence holds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audit.oversight.difficulty import Difficulty, Item
from audit.oversight.model import Family, Severity
from drafting.model import Finding
from drafting.probes.claims import Claim, Material
from drafting.probes.model import Fault, Probe, RowEdit, TextEdit

START = {
    Fault.NUMBER: 0.10,
    Fault.SHIFT: 0.05,
    Fault.UNIT: 0.10,
    Fault.IDENTIFIER: 0.15,
    Fault.DATE: 0.12,
    Fault.LIMIT: 0.20,
    Fault.STATUS: 0.08,
    Fault.NEGATION: 0.15,
    Fault.CAUSE: 0.25,
    Fault.CERTAINTY: 0.25,
    Fault.CITATION: 0.25,
    Fault.OMITTED_RECORD: 0.35,
    Fault.OMITTED_LIMITATION: 0.35,
    Fault.TOTAL: 0.20,
    Fault.SILENT: 0.15,
    Fault.FALSE_FLAG: 0.05,
}  # fmt: skip - guesses to begin a qualification with, not data
FAMILY = {
    Fault.OMITTED_RECORD: Family.MISSING, Fault.OMITTED_LIMITATION: Family.MISSING, Fault.SILENT: Family.TOOL_MISS,
    Fault.FALSE_FLAG: Family.TOOL_FALSE,
}  # fmt: skip
CRITICAL = ("oos/", "recall/", "complaint/")
LEADING = frozenset({Fault.IDENTIFIER, Fault.LIMIT, Fault.STATUS, Fault.NEGATION, Fault.CAUSE, Fault.UNIT, Fault.SHIFT})


@dataclass(frozen=True)
class Maker:
    """What every fault of a section is made with."""

    material: Material
    difficulty: Difficulty = field(default_factory=Difficulty)

    def make(
        self, fault: Fault, edits: Sequence[TextEdit | RowEdit], sources: Sequence[str], proof: str, *,
        subject: str = "", subtlety: float = 0.5, silenced: bool = False, flag: Finding | None = None,
    ) -> Probe:  # fmt: skip
        """Return a probe; `subject` is where it is located, by default where its first edit stands."""
        family, severity = FAMILY.get(fault, Family.WRONG), severity_of(fault, sources)
        item = Item(str(fault), family, severity, START[fault], subtlety, self.material.words)
        return Probe(
            fault=fault, family=family, severity=severity, section_id=self.material.view.summary.id,
            canonical_hash=self.material.view.canonical_hash, subject=subject or edits[0].subject, edits=tuple(edits),
            sources=tuple(dict.fromkeys(sources)), proof=proof, difficulty=round(self.difficulty.logit(item), 6), p_ok=round(self.difficulty.p_ok(item), 6),
            silenced=silenced, flag=flag, subtlety=subtlety, words=self.material.words,
        )  # fmt: skip

    def everywhere(self, claim: Claim, replacement: str) -> list[TextEdit | RowEdit]:
        """Return the edits that put other words in a claim's place and in every copy of it."""
        return [one.edit(replacement) for one in (claim, *self.material.copies(claim))]


def item_of(probe: Probe) -> Item:
    """Return what made a probe as hard as it is."""
    return Item(str(probe.fault), probe.family, probe.severity, START[probe.fault], probe.subtlety, probe.words)


def severity_of(fault: Fault, sources: Sequence[str]) -> Severity:
    """Return how much harm the fault would have done: what concerns a failed result, a recall or a complaint the most."""
    if fault in (Fault.OMITTED_RECORD, Fault.STATUS) and any(kind in source for source in sources for kind in CRITICAL):
        return Severity.CRITICAL
    return Severity.MAJOR if fault in LEADING or fault is Fault.OMITTED_RECORD else Severity.MINOR
