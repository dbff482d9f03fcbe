"""Read B2MML / BatchML (ANSI/ISA-88, ISA-95) of any version: executed batch production records, and recipes as what they are.

What is taken stands as data in `b2mml_tables`: one grid a kind of element, its columns found by local names, so that V0401 with a
vendor's extensions, V0600 and V0700 read alike. Every row says its XPath and the record, batch, product and step it stands in; texts that
occur more than once are joined by "|". Text that no grid holds is a block at its XPath. Two things are told and not taken: the type names
that repeat an element's name (ObjectType), and the procedure logic of recipes (links, steps and transitions of the diagram).

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from corpus.readers.b2mml_tables import CONTEXT, RECIPES, TABLES, Table
from corpus.readers.contents import Contents, Grid
from corpus.readers.narrative import Block, Narrative
from corpus.readers.xmlshape import leaf_blocks
from corpus.readers.xmltree import attributes_of, local, namespace, text_of

ROOTS = frozenset(("BatchProductionRecord", "BatchInformation", "ControlRecipe", *RECIPES))
NOT_TAKEN = frozenset(("ObjectType", "ProcedureLogic"))
SEVERAL = "|"


def recognises(root: Element) -> bool:
    """Tell whether a document is B2MML or BatchML: by its namespace, or by a root that only they have."""
    family = namespace(root).lower()
    return "b2mml" in family or "batchml" in family or local(root.tag) in ROOTS


def contents(root: Element) -> Contents:
    """Return the grids and the remaining text of a document."""
    found = _Found()
    _visit(root, f"/{local(root.tag)}", _Context(), found)
    grids = tuple(_grid(table, found.rows[table.name]) for table in TABLES if table.name in found.rows)
    told = tuple(f"{count} {name} element(s) were not taken." for name, count in sorted(found.not_taken.items()))
    how = {"dialect": "B2MML", "namespace": namespace(root)}
    return Contents(grids, Narrative({}, tuple(found.blocks)), told, how=how)


def _grid(table: Table, rows: list[tuple[str, ...]]) -> Grid:
    return Grid(table.name, (table.header, *rows), tuple(range(len(rows) + 1)))


@dataclass(frozen=True)
class _Context:
    """What an element stands in."""

    record: str = ""
    batch: str = ""
    product: str = ""
    recipe: str = ""
    element: str = ""
    sample: str = ""
    test: str = ""
    test_code: str = ""
    test_name: str = ""
    data_set: str = ""
    time: str = ""
    master: bool = False  # within a recipe that was not executed


@dataclass
class _Found:
    rows: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    taken: set[Element] = field(default_factory=set)
    not_taken: Counter[str] = field(default_factory=Counter)
    counted: Counter[tuple[str, ...]] = field(default_factory=Counter)


def _visit(element: Element, xpath: str, context: _Context, found: _Found) -> None:
    name = local(element.tag)
    if name in NOT_TAKEN:
        found.not_taken[name] += 1
        return
    context = _within(element, name, context, found)
    table = next((t for t in TABLES if name in t.elements and t.master == context.master), None)
    if table is not None:
        _add(element, xpath, table, context, found)
    elif element not in found.taken:
        found.blocks += leaf_blocks(element, xpath)
    total = Counter(child.tag for child in element)
    seen: Counter[str] = Counter()
    for child in element:
        seen[child.tag] += 1
        step = local(child.tag) + (f"[{seen[child.tag]}]" if total[child.tag] > 1 else "")
        _visit(child, f"{xpath}/{step}", context, found)


def _within(element: Element, name: str, context: _Context, found: _Found) -> _Context:
    """Return the context of an element's children: what it names itself, else what it stands in."""
    named = {key: _texts(element, paths, found) for key, paths in CONTEXT.get(name, {}).items()}
    changes = {key: SEVERAL.join(dict.fromkeys(texts)) for key, texts in named.items() if texts}
    return replace(context, master=context.master or name in RECIPES, **changes)


def _add(element: Element, xpath: str, table: Table, context: _Context, found: _Found) -> None:
    """Add the row of an element, and its text for search where no profile takes the grid."""
    cells = {name: SEVERAL.join(_texts(element, paths, found)) for name, paths in table.columns.items()}
    around = context if context.element else replace(context, element=context.recipe or context.record)
    cells |= {name: getattr(around, name) for name in table.context if not cells.get(name)}
    if "recorded_as" in table.columns:
        cells["recorded_as"] = local(element.tag)
    if table.key:
        key = (table.name, *(cells[name] for name in table.key))
        found.counted[key] += 1
        cells["occurrence"] = str(found.counted[key])
    cells["xpath"] = xpath
    found.rows.setdefault(table.name, []).append(tuple(cells[name] for name in table.header))
    text = " | ".join(f"{name}: {cells[name]}" for name in table.columns if cells[name])
    found.blocks.append(Block(xpath, text or local(element.tag), grid=table.name))


def _texts(element: Element, paths: tuple[str, ...], found: _Found) -> list[str]:
    """Return the texts at the first of several paths that has any; what was read is marked as taken."""
    return next(filter(None, (_at(element, path.split("/"), found) for path in paths)), [])


def _at(element: Element, steps: list[str], found: _Found) -> list[str]:
    step, *rest = steps
    if step.startswith("@"):
        value = attributes_of(element).get(step[1:], "")
        return [value] if value else []
    texts: list[str] = []
    for child in element:
        if local(child.tag) == step:
            if not rest:
                found.taken.add(child)
                texts += [text_of(child)] if text_of(child) else []
            else:
                if rest[0].startswith("@"):
                    found.taken.add(child)
                texts += _at(child, rest, found)
    return texts
