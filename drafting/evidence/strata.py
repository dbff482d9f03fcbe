"""Attributes by the levels of a known factor: strength, the source of the active substance, line or site. Pure.

A chart over a mixture of levels signals at each change of level. Where the batches of a period are of several levels, each is
summarised by itself, and whether their means differ is tested.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from corpus.model import Record
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.control import fired, positions
from drafting.evidence.kinds import label
from drafting.evidence.reading import Reading
from drafting.evidence.scope import Loaded
from drafting.model import Fact, Table
from drafting.statistics.anova import one_way
from drafting.statistics.basis import NotGiven
from drafting.statistics.exact import as_decimal, p_shown, places_of, rounded, summarise
from drafting.statistics.individuals import individuals
from drafting.statistics.rules import RuleSet

FACTORS = ("strength", "api_code", "api_source", "line", "site")  # fields of a batch, the first that differs counts
SMALLEST_LEVEL = 10  # batches: below it a level by itself says little
ALPHA = Decimal("0.05")
COLUMNS = ("Attribute", "Level", "n", "Mean", "SD", "Signals, own limits", "Do the levels differ? (p)")
NAMES = {"api_code": "source of the active substance", "api_source": "source of the active substance"}


def factor_of(batches: Sequence[Record]) -> str:
    """Return the field that stratifies these batches; "" where none has two levels of enough batches."""
    for name in FACTORS:
        counted = Counter(b.get(name) or (b.strength or "" if name == "strength" else "") for b in batches)
        if sum(number >= SMALLEST_LEVEL for level, number in counted.items() if level) > 1:
            return name
    return ""


def compared(loaded: Loaded, name: str, found: Sequence[Reading], into: Collected) -> None:
    """Summarise the attributes that have a limit by the levels of the known factor, and test whether the levels differ."""
    factor = factor_of(loaded.batches)
    limited = [r for r in found if r.limit or r.limit_changed]
    if not factor or not limited:
        return
    level_of = {b.identifier: b.get(factor) or b.strength or "-" for b in loaded.batches}
    rows: list[tuple[str, ...]] = []
    refs: list[str] = []
    differing = 0
    for r in limited:
        levels = _levels(r, level_of)
        tested = one_way([values for _, values in levels])
        told = "-"
        if not isinstance(tested, NotGiven):
            differs = tested.p < ALPHA
            differing += differs
            told = p_shown(tested.p)
            fact = Fact(
                f"{r.attribute}.strata_p", told, str(tested.p), "", len(r.values), tested.basis.stated, {"factor": factor}
            )
            into.add_facts([fact])
        rows += [(loaded.title(r.attribute), level, *_summary(values, r.control.rules), told) for level, values in levels]
        refs += [f"fact:{r.attribute}.mean"] * len(levels)
    query = f"attributes with a limit whose means differ between levels of {factor}, one-way ANOVA at {ALPHA}"
    what = NAMES.get(factor, label(factor).lower())
    into.add_facts(
        [
            count_fact(f"{name}.stratified", len(limited), len(limited), f"attributes with a limit, by {factor}"),
            count_fact(f"{name}.strata_differing", differing, len(limited), query),
            Fact(
                f"{name}.factor", what, factor, "", len(loaded.batches), "field of the batches that has several levels", {}
            ),
        ]
    )
    note = f"Levels with fewer than {SMALLEST_LEVEL} batches are not tested by themselves. p of one-way ANOVA."
    into.tables.append(Table(f"strata.{name}", f"By {what}", COLUMNS, tuple(rows), tuple(refs), note))


def _levels(found: Reading, level_of: dict[str, str]) -> list[tuple[str, list[Decimal]]]:
    by_level: dict[str, list[Decimal]] = {}
    for batch, value in zip(found.batches, found.values, strict=True):
        by_level.setdefault(level_of[batch], []).append(value)
    return [(level, values) for level, values in sorted(by_level.items()) if len(values) >= SMALLEST_LEVEL]


def _summary(values: Sequence[Decimal], rules: RuleSet) -> tuple[str, str, str, str]:
    found = summarise(values)
    places = min(places_of(values) + 1, 3)
    limits = individuals(values, found)
    signals = str(len(positions(fired(values, limits, rules)))) if limits else "-"
    sd = str(rounded(found.sd, places)) if found.sd is not None else "-"
    return (str(found.n), str(rounded(as_decimal(found.mean), places)), sd, signals)
