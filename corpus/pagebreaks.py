"""Rows of a table that a page broke. Pure.

Promise: a row is never taken as two half rows. What stands at the top of a page without the key of a record is the rest of the row at the
foot of the page before where that is certain: the key is never left out elsewhere in the table, and no number, date or code
stands in both halves. Else both are refused, with the reason.
"""

from collections.abc import Sequence

from corpus.importprofile import ImportProfile
from corpus.readers.contents import LINE_END

RUNNING = ("text", "list")  # types whose cells may be longer than a page
Row = tuple[int, tuple[str, ...]]


def whole_rows(profile: ImportProfile, rows: Sequence[Row], breaks: frozenset[int]) -> tuple[list[Row], dict[int, str]]:
    """Return the rows with what a page broke joined under the number of its first half, and why rows are refused that may be halves.

    `breaks` are the numbers of the rows that begin a page; `rows` are records only, as wide as the header.
    """
    if not breaks:
        return list(rows), {}
    left_out = any(keyless(profile, row) for number, row in rows if number not in breaks)
    whole: list[Row] = []
    doubtful: dict[int, str] = {}
    for number, row in rows:
        if number not in breaks or not whole:
            whole.append((number, row))
            continue
        before, upper = whole[-1]
        if keyless(profile, row) and not left_out and before not in doubtful and _halves(profile, upper, row):
            whole[-1] = (before, tuple(LINE_END.join(filter(None, cells)) for cells in zip(upper, row, strict=True)))
            continue
        whole.append((number, row))
        if keyless(profile, row) or _broken_key(profile, upper):
            doubtful[before] = (
                f"its page ends with it, and whether row {number} at the top of the next page goes on it cannot be told"
            )
            doubtful[number] = (
                f"its page begins with it, and whether it goes on row {before} of the page before cannot be told"
            )
    return whole, doubtful


def keyless(profile: ImportProfile, row: Sequence[str]) -> bool:
    """Tell whether a row holds anything, and nothing of the key."""
    return any(cell.strip() for cell in row) and not any(cell.strip() for cell in _key(profile, row))


def _broken_key(profile: ImportProfile, row: Sequence[str]) -> bool:
    """Tell whether a key ends as a line that goes on does."""
    return any(cell.rstrip().endswith("-") for cell in _key(profile, row))


def _key(profile: ImportProfile, row: Sequence[str]) -> list[str]:
    return [cell for rule, cell in zip(profile.columns, row, strict=False) if rule.field in profile.key]


def _halves(profile: ImportProfile, upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Tell whether two rows can be halves of one: as wide as each other, and only running text stands in both."""
    both = [rule.type for rule, a, b in zip(profile.columns, upper, lower, strict=False) if a.strip() and b.strip()]
    return len(upper) == len(lower) and all(kind in RUNNING for kind in both)
