"""Reads the Statistical Reference Datasets of NIST: the certified value and the data of each file, as decimals."""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from pathlib import Path

UNIVARIATE = ("Lew", "Lottery", "Mavro", "Michelso", "PiDigits")
ANOVA = ("SiRstv", "SmLs01", "SmLs04")
MOST_DIGITS = 15  # that NIST certifies


def _alternating(first: str, low: str, high: str) -> tuple[Decimal, ...]:
    return (Decimal(first), *([Decimal(low), Decimal(high)] * 500))


NUMACC = {  # from the text of the four generated sets: values, mean, standard deviation
    "NumAcc1": ((Decimal(10000001), Decimal(10000003), Decimal(10000002)), Decimal(10000002), Decimal(1)),
    "NumAcc2": (_alternating("1.2", "1.1", "1.3"), Decimal("1.2"), Decimal("0.1")),
    "NumAcc3": (_alternating("1000000.2", "1000000.1", "1000000.3"), Decimal("1000000.2"), Decimal("0.1")),
    "NumAcc4": (_alternating("10000000.2", "10000000.1", "10000000.3"), Decimal("10000000.2"), Decimal("0.1")),
}


@dataclass(frozen=True)
class Univariate:
    """One set of values with its certified mean, standard deviation and lag-1 autocorrelation."""

    values: tuple[Decimal, ...]
    mean: Decimal
    sd: Decimal
    lag_one: Decimal


@dataclass(frozen=True)
class Certified:
    """Rows of numbers, and every certified figure by name."""

    rows: tuple[tuple[Decimal, ...], ...]
    figures: dict[str, Decimal]


def univariate(folder: Path, name: str) -> Univariate:
    """Read a set whose first line states the certified values."""
    head, *lines = (folder / f"{name}.txt").read_text(encoding="ascii").splitlines()
    mean, sd, lag = (Decimal(x) for x in re.findall(r"(?:mean|deviation|autocorrelation) (-?[\d.]+)", head))
    return Univariate(tuple(Decimal(line) for line in lines if line.strip()), mean, sd, lag)


def norris(folder: Path) -> Certified:
    """Read the regression set: rows of y, x."""
    lines = (folder / "Norris.dat").read_text(encoding="ascii").splitlines()
    figures = {}
    for line in lines[:50]:
        found = line.split()
        if found[:1] in (["B0"], ["B1"]):
            figures[found[0]], figures[f"{found[0]} error"] = Decimal(found[1]), Decimal(found[2])
        elif line.strip().startswith(("R-Squared", "Standard Deviation  ")):
            figures[found[0]] = Decimal(found[-1])
    return Certified(_rows(lines), figures)


def anova(folder: Path, name: str) -> Certified:
    """Read a one-way set: rows of level, value."""
    lines = (folder / f"{name}.dat").read_text(encoding="ascii").splitlines()
    figures = {}
    for at, line in enumerate(lines[:60]):
        found = line.split()
        if found[:1] == ["Between"] and len(found) > 4:
            figures["between"], figures["f"] = Decimal(found[3]), Decimal(found[5])
        elif found[:1] == ["Within"] and len(found) > 3:
            figures["within"] = Decimal(found[3])
        elif "Certified R-Squared" in line:
            figures["r squared"] = Decimal(found[-1])
        elif "Certified Residual" in line:
            figures["residual sd"] = Decimal(lines[at + 1].split()[-1])
    return Certified(_rows(lines), figures)


def _rows(lines: list[str]) -> tuple[tuple[Decimal, ...], ...]:
    start = next(i for i, line in enumerate(lines) if re.match(r"Data:\s+(y\s+x|Instrument|Treatment)", line))
    return tuple(tuple(Decimal(x) for x in line.split()) for line in lines[start + 1 :] if line.strip())


def digits(found: Decimal, certified: Decimal) -> int:
    """Return how many digits agree, at most the 15 that are certified."""
    for places in range(MOST_DIGITS, 0, -1):
        context = Context(prec=places)
        if context.plus(found) == context.plus(certified):
            return places
    return 0
