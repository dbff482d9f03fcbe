"""Make evidence of what readers find in files: grids become tables, forms become one row, narratives become passages. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.importprofile import ImportProfile
from corpus.readers.contents import Contents, Grid
from corpus.readers.narrative import Block, Narrative
from drafting.checks.foreign.grids import formed, unit_of
from drafting.checks.foreign.headers import nouns_of
from drafting.checks.foreign.headlimits import headed_limits
from drafting.checks.foreign.keys import keyed, respelled
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.tables import Evidence, Passage, Table, table_of
from drafting.checks.foreign.words import lines

LONGEST_LABEL, MOST_LABELS = 60, 40  # characters of a label of a form; labels of one form
LEAST_YEARS = 2  # columns
_HEADED_YEAR = re.compile(r"(?:19|20)\d\d")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_CAPTION = re.compile(r"Table (\d{1,2})[.:] (.{1,60})")
_DESCRIBED = ("id", "title", "kind")
_COLUMNS = frozenset(("name", "title", "description"))  # what a list of things has beside their codes: no form
_TITLES = frozenset(("field", "item", "label", "parameter", "property", "key"))


@dataclass(frozen=True)
class Source:
    """A file of the evidence by its name, and what its reader found in it."""

    file: str
    contents: Contents


def assemble(sources: Iterable[Source], lexicon: Lexicon, profiles: Sequence[ImportProfile] = ()) -> Evidence:
    """Return the evidence of some files; headers are labelled by the profiles that read them."""
    tables: list[Table] = []
    passages: list[Passage] = []
    for source in sources:
        for given in _grids(source):
            tables += _tables(len(tables), source, given, lexicon, profiles)
        passages += _passages(source)
    return Evidence(respelled(keyed(tables)), tuple(passages), lexicon)


def _tables(
    number: int, source: Source, given: Grid, lexicon: Lexicon, profiles: Sequence[ImportProfile]
) -> Iterator[Table]:
    """Yield the table of a grid, and one of the limits that its headers say."""
    form, name = formed(given), _name(source, given)
    grid = _gathered(form.grid, name)
    labels, units = _said(given, profiles)
    below = {h.strip(): unit for h, said in zip(given.rows[0], form.said, strict=False) for unit in [unit_of(said)] if unit}
    made = table_of(
        number, grid.rows, file=source.file, name=name, lexicon=lexicon, labels=labels, units=below | dict(units),
        numbers=grid.numbers, part=grid.part, spread=grid is not form.grid,
    )  # fmt: skip
    limits = headed_limits(given.rows[0], form.said)
    part = f"{grid.part}, header".removeprefix(", ")
    places = [grid.numbers[0]] * len(limits)
    above = table_of(number + 1, limits, file=source.file, name=f"{name} limits", lexicon=lexicon, numbers=places, part=part)
    yield from (table for table in (made, above if made is not None else None) if table is not None)


def _said(grid: Grid, profiles: Sequence[ImportProfile]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the labels and units of a grid's columns, by the import profile that reads its header."""
    header = {cell.strip() for cell in grid.rows[0]} if grid.rows else set()
    found = next((p for p in profiles if set(p.header) == header), None)
    rules = found.columns if found else ()
    return {r.header: r.label for r in rules if r.label}, {r.header: r.unit for r in rules if r.unit}


def _name(source: Source, grid: Grid) -> str:
    stem = source.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    headed = _headed(source).get(grid.part)
    if headed:
        return f"{stem}: {headed}"
    return stem if len(source.contents.grids) < 2 or not grid.part else f"{stem} {grid.part}"  # noqa: PLR2004 - one table is the file


def _headed(source: Source) -> Mapping[str, str]:
    """Return what the tables of a file are called by its captions, "Table 2: Returned goods", or the headings above them, where it has several."""
    found: dict[str, str] = {}
    blocks = source.contents.narrative.blocks if source.contents.narrative else ()
    heading = ""
    for block in blocks:
        caption = _CAPTION.fullmatch(block.text.strip())
        heading = block.text.strip() if block.heading and len(block.text) < LONGEST_LABEL else heading
        if caption:
            found[f"table {caption[1]}"] = caption[2]
        elif block.text.startswith("|") and heading and _RULE.search(block.text):
            found[_marked(block)] = heading
    return found if len(found) > 1 else {}


def _marked(block: Block) -> str:
    return f"table at {block.place}"


def _grids(source: Source) -> Iterator[Grid]:
    narrative = source.contents.narrative
    marked = [grid for block in (narrative.blocks if narrative else ()) for grid in _piped(block)]
    for grid in (*source.contents.grids, *marked):
        filled = _trimmed(grid)
        if len(filled.rows) > 1:
            yield _turned(filled, narrative) if _is_form(filled) else filled


