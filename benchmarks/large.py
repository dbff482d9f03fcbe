"""A large made-up corpus: texts with the word frequencies of a language, and the files of a plant that made many batches.

Seeded: the same bytes each time. Nothing of it is real.
"""

import bisect
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

from corpus.profiles import ProfileSet, load_profiles

SEED = 20_261_125
VOCABULARY = 30_000
PRODUCTS = 50
ATTRIBUTES = 20
BATCHES_A_FILE = 1_000
ROWS_A_FILE = 1_000
PASSAGES_A_NARRATIVE = 10
FEWEST_WORDS, MOST_WORDS = 40, 100
_SYLLABLES = [a + b for a, b in itertools.product("bcdfghklmnprstvz", ("a", "e", "i", "o", "u", "an", "er", "il", "on"))]


class Texts:
    """Passages of words by rank (the r-th word as often as 1 / (r + 2.7)), each with an identifier, a decimal and a batch number."""

    def __init__(self, seed: int = SEED) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - seeded on purpose
        made: dict[str, None] = {}
        while len(made) < VOCABULARY:
            made["".join(self._rng.choices(_SYLLABLES, k=self._rng.choice((2, 3, 3, 4))))] = None
        self.words = tuple(made)
        self._cumulated = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(1, VOCABULARY + 1)))

    def passage(self) -> str:
        """Return the next text."""
        rng = self._rng
        words = self.some(rng.randint(FEWEST_WORDS, MOST_WORDS))
        for written in (
            f"DEV-{rng.randint(2015, 2025)}-{rng.randint(1, 9999):04d}",
            f"{rng.uniform(0, 100):.3f}",
            f"{rng.randint(1, 60_000):05d}",
        ):
            words[rng.randrange(len(words))] = written
        return " ".join(words) + "."

    def some(self, number: int) -> list[str]:
        """Return words as often as they are used."""
        total = self._cumulated[-1]
        return [self.words[bisect.bisect(self._cumulated, self._rng.random() * total)] for _ in range(number)]


def write_corpus(folder: Path, *, measurements: int, passages: int) -> None:
    """Write tables of batches (20 values each), tables of events (a passage each) and narratives (10 passages each)."""
    rng, texts = random.Random(SEED), Texts()  # noqa: S311 - seeded on purpose
    batches = measurements // ATTRIBUTES
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (*_batch_files(rng, batches), *_event_files(rng, texts, passages // 2)):
        (folder / name).write_text("".join(lines), encoding="utf-8")
    for number in range(1, (passages - passages // 2) // PASSAGES_A_NARRATIVE + 1):
        parts = "".join(f"## Part {n}\n\n{texts.passage()}\n\n" for n in range(PASSAGES_A_NARRATIVE))
        about = f"---\nid: INV-{number:06d}\nkind: narrative\nproduct: {number % PRODUCTS + 1}\norigin: synthetic\n---\n\n"
        (folder / f"INV-{number:06d}.md").write_text(about + parts, encoding="utf-8")


def _batch_files(rng: random.Random, batches: int) -> Iterator[tuple[str, list[str]]]:
    header = ";".join(("batch", "product", "made_on", *(f"value_{n:02d}" for n in range(1, ATTRIBUTES + 1)))) + "\n"
    for first in range(1, batches + 1, BATCHES_A_FILE):
        rows = [
            f"{batch:05d};{batch % PRODUCTS + 1};20{batch % 25:02d}-{batch % 12 + 1:02d}-{batch % 28 + 1:02d};"
            + ";".join(f"{rng.gauss(100, 1):.4f}" for _ in range(ATTRIBUTES)) + "\n"
            for batch in range(first, min(first + BATCHES_A_FILE, batches + 1))
        ]  # fmt: skip
        yield f"batches-{first:06d}.csv", [header, *rows]


def _event_files(rng: random.Random, texts: Texts, events: int) -> Iterator[tuple[str, list[str]]]:
    for first in range(1, events + 1, ROWS_A_FILE):
        rows = [
            f"EVT-{number:06d};{rng.randint(1, PRODUCTS)};20{number % 25:02d}-{number % 12 + 1:02d}-01;{texts.passage()}\n"
            for number in range(first, min(first + ROWS_A_FILE, events + 1))
        ]
        yield f"events-{first:06d}.csv", ["event;product;opened_on;description\n", *rows]


def profiles(folder: Path) -> ProfileSet:
    """Write the import profiles of the tables and read them."""
    folder.mkdir(parents=True, exist_ok=True)
    common = 'version = 1\ntitle = "made up"\ndelimiter = ";"\nencoding = "utf-8"\ndecimal_mark = "."\nmissing = [""]\nsynthetic = true\n'
    columns = '[columns.batch]\nfield = "batch"\n[columns.product]\nfield = "product"\n[columns.made_on]\nfield = "made_on"\ntype = "date"\n'
    values = "".join(
        f'[columns.value_{n:02d}]\nattribute = "value_{n:02d}"\ntype = "decimal"\nunit = "%"\n'
        for n in range(1, ATTRIBUTES + 1)
    )
    batch = f'name = "batches"\n{common}kind = "batch"\nkey = ["batch"]\nproduct = "product"\ndate = ["made_on"]\n{columns}{values}'
    told = '[columns.event]\nfield = "event"\n[columns.product]\nfield = "product"\n[columns.opened_on]\nfield = "opened_on"\ntype = "date"\n'
    told += '[columns.description]\nfield = "description"\npassage = true\n'
    event = f'name = "events"\n{common}kind = "event"\nkey = ["event"]\nproduct = "product"\ndate = ["opened_on"]\n{told}'
    (folder / "batches.toml").write_text(batch, encoding="utf-8")
    (folder / "events.toml").write_text(event, encoding="utf-8")
    return load_profiles(folder)
