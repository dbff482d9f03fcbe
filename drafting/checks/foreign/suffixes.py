"""Read the unit that ends a header: "yield_pct" is the yield in %, "titer_g_L" a titer in g/L, "bioburden_CFU_10mL" one in CFU/10 mL. Pure."""

import re

from drafting.checks.units import read_unit

_UNITS = {
    "pct": "%", "percent": "%", "mg": "mg", "kg": "kg", "mcg": "mcg", "ug": "ug", "ml": "mL", "mm": "mm", "cm": "cm", "um": "um", "kn": "kN",
    "kpa": "kPa", "mpa": "MPa", "mbar": "mbar", "ppm": "ppm", "ppb": "ppb", "rpm": "rpm", "hours": "h", "minutes": "min", "seconds": "s",
    "days": "days", "weeks": "wk", "months": "months", "years": "years",
}  # fmt: skip
_ABOVE = {
    unit.casefold(): unit
    for unit in (
        "ng",
        "pg",
        "ug",
        "mcg",
        "mg",
        "g",
        "kg",
        "CFU",
        "PFU",
        "EU",
        "IU",
        "U",
        "mL",
        "uL",
        "L",
        "mmol",
        "umol",
        "mol",
        "uS",
        "mS",
        "particles",
        "mN",
        "kN",
    )
}  # fmt: skip - what stands above a line; "t", "m" or "s" may be anything
_BELOW = {unit.casefold(): unit for unit in (
    "ng", "ug", "mg", "g", "kg", "mL", "L", "dL", "uL", "m2", "m3", "cm", "cm2", "cm3", "mm", "h", "plate", "swab", "tablet", "vial", "capsule", "dose", "mol",
    "mmol",
)}  # fmt: skip
_SCALES = re.compile(r"(?:x?10|1)?e(\d{1,2})(?:cells?|vc)?", re.IGNORECASE)
_VOLUMES = frozenset(("ml", "ul", "l"))
_COUNTED = frozenset(("cells", "cell", "copies", "vp", "vg"))  # the units of nothing else: what a scale may count
_ENDS = re.compile(r"(?P<bare>.*[^\W_])[_ ]+(?P<unit>[A-Za-z]+)")
_OVER = re.compile(
    r"(?P<bare>.*[^\W_])[_ ]+(?P<above>(?!per[_ ]|\d+[_ ])[A-Za-z0-9]+)[_ ]+(?:per[_ ]+)?(?P<many>\d{1,4})?[_ ]?(?P<below>[A-Za-z]+[23]?)"
)


def parted(header: str) -> tuple[str, str]:
    """Return a header without the unit that ends it, and that unit; "" where none does, or it is open which."""
    whole = header.strip()
    over = _OVER.fullmatch(whole)
    unit = _quotient(over) if over else ""
    if over and unit:
        return over["bare"], unit
    found = _ENDS.fullmatch(whole)
    if found and found["unit"] == "C" and "temp" in found["bare"].casefold():
        return found["bare"], "°C"
    single = _UNITS.get(found["unit"].casefold(), "") if found else ""
    if not found or not single:
        return header, ""
    before = re.split(r"[_ ]+", found["bare"])[-1].casefold()
    return found["bare"], "" if before in _UNITS or before in _COUNTED else single


def _quotient(found: re.Match[str]) -> str:
    """Return the unit of two words, one over the other: "ng", "mg" is ng/mg, "e6", "mL" millions in 1 mL."""
    below, above = _BELOW.get(found["below"].casefold(), ""), found["above"].casefold()
    scale = _SCALES.fullmatch(above)
    if not below:
        return ""
    if scale or above in _COUNTED:
        return f"10^{scale[1]}/{below}" if scale else f"{above}/{below}"
    many = f"{found['many']} " if found["many"] else ""
    flow = above in _VOLUMES and below != "h"  # "L_mg" ends no header as one unit
    unit = f"{_ABOVE[above]}/{many}{below}" if above in _ABOVE and not flow else ""
    return unit if unit and read_unit(unit) else ""


def within(header: str) -> str:
    """Return the one compound unit that stands in a header, wherever: "Max CFU/m3 (active air)"; "" where none or several do."""
    words = (word.strip("()[],;") for word in header.split())
    found = {word for word in words if "/" in word.strip("/") and read_unit(word)}
    return found.pop() if len(found) == 1 else ""
