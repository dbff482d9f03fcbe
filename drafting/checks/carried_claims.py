"""Statements that are carried from one review to the next, and the records that contradict them. Data with small predicates; English.

They are held against the evidence of the whole report, and only where a sentence stands as the previous report had it: what a person writes anew
is judged by `conclusions`.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from drafting.checks.meant import attributes_named
from drafting.checks.reuse import fact_of
from drafting.model import Evidence, EvidencePack

Against = Callable[[EvidencePack, re.Match[str], str], Iterator[tuple[str, str]]]  # what contradicts, and its reference
CLOSED = re.compile(r"\b(?:done|closed|completed?|implemented|fulfilled|met|verified|cancelled)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b|\bin progress\b|\boverdue\b|\bopen\b", re.IGNORECASE)


class Carried(NamedTuple):
    """A statement: its phrasings, and what of the evidence contradicts it."""

    says: re.Pattern[str]
    against: Against


def is_closed(status: str) -> bool:
    """Tell whether a status says that nothing is left to do."""
    return CLOSED.search(status) is not None and not _NOT.search(status)


def _of(pack: EvidencePack, *kinds: str) -> Iterator[Evidence]:
    return (record for record in pack.records.values() if record.kind in kinds)


def _value(record: Evidence, name: str) -> str:
    return (record.fields.get(name) or "").strip()


def _with(kind: str, field: str, pattern: str, said: str) -> Against:
    """Return records of a kind one of whose fields reads so."""
    words = re.compile(pattern, re.IGNORECASE)

    def against(pack: EvidencePack, _: re.Match[str], __: str) -> Iterator[tuple[str, str]]:
        for record in _of(pack, kind):
            if words.search(_value(record, field)):
                yield f"{record.identifier} {said}: {_value(record, field)}", f"cell:{kind}/{record.identifier}#{field}"

    return against


def _past(kind: str, *fields: str, unless: str = "") -> Against:
    """Return records of a kind whose date lies at or before the end of the period, and that are not closed."""

    def against(pack: EvidencePack, _: re.Match[str], __: str) -> Iterator[tuple[str, str]]:
        end = fact_of(pack, "report.period_to")
        for record in _of(pack, kind):
            if unless and is_closed(_value(record, unless)):
                continue
            for field in fields:
                if _value(record, field) and end and _value(record, field) <= end:
                    said = field.replace("_", " ")
                    yield f"{record.identifier}: {said} {_value(record, field)}", f"cell:{kind}/{record.identifier}#{field}"

    return against


def _fact(*names: str) -> Against:
    def against(pack: EvidencePack, _: re.Match[str], __: str) -> Iterator[tuple[str, str]]:
        for name in names:
            fact = pack.facts.get(name)
            if fact is not None and fact.exact not in ("0", ""):
                yield f"{name} is {fact.printed}", f"fact:{name}"

    return against


def _either(*several: Against) -> Against:
    def against(pack: EvidencePack, match: re.Match[str], text: str) -> Iterator[tuple[str, str]]:
        for one in several:
            yield from one(pack, match, text)

    return against


def _outside(pack: EvidencePack, _: re.Match[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield the results outside the limit of the attributes that a sentence names, by label or test name."""
    named = attributes_named(text, pack) or _tested(text, pack)
    for fact in pack.facts.values():
        owner, _dot, stat = fact.id.rpartition(".")
        if stat == "outside" and fact.exact != "0" and owner in named:
            yield f"{fact.id} is {fact.printed}", f"fact:{fact.id}"


def _tested(text: str, pack: EvidencePack) -> tuple[str, ...]:
    """Return the attributes whose test, as the specification calls it, a sentence names."""
    low = text.lower()
    tests = {_value(r, "test_name").lower().partition(",")[0]: _value(r, "attribute") for r in _of(pack, "specification")}
    return tuple(attribute for test, attribute in tests.items() if test and test in low)


def _elsewhere(pack: EvidencePack, match: re.Match[str], _: str) -> Iterator[tuple[str, str]]:
    """Yield records that name another piece of equipment of the same family with a batch of the period."""
    one = match["equipment"]
    family = one.rpartition("-")[0]
    for record in _of(pack, "deviation", "change_control", "oos"):
        batch = _value(record, "batch") or _value(record, "first_batch")
        if f"batch/{batch}" not in pack.records:
            continue
        for field in ("equipment_id", "title", "description"):
            for other in re.findall(rf"(?<![\w-]){re.escape(family)}-\w+", _value(record, field)):
                if other != one:
                    yield (
                        f"{record.identifier} names {other} with batch {batch}",
                        f"cell:{record.kind}/{record.identifier}#{field}",
                    )


