"""Tell of which entities a word behind them is said: of each of a list or a range, whatever stands between in brackets. Pure."""

import re

from drafting.checks.foreign.binding import group_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.subjects import nouns
from drafting.checks.foreign.tables import Entity

COPULAS = frozenset(("was", "were", "is", "are", "has", "have", "had"))
_PLURALS = frozenset(("were", "are", "have", "had", "all"))
_THROUGH = frozenset(("to", "through", "until", "-", "–"))
_NUMBERED = re.compile(r"\d+\D*$")  # the end of a name that counts
MOST = 500  # things of a range
_QUANTIFIERS = frozenset(("all", "any", "both", "each", "every", "half", "most", "neither", "none", "some"))
_OVER = frozenset(("for", "in", "across", "over", "throughout"))
_RANGE = 2  # words of what stands between the ends of a range: "to", "to batch"


def stated_of(reading: Reading, named: list[Mention], at: int) -> list[Mention]:
    """Return of the names before a word those that no bracket and no apposition, closed right before a verb, hides."""
    words = [w.text.casefold() for w in reading.words]
    kept = list(named)
    for k in range(at - 1, 0, -1):
        closes = words[k] == ")" or (words[k] == "," and words[k + 1] in COPULAS)
        if not closes or not kept:
            continue
        opener = "(" if words[k] == ")" else ","
        begins = next((b for b in range(k - 1, 0, -1) if words[b] == opener), k)
        outside = [m for m in kept if not begins < m.first < k]
        if any(m.last == begins - 1 for m in outside):
            kept = outside
    return kept


def between(reading: Reading, mention: Mention, at: int) -> list[str]:
    """Return the words between a name and a word that is said of it, in lower case, without what stands in closed brackets."""
    kept: list[str] = []
    depth = 0
    behind = [w.text.casefold() for w in reading.words[mention.last + 1 : at]]
    closed = behind.count("(") == behind.count(")")
    for word in behind:
        depth += (word == "(") - (word == ")") if closed else 0
        if depth == 0 and not (closed and word == ")"):
            kept.append(word)
    return kept


def members(reading: Reading, mention: Mention, index: Index) -> tuple[Entity, ...]:
    """Return what a name stands for together with those of its list ("1 and 3") or of the range that it ends ("1 to 3")."""
    at = reading.entities.index(mention)
    first = reading.entities[at - 1] if at else None
    if first is not None and ranged(reading, first, mention):
        return _spanned(first, mention, index)
    group = group_of(reading, mention)
    found = [next((index.evidence.entities[key] for key in m.what if key in index.evidence.entities), None) for m in group]
    return tuple(e for e in found if e is not None) if None not in found else ()


def ranged(reading: Reading, first: Mention, last: Mention) -> bool:
    """Tell whether two names are the ends of a range, as a plural or how many says: "batches 1 to 3", "1 to 3 were", "none of 1 to 3"."""
    words = reading.words
    joins = [w.text.casefold() for w in words[first.last + 1 : last.first]]
    lead = words[first.first - 1] if first.first else None
    plural = lead is not None and lead.stem in nouns(first) and lead.text.casefold() != lead.stem
    counted = words[first.first - 2] if first.first > 1 and lead is not None and lead.text.casefold() == "of" else None
    plural |= counted is not None and (counted.text.casefold() in _QUANTIFIERS or counted.value is not None)
    plural |= lead is not None and lead.text.casefold() in _OVER
    moved = lead is not None and lead.text.casefold() == "from"
    plural |= not moved and {w.text.casefold() for w in words[last.last + 1 : last.last + 2]} <= _PLURALS
    return plural and nouns(first) == nouns(last) and 0 < len(joins) <= _RANGE and joins[0] in _THROUGH


def _spanned(first: Mention, last: Mention, index: Index) -> tuple[Entity, ...]:
    """Return the entities from one to another in the order of a table that names both; none where it lists them in no such order."""
    one, other = (index.evidence.entities.get(m.what[0]) for m in (first, last))
    for table, row in one.rows if one else ():
        end = next((r for t, r in (other.rows if other else ()) if t == table), None)
        if end is not None and row < end <= row + MOST and index.evidence.tables[table].key is not None:
            found = [index.evidence.named(table, r) for r in range(row, end + 1)]
            return tuple(e for e in found if e is not None and _one_form(first, last, e.key))
    return ()


def _one_form(first: Mention, last: Mention, key: str) -> bool:
    """Tell whether a name is of the form of both ends of a range: among "CR-9" to "CR-12" is no "LQ-14", whatever the order of the rows."""
    forms = {_NUMBERED.sub("", name) for name in (first.what[0][1], last.what[0][1])}
    return len(forms) > 1 or _NUMBERED.sub("", key) in forms
