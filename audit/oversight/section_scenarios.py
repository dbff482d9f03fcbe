"""Scenarios in which reviewers work through sections: active probing, how far it leans on its assumptions, and a year of twenty reviewers.

The conducts are assumptions, stated here: a lapse misses .40 with dwell lower by half a deviation and evidence opened in .55 instead of .80
of sections; a big one misses .60 with -1 and .30; an erosion goes to .50 in 300 sections with a trace one third above the lapse's; a mild
lapse misses .25 with .7 of the lapse's trace; a harmless speed-up is -.87 in dwell alone. Dwell residuals are correlated by .3. Sixty
sections a month; the change comes after four months. With one odds ratio these give the specified figures. Loaded by the `simulate`
command only.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audit.oversight import behaviour, detector
from audit.oversight.confirmation import ODDS as DESIGNED
from audit.oversight.other_alarms import other_alarms
from audit.oversight.simulated import Row, Tell, averaged, quantile
from audit.oversight.simulation import (
    HEALTHY,
    MONTH,
    USUAL,
    Change,
    Conduct,
    Flags,
    Reviewers,
    Scheme,
    World,
    constant,
    delays,
    run_lengths,
    steady,
    without_cap,
)

YEAR = 12 * MONTH
LAPSE = Conduct(0.40, -0.5, 0.55)
CHANGES = {
    "lapse with trace": Change(LAPSE),
    "big lapse": Change(Conduct(0.60, -1.0, 0.30)),
    "silent lapse": Change(Conduct(0.40)),
    "erosion": Change(Conduct(0.50, -2 / 3, 0.80 - 1 / 3), over=300),
    "mild": Change(Conduct(0.25, -0.35, 0.625)),
}
SPEED_UP = Conduct(dwell=-0.87)
BURST = without_cap(Scheme())  # ends by its probes alone; the product also ends it after 120 sections
PLACED = {
    "fixed 5 %": (Scheme(fixed=0.05), detector.SELF_AT),
    "fixed 6.3 %": (Scheme(fixed=0.063), detector.SELF_AT),
    "burst": (BURST, detector.SELF_AT),
    "burst, A = 1000": (BURST, detector.NAMED_AT),
}
SECTIONS = 52  # for each unit of the threshold: twice the mean wait for a false alarm, 1.65 probes for each at 6.3 %
ONE = ", one odds ratio"
SCHEMES = PLACED | {f"{name}{ONE}": (replace(scheme, odds=(DESIGNED,)), at) for name, (scheme, at) in PLACED.items()}


def active_probing(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return what bursts gain: years to a false alarm, share probed, and sections until a change is found."""
    rows = []
    kinds = sorted({(threshold, scheme.odds) for scheme, threshold in SCHEMES.values()})
    lengths = {k: run_lengths(constant(0.10), lanes=runs, seed=seed, threshold=k[0], odds=k[1]) for k in kinds}
    for done, (name, (scheme, threshold)) in enumerate(SCHEMES.items()):
        tell(name, done, len(SCHEMES) + 1)
        probes = lengths[threshold, scheme.odds]
        for what, conduct in (("", HEALTHY), (", harmless speed-up", SPEED_UP)):
            share = scheme.fixed or _share(scheme, conduct, runs, seed, threshold)
            # missing does not depend on why a section was probed, so sections to a false alarm are probes to one over the share probed
            years = averaged(f"{name}{what}: years to a false alarm", probes / share / YEAR)
            rows += [years, Row(f"{name}{what}: share probed", share)]
        for what, change in CHANGES.items():
            found = delays(scheme, change, lanes=runs, seed=seed, threshold=threshold).delays
            rows += [averaged(f"{name}: {what}, mean", found), quantile(f"{name}: {what}, 90 %", found, 0.9)]
    tell("behaviour alone and fused", len(SCHEMES), len(SCHEMES) + 1)
    steadily = {"healthy": Change(HEALTHY, at=0), "harmless speed-up": Change(SPEED_UP)}
    return rows + other_alarms(steadily | CHANGES, runs, seed)


