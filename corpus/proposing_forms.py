"""Propose a profile for a form: labels with their values beside them, as a table of one row. Pure.

One form says less than a column of values: what it proposes is a beginning, and the labels of the key are asked.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from corpus.forms import side_by_side
from corpus.identifiers import Identifiers
from corpus.importprofile import Layout
from corpus.proposing import Proposal, propose
from corpus.readers.contents import Contents, Grid, stripped

FEWEST, MOST, MOST_LINES = 3, 200, 20_000
_LABELLED = re.compile(r"([^\W\d_][^:|\n]{0,58}?)\s*:(?:\s+(.*))?", re.DOTALL)


def propose_form(
    contents: Contents, *, name: str, identifiers: Identifiers, delimiter: str = ";", encoding: str = "utf-8-sig"
) -> Proposal | None:
    """Propose a profile for the form that a file is; None where fewer than three labels stand in it."""
    found: dict[str, tuple[str, str]] = {}
    twice: set[str] = set()
    for place, cells in islice(side_by_side(contents), MOST_LINES):
        for label, literal in _labelled(cells):
            twice |= {label} if label in found and found[label][0] != literal else set()
            found.setdefault(label, (literal, place))
    labels = [label for label in found if label not in twice][:MOST]
    if len(labels) < FEWEST:
        return None
    grid = Grid("form", (tuple(labels), tuple(found[label][0] for label in labels)), (1, 2))
    made = propose(grid, name=f"{name} page", identifiers=identifiers, delimiter=delimiter, encoding=encoding)
    if made is None:
        return None
    notes = _notes(made, {label: found[label][1] for label in labels})
    asked = [f"'{label}' stands more than once with different values: it was left out." for label in sorted(twice)]
    profile = replace(made.profile, layout=Layout.FORM, units_row=False, skip_rows_starting=())
    return replace(made, profile=profile, notes=notes, questions=(*made.questions, *asked), part="form", rows=1)


def _labelled(cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield labels with their values: "Label: value" in one cell, or "Label:" with the value in the next filled one."""
    waiting = ""
    for cell in cells:
        text = stripped(cell)
        match = _LABELLED.fullmatch(text)
        if waiting and text and not (match and match[2] is None):
            yield waiting, text
            waiting = ""
        elif match and match[2]:
            yield match[1].strip(), match[2].strip()
        elif match:
            waiting = match[1].strip()


def _notes(made: Proposal, places: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    told = {label: (f"stands at {place}", *made.notes.get(label, ())) for label, place in places.items()}
    return {"": (f"{len(places)} labels with a value beside them",), **told}
