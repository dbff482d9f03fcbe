"""Tell things that were made of another one by their names, "7R" of 7, from those that were made once. Pure."""

from collections.abc import Set as AbstractSet
from typing import cast

from drafting.checks.foreign.index import Index

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def made_again(name: str, names: AbstractSet[str]) -> bool:
    """Tell whether a name is that of another thing with letters behind it: that was made of the other one."""
    base = name.rstrip(_LETTERS).rstrip("-/ ")
    return base != name and base in names and base[-1:].isdigit()


def once(rows: AbstractSet[int], table: int, index: Index) -> frozenset[int]:
    """Return of rows those of things that were not made of another one of the same table."""
    key = ("made again", table)
    if key not in index.evidence.kept:
        held = index.evidence.tables[table]
        names = {row[held.key].strip(): r for r, row in enumerate(held.rows)} if held.key is not None else {}
        index.evidence.kept[key] = frozenset(r for name, r in names.items() if made_again(name, names.keys()))
    return frozenset(rows) - cast("frozenset[int]", index.evidence.kept[key])
