"""Numbers as written, read exactly: what a literal or a word for a number says, or that it may say two things. Pure.

A text states its decimal mark by the literals that can be read in one way only ("98.0", "1,234.5", "12,5"). Where it does not, a comma or a
space before three digits may part thousands or decimals, and is told as such; a point is then the decimal mark, as records are written.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

SPACES = " \u00a0\u2009\u202f"
LITERAL = rf"(?:[0-9]{{1,3}}(?:[{SPACES}'’][0-9]{{3}})+(?![0-9])|[0-9]+)(?:[.,][0-9]+)*|(?<![0-9.,])\.[0-9]+"
TIMES_TEN = r"(?:\s?[x×*·]\s?10(?:\s?\^\s?\(?[-−+]?[0-9]+\)?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\*\*-?[0-9]+)|[eE][-+−]?[0-9]+(?![\w])|\s(?:thousand|million|billion)\b)"
_SUPERSCRIPTS = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−", "-+0123456789-")
_POINT = re.compile(
    r"(?<![\d.,])(?:\d+\.(?:\d{1,2}|\d{4,})|0+\.\d+|\d{4,}\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,})(?![\d]|[.,]\d)"
)
_COMMA = re.compile(
    r"(?<![\d.,])(?:\d+,(?:\d{1,2}|\d{4,})|0+,\d+|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})(?![\d]|[.,]\d)"
)
LONGEST = 60  # digits; a longer run is no measured number
MOST_TENS = 400


@dataclass(frozen=True)
class Numeral:
    """A number read: its value, the decimal places it is written with, and what is not certain about it ("" where all is)."""

    value: Fraction | None
    places: int = 0
    doubt: str = ""


def decimal_mark(text: str) -> str:
    """Return the decimal mark that a text shows by itself: "." or ",", "?" where it shows both, "" where neither."""
    point, comma = _POINT.search(text) is not None, _COMMA.search(text) is not None
    return "?" if point and comma else "." if point else "," if comma else ""


@lru_cache(maxsize=4096)
def numeral(literal: str, mark: str, *, counted: bool = False) -> Numeral:
    """Read a literal without sign and exponent; `counted` where it counts whole things, so that no decimals can be meant."""
    if len(literal) > LONGEST:
        return Numeral(None, doubt="too long to be read as a number")
    if " " in literal:
        return _spaced(literal, mark, counted=counted)
    bare = re.sub(rf"[{SPACES}'’]", "", literal)
    marks = re.sub(r"\d", "", bare)
    if len(marks) == 1:
        return _marked(bare, marks, mark, counted=counted)
    return _many(bare, marks) if marks else Numeral(Fraction(int(bare)))


def _many(bare: str, marks: str) -> Numeral:
    """Read a literal with several marks: where both occur the last one parts the decimals, and all others part thousands."""
    both = len(set(marks)) > 1
    whole, part = bare.rsplit(marks[-1], 1) if both else (bare, "")
    if not _grouped(whole, marks[0]):
        return Numeral(None, doubt=f"'{bare}' is no number as written")
    return _decimal(whole.replace(marks[0], ""), part)


def _marked(bare: str, written: str, mark: str, *, counted: bool) -> Numeral:
    whole, part = bare.split(written)
    if not _grouped(bare, written) or written == mark or (written == "." and mark == ""):
        return _decimal(whole, part)
    if counted or mark in (".", ","):
        return Numeral(Fraction(int(whole + part)))
    return Numeral(None, doubt=f"'{bare}' may be {whole}{part} or {whole}.{part}")


def _spaced(literal: str, mark: str, *, counted: bool) -> Numeral:
    """Read digits parted by plain spaces: two groups or more, or a counted noun, are certain; a single one may be two numbers."""
    joined = literal.replace(" ", "")
    return (
        numeral(joined, mark or ".", counted=counted)
        if counted or literal.count(" ") > 1
        else Numeral(None, doubt=f"'{literal}' may be {joined} or two numbers")
    )


def _grouped(text: str, mark: str) -> bool:
    """Tell whether a mark stands before each group of three digits, as one that parts thousands does."""
    first, *rest = text.split(mark)
    return 1 <= len(first) <= 3 and not (first.startswith("0")) and all(len(group) == 3 for group in rest)  # noqa: PLR2004 - thousands


def _decimal(whole: str, part: str) -> Numeral:
    return Numeral(Fraction(f"{whole or 0}.{part or 0}"), len(part))


def tens(text: str) -> Fraction | None:
    """Return the power of ten that is written behind a number ("x 10^6", "×10⁻³", "E6"); None where it is out of any measure."""
    if text.strip() in _SIZES:
        return Fraction(_SIZES[text.strip()])
    written = re.sub(r"^\s?[x×*·]\s?10", "", text).translate(_SUPERSCRIPTS)
    exponent = int(re.sub(r"[^0-9+-]", "", written))
    return Fraction(10) ** exponent if abs(exponent) <= MOST_TENS else None


_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
HUNDRED = 100
_SIZES = {"hundred": HUNDRED, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_PLAIN = {**{word: n for n, word in enumerate(_SMALL)}, **{word: 10 * n for n, word in enumerate(_TENS, 2)}}
_OTHER = {"dozen": Fraction(12), "half": Fraction(1, 2), "once": Fraction(1), "twice": Fraction(2), "thrice": Fraction(3), "none": Fraction(0), "no": Fraction(0), "both": Fraction(2)}  # fmt: skip
VAGUE = frozenset({"several", "all", "every"})  # they count, and say no number
_UNIT_WORD = "|".join((*_SMALL, *_TENS))
_SIZE_WORD = "|".join(_SIZES)
_COUNTED = (  # of "one": what a report counts or measures; "one wholesaler" counts nothing that it states
    "batch|lot|deviation|event|incident|result|complaint|recall|return|OOS|OOT|CAPA|action|change|sample|unit|tablet|capsule|vial|ampoule|bottle|blister|pack|carton"
    "|item|instrument|balance|record|value|point|signal|test|assay|investigation|specification|study|pull|supplier|attribute|parameter|excursion|alarm|failure"
    "|rejection|recurrence|repeat|outlier|exception|observation|finding|case|trend|shift|version|run|cycle|kit|drum|container|leaflet|label|entry|gap|defect|reject"
    "|day|week|month|quarter|year|hour|minute|second|per ?cent|percentage point|degree|gram|milligram|kilogram|lit(?:er|re)|commitment|variation|agreement|audit"
)
_ONE = rf"(?<!no )(?<!est )(?<!last )(?<!first )(?<!other )(?<!new )one(?=\s+(?:(?!of\b|or\b|and\b|to\b|by\b)[\w-]+\s+){{0,2}}?(?:{_COUNTED})(?:e?s)?\b)|(?<=\bof which )one|(?<=\bof them )one|(?<=\bof these )one"
_NO_COUNT = (
    r"(?!-(?:sided|tailed|way|step|stage|time|off|person|point|level|factor|part|piece|eyes?|phase|component|dimensional)\b)"
)
WORDS = (  # longest first: "two hundred and five", "twenty-one", "twelve"
    rf"(?i:\b(?:(?:{_UNIT_WORD}|{_SIZE_WORD})(?:[\s-](?:and\s)?(?:{_UNIT_WORD}|{_SIZE_WORD}))+|(?!one\b)(?:{_UNIT_WORD}|{_SIZE_WORD})"
    rf"|dozen|half|twice|thrice|once|none|both|several|all|every|no(?! one\b)(?!\.?\s?[A-Z]*[-/]?[0-9]|\.\sof\b)|{_ONE})\b{_NO_COUNT})"
)
ORDINALS = r"(?i:\b(?:first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)\b)"
_ORDINAL = {
    w: n
    for n, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}


def spelled(words: str) -> Numeral:
    """Read a number in words; a word that counts without a number ("several", "all") has no value."""
    said = words.lower()
    if said in VAGUE:
        return Numeral(None)
    known = _OTHER.get(said, _ORDINAL.get(said))
    return _added(said) if known is None else Numeral(Fraction(known))


def _added(said: str) -> Numeral:
    """Add up "two thousand one hundred and five"; two numbers in a row ("two three") are more than one."""
    total = current = last = 0
    for word in re.split(r"[\s-]+(?:and\s+)?", said):
        size, value = _SIZES.get(word, 0), _PLAIN.get(word, 0)
        if size == HUNDRED:
            current = max(current, 1) * size
        elif size:
            total, current = total + max(current, 1) * size, 0
        elif 0 < last < HUNDRED and not (value < 10 and last >= 20 and last % 10 == 0):  # noqa: PLR2004 - "twenty-one"
            return Numeral(None, doubt=f"'{said}' is more than one number")
        else:
            current += value
        last = size or value
    return Numeral(Fraction(total + current))
