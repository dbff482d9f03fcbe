"""Turn what the read models hold into labels, badges and emphasised text. Pure.

Text from records and drafts is data: every character that Markdown or Streamlit would act on is escaped, so that it shows as written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from drafting.model import Severity, Span
from drafting.readmodel import SectionSummary, SentenceView
from drafting.render import mark_of

Color = Literal["red", "orange", "blue", "green", "gray"]
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=\"'])")
_SHORTCODE = re.compile(r":(?=[a-z+][\w+/\-]*:|100:|1234:|-1:)")
ABBREVIATED = frozenset({"oos", "oot", "capa", "sop"})  # kinds of record
_JOINER = "\u2060"


@dataclass(frozen=True)
class Badge:
    """A state as colour, icon and word; never colour alone."""

    word: str
    icon: str
    color: Color

    @property
    def text(self) -> str:
        """Return the badge as a piece of text, so that several stand in one line."""
        return f":{self.color}-badge[{self.icon} {self.word}]"


SENTENCE_BADGES = {
    "open": Badge("open", ":material/radio_button_unchecked:", "gray"),
    "accepted": Badge("accepted", ":material/check:", "green"),
    "edited": Badge("edited", ":material/edit:", "blue"),
    "rejected": Badge("rejected", ":material/close:", "gray"),
    "added": Badge("added", ":material/add:", "blue"),
    "confirmed": Badge("confirmed", ":material/done_all:", "green"),
    "questioned": Badge("questioned", ":material/help:", "orange"),
    "proposed": Badge("edit proposed", ":material/rate_review:", "orange"),
}
BLOCKED = Badge("blocked", ":material/block:", "red")
SECTION_BADGES = {
    "drafted": Badge("drafted", ":material/radio_button_unchecked:", "gray"),
    "authored": Badge("authored", ":material/edit_note:", "blue"),
    "reviewed": Badge("reviewed", ":material/fact_check:", "blue"),
    "approved": Badge("approved", ":material/check_circle:", "green"),
}
RETURNED = Badge("returned", ":material/undo:", "orange")
STALE = Badge("stale", ":material/history:", "orange")
STOPPED = Badge("blocks signing", ":material/error:", "red")
BEGUN = Badge("being decided", ":material/contrast:", "orange")


def plain(text: str) -> str:
    """Return text so that Markdown shows it as written."""
    joined = _SHORTCODE.sub(":" + _JOINER, text)
    return _PUNCTUATION.sub(r"\\\1", joined).replace("\r\n", "\n").replace("\n", "  \n")


def emphasised(text: str, spans: Sequence[Span]) -> str:
    """Return text as Markdown in which every referenced figure or identifier stands out."""
    parts: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda s: s.start):
        inner = text[span.start : span.end]
        if span.start < at or not inner.strip() or inner != inner.strip():
            continue
        parts += [plain(text[at : span.start]), f"**{plain(inner)}**", plain(mark_of(span.ref))]
        at = span.end
    return "".join([*parts, plain(text[at:])])


def sentence_badge(sentence: SentenceView) -> Badge:
    """Return the badge of a sentence card; what blocks goes first."""
    if sentence.blocked and sentence.state != "rejected":
        return BLOCKED
    return SENTENCE_BADGES.get(sentence.state, SENTENCE_BADGES["open"])


def section_badge(section: SectionSummary) -> Badge:
    """Return the badge of a section: what needs a person first, then its state."""
    if section.stale:
        return STALE
    if section.returned:
        return RETURNED
    if section.blocking:
        return STOPPED
    if section.state == "drafted" and section.decided:
        return BEGUN
    return SECTION_BADGES.get(section.state, SECTION_BADGES["drafted"])


def section_label(section: SectionSummary) -> str:
    """Return the label of a section in a list."""
    return plain(f"{section.number} {section.title}")


def short_hash(value: str) -> str:
    """Return a hash as people read it: its kind, first four and last two digits."""
    kind, _, digits = value.rpartition(":")
    return f"{kind or 'sha256'}:{digits[:4]}…{digits[-2:]}" if len(digits) > 6 else value  # noqa: PLR2004 - nothing to shorten


def severity_word(severity: Severity) -> str:
    """Return what a finding does, in a word."""
    return "Blocks signing" if severity is Severity.BLOCKS else "Warning"


def kind_word(kind: str) -> str:
    """Return the kind of one record as people say it: "OOS", "Change control"."""
    return kind.upper() if kind in ABBREVIATED else kind.replace("_", " ").capitalize()


def moment(at: str) -> str:
    """Return a time as screens show it."""
    return f"{at[:10]} {at[11:16]} UTC" if "T" in at else at


def reason_label(category: str) -> str:
    """Return a reason category as people read it."""
    return category.replace("_", " ").replace("-", " ").capitalize()
