"""Records of models in use, invented around the real batches: predictions of digital twins, runs of automated visual inspection.

Promise: what a prediction calls measured is the real cell. The error of TWIN-01 begins to drift with the batch of its version V2, and the
inspection model M2 finds more defects than M1 and rejects more good tablets: so that there is something true to find.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from corpus.samples.quality_events.generated import Chance
from corpus.samples.quality_events.real import REVIEWED, Batch, Plant, rounded
from corpus.samples.quality_events.told import Row

PRODUCT = "17"
TWIN_CHANGE, INSPECTION_CHANGE = "CC-2020-009", "CC-2020-010"
SPREAD = Decimal("0.85")  # of the twin's error, % dissolved
DRIFT = Decimal("0.055")  # of its mean, a batch, from the first batch of V2 on
TRIAL_FROM = "2021-03-01"  # of TWIN-02, which is not locked
KIT, DEFECTS, FOUND_BY_PEOPLE = "KIT-A", 250, 221
FOUND_PER_MILLE = {"M1": 948, "M2": 976}
FALSE_PER_MILLION = {"M1": 1150, "M2": 1720}


def prediction_rows(plant: Plant, changes: Mapping[str, Row], seed: str) -> list[Row]:
    """Make the predictions of each batch of the reviewed year, before and after the twin's change."""
    chance = Chance.seeded(f"{seed}/model_prediction")
    change = changes[TWIN_CHANGE]
    rows, drifting = [], 0
    for batch, day in _in_order(plant.of(PRODUCT, REVIEWED)):
        second = day >= change["effective_on"]
        drifting += second
        error = DRIFT * drifting + SPREAD * _noise(chance) / 100
        rows.append(_prediction(batch, day, "TWIN-01", "V2" if second else "V1", "dissolution_av", error))
        rows[-1] |= {"locked": "yes", "error_limit": "3.00", "change_id": TWIN_CHANGE if second else ""}
        if day >= TRIAL_FROM:
            error = Decimal("0.012") * _noise(chance) / 100
            rows.append(_prediction(batch, day, "TWIN-02", "T1", "impurities_total", error))
            rows[-1] |= {"locked": "no", "error_limit": "", "change_id": ""}
    return _numbered(rows, "prediction_id", "PRD", "predicted_on")


def _prediction(batch: Batch, day: str, model: str, version: str, attribute: str, error: Decimal) -> Row:
    measured = batch.quote(attribute)
    return {
        "product_code": batch.product,
        "batch": batch.number,
        "model_id": model,
        "model_version": version,
        "attribute": attribute,
        "predicted": rounded(max(Decimal(measured) + error, Decimal(0)), 2),
        "measured": measured,
        "unit": "%",
        "predicted_on": day,
    }


def inspection_rows(plant: Plant, dispositions: Sequence[Row], changes: Mapping[str, Row], seed: str) -> list[Row]:
    """Make a run of each released batch of the reviewed year; the first run of a month begins with the kit of seeded defects."""
    chance = Chance.seeded(f"{seed}/inspection_run")
    change = changes[INSPECTION_CHANGE]
    released = {row["batch"] for row in dispositions if row["disposition"] == "released"}
    rows, months = [], set()
    for batch, day in _in_order([b for b in plant.of(PRODUCT, REVIEWED) if b.number in released]):
        second = day >= change["effective_on"]
        version = "M2" if second else "M1"
        inspected = int(batch.size * (batch.value("batch_yield") or Decimal(0)) / 100)
        false = inspected * FALSE_PER_MILLION[version] * (100 + _noise(chance) // 10) // 100_000_000
        kit = _kit(chance, version) if day[:7] not in months else dict.fromkeys(KIT_FIELDS, "")
        months.add(day[:7])
        rows.append(
            {
                "product_code": batch.product,
                "batch": batch.number,
                "machine": "AVI-01",
                "model_version": version,
                "locked": "yes",
                "units_inspected": str(inspected),
                "units_rejected": str(false + inspected * chance.whole(1400, 2600) // 1_000_000),
                "false_rejects": str(false),
                "run_on": day,
                "change_id": INSPECTION_CHANGE if second else "",
                **kit,
            }
        )
    return _numbered(rows, "run_id", "AVR", "run_on")


KIT_FIELDS = ("kit_id", "kit_presented", "kit_found", "human_presented", "human_found")


def _kit(chance: Chance, version: str) -> Row:
    found = sum(chance.happens(FOUND_PER_MILLE[version] / 1000) for _ in range(DEFECTS))
    return dict(zip(KIT_FIELDS, (KIT, str(DEFECTS), str(found), str(DEFECTS), str(FOUND_BY_PEOPLE)), strict=True))


def _noise(chance: Chance) -> int:
    """Return chance of about normal shape, with a standard deviation of 100."""
    return sum(chance.whole(-100, 100) for _ in range(3))


def _in_order(batches: Sequence[Batch]) -> Iterator[tuple[Batch, str]]:
    """Yield the batches in order of manufacture, each with a day of its month that keeps the order."""
    for batch in batches:
        same = [b.number for b in batches if b.start == batch.start]
        yield batch, batch.start.day(1 + 27 * same.index(batch.number) // len(same))


def _numbered(rows: list[Row], field: str, prefix: str, day: str) -> list[Row]:
    counts: dict[str, int] = {}
    for row in rows:
        year = row[day][:4]
        counts[year] = counts.get(year, 0) + 1
        row[field] = f"{prefix}-{year}-{counts[year]:04d}"
    return rows
