"""Scenarios in which only outcomes of probes count: exact run lengths, the e-detector, usual rules, its bound, difficulty, the site.

Loaded by the `simulate` command only.
"""

import numpy as np

from audit.oversight import detector, runlength
from audit.oversight.confirmation import ODDS as DESIGNED
from audit.oversight.difficulty import SHRINKAGE, UPPER, expit, logit
from audit.oversight.simulated import Row, Tell, averaged, quantile
from audit.oversight.simulation import (
    HEALTHY,
    MONTH,
    Detectors,
    Flags,
    Floats,
    Scheme,
    Source,
    constant,
    run_lengths,
    steady,
)

SINGLE = (DESIGNED,)
MIXES = {"easy": (0.05, 0.10, 0.20), "mixed": (0.10, 0.15, 0.30), "hard": (0.15, 0.25, 0.35)}
RULE_PROBES = 100
LONGEST = (
    10  # times the threshold: a longer wait for a false alarm counts as this, so that the mean is told too low, if at all
)


def cusum(runs: int, seed: int, tell: Tell) -> list[Row]:  # noqa: ARG001 - exact: nothing is drawn
    """Return the exact run lengths of the integer CUSUM at one false alarm in so many reviews, and fixed samples."""
    rows = []
    for rate, reviews in (
        (0.05, 2000),
        (0.05, 5000),
        (0.05, 10000),
        (0.05, 20000),
        (0.10, 5000),
        (0.10, 10000),
        (0.02, 5000),
    ):
        limit = next(h for h in range(1, runlength.MOST_LIMIT) if runlength.cusum(h, 0.10).mean >= rate * reviews)
        healthy, worse = runlength.cusum(limit, 0.10), runlength.cusum(limit, 0.40, (0.5, 0.9))
        name = f"{rate:.0%} probed, one in {reviews} reviews"
        rows += [
            Row(f"{name}: limit", limit),
            Row(f"{name}: probes to a false alarm", healthy.mean),
            Row(f"{name}: probes to detect, mean", worse.mean),
            Row(f"{name}: probes to detect, median", worse.quantiles[0]),
            Row(f"{name}: probes to detect, 90 %", worse.quantiles[1]),
            Row(f"{name}: reviews to detect", worse.mean / rate),
            Row(f"{name}: months at 60 a month", worse.mean / rate / MONTH),
            Row(f"{name}: months at 20 a month", worse.mean / rate / 20),
        ]
    for alpha, power in ((0.05, 0.8), (0.05, 0.9), (0.01, 0.9)):
        sample, _ = runlength.fixed_sample(0.10, 0.40, alpha=alpha, power=power)
        rows.append(Row(f"fixed sample, alpha {alpha}, power {power}: probes", sample))
    rows += [Row(f"limit 21: found within {n} probes", runlength.cusum_alarmed(21, 0.40, n)) for n in (10, 15, 20, 30)]
    return [*rows, Row("limit 21: false alarm within 36 probes", runlength.cusum_alarmed(21, 0.10, 36))]


def confirmation(runs: int, seed: int, tell: Tell) -> list[Row]:  # noqa: ARG001 - exact: nothing is drawn
    """Return the exact run of the confirmation."""
    healthy, worse = runlength.wald(0.10), runlength.wald(0.40)
    return [
        Row("probes if healthy, mean", healthy.mean),
        Row("probes if healthy, 90 %", healthy.ninety),
        Row("probes if worse, mean", worse.mean),
        Row("probes if worse, 90 %", worse.ninety),
        Row("healthy taken for worse", healthy.worse),
        Row("worse taken for healthy", 1 - worse.worse),
    ]


