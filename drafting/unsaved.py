"""What would be said of a section if the text that a person is typing were saved: every check, before anything is written.

The sentence is put where it would stand, and the section is checked as it is at every other time; of the section as a whole only what it
does not have already is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from drafting import lifecycle
from drafting.beside import said
from drafting.checks import alignment
from drafting.checks.reuse import Before
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.model import Finding, Origin, Sentence
from drafting.overseeing.switches import Switch, is_on
from drafting.queries import findings_of, load
from drafting.readmodel import Said
from drafting.report_rows import SectionRow, SentenceRow, VersionRow
from drafting.resolution import Resolution, Standing, resolutions
from drafting.store import report_of_section

NEW = "unsaved"  # the id of a sentence that is not there yet


@dataclass(frozen=True)
class Checked:
    """What a typed text comes to: its quantities, and what the checks find on the sentence and, anew, on its section."""

    quantities: tuple[Resolution, ...]
    findings: tuple[Finding, ...] = ()  # what its quantities do not say already
    section: tuple[Finding, ...] = ()
    said: tuple[Said, ...] = ()  # by the evidence that the findings name


def is_checked(ctx: Context, capacity: str) -> bool:
    """Tell whether a text is checked while it is typed: that of a reviewer is not, as long as their sections may hold oversight checks.

    The checks hold what is typed against the evidence: words left as they stand in the picture would tell whether they are planted.
    """
    with ctx.database.read() as conn:
        return capacity != Capacity.REVIEWER or not is_on(conn, Switch.LIVE)


def check_unsaved(
    ctx: Context, *, section_id: str, sentence_id: str, text: str, picks: Mapping[str, str], after: str = ""
) -> Checked:
    """Check a text as the present words of a sentence, or as a new one after another where `sentence_id` is ""; nothing is written."""
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_of_section(conn, section_id), only=section_id)
    section, pack = loaded.report.section(section_id), loaded.packs[section_id]
    row = next((s for s in section.sentences if s.id == sentence_id), None)
    before = row.sentence if row else Sentence("")
    words = text.strip()
    found = resolutions(before, words, pack, picks=picks, drafted=_drafted(row))
    typed = alignment.tied(before, words, pack, picks=picks)
    if not words or (typed.text, typed.spans) == (before.text, before.spans):
        return Checked(found)
    target = _with(row, typed)
    listed = _in_place(section, target, after)
    reused = _with_text(loaded.before, before.text, typed.text)
    would = findings_of(section, pack, loaded.outline_of(section), loaded.report, reused, rows=listed, whole=loaded.whole)
    on_it = tuple(f for f in would if f.sentence == target.id and not _is_said(f, found))
    whole = _new(would, loaded.findings[section_id])
    return Checked(found, on_it, whole, said((*on_it, *whole), *loaded.evidence(section)))


def check_fields(ctx: Context, *, section_id: str, values: Mapping[str, str]) -> Checked:
    """Check what is typed into the fields that only a person fills; only what the section does not have already is told."""
    with ctx.database.read() as conn:
        loaded = load(conn, ctx, report_of_section(conn, section_id), only=section_id)
    section = loaded.report.section(section_id)
    before = loaded.before
    filled = {field.key: field.value for field in section.fields}
    for key, value in values.items():
        before = _with_text(before, filled.get(key, ""), value)
    would = findings_of(
        section, loaded.packs[section_id], loaded.outline_of(section), loaded.report, before, fields=values
    )  # fmt: skip
    whole = _new(would, loaded.findings[section_id])
    return Checked((), (), whole, said(whole, *loaded.evidence(section)))


def _new(would: Sequence[Finding], has: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings on a section as a whole that it does not have as it stands."""
    known = {_what(f) for f in has}
    return tuple(f for f in would if not f.sentence and _what(f) not in known)


def _drafted(row: SentenceRow | None) -> Sentence | None:
    return (row.drafted or row.versions[0]).sentence if row else None


def _with(row: SentenceRow | None, typed: Sentence) -> SentenceRow:
    """Return a sentence with one version more."""
    number = row.version + 1 if row else 1
    made = VersionRow(number, typed, "", NEW, "")
    return replace(row, versions=(*row.versions, made)) if row else SentenceRow(NEW, 0, str(Origin.PERSON), (made,))


def _in_place(section: SectionRow, target: SentenceRow, after: str) -> Sequence[SentenceRow]:
    """Return the sentences that the section would say: one that was rejected is said again once it is edited."""
    says = {s.id for s in lifecycle.current(section)} | {target.id}
    found = [target if s.id == target.id else s for s in section.sentences if s.id in says]
    if target.id != NEW:
        return found
    at = next((number for number, s in enumerate(found, start=1) if s.id == after), len(found) if after else 0)
    return [*found[:at], target, *found[at:]]


def _with_text(before: Before | None, old: str, new: str) -> Before | None:
    if before is None:
        return None
    text = before.text.replace(old, new, 1) if old and old in before.text else f"{before.text}\n{new}"
    return replace(before, text=text)


def _is_said(finding: Finding, quantities: Sequence[Resolution]) -> bool:
    """Tell whether a finding says no more than that a quantity is not tied, or what the evidence says in its place."""
    return any(
        (q.start, q.end) == (finding.start, finding.end)
        and q.standing is not Standing.RESOLVED
        and finding.evidence in ("", q.source.ref if q.source else "")
        and finding.rule in ("numbers", "identifiers", "dates")
        for q in quantities
    )


def _what(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.message, finding.evidence
