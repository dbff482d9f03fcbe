"""What the words say a named record is, held against the record: its class, disposition, outcome and status; `completion` reads how it ended. Pure.

Only the writer's words are read, not what references print. They speak of the record named last before them in the clause, and not of one
that only stands behind a preposition ("the impact of DEV-1 was minor"), unless a relative clause goes on with it ("for batch 7, which was
released"). Where the record's own value stands beside another one, the words tell a history and are left alone. A record is looked up in the
evidence of the section, else in that of the whole report; what is stated where its cell is empty is contradicted by it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise

from drafting.checks.completion import cause_found, completion, in_brackets
from drafting.checks.findings import at
from drafting.checks.named_records import NOUN, PREPOSITION, Named, listed, named_in, widened, writers_words
from drafting.checks.qualified import is_denied
from drafting.checks.said_of import ADVERBS, ALSO_DONE, BE, DENIED, TIGHT, Said, said_at
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
_LOOSE = r"(?:(?!: |\b(?:and|but|while|whereas|so|with) (?:the|a|an|its|their|this|that|all|no)\b|\b(?:which|where) (?:the|a|an)\b|, (?:the|a|an|all|its) |\b_MANY\b).)*?".replace(
    "_MANY", _MANY
)
_RECORDED = r"(?:(?:recorded|classified|rated|considered|deemed|judged|marked|treated|closed|dispositioned|graded|categorised|categorized|assessed|entered|reported|stated|given|listed)\s+(?:as\s+|to be\s+)?)"
_NOT_AFTER = r"(?!\s+(?:until|before|by|within|in time|on time|at|when|on)\b)"
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


def check(sentence: Sentence, pack: EvidencePack, whole: EvidencePack | None = None) -> Iterator[Finding]:
    """Yield a finding for each word on a named record that the record contradicts; `whole` is the evidence of the report."""
    text, told = writers_words(sentence), set[int]()
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    wide = widened(pack, whole) if whole else pack
    each = named_in(sentence, text, cuts, wide)
    for named in each:
        yield from (_finding(sentence, named.record, said) for said in in_brackets(named, text, wide))
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


def _finding(sentence: Sentence, record: Evidence, said: Said) -> Finding:
    why = "which its record contradicts" if record.fields.get(said.field) else "and its record holds nothing here"
    words = sentence.text[said.start : said.end]
    message = f"'{words}' is said of {record.identifier}, {why}: {_recorded(record, said.field)}."
    evidence = f"cell:{record.kind}/{record.identifier}#{said.field}"
    return at("conclusions", message, sentence, said.start, said.end, evidence=evidence)


def _recorded(record: Evidence, field: str) -> str:
    """Return what a record says of a field, and of its due date beside the date of closing."""
    names = (field, "due_on") if field == "closed_on" and "due_on" in record.fields else (field,)
    return ", ".join(f"{label(name).lower()} '{record.fields.get(name) or '(empty)'}'" for name in names)


def _is_asked_or_past(clause: str, said: Said, text: str) -> bool:
    """Tell whether the words only ask for what is said, or tell how it once was."""
    before = clause[: len(clause) - (said.end - said.start)]
    asked = not DENIED.search(before[-60:]) and is_denied(text, said.start)
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
                    rf"{TIGHT}{BE}{ADVERBS}{_RECORDED}{recorded}(?:an?\s+)?(?P<said>{pattern})",
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


def _spoken(named: Named, text: str, start: int, end: int, every: list[Named], pack: EvidencePack) -> Iterator[Said]:
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
                yield said_at(field, own, named.end)
            continue
        if _states_own(record, field, window):
            continue
        found = [
            *_by_label(named, field, pattern, text[start : named.start], window),
            *_by_verb(named, field, pattern, window),
        ]
        for match in found:
            if _contradicts(record, field, match["said"], denied=bool(match.groupdict().get("not"))):
                yield said_at(field, match, named.end)
        yield from _ahead(record, field, pattern, text[start : named.start], start)
    if named.noun in (None, "", _LABEL_ONLY):
        yield from cause_found(record, text[named.end : _until(named, "", end, every)], named.end)
    if named.noun is None:
        yield from _flags(record, text[named.end : _until(named, "", end, every)], named.end)
        yield from completion(record, text[named.end : _until(named, "due_on", end, every)], named.end, pack)


def _ahead(record: Evidence, field: str, pattern: str, before: str, offset: int) -> Iterator[Said]:
    """Yield what stands before the record: "the released batch 7"."""
    match = re.search(rf"\b(?P<said>{pattern})\s+(?:{NOUN}(?:e?s)?\s+)$", before, re.IGNORECASE) if field in _PLAIN else None
    free = match and not DENIED.search(before[: match.start()][-12:])
    if match and free and _contradicts(record, field, match["said"], denied=False):
        yield said_at(field, match, offset)


def _in_order(named: Named, field: str, pattern: str, window: str) -> re.Match[str] | None:
    """Return the value that is told of a record in a list: "X and Y were rated major and minor, respectively"."""
    told = list(re.finditer(rf"\b(?P<said>{pattern})", window[: window.index("respectively")], re.IGNORECASE))
    return told[named.place] if len(told) == named.many and field in _PLAIN | {"status", "outcome"} else None


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
    denied = DENIED.search(window) is not None
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
            relative = (rf"\s*,?\s*(?:which|that)\s+{BE}{ADVERBS}{_RECORDED}?{said}", rf"\s*\({said}\)")
            yield from islice(filter(None, (re.match(form, window, re.IGNORECASE) for form in relative)), 1)
        return
    forms = [rf"{_LOOSE}{BE}{ADVERBS}{_RECORDED}{'?' if plain else ''}{said}(?!\s+{_MANY})"]
    forms += [rf"{TIGHT}:?\s*{_RECORDED}{said}"]
    if plain:
        forms += [rf"{TIGHT}(?:{BE}{ADVERBS})?(?:recorded as\s+)?(?:a|an|the)\s+{said}\s+{NOUN}\b", rf"\s*\({said}\)", rf"{TIGHT}(?:and\s+)?{said}\s*(?:on\b|[.,]|$)"]  # fmt: skip
    for form in forms:
        match = re.match(form, window, re.IGNORECASE)
        if match and not (
            match.groupdict().get("not") and re.match(r"\s+(?:until|before|by|in|on|within)\b", window[match.end() :])
        ):
            yield match
            return


def _flags(record: Evidence, window: str, offset: int) -> Iterator[Said]:
    """Yield a yes-or-no field that the words turn round, or that is empty: "was invalidated", "was not reworked"."""
    for field in sorted(_YES_OR_NO & record.fields.keys()):
        match = re.match(rf"{TIGHT}{BE}{ADVERBS}{ALSO_DONE}(?P<said>{field})(?!\w)", window, re.IGNORECASE)
        own = record.fields.get(field)
        empty = not own and not (match and match["not"])
        turned = own in ("yes", "no") and (own == "yes") is bool(match and match["not"])
        if match and (turned or (empty and _contradicts(record, field, match["said"], denied=False))):
            yield said_at(field, match, offset)
    outcome = record.fields.get("outcome") or ""
    match = re.match(rf"{TIGHT}{BE}{ADVERBS}(?P<said>confirmed|invalidated)(?!\w)", window, re.IGNORECASE)
    if match and record.kind == "oos" and outcome:
        other = {"confirmed": "invalidated", "invalidated": "confirmed"}[match["said"].lower()]
        if (match["said"].lower() if match["not"] else other) in outcome.lower().split(",")[0]:
            yield said_at("outcome", match, offset)
