"""Tell whether a number is said to be derived: a mean, a sum, a share, a difference, a figure of another year. It need stand nowhere. Pure."""

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading

_POOLED = frozenset(
    ("pooled", "altogether", "combined", "cumulative", "cumulatively", "aggregate", "aggregated", "across", "overall")
)
_SHARES = frozenset(("share", "rate", "proportion", "percentage", "fraction", "portion", "ratio"))
_CHANGES = frozenset(
    ("difference", "change", "increase", "decrease", "improvement", "reduction", "rise", "drop", "decline", "gap")
)
_VERSUS = frozenset(("versus", "vs", "against", "compared"))
_COMPARED = _VERSUS | {"compared", "comparison", "than", "relative", "since", "previous"}
_PERCENT = ("percent", "%")
_MADE = ("mean", "sum")  # statistics whose value need be none of the values
_CUTS = frozenset((";", "while", "whereas", "but"))
_ROUGHLY = frozenset(("about", "around", "roughly", "approximately", "some", "nearly", "almost"))
_TO = frozenset(("with", "to", "than", "versus", "vs", "since", "in", "against", "of"))
FIRST_YEAR, LAST_YEAR = 1990, 2099
NEAR = 4  # words between two numbers of which one is a part of the other, or held against it


def derived(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether the words of its clause say that a number is worked out of others."""
    words = reading.words
    first = max((k + 1 for k in range(at) if words[k].text.casefold() in _CUTS), default=0)
    last = min((k for k in range(at, len(words)) if words[k].text.casefold() in _CUTS), default=len(words))
    clause = [w for k, w in enumerate(words[first:last], start=first) if k != at]
    low, stems = {w.text.casefold() for w in clause}, {w.stem for w in clause}
    made = any(w.stem in _MADE and not _header(w.stem, stems, index) for w in clause)
    percent = words[at + 1].text.casefold() in _PERCENT if at + 1 < len(words) else False
    shared = any(not _header(s, stems, index) for s in stems & _SHARES)
    shared = shared or (percent and (_follows(reading, at + 2, "of") or _bracketed(reading, at)))
    return (
        made
        or bool(low & _POOLED)
        or shared
        or changes(reading, at)
        or _held_against(reading, at)
        or _of(reading, at)
        or another_year(reading, at)
    )


def _header(stem: str, said: set[str], index: Index) -> bool:
    """Tell whether a word belongs to a header that the clause says whole: "total degradants", "flow rate"."""
    return any(stem in label and set(label) <= said for a in index.attributes for label in a.labels if len(label) > 1)


def _follows(reading: Reading, at: int, said: str) -> bool:
    return at < len(reading.words) and reading.words[at].text.casefold() == said


def _bracketed(reading: Reading, at: int) -> bool:
    """Tell whether a percentage stands in brackets behind two numbers: "8 of 12 (67 %)"."""
    return at > 0 and reading.words[at - 1].text == "(" and len([n for n in reading.numbers if n < at]) > 1


def _held_against(reading: Reading, at: int) -> bool:
    """Tell whether a number stands in brackets against another: "(4.5 g/L versus 4.9 g/L)"."""
    low = [w.text.casefold() for w in reading.words]
    for n in reading.numbers:
        between = low[min(n, at) + 1 : max(n, at)]
        if n != at and len(between) <= NEAR and _VERSUS & set(between):
            return True
    return False


def _of(reading: Reading, at: int) -> bool:
    """Tell whether a number is a part or the whole of another: "1,952 of 231,326"."""
    low = [w.text.casefold() for w in reading.words]
    behind = next((n for n in reading.numbers if n > at), None)
    before = next((n for n in reversed(reading.numbers) if n < at), None)
    part = behind is not None and low[at + 1 : behind] in (["of"], ["of", "the"], ["of", "a", "total", "of"])
    whole = before is not None and low[before + 1 : at] in (["of"], ["of", "the"], ["of", "a", "total", "of"])
    return part or whole


def changes(reading: Reading, at: int) -> bool:
    """Tell whether a number is by how much something changed: "improved by about 5 %", "an increase of 12 %"."""
    before = [w.text.casefold() for w in reading.words[:at]]
    while before and before[-1] in _ROUGHLY:
        before.pop()
    return before[-1:] == ["by"] or (before[-1:] == ["of"] and bool(_CHANGES & set(before[-2:])))


def another_year(reading: Reading, at: int) -> bool:
    """Tell whether a number is a year with which something is compared."""
    word, low = reading.words[at], {w.text.casefold() for w in reading.words}
    whole = word.kind == "number" and word.text.isdigit() and FIRST_YEAR <= int(word.text) <= LAST_YEAR
    return whole and bool(low & _COMPARED) and at > 0 and reading.words[at - 1].text.casefold() in _TO
