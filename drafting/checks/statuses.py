"""What the words say a named record is, held against the record: its class, disposition, outcome, status and completion in time. Pure.

Only the writer's words are read, not what references print. They speak of the record named last before them in the clause, and not of one
that only stands behind a preposition ("the impact of DEV-1 was minor"), unless a relative clause goes on with it ("for batch 7, which was
released"). Where the record's own value stands beside another one, the words tell a history and are left alone. A record is looked up in the
evidence of the section, else in that of the whole report; what is stated where its cell is empty is contradicted by it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from drafting.checks.findings import at
from drafting.checks.lexicon import GAP
from drafting.checks.named_records import NOUN, PREPOSITION, Named, listed, named_in, widened, writers_words
from drafting.checks.qualified import is_denied
from drafting.evidence.kinds import LISTINGS, label
from drafting.model import Evidence, EvidencePack, Finding, Sentence

_ALWAYS = ("disposition", "class", "status", "outcome", "decision", "cause_status")
_PLAIN = {"class", "disposition", "decision", "qualification_status"}  # what needs no "recorded as" to be said of a record
_USUAL = {  # values that the few records of a section may lack
    "class": ("critical", "major", "minor"), "disposition": ("released", "rejected", "pending", "terminated"),
    "outcome": ("confirmed", "invalidated"), "cause_status": ("confirmed", "most probable", "not determined", "under investigation"),
}  # fmt: skip
_LABELS = {
    "class": "class|classification|severity", "cause_status": "(?:root )?cause(?: status)?", "qualification_status": "qualification(?: status)?"
}  # fmt: skip
_YES_OR_NO = {"reworked", "reprocessed", "invalidated", "confirmed"}
_CLAUSE = re.compile(r";|\.\s")
_MANY = r"(?:batches|deviations|events|lots|recalls|complaints|results|samples|units|others?|remaining|rest)"
_TIGHT = rf"\s*(?:\([^)]*\))?,?(?:\s(?:for|of|in|on|concerning)(?:\s\w+)?\s{GAP}+)?\s*(?:,?\s*(?:which|that|it|and))?\s*"
_LOOSE = r"(?:(?!: |\b(?:and|but|while|whereas|so|with) (?:the|a|an|its|their|this|that|all|no)\b|\b(?:which|where) (?:the|a|an)\b|, (?:the|a|an|all|its) |\b_MANY\b).)*?".replace(
    "_MANY", _MANY
)
_BE = r"\b(?:was|is|were|are|has been|had been|remains?|remained|stands|being)\s+"
_ADVERBS = r"(?:(?P<not>not|never|neither)\s+)?(?:(?:both|all|each|therefore|still|also|finally|subsequently|then|already|again|duly|fully|successfully)\s+)*"
_RECORDED = r"(?:(?:recorded|classified|rated|considered|deemed|judged|marked|treated|closed|dispositioned|graded|categorised|categorized|assessed|entered|reported|stated|given|listed)\s+(?:as\s+|to be\s+)?)"
_NOT_AFTER = r"(?!\s+(?:until|before|by|within|in time|on time|at|when|on)\b)"
_AND = r"(?:\w+ed\s+and\s+)?"  # another thing that was done
_CLOSED = r"(?P<said>(?:completed|closed|finished))\b"
_BY_THE_END = r"(?P<end>\s+(?:by|at|before) (?:then|(?:the )?end of (?:the|this) (?:review )?(?:period|year)))"
_IN_BRACKETS = re.compile(rf"\s*\(\s*(?:(?P<not>not)\s+(?:yet\s+)?)?{_CLOSED}{_BY_THE_END}?", re.IGNORECASE)
_TOOK = rf"\s+\w+\s+{GAP}+(?:,\s+due\s+{GAP}+)?,?\s+and\s+"  # "took 93 days and was not closed"
_WAS_CLOSED = re.compile(
    rf"(?:{_TIGHT}|{_TOOK}){_BE}{_ADVERBS}{_AND}{_CLOSED}(?:{_BY_THE_END}|(?P<when>\s+(?:until|before|by|within|in|on|at|after|when)\b))?",
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
_NOT = re.compile(r"\b(?:not|never|no longer)\b|n't\b", re.IGNORECASE)
_HISTORY = re.compile(r"\b(?:initially|originally|first|previously|formerly|provisionally|preliminar\w+|proposed|expected|planned|until|re-?classified|upgraded|downgraded)\b", re.IGNORECASE)  # fmt: skip


_OTHER_THING = re.compile(r"reports?|records?|certificates?|results?|labels?|documents?|procedures?|versions?|part|rest|remainder|materials?", re.IGNORECASE)  # fmt: skip
_LABEL_ONLY = "?"  # a clause that names no record goes on with the first one, where it names the field


_THE = re.compile(
    r"^\s*(?:the|this|that|said)\s+(?:(?:affected|concerned|same)\s+)?(?P<noun>deviation|event|batch|lot|CAPA|action|complaint|OOS result|OOS|change|recall)\b(?!\s*§)",
    re.IGNORECASE,
)
_KINDS = {
    "deviation": ("deviation",), "event": ("deviation",), "batch": ("batch_disposition",), "lot": ("material_lot",), "capa": ("capa",), "action": ("capa",),
    "complaint": ("complaint",), "oos": ("oos",), "oos result": ("oos",), "change": ("change_control",), "recall": ("recall",),
}  # fmt: skip


class _Said(NamedTuple):
    """What the words say of a field, and its place."""

    field: str
    value: str
    start: int
    end: int


def check(sentence: Sentence, pack: EvidencePack, whole: EvidencePack | None = None) -> Iterator[Finding]:
    """Yield a finding for each word on a named record that the record contradicts; `whole` is the evidence of the report."""
    text, told = writers_words(sentence), set[int]()
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    wide = widened(pack, whole) if whole else pack
    each = named_in(sentence, text, cuts, wide)
    for named in each:
        yield from (_finding(sentence, named.record, said) for said in _in_brackets(named, text, wide))
    every = listed(each, text)
    if not every:
        alone, unsaid = _unnamed(sentence, text, pack)
        every = alone
        yield from unsaid
    for start, end in pairwise(cuts):
        here = [n for n in every if start <= n.start < end] or [
            Named(n.record, start, start, _LABEL_ONLY) for n in every[:1]
        ]
        for named in here:
            for said in _spoken(named, text, start, end, every, wide):
                if said.start in told or _is_asked_or_past(text[start : said.end], said, text):
                    continue
                told.add(said.start)
                yield _finding(sentence, named.record, said)


def _finding(sentence: Sentence, record: Evidence, said: _Said) -> Finding:
    why = "which its record contradicts" if record.fields.get(said.field) else "and its record holds nothing here"
    words = sentence.text[said.start : said.end]
    message = f"'{words}' is said of {record.identifier}, {why}: {_recorded(record, said.field)}."
    evidence = f"cell:{record.kind}/{record.identifier}#{said.field}"
    return at("conclusions", message, sentence, said.start, said.end, evidence=evidence)


def _recorded(record: Evidence, field: str) -> str:
    """Return what a record says of a field, and of its due date beside the date of closing."""
    names = (field, "due_on") if field == "closed_on" and "due_on" in record.fields else (field,)
    return ", ".join(f"{label(name).lower()} '{record.fields.get(name) or '(empty)'}'" for name in names)


def _is_asked_or_past(clause: str, said: _Said, text: str) -> bool:
    """Tell whether the words only ask for what is said, or tell how it once was."""
    before = clause[: len(clause) - (said.end - said.start)]
    asked = not _NOT.search(before[-60:]) and is_denied(text, said.start)
    return asked or _HISTORY.search(before[-60:]) is not None


def _unnamed(sentence: Sentence, text: str, pack: EvidencePack) -> tuple[list[Named], list[Finding]]:
    """Return the one record of the evidence that "the deviation" can only be, or a finding where the words leave open which is meant."""
    match = _THE.match(text)
    kinds = _KINDS.get((match["noun"] or "").lower(), ()) if match else ()
    if not match or not kinds:
        return [], []
    able = [record for record in pack.records.values() if record.kind in kinds]
    if len(able) == 1:
        return [Named(able[0], match.start("noun"), match.end("noun"), None)], []
    for kind in kinds:
        for field in sorted({f for r in able if r.kind == kind for f in categorical(r)}):
            pattern = values(pack, kind, field)
            recorded = "?" if field in _PLAIN else ""
            said = (
                re.match(
                    rf"{_TIGHT}{_BE}{_ADVERBS}{_RECORDED}{recorded}(?:an?\s+)?(?P<said>{pattern})",
                    text[match.end() :],
                    re.IGNORECASE,
                )
                if pattern
                else None
            )
            if said:
                start, end = match.end() + said.start("said"), match.end() + said.end("said")
                message = (
                    f"'{sentence.text[start:end]}' is said of a {match['noun']} that is not named: refer to its record."
                )
                return [], [at("conclusions", message, sentence, match.start("noun"), end)]
    return [], []


def _spoken(named: Named, text: str, start: int, end: int, every: list[Named], pack: EvidencePack) -> Iterator[_Said]:
    """Yield what the clause says of a record and the record contradicts."""
    record = named.record
    for field in categorical(record):
        pattern = values(pack, record.kind, field)
        if pattern is None:
            continue
        window = text[named.end : _until(named, field, end, every)]
        if named.many > 1 and "respectively" in window:
            own = _in_order(named, field, pattern, window)
            if own is not None and _contradicts(record, field, own["said"], denied=False):
                yield _said(field, own, named.end)
            continue
        if _states_own(record, field, window):
            continue
        found = [
            *_by_label(named, field, pattern, text[start : named.start], window),
            *_by_verb(named, field, pattern, window),
        ]
        for match in found:
            if _contradicts(record, field, match["said"], denied=bool(match.groupdict().get("not"))):
                yield _said(field, match, named.end)
        yield from _ahead(record, field, pattern, text[start : named.start], start)
    if named.noun in (None, "", _LABEL_ONLY):
        yield from _cause_found(record, text[named.end : _until(named, "", end, every)], named.end)
    if named.noun is None:
        yield from _flags(record, text[named.end : _until(named, "", end, every)], named.end)
        yield from _completion(record, text[named.end : _until(named, "due_on", end, every)], named.end, pack)


def _ahead(record: Evidence, field: str, pattern: str, before: str, offset: int) -> Iterator[_Said]:
    """Yield what stands before the record: "the released batch 7"."""
    match = re.search(rf"\b(?P<said>{pattern})\s+(?:{NOUN}(?:e?s)?\s+)$", before, re.IGNORECASE) if field in _PLAIN else None
    free = match and not _NOT.search(before[: match.start()][-12:])
    if match and free and _contradicts(record, field, match["said"], denied=False):
        yield _said(field, match, offset)


def _in_order(named: Named, field: str, pattern: str, window: str) -> re.Match[str] | None:
    """Return the value that is told of a record in a list: "X and Y were rated major and minor, respectively"."""
    told = list(re.finditer(rf"\b(?P<said>{pattern})", window[: window.index("respectively")], re.IGNORECASE))
    return told[named.place] if len(told) == named.many and field in _PLAIN | {"status", "outcome"} else None


def _said(field: str, match: re.Match[str], offset: int) -> _Said:
    return _Said(field, match["said"], offset + match.start("said"), offset + match.end("said"))


def categorical(record: Evidence) -> tuple[str, ...]:
    """Return the fields of a record that hold one of a few values."""
    counted = LISTINGS[record.kind].counted if record.kind in LISTINGS else ()
    return tuple(
        f for f in dict.fromkeys((*_ALWAYS, *counted)) if f in record.fields and record.fields[f] not in ("yes", "no")
    )


@lru_cache(maxsize=512)
def values(pack: EvidencePack, kind: str, field: str) -> str | None:
    """Return the pattern of the values that a field has over the records of its kind, the longest first; None where it has none."""
    of_kind = {v for r in pack.records.values() if r.kind == kind and (v := r.fields.get(field))}
    known_values = of_kind | (set(_USUAL.get(field, ())) if kind in LISTINGS else set())
    if field == "outcome":
        known_values |= {part.strip() for v in of_kind for part in v.split(",")}
    words = sorted((v for v in known_values if re.search(r"[^\W\d]{3}", v)), key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, words)) + r")(?!\w)" if words else None


def _until(named: Named, field: str, end: int, every: list[Named]) -> int:
    """Return where the words begin to speak of another record with the field."""
    others = (
        n.start
        for n in every
        if n.start >= named.end
        and n.noun is None
        and n.record is not named.record
        and (not field or field in n.record.fields)
    )
    return min([end, *others])


def _states_own(record: Evidence, field: str, window: str) -> bool:
    own = record.fields.get(field) or ""
    denied = _NOT.search(window) is not None
    return own != "" and not denied and re.search(rf"\b{re.escape(own)}(?!\w)", window, re.IGNORECASE) is not None


def _contradicts(record: Evidence, field: str, said: str, *, denied: bool) -> bool:
    """Tell whether a value is none of the record's, or the record's own value is denied."""
    if denied:
        return field in _PLAIN and (record.fields.get(field) or "").lower() == said.lower()
    return not any(
        re.search(rf"\b{re.escape(said)}(?!\w)", record.fields.get(name) or "", re.IGNORECASE)
        for name in categorical(record)
    )


def _by_label(named: Named, field: str, pattern: str, before: str, window: str) -> Iterator[re.Match[str]]:
    """Yield what stands behind the name of the field: "outcome as recorded: confirmed"."""
    words = _LABELS.get(field, re.escape(label(field).lower()))
    link = rf"(?:\s+as recorded)?\s*(?::|(?:is|was)\b)?\s*(?:(?P<not>not)\s+)?(?:recorded\s+as|stated\s+as|given\s+as)?:?\s*(?:an?\s+)?(?P<said>{pattern})"
    if named.noun not in (None, _LABEL_ONLY):
        if re.search(rf"\b(?:{words})\s+{PREPOSITION}\s[^,;]*$", before, re.IGNORECASE):
            yield from filter(None, [re.match(link, window, re.IGNORECASE)])
        return
    yield from filter(None, [re.search(rf"\b(?:{words}){link}", window, re.IGNORECASE)])


def _by_verb(named: Named, field: str, pattern: str, window: str) -> Iterator[re.Match[str]]:
    """Yield what a verb says of the record: "was recorded as minor", "was released", "is a minor deviation", "(minor)"."""
    plain = field in _PLAIN
    said = rf"(?P<said>{pattern}){_NOT_AFTER if field == 'status' else ''}"
    if named.noun is not None:
        if field == "disposition" and named.noun != _LABEL_ONLY and not _OTHER_THING.fullmatch(named.noun):
            relative = (rf"\s*,?\s*(?:which|that)\s+{_BE}{_ADVERBS}{_RECORDED}?{said}", rf"\s*\({said}\)")
            yield from islice(filter(None, (re.match(form, window, re.IGNORECASE) for form in relative)), 1)
        return
    forms = [rf"{_LOOSE}{_BE}{_ADVERBS}{_RECORDED}{'?' if plain else ''}{said}(?!\s+{_MANY})"]
    forms += [rf"{_TIGHT}:?\s*{_RECORDED}{said}"]
    if plain:
        forms += [rf"{_TIGHT}(?:{_BE}{_ADVERBS})?(?:recorded as\s+)?(?:a|an|the)\s+{said}\s+{NOUN}\b", rf"\s*\({said}\)", rf"{_TIGHT}(?:and\s+)?{said}\s*(?:on\b|[.,]|$)"]  # fmt: skip
    for form in forms:
        match = re.match(form, window, re.IGNORECASE)
        if match and not (
            match.groupdict().get("not") and re.match(r"\s+(?:until|before|by|in|on|within)\b", window[match.end() :])
        ):
            yield match
            return


def _flags(record: Evidence, window: str, offset: int) -> Iterator[_Said]:
    """Yield a yes-or-no field that the words turn round, or that is empty: "was invalidated", "was not reworked"."""
    for field in sorted(_YES_OR_NO & record.fields.keys()):
        match = re.match(rf"{_TIGHT}{_BE}{_ADVERBS}{_AND}(?P<said>{field})(?!\w)", window, re.IGNORECASE)
        own = record.fields.get(field)
        empty = not own and not (match and match["not"])
        turned = own in ("yes", "no") and (own == "yes") is bool(match and match["not"])
        if match and (turned or (empty and _contradicts(record, field, match["said"], denied=False))):
            yield _said(field, match, offset)
    outcome = record.fields.get("outcome") or ""
    match = re.match(rf"{_TIGHT}{_BE}{_ADVERBS}(?P<said>confirmed|invalidated)(?!\w)", window, re.IGNORECASE)
    if match and record.kind == "oos" and outcome:
        other = {"confirmed": "invalidated", "invalidated": "confirmed"}[match["said"].lower()]
        if (match["said"].lower() if match["not"] else other) in outcome.lower().split(",")[0]:
            yield _said("outcome", match, offset)


def _in_brackets(named: Named, text: str, pack: EvidencePack) -> Iterator[_Said]:
    """Yield what stands in brackets behind a record of its being closed: "CAPA-7 (not closed by the end of the period)"."""
    match = _IN_BRACKETS.match(text, named.end)
    if match and "closed_on" in named.record.fields and not _is_so(named.record, match, pack):
        yield _said("closed_on", match, 0)


def _is_so(record: Evidence, match: re.Match[str], pack: EvidencePack) -> bool:
    """Tell whether a record was, or was not, closed as the words say; "not closed" may be said as of the period's end."""
    end, closed = pack.facts.get("report.period_to"), record.fields.get("closed_on") or ""
    denied, by_the_end = bool(match["not"]), bool(match["end"]) or bool(match["not"])
    in_time = not closed or end is None or not by_the_end or closed <= end.exact
    return (in_time and (closed != "" or "closed" in (record.fields.get("status") or ""))) is not denied


