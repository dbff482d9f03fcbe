"""Words that name a feature of a figure, and those that only their form gives: the ends of a range or a change, a part and its whole. Pure."""

import re
from dataclasses import dataclass

from drafting.checks.meanings import GAP

_RANGE = re.compile(
    rf"(?P<lead>\b(?:between|from)\s+(?:the\s+)?)?{GAP}(?: \([^()]*\))?(?P<link> (?:to|until|through|and|–|-) ){GAP}",
    re.IGNORECASE,
)
_EXTREMES = re.compile(r"\bbetween\s|\bextremes?\b|\brang|\bvar(?:y|ied|ies)", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:rose|risen|fell|fallen|dropped|declined|decreased|increased|diminished|climbed|grew|shrank|moved|changed|went (?:up|down)|improved|worsened)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mention:
    """Words that name a feature, in a sentence read without what its references print."""

    feature: str
    start: int
    end: int
    denied: bool = False


def add_formed(found: dict[str, list[Mention]], text: str, *, labelled: bool) -> None:
    """Add what the form of the words says: the ends of a range, what was before a change and after it, a part and its whole.

    `labelled` tells that the sentence names an attribute: only of one is "fell from 5 to 3" a change and no range.
    """
    for match in _RANGE.finditer(text):
        if match["link"].strip() == "to" and labelled and _MOVED.search(text[: match.start()]):
            _moved(found, text, match)
        else:
            _range(found, text, match)
    for match in re.finditer(
        rf"(?P<part>{GAP})? ?\b(?:out )?of (?:the |a total of |its |these |those )?(?P<whole>{GAP})",
        text,
        re.IGNORECASE,
    ):
        if match["part"]:
            found.setdefault("part", []).append(Mention("part", match.start(), match.start() + 1))
        if match["part"] or re.fullmatch(r"|.*[;,.] ", text[: match.start()].rstrip("Oo")):
            found.setdefault("whole", []).append(Mention("whole", match.end() - 1, match.end()))


def _moved(found: dict[str, list[Mention]], text: str, match: re.Match[str]) -> None:
    """Add the ends of a change: "fell from 5 to 3"."""
    first, second = text.index(GAP, match.start()), match.end() - 1
    found.setdefault("previous", []).append(Mention("previous", first, first + 1))
    for at in (first, second):
        found.setdefault("mean", []).append(Mention("mean", at, at + 1))


def _range(found: dict[str, list[Mention]], text: str, match: re.Match[str]) -> None:
    """Add the ends of a range, of an interval where the words before it speak of one."""
    before = text[max(0, match.start() - 40) : match.end()]
    if match["link"].strip() == "and" and not (match["lead"] or _EXTREMES.search(before)):
        return
    first, second = text.index(GAP, match.start()), match.end() - 1
    extremes = not re.search(r"\b(?:interval|confidence)\b[^;,]*$", text[max(0, first - 40) : first], re.IGNORECASE)
    low = ("low", "start", "min") if extremes else ("low", "start")
    high = ("high", "end", "max") if extremes else ("high", "end")
    found["start"] = [m for m in found.get("start", ()) if not match.start() <= m.start < first]  # of the first end alone
    for names, at in ((low, first), (high, second)):
        for name in names:
            found.setdefault(name, []).append(Mention(name, at, at + 1))
    if text[max(0, first - 1) : first] == "(":
        found.setdefault("interval", []).append(Mention("interval", first, first + 1))