def _excursion(pack: EvidencePack, match: re.Match[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield excursions in the period of the utilities that a sentence names, or of any where it names none."""
    start = fact_of(pack, "report.period_from")
    now = [r for r in _of(pack, "utility") if not start or _value(r, "period").partition("/")[2] >= start[:7]]
    named = [r for r in now if _value(r, "name").lower() in text.lower()]
    for record in named or (now if re.search(r"\butilit", text, re.IGNORECASE) else []):
        for field in ("action_excursions", "alert_excursions"):
            if _value(record, field) not in ("", "0") and match:
                said = field.replace("_", " ")
                yield f"{record.identifier}: {said} {_value(record, field)}", f"cell:utility/{record.identifier}#{field}"


def _rows(*rows: tuple[str, Against]) -> tuple[Carried, ...]:
    return tuple(Carried(re.compile(says, re.IGNORECASE), against) for says, against in rows)


_ALL, _NO = r"\b(?:all|every|each)\b", r"\b(?:no|none of the|not a single|without(?: any)?)"
CARRIED = _rows(
    (rf"{_NO} (?:new|additional|other) (?:sources?|suppliers?|manufacturers?)\b|\b(?:sources?|suppliers?) (?:were|was|are|remained) unchanged", _with("material_lot", "new_source", r"^yes$", "is from a new source")),
    (rf"{_NO} batch(?:es)? (?:\w+ ){{0,2}}terminated|{_NO} terminated batch", _fact("census.terminated")),
    (rf"{_NO} (?:product )?recalls?\b|{_NO} (?:field|market) actions?\b", _fact("recall.count")),
    (rf"{_ALL} batch\w*\b[^.;]*?\b(?:on|in|with|by|at) (?P<equipment>[A-Z]{{1,6}}-\w+)", _elsewhere),
    (r"\b(?:met|meets|complied with|conformed to|(?:was|were|lay|remained|stayed) within) (?:its|their|the) (?:limits?|specifications?)\b(?! (?:after|until|up to|for up))", _outside),
    (rf"{_ALL} (?:\w+ )*?agreements?\b[^.;]*\b(?:in force|valid|current)|{_NO} agreements? (?:\w+ ){{0,2}}(?:lapsed|expired)", _either(_with("agreement", "status", r"lapsed|expired|terminated", "is"), _past("agreement", "expires_on"))),
    (rf"{_ALL} (?:stability )?(?:pulls?|time points?|samples? due)\b[^.;]*\b(?:made|done|pulled|tested|taken|performed)|{_NO} (?:stability )?(?:pulls?|time points?) (?:\w+ )?missed", _with("stability_result", "status", r"missed", "is on record as")),
    (rf"{_NO} (?:stability )?(?:results?|values?|trends?) (?:\w+ ){{0,2}}out[- ]of[- ]trend", _either(_with("stability_result", "status", r"out[- ]of[- ]trend", "is on record as"), _fact("oot.count"))),
    (rf"{_NO} calibrations? (?:\w+ ){{0,3}}(?:overdue|late|missed|expired)|{_ALL} calibrations?\b[^.;]*\b(?:in time|on time|current|valid|up to date)", _past("equipment", "calibration_due")),
    (rf"{_ALL} (?:the )?equipment\b[^.;]*\bqualified", _with("equipment", "qualification_status", r"^(?!qualified$).+", "is on the register as")),
    (rf"{_NO} (?:re)?qualifications? (?:\w+ ){{0,3}}(?:overdue|late|missed|expired)", _past("equipment", "requalification_due")),
    (rf"{_NO} (?:\w+ )?excursions?\b", _excursion),
    (rf"{_ALL} (?:\w+ )*?commitments?\b[^.;]*\b(?:met|fulfilled|on time|in time)|{_NO} (?:\w+ )*?commitments? (?:\w+ ){{0,3}}(?:overdue|late|missed)", _past("commitment", "due_on", unless="status")),
    (rf"{_ALL} (?:\w+ )*?(?:recommendations?|actions?) (?:of|from) (?:the )?(?:previous|last|preceding)\b[^.;]*\b(?:done|closed|completed|implemented)", _past("previous_action", "due_on", unless="status")),
    (rf"{_ALL} CAPAs?\b[^.;]*\b(?:closed|completed|on time|in time)|{_NO} CAPAs? (?:\w+ ){{0,3}}(?:overdue|late|open)", _fact("capa.overdue", "capa.status.overdue", "capa.status.open")),
)  # fmt: skip
