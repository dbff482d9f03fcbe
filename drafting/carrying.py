"""Carry a section over to a new draft of it: which sentences stay as they are, which say new values, which are gone, which are new. Pure.

A machine's sentence is the same sentence while its template is. A person's words stay the person's: only what references print is
put in anew, and a sentence that a person edited or wrote is never taken away. What was rejected stays rejected while it reads the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from drafting import lifecycle
from drafting.model import EvidencePack, Sentence, Span
from drafting.render import known, printed
from drafting.report_rows import SectionRow, SentenceRow
from drafting.tables import GAP


@dataclass(frozen=True)
class Reworded:
    """A sentence that stays in its place with new versions: the machine's, the person's words with new values, or both."""

    row: SentenceRow
    drafted: Sentence | None  # None where the machine no longer says it, or never did
    edited: Sentence | None  # None where no person's words stand in its place


@dataclass(frozen=True)
class Added:
    """A sentence that no draft said before, and its position among the others."""

    sentence: Sentence
    position: int


@dataclass(frozen=True)
class Carried:
    """What becomes of each sentence of a section."""

    kept: tuple[SentenceRow, ...]
    changed: tuple[Reworded, ...]
    withdrawn: tuple[SentenceRow, ...]
    added: tuple[Added, ...]


def carry(section: SectionRow, before: EvidencePack, after: EvidencePack, drafted: Sequence[Sentence]) -> Carried:
    """Hold a new draft against what the section says now."""
    rows = [row for row in section.sentences if not lifecycle.is_withdrawn(section, row)]
    rejected = {row.id for row in rows if lifecycle.last_author_decision(section, row) == "reject"}
    matched = _matched([row for row in rows if row.drafted is not None], drafted, rejected)
    kept: list[SentenceRow] = []
    changed: list[Reworded] = []
    withdrawn: list[SentenceRow] = []
    for row in rows:
        said = drafted[matched[row.id]] if row.id in matched else None
        if row.id in rejected:
            kept.append(row)
        elif row.drafted is not None and said is None and not row.edited:
            withdrawn.append(row)
        elif _same(row, said, before, after):
            kept.append(row)
        else:
            own = rerender(row.sentence, after) if row.edited or row.drafted is None else None
            changed.append(Reworded(row, said, own))
    places = {number: row.position for row in rows if (number := matched.get(row.id)) is not None}
    return Carried(tuple(kept), tuple(changed), tuple(withdrawn), tuple(_added(section, drafted, places)))


def _matched(rows: Sequence[SentenceRow], drafted: Sequence[Sentence], rejected: set[str]) -> dict[str, int]:
    """Return the number of the new sentence that each machine's row says: equal ones first, then those of one template."""
    found: dict[str, int] = {}
    free = list(range(len(drafted)))
    for equal in (True, False):
        for row in rows:
            if row.id in found or row.drafted is None or (row.id in rejected and not equal):
                continue
            said = _reads if equal else _template
            number = next((n for n in free if said(drafted[n]) == said(row.drafted.sentence)), None)
            if number is not None:
                found[row.id] = number
                free.remove(number)
    return found


def _reads(sentence: Sentence) -> object:
    return sentence.template, sentence.text, sentence.spans


def _template(sentence: Sentence) -> object:
    return sentence.template or sentence.text


def _same(row: SentenceRow, said: Sentence | None, before: EvidencePack, after: EvidencePack) -> bool:
    """Tell whether neither words, nor references, nor the evidence behind them changed, for machine and person."""
    was = row.drafted.sentence if row.drafted is not None else None
    if said is not None and was is not None and (_reads(said), set(said.cites)) != (_reads(was), set(was.cites)):
        return False
    return lifecycle.decided_hash(row.sentence, before) == lifecycle.decided_hash(row.sentence, after)


def rerender(sentence: Sentence, pack: EvidencePack) -> Sentence:
    """Put what the pack prints into a person's words; a reference that no longer resolves stays, for the checks to find."""
    parts: list[str] = []
    spans: list[Span] = []
    end = length = 0
    for span in sorted(sentence.spans, key=lambda s: s.start):
        between = sentence.text[end : span.start]
        shown = printed(span.ref, pack) if known(span.ref, pack) else sentence.text[span.start : span.end]
        start = length + len(between)
        length, end = start + len(shown), span.end
        parts += [between, shown]
        spans.append(Span(start, length, span.ref))
    parts.append(sentence.text[end:])
    refs = {span.ref for span in spans}
    cites = tuple(ref for ref in sentence.cites if ref in refs or known(ref, pack))
    return replace(sentence, text="".join(parts), spans=tuple(spans), cites=cites)


def _added(section: SectionRow, drafted: Sequence[Sentence], places: dict[int, int]) -> list[Added]:
    """Place each new sentence behind the one before it in the draft, evenly before what follows there."""
    taken = sorted({row.position for row in section.sentences})
    found: list[Added] = []
    behind, run = 0, list[int]()
    for number in [*range(len(drafted)), None]:
        if number is not None and number not in places:
            run.append(number)
            continue
        following = next((position for position in taken if position > behind), behind + GAP * (len(run) + 1))
        step = max(1, (following - behind) // (len(run) + 1))
        found += [Added(drafted[n], behind + step * k) for k, n in enumerate(run, start=1)]
        behind, run = places.get(number, behind) if number is not None else behind, []
    return found
