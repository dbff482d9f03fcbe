"""Take apart a sentence that excepts something by name: "all were closed, save for B, which ...", "leaving aside B, none ...". Pure.

What is excepted is not among those of which the rest of the sentence speaks; what its own clause says is said of it.
"""

from dataclasses import dataclass, replace

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading, read
from drafting.checks.foreign.words import Line

_LEADS = (
    ("with", "the", "exception", "of"), ("with", "the", "exceptions", "of"), ("the", "exception", "being"), ("the", "exception", "was"),
    ("the", "only", "exception", "was"), ("the", "only", "exception", "being"), ("the", "sole", "exception", "was"), ("the", "exceptions", "were"),
    ("save", "for"), ("save",), ("except", "for"), ("except",), ("apart", "from"), ("aside", "from"), ("other", "than"), ("bar",), ("barring",),
    ("leaving", "aside"), ("setting", "aside"), ("leaving", "out"), ("excluding",), ("exclusive", "of"), ("disregarding",), ("not", "counting"),
)  # fmt: skip
_PLAIN = (
    ("excluding",),
    ("leaving", "aside"),
    ("setting", "aside"),
    ("disregarding",),
    ("not", "counting"),
    ("with", "the", "exception", "of"),
)
STRONG = frozenset(("exception", "exceptions", "save", "except"))  # what is excepted so differs from the rest
_WHOLES = frozenset(
    ("all", "every", "each", "no", "none", "any", "only", "mean", "average", "averaged", "highest", "lowest")
)
_AMONG = frozenset(("including", "also", "even"))
_LISTS = frozenset((",", "and", "or", "&"))
REACH = 5  # words between what excepts and the name: "apart from the rejected batch B"


@dataclass(frozen=True)
class Parted:
    """The sentence without what it excepts, and the places (first to last) of the text at which it excepts something."""

    rest: Reading
    start: int
    end: int


def parted(reading: Reading, index: Index) -> Parted | None:
    """Return a sentence parted from what it excepts by name; None where it excepts nothing, or only that is said."""
    words, low = reading.words, [w.text.casefold() for w in reading.words]
    at, said = _but(reading, low) or next(
        ((k, said) for k in range(len(low)) for said in _LEADS if _leads(reading, low, k, said)), (0, ())
    )
    names = _named(reading, at + len(said), low)
    if not said or not names or not (said in _PLAIN or at == 0 or _WHOLES & set(low)):
        return None
    first = at - (at > 0 and low[at - 1] in (",", ";", "(", "-", "–"))
    last = _last(reading, at, names[-1].last, low)
    kept = (*words[:first], *words[last + 1 :])
    if not [w for w in kept if w.kind != "mark"]:
        return None
    begin = next(k for k, w in enumerate(kept) if w.kind != "mark")
    rest = read(Line(reading.line.start, reading.line.end, kept[begin:]), index)
    own = tuple(m for m in reading.entities for _ in range(m.first < first or m.first > last))
    whole = {(words[m.first].start, words[m.last].end): m.what for m in own}  # what a name means in its whole sentence
    entities = tuple(
        replace(m, what=whole.get((rest.words[m.first].start, rest.words[m.last].end), m.what)) for m in rest.entities
    )
    keys = tuple(key for m in names for key in m.what)
    told = replace(rest, entities=entities, excepted=keys, differing=bool(STRONG & set(said)))
    return Parted(told, words[first].start, words[last].end)


def included(reading: Reading, index: Index) -> Reading | None:
    """Return a sentence about all or none without the names that it ends with as some of these: "in every lot, including lot 7"; else None."""
    words, low = reading.words, [w.text.casefold() for w in reading.words]
    at = next((k for k in range(1, len(low)) if low[k] in _AMONG and low[k - 1] == ","), None)
    names = _named(reading, at + 1, low) if at is not None else []
    whole = {"all", "every", "each", "no", "none", "any"} & set(low[:at])
    if at is None or not names or not whole or any(w.kind != "mark" for w in words[names[-1].last + 1 :]):
        return None
    return read(Line(reading.line.start, reading.line.end, (*words[: at - 1], *words[names[-1].last + 1 :])), index)


def hinted(reading: Reading) -> bool:
    """Tell whether a sentence leaves out something that it does not name: "apart from one result"."""
    low = [w.text.casefold() for w in reading.words]
    return any(_leads(reading, low, k, said) for k in range(len(low)) for said in _LEADS)


def _but(reading: Reading, low: list[str]) -> tuple[int, tuple[str, ...]] | None:
    """Return the "but" that stands between what all is said of and a name: "in all batches but B", "every lot but B"."""
    names, nouns = {m.first for m in reading.entities}, {k for k, _ in reading.nouns}
    for k in range(2, len(low) - 1):
        whole = {"all", "every", "each", "no", "none", "any"} & set(low[max(0, k - REACH) : k])
        if low[k] == "but" and whole and (k + 1 in names or (low[k + 1] == "for" and k + 2 in names)) and k - 1 in nouns:
            return k, ("except",)
    return None


def _leads(reading: Reading, low: list[str], at: int, said: tuple[str, ...]) -> bool:
    """Tell whether words that except something stand at a place; "2 bar" is a pressure, "to save" an act."""
    before = reading.words[at - 1] if at else None
    other = (
        before is not None and (before.value is not None or before.text.casefold() == "to") and said in (("bar",), ("save",))
    )
    return tuple(low[at : at + len(said)]) == said and not other


def _named(reading: Reading, begin: int, low: list[str]) -> list[Mention]:
    """Return the names that stand in one list behind the words that except them."""
    found: list[Mention] = []
    for mention in reading.entities:
        at = found[-1].last + 1 if found else begin
        between = low[at : mention.first] if mention.first >= at else None
        if between is None:
            continue
        near = len(between) <= REACH and not {",", ";", "(", "."} & set(between)
        if (bool(between) and set(between) <= _LISTS) if found else near:
            found.append(mention)
        else:
            break
    return found


def _last(reading: Reading, at: int, last: int, low: list[str]) -> int:
    """Return the last word of what is excepted: all up to the end behind ", which", in brackets or behind a semicolon, else the name."""
    end = next((k for k in range(len(low) - 1, -1, -1) if reading.words[k].kind != "mark"), last)
    behind = low[last + 1 : last + 3]
    if low[max(0, at - 1)] == "(":
        return next((k for k in range(last, len(low)) if low[k] == ")"), end)
    if low[max(0, at - 1)] == ";":
        return max(end, last)
    bracket = last + 1
    if behind[:1] == ["("]:
        bracket = next((k for k in range(last, len(low)) if low[k] == ")"), last) + 1
        last, behind = bracket - 1, low[bracket : bracket + 2]
    if behind[:1] == [","] and behind[1:] in (["which"], ["who"], ["where"], ["whose"], ["that"]):
        return next((k - 1 for k in range(last + 3, len(low)) if low[k] == ";" or (low[k] == "," and at == 0)), end)
    if behind[:1] in (["with"], ["at"]) and at:
        return end
    return last + (behind[:1] == [","] and at == 0)
