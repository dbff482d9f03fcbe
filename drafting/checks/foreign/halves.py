"""Part a sentence at a semicolon between two statements: each has a subject and a verb of its own. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from drafting.checks.foreign.words import Line

_VERBS = frozenset(("was", "were", "is", "are", "has", "have", "had", "remain", "remains", "did", "lay"))
_STAYS = frozenset(("exception", "exceptions", "respectively", "former", "latter"))  # what follows is of the first half
LEAST = 4  # words of a half


def halves(line: Line) -> Iterator[Line]:
    """Return the statements of a line that semicolons part, each with a stop at its end; the line itself where it is none or one."""
    low = [w.text.casefold() for w in line.words]
    cuts = [k for k, w in enumerate(low) if w == ";" and low[:k].count("(") == low[:k].count(")")]
    bounds = [-1, *cuts, len(low)]
    parts = [range(a + 1, b) for a, b in pairwise(bounds)]
    whole = all(len(part) >= LEAST and _VERBS & {low[k] for k in part} for part in parts)
    if not cuts or low[-1] != "." or not whole or _STAYS & set(low):
        yield line
        return
    for part in parts:
        end = part.stop if part.stop < len(low) else part.stop - 1
        stop = replace(line.words[end], text=".", stem=".")
        words = (*line.words[part.start : end], stop)
        yield Line(words[0].start if part.start else line.start, stop.end, words)
