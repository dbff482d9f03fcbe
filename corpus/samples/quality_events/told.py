"""What a person wrote for the sample corpus, with each quoted value filled in from the real files.

Promise: an author never types a measured value. `{batch.attribute}`, `{limit.strength.attribute}`,
`{alert.strength.attribute}` and `{oos.batch.attribute}` are filled in here, and a decimal number that stands in
authored text by itself stops the script.
"""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.samples.quality_events.real import Plant

AUTHORED = Path(__file__).parent / "authored"
LOCK = "2021-05-31"  # the day of the extract: nothing later has happened

_SLOT = re.compile(r"\{([A-Za-z0-9]+)\.([^{}]+)\}")
_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")

Row = dict[str, str]


@dataclass(frozen=True)
class Quote:
    """A value that a text quotes: which cell it is, and its literal."""

    batch: str
    attribute: str
    literal: str


@dataclass(frozen=True)
class Filler:
    """Fills slots from the real batches and the invented limits."""

    plant: Plant
    limit: Callable[[str, str, str], str]  # kind (limit or alert), strength, attribute
    oos: Mapping[tuple[str, str], str]  # (batch, attribute) to the id of its OOS record

    def fill(self, text: str) -> str:
        """Return the text with each slot filled in; refuse a decimal that the author typed."""
        typed = _DECIMAL.search(_SLOT.sub("", text))
        if typed:
            message = f"write {typed[0]} as a slot: {text[:80]}"
            raise ValueError(message)
        return _SLOT.sub(self._one, text)

    def quotes(self, text: str) -> list[Quote]:
        """Return the cells that the text quotes, in order, each once."""
        found = [
            Quote(batch, name, self.plant.batches[batch].quote(name))
            for batch, name in _SLOT.findall(text)
            if batch in self.plant.batches
        ]
        return list(dict.fromkeys(found))

    def _one(self, slot: re.Match[str]) -> str:
        first, rest = slot[1], slot[2]
        if first in {"limit", "alert"}:
            strength, attribute = rest.split(".")
            return self.limit(first, strength, attribute)
        if first == "oos":
            batch, attribute = rest.split(".")
            return self.oos[batch, attribute]
        return self.plant.batches[first].quote(rest)


def authored_rows(name: str) -> list[Row]:
    """Read an authored table."""
    text = (AUTHORED / f"{name}.table").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    for row in rows:
        if None in row or None in row.values():
            message = f"{name}.table: a row has too many or too few cells: {row}"
            raise ValueError(message)
    return rows


def authored_deviations() -> list[Row]:
    """Read the deviations: defaults first, the affected batch listed among all affected batches."""
    tree = tomllib.loads((AUTHORED / "deviations.toml").read_text(encoding="utf-8"))
    rows = [{**tree["defaults"], **row} for row in tree["deviation"]]
    for row in rows:
        row["batches"] = row["batches"] or row["batch"]
    return rows


def filled(rows: Iterable[Row], filler: Filler) -> list[Row]:
    """Fill in every cell of the rows."""
    return [{name: filler.fill(cell) for name, cell in row.items()} for row in rows]
