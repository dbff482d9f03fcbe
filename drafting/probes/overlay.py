"""Put a planted fault into the picture of a section, for one view. Pure: no version, no store, nothing that is exported.

Called from `drafting.probes.live` alone, for the reviewer whose check it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from audit.errors import Stale
from drafting.model import Finding, Severity, Span, Table
from drafting.probes.model import Probe, RowEdit, TextEdit
from drafting.probes.workflow import Noted
from drafting.readmodel import Decided, Missing, SectionView, SentenceView

NUMBERED = re.compile(r"\A(Sentence|Open the evidence of sentence) \d+")
BESIDE = 24  # characters on each side of planted words that make them recognisable


def overlay(view: SectionView, probe: Probe) -> SectionView:
    """Return the picture with the fault in it; raise Stale where the section does not read as it did when the fault was made."""
    if view.canonical_hash != probe.canonical_hash:
        raise Stale("The section changed since it was shown to you.", remedy="Load the section again.")
    sentences, tables = list(view.sentences), list(view.tables)
    for edit in probe.edits:
        if isinstance(edit, TextEdit):
            at = next(i for i, s in enumerate(sentences) if s.id == edit.subject)
            sentences[at] = _edited(sentences[at], edit)
    for table in {e.subject for e in probe.edits if isinstance(e, RowEdit)}:
        at = next(i for i, t in enumerate(tables) if f"table:{t.id}" == table)
        tables[at] = _table(tables[at], [e for e in probe.edits if isinstance(e, RowEdit) and e.subject == table])
    made = replace(
        view, sentences=tuple(s for s in sentences if s.text), tables=tuple(tables)
    )  # one left out whole is not there
    return _listed(_flags(made, probe), view, probe)


def _edited(sentence: SentenceView, edit: TextEdit) -> SentenceView:
    if sentence.text[edit.start : edit.end] != edit.original:
        raise Stale("The sentence changed since it was shown to you.", remedy="Load the section again.")
    text = sentence.text[: edit.start] + edit.replacement + sentence.text[edit.end :]
    spans = tuple(moved for span in sentence.spans if (moved := _moved(span, edit)) is not None)
    drafted = text if sentence.drafted_text == sentence.text else sentence.drafted_text
    return replace(sentence, text=text, spans=spans, drafted_text=drafted)


def _moved(span: Span, edit: TextEdit) -> Span | None:
    """Return where a span stands after an edit; None where it was cut away."""
    by = len(edit.replacement) - (edit.end - edit.start)
    if span.end <= edit.start:
        return span
    if span.start >= edit.end:
        return replace(span, start=span.start + by, end=span.end + by)
    start, end = min(span.start, edit.start), max(span.end, edit.end) + by
    return replace(span, start=start, end=end) if end > start else None


def _table(table: Table, edits: Sequence[RowEdit]) -> Table:
    rows, refs = [list(row) for row in table.rows], list(table.refs)
    for edit in edits:
        if edit.column >= 0:
            rows[edit.row][edit.column] = edit.replacement
    out = {edit.row for edit in edits if edit.column < 0}
    kept = [i for i in range(len(rows)) if i not in out]
    return replace(
        table, rows=tuple(tuple(rows[i]) for i in kept), refs=tuple(refs[i] for i in kept if i < len(refs)) if refs else ()
    )  # fmt: skip


def _flags(view: SectionView, probe: Probe) -> SectionView:
    def flagged(sentence: SentenceView) -> SentenceView:
        if sentence.id != probe.subject:
            return sentence
        found = findings_shown(sentence.findings, probe)
        return replace(sentence, findings=found, said=() if probe.silenced else sentence.said)

    if not (probe.silenced or probe.flag):
        return view
    return replace(view, sentences=tuple(flagged(sentence) for sentence in view.sentences))


def findings_shown(findings: Sequence[Finding], probe: Probe) -> tuple[Finding, ...]:
    """Return findings with the one held back left out, or with the false one; twice is as once."""
    kept = (f for f in findings if f != probe.flag and not (probe.silenced and f.sentence == probe.subject))
    return (*kept, probe.flag) if probe.flag else tuple(kept)


def _listed(made: SectionView, view: SectionView, probe: Probe) -> SectionView:
    """Return the picture with counts, numbers and what it asks for as they are where nothing was left out or flagged otherwise."""
    warned = sum(_warnings(s) for s in made.sentences) - sum(_warnings(s) for s in view.sentences)
    gone, summary = len(view.sentences) - len(made.sentences), view.summary
    refs = {f"table:{table.id}": table.refs for table in view.tables}
    rows = {(e.subject, refs[e.subject][e.row]) for e in probe.edits if isinstance(e, RowEdit) and e.column < 0}
    asked = [m for m in view.missing if m.target not in probe.gone and (m.target, m.ref) not in rows]
    numbers = {s.id: number for number, s in enumerate(made.sentences, start=1)}
    was = {number: numbers[s.id] for number, s in enumerate(view.sentences, start=1) if s.id in numbers}
    return replace(
        made,
        summary=replace(
            summary, sentences=summary.sentences - gone, decided=summary.decided - gone, warnings=summary.warnings + warned
        ),
        missing=tuple(_renumbered(m, numbers) for m in asked),
        added=tuple(replace(one, sentences=tuple(was[n] for n in one.sentences if n in was)) for one in view.added),
    )


def _warnings(sentence: SentenceView) -> int:
    return sum(1 for f in sentence.findings if f.severity is Severity.WARNS)


def _renumbered(missing: Missing, numbers: Mapping[str, int]) -> Missing:
    number = numbers.get(missing.target)
    return replace(missing, message=NUMBERED.sub(rf"\1 {number}", missing.message)) if number else missing


def planted(view: SectionView, probe: Probe) -> tuple[str, ...]:
    """Return the strings that a signed text must not hold: each planted stretch with the words beside it, where the section has no such."""
    shown = overlay(view, probe)
    before = {sentence.id: sentence.text for sentence in view.sentences}
    found = [_differing(before[s.id], s.text) for s in shown.sentences if s.text != before[s.id]]
    real = whole_text(view)
    found += [row for table in shown.tables for row in _rows(table)]
    return tuple(dict.fromkeys(text for text in found if text.strip() and text not in real))


def _differing(before: str, after: str) -> str:
    """Return the stretch of `after` that differs from `before`, with the characters beside it."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    back = next((i for i, (a, b) in enumerate(zip(before[::-1], after[::-1], strict=False)) if a != b), 0)
    return after[max(0, start - BESIDE) : max(start, len(after) - back) + BESIDE]


