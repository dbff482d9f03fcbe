"""Write what stands after the sections: signatures, evidence, accounting of records and exclusions, the use of AI."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from drafting.documents import ooxml
from drafting.documents.body import Sheet, moment
from drafting.documents.evidence_list import EvidenceLine
from drafting.readmodel import ReportView, SectionView, SentenceView

DECISIONS = ("accepted", "edited", "rejected", "added")
BACK = (
    ("_Toc900001", "Signatures"),
    ("_Toc900002", "Appendix A  Evidence"),
    ("_Toc900003", "Appendix B  Records accounted for, and exclusions"),
    ("_Toc900004", "Appendix C  Use of AI"),
)


def signature_page(sheet: Sheet, report: ReportView) -> None:
    """Write every manifestation, with those that are no longer valid and why."""
    sheet.heading(BACK[0][1], BACK[0][0], new_page=True)
    if not report.signed:
        sheet.put(ooxml.paragraph("Banner", ooxml.run("NOT SIGNED: not every section carries a valid approval.")))
    rows: list[tuple[Any, ...]] = []
    for section in report.sections:
        name = f"{section.number} {section.title}"
        if not section.signatures:
            rows.append((name, "", "no signature", ""))
        for line in section.signatures:
            standing = "valid" if line.valid else f"NO LONGER VALID{': ' + line.since if line.since else ''}"
            rows.append((name, line.meaning, f"{line.manifestation} ({line.role}; {line.zone})", standing))
    sheet.put(ooxml.table(("Section", "Meaning", "Signature", "Standing"), rows, widths=(2700, 1238, 3800, 1900)))


def evidence_appendix(sheet: Sheet, evidence: Sequence[EvidenceLine]) -> None:
    """Write the numbered evidence, each number linked back to where the text first uses it."""
    sheet.heading(BACK[1][1], BACK[1][0], new_page=True)
    if not evidence:
        sheet.say("BodyText", "The text cites no evidence.")
        return
    rows = []
    for line in evidence:
        number = ooxml.paragraph("TableText")
        back = f"citation_{line.number}"
        shown = ooxml.run(str(line.number), "Citation")
        sheet.marks.around(number, f"evidence_{line.number}", ooxml.link(back, shown) if back in sheet.marks.used else shown)
        label = line.label + (" (synthetic)" if line.synthetic else "")
        rows.append((number, label, line.place, line.sha256))
    sheet.say("Note", "A number in the text leads here; a number here leads back to its first use.")
    sheet.put(
        ooxml.table(
            ("No.", "Evidence", "Where it stands", "Hash of the file"), rows, widths=(620, 3109, 3009, 2900), small=True
        )
    )


def exclusion_appendix(sheet: Sheet, report: ReportView, exclusions: Sequence[tuple[str, str, str]]) -> None:
    """Write what was in scope, what is in the report and what was left out, by whom and why."""
    sheet.heading(BACK[2][1], BACK[2][0])
    if report.ledger:
        heads = ("Records", "In scope", "Included", "Excluded", "Unaccounted")
        counted = [(line.kind, *map(str, line.counts().values())) for line in report.ledger]
        sheet.put(ooxml.table(heads, counted, widths=(3638, 1500, 1500, 1500, 1500)))
        sheet.say("Note", "In scope = included + excluded + unaccounted.")
        for line in report.ledger:
            if line.unaccounted:
                sheet.say("Note", f"Unaccounted, {line.kind}: {', '.join(line.unaccounted)}")
    if exclusions:
        sheet.put(ooxml.table(("Record", "Reason", "By"), exclusions, widths=(2600, 5438, 1600)))
    else:
        sheet.say("BodyText", "No record in scope was excluded.")


def ai_appendix(sheet: Sheet, report: ReportView, sections: Sequence[SectionView], ai_use: Sequence[str]) -> None:
    """Write which drafter proposed text and what people did with each proposal, by section."""
    sheet.heading(BACK[3][1], BACK[3][0])
    sheet.say("BodyText", f"Drafter: {report.drafter}. Configuration fingerprint: {report.fingerprint}.")
    for text in ai_use:
        sheet.say("BodyText", text)
    rows = []
    for section in sections:
        counted = Counter(map(decision_of, section.sentences))
        name = f"{section.summary.number} {section.summary.title}"
        drafted = section.origin.get("drafter", "")
        rows.append((name, drafted, *(str(counted[d]) for d in (*DECISIONS, ""))))
    heads = ("Section", "Drafted by", "Accepted", "Edited", "Rejected", "Added", "Undecided")
    sheet.put(ooxml.table(heads, rows, widths=(3038, 1500, 1020, 980, 1000, 900, 1200)))
    sheet.say("Note", f"Counts are sentences. Report started {moment(report.created_at)}.")


def decision_of(sentence: SentenceView) -> str:
    """Return what the author decided on a sentence ("" while undecided), also once a reviewer has spoken."""
    if sentence.state in DECISIONS:
        return sentence.state
    decided = sentence.author.decision if sentence.author else ""
    return {"accept": "accepted", "edit": "edited", "reject": "rejected", "add": "added"}.get(decided, decided)
