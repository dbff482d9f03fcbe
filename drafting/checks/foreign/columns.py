"""Tell what a column of the evidence holds and is called: values of attributes, yes and no, labels. Pure."""

from drafting.checks.foreign.headers import identifies, stems_of
from drafting.checks.foreign.labels import RESULTS, STOP, Phrase, bounding
from drafting.checks.foreign.tables import FALSEHOODS, TRUTHS, Column, Table
from drafting.checks.foreign.values import number_of


def holds_values(column: Column, table: Table) -> bool:
    """Tell whether a column of a long table holds values of its attributes: its results where a header says so, else any number."""
    numbers = [c.index for c in table.columns if c.kind == "number" and RESULTS & set(stems_of(c.header))]
    results = [*numbers, *(c.index for c in table.columns if mixed_results(c, table))]
    if column.index in results:
        return not identifies(column.header)
    held = not results or bounding(set(stems_of(column.header)))
    return column.kind == "number" and not identifies(column.header) and held


def mixed_results(column: Column, table: Table) -> bool:
    """Tell whether a column holds the results of several tests, words and numbers: its header says results."""
    said = column.kind == "text" and bool(RESULTS & set(stems_of(column.header)))
    return said and any(number_of(row[column.index]) is not None for row in table.rows)


def affirmed(table: Table, column: Column) -> str:
    """Return the cell that says a column's header of a row: "yes" under "reworked"; "" for a column that says more than yes and no."""
    held = {row[column.index].strip() for row in table.rows} - {""}
    said = {cell.casefold() for cell in held}
    if len(stems_of(column.header)) != 1 or not said or not said <= TRUTHS | FALSEHOODS:
        return ""
    return next((cell for cell in sorted(held) if cell.casefold() in TRUTHS), "yes")


def labels_of(column: Column) -> tuple[Phrase, ...]:
    """Return the labels of a column by the stems that say something."""
    kept = (tuple(s for s in label if s not in STOP) for label in column.labels)
    return tuple(label for label in kept if label)