def _share(scheme: Scheme, conduct: Conduct, runs: int, seed: int, threshold: float, world: World = USUAL) -> float:
    """Return the share of sections probed over a lasting conduct, twice as long as it takes to a false alarm: bursts become rarer."""
    lanes, sections = max(20, runs // 30), round(SECTIONS * threshold)
    return steady(scheme, conduct, lanes=lanes, sections=sections, seed=seed, threshold=threshold, world=world).rate


def assumptions(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return how the delay to find a lapse by bursts at A = 200 moves when the assumptions fail."""
    variants: dict[str, tuple[Scheme, Conduct, World]] = {
        "as designed": (BURST, LAPSE, USUAL),
        "trace half as strong": (BURST, HEALTHY.towards(LAPSE, 0.5), USUAL),
        "trace in dwell only": (BURST, Conduct(0.40, -0.5), USUAL),
        "trace in evidence only": (BURST, Conduct(0.40, 0.0, 0.55), USUAL),
        "correlation .6": (BURST, LAPSE, replace(USUAL, correlation=0.6)),
        "heavy tails": (BURST, LAPSE, replace(USUAL, heavy=True)),
        "wrong baseline": (BURST, LAPSE, replace(USUAL, baseline=behaviour.Baseline(0.2, 0.80))),
        "burst of 120 sections at most": (Scheme(), LAPSE, USUAL),
    }
    rows = []
    shares: dict[tuple[Scheme, World], float] = {}
    for done, (name, (scheme, conduct, world)) in enumerate(variants.items()):
        tell(name, done, len(variants) + 2)
        change = Change(replace(conduct, miss=LAPSE.miss))
        for how, odds in (("", scheme.odds), (ONE, (DESIGNED,))):
            placed = replace(scheme, odds=odds)
            found = delays(placed, change, lanes=runs, seed=seed, threshold=detector.SELF_AT, world=world).delays
            rows.append(averaged(f"{name}{how}: sections", found))
        if (scheme, world) not in shares:
            shares[scheme, world] = _share(scheme, HEALTHY, runs, seed, detector.SELF_AT, world)
            rows.append(Row(f"{name}: share probed", shares[scheme, world]))
    for done, (name, scheme) in enumerate((("burst", BURST), ("fixed 6.3 %", Scheme(fixed=0.063)))):
        tell("each revealed miss heals with 20 %", len(variants) + done, len(variants) + 2)
        for how, odds in (("", scheme.odds), (ONE, (DESIGNED,))):
            rows += healing(f"healing, {name}{how}", replace(scheme, odds=odds), runs, seed)
    return rows


def healing(name: str, scheme: Scheme, runs: int, seed: int) -> list[Row]:
    """Return the share that recovers, and when, if each revealed miss heals with 20 %: the reveal comes before what the alarm makes of it."""
    random = np.random.default_rng([seed, 20])
    reviewers = Reviewers(scheme, USUAL, runs, random)
    change, alarms, late, healed = Change(LAPSE), 0, 0, list[int]()
    for section in range(1, change.at + 4 * YEAR):
        now = change.conduct(section)
        leaves = alarmed = reviewers.section(now.miss, now.dwell, now.opened) >= detector.SELF_AT
        if section > change.at:
            well = reviewers.missed & (random.random(len(alarmed)) < 0.20)  # noqa: PLR2004 - the assumption
            alarms += int((alarmed & ~well).sum())
            late += int((alarmed & well).sum())
            healed += [section - change.at] * int(well.sum())
            leaves = alarmed | well
        reviewers.keep(~leaves)
        if leaves.all():
            break
    ended = max(1, len(healed) + alarms)
    share, before = len(healed) / ended, (len(healed) - late) / ended
    return [
        Row(f"{name}: recovered", share, (share * (1 - share) / ended) ** 0.5),
        Row(f"{name}: recovered, no alarm at that miss either", before, (before * (1 - before) / ended) ** 0.5),
        averaged(f"{name}: sections to recovery", np.array(healed)),
    ]


TEAM, LAPSED, MIDDLE = 20, 4, 360
Firsts = dict[str, NDArray[np.int64]]  # of a rule: the section at which it first flags each lane, 0 where it never does


def year(runs: int, seed: int, tell: Tell) -> list[Row]:
    """Return a year of twenty reviewers, four of whom lapse at month six: who is flagged by which rule, and when."""
    schemes = {"dashboard, 5 %": Scheme(fixed=0.05), "fixed 6.3 %": Scheme(fixed=0.063), "burst": Scheme()}
    rows = []
    for done, (name, scheme) in enumerate(schemes.items()):
        tell(name, done, len(schemes))
        flags = _dashboards if name.startswith("dashboard") else _detectors
        for rule, first in flags(scheme, runs * TEAM, seed).items():
            rows += _judged(f"{name}, {rule}", first.reshape(runs, TEAM))
    return rows


def _days(scheme: Scheme, lanes: int, seed: int) -> Iterator[tuple[int, Reviewers]]:
    """Let a year pass, section by section."""
    reviewers, lapsed = Reviewers(scheme, USUAL, lanes, np.random.default_rng(seed)), np.arange(lanes) % TEAM < LAPSED
    for section in range(1, YEAR + 1):
        after = lapsed & (section > MIDDLE)
        miss, dwell, opened = (np.where(after, getattr(LAPSE, x), getattr(HEALTHY, x)) for x in ("miss", "dwell", "opened"))
        reviewers.section(miss, dwell, opened)
        yield section, reviewers


def _detectors(scheme: Scheme, lanes: int, seed: int) -> Firsts:
    first: Firsts = {}
    designed = scheme.odds.index(DESIGNED)
    for section, reviewers in _days(scheme, lanes, seed):
        values = reviewers.detectors.values
        for at in (detector.SELF_AT, detector.NAMED_AT):
            for how, statistic in (("", values.mean(axis=0)), (ONE, values[designed])):
                _first(first, f"A = {at:.0f}{how}", statistic >= at, section)
    return first


def _dashboards(scheme: Scheme, lanes: int, seed: int) -> Firsts:
    from audit.oversight.dashboards import Dashboards  # noqa: PLC0415 - loads scipy

    boards, first = Dashboards(lanes), Firsts()
    for section, reviewers in _days(scheme, lanes, seed):
        boards.section(reviewers.probed, reviewers.missed)
        if section % MONTH == 0:
            for rule, fires in boards.month().items():
                _first(first, rule, fires, section)
    return first


def _first(first: Firsts, rule: str, fires: Flags, section: int) -> None:
    known = first.setdefault(rule, np.zeros(len(fires), np.int64))
    known[fires & (known == 0)] = section


def _judged(name: str, first: NDArray[np.int64]) -> list[Row]:
    lapsed, healthy = first[:, :LAPSED], first[:, LAPSED:]
    wrong = (healthy > 0).sum(axis=1)
    in_month, in_three = (((lapsed > MIDDLE) & (lapsed <= MIDDLE + k)).sum(axis=1) for k in (60, 180))
    found = (lapsed > MIDDLE).sum()
    precise = found / max(1, int(found + wrong.sum() + ((lapsed > 0) & (lapsed <= MIDDLE)).sum()))
    return [
        averaged(f"{name}: of 16 healthy flagged", wrong),
        averaged(f"{name}: of 4 lapsed found in 1 month", in_month),
        averaged(f"{name}: of 4 lapsed found in 3 months", in_three),
        Row(f"{name}: precision", float(precise), float((precise * (1 - precise) / max(1, found)) ** 0.5)),
    ]
