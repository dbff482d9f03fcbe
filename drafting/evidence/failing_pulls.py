"""Stability results outside the limit that their row states or outside the specification in force, with and without an OOS record. Pure."""

from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.literals import bound, without_sign
from corpus.model import Record
from drafting.evidence import listed, measured
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.measured import Limit
from drafting.evidence.pulls import KIND, in_force, number
from drafting.evidence.scope import Loaded, span_of

QUERY = "stability results of the period held against the limit that their row states and the specification in force on the day of their pull"
COLUMNS = ("Limit", "Outside")


@dataclass(frozen=True)
class Held:
    """A stability result with the limits that it is held against, and the first of them that it fails: limit and side."""

    row: Record
    limits: tuple[Limit, ...]
    fails: tuple[Limit, str] | None

    @property
    def printed(self) -> str:
        """Return the limits as people write them; where the specification says something else, both."""
        return "; ".join(dict.fromkeys(limit.printed for limit in self.limits)) or "-"


def reviewed(loaded: Loaded, into: Collected) -> None:
    """Count the results outside, take them in, and add to the table of results what each was held against."""
    by_row = {f"record:{KIND}/{one.row.identifier}": one for one in counted(loaded, into)}
    into.tables[:] = [
        replace(
            t,
            columns=(*t.columns, *COLUMNS),
            rows=tuple((*row, *_cells(by_row.get(ref))) for row, ref in zip(t.rows, t.refs, strict=True)),
        )
        if t.id == KIND
        else t
        for t in into.tables
    ]


def counted(loaded: Loaded, into: Collected) -> list[Held]:
    """Count the results of the period held against limits, those outside, and those outside without an OOS record; return all that were held."""
    every = [held for r in listed.shown(loaded, KIND) if (held := _held(loaded, r))]
    failing = [one for one in every if one.fails]
    unrecorded = [one for one in failing if not any(_records(loaded, oos, one.row) for oos in loaded.of("oos"))]
    outside = count_fact("stability.outside", len(failing), len(every), QUERY)
    told = [
        [f"{KIND}/{one.row.identifier}", f"{limit.record.kind}/{limit.record.identifier}", side]
        for one in failing
        for limit, side in ([one.fails] if one.fails else ())
    ]
    into.add_facts(
        [
            count_fact("stability.judged", len(every), len(every), QUERY),
            replace(outside, inputs={**outside.inputs, "failing": told}),
            count_fact(
                "stability.unrecorded", len(unrecorded), len(every), "stability results outside, without an OOS record"
            ),
            *(measured.name_fact(loaded, loaded.attribute_of(one.row)) for one in failing),
        ]
    )
    into.add_records([one.row for one in failing])
    into.add_records([one.fails[0].record for one in failing if one.fails])
    into.notes += [_note(loaded, one.row) for one in unrecorded]
    return every


def _cells(held: Held | None) -> tuple[str, str]:
    return (held.printed, "yes" if held.fails else "no") if held else ("-", "")


def _held(loaded: Loaded, result: Record) -> Held | None:
    """Hold a result against its limits; None where there are none, or where it may lie on both sides of each."""
    own = Limit(result, number(result.get("lower_limit")), number(result.get("upper_limit")))
    limits = [limit for limit in (own, in_force(loaded, result)) if limit and (limit.lower, limit.upper) != (None, None)]
    sides = [
        (limit, side, _fails(result.get("result"), low, high))
        for limit in limits
        for side, low, high in (("lower_limit", limit.lower, None), ("upper_limit", None, limit.upper))
        if (low, high) != (None, None)
    ]
    failed = next(((limit, side) for limit, side, outside in sides if outside), None)
    if all(outside is None for _, _, outside in sides):
        return None
    return Held(result, tuple(limits), failed)


def _fails(written: str, low: Decimal | None, high: Decimal | None) -> bool | None:
    """Tell whether a result lies outside; None where it is no number, or given as less or more than one that may lie on both sides."""
    value = number(written)
    if value is not None:
        return (low is not None and value < low) or (high is not None and value > high)
    censored = bound(without_sign(written))
    return censored.fails(low, high) if censored else None


def _records(loaded: Loaded, oos: Record, result: Record) -> bool:
    """Tell whether an OOS record is of a stability result: the same batch, attribute and figure, or no figure and not before the pull."""
    if (oos.get("batch"), loaded.attribute_of(oos)) != (result.get("batch"), loaded.attribute_of(result)):
        return False
    figure = number(oos.get("result"))
    if figure is not None:
        return figure == number(result.get("result"))
    if oos.get("result"):
        return oos.get("result") == result.get("result")
    return span_of(oos)[1] >= span_of(result)[0]


def _note(loaded: Loaded, r: Record) -> str:
    where = f"Study {r.get('study_id')}, batch {r.get('batch')}, {r.get('condition')}, month {r.get('month')}"
    what = f"{loaded.label(loaded.attribute_of(r))} {r.get('result')} {r.get('unit')}".strip()
    return f"{where}: {what} is outside its limit and has no OOS record."
