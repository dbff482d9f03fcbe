"""Recompute a percentage in brackets from the two numbers before it: "8 of 12 (67 %)", "of the 10 batches, 7 (70 %)". Pure."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.values import equal, number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import Word, cut

APART, LEAST = 8, 2  # words between the two numbers, and before the bracket; numbers that make a share
ABOUT = "share"
_RATES = frozenset(("rate", "share", "proportion", "percentage"))
_AMOUNTS = frozenset((
    "corresponds", "corresponding", "corresponded", "equals", "equalling", "equivalent", "amounts", "amounting", "represents",
    "representing", "makes", "making", "i.e", "or", "is", "being",
))  # fmt: skip
_TO = frozenset(
    (
        "to",
        "a",
        "an",
        "share",
        "rate",
        "proportion",
        "of",
        "about",
        "approximately",
        "roughly",
        "nearly",
        "some",
        "up",
        ".",
        "the",
        "exactly",
    )
)
_WEAK = frozenset(("or", "is", "being", "makes", "making"))
_BEFORE = frozenset((",", "which", "that", "this", "(", "and"))
_PERCENT = ("percent", "%")


def held(found: Sequence[Judged], index: Index) -> list[Judged]:
    """Return the verdicts with a percentage supported that is that of the cells, where the two numbers before it are what is wrong."""
    return [_held(judged, found[max(0, k - LEAST) : k], index) for k, judged in enumerate(found)]


def _held(judged: Judged, pair: Sequence[Judged], index: Index) -> Judged:
    cells = [number_of(index.evidence.cell(*j.cell)) for j in pair if j.cell is not None]
    numbers = [n.value for n in cells if n is not None]
    if judged.about != ABOUT or judged.verdict is not Verdict.CONTRADICTED or len(numbers) < LEAST or not numbers[1]:
        return judged
    if not equal(cut(judged.quote)[0].value or Decimal(0), 100 * numbers[0] / numbers[1]):
        return judged
    return replace(judged, verdict=Verdict.SUPPORTED, message="", evidence="; ".join(j.evidence for j in pair))


def judge_share(reading: Reading, at: int) -> Judged | None:
    """Return the verdict on a percentage of one number of another; None where a number is none."""
    words, earlier = reading.words, [n for n in reading.numbers if n < at][-LEAST:]
    if len(earlier) < LEAST or at + 1 >= len(words) or words[at + 1].text.casefold() not in _PERCENT:
        return None
    first, second = earlier
    rate = _rate_of(reading, at, first, second) or _corresponding(reading, at, first, second)
    if rate is not None:
        return rate
    lead = [w.text.casefold() for w in words[max(0, first - LEAST) : first]]
    between = [w.text.casefold() for w in words[first + 1 : second]]
    tail = [w.text for w in words[second + 1 : at]]
    if tail[-1:] != ["("] or {",", ")", "and"} & set(tail) or len(tail) > APART or len(between) > APART:
        return None
    if ("of" in between or between in (["-"], ["–"])) and not {",", "(", "and"} & set(between):
        part, whole = value_of(words[first]), value_of(words[second])
    elif "of" in lead and len(tail) == 1:
        part, whole = value_of(words[second]), value_of(words[first])
    else:
        return None
    return _told(words[at], part, whole) if whole and part <= whole else None


def _rate_of(reading: Reading, at: int, first: int, second: int) -> Judged | None:
    """Return the verdict on a rate that the sentence says of the only two numbers before it: "with 2 of 28 rejected, the rate was 7.1 %"."""
    words = reading.words
    between = [w.text.casefold() for w in words[first + 1 : second]]
    named = {w.stem for w in words[second + 1 : at]} & _RATES and words[second + 1].kind == "word"
    alone = len(reading.numbers) == LEAST + 1 and not {m for m in reading.entities if m.first > second}
    part, whole = value_of(words[first]), value_of(words[second])
    said = named and alone and between in (["of"], ["of", "the"]) and whole and part <= whole
    return _told(words[at], part, whole) if said else None


def _corresponding(reading: Reading, at: int, first: int, second: int) -> Judged | None:
    """Return the verdict on what two numbers of a sentence are said to correspond to: "17 of the 34, which corresponds to 50 %"."""
    between = [w.text.casefold() for w in reading.words[first + 1 : second]]
    part, whole = value_of(reading.words[first]), value_of(reading.words[second])
    of = between in (["of"], ["of", "the"], ["out", "of"], ["out", "of", "the"], ["of", "all"])
    apposed = of and apposition(reading, at).start > second
    return _told(reading.words[at], part, whole) if apposed and whole and part <= whole else None


def apposition(reading: Reading, at: int) -> range:
    """Return the words that say a percentage of what was counted before it, with that: ", which corresponds to 50 %"; none where none do."""
    low = [w.text.casefold() for w in reading.words]
    lead = at - 1
    while lead > 0 and low[lead] in _TO:
        lead -= 1
    begin = lead
    while begin > 0 and low[begin - 1] in _BEFORE:
        begin -= 1
    said = lead > 0 and low[lead] in _AMOUNTS and low[at + 1 : at + 2] in (["%"], ["percent"])
    return range(begin, at + 2) if said and (begin < lead or low[lead] not in _WEAK) else range(0)


def _told(word: Word, part: Decimal, whole: Decimal) -> Judged:
    share = 100 * part / whole
    right = equal(value_of(word), share)
    message = "" if right else f"'{word.text}' is contradicted: {part} of {whole} are {share:.2f} percent."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return Judged(word.start, word.end, word.text, "number", verdict, ABOUT, message, "the text itself")
