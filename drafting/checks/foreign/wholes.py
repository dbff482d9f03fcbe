"""See to it that statements about all, none or a limit are judged as a whole: what nothing judged is not found, whatever its numbers are. Pure."""

from collections.abc import Iterator, Sequence

from drafting.checks.foreign.conclusions import LIMIT_SAID, OUTSIDE, WITHIN, conforming, limit_said
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.scope import Scope
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS

_WHOLE = frozenset(("all", "every", "each", "no", "none", "neither", "never", "without", "not"))
_DENIALS = _WHOLE - {"all", "every", "each"}
_NO_WHOLE = (("more", "than"), ("less", "than"), ("later", "than"), ("fewer", "than"), ("only",), (".",))
_MADE = frozenset((*STATISTICS, "rate", "share", "mean", "comparison"))  # what is recomputed of many records
_OUTERMOST = frozenset(("highest", "lowest", "largest", "smallest", "greatest"))
_ENDS = frozenset((",", ";", ".", "while", "but", ")"))
REACH = 5  # words behind a denial within which a verdict is one on what is denied


def judge_limits(reading: Reading, found: Sequence[Judged], text: Text) -> Iterator[Judged]:
    """Return the verdict on what one thing is said to do to its limits: "batch 7 failed the limit of impurities"."""
    low = [w.text.casefold() for w in reading.words]
    named = tuple(key for m in reading.entities for key in m.what)
    said = [k for k, w in enumerate(low) if w in WITHIN or w in OUTSIDE]
    if not named or not said or not limit_said(reading, said[0]) or _covered(reading, said[0], len(low) - 1, found):
        return
    at, scope = said[0], next(iter(scopes(reading, text)))
    denied = bool({"not", "never"} & set(low[max(0, at - 3) : at]))
    last = next((k for k in range(at, len(low)) if reading.words[k].stem in LIMIT_SAID), at)
    judged = conforming(reading, at, last, Scope(scope.entities), text, inside=(low[at] in WITHIN) != denied)
    if judged is not None:
        yield judged


def judge_wholes(reading: Reading, found: Sequence[Judged]) -> Iterator[Judged]:
    """Return "not found" for each statement about all, none or a limit that nothing has judged as a whole."""
    low = [w.text.casefold() for w in reading.words]
    for at, word in enumerate(low):
        whole = word in _WHOLE and not _idle(low, at) and not _numbered(reading, at) and not _among(reading, at, found)
        limited = (word in WITHIN or word in OUTSIDE) and limit_said(reading, at) and low[at + 1 : at + 2] != ["-"]
        last = next((k - 1 for k in range(at + 1, len(low)) if low[k] in _ENDS), len(low) - 1)
        if (whole or limited) and last > at and not _covered(reading, at, last, found):
            words = reading.words[at : last + 1]
            quote = " ".join(w.text for w in words)
            message = f"'{quote}' could not be held against the evidence as a whole."
            yield Judged(words[0].start, words[-1].end, quote, "word", Verdict.NOT_FOUND, "statement", message)
            return


def _idle(low: list[str], at: int) -> bool:
    """Tell whether a word says nothing about all or none here: "not more than", "not 99.7 %", "no. 7", "at all", "without" in brackets."""
    behind = tuple(low[at + 1 : at + 3])
    if low[at] == "not" and [w[:1].isdigit() for w in behind if w != "exceed"][:1] == [True]:
        return True  # of the number, which has a verdict of its own
    return any(behind[: len(phrase)] == phrase for phrase in _NO_WHOLE) or low[max(0, at - 1) : at] in (
        ["at"],
        ["not"],
        ["or"],
    )


def _numbered(reading: Reading, at: int) -> bool:
    """Tell whether "all" only says with a number of how many a figure is: "over all 24 batches"."""
    words = reading.words
    lead = words[at - 1].text.casefold() if at else ""
    return words[at].text.casefold() == "all" and lead in ("of", "over", "across") and at + 1 in reading.numbers


def _among(reading: Reading, at: int, found: Sequence[Judged]) -> bool:
    """Tell whether "all" only says of what records a figure that was recomputed is: "the mean of all batches", "across all fills"."""
    words, lead = reading.words, reading.words[at - 1].text.casefold() if at else ""
    fronted = at <= 2 and lead in ("over", "across", "in")  # noqa: PLR2004 - "taken", "over"
    portion = [w.text for w in words[max(0, at - 2) : at]] == ["%", "of"]
    said = (
        fronted
        or portion
        or (lead in ("of", "over", "across", "for") and bool({w.stem for w in words[:at]} & set(STATISTICS)))
    )
    return said and any(
        j.kind in ("number", "word")
        and j.verdict is not Verdict.NOT_FOUND
        and (j.about.split(" of ")[0] in _MADE or j.quote.casefold().split()[-1] in _OUTERMOST)
        for j in found
    )


def _covered(reading: Reading, at: int, last: int, found: Sequence[Judged]) -> bool:
    """Tell whether a verdict on words spans a word, or stands within reach behind it in its clause."""
    words = reading.words
    reach = 2 * REACH if words[at].text.casefold() == "neither" else REACH  # two things stand between
    first, near = words[at].start, words[min(at + reach, last)].end
    return any(
        (j.kind == "word" or (j.kind == "name" and j.evidence))  # of a name: what it is tied to
        and (j.start <= first < j.end or (words[at].text.casefold() in _DENIALS and first <= j.start < near))
        for j in found
    )
