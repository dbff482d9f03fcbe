"""Units of the field with exact factors, named as UCUM names them: read one, and convert between commensurable ones. Pure.

A unit is a dimension (powers of base names) and a factor, both exact. What differs in kind differs in dimension, so that nothing is
converted between kinds: % w/w is mass by mass, % w/v is mass by volume, a bare % is neither; a temperature is no temperature
difference; a tablet is no vial. What stands where a unit would stand and is not known is told as unknown, never dropped or guessed.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

Dimension = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Unit:
    """A unit: `value * factor + offset` is the value in the base of its dimension."""

    code: str
    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)

    @property
    def difference(self) -> "Unit":
        """Return the unit for differences of this one: 3 °C apart is no temperature of 3 °C."""
        if self.dimension != TEMPERATURE:
            return self
        return Unit(f"{self.code}{{difference}}", (("K{difference}", 1),), self.factor)


@dataclass(frozen=True)
class UnitFound:
    """What stands behind a number: the unit, or the text of one that is not known, and where it ends."""

    end: int
    unit: Unit | None
    unknown: str = ""


TEMPERATURE: Dimension = (("K", 1),)


def converted(value: Fraction, unit: Unit, into: Unit) -> Fraction | None:
    """Return a value in another unit, exact; None where the two are not of one kind."""
    if unit.dimension != into.dimension:
        return None
    return (value * unit.factor + unit.offset - into.offset) / into.factor


def read_unit(text: str) -> Unit | None:
    """Return the unit that a whole text names; None where it names none."""
    found = unit_at(f"1 {text.strip()}", 1)
    return found.unit if found and found.end == len(text.strip()) + 2 else None


def _f(text: str) -> Fraction:
    """Read an exact factor: a decimal, or a quotient of two."""
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or "1")


_PREFIX = {"k": "1000", "M": "1000000", "h": "100", "d": "1/10", "c": "1/100", "m": "1/1000", "µ": "1/1000000", "n": "1/1000000000", "p": "1/1000000000000"}  # fmt: skip
_SCALED = (  # names, code, prefixes it takes, factor, dimension
    ("g", "g", "kmµnp", "1", {"g": 1}), ("L l", "L", "hdcmµn", "1/1000", {"m": 3}), ("m", "m", "kdcmµn", "1", {"m": 1}),
    ("mol", "mol", "kmµnp", "1", {"mol": 1}), ("M", "mol/L", "mµn", "1000", {"mol": 1, "m": -3}), ("s", "s", "mµn", "1", {"s": 1}),
    ("Pa", "Pa", "kMhm", "1000", {"g": 1, "m": -1, "s": -2}), ("bar", "bar", "m", "100000000", {"g": 1, "m": -1, "s": -2}),
    ("N", "N", "kMmµ", "1000", {"g": 1, "m": 1, "s": -2}), ("J", "J", "kMm", "1000", {"g": 1, "m": 2, "s": -2}),
    ("W", "W", "kMm", "1000", {"g": 1, "m": 2, "s": -3}), ("V", "V", "kmµ", "1", {"V": 1}), ("A", "A", "mµ", "1", {"A": 1}),
    ("Hz", "Hz", "kM", "1", {"s": -1}), ("S", "S", "mµ", "1", {"S": 1}), ("Gy", "Gy", "k", "1", {"m": 2, "s": -2}),
    ("Da", "u", "kM", "1", {"u": 1}), ("IU I.U.", "[IU]", "kMm", "1", {"[IU]": 1}), ("EU E.U.", "[EU]", "km", "1", {"[EU]": 1}),
    ("Eq", "eq", "mµ", "1", {"eq": 1}), ("Osm Osmol", "osm", "m", "1", {"osm": 1}), ("AU", "[AU]", "m", "1", {"[AU]": 1}),
    ("Bq", "Bq", "kM", "1", {"Bq": 1}), ("P", "P", "cm", "100", {"g": 1, "m": -1, "s": -1}),
)  # fmt: skip
_NAMED = (  # names, code, factor, dimension
    ("mcg ug", "ug", "1/1000000", {"g": 1}), ("t tonne tonnes", "t", "1000000", {"g": 1}), ("lb lbs", "[lb_av]", "453.59237", {"g": 1}),
    ("gram grams", "g", "1", {"g": 1}), ("milligram milligrams", "mg", "1/1000", {"g": 1}), ("kilogram kilograms kilos Kg", "kg", "1000", {"g": 1}),
    ("microgram micrograms", "ug", "1/1000000", {"g": 1}), ("liter liters litre litres", "L", "1/1000", {"m": 3}),
    ("milliliter milliliters millilitre millilitres", "mL", "1/1000000", {"m": 3}), ("um micron microns", "um", "1/1000000", {"m": 1}),
    ("uL ul", "uL", "1/1000000000", {"m": 3}), ("cc", "cm3", "1/1000000", {"m": 3}), ("Å", "Ao", "1/10000000000", {"m": 1}),
    ("inch inches", "[in_i]", "0.0254", {"m": 1}), ("ft", "[ft_i]", "0.3048", {"m": 1}), ("uS", "uS", "1/1000000", {"S": 1}),
    ("sec secs second seconds", "s", "1", {"s": 1}), ("min mins minute minutes", "min", "60", {"s": 1}),
    ("h hr hrs hour hours", "h", "3600", {"s": 1}), ("d day days", "d", "86400", {"s": 1}), ("week weeks wk", "wk", "604800", {"s": 1}),
    ("month months", "mo", "1", {"mo": 1}), ("year years yr yrs", "a", "12", {"mo": 1}), ("K", "K", "1", {"K": 1}),
    ("psi", "[psi]", "4448.2216152605/0.00064516", {"g": 1, "m": -1, "s": -2}),
    ("mmHg", "mm[Hg]", "133322.387415", {"g": 1, "m": -1, "s": -2}), ("Torr torr", "[Torr]", "101325000/760", {"g": 1, "m": -1, "s": -2}),
    ("atm", "atm", "101325000", {"g": 1, "m": -1, "s": -2}), ("kp kgf", "kgf", "9806.65", {"g": 1, "m": 1, "s": -2}),
    ("% percent", "%", "1/100", {"ratio": 1}), ("‰", "[ppth]", "1/1000", {"ratio": 1}), ("ppm", "[ppm]", "1/1000000", {"ratio": 1}),
    ("ppb", "[ppb]", "1/1000000000", {"ratio": 1}), ("rpm", "{rev}/min", "1/60", {"{rev}": 1, "s": -1}), ("rev revolutions", "{rev}", "1", {"{rev}": 1}),
    ("CFU cfu", "[CFU]", "1", {"[CFU]": 1}), ("PFU pfu", "[PFU]", "1", {"[PFU]": 1}), ("U", "U", "1", {"U": 1}), ("NTU", "[NTU]", "1", {"[NTU]": 1}),
    ("lx lux", "lx", "1", {"lx": 1}), ("kWh", "kW.h", "3600000000", {"g": 1, "m": 2, "s": -2}), ("Wh", "W.h", "3600000", {"g": 1, "m": 2, "s": -2}),
)  # fmt: skip
_COUNTED = (
    "tablet capsule vial ampoule syringe unit bottle blister pack carton dose sachet bag piece particle cartridge kit drum"
)
_DENOMINATORS = "batch plate swab filter device lot glove container person sample test cycle stroke cap tab run shift site"
_TEMPERATURES = (
    (r"(?:°|º)\s?C|℃|deg\.?\s?C|degrees?\s+(?:Celsius|C)", "Cel", "1", "273.15"),
    (r"(?:°|º)\s?F|℉|deg\.?\s?F|degrees?\s+(?:Fahrenheit|F)", "[degF]", "5/9", "45967/180"),
)
_BASES = (  # of a percentage: words behind it, code, factor, dimension
    (r"\(?(?:w/w|m/m|wt/wt|by weight|by mass)\)?", "%{w/w}", "1/100", {"w/w": 1}),
    (r"\(?(?:w/v|m/v|wt/vol)\)?", "%{w/v}", "10000", {"g": 1, "m": -3}),
    (r"\(?(?:v/v|vol/vol|by volume)\)?", "%{v/v}", "1/100", {"v/v": 1}),
    (r"\(?(?:RH|rH|r\.h\.|relative humidity)\)?", "%{RH}", "1/100", {"RH": 1}),
    (r"\(?(?:LC|[Ll]\.[Cc]\.?|of (?:the )?label(?:led|ed)? (?:claim|amount|content)|label claim|of label)\)?", "%{label claim}", "1/100", {"label claim": 1}),
    (r"\(?(?:RSD|CV)\)?", "%{RSD}", "1/100", {"RSD": 1}), (r"points?", "%{points}", "1/100", {"points": 1}),
)  # fmt: skip
LOOKALIKES = frozenset(
    {"Mg", "MG", "ML", "Ml", "KG", "GM", "gm", "gms", "Mcg", "MCG", "degs", "kpa", "KPa", "mpa", "Mm", "CC", "ppt"}
)


def _named() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for names, code, prefixes, factor, powers in _SCALED:
        for name in names.split():
            units[name] = _unit(code, _f(factor), powers)
            for prefix in prefixes:
                shown = "u" if prefix == "µ" else prefix
                made = _unit(code if "/" in code else shown + code, _f(factor) * _f(_PREFIX[prefix]), powers)
                units[prefix + name] = Unit(f"{shown}{code}", made.dimension, made.factor)
                if prefix == "µ":
                    units["μ" + name] = units[prefix + name]  # the Greek letter looks the same
    for names, code, factor, powers in _NAMED:
        for name in names.split():
            units[name] = _unit(code, _f(factor), powers)
    for noun in _COUNTED.split():
        units[noun] = units[f"{noun}s" if noun != "dose" else "doses"] = _unit(
            f"{{{noun}}}", Fraction(1), {f"{{{noun}}}": 1}
        )
    light = _unit("lx.h", Fraction(3600), {"lx": 1, "s": 1})
    return units | {"mm Hg": units["mmHg"], "lux hours": light, "lux hour": light, "lux-hours": light}


def _unit(code: str, factor: Fraction, powers: dict[str, int]) -> Unit:
    return Unit(code, tuple(sorted((k, v) for k, v in powers.items() if v)), factor)


_UNITS = _named()
_OVER = {**{name: _unit(f"{{{name}}}", Fraction(1), {f"{{{name}}}": 1}) for name in _DENOMINATORS.split()}}
_NAME = "|".join(re.escape(name) for name in sorted({**_UNITS, **_OVER}, key=len, reverse=True))
_POWER = r"\^\(?[-−+]?\d\)?|[⁻⁺]?[¹²³]|(?<=m)[23](?!\d)|[-−][123](?!\d)"
_FACTOR = re.compile(rf"(?P<name>{_NAME})(?P<power>{_POWER})?(?![A-Za-z0-9_µμ²³])")
_LINK = re.compile(
    r"\s?(?P<over>/)\s?(?:(?P<count>[1-9]\d*)\s?)?|(?P<times>[·⋅*])|\s+(?P<per>per)\s+(?:(?P<number>[1-9]\d*)\s+)?|(?P<space> )"
)
_PERCENT = re.compile(r"%|per\s?cent\b|percent(?:age)?\b")
_OF_PERCENT = tuple((re.compile(rf"\s?{p}(?!\w)"), _unit(c, _f(f), d)) for p, c, f, d in _BASES)
_DEGREES = tuple((re.compile(rf"(?:{p})(?!\w)"), Unit(c, TEMPERATURE, _f(f), _f(o))) for p, c, f, o in _TEMPERATURES)
_GAP = re.compile(r"-(?=(?:[a-zµμ]{2,}|[hgL]\b))|\s?")  # "a 30-minute hold"
_SUPERSCRIPTS = str.maketrans("⁻⁺¹²³−", "-+123-")
_UNKNOWN = re.compile(
    r"[A-Za-zµμ°][A-Za-zµμ°0-9]*(?:[/·^][A-Za-zµμ][A-Za-zµμ0-9]*)+|[a-zµμ]{1,2}[A-Z][A-Za-z]{0,3}(?!\w)|[µμ°][A-Za-z]+|log10\S*"
)
_WORDS_WITH_SLASH = frozenset({"and/or", "n/a", "either/or"})


@lru_cache(maxsize=8192)
def _read(text: str) -> UnitFound | None:
    """Read a unit at the start of a text."""
    percent = _PERCENT.match(text)
    if percent:
        return _percentage(text, percent.end())
    for pattern, unit in _DEGREES:
        degrees = pattern.match(text)
        if degrees:
            return _chain(text, degrees.end(), unit)
    gravity = re.match(r"[x×]\s?g(?!\w)", text)
    if gravity:
        return UnitFound(gravity.end(), Unit("[g]", (("m", 1), ("s", -2)), _f("9.80665")))
    first = _FACTOR.match(text)
    if first and first["name"] in _UNITS:
        return _chain(text, first.end(), _powered(_UNITS[first["name"]], first["power"]))
    return _strange(text)


def _strange(text: str) -> UnitFound | None:
    """Tell a stretch that looks like a unit and is none that is known."""
    word, odd = re.match(r"[A-Za-z]+(?:/\w+)?", text), _UNKNOWN.match(text)
    if word and word[0].partition("/")[0] in LOOKALIKES:
        return UnitFound(word.end(), None, word[0])
    return UnitFound(odd.end(), None, odd[0]) if odd and _like_a_unit(odd[0]) else None


def _percentage(text: str, end: int) -> UnitFound:
    for pattern, unit in _OF_PERCENT:
        basis = pattern.match(text, end)
        if basis:
            opened, closed = basis[0].count("("), basis[0].count(")")
            if opened > closed:  # "(RSD 0.98 %)" says nothing of the figure before it
                continue
            return UnitFound(basis.end() if opened == closed else basis.end() - 1, unit)
    return _chain(text, end, _UNITS["%"])


def _chain(text: str, end: int, unit: Unit) -> UnitFound:
    """Multiply and divide by what follows; a link to what is no known unit makes the whole unknown."""
    while link := _LINK.match(text, end):
        over = link["over"] or link["per"]
        following = _FACTOR.match(text, link.end())
        if following and following["name"] == "%":  # "25 °C / 60 % RH": two quantities
            break
        if following is None or (link["space"] and not _multiplies(following)):
            strange = re.match(r"[A-Za-zµμ]+", text[link.end() :])
            if link["over"] and strange:
                stop = link.end() + strange.end()
                return UnitFound(stop, None, text[:stop])
            break
        other = _powered({**_UNITS, **_OVER}[following["name"]], following["power"])
        count = int(link["count"] or link["number"] or 1)
        unit = _combined(unit, other, count, over=bool(over))
        end = following.end()
    return UnitFound(end, unit)


def _multiplies(following: re.Match[str]) -> bool:
    """Tell whether a unit behind a space belongs to the one before it: "kg m-2", "N m"; a noun or "mg capsule" does not."""
    negative = (following["power"] or "").translate(_SUPERSCRIPTS).startswith(("-", "^-", "^(-"))
    return negative or following[0] in ("m", "s", "h")


def _combined(one: Unit, other: Unit, count: int, *, over: bool) -> Unit:
    sign = -1 if over else 1
    factor = one.factor / (other.factor * count) if over else one.factor * other.factor * count
    shown = f"{'/' if over else '.'}{count if count > 1 else ''}{'.' if count > 1 else ''}{other.code}"
    if over and one.dimension == other.dimension and one.dimension in (MASS, VOLUME):
        return Unit(one.code + shown, (("w/w" if one.dimension == MASS else "v/v", 1),), factor)
    powers = dict(one.difference.dimension)  # a temperature within another unit is one of differences
    for name, power in other.difference.dimension:
        powers[name] = powers.get(name, 0) + sign * power
    return _unit(one.code + shown, factor, powers)


MASS: Dimension = (("g", 1),)
VOLUME: Dimension = (("m", 3),)


def _powered(unit: Unit, power: str | None) -> Unit:
    if not power:
        return unit
    exponent = int(power.translate(_SUPERSCRIPTS).strip("^()"))
    return Unit(f"{unit.code}{exponent}", tuple((n, p * exponent) for n, p in unit.dimension), unit.factor**exponent)


def _like_a_unit(word: str) -> bool:
    parts = re.split(r"[/·^]", word)
    return word.lower() not in _WORDS_WITH_SLASH and (len(parts) == 1 or any(p in _UNITS for p in parts))


def unit_at(text: str, start: int) -> UnitFound | None:
    """Return the unit that stands at a place directly behind a number, or what stands there unknown; None where nothing does."""
    gap = _GAP.match(text, start)
    after = gap.end() if gap else start
    found = _read(text[after : after + 80])
    return UnitFound(after + found.end, found.unit, found.unknown) if found else None
