"""Records worked out from the real batches: OOS, dispositions, lots, distribution, stability.

Chance enters only through one seeded generator and only its `random()`, whose sequence Python keeps for ever.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from corpus.samples.quality_events.limits import Failure, Specifications
from corpus.samples.quality_events.real import Batch, Month, Plant, rounded
from corpus.samples.quality_events.told import LOCK, Row

LABORATORY = frozenset({"dissolution_av", "dissolution_min", "impurities_total", "residual_solvent", "impurity_l"})
INVALIDATED_SHARE = 0.4
CAUSES = ("air bubbles in a vessel", "sample solution not filtered", "wrong dilution, proved by the kept solution")


@dataclass(frozen=True)
class Chance:
    """The only source of chance."""

    generator: random.Random

    @classmethod
    def seeded(cls, seed: str) -> "Chance":
        """Start a sequence of its own for one purpose, so that one table never shifts another."""
        return cls(random.Random(seed))  # noqa: S311 - sample data, not a secret

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.generator.random() * (high - low + 1))

    def one(self, items: Sequence[str]) -> str:
        """Return one of the items."""
        return items[self.whole(0, len(items) - 1)]

    def happens(self, share: float) -> bool:
        """Return True in that share of cases."""
        return self.generator.random() < share


def later(day: str, days: int) -> str:
    """Return the day that lies so many days later, never after the day of the extract."""
    return min((date.fromisoformat(day) + timedelta(days=days)).isoformat(), LOCK)


def oos_rows(failures: Sequence[Failure], told: Sequence[Row], seed: str) -> list[Row]:
    """Make one OOS record for each failing real result, numbered by the day of detection."""
    known = {(row["batch"], row["attribute"]): row for row in told}
    chance = Chance.seeded(f"{seed}/oos")
    rows = []
    for failure in failures:
        key = (failure.batch.number, failure.limits.attribute)
        story = known.pop(key, None) or _usual_story(failure, chance)
        rows.append({**story, **_facts(failure)})
    if known:
        message = f"these results are told as OOS and meet their limits: {sorted(known)}"
        raise ValueError(message)
    rows.sort(key=lambda r: (r["detected_on"], int(r["batch"]), r["attribute"]))
    return _numbered(rows, "oos_id", "OOS", "detected_on")


def _facts(failure: Failure) -> Row:
    return {
        "batch": failure.batch.number,
        "product_code": failure.batch.product,
        "attribute": failure.limits.attribute,
        "result": failure.literal,
        "unit": failure.limits.unit,
        "limit_text": failure.limits.text,
        "specification_id": failure.limits.specification,
    }


def _usual_story(failure: Failure, chance: Chance) -> Row:
    detected = failure.batch.start.day(chance.whole(22, 28))
    attribute = failure.limits.attribute
    invalidated = attribute in LABORATORY and chance.happens(INVALIDATED_SHARE)
    return {
        "detected_on": detected,
        "phase": "I" if invalidated else "II",
        "assignable_cause": chance.one(CAUSES) if invalidated else "",
        "invalidated": "yes" if invalidated else "no",
        "outcome": "original result invalidated with cause, repeat test within the limit"
        if invalidated
        else "confirmed, batch rejected",
        "deviation_id": "",
        "closed_on": later(detected, chance.whole(18, 40)),
    }


def _numbered(rows: list[Row], field: str, prefix: str, day: str) -> list[Row]:
    counts: dict[str, int] = {}
    for row in rows:
        year = row[day][:4]
        counts[year] = counts.get(year, 0) + 1
        row[field] = f"{prefix}-{year}-{counts[year]:03d}"
    return rows


def disposition_rows(plant: Plant, oos: Sequence[Row], told: Sequence[Row], seed: str) -> list[Row]:
    """Make the decision on each batch; what an OOS decides goes before the usual release."""
    chance = Chance.seeded(f"{seed}/disposition")
    special = {row["batch"]: row for row in told}
    of_batch: dict[str, list[Row]] = {}
    for row in oos:
        of_batch.setdefault(row["batch"], []).append(row)
    rows = []
    for batch in plant:
        usual = later(batch.start.plus(1).day(chance.whole(3, 26)), chance.whole(0, 10))
        row = {
            "batch": batch.number,
            "product_code": batch.product,
            "disposition": "released",
            "disposition_date": usual,
            "reworked": "no",
            "reprocessed": "no",
            "reason": "",
        }
        row |= _after_oos(of_batch.get(batch.number, []), usual)
        row |= {k: v for k, v in special.get(batch.number, {}).items() if v}
        if row["disposition"] == "pending":
            row["disposition_date"] = ""
        rows.append(row)
    return rows


def _after_oos(oos: Sequence[Row], usual: str) -> Row:
    if not oos:
        return {}
    ids = ", ".join(r["oos_id"] for r in oos)
    if any(not r["closed_on"] for r in oos):
        return {"disposition": "pending", "reason": f"{ids} open"}
    decided = max(usual, *(r["closed_on"] for r in oos))
    if all(r["invalidated"] == "yes" for r in oos):
        return {"disposition_date": decided, "reason": f"{ids} invalidated with cause"}
    return {"disposition": "rejected", "disposition_date": decided, "reason": f"{ids} confirmed"}


def material_rows(plant: Plant, seed: str) -> list[Row]:
    """Make one row for each lot that a real batch used, received before its first use."""
    chance = Chance.seeded(f"{seed}/material")
    first: dict[str, Month] = {}
    for batch in plant:
        for lot in batch.lots():
            first.setdefault(lot, batch.start)
    rows = [_lot_row(lot, month, chance) for lot, month in sorted(first.items(), key=lambda i: _lot_order(i[0]))]
    for material, prefix, supplier in (("film_coat", "FC", "Supplier F1"), ("blister", "BLF", "Supplier P1")):
        for number in range(1, 11):
            received = Month(2019, 1).plus(3 * (number - 1)).day(chance.whole(5, 25))
            rows.append(_row_of_lot(f"{prefix}-{number}", material, supplier, received, chance))
    return rows


def _lot_order(lot: str) -> tuple[str, list[int]]:
    name, *numbers = lot.split("-")
    return name, [int(n) for n in numbers]


def _lot_row(lot: str, used: Month, chance: Chance) -> Row:
    material = {"API": "api", "SMCC": "smcc", "LAC": "lactose", "STA": "starch"}[lot.split("-", maxsplit=1)[0]]
    second_source = material == "lactose" and int(lot.split("-")[1]) in SECOND_SOURCE_LOTS
    supplier = {
        "api": f"Supplier A{1 if lot.startswith('API-3-') else 2}",
        "smcc": "Supplier C1",
        "lactose": "Supplier L2" if second_source else "Supplier L1",
        "starch": "Supplier S1",
    }[material]
    received = used.plus(-2).day(chance.whole(2, 27))
    return _row_of_lot(lot, material, supplier, received, chance, new_source=second_source)


SECOND_SOURCE_LOTS = frozenset({19, 20})  # lactose of supplier L2, see CC-2020-003


def _row_of_lot(lot: str, material: str, supplier: str, received: str, chance: Chance, *, new_source: bool = False) -> Row:
    return {
        "lot_id": lot,
        "material": material,
        "supplier": supplier,
        "supplier_status": "approved, new source" if new_source else "approved",
        "received_on": received,
        "released_on": later(received, chance.whole(9, 27)),
        "disposition": "released",
        "new_source": "yes" if new_source else "no",
    }


def distribution_rows(plant: Plant, dispositions: Sequence[Row], seed: str) -> list[Row]:
    """Make the tablets distributed by month and market, never more than had been released before the month."""
    chance = Chance.seeded(f"{seed}/distribution")
    rows: list[Row] = []
    for product in ("17", "23"):
        stock = 0
        released: dict[str, int] = {}
        for row in dispositions:
            if row["product_code"] == product and row["disposition"] == "released":
                batch = plant.batches[row["batch"]]
                made = int(batch.size * (batch.value("batch_yield") or Decimal(0)) / 100)
                released[row["disposition_date"][:7]] = released.get(row["disposition_date"][:7], 0) + made
        month = Month(2018, 12)
        while month <= Month(2021, 4):
            stock += released.get(str(month.plus(-1)), 0)
            leaving = stock * chance.whole(22, 40) // 100 // 1000 * 1000
            shares = {"EU": chance.whole(45, 55), "US": chance.whole(28, 34)}
            units = {market: leaving * share // 100 for market, share in shares.items()}
            units["CA"] = leaving - sum(units.values())
            if month >= Month(2019, 5):
                rows += [
                    {"product_code": product, "period": str(month), "market": market, "units": str(count)}
                    for market, count in sorted(units.items())
                ]
            stock -= leaving
            month = month.plus(1)
    return rows


PULLS = (0, 3, 6, 9, 12, 18, 24)
STUDIES = (("STB-2019-01", "191"), ("STB-2019-02", "370"), ("STB-2020-01", "632"))
STEPS: Mapping[str, tuple[str, str]] = {
    # change a month, spread: both in the attribute's unit
    "dissolution_av": ("-0.12", "0.45"),
    "impurities_total": ("0.004", "0.008"),
    "impurity_l": ("0.0015", "0.004"),
}
SLOWER_RELEASE = ("STB-2019-02", 12, "dissolution_av", Decimal("-1.90"))  # the one that looks out of trend
MISSED = ("STB-2020-01", 9)


def stability_rows(plant: Plant, specifications: Specifications, seed: str) -> list[Row]:
    """Make three studies: month 0 is the real release result, later pulls are invented, future ones are due."""
    chance = Chance.seeded(f"{seed}/stability")
    rows = []
    for study, number in STUDIES:
        batch = plant.batches[number]
        limits = {r.attribute: r for r in specifications.for_batch(batch)}
        for pull in PULLS:
            pulled = batch.start.plus(pull).day(18)
            for attribute in STEPS:
                noise = chance.whole(-100, 100)
                status, result = _pull(batch, study, pull, attribute, noise=noise, pulled=pulled)
                rows.append(
                    {
                        "study_id": study,
                        "product_code": batch.product,
                        "batch": number,
                        "condition": "25 °C / 60 % relative humidity",
                        "month": str(pull),
                        "pulled_on": pulled,
                        "attribute": attribute,
                        "result": result,
                        "unit": limits[attribute].unit,
                        "lower_limit": limits[attribute].lower,
                        "upper_limit": limits[attribute].upper,
                        "status": status,
                    }
                )
    return rows


def _pull(batch: Batch, study: str, pull: int, attribute: str, *, noise: int, pulled: str) -> tuple[str, str]:
    if pulled > LOCK:
        return "due", ""
    if (study, pull) == MISSED:
        return "pull missed", ""
    start = batch.quote(attribute)
    if pull == 0:
        return "reported", start
    step, spread = (Decimal(text) for text in STEPS[attribute])
    value = Decimal(start) + step * pull + spread * noise / 100
    odd = (study, pull, attribute) == SLOWER_RELEASE[:3]
    value += SLOWER_RELEASE[3] if odd else 0
    lowest = Decimal("0.05") if attribute != "dissolution_av" else Decimal(0)
    return "reported, out of trend" if odd else "reported", rounded(max(value, lowest), 2)
