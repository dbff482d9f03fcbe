"""Write what speaks of the report as a whole: scorecard, signatures, use of AI, evidence, records accounted for and exclusions."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from drafting.documents import ooxml
from drafting.documents.body import Sheet, moment
from drafting.documents.evidence_list import EvidenceLine
from drafting.evidence.kinds import kind_title
from drafting.readmodel import ReportView, SectionSummary, SectionView, SentenceView, SignatureLine

DECISIONS = ("accepted", "edited", "rejected", "added")
EVIDENCE = ("_Toc900001", "Appendix A  Evidence")
RECORDS = ("_Toc900002", "Appendix B  Records accounted for, and exclusions")
CLAUSES = ("_Toc900005", "Appendix C  Sections and the clauses that they carry")
SIGNATURES = ("_Toc900003", "Signatures")
AI = ("_Toc900004", "AI-use statement")
MEANINGS = ("authorship", "review", "approval")
FILE_WIDTHS = (500, 2388, 1000, 5750)
LINE_WIDTHS = (450, 2040, 1400, 5748)
CLAUSE_WIDTHS = (2500, 2388, 3550, 1200)
SEEN = (
    "What a clause asks is told in our words and is no text of a rule. Seen: primary, its own wording was read; secondary, a text that cites it "
    "by number was read; unconfirmed, its number is held against the rule before anyone relies on it."
)
NOTE_WIDTHS = (500, 2388, 6750)
MOST_FILES, MOST_NOTES, LONGEST_NOTE = 50, 5, 200  # of what readers noted


def scorecard(sheet: Sheet, report: ReportView) -> None:
    """Write the report's figures as one line of a table."""
    if report.scorecard and not report.subject:  # of a deviation it would say nothing
        sheet.say("Caption", "Scorecard")
        sheet.rows(tuple(report.scorecard), [tuple(report.scorecard.values())])
        sheet.say("Note", "")


def signatures(sheet: Sheet, report: ReportView) -> None:
    """Write every manifestation, those no longer valid with the reason, and which sections lack which signature."""
    if not report.signed:
        sheet.put(ooxml.paragraph("Banner", ooxml.run("NOT SIGNED: not every section carries a valid approval.")))
    acts: dict[str, list[tuple[str, SignatureLine]]] = {}
    for section in report.sections:
        for line in section.signatures:
            acts.setdefault(line.id, []).append((section.number, line))
    if not acts:
        sheet.say("BodyText", "Nobody has signed a section of this report.")
        return
    rows = [_act(signed) for signed in sorted(acts.values(), key=lambda signed: (signed[0][1].at, signed[0][1].id))]
    heads = ("Signed by", "Meaning", "Role", "Signed at", "Sections", "Standing")
    sheet.put(ooxml.table(heads, rows, widths=(2100, 1250, 1250, 1700, 1538, 1800)))
    sheet.say(
        "Note",
        "A row is one act of signing; it covers the sections it names, each shown to the signer and held in what was signed.",
    )
    lacking = [(meaning, [s.number for s in report.sections if not _carries(s, meaning)]) for meaning in MEANINGS]
    for meaning, numbers in lacking:
        if numbers:
            which = "every section" if len(numbers) == len(report.sections) else f"section {', '.join(numbers)}"
            sheet.say("BodyText", f"Without a valid {meaning} signature: {which}.")


def _act(signed: Sequence[tuple[str, SignatureLine]]) -> tuple[str, ...]:
    """Return one act of signing as a row; where its sections no longer stand alike, each standing names its sections."""
    line = signed[0][1]
    standing: dict[str, list[str]] = {}
    for number, one in signed:
        told = "valid" if one.valid else f"NO LONGER VALID{': ' + one.since if one.since else ''}"
        standing.setdefault(told, []).append(number)
    alike = len(standing) == 1
    return (
        f"{line.printed_name} ({line.user_id})",
        line.meaning,
        line.role.replace("_", " "),
        f"{moment(line.at)} (site zone {line.zone})",
        ", ".join(number for number, _ in signed),
        "; ".join(told if alike else f"{', '.join(numbers)}: {told}" for told, numbers in standing.items()),
    )


def _carries(section: SectionSummary, meaning: str) -> bool:
    return any(line.valid and line.meaning == meaning for line in section.signatures)


