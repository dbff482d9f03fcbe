"""Oversight: the alarm's figures in simulation against those it was specified with, and against its goals.

Exact figures must come out to the printed digits, simulated ones within 5 % and half the last printed digit. The specification found its
figures with one odds ratio, for which they are compared; the product takes the mean of three, whose delays may be a tenth longer. It does not
state its runs: its delays lie about exact and long simulated ones as those of 4,000 runs do, its years to a false alarm as those of 400.
Goals are the product's own: few healthy reviewers flagged, lapses found, and a mean number of probes to a false alarm of at least the threshold.
"""

from typing import Any

from audit.oversight import scenarios
from benchmarks.measure import row

SPREAD, LONGER = "0.95 to 1.05", "<= 1.10"
DIGITS = "the printed digits"

Specified = dict[str, dict[str, float]]
CUSUM = {  # rate and reviews: limit, probes to a false alarm, probes to detect (mean, median, 90 %), reviews, months at 60 and at 20
    "5% probed, one in 2000 reviews": (15, 153, 8.9, 7, 16, 178, 3.0, 8.9),
    "5% probed, one in 5000 reviews": (18, 262, 10.4, 9, 19, 208, 3.5, 10.4),
    "5% probed, one in 10000 reviews": (22, 597, 12.9, 11, 23, 259, 4.3, 12.9),
    "5% probed, one in 20000 reviews": (25, 1070, 14.7, 12, 26, 294, 4.9, 14.7),
    "10% probed, one in 5000 reviews": (22, 597, 12.9, 11, 23, 129, 2.2, 6.5),
    "10% probed, one in 10000 reviews": (25, 1070, 14.7, 12, 26, 147, 2.5, 7.4),
    "2% probed, one in 5000 reviews": (15, 153, 8.9, 7, 16, 446, 7.4, 22),
}
CUSUM_COLUMNS = (
    "limit", "probes to a false alarm", "probes to detect, mean", "probes to detect, median", "probes to detect, 90 %",
    "reviews to detect", "months at 60 a month", "months at 20 a month",
)  # fmt: skip
EXACT: Specified = {
    "cusum": {
        f"{name}: {column}": value
        for name, values in CUSUM.items()
        for column, value in zip(CUSUM_COLUMNS, values, strict=True)
    }
    | {
        "fixed sample, alpha 0.05, power 0.8: probes": 13,
        "fixed sample, alpha 0.05, power 0.9: probes": 18,
        "fixed sample, alpha 0.01, power 0.9: probes": 24,
        "limit 21: found within 10 probes": 0.51,
        "limit 21: found within 15 probes": 0.75,
        "limit 21: found within 20 probes": 0.87,
        "limit 21: found within 30 probes": 0.97,
        "limit 21: false alarm within 36 probes": 0.066,
    },
    "charts": {"integer CUSUM, limit 17, told .10 where .20 is missed: probes to a false alarm": 36},
    "confirmation": {"probes if healthy, mean": 9.8, "probes if healthy, 90 %": 19},
}

