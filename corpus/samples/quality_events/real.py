"""The real batches that every synthetic record must agree with.

Promise: a value is handed out as the literal that stands in the file, never as a float, with the row a spreadsheet
shows; a cell that holds no number (blank, `#N/A`) is handed out as None, and quoting it is an error.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import MappingProxyType

MONTHS = MappingProxyType(
    {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "jun": 6}
    | {"jul": 7, "avg": 8, "sep": 9, "okt": 10, "nov": 11, "dec": 12}
)
HEADER_OF = {"residual_solvent": "resodual_solvent"}  # the file's typo; every record uses the right name
FIRST_DATA_ROW = 2
PROCESS = "process."

_NUMBER = re.compile(r"-?\d+(\.\d+)?(E-?\d+)?")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, the only precision that a batch's start has."""

    year: int
    number: int

    def plus(self, months: int) -> "Month":
        """Return the month that lies `months` later."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def day(self, number: int) -> str:
        """Return a day of the month as `YYYY-MM-DD`."""
        return f"{self}-{number:02d}"

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"


REVIEWED = (Month(2020, 5), Month(2021, 4))
PREVIOUS = (Month(2019, 5), Month(2020, 4))


@dataclass(frozen=True)
class Batch:
    """One row of Laboratory.csv and the row of Process.csv of the same batch."""

    number: str
    product: str
    strength: str
    size: int
    start: Month
    row: int
    process_row: int
    laboratory: Mapping[str, str]
    process: Mapping[str, str]

    def literal(self, attribute: str) -> str | None:
        """Return what stands in the attribute's cell, None where it holds no number; `process.x` reads Process.csv."""
        if attribute.startswith(PROCESS):
            cell = self.process[attribute.removeprefix(PROCESS)]
        else:
            cell = self.laboratory[HEADER_OF.get(attribute, attribute)]
        return cell if _NUMBER.fullmatch(cell) else None

    def quote(self, attribute: str) -> str:
        """Return the literal; a cell without a number cannot be quoted."""
        literal = self.literal(attribute)
        if literal is None:
            message = f"batch {self.number} has no value of {attribute}"
            raise ValueError(message)
        return literal

    def place(self, attribute: str) -> str:
        """Return where the cell stands: file, row and column as a spreadsheet shows them."""
        if attribute.startswith(PROCESS):
            return f"Process.csv row {self.process_row}, {attribute.removeprefix(PROCESS)}"
        return f"Laboratory.csv row {self.row}, {HEADER_OF.get(attribute, attribute)}"

    def value(self, attribute: str) -> Decimal | None:
        """Return the cell as an exact decimal."""
        literal = self.literal(attribute)
        return None if literal is None else Decimal(literal)

    def lots(self) -> tuple[str, str, str, str]:
        """Return the lot ids that the batch used: API, SMCC, lactose, starch."""
        cells = self.laboratory
        return (
            f"API-{cells['api_code']}-{cells['api_batch']}",
            f"SMCC-{cells['smcc_batch']}",
            f"LAC-{cells['lactose_batch']}",
            f"STA-{cells['starch_batch']}",
        )


@dataclass(frozen=True)
class Plant:
    """All real batches, in the order of the file."""

    batches: Mapping[str, Batch]

    def __iter__(self) -> Iterator[Batch]:
        return iter(self.batches.values())

    def of(self, product: str, period: tuple[Month, Month]) -> list[Batch]:
        """Return the batches of a product that started within the months of the period."""
        first, last = period
        return [b for b in self if b.product == product and first <= b.start <= last]


def read_plant(folder: Path) -> Plant:
    """Read the real CSV files of a folder."""
    process = {row["batch"]: (n, row) for n, row in enumerate(_rows(folder / "Process.csv"), start=FIRST_DATA_ROW)}
    batches = {}
    for row_number, row in enumerate(_rows(folder / "Laboratory.csv"), start=FIRST_DATA_ROW):
        name, year = row["start"].split(".")
        batches[row["batch"]] = Batch(
            number=row["batch"],
            product=row["code"],
            strength=row["strength"],
            size=int(row["size"]),
            start=Month(2000 + int(year), MONTHS[name]),
            row=row_number,
            process_row=process[row["batch"]][0],
            laboratory=row,
            process=process[row["batch"]][1],
        )
    return Plant(batches)


def places(literal: str) -> int:
    """Return how many decimal places a literal has."""
    return len(literal.partition(".")[2])


def rounded(value: Decimal, decimals: int) -> str:
    """Write a decimal with a fixed number of places, half away from zero."""
    return str(value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
