"""Hold values against a span in which they are said to lie, whose ends need not be their own: "was within the range of 80 % to 125 %". Pure."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from drafting.checks.foreign.aggregates import range_end, sampled
from drafting.checks.foreign.attributes import attribute_of
from drafting.checks.foreign.comparing import told
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_LIMITS = frozenset(("limit", "limits", "specification", "specifications", "criteria", "criterion"))  # judged as such
_OPENS = (("within",), ("in", "the", "range"), ("inside",))
REACH = 5  # words from "within" to the lower end


def held(found: Sequence[Judged], reading: Reading, text: "Text") -> list[Judged]:
    """Return verdicts in which both ends of a span are right where all values of what is spoken of lie in it, and open where a part is meant."""
    out = list(found)
    for low, high in pairwise(reading.numbers):
        if not _opened(reading, low) or range_end(reading, low) != {"min"} or range_end(reading, high) != {"max"}:
            continue
        inside = _inside(reading, low, high, text)
        for k, judged in enumerate(out):
            at = next((n for n in (low, high) if reading.words[n].start == judged.start), None)
            if at is None or inside is None or judged.about == "limit":
                continue
            if inside[0]:
                out[k] = told(reading, at, Verdict.SUPPORTED, about="span", evidence=inside[1])
            elif len(reading.numbers) > 2 and judged.verdict is Verdict.CONTRADICTED:  # noqa: PLR2004 - the two of the span
                message = f"'{judged.quote}' is the end of a span of values that the sentence narrows: these are open."
                out[k] = replace(judged, verdict=Verdict.NOT_FOUND, message=message)
    return out


def _opened(reading: Reading, low: int) -> bool:
    """Tell whether the words before the lower end say that values lie in the span, of which no limit is said."""
    before = tuple(w.text.casefold() for w in reading.words[max(0, low - REACH) : low])
    starts = [k for k in range(len(before)) for run in _OPENS if before[k : k + len(run)] == run]
    return bool(starts) and not _LIMITS & set(before[starts[-1] :])


def _inside(reading: Reading, low: int, high: int, text: "Text") -> tuple[bool, str] | None:
    """Return whether all values of the attribute that is said lie in the span, and where they stand; None where there are none."""
    said = attribute_of(reading, low, text.index)
    stems = said.stems - set(STATISTICS) if said is not None and said.last < low else frozenset[str]()
    values, place, _ = next(iter(sampled(stems, reading, low, text)), ([], "", None)) if stems else ([], "", None)
    ends = value_of(reading.words[low]), value_of(reading.words[high])
    return (all(ends[0] <= v <= ends[1] for v in values), place) if values else None