RUNS = {
    50: (75, 8.5, 7, 15, 8.9, 23),
    100: (165, 10.5, 9, 18, 11.1, 33),
    200: (325, 12.6, 11, 21, 13.2, 44),
    500: (815, 15.4, 13, 26, 16.1, 62),
}
RUN_COLUMNS = (
    "one odds ratio, miss 0.10: probes, mean", "one odds ratio, miss 0.40: probes, mean", "one odds ratio, miss 0.40: probes, median",
    "one odds ratio, miss 0.40: probes, 90 %", "mean of three, miss 0.40: probes, mean", "mean of three, miss 0.20: probes, mean",
)  # fmt: skip
DESIGNED = {
    "0.05 to 0.20": 22,
    "0.10 to 0.30": 21,
    "0.15 to 0.40": 18,
    "0.20 to 0.40": 26,
    "0.20 to 0.50": 16,
    "0.30 to 0.60": 18,
}
RULES = {
    "miss rate over 10 %, from 10 probes": (0.74, 0.82),
    "last 10, caught <= .70": (0.48, 0.75),
    "binomial test at 5 %, each probe": (0.13, 0.17),
    "e-detector, A = 200, one odds ratio": (0.12, 0.24),
    "integer CUSUM, limit 24": (0.05, 0.10),
}
PLACED = {  # years to a false alarm, share probed, then mean and 90 % of lapse, big, silent, erosion, mean of mild, years at a speed-up
    "fixed 5 %": (9.0, 0.05, 211, 418, 112, 211, 211, 418, 292, 440, 504, 9.0),
    "fixed 6.3 %": (7.2, 0.063, 165, 325, 88, 165, 165, 325, 256, 386, 396, 7.3),
    "burst": (6.9, 0.063, 62, 114, 32, 56, 164, 344, 176, 257, 177, 6.7),
    "burst, A = 1000": (38, 0.064, 87, 156, 45, 74, 213, 433, 210, 286, 291, 37),
}
PLACED_COLUMNS = (
    ": years to a false alarm", ": share probed", ": lapse with trace, mean", ": lapse with trace, 90 %", ": big lapse, mean",
    ": big lapse, 90 %", ": silent lapse, mean", ": silent lapse, 90 %", ": erosion, mean", ": erosion, 90 %", ": mild, mean",
    ", harmless speed-up: years to a false alarm",
)  # fmt: skip
OTHER = {  # sections (5.9 and 8.7 years healthy), mean and 90 %; of the silent lapse, the speed-up and the wait for a false alarm the mean
    "behaviour alone": (4248, 26, 45, 10, 14, 4566, 137, 188, 41),
    "fused score": (6264, 26, 46, 10, 15, 965, 138, 192, 56),
}
OTHER_COLUMNS = (
    "healthy, mean", "lapse with trace, mean", "lapse with trace, 90 %", "big lapse, mean", "big lapse, 90 %", "silent lapse, mean",
    "erosion, mean", "erosion, 90 %", "harmless speed-up, mean",
)  # fmt: skip
ASSUMED = {
    "trace half as strong": 83, "trace in dwell only": 85, "trace in evidence only": 71, "correlation .6": 62, "heavy tails": 63,
    "wrong baseline": 60, "burst of 120 sections at most": 64,
}  # fmt: skip
YEAR = {  # of 16 healthy flagged, of 4 lapsed found in 1 and 3 months, precision
    "dashboard, 5 %, caught in the month < 80 %": (14.8, None, 1.0, 0.06),
    "dashboard, 5 %, caught in all < 80 %, from 10": (2.7, None, 1.5, 0.43),
    "dashboard, 5 %, Jeffreys upper bound of all < .90": (1.8, None, 1.3, 0.55),
    "dashboard, 5 %, last 20, caught <= .70": (0.56, None, 1.4, 0.84),
    "fixed 6.3 %, A = 200, one odds ratio": (1.71, 0.69, 2.5, 0.66),
    "burst, A = 200, one odds ratio": (1.88, 2.2, 3.7, 0.65),
    "burst, A = 1000, one odds ratio": (0.35, 1.4, 3.7, 0.91),
}
YEAR_COLUMNS = ("of 16 healthy flagged", "of 4 lapsed found in 1 month", "of 4 lapsed found in 3 months", "precision")

