"""How records fit together, at scale: `python -m benchmarks.plant [--share 0.1] [--home FOLDER]`.

A made-up plant of 25,000 batches with 40 results each, 20,000 quality events, 100,000 passages that name them, and a known number of
faults. Prints one JSON line: the seconds and the peak of memory of what a person asks, and what was found beside what was planted.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.large import BATCHES_A_FILE, PRODUCTS, ROWS_A_FILE, SEED, Texts
from corpus.identifiers import Identifiers, parse
from corpus.profiles import ProfileSet, load_profiles

BATCHES, EVENTS, NARRATIVES, PARTS = 25_000, {"deviation": 10_000, "capa": 6_000, "change_control": 4_000}, 4_000, 20
LETTERS = {"deviation": "DEV", "capa": "CAPA", "change_control": "CC"}
YEARS = 10
SHOWN = 100  # of each list, as on the screen
FAMILIES, ATTRIBUTES = 13, 40  # min, average and max of each family, and the yield
EVERY = {
    "batch absent": 500,
    "press row absent": 400,
    "press date differs": 700,
    "order broken": 900,
    "register differs": 100,
}

IDENTIFIERS = """name = "identifiers"
version = 1
title = "Identifiers of a made-up plant"
[kinds.batch]
records = ["batch"]
fields = ["batch"]
text = '\\b[Bb]atch(?:es)? (\\d{1,9})\\b'
sequence = "running"
""" + "".join(
    f'[kinds.{kind}]\nrecords = ["{kind}"]\npattern = \'{letters}-\\d{{4}}-\\d{{5}}\'\nsequence = "year"\n'
    for kind, letters in LETTERS.items()
)


def identifiers() -> Identifiers:
    """Return how the plant's identifiers look."""
    return parse(IDENTIFIERS.encode(), file="identifiers.toml")


def names() -> list[str]:
    """Return the attributes of a batch."""
    return [f"x{n:02d}_{which}" for n in range(1, FAMILIES + 1) for which in ("min", "av", "max")] + ["batch_yield"]


def event(kind: str, number: int) -> str:
    """Return the identifier of the n-th event of a kind; its years have equal numbers."""
    return f"{LETTERS[kind]}-{2015 + number % YEARS}-{number // YEARS + 1:05d}"


def write_plant(folder: Path, *, share: float) -> None:
    """Write the files of the plant, or of a share of it."""
    rng, texts = random.Random(SEED), Texts()  # noqa: S311 - seeded on purpose
    folder.mkdir(parents=True, exist_ok=True)
    batches = [n for n in range(1, int(BATCHES * share) + 1) if n % EVERY["batch absent"]]
    events = {kind: int(count * share) for kind, count in EVENTS.items()}
    for name, lines in (*_batches(rng, batches), *_press(batches), *_events(rng, texts, batches, events)):
        (folder / name).write_text("".join(lines), encoding="utf-8")
    for number in range(1, int(NARRATIVES * share) + 1):
        parts = "".join(f"## Part {n}\n\n{_told(rng, texts, batches, events)}\n\n" for n in range(PARTS))
        about = f"---\nid: INV-{number:06d}\nkind: narrative\nproduct: {number % PRODUCTS + 1}\norigin: synthetic\n---\n\n"
        (folder / f"INV-{number:06d}.md").write_text(about + parts, encoding="utf-8")


def _day(number: int) -> str:
    return f"20{number % 25:02d}-{number % 12 + 1:02d}-{number % 16 + 13:02d}"


def _batches(rng: random.Random, batches: Sequence[int]) -> Iterator[tuple[str, list[str]]]:
    header = ";".join(("batch", "product", "made_on", *names())) + "\n"
    for start in range(0, len(batches), BATCHES_A_FILE):
        rows = []
        for batch in batches[start : start + BATCHES_A_FILE]:
            values: list[float] = []
            for family in range(FAMILIES):
                three = sorted(rng.gauss(100, 1) for _ in range(3))
                values += reversed(three) if family == 0 and batch % EVERY["order broken"] == 0 else three
            written = ";".join(f"{value:.4f}" for value in (*values, rng.gauss(98, 1)))
            rows.append(f"{batch:05d};{batch % PRODUCTS + 1};{_day(batch)};{written}\n")
        yield f"batches-{batches[start]:06d}.csv", [header, *rows]


def _press(batches: Sequence[int]) -> Iterator[tuple[str, list[str]]]:
    rows = [
        f"{batch:05d};{batch % PRODUCTS + 1};{_day(batch + (batch % EVERY['press date differs'] == 0))};{batch % 40}\n"
        for batch in batches
        if batch % EVERY["press row absent"]
    ]
    yield "press.csv", ["batch;product;made_on;speed\n", *rows]


def _told(rng: random.Random, texts: Texts, batches: Sequence[int], events: dict[str, int]) -> str:
    """Return a passage that names a batch and an event; one in a thousand names an event that is no record."""
    kind = rng.choice(tuple(events))
    number = rng.randrange(events[kind]) + (YEARS * 10_000 if rng.random() < 0.001 else 0)
    return f"{texts.passage()} See batch {rng.choice(batches):05d} and {event(kind, number)}."


