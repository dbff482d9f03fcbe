"""Enumerate every number, date, identifier and quantity word of a text, and read each by itself: value, unit, sign. Pure.

Independent of any drafter. The tokens are whole and in order of place, none overlap, and every digit of the text lies in one. What cannot
be read in one way only has no value, and says why (`doubt`); a unit that is not known is told (`unknown`), never dropped or guessed.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from drafting.checks import moments, numerals
from drafting.checks.units import Unit, converted, unit_at


class Kind(StrEnum):
    """What kind of thing stands there."""

    NUMBER = "number"
    WORD = "quantity word"  # "twelve", "none", "all": `low` is its number where it has one
    ORDINAL = "ordinal"
    DATE = "date"
    TIME = "time"
    IDENTIFIER = "identifier"
    NAME = "name"  # a law, guideline or substance: named, not measured
    RANGE = "range"
    TOLERANCE = "value with tolerance"
    FRACTION = "fraction"  # "3/134", "2 of 134"
    RATIO = "ratio"  # "1:10"


@dataclass(frozen=True)
class Quantity:
    """A reading and its place: `low` and `high` are equal for a number, and None where it is not certain or no number."""

    kind: Kind
    start: int
    end: int
    text: str
    low: Fraction | None = None
    high: Fraction | None = None
    unit: Unit | None = None
    unknown: str = ""  # what stands as a unit and is none that is known
    comparator: str = ""  # "<", "<=", ">", ">=", "~"
    places: int = 0  # decimal places as written
    iso: str = ""  # of a date or time of day
    doubt: str = ""  # why there is no value
    parts: tuple["Quantity", ...] = ()  # what a range, tolerance, fraction or rate is made of

    @property
    def value(self) -> Fraction | None:
        """Return the one value of a number, or the middle of a value with tolerance; None of a range."""
        if self.kind is Kind.TOLERANCE:
            return self.parts[0].low
        return self.low if self.low == self.high else None

    def within(self, unit: Unit) -> tuple[Fraction, Fraction] | None:
        """Return the ends in another unit, exact; None where the kinds differ or there is no value."""
        if self.unit is None or self.low is None or self.high is None:
            return None
        low, high = converted(self.low, self.unit, unit), converted(self.high, self.unit, unit)
        return None if low is None or high is None else (low, high)


_NAMES = (
    r"\b21\s*CFR\s*(?:[Pp]arts?\s*)?[\d.]+(?:\([a-z0-9]+\))*(?:(?:,| and|,? or)\s+\d{3}\.\d+(?:\([a-z0-9]+\))*)*"
    r"|\bICH\s+[QSEM]\d+[A-Z]?(?:\(R\d\))?|\bQ(?:[1-9]|1[0-4])[A-F]?\(R\d\)|\bAnnex(?:es)?\s+\d+(?:\s+and\s+\d+)?|\bChapters?\s+\d+(?:\.\d+)*"
    r"|\b(?:USP|NF)\s*<\d+>|<\d{2,4}>|\bPh\.?\s?Eur\.?\s+\d+(?:\.\d+)*|\bEN\s+ISO\s+[\d-]+(?::\d{4})?|\bISO\s+\d+(?:-\d+)?(?::\d{4})?"
    r"|\bPart\s+(?:11|210|211|600|820)\b|\bArticle\s+\d+|\b(?:Directive|Regulation)\s+(?:\([A-Z]+\)\s+)?(?:No\.?\s+)?\d+/\d+(?:/E[CU])?"
    r"|\bHR-\d+\b(?=\s+rule)|\b(?:H2O2?|CO2?|N2O?|O2|NaHCO3|H2SO4|HNO3|CH4|NH3|TiO2|SiO2|Na2HPO4|KH2PO4|CaCO3)\b"
)
_CODE = r"\b[A-Z][A-Z0-9]{1,7}(?:-[A-Z0-9]+)*-\d+(?:[-/][A-Za-z0-9_]+)*\b"
_PATHED = r"\b[A-Z]{1,6}(?:/[A-Z0-9]{1,8})*/\d[\w/-]*"
_HEAD = r"(?<=\b[Bb]atch )|(?<=\b[Ll]ot )|(?<=\bBATCH )|(?<=\bLOT )|(?<=\b[Ll]ine )|(?<=\b[Rr]oom )|(?<=\bCAPA )|(?<=\bSOP )|(?<=\bOOS )|(?<=\bOOT )|(?<=\bDEV )|(?<=[Bb]atch: )|(?<=[Ll]ot: )|(?<=\b[Nn]o\. )|(?<=\bNo )|(?<=\b[Nn]umber )|(?<=#)|(?<=\b[Bb]atch no )|(?<=\b[Ll]ot no )"  # fmt: skip
_NAMED_ID = rf"(?:{_HEAD})(?=[A-Za-z]{{0,6}}[-/]?\d)[A-Za-z0-9]+(?:[-/_][A-Za-z0-9]+)*(?![\w]|[.,]\d|\s?[%°])"
_MIXED = r"(?<!\w)[A-Za-z_]+[0-9]\w*(?:-\w+)*"
_VERSION = r"(?<![\w.])(?:[vV]\d+(?:\.\d+)+|\d+(?:\.\d+){2,})(?![\w.,]\d)"
_RATIO = r"(?<![\w:.])\d+:\d+(?![\w:.]\d|\w)"
_GLYPH = r"[¼½¾⅓⅔⅛]"
_SIGN = r"(?:(?:<=|>=|=<|=>|[<>≤≥~≈])\s?)?(?:[+\-−]|[Mm]inus )?"
_NUMBER = rf"(?<![\w.])10(?P<bare>\^-?\d+|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?<![\w.])(?P<sign>{_SIGN})(?P<literal>{numerals.LITERAL})(?P<part>{_GLYPH})?(?P<tens>{numerals.TIMES_TEN})?"
_START = r"(?:(?<!\w)(?=[A-Za-z_])|(?=[^A-Za-z_\s,;()]))"  # nothing starts within a word: most places fail here at once
_SCANNER = re.compile(
    _START
    + "(?:"
    + "|".join(
        (
            f"(?P<name>{_NAMES})", f"(?P<date>{'|'.join(moments.DATES)})", f"(?P<identifier>{_CODE}|{_PATHED}|{_NAMED_ID})",
            r"(?P<dilution>(?<=ratio of )\d+:\d+|(?<=ratio )\d+:\d+|(?<=diluted )\d+:\d+|(?<=dilution )\d+:\d+)",
            f"(?P<time>{moments.CLOCK})", f"(?P<ratio>{_RATIO})", f"(?P<version>{_VERSION})", f"(?P<number>{_NUMBER})",
            f"(?P<mixed>{_MIXED})", f"(?P<ordinal>{numerals.ORDINALS})", f"(?P<word>{numerals.WORDS})", f"(?P<glyph>{_GLYPH})",
            r"(?P<rest>[^\W\D]+)",
        )
    )
    + ")"
)  # fmt: skip
_GLYPHS = {"¼": "1/4", "½": "1/2", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_DIFFERENCE = re.compile(
    r"(?:±|\+/-|\b(?:by|Δ|Δ ?T|delta[- ]T|(?:difference|deviation|rise|drop|increase|decrease|drift|change|variation|gradient|fall|spread) of)(?: (?:up to|at most|about|less than|more than))?)\s*$",
    re.IGNORECASE,
)
_ACIDITY = re.compile(r"\bpH(?: value)?(?: of| was| is|:| =)?\s(?:[<>≤≥]\s?)?$")
_SYMBOLS = {"=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=", "≈": "~"}
_COUNTS_WHOLE = re.compile(
    r"\s(?:batch|lot|tablet|capsule|vial|unit|record|result|complaint|deviation|pack|bottle|dose|sample|particle)e?s\b"
)
_LISTED = re.compile(r"(?:,|,? and|,? or| to|-|–|/| through)\s?$")
_PLURAL = re.compile(r"(?<!\d )(?<!\d-)\b(?:[Bb]atches|[Ll]ots)(?: nos?\.?| numbers?)?:? $")


def atoms(text: str) -> list[Quantity]:
    """Return the tokens of a text in order; each digit lies in exactly one."""
    mark = numerals.decimal_mark(text)
    found: list[Quantity] = []
    position = 0
    while match := _SCANNER.search(text, position):
        atom = _atom(text, match, mark, found[-1] if found else None)
        found.append(atom)
        position = atom.end
    return found


def _atom(text: str, match: re.Match[str], mark: str, before: Quantity | None) -> Quantity:
    group = match.lastgroup if match.lastgroup in _READERS else next(g for g in _READERS if match[g])
    plain = Quantity(_READERS[group], match.start(), match.end(), match[0])
    match group:
        case "number":
            made = _number(text, match, mark, before)
        case "glyph":
            value = Fraction(_GLYPHS[match[0]])
            made = measured(text, replace(plain, low=value, high=value))
        case "identifier":
            made = _identified(text, plain)
        case _:
            made = replace(plain, **_read(group, match[0]))
    return made


def _read(group: str, said: str) -> dict[str, Any]:
    """Return what a token says that needs nothing of the text around it."""
    match group:
        case "date":
            iso, doubt = moments.read_date(said)
            return {"iso": iso, "doubt": doubt}
        case "time":
            return {"iso": moments.read_time(said)}
        case "word" | "ordinal":
            read = numerals.spelled(said)
            return {"low": read.value, "high": read.value, "doubt": read.doubt}
        case "ratio" | "dilution":
            above, below = map(int, said.split(":"))
            value = Fraction(above, below) if below else None
            return {"low": value, "high": value, "doubt": "" if below else "nothing can be divided by zero"}
        case _:
            return {"doubt": "these digits are not read"} if group == "rest" else {}


_READERS = {
    "name": Kind.NAME, "date": Kind.DATE, "identifier": Kind.IDENTIFIER, "dilution": Kind.RATIO, "time": Kind.TIME, "ratio": Kind.RATIO,
    "version": Kind.IDENTIFIER, "number": Kind.NUMBER, "mixed": Kind.IDENTIFIER, "ordinal": Kind.ORDINAL, "word": Kind.WORD,
    "glyph": Kind.NUMBER, "rest": Kind.NUMBER,
}  # fmt: skip


def _identified(text: str, plain: Quantity) -> Quantity:
    """Take a number back that only follows a word such as "line": with a unit behind it, it is measured."""
    if plain.text.isascii() and plain.text.isdigit():
        behind = unit_at(text, plain.end)
        if behind and behind.unit and not plain.text.startswith("0"):
            value = Fraction(int(plain.text))
            return measured(text, replace(plain, kind=Kind.NUMBER, low=value, high=value))
    return plain


def _number(text: str, match: re.Match[str], mark: str, before: Quantity | None) -> Quantity:
    start, end, literal, sign = match.start(), match.end(), match["literal"] or "", match["sign"] or ""
    if sign[-1:] in ("-", "−", "+") and before and before.end == start:  # a range: its hyphen is no sign
        start, sign = start + len(sign), ""
    whole = literal.isdigit() and not sign and not match["tens"] and not match["part"]
    tail = re.compile(r"(?:st|nd|rd|th)(?!\w)").match(text, end)
    if tail and whole:
        value = Fraction(int(literal))
        return Quantity(Kind.ORDINAL, start, tail.end(), text[start : tail.end()], value, value)
    read = _value(text, match, mark, negative=re.search(r"[-−]|minus", sign, re.IGNORECASE) is not None)
    symbol = re.sub(r"[+\-−\s]|[Mm]inus", "", sign)
    made = measured(
        text,
        Quantity(
            Kind.NUMBER, start, end, text[start:end], read.value, read.value, comparator=_SYMBOLS.get(symbol, symbol),
            places=read.places, doubt=read.doubt,
        ),
    )  # fmt: skip
    named = whole and (_is_listed(text, start, before) or (literal[0] == "0" and literal != "0"))  # "0117" is a name
    if named and made.unit is None and not made.unknown and not re.match(r"\s+of\b", text[end : end + 5]):
        return replace(made, kind=Kind.IDENTIFIER, low=None, high=None)
    return made


def _value(text: str, match: re.Match[str], mark: str, *, negative: bool) -> numerals.Numeral:
    """Read the literal of a number with what stands behind it: a vulgar fraction, a power of ten."""
    counted = _COUNTS_WHOLE.match(text, match.end()) is not None
    read = numerals.numeral(match["literal"], mark, counted=counted) if match["literal"] else numerals.Numeral(Fraction(1))
    power = match["tens"] or (match["bare"] and f"x 10{match['bare']}")
    scale = numerals.tens(power) if power else Fraction(1)
    if read.value is None:
        return read
    if scale is None:
        return replace(read, value=None, doubt="this power of ten is out of any measure")
    part = Fraction(_GLYPHS[match["part"]]) if match["part"] else Fraction(0)
    value = (read.value + part) * scale
    return replace(read, value=-value if negative else value)


def _is_listed(text: str, start: int, before: Quantity | None) -> bool:
    """Tell whether a number goes on with a list of batches or lots."""
    if _PLURAL.search(text[max(0, start - 20) : start]):
        return True
    if before is None or before.kind is not Kind.IDENTIFIER or not _LISTED.fullmatch(text[before.end : start]):
        return False
    return re.search(r"\b(?:[Bb]atches|[Ll]ots)\b[^.;]*$", text[max(0, start - 200) : start]) is not None


def measured(text: str, number: Quantity) -> Quantity:
    """Add the unit that stands behind a number; letters that are none are told."""
    if number.kind is Kind.NUMBER and _ACIDITY.search(text[max(0, number.start - 16) : number.start]):
        return replace(number, unit=Unit("[pH]", (("[pH]", 1),), Fraction(1)))
    found = unit_at(text, number.end)
    if found is None:
        return _glued(text, number)
    if number.kind is Kind.WORD and number.low is None:
        return number
    unit = found.unit
    if unit and _DIFFERENCE.search(text[max(0, number.start - 40) : number.start]):
        unit = unit.difference
    return replace(number, end=found.end, text=text[number.start : found.end], unit=unit, unknown=found.unknown)


def _glued(text: str, number: Quantity) -> Quantity:
    """Take in letters that run into a number: the whole is a name ("4471A"), or the letters are a unit that is not known ("10k")."""
    letters = re.compile(r"[^\W\d]\w*").match(text, number.end)
    if letters is None or number.kind is not Kind.NUMBER:
        return number
    said = text[number.start : letters.end()]
    if number.text.isascii() and number.text.isdigit() and (number.text.startswith("0") or letters[0][0].isupper()):
        return Quantity(Kind.IDENTIFIER, number.start, letters.end(), said)
    return replace(number, end=letters.end(), text=said, unknown=letters[0])
