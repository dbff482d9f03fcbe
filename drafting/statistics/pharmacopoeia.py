"""Acceptance by pharmacopoeial stages, as computed facts: dissolution (USP <711>, EP 2.9.3) and content uniformity (USP <905>, EP 2.9.40). Pure.

Each criterion keeps what was found, unrounded, and is judged after rounding half up to the places its limit is written with (USP General Notices
7.20). Whether a batch is released on it is a person's decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from drafting.statistics.basis import Basis, Exclusion, NotGiven
from drafting.statistics.exact import WORKING, as_decimal, rounded, summarise

STAGES = {6: "S1", 12: "S2", 24: "S3"}  # units tested in all
FIRST_UNITS, ALL_UNITS = 10, 30
ACCEPTABILITY = {FIRST_UNITS: Decimal("2.4"), ALL_UNITS: Decimal("2.0")}  # k of the acceptance value
LOWEST_CENTRE, HIGHEST_CENTRE = Decimal("98.5"), Decimal("101.5")


@dataclass(frozen=True)
class Criterion:
    """One requirement: what was found (unrounded), the limit, and whether it is met after rounding."""

    name: str
    found: Decimal
    limit: Decimal
    met: bool


@dataclass(frozen=True)
class Stage:
    """One stage with its criteria; it is met where all of them are."""

    name: str
    units: int
    criteria: tuple[Criterion, ...]

    @property
    def met(self) -> bool:
        """Tell whether every criterion is met."""
        return all(criterion.met for criterion in self.criteria)


@dataclass(frozen=True)
class Acceptance:
    """The stages that were gone through, up to the first that is met; `next_units` is how many more units the next stage tests (0: none)."""

    stages: tuple[Stage, ...]
    next_units: int
    basis: Basis

    @property
    def surplus(self) -> int:
        """Return how many units were tested although a stage before was met: they change nothing, and a person explains them."""
        return self.basis.n - self.stages[-1].units

    @property
    def met(self) -> bool | None:
        """Tell whether the criteria are met; None while a further stage is open."""
        if self.stages[-1].met:
            return True
        return None if self.next_units else False


def dissolution(
    units: Sequence[Decimal], q: Decimal, *, places: int = 0, excluded: tuple[Exclusion, ...] = ()
) -> Acceptance | NotGiven:
    """Judge units in the order tested (6, 12 or 24, per cent dissolved) against Q of an immediate-release form."""
    basis = Basis("dissolution by stages, USP <711>", len(units), excluded)
    if len(units) not in STAGES:
        return NotGiven(f"{len(units)} units: a stage ends at 6, 12 or 24", basis)
    stages: list[Stage] = []
    for n, name in STAGES.items():
        if n > len(units):
            break
        stages.append(Stage(name, n, _dissolved(units[:n], q, places)))
        if stages[-1].met:
            break
    tested = stages[-1].units
    more = next((n - tested for n in STAGES if n > tested), 0)
    return Acceptance(tuple(stages), 0 if stages[-1].met else more, basis)


def _dissolved(units: Sequence[Decimal], q: Decimal, places: int) -> tuple[Criterion, ...]:
    each = [rounded(value, places) for value in units]
    if len(units) == min(STAGES):
        return (_at_least("each unit not less than Q + 5", min(units), q + 5, places),)
    mean = _at_least("mean not less than Q", as_decimal(summarise(units).mean), q, places)
    if len(units) < max(STAGES):
        return (mean, _at_least("no unit less than Q - 15", min(units), q - 15, places))
    low = Decimal(sum(value < q - 15 for value in each))
    return (
        mean,
        Criterion("not more than 2 units less than Q - 15", low, Decimal(2), low <= 2),  # noqa: PLR2004 - as the text says
        _at_least("no unit less than Q - 25", min(units), q - 25, places),
    )


def _at_least(name: str, found: Decimal, limit: Decimal, places: int) -> Criterion:
    return Criterion(name, found, limit, rounded(found, places) >= limit)


def content_uniformity(
    units: Sequence[Decimal],
    *,
    target: Decimal = Decimal(100),
    l1: Decimal = Decimal("15.0"),
    l2: Decimal = Decimal("25.0"),
    excluded: tuple[Exclusion, ...] = (),
) -> Acceptance | NotGiven:
    """Judge units in the order tested (10 or 30, per cent of label claim) by the acceptance value |M - mean| + k s."""
    basis = Basis("uniformity of dosage units, acceptance value, USP <905>", len(units), excluded)
    if len(units) not in ACCEPTABILITY:
        return NotGiven(f"{len(units)} units: a stage ends at {FIRST_UNITS} or {ALL_UNITS}", basis)
    value, _ = acceptance_value(units[:FIRST_UNITS], target)
    stages = [Stage("L1", FIRST_UNITS, (_at_most("acceptance value of 10 units not more than L1", value, l1),))]
    if not stages[0].met and len(units) == ALL_UNITS:
        stages.append(Stage("L2", ALL_UNITS, _thirty(units, target, l1, l2)))
    open_units = ALL_UNITS - FIRST_UNITS if not stages[-1].met and len(stages) == 1 else 0
    return Acceptance(tuple(stages), open_units, basis)


def acceptance_value(units: Sequence[Decimal], target: Decimal = Decimal(100)) -> tuple[Decimal, Decimal]:
    """Return the acceptance value of 10 or 30 units and the reference value M."""
    found = summarise(units)
    assert found.sd is not None
    mean = as_decimal(found.mean)
    reference = min(max(mean, LOWEST_CENTRE), max(HIGHEST_CENTRE, target))
    with localcontext(WORKING):
        return abs(reference - mean) + ACCEPTABILITY[len(units)] * found.sd, reference


def _thirty(units: Sequence[Decimal], target: Decimal, l1: Decimal, l2: Decimal) -> tuple[Criterion, ...]:
    value, reference = acceptance_value(units, target)
    with localcontext(WORKING):
        low, high = (1 - l2 / 100) * reference, (1 + l2 / 100) * reference
    return (
        _at_most("acceptance value of 30 units not more than L1", value, l1),
        _at_least("no unit below (1 - L2 / 100) M", min(units), rounded(low, 1), 1),
        Criterion(
            "no unit above (1 + L2 / 100) M", max(units), rounded(high, 1), rounded(max(units), 1) <= rounded(high, 1)
        ),
    )


def _at_most(name: str, found: Decimal, limit: Decimal) -> Criterion:
    return Criterion(name, found, limit, rounded(found, 1) <= limit)