def ai_use(sheet: Sheet, report: ReportView, sections: Sequence[SectionView], said: Sequence[str]) -> None:
    """Write which drafter proposed text and what people did with each proposal, by section."""
    sheet.say("BodyText", f"Drafter: {report.drafter}. Configuration fingerprint: {report.fingerprint}.")
    for text in said:
        sheet.say("BodyText", text)
    rows = []
    total: Counter[str] = Counter()
    for section in sections:
        counted = Counter(map(decision_of, section.sentences))
        if counted:
            name = f"{section.summary.number} {section.summary.title}"
            rows.append((name, section.origin.get("drafter", "") or "-", *(str(counted[d]) for d in (*DECISIONS, ""))))
            total += counted
    if not rows:
        sheet.say("BodyText", "No section of this report holds a sentence that a machine proposed.")
        return
    rows.append(("All sections", "", *(str(total[d]) for d in (*DECISIONS, ""))))
    sheet.rows(("Section", "Drafted by", "Accepted", "Edited", "Rejected", "Added", "Undecided"), rows)
    unlisted = len(sections) + 1 - len(rows)
    rest = f" {unlisted} sections hold no sentence and are not listed." if unlisted else ""
    sheet.say("Note", f"Counts are sentences.{rest} Report started {moment(report.created_at)}.")


def evidence_appendix(sheet: Sheet) -> None:
    """Write the numbered evidence and the files it stands in, each number linked back to where it is first used."""
    sheet.heading(EVIDENCE[1], EVIDENCE[0], new_page=True)
    if not sheet.evidence.lines and not sheet.evidence.files:
        sheet.say("BodyText", "The text cites no evidence.")
        return
    sheet.say(
        "Note",
        "A number in the text leads here, and a number here leads back to its first use. F7:19 is row 19 of file F7; the files follow.",
    )
    selections = list(dict.fromkeys(line.place.selection for line in sheet.evidence.lines if line.place.selection))
    common = selections[0] if len(selections) == 1 else ""
    if common:
        sheet.say("Note", f"Figures of a column are computed from the values of {common}; the hash is over these values.")
    if sheet.evidence.methods:
        sheet.say("Note", f"How figures are computed: {'; '.join(sheet.evidence.methods)}.")
    rows = [_evidence_row(sheet, line, common) for line in sheet.evidence.lines]
    if rows:
        heads = ("No.", "Evidence", "Taken from it", "Where it stands")
        sheet.put(ooxml.table(heads, rows, widths=LINE_WIDTHS, small=True))
    _files(sheet)


def _evidence_row(sheet: Sheet, line: EvidenceLine, common: str) -> tuple[Any, ...]:
    place = line.place
    number = ooxml.paragraph("TableSmall")
    back = f"citation_{line.number}"
    shown = ooxml.run(str(line.number), "Citation")
    sheet.marks.around(number, f"evidence_{line.number}", ooxml.link(back, shown) if back in sheet.marks.used else shown)
    where = ooxml.paragraph("TableSmall")
    file = sheet.evidence.file(place)
    if file:
        locator = f"{file.label}:{place.row}" if place.row is not None else file.label
        link = ooxml.link(f"file_{file.number}", ooxml.run(locator, "Citation"))
        sheet.marks.around(where, f"file_use_{file.number}", link)
        where.append(ooxml.run("  "))
    told = [*line.wheres, *([place.selection] if place.selection != common else [])]
    where.append(ooxml.run("; ".join(filter(None, told)) + (f"; {place.inputs}" if place.inputs else "")))
    return number, place.title + (" (synthetic)" if place.synthetic else ""), ", ".join(line.parts), where


def _files(sheet: Sheet) -> None:
    if not sheet.evidence.files:
        return
    sheet.say("Caption", "Files that the evidence and the rows of tables stand in")
    rows: list[tuple[Any, ...]] = []
    for file in sheet.evidence.files:
        number = ooxml.paragraph("TableSmall")
        back = f"file_use_{file.number}"
        shown = ooxml.run(file.label, "Citation")
        link = ooxml.link(back, shown) if back in sheet.marks.used else shown
        sheet.marks.around(number, f"file_{file.number}", link)
        rows.append((number, file.name, "synthetic" if file.synthetic else "real data", file.sha256))
    heads = ("File", "Name", "Origin", "SHA-256 of its bytes")
    sheet.put(ooxml.table(heads, rows, widths=FILE_WIDTHS, small=True))
    sheet.say("Note", f"{len(rows)} files.")
    _notes(sheet)


