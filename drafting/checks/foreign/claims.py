"""Judge a sentence of which every word is understood: how many rows of which kind it says there are. Pure.

It is read as rows of one table, what narrows them, and how many are meant. Where a word remains that nothing accounts for, nothing is said here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from drafting.checks.foreign.attributes import relation_of
from drafting.checks.foreign.counting import SHOWN
from drafting.checks.foreign.covering import heads, initialled, labelled, plain
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.quantities import Quantity, quantity_at
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.remade import once
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.shares import apposition
from drafting.checks.foreign.values import equal, holds, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict

TOLERANCE = Fraction(1, 50)  # how far "a third" may be from a third
_REFUSED = frozenset(
    (";", "while", "whereas", "but", "if", "when", "because", "respectively", "most", "least", "more", "fewer")
)
_EXCEPT = frozenset(("except", "exception", "apart"))
_LEADS = frozenset(("in", "during", "for", "from", "on", "at", "among", "of"))
_SITES = frozenset(("site", "plant", "facility", "location"))
_WRONG = frozenset(("error", "issue", "failure", "problem", "fault", "reason", "mistake"))
_WHOLES = frozenset(("period", "year"))


@dataclass(frozen=True)
class _Said:
    """A reading of a sentence: the rows of a table, how many are meant, what narrows the whole and what the part, and where figures stand."""

    table: int
    measure: int | None  # a column of numbers that is summed; else rows are counted
    quantity: Quantity
    which: tuple[Part, ...]
    what: tuple[Part, ...]
    names: Rows  # of rows that are excepted
    bracketed: tuple[tuple[int, str], ...]  # (number, "part", "whole" or "share")
    listing: tuple[int, int] | None = None  # words that list the names of the part


def judge_claim(reading: Reading, text: Text) -> tuple[Judged, ...]:
    """Return the verdicts on a sentence that says how many there are of what, all of whose words are understood; else none."""
    low = [w.text.casefold() for w in reading.words]
    stated = low[-1:] in (["."], ["!"])  # no heading, and no row of a table
    if not stated or (_REFUSED - {"but"}) & set(low) or ("but" in low and "all" not in low):
        return ()
    found = [(said, judged) for said in _readings(reading, text) for judged in [_judged(reading, said, text)] if judged]
    best = max((_own(said) for said, _ in found), default=0)
    return next((judged for said, judged in found if _own(said) == best), ())


def _own(said: _Said) -> int:
    """Return how many of the narrowing words are of the table's own columns: of two tables that one is meant."""
    return sum(part.column[0] == said.table for part in (*said.which, *said.what) if isinstance(part.column, tuple))


def _readings(reading: Reading, text: Text) -> Iterator[_Said]:
    index, low = text.index, [w.text.casefold() for w in reading.words]
    for noun, table, measure in heads(reading, index):
        parts = list(parts_of(reading, table, text, own=measure is not None))
        spoken = {k for p in parts for k in range(p.first, p.last + 1)}
        passed = frozenset(spoken | {k for k, w in enumerate(reading.words) if _names_rows(reading, k, table, index)})
        quantity = quantity_at(reading, noun, passed)
        if quantity is None or any(w == "than" and k not in spoken for k, w in enumerate(low)):
            continue
        figures = _bracketed(reading, quantity)
        excepted = [
            m for m in reading.entities if measure is None and any(n == index.evidence.tables[table].noun for n, _ in m.what)
        ]
        listed = bool(excepted) and _listed(reading, excepted[0].first, noun)
        if bool(excepted) != (bool(_EXCEPT & set(low)) or listed) or (listed and quantity.part is None):
            continue
        parts = [p for p in parts if not any(m.first <= p.first <= m.last for m in excepted)]
        covered = (
            spoken
            | {k for at, _ in figures for k in (at, *apposition(reading, at))}
            | {k for m in excepted for k in range(m.first, m.last + 1)}
        )
        figures += _of_rows(reading, measure, table, index)
        covered |= _titled(reading, text) | _followed(reading, parts)
        covered |= (
            {at for at, _ in figures}
            | {k for k in (quantity.part, quantity.whole, noun) if k is not None}
            | set(range(quantity.first, quantity.first + 2))
        )
        if all(k in covered or plain(reading, k, table, index) for k in range(len(reading.words))):
            own = [key[1] for m in excepted for key in m.what]
            held = index.evidence.tables[table]
            names = frozenset(r for r, row in enumerate(held.rows) if held.key is not None and row[held.key].strip() in own)
            which, what = _split(reading, quantity, parts)
            listing = (excepted[0].first, excepted[-1].last) if listed else None
            yield _Said(table, measure, quantity, which, what, names, figures, listing)


def _names_rows(reading: Reading, at: int, table: int, index: Index) -> bool:
    """Tell whether a word may stand between rows and their number: "fifteen drug product lots"."""
    word = reading.words[at]
    return word.kind == "word" and (labelled(word.text, table, index) or initialled(reading, at, table, index))


