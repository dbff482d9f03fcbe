"""Read AnIML (ASTM, core schema 0.90): a grid of the samples, and a grid of each set of series, its series as columns.

A series' values stand as they are written. Values that the file does not write out are not worked out, and that is told: those counted
from a start and an increment, and those kept as binary floating-point numbers.
"""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corpus.readers.contents import Contents, Grid
from corpus.readers.narrative import Block, Narrative
from corpus.readers.xmlshape import leaf_blocks
from corpus.readers.xmltree import attributes_of, local, namespace, text_of, walk

_WRITTEN = "IndividualValueSet"
_NOT_WRITTEN = {
    "AutoIncrementedValueSet": "counted from a start and an increment",
    "EncodedValueSet": "kept as binary floating-point numbers",
}


def recognises(root: Element) -> bool:
    """Tell whether a document is AnIML."""
    return local(root.tag) == "AnIML"


def contents(root: Element) -> Contents:
    """Return samples, series and the remaining text."""
    grids: list[Grid] = []
    blocks: list[Block] = []
    notes: list[str] = []
    inside: set[Element] = set()
    names: Counter[str] = Counter()
    step = ""
    for element, xpath, _ in walk(root):
        name = local(element.tag)
        if element in inside:
            inside.update(element)
            continue
        if name == "ExperimentStep":
            step = attributes_of(element).get("name") or attributes_of(element).get("experimentStepID", "")
        if name in ("SampleSet", "SeriesSet"):
            part = "samples" if name == "SampleSet" else _part(step, attributes_of(element).get("name", ""), names)
            grid = _samples(element) if name == "SampleSet" else _series(element, part, notes)
            if len(grid.rows) > 1:
                grids.append(grid)
                blocks += _rows(grid, xpath)
            if name == "SeriesSet":
                inside.update(element)
                continue
        if name == "Parameter":
            inside.update(element)
            blocks.append(Block(xpath, _parameter(element)))
            continue
        blocks += leaf_blocks(element, xpath)
    how = {"dialect": "AnIML", "namespace": namespace(root)}
    return Contents(tuple(grids), Narrative({}, tuple(blocks)), tuple(notes), how=how)


def _part(step: str, series: str, names: Counter[str]) -> str:
    """Return the name of a set of series, told apart where two are called alike."""
    part = f"{step or 'step'}, {series or 'series'}"
    names[part] += 1
    return part if names[part] == 1 else f"{part} ({names[part]})"


def _samples(element: Element) -> Grid:
    rows = [attributes_of(child) | dict(_named(child)) for child in element if local(child.tag) == "Sample"]
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    lines = tuple(tuple(row.get(name, "") for name in columns) for row in rows)
    return Grid("samples", (columns, *lines), tuple(range(len(rows) + 1)))


def _named(sample: Element) -> Iterator[tuple[str, str]]:
    for item in sample.iter():
        if local(item.tag) == "Parameter":
            yield attributes_of(item).get("name", ""), " ".join(filter(None, map(text_of, item)))


def _series(element: Element, part: str, notes: list[str]) -> Grid:
    """Return the grid of a set of series; its header says each series' unit as "name [unit]"."""
    columns: list[list[str]] = []
    header: list[str] = []
    for series in (child for child in element if local(child.tag) == "Series"):
        about = attributes_of(series)
        units = [attributes_of(item).get("label", "") for item in series if local(item.tag) == "Unit"]
        header.append(f"{about.get('name', '')} [{units[0]}]" if units and units[0] else about.get("name", ""))
        notes += [f"{part}: the values of {header[-1]} are {why}; they were not worked out."
                  for item in series if (why := _NOT_WRITTEN.get(local(item.tag)))]  # fmt: skip
        columns.append([text_of(v) for item in series if local(item.tag) == _WRITTEN for v in item])
    longest = max(map(len, columns), default=0)
    lines = [tuple(column[n] if n < len(column) else "" for column in columns) for n in range(longest)]
    return Grid(part, (tuple(header), *lines), tuple(range(longest + 1)))


def _rows(grid: Grid, xpath: str) -> Iterator[Block]:
    header, *rows = grid.rows
    for number, row in enumerate(rows, start=1):
        text = " | ".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=True) if cell)
        yield Block(f"{xpath}, row {number}", text, grid=grid.part)


def _parameter(element: Element) -> str:
    values = [text_of(child) for child in element if local(child.tag) != "Unit" and text_of(child)]
    units = [attributes_of(child).get("label", "") for child in element if local(child.tag) == "Unit"]
    return f"{attributes_of(element).get('name', 'Parameter')}: {' '.join(values + units)}"
