"""Aggregates: a total, part, rate, mean or extreme in prose or in a table follows from the rows that it stands on. Pure.

What can be added up again from what the section shows is added up again: breakdowns, tables with a total, rates from the counts that they
name, and statistics from the points of a chart with as many points.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from drafting.checks.atoms import Kind
from drafting.checks.findings import at, of_section
from drafting.checks.places import places
from drafting.checks.quantities import quantities
from drafting.evidence.kinds import LISTINGS
from drafting.model import Chart, EvidencePack, Fact, Finding, Sentence, Table
from drafting.render import known


def check(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    """Yield the findings on "n of m" in a sentence: a part is no more than its whole, and both count the same."""
    found = [p for p in places(sentence) if p.span.ref.startswith("fact:") and known(p.span.ref, pack)]
    for one, other in pairwise(found):
        joins = sentence.text[one.span.end : other.span.start]
        if not re.fullmatch(r" (?:out )?of (?:the |a total of )?", joins):
            continue
        part, whole = _number(pack.facts[one.name]), _number(pack.facts[other.name])
        if part is not None and whole is not None and part > whole:
            message = f"{sentence.text[one.span.start : other.span.end]}: the part is more than the whole."
            yield at("aggregates", message, sentence, one.span.start, other.span.end, evidence=one.span.ref)


@lru_cache(maxsize=256)
def check_pack(pack: EvidencePack) -> tuple[Finding, ...]:
    """Return the findings on the figures and tables of a section."""
    return (*_breakdowns(pack), *_rates(pack), *_charts(pack), *(f for table in pack.tables for f in _table(table, pack)))


def _number(fact: Fact) -> Decimal | None:
    try:
        return Decimal(fact.exact)
    except InvalidOperation:
        return None


def _breakdowns(pack: EvidencePack) -> Iterator[Finding]:
    """Block where the parts of a breakdown do not sum to the count that they divide."""
    for kind, listing in LISTINGS.items():
        count = pack.facts.get(f"{kind}.count")
        for column in listing.counted if count else ():
            parts = [fact for name, fact in pack.facts.items() if name.startswith(f"{kind}.{column}.")]
            total = sum((Decimal(part.exact) for part in parts), Decimal(0))
            if count and parts and total != Decimal(count.exact):
                message = f"The breakdown of {kind.replace('_', ' ')} records by {column.replace('_', ' ')} does not add up: its parts sum to {total}, of {count.exact}."
                yield of_section("aggregates", message, evidence=f"fact:{count.id}")


def _rates(pack: EvidencePack) -> Iterator[Finding]:
    """Compute each rate again from the counts that it names."""
    for fact in pack.facts.values():
        above, below = (pack.facts.get(str(fact.inputs.get(name, ""))) for name in ("numerator", "denominator"))
        per = re.search(r"per (?:(\d+)|(million))", fact.unit)
        if above is None or below is None or per is None or not below.exact.isdigit() or below.exact == "0":
            continue
        per_many = 1_000_000 if per[2] else int(per[1])
        expected = Fraction(above.exact) * per_many / Fraction(below.exact)
        if abs(expected - Fraction(fact.value)) * 2 > Fraction(1, 10 ** _places(fact.value)):
            message = f"{fact.id} is {fact.value}; {above.exact} of {below.exact} make {float(expected):.4f} {fact.unit}."
            yield of_section("aggregates", message, evidence=f"fact:{fact.id}")


def _places(text: str) -> int:
    return len(text.partition(".")[2])


def _charts(pack: EvidencePack) -> Iterator[Finding]:
    """Compute extremes and mean again from a chart's points, where it shows as many as the figures rest on."""
    for chart in pack.charts:
        n = pack.facts.get(f"{chart.attribute}.n")
        if n is None or n.exact != str(len(chart.points)):
            continue
        yield from _chart(chart, pack)


def _chart(chart: Chart, pack: EvidencePack) -> Iterator[Finding]:
    try:
        values = [Fraction(point.value) for point in chart.points]
    except ValueError:
        return
    for stat, expected in (("min", min(values)), ("max", max(values)), ("mean", sum(values, Fraction(0)) / len(values))):
        fact = pack.facts.get(f"{chart.attribute}.{stat}")
        if fact is None:
            continue
        if abs(expected - Fraction(fact.value)) * 2 > Fraction(1, 10 ** _places(fact.value)):
            message = f"{fact.id} is {fact.value}; the {len(values)} points of its chart give {float(expected):.6g}."
            yield of_section("aggregates", message, evidence=f"fact:{fact.id}")


def _table(table: Table, pack: EvidencePack) -> Iterator[Finding]:
    """Add up a table that states a total, and count the rows of one whose records are counted."""
    count = pack.facts.get(f"{table.id}.count")
    if count is not None and table.id in LISTINGS and count.exact != str(len(table.rows)):
        message = f"'{table.title}' has {len(table.rows)} rows; {count.id} is {count.exact}."
        yield of_section("aggregates", message, evidence=f"fact:{count.id}")
    if len(table.rows) < 2 or not re.fullmatch(r"(?i)(?:grand )?total|sum|all", table.rows[-1][0].strip()):  # noqa: PLR2004 - rows and total
        return
    for column in range(1, len(table.columns)):
        cells = [_cell(row[column]) for row in table.rows]
        if all(cell is not None for cell in cells):
            *rows, total = [cell for cell in cells if cell is not None]
            if sum(rows, Fraction(0)) != total:
                message = f"'{table.title}', {table.columns[column]}: the rows sum to {float(sum(rows)):g}, the total says {float(total):g}."
                yield of_section("aggregates", message)


def _cell(text: str) -> Fraction | None:
    found = quantities(text)
    return found[0].value if len(found) == 1 and found[0].kind is Kind.NUMBER and found[0].text == text.strip() else None
