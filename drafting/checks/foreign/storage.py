"""Read under which condition the rows of a table are where its sheet says so: "25C_60RH", "40C_75RH", "accelerated", "long-term". Pure.

Tables with the same headers are told apart by what their names say beyond each other; a sentence that says this of one means its rows.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.tables import Table
from drafting.checks.foreign.words import Word, cut

_TEMPERATURE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:°|deg)?\s*c(?![a-z])")
_HUMIDITY = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*%?\s*rh(?![a-z])")
LEAST_LETTERS = 3
_ENDS = ((frozenset(("accelerated",)), max), (frozenset(("long", "term")), min))  # of the temperatures of a study


def conditions(table: Table) -> tuple[tuple[Decimal, str], ...]:
    """Return the temperature (c) and humidity (%rh) that the name of a table says."""
    name = _name(table)
    found = [(Decimal(n), "c") for n in _TEMPERATURE.findall(name)] + [(Decimal(n), "%rh") for n in _HUMIDITY.findall(name)]
    return tuple(found)


def meant(table: Table, tables: Sequence[Table], words: Sequence[Word], temperatures: frozenset[Decimal]) -> bool:
    """Tell whether the rows of a table may be meant by a sentence that says these temperatures as conditions of a number."""
    alike = [t for t in tables if [c.header for c in t.columns] == [c.header for c in table.columns]]
    if len(alike) == 1:
        return True
    said = {w.stem for w in words}
    own, every = _temperatures(table), frozenset(n for t in alike for n in _temperatures(t))
    wanted = temperatures or {end(every) for word, end in _ENDS if word <= said and len(every) > 1}
    if own and wanted & every:
        return bool(own & wanted)
    telling = {t.name: (_words(t) - frozenset(w for o in alike if o is not t for w in _words(o))) & said for t in alike}
    return bool(telling[table.name]) or not any(telling.values())


def _temperatures(table: Table) -> frozenset[Decimal]:
    return frozenset(n for n, unit in conditions(table) if unit == "c")


def _name(table: Table) -> str:
    return table.name.casefold().replace("_", " ")


@lru_cache(maxsize=4096)
def _words(table: Table) -> frozenset[str]:
    """Return the words of what a table is called, the long-term one's "longterm" among them."""
    plain = [w.stem for w in cut(_name(table).split(" sheet ")[-1]) if w.kind == "word" and w.value is None]
    return frozenset(w for w in (*plain, "".join(plain)) if len(w) >= LEAST_LETTERS and w not in STOP)
