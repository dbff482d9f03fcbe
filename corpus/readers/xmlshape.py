"""Read any XML by its shape: elements of leaves are records of a grid, everything else that has text is a block at its XPath. Pure.

A record is an element whose children all are leaves. Records of one path make a grid: `part` is the path ("/batches/batch"),
the header the names of attributes ("@id") and children in the order of their first appearance, and row n the n-th such element of
the file, so that XPath finds it as "(/batches/batch)[n]". A child that repeats within its record has columns of its own ("test[2]").
Names are those without a namespace.

An element that names its identifier and has elements with children of their own is a record too, of its attributes and its leaves; what
stands in it carries that identifier in columns before its own ("batch/@id"), so that it can be linked to it.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from audit.errors import Invalid
from corpus.readers.contents import Contents, Grid
from corpus.readers.narrative import Block, Narrative
from corpus.readers.parents import BETWEEN, MOST_REPEATED, carried, identifiers
from corpus.readers.xmltree import attributes_of, local, text_of, walk

MOST_COLUMNS = 2_000


def by_shape(root: Element, *, file: str) -> Contents:
    """Read any XML: its records as grids, its other text as blocks."""
    records: dict[str, list[dict[str, str]]] = {}
    blocks: list[Block] = []
    repeated = 0
    inside: set[Element] = set()  # leaves of records: told with their record
    within: dict[Element, dict[str, str]] = {}  # what identifies that in which an element stands
    for element, xpath, path in walk(root):
        if element in inside:
            continue
        inherited, leaves = within.pop(element, {}), [child for child in element if not len(child)]
        cells = cells_of(element, leaves)
        own = {} if is_record(element) or _mixed(element) else identifiers(cells, local(element.tag))
        if is_record(element) or own:
            inside.update(leaves)
            records.setdefault(path, []).append(inherited | cells)
            repeated += sum(map(len, inherited.values()))
            if repeated > MOST_REPEATED:
                raise Invalid(
                    f"{file}: its records carry more than {MOST_REPEATED} letters of what they stand in.", remedy="Split it."
                )
            blocks.append(Block(xpath, " | ".join(f"{name}: {text}" for name, text in cells.items() if text), grid=path))
        else:
            blocks += leaf_blocks(element, xpath)
        within |= dict.fromkeys((child for child in element if len(child) or attributes_of(child)), carried(inherited, own))
    grids = tuple(_grid(path, rows, file) for path, rows in records.items())
    blocks = [block for block in blocks if block.text]
    if not blocks:
        raise Invalid(f"{file}: the file holds no text.", remedy="Check the file.")
    return Contents(grids, Narrative({}, tuple(blocks)))


def is_record(element: Element) -> bool:
    """Tell whether an element holds leaves only, and no text between them; an empty one with attributes is a record too."""
    if not len(element):
        return not text_of(element) and bool(attributes_of(element))
    return not _mixed(element) and not any(len(child) for child in element)


def _mixed(element: Element) -> bool:
    return bool(text_of(element)) or any((child.tail or "").strip() for child in element)


def cells_of(element: Element, leaves: Iterable[Element]) -> dict[str, str]:
    """Return the cells of a record by column, attributes of the record and of its leaves included."""
    cells = {f"@{name}": value for name, value in attributes_of(element).items()}
    seen: dict[str, int] = {}
    for child in leaves:
        name = local(child.tag)
        seen[name] = seen.get(name, 0) + 1
        column = name if seen[name] == 1 else f"{name}[{seen[name]}]"
        cells[column] = text_of(child)
        cells |= {f"{column}@{attribute}": value for attribute, value in attributes_of(child).items()}
    return cells


def leaf_blocks(element: Element, xpath: str) -> Iterator[Block]:
    """Give the text and attributes of an element that is no record, and the text after its children."""
    name = local(element.tag)
    told = [f"{name}: {text_of(element)}"] if text_of(element) else []
    told += [f"{name} {attribute}: {value}" for attribute, value in attributes_of(element).items() if value]
    told += [text for child in element if (text := (child.tail or "").strip())]
    if told:
        yield Block(xpath, " | ".join(" ".join(text.split()) for text in told))


def _grid(path: str, rows: list[dict[str, str]], file: str) -> Grid:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    if len(columns) > MOST_COLUMNS:
        raise Invalid(f"{file}, {path}: more than {MOST_COLUMNS} columns.", remedy="Check the file.")
    lines = tuple(tuple(row.get(name, "") for name in columns) for row in rows)
    inherited = tuple(name for name in columns if BETWEEN in name)  # no name of XML holds one
    return Grid(path, (columns, *lines), tuple(range(len(rows) + 1)), inherited=inherited)
