"""What reviewers were asked before a draft showed, and what they stated: both stand in the trail and are read from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from audit import trail
from audit.actions import Action
from audit.chain import Entry
from drafting import lifecycle
from drafting.evidence_first.figures import Figure, Stated, Text, asked
from drafting.model import EvidencePack
from drafting.report_rows import ReportRow, SectionRow

KIND = "evidence_first"  # its object is the report, its field the section, its actor the reviewer
Key = tuple[str, str]  # ids of a section and an account


@dataclass(frozen=True)
class Asking:
    """One section that was drawn for one reviewer in one round; `stated_at` is "" until the figures are stated."""

    report: str
    section: str
    account: str
    round: int
    at: str
    proof: str
    seen_before: bool  # the draft was before this person's eyes earlier: the answers are no first ones
    left_out: bool = False
    stated_at: str = ""
    seq: int = 0  # of the entry of the answers
    stated: tuple[Stated, ...] = ()


def askings(conn: Connection, *, report: str = "", user: str = "") -> tuple[Asking, ...]:
    """Return every draw that asked or was left out, of a report, of a person (by user id) or of all, the oldest first."""
    found: dict[tuple[str, str, int], Asking] = {}
    for entry in trail.entries(conn, object_kind=KIND, object_id=report or None, user=user or None):
        new = _told(entry)
        key = (entry.field or "", entry.actor.id, int(new["round"]))
        if entry.action is Action.EVIDENCE_FIRST_STATED:
            stated = tuple(Stated.of(tree) for tree in new["figures"])
            found[key] = replace(found[key], stated_at=entry.at, seq=entry.seq, stated=stated)
        else:
            left_out = entry.action is Action.EVIDENCE_FIRST_LEFT_OUT
            found[key] = Asking(entry.object_id, *key, entry.at, new["proof"], new["seen_before"], left_out)
    return tuple(found.values())


def _told(entry: Entry) -> Mapping[str, Any]:
    return entry.new if isinstance(entry.new, dict) else {}


def standing(conn: Connection, report: str) -> dict[Key, Asking]:
    """Return the last asking of each section and person of a report; while switched off, or the report is excluded, those alone that were answered."""
    from drafting.overseeing.switches import Switch, excluded, is_on  # noqa: PLC0415 - the switches read accounts through the review

    last = {(one.section, one.account): one for one in askings(conn, report=report) if not one.left_out}
    if all(one.stated_at for one in last.values()) or (is_on(conn, Switch.EVIDENCE_FIRST) and not excluded(conn, report)):
        return last
    return {key: one for key, one in last.items() if one.stated_at}


def unstated(asking: Asking, report: ReportRow, pack: EvidencePack) -> tuple[Figure, ...]:
    """Return the figures that wait for a person's answer; none once they were stated, or the report is closed. Pure."""
    if asking.stated_at or lifecycle.report_state(report) in lifecycle.CLOSED:
        return ()
    return asked(said_here(report, asking.section), pack, asking.proof)


def said_here(report: ReportRow, section_id: str) -> list[Text]:
    """Return the sentences of a section with those references alone that no other section prints: what can be read there is not asked here. Pure."""
    others = [s for s in report.sections if s.id != section_id]
    elsewhere = {span.ref for other in others for _, _, spans in texts(other) for span in spans}
    here = texts(report.section(section_id))
    return [(id_, text, [span for span in spans if span.ref not in elsewhere]) for id_, text, spans in here]


def texts(section: SectionRow) -> list[Text]:
    """Return the sentences that a section says, as figures are looked for in them. Pure."""
    return [(row.id, row.sentence.text, row.sentence.spans) for row in lifecycle.current(section)]
