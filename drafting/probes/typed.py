"""What a reviewer typed while a check stood: given back at its end, taken away where it holds planted words.

What was noted of other sentences comes back as working texts, so that a page that is lost loses nothing. Working texts of the faulty place, and those
that say planted words, are deleted: the store keeps none of them beyond the check.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from audit.clock import utc_text
from drafting import lifecycle, tables
from drafting.probes.model import Probe, TextEdit
from drafting.probes.store import Stored
from drafting.probes.workflow import Noted
from drafting.report_rows import ReportRow, SectionRow
from drafting.store import load_report
from drafting.working import QUESTION, RETURN

TYPED = frozenset({"question", "propose", "return"})
TELLING = 8  # letters from which planted words without a figure are no words of everybody


@dataclass(frozen=True)
class Quoting:
    """Something that the reviewer of a check wrote elsewhere in its report and that says planted words."""

    section: str  # its key
    what: str  # question, propose, return or own view
    text: str
    decision: str = ""  # its id, where it can be undone


def ended(conn: Connection, stored: Stored, at: datetime) -> tuple[str, ...]:
    """Take away what holds planted words, give back what was noted of other places; return the texts that were taken away."""
    report = load_report(conn, stored.report)
    taken = _taken(conn, stored, report)
    section = report.section(stored.section)
    for subject, version, text in _given_back(stored, section, _says(report)):
        mine = (tables.working_texts.c.account_id == stored.account, tables.working_texts.c.section_id == section.id)
        there = select(tables.working_texts.c.text).where(*mine, tables.working_texts.c.subject == subject)
        if conn.execute(there).first() is None:  # what was typed last stays
            conn.execute(
                insert(tables.working_texts).values(
                    account_id=stored.account, section_id=section.id, subject=subject, version=version, text=text, at=utc_text(at)
                )
            )  # fmt: skip
    return taken


def _taken(conn: Connection, stored: Stored, report: ReportRow) -> tuple[str, ...]:
    kept, places, says = tables.working_texts, stored.probe.places if stored.probe else frozenset(), _says(report)
    mine = kept.c.account_id == stored.account
    found = []
    for row in conn.execute(select(kept).where(mine, kept.c.section_id.in_([s.id for s in report.sections]))).all():
        there = row.section_id == stored.section and row.subject.removeprefix(QUESTION) in places
        if there or is_quoted(stored, row.text, says):
            conn.execute(delete(kept).where(mine, kept.c.section_id == row.section_id, kept.c.subject == row.subject))
            found.append(row.text)
    return tuple(found)


def last_typed(stored: Stored) -> list[Noted]:
    """Return what the reviewer wrote of each place and did not undo, as it was noted last."""
    last = {note.subject: note for note in stored.check.noted}
    return [note for note in last.values() if note.decision in TYPED]


def _given_back(stored: Stored, section: SectionRow, says: str) -> Iterator[tuple[str, int, str]]:
    """Yield subject, version and words of the working texts that noted texts become."""
    versions = {sentence.id: sentence.version for sentence in lifecycle.current(section)}
    places = stored.probe.places if stored.probe else frozenset()
    for note in last_typed(stored):
        if note.subject in places or is_quoted(stored, note.text, says):
            continue
        if note.decision == "return":
            yield RETURN, 1, note.text
        elif note.subject in versions:
            yield (QUESTION if note.decision == "question" else "") + note.subject, versions[note.subject], note.text


def quoting(report: ReportRow, stored: Stored) -> tuple[Quoting, ...]:
    """Return what the reviewer wrote in the report since the check began that says planted words: questions, proposals, returns, own views."""
    says = _says(report)
    return tuple(
        one for one, at in _written(report, stored.account) if at >= stored.at and is_quoted(stored, one.text, says)
    )


def standing(report: ReportRow, stored: Stored) -> tuple[Quoting, ...]:
    """Return the questions and proposals that hold a planted stretch with the words beside it and were not undone."""
    stretches = stored.content.get("planted", ())
    return tuple(
        one
        for one, _ in _written(report, stored.account)
        if one.what in ("question", "propose") and any(stretch in one.text for stretch in stretches)
    )


def _written(report: ReportRow, account: str) -> Iterator[tuple[Quoting, str]]:
    for section in report.sections:
        undone = lifecycle.undone(section)
        for made in section.decisions:
            if made.account_id == account and made.decision in TYPED and made.id not in undone:
                text = "\n".join((made.reason or "", made.proposal or ""))
                yield Quoting(section.key, made.decision, text.strip(), made.id), made.at
        yield from ((Quoting(section.key, "own view", v.text), v.at) for v in section.own_views if v.account_id == account)


def _says(report: ReportRow) -> str:
    return "\n".join(s.sentence.text for section in report.sections for s in lifecycle.current(section))


def is_quoted(stored: Stored, text: str, says: str) -> bool:
    """Tell whether a text says what was planted and the report (`says`) does not."""
    if any(stretch in text for stretch in stored.content.get("planted", ())):
        return True
    return any(_words(one).search(text) for one in _replacements(stored.probe) if not _words(one).search(says))


def _replacements(probe: Probe | None) -> list[str]:
    """Return planted words that tell by themselves: figures, and words that are long enough."""
    edits = [edit for edit in probe.edits if isinstance(edit, TextEdit)] if probe else []
    said = [edit.replacement.strip(" ,.;") for edit in edits]
    return [one for one in said if len(one) >= TELLING or (len(one) > 1 and any(sign.isdigit() for sign in one))]


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(text)}(?![\w%])")
