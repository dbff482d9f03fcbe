"""What a report says of the use of a machine in it: the same on the screen that is signed and in the document."""

from collections import Counter

from drafting import lifecycle
from drafting.model import Origin
from drafting.queries import Loaded
from drafting.report_rows import SectionRow

AI_USE = (
    "A drafter proposes sentences in references; every figure, date and identifier is put in by the server from the evidence listed.",
    "A proposal becomes part of the record only by a person's decision and signature.",
    "Class, cause, impact, disposition, action and the state of control are given by persons alone.",
)
WORDS = {"accept": "accepted", "edit": "edited", "reject": "rejected", "": "undecided"}


def statements(loaded: Loaded) -> tuple[str, ...]:
    """Return what is said of drafter, configuration and people's decisions, section by section."""
    body = loaded.report.body
    first = f"Drafter: {body.get('drafter', '')}. Configuration fingerprint: {body.get('fingerprint', '')}."
    counted = (_counted(loaded, section) for section in loaded.report.sections)
    return (first, *AI_USE, *(line for line in counted if line))


def _counted(loaded: Loaded, section: SectionRow) -> str:
    made = Counter(lifecycle.last_author_decision(section, s) for s in section.sentences if s.origin != Origin.PERSON)
    if not made:
        return ""
    outline = loaded.outline_of(section)
    said = ", ".join(f"{made[decision]} {word}" for decision, word in WORDS.items() if made[decision])
    return f"{outline.number} {outline.title}: of {sum(made.values())} machine-drafted sentences, {said}."
