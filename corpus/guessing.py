"""What the literals of one column can be, with the counts that say so. Pure; nothing here is applied by itself.

Promise: a thousands separator is never read as a decimal mark nor taken away: where each marked number of a column could be
grouped ("1,234"), the column alone settles nothing. A guess names how many literals it reads and the first ones that it does not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpus import datewords, literals
from corpus.datewords import DateGuess
from corpus.literals import Unreadable
from corpus.readers.contents import NumberCell, stripped

NO_VALUE = (
    "#N/A", "#NV", "N/A", "n/a", "NA", "n.a.", "N.A.", "-", "--", "---", "–", "NULL", "null", "None", "n.d.", "nd", "ND", "?",
    "k.A.", "ni podatka",
)  # fmt: skip
ERRORS = (
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NUM!",
    "#NAME?",
    "#NULL!",
)  # of a computation that failed, which is not "no value"
ENOUGH = 90  # per cent of the literals that a guess must read; the others are refused at import, and shown before
MOST_VALUES, LEAST_REPEATS = 12, 5
SHOWN = 3
SIGNS = {"below": "<≤", "above": ">≥"}  # of a value that is only bounded
WORDS = ("text", "enum", "list")  # types that read any literal
PROSE = 60  # characters of a cell on average, from which on a column holds sentences
_UNITS = """
%;g;mg;kg;µg;μg;ug;mcg;ng;t;l;L;ml;mL;µl;μl;µL;dl;m;mm;cm;µm;μm;um;nm;m2;m²;m3;m³;N;kN;Pa;hPa;kPa;MPa;bar;mbar;°C;C;°F;K;h;hr;min;s;
sec;ms;d;days;months;rpm;1/min;min-1;1/s;Hz;ppm;ppb;CFU;cfu;CFU/g;CFU/ml;CFU/mL;CFU/m3;CFU/plate;IU;IU/mg;EU;EU/ml;EU/mL;pcs;
tablets;capsules;units;vials;mol;mmol;mmol/l;mol/l;mg/g;mg/ml;mg/mL;mg/l;g/l;g/ml;g/mL;g/cm3;mg/tablet;mg/tbl;mg/kg;µg/g;µg/ml;
% w/w;% m/m;% v/v;% w/v;% RH;% rh;%RH;mPas;mPa s;mPa·s;cP;mS/cm;µS/cm;V;A;W;kW;kWh;kp;kJ;J;NTU;FNU;AU;kDa;Da;°;rad;m/s;m3/h;m³/h;
l/min;ml/min;mL/min;kg/h;EUR;USD
"""
KNOWN_UNITS = frozenset(unit.strip() for unit in _UNITS.replace("\n", "").split(";"))
_MARKED = re.compile(r"[<>≤≥]?\s*[+-]?\d*([.,])\d+(?:[eE][+-]?\d{1,2})?")
_MAYBE_GROUPED = re.compile(r"[<>≤≥]?\s*[+-]?[1-9]\d{0,2}[.,]\d{3}")
_ANY_MARK = re.compile(r"[<>≤≥]?\s*[+-]?(?:\d+(?:[.,]\d+)?|\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d+)?)(?:[eE][+-]?\d{1,2})?")
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,2}")


@dataclass(frozen=True)
class Guess:
    """What one column can be: `basis` says how that was reached, `questions` what a person has to say before it can be confirmed."""

    type: str
    read: int
    of: int
    basis: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    mark: str = ""  # decimal mark that the column's numbers show; "" where they show none, "?" where it could group digits
    maybe: str = ""  # what that mark is, where it is "?"
    exponent: bool = False
    date: DateGuess | None = None
    values: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unique: bool = False
    prose: bool = False  # long texts, which search should find


def guess_column(cells: Iterable[str]) -> Guess:
    """Say what a column's cells can be; empty cells count as missing."""
    bodies = [stripped(cell) for cell in cells]
    filled = [body for body in bodies if body]
    if not filled:
        return Guess("text", 0, 0, ("every cell is empty",), ("What does this column hold?",), missing=("",))
    empty = ("",) if len(filled) < len(bodies) else ()
    values = [body for body in filled if body not in NO_VALUE and body not in ERRORS]
    absent = tuple(dict.fromkeys(body for body in filled if body in NO_VALUE))
    guessed = (_number(values) or _date(values) or _mixed(values)) if values else None
    if guessed is None:
        guessed, absent = _text(filled), ()
    unique = len(set(filled)) == len(bodies)
    told = tuple(f"'{word}' in {filled.count(word)} cells stands for no value" for word in absent)
    asked = tuple(
        f"'{word}' in {filled.count(word)} cells is an error of the spreadsheet: correct it there, or does it stand for no value? "
        f"Until a person says it, it is {'kept as text' if guessed.type in WORDS else 'refused'}."
        for word in ERRORS if word in filled
    )  # fmt: skip
    basis, questions = (*guessed.basis, *told), (*guessed.questions, *asked)
    return replace(guessed, missing=(*empty, *absent), unique=unique, basis=basis, questions=questions)


def figures(cells: Iterable[str]) -> list[str]:
    """Return the cells that are figures written in whatever way, and those that stand for none."""
    return [cell for cell in cells if cell in ("", *NO_VALUE, *ERRORS) or _ANY_MARK.fullmatch(cell)]