def _notes(sheet: Sheet) -> None:
    """Write what readers told of the files beside their text: hidden rows, comments, deleted words, what was not read."""
    told = [file for file in sheet.evidence.files if file.notes]
    if not told:
        return
    sheet.say("Caption", "What else stands in these files, and what was not read of them")
    rows: list[tuple[Any, ...]] = []
    for file in told[:MOST_FILES]:
        number = ooxml.paragraph("TableSmall")
        number.append(ooxml.link(f"file_{file.number}", ooxml.run(file.label, "Citation")))
        shown = [note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…" for note in file.notes[:MOST_NOTES]]
        more = len(file.notes) - len(shown)
        rows.append(
            (number, file.name, "; ".join([*shown, *([f"and {more} more, which the source shows"] if more else [])]))
        )
    sheet.put(ooxml.table(("File", "Name", "Its reader noted"), rows, widths=NOTE_WIDTHS, small=True))
    if len(told) > MOST_FILES:
        sheet.say("Note", f"The first {MOST_FILES} of {len(told)} files with notes.")


def records_appendix(sheet: Sheet, report: ReportView, exclusions: Sequence[tuple[str, str, str]]) -> None:
    """Write what was in scope, what is in the report and what was left out, by whom and why."""
    sheet.heading(RECORDS[1], RECORDS[0])
    if report.ledger:
        heads = ("Records", "In scope", "Included", "Excluded", "Unaccounted")
        counted = [(kind_title(line.kind), *map(str, line.counts().values())) for line in report.ledger]
        sheet.rows(heads, counted)
        sheet.say(
            "Note",
            "In scope = included + excluded + unaccounted. Each count is complete relative to what the source stated of its extract:",
        )
        for said, kinds in _grouped(report).items():
            sheet.say("Note", f"{', '.join(kinds)}: {said}")
        for line in report.ledger:
            if line.unaccounted:
                sheet.say("BodyText", f"Unaccounted, {kind_title(line.kind)}: {', '.join(line.unaccounted)}.")
    if exclusions:
        sheet.say("Caption", "Excluded records")
        sheet.put(ooxml.table(("Record", "Reason", "By"), exclusions, widths=(2600, 5438, 1600)))
    else:
        sheet.say("BodyText", "No record in scope was excluded.")
    sheet.say(
        "Note",
        "A cell refused at import is no record: the sections on attributes say how many batches are without a result.",
    )


def clauses_appendix(sheet: Sheet, report: ReportView) -> None:
    """Write which clause of the rules each section carries, what it asks in our words, and whether its number was confirmed."""
    sheet.heading(CLAUSES[1], CLAUSES[0], new_page=True)
    rows = [
        (f"{s.number} {s.title}", clause.cites, clause.asks, clause.seen) for s in report.sections for clause in s.clauses
    ]
    without = [f"{s.number} {s.title}" for s in report.sections if not s.clauses]
    sheet.put(ooxml.table(("Section", "Clause", "What it asks", "Seen"), rows, widths=CLAUSE_WIDTHS, small=True))
    sheet.say("Note", SEEN)
    if without:
        sheet.say("Note", f"Carry no clause of these rules, and are written as good practice: {', '.join(without)}.")


def _grouped(report: ReportView) -> dict[str, list[str]]:
    """Return the statements of completeness, each with the kinds of which it is said."""
    found: dict[str, list[str]] = {}
    for kind, said in report.relative_to.items():
        found.setdefault(said, []).append(kind_title(kind))
    return found


def decision_of(sentence: SentenceView) -> str:
    """Return what the author decided on a sentence ("" while undecided), also once a reviewer has spoken."""
    if sentence.state in DECISIONS:
        return sentence.state
    decided = sentence.author.decision if sentence.author else ""
    return {"accept": "accepted", "edit": "edited", "reject": "rejected", "add": "added"}.get(decided, decided)
