"""Read the unit that ends a header: "yield_pct" is the yield in %, "batch_size_kg" a size in kg. Pure."""

import re

_UNITS = {
    "pct": "%", "percent": "%", "mg": "mg", "kg": "kg", "mcg": "mcg", "ug": "ug", "ml": "mL", "mm": "mm", "cm": "cm", "um": "um", "kn": "kN",
    "kpa": "kPa", "mpa": "MPa", "mbar": "mbar", "ppm": "ppm", "ppb": "ppb", "rpm": "rpm", "hours": "h", "minutes": "min", "seconds": "s",
    "days": "days", "weeks": "wk", "months": "months", "years": "years",
}  # fmt: skip
_ENDS = re.compile(r"(?P<bare>.*[^\W_])[_ ]+(?P<unit>[A-Za-z]+)")


def parted(header: str) -> tuple[str, str]:
    """Return a header without the unit that ends it, and that unit; "" where none does."""
    found = _ENDS.fullmatch(header.strip())
    unit = _UNITS.get(found["unit"].casefold(), "") if found else ""
    return (found["bare"], unit) if found and unit else (header, "")
