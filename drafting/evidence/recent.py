"""A batch beside the batches before it: the control chart, and how far its result lies from theirs. Pure."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from corpus.model import Measurement
from drafting.evidence.scope import Loaded
from drafting.model import Chart, Fact, Point
from drafting.statistics.basis import VERSION
from drafting.statistics.exact import WORKING, as_decimal, places_of, rounded, summarise
from drafting.statistics.individuals import individuals, ranges_beyond

MOST_BEFORE, FEWEST_BEFORE = 30, 10  # batches


def before(loaded: Loaded, measured: Measurement) -> list[Measurement]:
    """Return the values of the batches before one, the last thirty, in order of manufacture."""
    order = {b.identifier: i for i, b in enumerate(loaded.of("batch"))}
    every = (*loaded.earlier.get(measured.attribute, ()), *loaded.measurements[measured.attribute])
    found = [m for m in every if m.value is not None and order[m.batch] < order[measured.batch]]
    return found[-MOST_BEFORE:]


def position(measured: Measurement, found: Sequence[Measurement]) -> list[Fact]:
    """Say how far a result lies from the mean of the batches before it, and how many of them lie as far; nothing where they are few."""
    values = [m.value for m in found if m.value is not None]
    if len(values) < FEWEST_BEFORE or measured.value is None:
        return []
    summary = summarise(values)
    mean, places = as_decimal(summary.mean), min(places_of(values) + 1, 3)
    name = f"recent.{measured.attribute}.{measured.batch}"
    inputs = {"batch": measured.batch, "before": [m.batch for m in found]}
    method = f"v{VERSION} of the batches before batch {measured.batch}"
    n = len(values)
    made = [
        Fact(f"{name}.n", str(n), str(n), "", n, f"n {method}", inputs),
        Fact(f"{name}.mean", str(rounded(mean, places)), str(mean), measured.unit, n, f"mean {method}", inputs),
    ]
    if summary.sd:
        with localcontext(WORKING):
            distance = abs(measured.value - mean)
            z = distance / summary.sd
        as_far = sum(abs(value - mean) >= distance for value in values)
        made += [
            Fact(f"{name}.sd", str(rounded(summary.sd, places)), str(summary.sd), measured.unit, n, f"sd {method}", inputs),
            Fact(f"{name}.away", str(rounded(z, 1)), str(z), "standard deviations", n, f"distance in sd {method}", inputs),
            Fact(
                f"{name}.as_far", str(as_far), str(as_far), "", n, f"values at least as far from the mean {method}", inputs
            ),
        ]
    return made


def chart(loaded: Loaded, measured: Measurement, found: Sequence[Measurement], limits: tuple[str, str]) -> Chart | None:
    """Chart a batch after those before it, on limits from those before it; None where they are few."""
    values = [m.value for m in found if m.value is not None]
    if len(values) < FEWEST_BEFORE or measured.value is None:
        return None
    control = individuals(values, summarise(values))
    assert control is not None
    by_batch = {b.identifier: b for b in loaded.of("batch")}
    places = min(places_of(values) + 1, 4)

    def text(value: Decimal) -> str:
        return str(rounded(value, places))

    moved = set(ranges_beyond([*values, measured.value], control))
    points = tuple(
        Point(
            m.batch,
            by_batch[m.batch].date or "",
            m.written,
            not control.lower <= (m.value or Decimal(0)) <= control.upper,
            range_signal=i in moved,
        )
        for i, m in enumerate((*found, measured))
    )
    return Chart(
        f"recent.{measured.attribute}.{measured.batch}",
        f"{loaded.title(measured.attribute)}, batch {measured.batch} and the {len(values)} batches before it",
        measured.attribute,
        measured.unit,
        points,
        text(control.centre),
        text(control.lower),
        text(control.upper),
        *limits,
        method=f"I-MR, n = {len(points)}; limits from the {len(values)} batches before batch {measured.batch}, sigma = mean moving range / 1.1284",
        moving_range_mean=text(control.moving_range),
        moving_range_upper=text(control.moving_range_upper),
        label=loaded.label(measured.attribute),
    )