SIMULATED: Specified = {
    "e-detector": {f"A = {at}, {c}": v for at, values in RUNS.items() for c, v in zip(RUN_COLUMNS, values, strict=True)}
    | {f"A = 200, designed for {name}: probes, mean": value for name, value in DESIGNED.items()},
    "usual-rules": {
        f"{name}: flagged within {n} probes": v for name, pair in RULES.items() for n, v in zip((50, 100), pair, strict=True)
    },
    "active-probing": {
        f"{name}, one odds ratio{column}": value
        for name, values in PLACED.items()
        for column, value in zip(PLACED_COLUMNS, values, strict=True)
    }
    | {
        f"{name}: {column}": value
        for name, values in OTHER.items()
        for column, value in zip(OTHER_COLUMNS, values, strict=True)
    },
    "charts": {
        f"{chart}: {what}": value
        for chart in ("integer CUSUM, limit 21", "e-detector, A = 278, one odds ratio", "EWMA of .1, limit .3185")
        for what, value in {
            "probes to a false alarm": 460,
            "probes to find 0.40 after 30 good": 11.25,  # 11.2 to 11.3
            "probes to find 0.40 after 100 good": 11.25,
        }.items()
    }
    | {
        "e-detector, A = 278, one odds ratio: probes to find 0.25 after 100 good": 28,
        "more than 20 % of all missed, from 10: probes to find 0.40 after 100 good": 55,
        "more than 20 % of all missed, from 10: probes to find 0.25 after 100 good": 219,
        "CUSUM of likelihood ratios, limit ln 200: probes to a false alarm": 1658,
        "CUSUM of likelihood ratios, limit ln 200: probes to find 0.40": 16.1,
    },
    "assumptions": {
        "correlation .6: share probed": 0.082,
        "healing, burst, one odds ratio: recovered": 0.57,
        "healing, burst, one odds ratio: sections to recovery": 42,
        "healing, fixed 6.3 %, one odds ratio: sections to recovery": 103,
    }
    | {f"{name}, one odds ratio: sections": value for name, value in ASSUMED.items()},
    "year": {
        f"{name}: {c}": v
        for name, values in YEAR.items()
        for c, v in zip(YEAR_COLUMNS, values, strict=True)
        if v is not None
    },
    "difficulty": {
        f"{mix} mix, difficulty {how}, one odds ratio: probes to a false alarm": value
        for how, values in {
            "ignored": (203, 57, 28),
            "known": (319, 307, 304),
            "known with an error of .5 logit": (259, 259, 259),  # 253 to 265
        }.items()
        for mix, value in zip(("easy", "mixed", "hard"), values, strict=True)
    },
    "site": {"months to find .20": 1.3, "days to find .40": 9},
    "confirmation": {"probes if worse, mean": 9.6},
}
DELAYS: Specified = {  # of the product's own statistic
    "active-probing": {
        f"{name}{column}": value
        for name, values in PLACED.items()
        for column, value in zip(PLACED_COLUMNS, values, strict=True)
        if "years" not in column and "share" not in column
    },
    "assumptions": {f"{name}: sections": value for name, value in ASSUMED.items()},
}
GOALS: dict[str, dict[str, tuple[str, float]]] = {  # the figure over its goal must be as the sign says
    "active-probing": {
        "burst: lapse with trace, mean": ("<=", 70),
        "burst, A = 1000: lapse with trace, mean": ("<=", 95),
        "burst: silent lapse, mean": ("<=", 180),
        "burst, A = 1000: silent lapse, mean": ("<=", 230),
    },
    "year": {
        "burst, A = 200: of 16 healthy flagged": ("<=", 2.0),  # 2.5 of 20 reviewers
        "burst, A = 1000: of 16 healthy flagged": ("<=", 0.4),  # .5 of 20 reviewers
        "burst, A = 1000: of 4 lapsed found in 3 months": (">=", 3.6),
        "burst, A = 1000: precision": (">=", 0.9),
    },
    "site": {"months to a false alarm": (">=", 20)},
    "difficulty": {
        f"{mix} mix, difficulty known with an error of .5 logit: probes to a false alarm": (">=", 200)
        for mix in ("easy", "mixed", "hard")
    },
}
UNMET = "truth off by .5 logit:"  # here the condition of the bound does not hold: told, without a goal


