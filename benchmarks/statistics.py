"""Statistics: digits against NIST, time against numpy, and run rules against two independent libraries.

The libraries (capstat-core, mfgqc) are no dependency: where they are not installed the comparison is skipped, and says so. Differences are
explained by recomputing with the other's convention, one after the other; what no convention explains is counted as unexplained.
"""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from benchmarks import nist
from benchmarks.measure import compared, row
from drafting.statistics.anova import OneWay, one_way
from drafting.statistics.charts import ControlChart, Panel, individuals_chart, three_sigma
from drafting.statistics.exact import as_decimal, lag_one, summarise
from drafting.statistics.individuals import D2
from drafting.statistics.regression import Line, straight_line
from drafting.statistics.rules import NELSON, WESTERN_ELECTRIC, Rule, signals

SERIES = 10_000
SEED = 20_251_125
PRINTED_D2 = Decimal("1.128")
SETS = {"Western Electric": WESTERN_ELECTRIC, "Nelson": NELSON}
COUNTED = {Rule.TWO_OF_THREE: 3, Rule.FOUR_OF_FIVE: 5}
Found = set[tuple[int, int]]  # point, number of the rule in its set


def statistics(folder: Path) -> list[dict[str, Any]]:
    """Measure digits and time on the sets of a folder, and compare run rules."""
    if not (folder / "Norris.dat").is_file():
        return [{"name": "statistics against NIST", "skipped": f"no reference sets in {folder}"}]
    return [_digits(folder), _time(folder), *_rules()]


def _digits(folder: Path) -> dict[str, Any]:
    """Return the fewest digits that agree over all certified figures."""
    found: dict[str, int] = {}
    for name in nist.UNIVARIATE:
        known = nist.univariate(folder, name)
        mine, lag = summarise(known.values), lag_one(known.values)
        pairs = [(as_decimal(mine.mean), known.mean), (mine.sd, known.sd), (lag, known.lag_one)]
        found[name] = min(nist.digits(one, other) for one, other in pairs if one is not None)
    for name, (values, mean, sd) in nist.NUMACC.items():
        mine = summarise(values)
        found[name] = min(nist.digits(as_decimal(mine.mean), mean), nist.digits(mine.sd or Decimal(0), sd))
    known_line = nist.norris(folder)
    y, x = zip(*known_line.rows, strict=True)
    found["Norris"] = _agree(_line_figures(straight_line(x, y)), known_line.figures)
    for name in nist.ANOVA:
        known_levels = nist.anova(folder, name)
        levels: dict[Decimal, list[Decimal]] = {}
        for level, value in known_levels.rows:
            levels.setdefault(level, []).append(value)
        found[name] = _agree(_anova_figures(one_way(list(levels.values()))), known_levels.figures)
    return row(
        "certified digits, smallest over the NIST sets and NumAcc1-4", min(found.values()), "15 certified", "15", sets=found
    )


def _line_figures(line: Any) -> dict[str, Decimal]:
    assert isinstance(line, Line)
    assert line.r_squared is not None
    return {
        "B0": as_decimal(line.intercept),
        "B1": as_decimal(line.slope),
        "B0 error": line.intercept_error,
        "B1 error": line.slope_error,
        "R-Squared": as_decimal(line.r_squared),
        "Standard": line.residual_sd,
    }


def _anova_figures(found: Any) -> dict[str, Decimal]:
    assert isinstance(found, OneWay)
    exact = {"between": found.between, "within": found.within, "f": found.f, "r squared": found.r_squared}
    return {"residual sd": found.residual_sd} | {name: as_decimal(value) for name, value in exact.items()}


def _agree(found: dict[str, Decimal], known: dict[str, Decimal]) -> int:
    return min(nist.digits(found[name], value) for name, value in known.items())


def _time(folder: Path) -> dict[str, Any]:
    """Return our time over numpy's for n, mean, deviation and extremes of the same decimals, all sets together."""
    import numpy as np

    sets = [nist.univariate(folder, name).values for name in nist.UNIVARIATE]
    sets += [values for values, _, _ in nist.NUMACC.values()]

    def theirs() -> None:
        for values in sets * 20:
            array = np.array(values, dtype=float)
            array.mean(), array.std(ddof=1), array.min(), array.max()

    def ours() -> None:
        for values in sets * 20:
            summarise(values)

    ratio, numpy_seconds = compared(ours, theirs)
    return row(
        "exact summary of decimals / numpy of the same",
        ratio,
        "float array, mean, std, min, max",
        "<= 3",
        numpy_seconds=numpy_seconds,
    )


