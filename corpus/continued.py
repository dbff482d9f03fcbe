"""Tables that go on over pages without their header: joined where a profile tells that they do. Pure.

Promise: a table without a header is joined only where its first row is the rest of a row at the foot of the page before. Where that row may
as well be one of its own, both are refused (`corpus.pagebreaks`), and what follows stays a table of its own, which is told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from corpus.locating import Located
from corpus.pagebreaks import keyless
from corpus.readers.contents import Grid


@dataclass
class Joined:
    """Grids with what goes on of them; the whole to which each joined part belongs; and what is told of those that stay apart."""

    grids: list[Grid] = field(default_factory=list)
    belongs: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def parts(self, whole: str) -> set[str]:
        """Return the parts of the file that a grid is now."""
        return {whole, *(part for part, of in self.belongs.items() if of == whole)}


def joined(grids: Iterable[Grid], located: Callable[[Grid], Located | None]) -> Joined:
    """Join tables without a header to those whose columns they have, where their first row goes on a row of them."""
    made = Joined()
    for grid in grids:
        whole = made.belongs.get(grid.continues, grid.continues)
        before = next((position for position, g in enumerate(made.grids) if whole and g.part == whole), None)
        if before is None or located(grid) is not None:
            made.grids.append(grid)
        else:
            _join(made, before, grid, located)
    return made


def _join(made: Joined, before: int, grid: Grid, located: Callable[[Grid], Located | None]) -> None:
    known = located(made.grids[before])
    if known is not None and keyless(known.profile, grid.rows[0]):
        longer = _longer(made.grids[before], grid)
        found = located(longer)
        if found is not None and longer.breaks[-1] not in found.doubtful:
            made.grids[before] = longer
            made.belongs[grid.part] = longer.part
            return
        made.grids[before] = _longer(made.grids[before], replace(grid, rows=grid.rows[:1]))
        grid = replace(grid, rows=grid.rows[1:], numbers=grid.numbers[1:])
    made.told.append(f"{grid.part}: the columns of {grid.continues} without its header: read as a table of its own.")
    if grid.rows:
        made.grids.append(grid)


def _longer(grid: Grid, more: Grid) -> Grid:
    first = grid.numbers[-1] + 1
    numbers = (*grid.numbers, *range(first, first + len(more.rows)))
    return replace(grid, rows=grid.rows + more.rows, numbers=numbers, breaks=(*grid.breaks, first))
