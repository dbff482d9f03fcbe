"""The invented specifications, and which real results fail them.

A limit is compared after rounding the result to the limit's places, and again without rounding: the limits are chosen
so that both give the same verdict for every real result, and the script stops if one day they do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from corpus.samples.quality_events.real import Batch, Plant, places, rounded
from corpus.samples.quality_events.told import Row, authored_rows

STRENGTHS = ("5MG", "10M", "20M", "40M")
SOURCE = "synthetic specification, invented for this sample, not the manufacturer's"
FIRST_DAY, LAST_DAY_OF_3, FIRST_DAY_OF_4 = "2018-01-01", "2020-04-30", "2020-05-01"
EARLIER_IMPURITY_O = "0.15"  # upper limit of SP-20M-03, before CC-2020-001


@dataclass(frozen=True)
class Limits:
    """One row of a specification."""

    specification: str
    version: int
    strength: str
    attribute: str
    test_name: str
    unit: str
    lower: str
    upper: str
    effective_from: str
    effective_until: str

    def in_force(self, day: str) -> bool:
        """Whether the row is in force on a day."""
        return self.effective_from <= day and (not self.effective_until or day <= self.effective_until)

    def fails(self, literal: str) -> bool:
        """Judge a result; stop where rounding to the limit's places would change the verdict."""
        verdicts = {self._fails(Decimal(literal)), self._fails(Decimal(rounded(Decimal(literal), self._places)))}
        if len(verdicts) > 1:
            message = f"{self.specification} {self.attribute}: rounding decides about {literal}"
            raise ValueError(message)
        return verdicts.pop()

    @property
    def text(self) -> str:
        """Return the limit in words."""
        if self.lower and self.upper:
            return f"{self.lower} to {self.upper} {self.unit}"
        return f"not less than {self.lower} {self.unit}" if self.lower else f"not more than {self.upper} {self.unit}"

    @property
    def _places(self) -> int:
        return max(places(self.lower), places(self.upper))

    def _fails(self, value: Decimal) -> bool:
        return bool(self.lower and value < Decimal(self.lower)) or bool(self.upper and value > Decimal(self.upper))

    def row(self) -> Row:
        """Return the row of the file."""
        return {
            "specification_id": self.specification,
            "version": str(self.version),
            "product_code": "*",
            "strength": self.strength,
            "attribute": self.attribute,
            "test_name": self.test_name,
            "unit": self.unit,
            "lower_limit": self.lower,
            "upper_limit": self.upper,
            "effective_from": self.effective_from,
            "effective_until": self.effective_until,
            "source": SOURCE,
        }


@dataclass(frozen=True)
class Failure:
    """A real result outside the invented limit in force when its batch started."""

    batch: Batch
    limits: Limits
    literal: str


@dataclass(frozen=True)
class Specifications:
    """All rows, and the alert levels of the 20 mg strength."""

    rows: tuple[Limits, ...]
    alerts: Mapping[tuple[str, str], str]

    def for_batch(self, batch: Batch) -> list[Limits]:
        """Return the rows in force on the first day of the batch's month."""
        return [r for r in self.rows if r.strength == batch.strength and r.in_force(batch.start.day(1))]

    def failures(self, plant: Plant) -> list[Failure]:
        """Return every real result outside its limit, in the order of the batches."""
        return [
            Failure(batch, limits, literal)
            for batch in plant
            for limits in self.for_batch(batch)
            if (literal := batch.literal(limits.attribute)) is not None and limits.fails(literal)
        ]

    def quote(self, kind: str, strength: str, attribute: str) -> str:
        """Return the one-sided limit (lower first) of the specification in force now, or the alert level."""
        if kind == "alert":
            return self.alerts[strength, attribute]
        row = next(r for r in self.rows if r.strength == strength and r.attribute == attribute and not r.effective_until)
        return row.lower or row.upper


def read_specifications() -> Specifications:
    """Make the specifications from the authored table of limits."""
    rows, alerts = [], {}
    for row in authored_rows("limits"):
        alerts["20M", row["attribute"]] = row["alert_20M"]
        for strength in STRENGTHS:
            lower, _, upper = row[strength].partition("..")
            if strength == "20M":
                earlier = EARLIER_IMPURITY_O if row["attribute"] == "impurity_o" else upper
                rows.append(_limits(row, strength, ("SP-20M-03", 3), (lower, earlier), (FIRST_DAY, LAST_DAY_OF_3)))
                rows.append(_limits(row, strength, ("SP-20M-04", 4), (lower, upper), (FIRST_DAY_OF_4, "")))
            else:
                rows.append(_limits(row, strength, (f"SP-{strength}-02", 2), (lower, upper), (FIRST_DAY, "")))
    return Specifications(tuple(sorted(rows, key=lambda r: r.specification)), alerts)


def _limits(row: Row, strength: str, identity: tuple[str, int], bounds: tuple[str, str], days: tuple[str, str]) -> Limits:
    return Limits(*identity, strength, row["attribute"], row["test_name"], row["unit"], *bounds, *days)