def _rows(table: Table) -> list[str]:
    return [" | ".join(row) for row in table.rows]


def whole_text(view: SectionView) -> str:
    """Return everything that a picture says, line by line."""
    lines = [sentence.text for sentence in view.sentences]
    lines += [field.value for field in view.fields]
    lines += [row for table in view.tables for row in _rows(table)]
    return "\n".join(lines)


def with_notes(view: SectionView, noted: Sequence[Noted], check_id: str, user_id: str, at: str) -> SectionView:
    """Return the picture with what the reviewer decided in this view, as if it had been decided."""
    last = {note.subject: (number, note) for number, note in enumerate(noted)}
    made = {
        subject: Decided(
            f"{check_id}:{number}", note.decision, "reviewer", user_id, at, note.category,
            reason=note.text if note.decision == "question" else note.reason, proposal=note.text if note.decision == "propose" else "",
        )
        for subject, (number, note) in last.items() if note.decision != "undo"
    }  # fmt: skip
    states = {"confirm": "confirmed", "question": "questioned", "propose": "proposed"}
    sentences = tuple(
        replace(
            s,
            reviewer=made[s.id],
            state=states.get(made[s.id].decision, s.state),
            waits_for_author=made[s.id].decision in ("question", "propose"),
        )
        if s.id in made
        else s
        for s in view.sentences
    )
    decided = dict(view.table_decisions)
    decided.update({f"reviewer:{k.removeprefix('table:')}": d for k, d in made.items() if k.startswith("table:")})
    return replace(view, sentences=sentences, table_decisions=decided, missing=_missing_after(view.missing, made))


def _missing_after(missing: Sequence[Missing], made: Mapping[str, Decided]) -> tuple[Missing, ...]:
    """Return what is missing once decisions are made: a confirmation settles a place, a question or proposal is open."""
    objected = {subject: one for subject, one in made.items() if one.decision in ("question", "propose")}
    left = [m for m in missing if m.ref or m.target not in made or m.target in objected]
    said = [
        replace(m, message=m.message.replace("is not decided", "is not confirmed")) if m.target in objected else m
        for m in left
    ]
    asked = {"question": "A question of the reviewer is open", "propose": "A proposal of the reviewer is open"}
    return (*said, *(Missing(f"{asked[one.decision]}: {one.reason}", subject) for subject, one in objected.items()))