def _titled(reading: Reading, text: Text) -> set[int]:
    """Return the names that the title says of the whole text, with the site that they name: "at the Wernstadt site"."""
    words = reading.words
    named = {k for k, w in enumerate(words) if k and w.text[:1].isupper() and w.text in text.title}
    return named | {k + 1 for k in named if k + 1 < len(words) and words[k + 1].stem in _SITES}


def _followed(reading: Reading, parts: Sequence[Part]) -> set[int]:
    """Return the words that only say behind a value that it is one of what goes wrong: "documentation errors"."""
    return {
        p.last + 1
        for p in parts
        if not p.timed and p.last + 1 < len(reading.words) and reading.words[p.last + 1].stem in _WRONG
    }


def _listed(reading: Reading, first: int, noun: int) -> bool:
    """Tell whether names from a word on list what was counted: "three lots were late: 1, 4 and 7"."""
    low = [w.text.casefold() for w in reading.words]
    lead = next((k for k in range(first - 1, noun, -1) if low[k] in (":", "(", "namely")), None)
    rest = {w for k, w in enumerate(low) if lead is not None and k >= lead} - {":", "(", ")", ",", "and", "namely", "."}
    named = {low[k] for m in reading.entities for k in range(m.first, m.last + 1)}
    return lead is not None and lead > noun and rest <= named


def _bracketed(reading: Reading, quantity: Quantity) -> tuple[tuple[int, str], ...]:
    """Return the numbers in brackets and what each is: "(9 of 26, 34.6 %)", "(3 cases)"."""
    words, low = reading.words, [w.text.casefold() for w in reading.words]
    found: list[tuple[int, str]] = []
    for at in reading.numbers:
        opened = max((k for k in range(at) if low[k] == "("), default=-1)
        inside = opened >= 0 and ")" not in low[opened:at]
        if low[at + 1 : at + 2] in (["%"], ["percent"]) and (inside or at == quantity.first or apposition(reading, at)):
            found.append((at, "share"))
        elif inside and low[at + 1 : at + 2] == ["of"]:
            found.append((at, "part"))
        elif inside and low[max(0, at - 1) : at] == ["of"]:
            found.append((at, "whole"))
        elif inside and words[opened + 1] is words[at] and quantity.part is None:
            found.append((at, "part"))
    return tuple(found)


def _of_rows(reading: Reading, measure: int | None, table: int, index: Index) -> tuple[tuple[int, str], ...]:
    """Return the number of the rows over which a column is summed: "23 excursions in the five rooms"."""
    noun = index.evidence.tables[table].noun
    return tuple((at, "rows") for at in reading.numbers if measure is not None and (at + 1, noun) in reading.nouns)