def e_detector(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return run lengths of the e-detector with one odds ratio, and with the mean over three as it is used."""
    rows = []
    for done, threshold in enumerate((50, 100, 200, 500, 1000)):
        tell("run lengths of the e-detector", done, 5)
        for name, odds in (("one odds ratio", SINGLE), ("mean of three", detector.ODDS)):
            for miss in (0.10, 0.20, 0.40):
                found = run_lengths(constant(miss), lanes=runs, seed=seed, threshold=threshold, odds=odds)
                what = f"A = {threshold}, {name}, miss {miss:.2f}: probes"
                rows.append(averaged(f"{what}, mean", found))
                if miss == 0.40:  # noqa: PLR2004 - the designed change is given in full
                    rows += [quantile(f"{what}, median", found, 0.5), quantile(f"{what}, 90 %", found, 0.9)]
    for good, bad in ((0.05, 0.20), (0.10, 0.30), (0.15, 0.40), (0.20, 0.40), (0.20, 0.50), (0.30, 0.60)):
        odds = (bad / (1 - bad) * (1 - good) / good,)
        found = run_lengths(constant(bad, good), lanes=runs, seed=seed, threshold=200, odds=odds)
        rows.append(averaged(f"A = 200, designed for {good:.2f} to {bad:.2f}: probes, mean", found))
    return rows


def usual_rules(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return how often rules flag a reviewer who catches .90 all the time, within 50 and 100 probes."""
    from scipy.stats import binom  # noqa: PLC0415 - used here only

    tell("usual rules", 0, 1)
    missed = np.random.default_rng(seed).random((runs, RULE_PROBES)) < HEALTHY.miss
    so_far, n = missed.cumsum(axis=1), np.arange(1, RULE_PROBES + 1)
    last_ten = so_far - np.pad(so_far, ((0, 0), (10, 0)))[:, :RULE_PROBES]
    fires: dict[str, Flags] = {
        "miss rate over 10 %, from 10 probes": (so_far / n > 0.10) & (n >= 10),  # noqa: PLR2004 - the rule's own
        "last 10, caught <= .70": (last_ten >= 3) & (n >= 10),  # noqa: PLR2004 - the rule's own
        "binomial test at 5 %, each probe": binom.sf(so_far - 1, n, HEALTHY.miss) <= 0.05,  # noqa: PLR2004
        "e-detector, A = 200": _statistics(missed, detector.ODDS) >= detector.SELF_AT,
        "e-detector, A = 200, one odds ratio": _statistics(missed, SINGLE) >= detector.SELF_AT,
        "integer CUSUM, limit 24": _cusum(missed) >= 24,  # noqa: PLR2004 - the yardstick
    }
    return [
        averaged(f"{name}: flagged within {k} probes", np.any(flags[:, :k], axis=1))
        for name, flags in fires.items()
        for k in (50, 100)
    ]


def _statistics(missed: Flags, odds: tuple[float, ...]) -> Floats:
    detectors = Detectors(len(missed), odds)
    return np.stack([detectors.step(column, 0.10) for column in missed.T], axis=1)


def _cusum(missed: Flags) -> Floats:
    value, found = np.zeros(len(missed)), []
    for column in missed.T:
        value = np.maximum(0.0, value + np.where(column, runlength.MISS, -runlength.CATCH))
        found.append(value)
    return np.stack(found, axis=1)


def false_alarms(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return mean probes to a false alarm over the threshold, which must be 1 or more, where probing and misses are least convenient."""
    rows = []
    for done, threshold in enumerate((100, 200, 1000)):
        for name, source in _sources(threshold).items():
            tell(f"false alarms, A = {threshold}, {name}", done, 3)
            found = run_lengths(source, lanes=runs, seed=seed, threshold=threshold, most=LONGEST * threshold)
            rows.append(averaged(f"A = {threshold}, {name}: probes to a false alarm / A", found / threshold))
        dense = Scheme(base=0.20, burst=0.80)
        lasting = steady(dense, HEALTHY, lanes=max(10, runs // 20), sections=15 * threshold, seed=seed, threshold=threshold)
        error = lasting.probes / threshold / max(lasting.alarms, 1) ** 0.5
        rows.append(
            Row(
                f"A = {threshold}, bursts that behaviour asks for: probes to a false alarm / A",
                lasting.probes / threshold,
                error,
            )
        )
    return rows


def _sources(threshold: float) -> dict[str, Source]:
    """Return healthy reviewers: all keep the condition of the bound, but for the one whose difficulty is off and not bounded."""

    def chosen(random: np.random.Generator, statistic: Floats, last: Flags) -> tuple[Flags, Floats]:  # noqa: ARG001
        p = np.where(statistic > threshold / 4, 0.05, 0.35)
        return random.random(len(p)) < p, p

    def clustered(random: np.random.Generator, statistic: Floats, last: Flags) -> tuple[Flags, float]:
        return random.random(len(statistic)) < np.where(last, 0.10, 0.07), 0.10

    def truth_off(p: float) -> Source:
        def source(random: np.random.Generator, statistic: Floats, last: Flags) -> tuple[Flags, float]:  # noqa: ARG001
            return random.random(len(statistic)) < _shifted(random, np.full(len(statistic), 0.10)), p

        return source

    def model_off(random: np.random.Generator, statistic: Floats, last: Flags) -> tuple[Flags, Floats]:  # noqa: ARG001
        return random.random(len(statistic)) < 0.10, _shifted(random, np.full(len(statistic), 0.10))  # noqa: PLR2004

    return {
        "miss as expected": constant(0.10),
        "difficulty chosen by the statistic": chosen,
        "misses in clusters": clustered,
        "model off by .5 logit": model_off,
        "truth off by .5 logit": truth_off(0.10),
        "truth off by .5 logit, p at its upper 80 % bound": truth_off(expit(logit(0.10) + UPPER * SHRINKAGE)),
        "catch .95": constant(0.05),
    }


def _shifted(random: np.random.Generator, p: Floats) -> Floats:
    found: Floats = 1 / (1 + (1 - p) / p * np.exp(-0.5 * random.standard_normal(len(p))))
    return found


def difficulty(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return probes to a false alarm at A = 200 where probes differ in difficulty: ignored, known, and known with an error."""
    rows = []
    for done, (name, mix) in enumerate(MIXES.items()):
        tell("difficulty", done, len(MIXES))
        for how in ("ignored", "known", "known with an error of .5 logit"):
            for form, odds in (("", detector.ODDS), (", one odds ratio", SINGLE)):
                found = run_lengths(_mixed(mix, how), lanes=runs, seed=seed, threshold=200, odds=odds)
                rows.append(averaged(f"{name} mix, difficulty {how}{form}: probes to a false alarm", found))
    return rows


def _mixed(mix: tuple[float, ...], how: str) -> Source:
    def source(random: np.random.Generator, statistic: Floats, last: Flags) -> tuple[Flags, float | Floats]:  # noqa: ARG001
        p = np.array(mix)[random.integers(0, len(mix), len(statistic))]
        true = _shifted(random, p) if how.startswith("known with") else p
        return random.random(len(p)) < true, 0.10 if how == "ignored" else p

    return source


def site(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return what the pooled alarm of a site does with 60 probes a month, A = 1000."""
    rows = []
    for done, (miss, name) in enumerate(
        ((0.10, "months to a false alarm"), (0.20, "months to find .20"), (0.40, "days to find .40"))
    ):
        tell("site", done, 3)
        found = run_lengths(constant(miss), lanes=runs, seed=seed, threshold=detector.SITE_AT) / 60
        rows.append(averaged(name, found * (30 if name.startswith("days") else 1)))
    return rows
