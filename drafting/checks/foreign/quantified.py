"""Read of how many results a comparison is said: "in nine batches", "ten of the fifteen", "all but one", "only once", "in every run". Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from drafting.checks.foreign.counting import PLAIN, directly
from drafting.checks.foreign.covering import labelled
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.quantities import quantity_at
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.units import read_unit

_EACH = frozenset(("all", "every", "each", "any"))
_TIMES = {"once": 1, "twice": 2}
_OFTEN = frozenset(("times", "occasion", "occasions"))
_DENIALS = frozenset(("not", "never", "no", "none"))
_BACK = frozenset(("it", "its", "they", "their", "this", "these", "those", "that", "which"))
_ENDS = frozenset((",", ";", ".", "(", ")", "and", "but", "while"))
_VERBS = frozenset(
    ("had", "have", "has", "was", "were", "is", "are", "lay", "stayed", "remained", "showed", "gave", "met", "kept", "did")
)
_SMALL = frozenset((
    "with", "one", "more", "less", "than", "below", "above", "under", "over", "at", "or", "exceed", "exceeded", "exceeding", "limit", "only",
    "except", "save", "bar", "apart", "higher", "lower", "fewer", "testing",
))  # fmt: skip
_KINDS = {"count": "count", "all": "all", "both": "all", "none": "none", "butting": "butting"}
REACH = 3  # words between a denial and what it denies, or a quantifier and its noun


@dataclass(frozen=True)
class Quantified:
    """Of how many of what: count, all, none, butting (all but so many) or times; the words that say it, and the numbers among them."""

    kind: str
    noun: str
    at: int | None  # the noun, where there is one
    words: tuple[int, int]
    part: int | None = None
    whole: int | None = None
    times: int = 0
    idle: frozenset[int] = field(default_factory=frozenset)  # numbers that only belong to other words: "every one of"
    names: tuple[tuple[str, str], ...] = ()  # of which alone it is said
    phrase: tuple[int, int] = (0, -1)  # the words of what is counted, from how many to the noun


def quantified(reading: Reading, threshold: int, first: int, index: Index, *, stated: bool) -> Quantified | None:
    """Return of how many a comparison (from `first` to its number) is said; `stated` where it holds its own denial. None where it is open."""
    if directly(reading, threshold):
        return None  # "not more than three batches" is a number of batches
    return (
        _often(reading, threshold)
        or _only(reading, threshold)
        or _of_noun(reading, threshold, first, index, stated=stated)
        or _of_results(reading, threshold, first)
        or _of_each(reading, threshold, first, index)
        or _of_every(reading, threshold, first, stated=stated)
    )


def _often(reading: Reading, threshold: int) -> Quantified | None:
    low = [w.text.casefold() for w in reading.words]
    for at, word in enumerate(low):
        if word in _TIMES and _counts_times(low, at):
            return Quantified("times", "result", None, (at, at), times=_TIMES[word])
        if word in _OFTEN and at - 1 in reading.numbers and at - 1 != threshold and _counts_times(low, at):
            return Quantified("times", "result", None, (at - 1, at), part=at - 1, times=int(value_of(reading.words[at - 1])))
    return None


def _only(reading: Reading, threshold: int) -> Quantified | None:
    """Return of whom alone something is said: "only A and B exceeded", "A was the only batch with"."""
    low = [w.text.casefold() for w in reading.words]
    at = next((k for k, w in enumerate(low) if w == "only" and k < threshold), None)
    before = [m for m in reading.entities if m.last < threshold and len(m.what) == 1]
    if at is None or not before or len(before) != len([m for m in reading.entities if m.last < threshold]):
        return None
    between = {w for a, b in pairwise(before) for w in low[a.last + 1 : b.first]}
    nouns = {noun for m in before for noun, _ in m.what}
    led = at <= 1 and before[0].first in (at + 1, at + 2)
    stated = before[0].first <= 1 and at > before[-1].last and low[at - 1] == "the"
    if not (led or stated) or not between <= {",", "and", "&"} or len(nouns) != 1:
        return None
    names = tuple(key for m in before for key in m.what)
    words = (min(at, before[0].first), max(at, before[-1].last))
    return Quantified("only", next(iter(nouns)), None, words, names=names)


def _counts_times(low: list[str], at: int) -> bool:
    """Tell whether a word says how often something was: not "once the limit was passed", "three times as high"."""
    behind = low[at + 1] if at + 1 < len(low) else "."
    return low[max(0, at - 1)] in ("only", "just", "exactly") or behind in _ENDS or behind in ("in", "at", "during", "over")


def _nouns(reading: Reading, index: Index) -> Iterator[tuple[int, str]]:
    """Return what rows are called, and what a key's header of two words ends with: the "lots" of "dp lot"; none that a name stands beside."""
    ends = {noun.split()[-1] for noun in index.evidence.nouns}
    named = {n.split()[-1] for m in reading.entities for n, _ in m.what}
    known = dict(reading.nouns)
    for at, word in enumerate(reading.words):
        noun = known.get(at, word.stem if word.kind == "word" and word.stem in ends else "")
        if noun and noun.split()[-1] not in named:
            yield at, noun


