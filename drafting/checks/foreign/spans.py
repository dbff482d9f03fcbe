"""Tell whether a span of days is one of the evidence: both its days stand in one row, or in one sentence of a narrative. Pure."""

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.periods import MONTH, WHOLE_DAY, Period, periods_in
from drafting.checks.foreign.values import day_of
from drafting.checks.foreign.words import cut


def short(period: Period) -> bool:
    """Tell whether a period is of some days of one month: when something took place, not over which time records are looked at."""
    whole = len(period.start) == len(period.end) == WHOLE_DAY
    return whole and period.start < period.end and period.start[:MONTH] == period.end[:MONTH]


def stands(period: Period, index: Index) -> str:
    """Return where both days of a span stand together; "" where they do not."""
    wanted = {period.start, period.end}
    for passage in index.evidence.passages:
        if wanted <= {day for held in periods_in(cut(passage.text)) for day in (held.start, held.end)}:
            return f"{passage.file}, {passage.place}"
    for table in index.evidence.tables:
        dated = [c.index for c in table.columns if c.kind == "date"]
        for row, cells in enumerate(table.rows if len(dated) > 1 else ()):
            if wanted <= {day_of(cells[column]) for column in dated}:
                return table.place(row, dated[0])
    return ""
