"""What the words say of the end of a record, held against it: that it was closed, in time or late, or that its cause was found. Pure.

"Not closed" may be said as of the end of the period under review; what is only wanted ("to be closed by its due date") is not said.
"""

import re
from collections.abc import Iterator

from drafting.checks.lexicon import GAP
from drafting.checks.named_records import Named
from drafting.checks.said_of import ADVERBS, ALSO_DONE, BE, DENIED, TIGHT, Said, said_at
from drafting.model import Evidence, EvidencePack

_CLOSED = r"(?P<said>(?:completed|closed|finished))\b"
_BY_THE_END = r"(?P<end>\s+(?:by|at|before) (?:then|(?:the )?end of (?:the|this) (?:review )?(?:period|year)))"
_IN_BRACKETS = re.compile(rf"\s*\(\s*(?:(?P<not>not)\s+(?:yet\s+)?)?{_CLOSED}{_BY_THE_END}?", re.IGNORECASE)
_TOOK = rf"\s+\w+\s+{GAP}+(?:,\s+due\s+{GAP}+)?,?\s+and\s+"  # "took 93 days and was not closed"
_WAS_CLOSED = re.compile(
    rf"(?:{TIGHT}|{_TOOK}){BE}{ADVERBS}{ALSO_DONE}{_CLOSED}(?:{_BY_THE_END}|(?P<when>\s+(?:until|before|by|within|in|on|at|after|when)\b))?",
    re.IGNORECASE,
)
_FOUND = r"(?:found|identified|confirmed|established|determined|assigned|proven|proved|demonstrated|known)"
_CAUSE = re.compile(
    rf"\b(?P<said>(?:assignable|root) cause\s+(?:was|is|has been|had been|being)\s+{_FOUND}|(?:after|with|on|by|due to|because of|for|found|identified|confirmed|established)\s+(?:an?|the|its)\s+(?:{_FOUND}\s+)?(?:assignable|root) cause)\b",
    re.IGNORECASE,
)
_NO_CAUSE = re.compile(
    r"\b(?:no|not|without|lack of|absence of|never|nor|neither)\s+(?:an?\s+|the\s+|any\s+)?$", re.IGNORECASE
)
_DUE = r"(?:its|the|their) (?:due date|deadline|target date)"
_IN_TIME = re.compile(
    rf"\b(?P<said>(?:before|by|within|ahead of|prior to) {_DUE}|(?:on|in) time\b|on schedule|in a timely manner)",
    re.IGNORECASE,
)
_LATE = re.compile(rf"\b(?P<said>(?:after|past|beyond) {_DUE}|overdue|(?:too )?late\b)", re.IGNORECASE)
_DONE = re.compile(r"\b(?:completed|closed|finished|done|implemented|finalis\w+|finaliz\w+)\b", re.IGNORECASE)
_WANTED = re.compile(r"\b(?:to be|fail\w*|miss\w*|will|should|must|shall|would|could)\b", re.IGNORECASE)


def in_brackets(named: Named, text: str, pack: EvidencePack) -> Iterator[Said]:
    """Yield what stands in brackets behind a record of its being closed: "CAPA-7 (not closed by the end of the period)"."""
    match = _IN_BRACKETS.match(text, named.end)
    if match and "closed_on" in named.record.fields and not _is_so(named.record, match, pack):
        yield said_at("closed_on", match, 0)


def _is_so(record: Evidence, match: re.Match[str], pack: EvidencePack) -> bool:
    """Tell whether a record was, or was not, closed as the words say; "not closed" may be said as of the period's end."""
    end, closed = pack.facts.get("report.period_to"), record.fields.get("closed_on") or ""
    denied, by_the_end = bool(match["not"]), bool(match["end"]) or bool(match["not"])
    in_time = not closed or end is None or not by_the_end or closed <= end.exact
    return (in_time and (closed != "" or "closed" in (record.fields.get("status") or ""))) is not denied


def completion(record: Evidence, window: str, offset: int, pack: EvidencePack) -> Iterator[Said]:
    """Yield what is said of when a record was completed, against the dates on which it was closed and due."""
    if "closed_on" not in record.fields:
        return
    closed, due = record.fields.get("closed_on"), record.fields.get("due_on")
    match = _WAS_CLOSED.match(window)
    if match and not (match["not"] and match["when"]) and not _is_so(record, match, pack):
        yield said_at("closed_on", match, offset)
    for pattern, in_time in ((_IN_TIME, True), (_LATE, False)):
        found = pattern.search(window)
        before = window[: found.start()] if found else ""
        spoken = _DONE.search(before) or (not in_time and re.match(rf"{TIGHT}{BE}", before, re.IGNORECASE))
        if (
            not found
            or not due
            or not spoken
            or re.search(r"effective|check", before, re.IGNORECASE)
            or _WANTED.search(before)
        ):
            continue
        claims_in_time = in_time is not bool(DENIED.search(before))
        was_in_time = bool(closed) and (closed or "") <= due
        if claims_in_time is not was_in_time and (closed or claims_in_time):
            yield said_at("closed_on", found, offset)


def cause_found(record: Evidence, window: str, offset: int) -> Iterator[Said]:
    """Yield that a cause was found where the record's cell of the cause is empty."""
    field = next((name for name in ("assignable_cause", "root_cause") if name in record.fields), "")
    if not field or record.fields.get(field):
        return
    for match in _CAUSE.finditer(window):
        if not _NO_CAUSE.search(window[: match.start()]):
            yield said_at(field, match, offset)