def oversight() -> list[dict[str, Any]]:
    """Run every scenario with its own runs and the fixed seed, and compare."""
    found = []
    for name in scenarios.SCENARIOS:
        rows = scenarios.simulate(name, runs=None, seed=scenarios.SEED, tell=lambda *_: None)
        figures = {r.name: r.value for r in rows}
        found += [_exact(name, figure, figures[figure], value) for figure, value in EXACT.get(name, {}).items()]
        found += [_simulated(name, figure, figures[figure], value) for figure, value in SIMULATED.get(name, {}).items()]
        found += [_delay(name, figure, figures[figure], value) for figure, value in DELAYS.get(name, {}).items()]
        found += [
            row(
                f"{name}: {figure}",
                figures[figure] / goal,
                f"goal {goal}",
                f"{sign} 1",
                figure=round(figures[figure], 4),
                met=_met(figures[figure], sign, goal),
            )
            for figure, (sign, goal) in GOALS.get(name, {}).items()
        ]
        if name == "false-alarms":
            found += [_bound(figure, value) for figure, value in figures.items()]
        if name == "active-probing":
            found += _gains(figures)
        if name == "year":
            found += _years(figures)
    return found


def _exact(scenario: str, name: str, value: float, specified: float) -> dict[str, Any]:
    agrees = abs(value - specified) <= _half(specified) + 1e-9
    return _line(scenario, name, value, specified, DIGITS, met=agrees)


def _simulated(scenario: str, name: str, value: float, specified: float) -> dict[str, Any]:
    near = abs(value - specified) <= 0.05 * specified + _half(specified)
    return _line(scenario, name, value, specified, SPREAD, met=near)


def _delay(scenario: str, name: str, value: float, specified: float) -> dict[str, Any]:
    return _line(scenario, name, value, specified, LONGER, met=value <= 1.10 * specified)


def _line(scenario: str, name: str, value: float, specified: float, goal: str, *, met: bool) -> dict[str, Any]:
    return row(
        f"{scenario}: {name}", value / specified, f"specified {specified}", goal, figure=float(f"{value:.5g}"), met=met
    )


def _half(specified: float) -> float:
    """Return half the last digit that the specification prints."""
    places = len(str(specified).partition(".")[2]) if isinstance(specified, float) else 0
    return 0.5 * 10.0**-places


def _bound(name: str, value: float) -> dict[str, Any]:
    goal = "none: more is missed than the detector is told" if UNMET in name else ">= 1"
    return row(f"false-alarms: {name}", value, "the threshold A", goal, met=None if UNMET in name else value >= 1)


def _gains(figures: dict[str, float]) -> list[dict[str, Any]]:
    """Return how much sooner bursts find than fixed probing of the same share, both with the product's statistic."""
    found = []
    for what in ("lapse with trace", "big lapse", "silent lapse", "erosion", "mild"):
        gained = [figures[f"{name}: {what}, mean"] for name in ("fixed 6.3 %", "burst")]
        specified = [PLACED[name][PLACED_COLUMNS.index(f": {what}, mean")] for name in ("fixed 6.3 %", "burst")]
        ratio, known = gained[0] / gained[1], specified[0] / specified[1]
        found.append(
            row(
                f"fixed 6.3 % / burst, sections to find: {what}",
                ratio,
                f"specified {known:.2f}",
                f">= {0.95 * known:.2f}",
                met=ratio >= 0.95 * known,
            )
        )
    return found


def _years(figures: dict[str, float]) -> list[dict[str, Any]]:
    """Return the year of each rule in one line: its precision, and what it found and flagged."""
    rules = [name.removesuffix(": precision") for name in figures if name.endswith(": precision")]
    return [
        row(
            f"one year, {rule}",
            figures[f"{rule}: precision"],
            "all who are flagged",
            "none: the goals stand at the figures",
            **{column: round(figures[f"{rule}: {column}"], 3) for column in YEAR_COLUMNS[:3]},
        )
        for rule in rules
    ]


def _met(value: float, sign: str, goal: float) -> bool:
    return value <= goal if sign == "<=" else value >= goal