def _split(reading: Reading, quantity: Quantity, parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the parts that say which rows are the whole, and those that say what is so of some: "of the [released] lots, three were [reinspected]"."""
    verb = (
        quantity.verb if quantity.verb is not None else len(parts) + max((p.last for p in parts), default=0) + quantity.noun
    )
    begin = -1 if quantity.led else quantity.first
    leads = reading.words[0].text.casefold() in _LEADS  # "in March 2024", not the subject of "A tested seven of the"
    which = tuple(p for p in parts if begin < p.first < verb or (p.last < begin and leads))
    return which, tuple(p for p in parts if p not in which)


def _judged(reading: Reading, said: _Said, text: Text) -> tuple[Judged, ...]:
    timed = any(p.timed for p in (*said.which, *said.what))
    results = [_nearest(reading, said, base, text) for base in bases(reading, said.table, text, timed=timed)]
    results = [one for one in results if one]
    if not results:
        return ()
    nearest = results[0]
    wrong = [one for one in nearest if one[2] is False]
    sure = (
        timed
        or bool(_WHOLES & {w.stem for w in reading.words})
        or any(role == "whole" and right for _, role, right, _ in nearest)
    )
    elsewhere = bool(wrong) and not sure and any(all(right for _, _, right, _ in one) for one in results[1:])
    elsewhere = elsewhere or any(p.open for p in (*said.which, *said.what))
    out = []
    for (first, last), _, right, place in nearest:
        verdict = Verdict.SUPPORTED if right else Verdict.NOT_FOUND if elsewhere else Verdict.CONTRADICTED
        out.append(_told(reading, first, last, verdict, place))
    counted = {first for (first, _), *_ in nearest}
    idle = {k for p in (*said.which, *said.what) for k in range(p.first, p.last + 1)} & set(reading.numbers) - counted
    out += [_told(reading, k, k, Verdict.SUPPORTED, "selects rows") for k in sorted(idle)]
    out += [
        _told(reading, p.first, p.last, Verdict.SUPPORTED, "selects rows")
        for p in (*said.which, *said.what)
        if p.what.startswith(("not ", "no "))
    ]
    return tuple(out)


Result = list[tuple[tuple[int, int], str, bool, str]]  # words, what they say, whether it is so, and the evidence


def _nearest(reading: Reading, said: _Said, base: Rows, text: Text) -> "Result":
    """Return what of a quantity is so of rows; of those made once where that is all so: "34 lots" need not count the one made of another."""
    every, first = _result(reading, said, base, text), once(base, said.table, text.index)
    other = _result(reading, said, first, text) if first != base and not all(right for _, _, right, _ in every) else []
    return other if other and all(right for _, _, right, _ in other) else every


def _result(reading: Reading, said: _Said, base: Rows, text: Text) -> Result:
    """Return what of a quantity is so of the rows of one scope."""
    quantity, index = said.quantity, text.index
    whole = narrowed(base, said.which)
    part = narrowed(whole, said.what)
    counted, among = _size(part, said, index), _size(whole, said, index)
    place = f"{counted} of {among} {_place(part, said, index)}"
    found: Result = []
    roles = [(quantity.part, "part"), (quantity.whole, "whole"), *said.bracketed]
    for at, role in roles:
        if at is None or (role == "part" and quantity.kind == "butting"):
            continue
        relation = relation_of(reading.words, at)
        if role == "rows":
            right = value_of(reading.words[at]) == len(whole)
        elif role == "share":
            right = among > 0 and equal(value_of(reading.words[at]), 100 * Decimal(counted) / Decimal(among))
        else:
            sizes = _each(reading, said, whole, index) if role == "part" else []
            right = all(
                holds(value_of(reading.words[at]), Decimal(n), relation)
                for n in sizes or [counted if role == "part" else among]
            )
        found.append(((at, at), role, right, place))
    if said.listing is not None:
        found.append((said.listing, "listing", part == said.names, f"{counted} of {among} {_place(part, said, index)}"))
    worded = _worded(reading, said, part, whole, (counted, among))
    if worded is not None:
        last = max(quantity.noun, quantity.first, *(p.last for p in said.what if p.first > quantity.noun))
        against = part - said.names if quantity.kind == "none" else whole - part - said.names
        place = place if worded else f"{counted} of {among} {_place(against, said, index)}"
        found.append(((quantity.first, last), "word", worded, place))
    usable = bool(whole) if quantity.kind in ("all", "both", "butting", "share") else bool(base)
    narrowing = bool(said.what) or quantity.kind in ("count", "share") or (quantity.kind == "none" and bool(said.which))
    return found if usable and narrowing else []


def _each(reading: Reading, said: _Said, whole: Rows, index: Index) -> list[int]:
    """Return how many there are of each of several values or times, where "each" says so: "five each in April and July"."""
    behind = [w.text.casefold() for w in reading.words[said.quantity.noun + 1 : said.quantity.noun + 2]]
    columns = Counter(p.column for p in said.what)
    apart = [p for p in said.what if columns[p.column] > 1] if behind == ["each"] else []
    return [_size(narrowed(whole, [p, *(q for q in said.what if q.column != p.column)]), said, index) for p in apart]


def _worded(reading: Reading, said: _Said, part: Rows, whole: Rows, sizes: tuple[int, int]) -> bool | None:
    """Tell whether "all", "none", "both", "all but one" or "a third" is so; None where only figures are said."""
    quantity, (counted, among) = said.quantity, sizes
    if quantity.kind == "none":
        return part == (said.names & whole) if said.names else not counted
    if quantity.kind in ("all", "both"):
        many = quantity.kind == "all" or among == len(("one", "other"))
        return many and (whole - part == (said.names & whole))
    if quantity.kind == "butting" and quantity.part is not None:
        return len(whole - part) == value_of(reading.words[quantity.part])
    if quantity.kind == "share" and quantity.fraction is not None:
        return bool(whole) and abs(Fraction(len(part), len(whole)) - quantity.fraction) <= TOLERANCE
    return None


def _size(rows: Rows, said: _Said, index: Index) -> int:
    if said.measure is None:
        return len(rows)
    cells = (number_of(index.evidence.cell(said.table, row, said.measure)) for row in rows)
    return int(sum(number.value for number in cells if number))


def _place(rows: Rows, said: _Said, index: Index) -> str:
    held = index.evidence.tables[said.table]
    narrowing = ", ".join(p.what for p in (*said.which, *said.what))
    named = [held.rows[r][held.key] for r in sorted(rows)[:SHOWN]] if held.key is not None else []
    return f"({held.file}{': ' if narrowing else ''}{narrowing}{'; ' if named else ''}{', '.join(named)})"


def _told(reading: Reading, first: int, last: int, verdict: Verdict, place: str) -> Judged:
    words = reading.words[first : last + 1]
    quote = " ".join(w.text for w in words)
    kind = "number" if first == last and words[0].value is not None else "word"
    message = {
        Verdict.SUPPORTED: "",
        Verdict.CONTRADICTED: f"'{quote}' is contradicted: {place}.",
        Verdict.NOT_FOUND: f"'{quote}' is so of other records, not of those that the text speaks of: {place}.",
    }[verdict]
    return Judged(words[0].start, words[-1].end, quote, kind, verdict, "count", message, place)
