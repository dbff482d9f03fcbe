"""Tables beside the evidence: columns share the width, and long texts take more lines; only many columns scroll sideways. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

WIDTH = 515  # pixels for the columns of a table beside the evidence, on the narrowest screen
SIGN, PADDING, LINE, ROW = 7.2, 20, 21, 35  # pixels: a character, a cell's sides, a further line, a row of one line
MOST_LINES = 6
FEW_LINES = 3  # where columns are out of sight, rows are not high for what they hold
LEAST = 130  # of a column whose text is longer: its words stay whole
RAGGED = 1.15  # lines end between words


@dataclass(frozen=True)
class Fitted:
    """Widths by column, and the height of each row."""

    widths: Mapping[str, int]
    row: int


def fitted(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int = WIDTH) -> Fitted:
    """Give short columns what they need, and long ones the same share of the rest."""
    longest = [max((len(str(row[i])) for row in rows if i < len(row)), default=0) for i in range(len(columns))]
    needs = {name: ceil(max(long, len(name)) * SIGN) + PADDING for name, long in zip(columns, longest, strict=True)}
    given: dict[str, int] = {}
    for done, name in enumerate(sorted(needs, key=needs.__getitem__)):
        share = (width - sum(given.values())) / (len(needs) - done)
        given[name] = int(min(needs[name], max(share, LEAST)))
    broken = (ceil(RAGGED * (need - PADDING) / max(1, given[n] - PADDING)) for n, need in needs.items() if given[n] < need)
    lines = max(broken, default=1)
    most = MOST_LINES if sum(given.values()) <= width else FEW_LINES
    return Fitted({name: given[name] for name in columns}, ROW + LINE * (min(lines, most) - 1))
