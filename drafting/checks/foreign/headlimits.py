"""Read the limits that stand in the headers of a table, or in the row of units below: "Assay [%] (98.0 - 102.0)", "mbar (limit 12)". Pure."""

import re
from collections.abc import Sequence

from drafting.checks.foreign.grids import unit_of

HEADER = ("parameter", "lower limit", "upper limit", "unit")
_NUMBER = r"(\d+(?:\.\d+)?)"
_UPPER = re.compile(rf"(?:NMT|not more than|max\.?|<=?|≤|limit)\s*{_NUMBER}", re.IGNORECASE)
_LOWER = re.compile(rf"(?:NLT|not less than|min\.?|>=?|≥)\s*{_NUMBER}", re.IGNORECASE)
_RANGE = re.compile(rf"{_NUMBER}\s*(?:-|–|to)\s*{_NUMBER}", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:alert|action|warning)\b", re.IGNORECASE)  # of which the text must say which it means


def headed_limits(header: Sequence[str], notes: Sequence[str]) -> list[tuple[str, ...]]:
    """Return a table of the limits that headers say, its header first; empty where they say none."""
    rows = []
    for at, title in enumerate(header):
        note = notes[at] if at < len(notes) else ""
        said = [*re.findall(r"[(\[]([^)\]]{1,40})[)\]]", title), *re.findall(r"[(\[]([^)\]]{1,40})[)\]]", note)]
        bounds = [bound for text in said if not _SEVERAL.search(text) for bound in [_bounds(text.strip())] if bound]
        if len(bounds) == 1:
            units = [unit for text in (note, *said) for unit in [unit_of(text)] if unit]
            rows.append((title.strip(), *bounds[0], units[0] if units else ""))
    return [HEADER, *rows] if rows else []


def _bounds(text: str) -> tuple[str, str] | None:
    """Return the lower and upper limit that a bracket says, "" where it says none of a side; None where it says no limit."""
    both, upper, lower = _RANGE.fullmatch(text), _UPPER.fullmatch(text), _LOWER.fullmatch(text)
    if both:
        return both[1], both[2]
    return ("", upper[1]) if upper else (lower[1], "") if lower else None
