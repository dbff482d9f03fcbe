"""The nouns of planted faults: the sixteen types, a probe as an overlay of one section's picture. Pure."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from audit.oversight.model import Arm, Family, Severity
from drafting.model import Finding
from drafting.model import Severity as Weight


class Fault(StrEnum):
    """The fault types of the generator."""

    NUMBER = "altered number"
    SHIFT = "decimal shift"
    UNIT = "changed unit"
    IDENTIFIER = "swapped identifier"
    DATE = "wrong date"
    LIMIT = "wrong limit"
    STATUS = "flipped conclusion"
    NEGATION = "dropped negation"
    CAUSE = "unsupported cause"
    CERTAINTY = "inflated certainty"
    CITATION = "wrong attribution"
    OMITTED_RECORD = "omitted record"
    OMITTED_LIMITATION = "omitted limitation"
    TOTAL = "wrong total"
    SILENT = "finding held back"
    FALSE_FLAG = "false finding"


@dataclass(frozen=True)
class TextEdit:
    """`text[start:end]` of one sentence's rendered text becomes `replacement`; `original` is what stands there."""

    subject: str  # sentence id
    start: int
    end: int
    original: str
    replacement: str


@dataclass(frozen=True)
class RowEdit:
    """A cell of a rendered table becomes `replacement`; with `column` -1 the whole row is left out."""

    subject: str  # "table:ID"
    row: int
    column: int
    original: str
    replacement: str


@dataclass(frozen=True)
class Probe:
    """One planted fault of one section as it reads now: where it stands, its consistent copies, and why it is provably wrong.

    `edits[0]` is the fault; the others keep the section free of a tell. `sources` are references that a reviewer opens in two
    clicks and that prove the fault. A held-back finding is the edit with `silenced` true; a false finding has no edit but `flag`.
    """

    fault: Fault
    family: Family
    severity: Severity
    section_id: str
    canonical_hash: str
    subject: str  # sentence id or "table:ID" in which it is located; for omissions the section itself: "section"
    edits: tuple[TextEdit | RowEdit, ...]
    sources: tuple[str, ...]
    proof: str  # one sentence: what the evidence says instead
    difficulty: float  # logit of a healthy reviewer's miss probability
    p_ok: float
    silenced: bool = False
    flag: Finding | None = None
    subtlety: float = 0.5  # 0 stands out, 1 looks right in every form
    words: int = 150  # of the section

    @property
    def gone(self) -> frozenset[str]:
        """Return the sentences that are left out as a whole."""
        texts = [edit for edit in self.edits if isinstance(edit, TextEdit)]
        return frozenset(e.subject for e in texts if e.start == 0 and not e.replacement and self.subject != e.subject)

    @property
    def places(self) -> frozenset[str]:
        """Return where an objection locates the fault."""
        return frozenset(edit.subject for edit in self.edits) | {self.subject}

    def arm(self, *, drafted: bool) -> Arm:
        """Return whose text it stands in: a rendered table is a machine's, and so is a section of which one `drafted` a sentence."""
        rendered = any(isinstance(edit, RowEdit) for edit in self.edits)
        return Arm.MACHINE if drafted or rendered else Arm.HUMAN

    def tree(self) -> dict[str, Any]:
        """Return the probe for canonical JSON."""
        made = asdict(self)
        made["edits"] = [{"kind": type(edit).__name__, **asdict(edit)} for edit in self.edits]
        made |= {"sources": list(self.sources), "difficulty": f"{self.difficulty:.6f}", "p_ok": f"{self.p_ok:.6f}"}
        made |= {"subtlety": f"{self.subtlety:.6f}", "flag": self.flag.tree() if self.flag else None}
        return made

    @staticmethod
    def of(tree: dict[str, Any]) -> "Probe":
        """Read a probe back from its tree."""
        kinds: dict[str, type[TextEdit | RowEdit]] = {"TextEdit": TextEdit, "RowEdit": RowEdit}
        edits = tuple(kinds[edit["kind"]](**{k: v for k, v in edit.items() if k != "kind"}) for edit in tree["edits"])
        return Probe(
            **{
                **tree, "edits": edits, "sources": tuple(tree["sources"]), "fault": Fault(tree["fault"]),
                "difficulty": float(tree["difficulty"]), "p_ok": float(tree["p_ok"]),
                "flag": _flag(tree.get("flag"), tree["subject"]), "family": Family(tree["family"]), "severity": Severity(tree["severity"]), "subtlety": float(tree.get("subtlety", 0.5)),
            }
        )  # fmt: skip


def _flag(told: dict[str, Any] | str | None, subject: str) -> Finding | None:
    """Read a planted finding back; of checks made before its place and rule were kept there is only what it said."""
    if isinstance(told, dict):
        return Finding(**{**told, "severity": Weight(told["severity"])})
    return Finding("consistency", Weight.WARNS, told, sentence=subject) if told else None