def _completion(record: Evidence, window: str, offset: int, pack: EvidencePack) -> Iterator[_Said]:
    """Yield what is said of when a record was completed, against the dates on which it was closed and due."""
    if "closed_on" not in record.fields:
        return
    closed, due = record.fields.get("closed_on"), record.fields.get("due_on")
    match = _WAS_CLOSED.match(window)
    if match and not (match["not"] and match["when"]) and not _is_so(record, match, pack):
        yield _said("closed_on", match, offset)
    for pattern, in_time in ((_IN_TIME, True), (_LATE, False)):
        found = pattern.search(window)
        before = window[: found.start()] if found else ""
        spoken = _DONE.search(before) or (not in_time and re.match(rf"{_TIGHT}{_BE}", before, re.IGNORECASE))
        if (
            not found
            or not due
            or not spoken
            or re.search(r"effective|check", before, re.IGNORECASE)
            or _WANTED.search(before)
        ):
            continue
        claims_in_time = in_time is not bool(_NOT.search(before))
        was_in_time = bool(closed) and (closed or "") <= due
        if claims_in_time is not was_in_time and (closed or claims_in_time):
            yield _said("closed_on", found, offset)


def _cause_found(record: Evidence, window: str, offset: int) -> Iterator[_Said]:
    """Yield that a cause was found where the record's cell of the cause is empty."""
    field = next((name for name in ("assignable_cause", "root_cause") if name in record.fields), "")
    if not field or record.fields.get(field):
        return
    for match in _CAUSE.finditer(window):
        if not _NO_CAUSE.search(window[: match.start()]):
            yield _said(field, match, offset)
