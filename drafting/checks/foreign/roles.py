"""Tell what a number is in its sentence, and whether a word is denied there: by the words beside them, of any text. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.words import Word
from drafting.checks.units import read_unit

DENIALS = frozenset(("not", "no", "never", "without", "none", "neither", "nor", "cannot"))
REACH = 4  # words before one within which a denial is of it
_CUTS = frozenset((";", "while", "whereas", "but", ".", ","))


@dataclass(frozen=True)
class Role:
    """What stands beside a number: the word of content before it, and the unit or word of content behind it."""

    before: str
    behind: str


def role(words: Sequence[Word], at: int) -> Role:
    """Return the role of a number in its clause."""
    before, behind = "", ""
    for word in reversed(words[:at]):
        if word.text in _CUTS or (word.value is None and _says(word)):
            before = "" if word.text in _CUTS else word.stem
            break
    for word in words[at + 1 :]:
        if word.text in _CUTS or word.value is not None:
            break
        if word.text == "%" or (word.kind in ("word", "code") and word.stem not in STOP):
            behind = word.stem
            break
    return Role(before, behind)


def _says(word: Word) -> bool:
    """Tell whether a word before a number says something of it: no unit of another number, no small word."""
    return word.kind in ("word", "code") and word.stem not in STOP and read_unit(word.text) is None


def denied(words: Sequence[Word], at: int) -> bool:
    """Tell whether a denial stands before a word in its clause."""
    low = [w.text.casefold() for w in words[max(0, at - REACH) : at]]
    cut = max((k + 1 for k, w in enumerate(low) if w in _CUTS), default=0)
    return bool(DENIALS & set(low[cut:]))
