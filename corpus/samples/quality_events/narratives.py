"""The files a person reads: deviation narratives (Word and Markdown) and SOPs, each labelled on its face."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from corpus.samples.quality_events.kinds import ORIGIN, SYNTHETIC
from corpus.samples.quality_events.told import AUTHORED, Filler, Quote, Row
from corpus.samples.quality_events.word import document_bytes

LABEL = (
    "Synthetic: this text was invented for demonstration. Batch numbers and measured values are those of the published "
    "real data; persons, events and decisions are invented and are not the manufacturer's."
)
IN_WORD = frozenset(
    ("DEV-2019-003", "DEV-2020-003", "DEV-2020-012", "DEV-2020-013", "DEV-2020-014", "DEV-2020-016", "DEV-2021-007")
)
SHOWN = (
    ("Product", "product_code"),
    ("Batches", "batches"),
    ("Stage", "stage"),
    ("Area and line", "area"),
    ("Equipment", "equipment_id"),
    ("Batch record", "mbr_version"),
    ("Procedure", "sop"),
    ("Occurred", "occurred_at"),
    ("Detected", "detected_at"),
    ("Reported to quality assurance", "reported_at"),
    ("Opened", "opened_on"),
    ("Opened by", "opened_by"),
    ("Class as recorded", "class"),
    ("State", "status"),
)


def narrative_files(deviations: Sequence[Row], filler: Filler) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Make a file for each authored narrative, in Word or Markdown."""
    by_id = {row["deviation_id"]: row for row in deviations}
    for path in sorted((AUTHORED / "narratives").glob("*.body")):
        row = by_id[path.stem]
        text = path.read_text(encoding="utf-8")
        body = f"{_header_table(row)}\n\n{filler.fill(text).strip()}\n\n{_quoted_table(filler, filler.quotes(text))}\n"
        about = [
            ("id", path.stem),
            ("title", row["title"]),
            ("kind", "deviation_narrative"),
            ("product", row["product_code"]),
            ("version", "1"),
            (ORIGIN, SYNTHETIC),
        ]
        title = f"{path.stem}: {row['title']}"
        if path.stem in IN_WORD:
            name = f"{path.stem}.docx"
            yield PurePosixPath("narratives", name), document_bytes(title=title, about=about, label=LABEL, body=body)
        else:
            yield PurePosixPath("narratives", f"{path.stem}.md"), _markdown(title, about, body)


def sop_files() -> Iterator[tuple[PurePosixPath, bytes]]:
    """Make a Markdown file for each authored procedure."""
    for path in sorted((AUTHORED / "sops").glob("*.body")):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        keys = dict(line.split(": ", 1) for line in head.splitlines())
        about = [("id", path.stem), ("title", keys["title"]), ("kind", "sop")]
        about += [("version", keys["version"]), ("effective", keys["effective"]), (ORIGIN, SYNTHETIC)]
        owner = f"Owner: {keys['owner']}. Version {keys['version']}, effective {keys['effective']}."
        title = f"{path.stem}: {keys['title']}"
        yield PurePosixPath("sops", f"{path.stem}.md"), _markdown(title, about, f"{owner}\n\n{body.strip()}\n")


def _markdown(title: str, about: Sequence[tuple[str, str]], body: str) -> bytes:
    front = "\n".join(f"{key}: {value}" for key, value in about)
    return f"---\n{front}\n---\n\n# {title}\n\n{LABEL}\n\n{body}".encode()


def _header_table(row: Row) -> str:
    cells = {**row, "area": f"{row['area']}, {row['line']}", "batches": row["batches"].replace("|", ", ")}
    lines = [
        f"| {label} | {cells[name].replace('T', ' ') if name.endswith('_at') else cells[name]} |" for label, name in SHOWN
    ]
    return "\n".join(["| Field | As recorded |", "|---|---|", *lines])


def _quoted_table(filler: Filler, quotes: Sequence[Quote]) -> str:
    lines = [
        f"| {q.batch} | {q.attribute} | {q.literal} | {filler.plant.batches[q.batch].place(q.attribute)} |" for q in quotes
    ]
    heading = "## Values quoted and where they stand"
    return "\n".join([heading, "", "| Batch | Attribute | Value | Place |", "|---|---|---|---|", *lines])
