"""Judge how two dates of one thing stand to each other: "14 days after its due date of 31 October", "before its due date". Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.dates import WHOLE_DAY, label_of, said_under
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.subjecthood import COPULAS, stated_of
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import day_of, holds
from drafting.checks.foreign.verdicts import Judged, held_against

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_UNITS = {"day": 1, "week": 7}
_SIDES = frozenset(("before", "after"))
_ENDS = frozenset((";", ".", "while", "whereas", "but"))
REACH = 8  # words behind "after" within which the date that it is after is said


def judge_apart(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on a number of days before or after another date of the same thing; None where one of the two is not known."""
    words = reading.words
    unit = _UNITS.get(words[at + 1].stem) if at + 2 < len(words) else None
    side = words[at + 2].text.casefold() if unit else ""
    days = _both(reading, at, at + 2, text) if side in _SIDES else None
    if days is None or unit is None:
        return None
    apart = (date.fromisoformat(days[0]) - date.fromisoformat(days[1])).days * (-1 if side == "before" else 1)
    right = holds(said * unit, Decimal(apart), "")
    return held_against(
        reading.words[at : at + 1],
        "days between",
        f"{apart} days {side}: {days[0]} and {days[1]}",
        right=right,
        kind="number",
    )


def judge_order(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return a verdict for each "before" and "after" between two dates of the same thing."""
    for at, word in enumerate(reading.words):
        side = word.text.casefold()
        counted = at > 1 and reading.words[at - 1].stem in _UNITS and reading.words[at - 2].value is not None
        days = _both(reading, at, at, text) if side in _SIDES and not counted else None
        if days is not None and days[0] != days[1]:
            right = (days[0] < days[1]) == (side == "before")
            yield held_against(
                reading.words[at : at + 1], "days between", f"{days[0]} and {days[1]}", right=right, kind="word"
            )


def _both(reading: Reading, first: int, side: int, text: "Text") -> tuple[str, str] | None:
    """Return the date before a word and the one that "before" or "after" stands before: as written, else of the thing that is named."""
    words = reading.words
    begin = max((k + 1 for k in range(first) if words[k].text in _ENDS), default=0)
    end = min((k for k in range(side + 1, len(words)) if words[k].text in _ENDS or words[k].text == ","), default=len(words))
    end = min(end, side + 1 + REACH)
    days = [p for p in reading.periods if p.start == p.end and len(p.start) == WHOLE_DAY]
    later = next((p for p in days if side < p.first < end), None)
    behind = words[side + 1 : later.first if later else end]
    if not behind or any(w.text.casefold() in COPULAS or w.value is not None for w in behind):
        return None  # another statement
    named = stated_of(reading, [m for m in reading.entities if begin <= m.first and m.last < first], first)
    if any(m.first > side and m.first < end for m in reading.entities):
        return None
    owner = text.index.evidence.entities.get(named[-1].what[0]) if named and len(named[-1].what) == 1 else None
    earlier = next((p for p in reversed(days) if begin <= p.last < first), None)
    one = earlier.start if earlier else _own(owner, [w.text for w in words[begin:first]], text)
    other = later.start if later else _own(owner, [w.text for w in behind], text)
    return (one, other) if one and other else None


def _own(owner: Entity | None, said: list[str], text: "Text") -> str:
    """Return the one day of an owner that words say plainly; "" where they say none or several."""
    label = label_of(said)
    found = {
        day
        for table, row in (owner.rows if owner else ())
        for column in text.index.evidence.tables[table].columns
        if column.kind == "date" and said_under(column.labels, label)
        for day in [day_of(text.index.evidence.cell(table, row, column.index))]
        if day and len(day) == WHOLE_DAY
    }
    return found.pop() if len(found) == 1 else ""