def _series(number: int) -> list[Decimal]:
    """Return one random series of 20 to 60 values: steady, shifted, drifting or dependent, rounded so that ties occur."""
    rng = random.Random(SEED + number)  # noqa: S311 - seeded on purpose: a difference can be looked at again
    n, kind, places = rng.randint(20, 60), number % 4, rng.choice((1, 2, 4))
    values, before = [], 0.0
    for i in range(n):
        noise = rng.gauss(0, 1)
        before = 0.6 * before + noise
        moved = (0.0, 1.5 * (i > n // 2), 0.05 * i, before - noise)[kind]
        values.append(Decimal(f"{100 + moved + noise:.{places}f}"))
    return values


def _rules() -> list[dict[str, Any]]:
    lines = []
    for name, theirs in (("capstat-core", _of_capstat), ("mfgqc", _of_mfgqc)):
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            lines.append({"name": f"run rules against {name}", "skipped": f"{name} is not installed (pip install {name})"})
            continue
        started = time.perf_counter()
        counts = {"series": 0, "signals": 0, "agreed": 0, "differences": 0}
        causes: dict[str, int] = {}
        for number in range(SERIES):
            _compare(_series(number), name, theirs, counts, causes)
        unexplained = causes.pop("unexplained", 0)
        lines.append(
            row(
                f"run rules against {name} {version}: differences that nothing explains",
                unexplained,
                f"Western Electric 1-4 and Nelson 1-8 on {SERIES} random series",
                "0",
                **counts,
                explained=causes,
                seconds=round(time.perf_counter() - started, 1),
            )
        )
    return lines


def _compare(values: list[Decimal], library: str, theirs: Any, counts: dict[str, int], causes: dict[str, int]) -> None:
    """Compare one series under both sets; take on the other's conventions step by step, and book what each explains."""
    chart = individuals_chart(values)
    assert isinstance(chart, ControlChart)
    own = chart.location
    if not own.sigma[0]:
        return
    counts["series"] += 1
    for name, rules in SETS.items():
        reduce = _first_rule if library == "mfgqc" else set
        other = theirs([float(v) for v in values], name)
        mine = reduce(_mine(own, rules))
        counts["signals"] += len(other | mine)
        counts["agreed"] += len(other & mine)
        left = len(mine ^ other)
        counts["differences"] += left
        for cause, found in _conventions(library, own, rules):
            now = reduce(found) ^ other
            if left != len(now):
                causes[cause] = causes.get(cause, 0) + left - len(now)
            left = len(now)
        causes["unexplained"] = causes.get("unexplained", 0) + left


def _conventions(library: str, own: Panel, rules: Sequence[Rule]) -> Iterable[tuple[str, Found]]:
    """Yield our signals under one more of the library's conventions each time."""
    if library == "mfgqc":
        own = three_sigma(own.name, own.points, own.centre[0], tuple(s * D2 / PRINTED_D2 for s in own.sigma))
        yield "d2 = 1.128 as printed", _mine(own, rules)
    yield "k of m counted from the first full window on", _full_windows(library, own, rules)
    found, binary = _full_windows, _in_binary(own)
    if library == "mfgqc":
        found = _full_windows_either_side
        yield "k of m ended by a point beyond the line on the other side", found(library, own, rules)
    yield "points and their mean in binary floats", found(library, binary, rules)


def _full_windows(library: str, panel: Panel, rules: Sequence[Rule]) -> Found:
    full = {x for x in _mine(panel, rules) if x[0] >= COUNTED.get(rules[x[1] - 1], 1) - 1}
    return full | _last_of_first_windows(panel, rules) if library == "capstat-core" else full


def _full_windows_either_side(library: str, panel: Panel, rules: Sequence[Rule]) -> Found:
    return _full_windows(library, panel, rules) | _ended_by_the_other_side(panel, rules)


def _in_binary(panel: Panel) -> Panel:
    """Return the panel as floats see it: a point may equal a mean that in truth lies beside it."""
    import numpy as np

    floats = np.array([float(x) for x in panel.points])
    return three_sigma(panel.name, tuple(map(Decimal, floats.tolist())), Decimal(float(floats.mean())), panel.sigma)


def _mine(panel: Panel, rules: Sequence[Rule]) -> Found:
    return {(s.position, rules.index(s.rule) + 1) for s in signals(panel, rules)}


def _first_rule(found: Found) -> Found:
    """Keep the first rule of each point, which is all that mfgqc reports."""
    least: dict[int, int] = {}
    for point, rule in found:
        least[point] = min(rule, least.get(point, rule))
    return set(least.items())


def _last_of_first_windows(panel: Panel, rules: Sequence[Rule]) -> Found:
    """Return signals that capstat marks within the first full window: its last point that belongs to the pattern."""
    found: Found = set()
    for rule, length in COUNTED.items():
        if rule in rules and len(panel.points) >= length:
            first = [p for p, r in _mine(_part(panel, length), rules) if r == rules.index(rule) + 1]
            if first:
                found.add((max(first), rules.index(rule) + 1))
    return found


def _part(panel: Panel, length: int) -> Panel:
    cut = {name: getattr(panel, name)[:length] for name in ("points", "centre", "lower", "upper", "sigma")}
    return replace(panel, **cut)


def _ended_by_the_other_side(panel: Panel, rules: Sequence[Rule]) -> Found:
    z = [(x - c) / s for x, c, s in zip(panel.points, panel.centre, panel.sigma, strict=True)]
    found: Found = set()
    for rule, (length, sigmas) in {Rule.TWO_OF_THREE: (3, 2), Rule.FOUR_OF_FIVE: (5, 1)}.items():
        for i in range(length - 1, len(z) if rule in rules else 0):
            sides = [(value > sigmas) - (value < -sigmas) for value in z[i - length + 1 : i + 1]]
            if sides[-1] and sides.count(-sides[-1]) == length - 1:
                found.add((i, rules.index(rule) + 1))
    return found


def _of_capstat(values: list[float], name: str) -> Found:
    library = import_module("capstat_core")
    chart = library.i_mr_chart(values).location
    apply = library.nelson_rules if name == "Nelson" else library.western_electric_rules
    return {(v.point, v.rule) for v in apply(chart)}


def _of_mfgqc(values: list[float], name: str) -> Found:
    import pandas as pd

    data = import_module("mfgqc").load(pd.DataFrame({"x": values}), measure="x")
    found = data.control_chart(kind="i_mr", rules=name.lower().replace(" ", "_"))
    return {(v.point - 1, int(v.rule.rsplit("_", 1)[1])) for v in found.violations if v.chart == "location"}
