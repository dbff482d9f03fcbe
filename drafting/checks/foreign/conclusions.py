"""Judge conclusions over all rows: "no deviation", "none was rejected", "all batches were released". Pure.

A denial is contradicted by the first row that the same words would count; a statement about all rows by the first row that differs.
"""

from collections.abc import Iterator
from dataclasses import replace

from drafting.checks.foreign import bounds
from drafting.checks.foreign.conformity import results
from drafting.checks.foreign.counting import qualified, scopes, values_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.kinds import same
from drafting.checks.foreign.links import users
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.scope import Scope, cells_of, date_columns, decisive, rows_in
from drafting.checks.foreign.tables import MISSING
from drafting.checks.foreign.verdicts import Judged, Verdict

_NONE = frozenset(("no", "none", "neither", "without"))
_ALL = frozenset(("all", "every", "each", "both"))
_ENDS = frozenset((",", ";", ".", "(", "but", "while"))
_USED = frozenset(("used", "consumed", "processed"))
LIMIT_SAID = frozenset(("limit", "specification", "criterion", "requirement", "spec"))
WITHIN, OUTSIDE = bounds.WITHIN, bounds.OUTSIDE
REACH = 5
SHOWN = 5


def judge_conclusions(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return a verdict for each denial or statement about all rows."""
    low = [w.text.casefold() for w in reading.words]
    for at, word in enumerate(low):
        judged = _denial(reading, low, at, text) if word in _NONE else _all(reading, low, at, text) if word in _ALL else None
        if judged is not None:
            yield judged


def limit_said(reading: Reading, at: int) -> bool:
    """Tell whether a word of keeping or breaking is said of limits: they stand within reach of it."""
    return bool(LIMIT_SAID & {w.stem for w in reading.words[at + 1 : at + 1 + REACH]})


def _clause(low: list[str], at: int) -> range:
    ends = (
        k
        for k in range(at + 1, len(low))
        if low[k] in _ENDS or (low[k] in ("and", "or") and low[k + 1 : k + 2] == [low[at]])
    )
    return range(at + 1, next(ends, len(low)))


def _noun(reading: Reading, within: range, text: Text, *, carried: bool) -> str:
    noun = next((n for k, n in reading.nouns if k in within and k - within.start <= REACH), "")
    if noun == "" and "out" in [reading.words[k].stem for k in within] and "oos" in text.index.row_nouns:
        return ""
    return noun or (text.focus.noun if carried else "")


def _denial(reading: Reading, low: list[str], at: int, text: Text) -> Judged | None:
    within = _clause(low, at)
    said = {low[k] for k in within} | {reading.words[k].stem for k in within}
    if said & OUTSIDE and said & LIMIT_SAID:
        return _conformity(reading, at, within, text)
    if low[at] == "no" and low[max(0, at - 1) : at] in (["had"], ["have"], ["has"], ["with"]) and _some(reading, at):
        return None  # "three charges had no fault" says nothing of the others
    noun = _noun(reading, within, text, carried=low[at] == "none")
    if not noun:
        noun = _initialled(reading, within, text)
    if not noun or {"trend", "change", "impact", "it", "them"} & said:
        return None
    values = tuple(m for m in reading.values if m.first in within)
    own = tuple(m for m in values if _narrows(m, noun, text.index))
    if len(own) < len(values) or qualified(reading, within, noun, own):
        return None  # the words narrow it by something that the evidence does not hold
    found = _rows(noun, own, reading, text)
    if found is None:
        return None
    table, rows = found
    return _told(reading, at, within, table, rows, f"{len(rows)} such rows", text.index)


def _some(reading: Reading, at: int) -> bool:
    """Tell whether what stands before a word is counted: "three charges"."""
    counted = (n for n in reading.numbers for k, _ in reading.nouns if n < k < min(at, n + 3))
    return next(counted, None) is not None


def _conformity(reading: Reading, at: int, within: range, text: Text) -> Judged | None:
    """Return the verdict on "all within limits"; of the rows that a value narrows ("released batches") where one does."""
    scope = next(iter(scopes(reading, text)))
    for k, noun in reading.nouns:
        values = tuple(m for m in reading.values if m.last == k - 1 and _narrows(m, noun, text.index))
        found = _rows(noun, values, reading, text) if values else None
        if found is not None:
            held = text.index.evidence.tables[found[0]]
            kept = tuple((held.noun, held.rows[r][held.key].strip()) for r in found[1] if held.key is not None)
            scope = replace(scope, entities=(*(e for e in scope.entities if e[0] != held.noun), *kept), values=())
            if not kept:
                return None
    last = max((k for k in within if reading.words[k].kind == "word"), default=at)
    return conforming(reading, at, last, scope, text, inside=True)


def conforming(reading: Reading, at: int, last: int, scope: Scope, text: Text, *, inside: bool) -> Judged | None:
    """Return the verdict on results that words call within their limits, or outside; None where the evidence does not tell."""
    held = results(reading, scope, text.index)
    outside = [one.place for one in held if one.outside]
    if not held or (not outside and not all(one.certain for one in held)):
        return None
    words = reading.words[at : last + 1]
    quote = " ".join(w.text for w in words)
    told = f"{len(outside)} of {len(held)} values lie outside{': ' if outside else ''}{'; '.join(outside[:SHOWN])}"
    right = inside != bool(outside)
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    message = "" if right else f"'{quote}' is contradicted: {told}."
    evidence = outside[0] if outside else f"{len(held)} values"
    return Judged(words[0].start, words[-1].end, quote, "word", verdict, "limits", message, evidence)


def _initialled(reading: Reading, within: range, text: Text) -> str:
    """Return the noun that words say by their initials: "out-of-specification result"."""
    for s in reading.said:
        if s.first in within:
            return next((t for t in sorted(s.stems) if t in text.index.row_nouns), "")
    return ""


def _narrows(mention: Mention, noun: str, index: Index) -> bool:
    tables = index.row_nouns.get(noun, ())
    nouns = {index.evidence.tables[t].noun for t in tables}
    return any(v[0] in tables or index.evidence.tables[v[0]].noun in nouns for v in mention.values)


def _rows(noun: str, values: tuple[Mention, ...], reading: Reading, text: Text) -> tuple[int, tuple[int, ...]] | None:
    """Return the rows that a noun and values count in the scope that the sentence says most of."""
    index = text.index
    for scope in scopes(reading, text):
        tables = index.row_nouns.get(noun, ())
        for table in decisive(index.evidence, tables) if scope.period else tables:
            wanted = values_of(index, table, values)
            if wanted is None or len(wanted) < len(values):
                continue
            narrowed = replace(scope, entities=tuple(e for e in scope.entities if e[0] != noun), values=wanted)
            dated = date_columns(index.evidence, table)[0] if scope.period else None
            return table, rows_in(index.evidence, table, narrowed, dated=dated)
    return None


def _all(reading: Reading, low: list[str], at: int, text: Text) -> Judged | None:
    within = _clause(low, at)
    said = {low[k] for k in within} | {reading.words[k].stem for k in within}
    whole = said | {w.text.casefold() for w in reading.words[:at]} | {w.stem for w in reading.words[:at]}
    if (
        low[at] != "both" and whole & WITHIN and whole & LIMIT_SAID and not {"not", "except"} & whole
    ):  # "cores met their limit in all batches"
        return _conformity(reading, at, within, text)
    plain = low[at + 1 : at + 2] in (["of"], ["were"], ["are"], ["have"], ["had"], ["was"])
    noun = _noun(reading, within, text, carried=plain)
    values = tuple(m for m in reading.values if m.first in within and _narrows(m, noun, text.index))
    verb = next((k for k in within if low[k] in ("was", "were", "is", "are", "been")), None)
    stated = tuple(m for m in values if verb is not None and m.first > verb)
    if not noun or not stated or {"not", "except", "but", "or"} & said:
        return None
    used = next((k for k in within if low[k] in _USED and verb is not None and k < verb), None)
    found = _rows(noun, tuple(m for m in values if m not in stated and (used is None or m.last < used)), reading, text)
    if found is None or not found[1]:
        return None
    table, rows = found
    if used is not None and verb is not None:
        rows = _in_use(reading, range(used, verb), table, rows, text)
        if not rows:
            return None
    differing = tuple(r for r in rows if not any(_has(text.index, table, r, m) for m in stated))
    return _told(reading, at, within, table, differing, f"{len(differing)} of {len(rows)} differ", text.index, stated[0])


def _in_use(reading: Reading, within: range, table: int, rows: tuple[int, ...], text: Text) -> tuple[int, ...]:
    """Return of rows those that are used in what a phrase speaks of: "used in released batches"; none where the evidence does not tell."""
    held = text.index.evidence.tables[table]
    noun = next((n for k, n in reading.nouns if k in within), "")
    narrowed = _rows(noun, tuple(m for m in reading.values if m.first in within), reading, text) if noun else None
    if narrowed is None or held.key is None:
        return ()
    whole = text.index.evidence.tables[narrowed[0]]
    names = {whole.rows[r][whole.key].strip() for r in narrowed[1] if whole.key is not None}
    uses = users(text.index, held.noun, noun)
    return tuple(r for r in rows if uses.get(held.rows[r][held.key].strip(), frozenset()) & names)


def _has(index: Index, table: int, row: int, mention: Mention) -> bool:
    held = [
        (v, tuple(c for c in cells_of(index.evidence, table, row, v[0], v[1]) if c.casefold() not in MISSING))
        for v in mention.values
    ]
    return any(same(v[2], cell) for v, cells in held for cell in cells)


def _told(
    reading: Reading,
    at: int,
    within: range,
    table: int,
    rows: tuple[int, ...],
    what: str,
    index: Index,
    stated: Mention | None = None,
) -> Judged:
    held = index.evidence.tables[table]
    last = stated.last if stated else max((k for k in within if reading.words[k].kind == "word"), default=at)
    words = reading.words[at : last + 1]
    quote = " ".join(w.text for w in words)
    key = 0 if held.key is None else held.key
    named = ", ".join(held.rows[r][key] for r in rows[:SHOWN])
    evidence = f"{held.place(rows[0], key)}: '{held.rows[rows[0]][key]}'" if rows else f"{held.file}: no such row"
    message = f"'{quote}' is contradicted: {what} in {held.file}: {named}." if rows else ""
    verdict = Verdict.CONTRADICTED if rows else Verdict.SUPPORTED
    return Judged(words[0].start, words[-1].end, quote, "word", verdict, held.noun, message, evidence)