def _trimmed(grid: Grid) -> Grid:
    """Return a grid from its header on: title lines above a table have fewer cells than its rows."""
    width = max((sum(1 for c in row if c.strip()) for row in grid.rows), default=0)
    first = next((k for k, row in enumerate(grid.rows) if sum(1 for c in row if c.strip()) >= max(2, width - 1)), 0)
    return Grid(grid.part, grid.rows[first:], grid.numbers[first:], grid.notes)


def _gathered(grid: Grid, name: str) -> Grid:
    """Return a table whose columns are years with a row for each of these: what else it says, the year, and the figure, called as the table is."""
    header = [cell.strip() for cell in grid.rows[0]]
    years = [k for k, cell in enumerate(header) if _HEADED_YEAR.fullmatch(cell)]
    others = [k for k in range(len(header)) if k not in years]
    if len(years) < LEAST_YEARS or not others or any(len(row) != len(header) for row in grid.rows):
        return grid
    rows = [(*(header[k] for k in others), "year", name)]
    numbers = [grid.numbers[0]]
    for row, number in zip(grid.rows[1:], grid.numbers[1:], strict=True):
        for k in years:
            rows.append((*(row[other] for other in others), f"year {header[k]}", row[k]))
            numbers.append(number)
    return Grid(grid.part, tuple(rows), tuple(numbers), grid.notes)


def _piped(block: Block) -> Iterator[Grid]:
    """Return the table of a Markdown block: "| a | b | |---|---| | 1 | 2 |"."""
    rule = _RULE.search(block.text)
    if not block.text.startswith("|") or rule is None:
        return
    width = rule[0].count("|") - 1
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", block.text[: rule.start()] + block.text[rule.end() :])]
    flat = [cell for k, cell in enumerate(cells) if k % (width + 1)]
    rows = [tuple(flat[k : k + width]) for k in range(0, len(flat) - width + 1, width)]
    first = int(block.place.removeprefix("line ")) if block.place.startswith("line ") else 1
    yield Grid(_marked(block), tuple(rows), (first, *range(first + 2, first + 1 + len(rows))))


def _is_form(grid: Grid) -> bool:
    """Tell whether a grid is labels with values: two columns, and the left one never a number."""
    if any(len(row) != 2 for row in grid.rows):  # noqa: PLR2004 - a label and its value
        return False
    left = [row[0].strip() for row in grid.rows]
    worded = all(cell and not cell[0].isdigit() and len(cell) < LONGEST_LABEL for cell in left)
    head = grid.rows[0][0].strip().casefold()
    described = head in _TITLES or head in _DESCRIBED
    return (
        worded
        and grid.rows[0][1].strip().casefold() not in _COLUMNS
        and len(set(left)) == len(left)
        and (described or (len(grid.rows) <= MOST_LABELS and not _alike([r[1] for r in grid.rows[1:]])))
    )


def _alike(cells: Sequence[str]) -> bool:
    """Tell whether cells are values of one kind, as of a column."""
    numbers = sum(bool(re.fullmatch(r"[<>≤≥]?\s*\d[\d.]*\s*%?", c.strip())) for c in cells)
    return numbers >= 0.8 * len(cells)


def _turned(grid: Grid, narrative: Narrative | None) -> Grid:
    """Return a form as a table of one row, named by the document's id where it has one."""
    head = grid.rows[0][0].strip().casefold()
    rows = grid.rows[1:] if head in _TITLES else grid.rows
    about = narrative.about if narrative else {}
    header, values = [r[0].strip().rstrip(":") for r in rows], [r[1].strip() for r in rows]
    if about.get("id") and "id" not in [h.casefold() for h in header]:
        noun = nouns_of(about["id"].split("-", maxsplit=1)[0])
        header, values = [" ".join(noun), *header], [about["id"], *values]
    return Grid(grid.part, (tuple(header), tuple(values)), (grid.numbers[0], grid.numbers[-1]))


def _heads(source: Source) -> Iterator[Passage]:
    """Yield what stands above the rows of a grid: title lines, and what a row of units says more than units."""
    for grid in source.contents.grids:
        first = len(grid.rows) - len(_trimmed(grid).rows)
        said = formed(_trimmed(grid)).said if first < len(grid.rows) else ()
        above = (" ".join(cell.strip() for cell in row if cell.strip()) for row in grid.rows[:first])
        notes = (
            f"{h.strip()} {note.strip()}" for h, note in zip(grid.rows[first], said, strict=False) if re.search(r"\d", note)
        )
        for text in (*above, *notes):
            yield Passage(source.file, f"{grid.part}, row {grid.numbers[first]}".removeprefix(", "), text)


def _passages(source: Source) -> Iterator[Passage]:
    yield from _heads(source)
    narrative = source.contents.narrative
    for block in narrative.blocks if narrative else ():
        if block.grid or _RULE.search(block.text):
            continue
        for line in lines(block.text):
            yield Passage(source.file, block.place, block.text[line.start : line.end])
