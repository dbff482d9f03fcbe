"""The torture set: malformed and odd files of every kind that is imported, made by this script and never committed.

`files(seed)` gives them, `python -m evidence.torture FOLDER` in `tests` writes them. Each has a name that says what is wrong with it. What must come of
each: a document, refused cells, or a named refusal; never a hang, a crash of the importing process, or nothing. A kind that
`corpus.formats.FORMATS` gains must gain a file in `sound.SOUND`, from which the general damage is made; what is special to
it is a function in `SPECIAL`.
"""

import hashlib
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from evidence import torture_office, torture_texts, torture_trees
from evidence.sound import SOUND, Odd


def files(seed: int = 2026) -> Iterator[Odd]:
    """Give every file of the set, each under a name of its own."""
    yield from _damage(random.Random(seed))
    for special in SPECIAL:
        yield from special()


def _damage(chance: random.Random) -> Iterator[Odd]:
    """Cut, flip, double, rename: what disks, mail gateways and hurried people do to any file."""
    endings = list(SOUND)
    for ending, data in SOUND.items():
        kind = ending.removeprefix(".")
        yield f"sound-{kind}{ending}", data
        yield f"empty-{kind}{ending}", b""
        yield f"first-byte-{kind}{ending}", data[:1]
        for part in (4, 16, 50, 90, 99):
            yield f"cut-at-{part}-{kind}{ending}", data[: len(data) * part // 100]
        for number in range(3):
            yield f"bits-flipped-{number}-{kind}{ending}", _flipped(data, chance)
        yield f"nul-inside-{kind}{ending}", data[: len(data) // 2] + b"\x00" * 64 + data[len(data) // 2 :]
        yield f"twice-{kind}{ending}", data * 2
        yield f"zeros-{kind}{ending}", b"\x00" * 4096
        yield f"noise-{kind}{ending}", chance.randbytes(4096)
        wrong = chance.choice([e for e in endings if SOUND[e] != data])
        yield f"holds-{wrong.removeprefix('.')}-{kind}{ending}", SOUND[wrong]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(8):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _names() -> Iterator[Odd]:
    """File names that other systems, shells and screens trip over."""
    for name in (
        "CON.csv",
        "NUL.txt",
        "trailing dot..csv",
        " leading space.csv",
        "UPPER.CSV",
        "two.csv.csv",
        "semi;colon & $(id) `id`.csv",
        "\u202evsc.exe.csv",
        "e\u0301tat.csv",
        "\U0001f9ea.csv",
        "line\nend.csv",
        "tab\there.csv",
        "<b>bold<b>.csv",
        "{fact:yield.mean}.csv",
        "'; DROP TABLE documents; --.csv",
        "-rf.csv",
        f"{'long' * 60}.csv",
    ):
        yield name, SOUND[".csv"]
    yield "not-utf-8-\udcff.csv", SOUND[".csv"]


SPECIAL: tuple[Callable[[], Iterator[Odd]], ...] = (
    torture_office.entities,
    torture_office.bombs,
    torture_office.sheets,
    torture_office.old_workbooks,
    torture_office.documents,
    torture_texts.texts,
    torture_texts.pages_and_mail,
    torture_texts.trees,
    torture_trees.pdf_structure,
    torture_trees.pdf_pages,
    torture_trees.xml_files,
    torture_trees.batch_records,
    torture_trees.json_files,
    _names,
)


def write(folder: Path) -> int:
    """Write the set into a folder; return how many files there are."""
    count = 0
    for name, data in files():
        path = folder / name
        assert not path.exists(), name
        path.write_bytes(data)
        count += 1
    return count


def digest(seed: int = 2026) -> str:
    """Return a hash over every name and file: equal seeds give equal sets."""
    whole = hashlib.sha256()
    for name, data in files(seed):
        whole.update(name.encode("utf-8", "surrogateescape") + hashlib.sha256(data).digest())
    return whole.hexdigest()


if __name__ == "__main__":
    print(write(Path(sys.argv[1])) if sys.argv[1:] else digest())