def _of_noun(reading: Reading, threshold: int, first: int, index: Index, *, stated: bool) -> Quantified | None:
    low = [w.text.casefold() for w in reading.words]
    for at, noun in _nouns(reading, index):
        passed = frozenset(
            k for k in range(max(0, at - REACH - 1), at) if reading.words[k].kind == "word" and low[k] not in STOP
        )
        found = quantity_at(reading, at, passed)
        span = (min(first, at), max(threshold, at))
        any_at = next((k for k in range(max(0, at - REACH), at) if low[k] == "any"), None)
        denied = stated or bool(_DENIALS & set(low[max(0, first - REACH) : first]))
        if any_at is not None and denied and not _DENIALS & set(low[:1]):
            return Quantified("all", noun, at, (min(first, any_at), span[1]))
        if found is None or found.kind not in _KINDS or threshold in (found.part, found.whole):
            continue
        each = found.part is not None and low[found.part - 1 : found.part] == ["every"]  # "every one of the 15 lots"
        kind = "all" if each else _KINDS[found.kind]
        if (kind in ("count", "butting") and found.part is None) or (kind == "none" and found.first > first):
            continue
        less = _less(reading, low, at, threshold) if kind == "all" else None
        if less is not None:
            return Quantified(
                "butting", noun, at, (min(found.first, less), max(at, less)), less, found.whole, phrase=(found.first, at)
            )
        idle = frozenset((found.part,)) if each and found.part is not None else frozenset[int]()
        words = (found.first, found.first + 2) if kind == "butting" else (min(found.first, first), span[1])
        return Quantified(
            kind, noun, at, words, None if each else found.part, found.whole, idle=idle, phrase=(found.first, at)
        )
    return None


def _less(reading: Reading, low: list[str], noun: int, threshold: int) -> int | None:
    """Return the number of those that are left out right behind what is counted: "in all runs except two"."""
    behind = noun + 2 + (low[noun + 1 : noun + 3] in (["except", "for"], ["apart", "from"], ["save", "for"]))
    led = low[noun + 1 : noun + 2] in (["except"], ["but"], ["save"], ["bar"], ["apart"])
    return behind if led and behind in reading.numbers and behind != threshold else None


def _of_results(reading: Reading, threshold: int, first: int) -> Quantified | None:
    """Return what "no result was above" says."""
    low = [w.text.casefold() for w in reading.words]
    at = low.index("no") if "no" in low[:first] else None
    if at is None or not {"result", "value"} & {w.stem for w in reading.words[at:first]}:
        return None
    return Quantified("none", "result", None, (at, threshold))


def _of_each(reading: Reading, threshold: int, first: int, index: Index) -> Quantified | None:
    """Return what "in every run" says of things that the evidence calls otherwise: what holds of all rows holds of these."""
    low = [w.text.casefold() for w in reading.words]
    nouns = {k for k, _ in _nouns(reading, index)}
    for at in range(len(low) - 2):
        less = _less(reading, low, at + 1, threshold)
        if (
            low[at] in ("every", "each", "all")
            and less is not None
            and reading.words[at + 1].kind == "word"
            and at + 1 not in nouns
        ):
            return Quantified("butting", "", at + 1, (at, less), less)
        alone = low[at + 2] in _ENDS and reading.words[at + 1].kind == "word" and at + 1 not in nouns
        if low[at] in ("every", "each", "all") and alone:
            return Quantified("all", "", at + 1, (min(at, first), max(at + 1, threshold)))
    return None


def _of_every(reading: Reading, threshold: int, first: int, *, stated: bool) -> Quantified | None:
    """Return what a bound without any quantity says: of all that the text speaks of, "in the batches tested, X did not exceed 5"."""
    low = {w.text.casefold() for w in reading.words}
    if not stated or reading.entities or _BACK & low or _EACH & low:
        return None
    noun = next((n for _, n in reading.nouns), "")
    at = next((k for k, _ in reading.nouns), None)
    return Quantified("all", noun, at, (first, threshold))


def unsure(reading: Reading, said: Quantified, table: int, index: Index) -> bool:
    """Tell whether words beside what is counted narrow it by what the evidence does not hold: then nothing contradicts it."""
    words, low = reading.words, [w.text.casefold() for w in reading.words]
    if said.kind != "times" and said.noun == "" and said.at is not None:
        return True  # what these are is not known
    spans = [range(said.words[1] + 1, len(words))]
    if said.at is not None:
        spans.append(range(max(0, said.at - REACH), said.at))
        spans.append(range(said.at + 1, len(words)))
    covered = {k for m in (*reading.values, *reading.entities) for k in range(m.first, m.last + 1)}
    covered |= {k for p in reading.periods for k in range(p.first, p.last + 1)}
    initials = frozenset(stems_of(index.evidence.tables[table].name))
    for span in spans:
        for k in span:
            if low[k] in _ENDS or (low[k] in _VERBS and span.stop == len(words)):
                break
            if k in covered or k in reading.numbers or words[k].kind != "word" or _known(reading, k, table, index):
                continue
            both = "".join(w[0] for w in low[k : k + 2]), "".join(w[0] for w in low[max(0, k - 1) : k + 1])
            if not initials & set(both):
                return True
    return False


def _known(reading: Reading, at: int, table: int, index: Index) -> bool:
    word, low = reading.words[at], reading.words[at].text.casefold()
    nouns = {part for noun in (*index.row_nouns, *index.evidence.nouns) for part in noun.split()}
    plain = low in STOP or low in PLAIN or word.stem in PLAIN or low in _SMALL or low in _VERBS or word.stem in nouns
    return plain or read_unit(word.text) is not None or labelled(low, table, index) or word.stem in index.tokens
