"""Control charts of measured attributes as a report draws them: on limits of the 12 months before where there are any. Pure."""

from decimal import Decimal

from drafting.evidence.control import known
from drafting.evidence.measured import limits_of
from drafting.evidence.reading import Reading, read
from drafting.evidence.scope import Loaded
from drafting.model import Chart, Point
from drafting.statistics.exact import places_of, rounded


def chart(loaded: Loaded, attribute: str) -> Chart | None:
    """Return the I-MR chart of an attribute; None below two values."""
    reading = read(loaded, attribute)
    return charted(loaded, reading) if reading else None


def charted(loaded: Loaded, reading: Reading) -> Chart | None:
    """Return the I-MR chart of what was read; None below two values."""
    limits = reading.charted
    if limits is None:
        return None
    present = known(loaded, reading.attribute, loaded.measurements[reading.attribute], lots=reading.lots)
    by_batch = {b.identifier: b for b in loaded.batches}
    in_force = limits_of(loaded, reading.attribute, present[-1:])[0]
    places = min(places_of(reading.values) + 1, 4)
    began = changes(loaded)
    marked, moved = set(reading.marked), set(reading.ranges_marked)

    def text(value: Decimal) -> str:
        return str(rounded(value, places))

    return Chart(
        id=f"imr.{reading.attribute}",
        title=f"{loaded.title(reading.attribute)}, by batch",
        attribute=reading.attribute,
        label=loaded.label(reading.attribute),
        unit=present[0].unit,
        points=tuple(
            Point(
                m.batch,
                by_batch[m.batch].date or "",
                m.written,
                i in marked,
                change=began.get(m.batch, ""),
                range_signal=i in moved,
            )
            for i, m in enumerate(present)
        ),
        centre=text(limits.centre),
        lower_control="" if reading.without_lower else text(limits.lower),
        upper_control=text(limits.upper),
        lower_limit=in_force.record.get("lower_limit") if in_force else "",
        upper_limit=in_force.record.get("upper_limit") if in_force else "",
        limit_source=in_force.record.get("specification_id") if in_force else "",
        method=_method(reading),
        moving_range_mean=text(limits.moving_range),
        moving_range_upper=text(limits.moving_range_upper),
        synthetic_limits=bool(in_force and in_force.record.document.synthetic),
    )


def changes(loaded: Loaded) -> dict[str, str]:
    """Return the first batch of each change in scope with the change's identifier; several are named together."""
    found: dict[str, str] = {}
    for record in loaded.in_scope("change_control"):
        batch = record.get("first_batch")
        if batch:
            found[batch] = f"{found[batch]}, {record.identifier}" if batch in found else record.identifier
    return found


def _method(reading: Reading) -> str:
    rules, frozen = reading.control.rules, reading.frozen
    told = f"I-MR, sigma = mean moving range / 1.1284, n = {len(reading.values)}, {len(reading.marked)} signal(s) by {rules}, {len(reading.ranges_marked)} moving range(s) above their limit"
    told += "; one value a lot, at its first batch" if reading.lots else ""
    told += "; no lower limit, which would lie below zero" if reading.without_lower else ""
    if frozen is None:
        return f"{told}; limits of the period's own values"
    own = f"by limits of its own: {len(reading.beyond)}"
    if frozen.baseline:
        changed = "; its records changed since, so that it waits to be approved anew" if frozen.changed else ""
        return f"{told}; {frozen.baseline.told} ({own}){changed}"
    first, last = frozen.period
    return f"{told}; limits frozen on {frozen.n} batches of {first} to {last} ({own})"