def _number(values: Sequence[str]) -> Guess | None:
    if any(re.fullmatch(r"[+-]?0\d+", body) for body in values):
        return None  # a leading zero is part of an identifier, not of a number
    whole = sum(_reads(body, "integer") for body in values)
    if whole == len(values):
        days = all(re.fullmatch(r"(?:19|20)\d{6}", body) and datewords.is_day(body) for body in values)
        asked = ("its whole numbers read as YYYYMMDD too: are they dates?",) if days else ()
        return Guess("integer", whole, whole, (f"{whole:,} of {whole:,} parse as whole numbers",), asked)
    read = {mark: [body for body in values if _reads(body, mark)] for mark in (".", ",")}
    mark, found = max(read.items(), key=lambda item: len(item[1]))
    if len(found) * 100 < ENOUGH * len(values):
        return None
    exponent = any(_EXPONENT.fullmatch(body) for body in found)
    basis = f"{_counted(found, len(values))} parse as decimals with '{mark}'" + (
        ", some with an exponent" if exponent else ""
    )
    censored = [f"{n:,} with a sign for {word}" for word, signs in SIGNS.items() if (n := sum(b[0] in signs for b in found))]
    marked = [body for body in found if _MARKED.fullmatch(body) and not isinstance(body, NumberCell)]
    shown = "" if not marked else "?" if all(_MAYBE_GROUPED.fullmatch(body) for body in marked) else mark
    odd = _odd(body for body in values if not _reads(body, mark))
    told = (f"{' and '.join(censored)}: kept as written, no mean or index counts them",) if censored else ()
    return Guess("decimal", len(found), len(values), (basis, *told, *odd), mark=shown, maybe=mark, exponent=exponent)


def _counted(found: Sequence[str], of: int) -> str:
    """Return how many literals are plain numbers; those that only bound a value are counted apart."""
    plain = sum(body[0] not in "".join(SIGNS.values()) for body in found)
    return f"{plain:,} of {of:,}"


def _reads(body: str, how: str) -> bool:
    try:
        if how == "integer":
            literals.integer(body)
        else:
            literals.decimal(body, mark="." if isinstance(body, NumberCell) else how, exponent=True)
    except Unreadable:
        return False
    return True


def _odd(found: Iterable[str]) -> tuple[str, ...]:
    counted = Counter(found)
    if not counted:
        return ()
    shown = ", ".join(f"'{body[:40]}'" for body in list(counted)[:SHOWN])
    return (f"{sum(counted.values()):,} do not, as {shown}: the import refuses them",)


def _date(values: Sequence[str]) -> Guess | None:
    found = datewords.guess(values)
    if found is None:
        return None
    if found.way is None or found.read * 100 < ENOUGH * len(values):
        reason = found.reason or f"only {found.read:,} of {len(values):,} are dates"
        asked = f"{reason}: which way is meant? Until a person says it, the column is text."
        return Guess("text", len(values), len(values), (f"looks like dates, but {reason}",), (asked,), date=found)
    way = found.way
    basis = [f"{found.read:,} of {len(values):,} parse as {way.pattern}", *_odd(v for v in values if v in set(found.odd))]
    if found.languages:
        basis.append(f"the months are {' or '.join(found.languages)}")
    if "YY" in way.pattern and "YYYY" not in way.pattern:
        basis.append("two digits of a year are read as 20YY")
    return Guess(way.type, found.read, len(values), tuple(basis), date=found)


def _mixed(values: Sequence[str]) -> Guess | None:
    """Ask where most literals are numbers, and no one decimal mark reads them."""
    numbers = [body for body in values if _ANY_MARK.fullmatch(body)]
    marked = list(dict.fromkeys(body for body in numbers if "." in body or "," in body))
    leading = any(re.fullmatch(r"[+-]?0\d+", body) for body in values)
    if not marked or leading or len(numbers) * 100 < ENOUGH * len(values):
        return None
    shown = ", ".join(f"'{body[:40]}'" for body in _of_each_mark(marked))
    asked = f"its numbers are written in more than one way, or with grouped digits ({shown}): which way is meant? A profile reads one way."
    return Guess(
        "text", len(values), len(values), ("numbers that no one decimal mark reads: text until a person decides",), (asked,)
    )


def _of_each_mark(marked: Sequence[str]) -> list[str]:
    """Return the first literals, one of each mark before others."""
    first = [next((body for body in marked if mark in body), None) for mark in (".", ",")]
    return list(dict.fromkeys([*(body for body in first if body is not None), *marked]))[:SHOWN]


def _text(filled: Sequence[str]) -> Guess:
    counted = Counter(filled)
    number = len(filled)
    few = len(counted) <= MOST_VALUES and len(counted) * LEAST_REPEATS <= number and all(len(v) <= 40 for v in counted)  # noqa: PLR2004
    if few:
        values = tuple(sorted(counted))
        return Guess(
            "enum", number, number, (f"{len(values)} values in {number:,} cells: {', '.join(values)}",), values=values
        )
    basis = f"{len(counted):,} different texts in {number:,} cells"
    if any("|" in text for text in counted) and all(part.strip() for text in counted for part in text.split("|")):
        return Guess("list", number, number, (basis, "some hold a list separated by '|'"))
    return Guess("text", number, number, (basis,), prose=sum(map(len, filled)) > PROSE * number)


def unit_of_header(header: str) -> tuple[str, str]:
    """Return a header without its unit, and the unit: "Weight (mg)", "Weight [mg]", "Weight, mg"; "" where none is known."""
    found = re.fullmatch(r"(?P<name>.+?)\s*(?:\((?P<a>[^()]+)\)|\[(?P<b>[^\[\]]+)\]|,\s*(?P<c>[^,]+))\s*", header)
    unit = next((u.strip() for u in (found["a"], found["b"], found["c"]) if u), "") if found else ""
    return (found["name"], unit) if found and unit in KNOWN_UNITS else (header, "")
