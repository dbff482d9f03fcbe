"""Make the synthetic quality events of the sample corpus: `python -m corpus.samples.make_quality_events`.

Promise: the files depend only on the real CSV files beside this script, the authored texts and the seed, so that running
it again gives the same bytes. Nothing is written unless every id resolves, every quoted value stands in its cell, and every
real result outside an invented limit has its record.
"""

import argparse
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from corpus.samples.quality_events import generated, models_in_use, narratives, previous_report, profiles
from corpus.samples.quality_events.check import check, known_ids, unresolved
from corpus.samples.quality_events.kinds import KINDS, ORIGIN, SYNTHETIC, Kind
from corpus.samples.quality_events.limits import read_specifications
from corpus.samples.quality_events.real import Plant, read_plant
from corpus.samples.quality_events.told import AUTHORED, Filler, Row, authored_deviations, authored_rows, filled

SEED = "verascribe-samples-1"
SAMPLES = Path(__file__).parent
TOLD = (
    "capa", "change_control", "complaint", "return", "recall", "equipment", "utility", "validation", "agreement",
    "variation", "commitment", "previous_action", "personnel_training", "event_log",
)  # fmt: skip

Tables = dict[str, list[Row]]


def make(into: Path) -> list[Path]:
    """Write all files below a folder and return them; the folder's other files stay as they are."""
    written = []
    for relative, data in made_files(read_plant(SAMPLES / "zagar")):
        path = into / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)
    return written


def made_files(plant: Plant) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Make every file: its place below the samples folder and its bytes."""
    tables, filler = make_tables(plant)
    texts = [
        *narratives.narrative_files(tables["deviation"], filler),
        *narratives.sop_files(),
        *previous_report.report_files(plant, read_specifications(), tables),
    ]
    _check_texts(tables, texts)
    for name, kind in KINDS.items():
        yield PurePosixPath("synthetic", f"{name}.csv"), csv_bytes(kind, tables[name])
        yield PurePosixPath("profiles", f"{name}.toml"), profiles.profile_text(kind).encode()
    yield from texts


def make_tables(plant: Plant) -> tuple[Tables, Filler]:
    """Make the rows of every kind and check them against one another."""
    specifications = read_specifications()
    tables: Tables = {"specification": [row.row() for row in specifications.rows]}
    failures = specifications.failures(plant)
    tables["oos"] = generated.oos_rows(failures, authored_rows("oos_told"), SEED)
    filler = Filler(plant, specifications.quote, {(r["batch"], r["attribute"]): r["oos_id"] for r in tables["oos"]})
    tables["oot"] = [_measured(row, plant) for row in filled(authored_rows("oot"), filler)]
    tables["deviation"] = filled(authored_deviations(), filler)
    tables |= {name: filled(authored_rows(name), filler) for name in TOLD}
    tables["event_log"] = _events(tables["deviation"], tables["event_log"])
    tables["batch_disposition"] = generated.disposition_rows(plant, tables["oos"], authored_rows("disposition_told"), SEED)
    tables["material_lot"] = generated.material_rows(plant, SEED)
    tables["stability_result"] = generated.stability_rows(plant, specifications, SEED)
    tables["distribution"] = generated.distribution_rows(plant, tables["batch_disposition"], SEED)
    changes = {row["change_id"]: row for row in tables["change_control"]}
    tables["model_prediction"] = models_in_use.prediction_rows(plant, changes, SEED)
    tables["inspection_run"] = models_in_use.inspection_rows(plant, tables["batch_disposition"], changes, SEED)
    ordered = {
        name: [{c: row[c] for c in kind.header if c != ORIGIN} for row in tables[name]] for name, kind in KINDS.items()
    }
    check(ordered, plant, specifications, _documents())
    return ordered, filler


def csv_bytes(kind: Kind, rows: Sequence[Row]) -> bytes:
    """Write a table as CSV: semicolons, UTF-8, line feeds, and the origin in every row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(kind.header)
    writer.writerows([*(row[name] for name in kind.header if name != ORIGIN), SYNTHETIC] for row in rows)
    return text.getvalue().encode()


def _measured(row: Row, plant: Plant) -> Row:
    batch = plant.batches[row["batch"]]
    units = {r["attribute"]: r["unit"] for r in authored_rows("limits")}
    return {
        **row,
        "product_code": batch.product,
        "result": batch.quote(row["attribute"]),
        "unit": units.get(row["attribute"], "N"),
    }


MOMENTS = (
    ("occurred_at", "batch record", "Time of occurrence as recorded"),
    ("detected_at", "deviation record", "Event detected"),
    ("reported_at", "deviation record", "Event reported to quality assurance"),
)


def _events(deviations: Sequence[Row], told: Sequence[Row]) -> list[Row]:
    """Add the recorded moments of each deviation that has a narrative and no time line of its own."""
    rows = list(told)
    whole = {row["deviation_id"] for row in told if row["event_id"].endswith("-01")}
    with_narrative = {path.stem for path in (AUTHORED / "narratives").glob("*.body")}
    for deviation in deviations:
        name = deviation["deviation_id"]
        if name not in with_narrative or name in whole:
            continue
        moments = [(deviation[field], source, text) for field, source, text in MOMENTS]
        if deviation["closed_on"]:
            moments.append((f"{deviation['closed_on']}T12:00", "deviation record", "Deviation closed"))
        for number, (at, source, text) in enumerate(moments, start=1):
            event_id = f"EV-{name.removeprefix('DEV-')}-{number:02d}"
            rows.append({"event_id": event_id, "deviation_id": name, "at": at, "source": source, "text": text})
    return sorted(rows, key=lambda r: (r["deviation_id"], r["at"], r["event_id"]))


def _documents() -> list[str]:
    return [previous_report.NUMBER, *(path.stem for path in (AUTHORED / "sops").glob("*.body"))]


def _check_texts(tables: Mapping[str, Sequence[Row]], texts: Sequence[tuple[PurePosixPath, bytes]]) -> None:
    known = known_ids(tables) | set(_documents())
    for path, data in texts:
        missing = unresolved(data.decode("utf-8", errors="ignore"), known)
        if missing:
            message = f"{path}: no record for {', '.join(missing)}"
            raise ValueError(message)


def main() -> None:
    """Write the files; `--into` names another folder than the samples' own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=SAMPLES, help="folder to write below")
    make(parser.parse_args().into)


if __name__ == "__main__":
    main()