def _events(
    rng: random.Random, texts: Texts, batches: Sequence[int], events: dict[str, int]
) -> Iterator[tuple[str, list[str]]]:
    header = "event;product;batch;opened_on;description\n"
    for kind, count in events.items():
        lines = [
            f"{event(kind, n)};{rng.randint(1, PRODUCTS)};{rng.choice(batches):05d};{_day(n)};{_told(rng, texts, batches, events)}\n"
            for n in range(count)
        ]
        for start in range(0, count, ROWS_A_FILE):
            yield f"{kind}-{start:06d}.csv", [header.replace("event", kind), *lines[start : start + ROWS_A_FILE]]
        again = lines[: count // 5] if kind == "deviation" else []
        differ = [
            line if n % EVERY["register differs"] else line.replace(_day(n), _day(n + 1), 1) for n, line in enumerate(again)
        ]
        if again:
            yield "register.csv", [header.replace("event", kind), *differ]


def profiles(folder: Path) -> ProfileSet:
    """Write the import profiles of the plant's tables and read them."""
    folder.mkdir(parents=True, exist_ok=True)
    common = 'version = 1\ntitle = "made up"\ndelimiter = ";"\nencoding = "utf-8"\ndecimal_mark = "."\nmissing = [""]\nsynthetic = true\n'
    product, made_on = '[columns.product]\nfield = "product"\n', '[columns.{0}]\nfield = "{0}"\ntype = "date"\n'

    def table(kind: str, key: str, day: str, columns: str) -> None:
        head = f'name = "{kind}"\n{common}kind = "{kind}"\nkey = ["{key}"]\nproduct = "product"\ndate = ["{day}"]\n'
        text = f'{head}[columns.{key}]\nfield = "{key}"\n{product}{columns}'
        (folder / f"{kind}.toml").write_text(text, encoding="utf-8")

    values = "".join(f'[columns.{name}]\nattribute = "{name}"\ntype = "decimal"\nunit = "%"\n' for name in names())
    table("batch", "batch", "made_on", made_on.format("made_on") + values)
    table("press_log", "batch", "made_on", made_on.format("made_on") + '[columns.speed]\nfield = "speed"\n')
    told = '[columns.batch]\nfield = "batch"\n' + made_on.format("opened_on")
    for kind in EVENTS:
        table(kind, kind, "opened_on", f'{told}[columns.description]\nfield = "description"\npassage = true\n')
    return load_profiles(folder)


def bring_in(home: Path, share: float) -> dict[str, Any]:
    """Import the plant into an empty home."""
    from corpus.ingest import ingest
    from corpus.workers import LocalWorkers
    from drafting.accounts import service_account
    from drafting.bootstrap import close_context, open_context, settings_from

    ctx = open_context(settings_from({}, home=str(home)))
    with tempfile.TemporaryDirectory() as made:
        write_plant(Path(made) / "sources", share=share)
        begun, pool = time.perf_counter(), LocalWorkers()
        done = ingest(
            ctx.database, ctx.clock, ctx.new_id, paths=[Path(made) / "sources"], profiles=profiles(Path(made) / "profiles"),
            actor=service_account(ctx).actor(), zone="UTC", workers=pool,
        )  # fmt: skip
        pool.close()
    close_context(ctx)
    return {
        "measurements": done.measurements, "passages": done.passages, "records": done.records, "documents": len(done.documents),
        "refused": len(done.refused), "import_seconds": round(time.perf_counter() - begun, 1),
    }  # fmt: skip


def ask(home: Path, product: str | None) -> dict[str, Any]:
    """Ask what does not fit together in this process: the seconds of each question, what it found, and the peak of memory."""
    from audit.database import open_database
    from corpus import linked
    from corpus.index_links import LinkIndex

    database, links, own = open_database(f"sqlite:///{home / 'verascribe.sqlite'}"), LinkIndex(home / "index"), identifiers()
    questions: dict[str, Callable[[Connection], int]] = {
        "references taken in": lambda _: int(links.refresh(database, own)),
        "unresolved": lambda _: links.unresolved(product=product, most=SHOWN).total,
        "orphans": lambda _: links.orphans(own, product=product, most=SHOWN).total,
        "one-sided": lambda _: links.one_sided(own, most=SHOWN).total,
        "gaps": lambda _: sum(gap.number for gap in links.gaps(own)),
        "duplicates": lambda conn: sum(1 for _ in linked.duplicates(conn)),
        "contradictions within a batch": lambda conn: sum(1 for _ in linked.contradictions(conn, product=product)),
        "disagreements": lambda conn: sum(1 for _ in linked.disagreements(conn, product=product)),
    }
    told: dict[str, Any] = {"product": product}
    with database.read() as conn:
        for name, question in questions.items():
            begun, worked = time.perf_counter(), time.process_time()
            found = question(conn)
            taken, work = time.perf_counter() - begun, time.process_time() - worked
            told[name] = {"found": found, "seconds": round(taken, 2), "processor_seconds": round(work, 2)}
    database.close()
    return {**told, "process_peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def main() -> None:
    """Import and ask, each in a process of its own, so that its peak of memory is its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--home", type=Path, help="of a plant that was imported before")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--product")
    asked = parser.parse_args()
    if asked.ask:
        print(json.dumps(ask(asked.home, asked.product)))
        return
    with tempfile.TemporaryDirectory() as made:
        home = asked.home or Path(made)
        if not (home / "verascribe.sqlite").exists():
            print(json.dumps(bring_in(home, asked.share)), flush=True)
        for product in ([], [], ["--product", "17"]):  # the first time references are taken in
            subprocess.run([sys.executable, "-m", "benchmarks.plant", "--home", str(home), "--ask", *product], check=True)


if __name__ == "__main__":
    main()
