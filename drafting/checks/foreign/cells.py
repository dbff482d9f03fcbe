"""Find the cells of a named column, and say what one number is against one cell. Pure."""

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lookup import Cell, matching, shown
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.verdicts import Judged, Verdict


def of_table(mention: Mention, table: str, index: Index) -> list[Entity]:
    """Return the entities of a mention that have rows in a table."""
    known = [index.evidence.entities[key] for key in mention.what if key in index.evidence.entities]
    return [e for e in known if any(index.evidence.tables[t].name == table for t, _ in e.rows)]


def cell_under(owner: Entity, header: str, index: Index) -> Cell | None:
    """Return an entity's cell under a header."""
    for table, row in owner.rows:
        for column in index.evidence.tables[table].columns:
            if column.header == header:
                return Cell(table, row, column.index, index.evidence.cell(table, row, column.index))
    return None


def told_cell(reading: Reading, at: int, owner: Entity, cell: Cell, index: Index) -> Judged:
    """Return the verdict on a number that one cell settles."""
    word = reading.words[at]
    right = matching(value_of(word), (cell,)) is not None
    about = f"{owner.key}: {index.evidence.tables[cell.table].columns[cell.column].header}"
    message = "" if right else f"'{word.text}' is contradicted: {shown(cell, index)}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    owned, place = (owner.noun, owner.key), (cell.table, cell.row, cell.column)
    return Judged(
        word.start, word.end, word.text, "number", verdict, about, message, shown(cell, index), owner=owned, cell=place
    )
