"""The text of a file by itself, without a profile: what its reader finds, a line for each block and each row.

Runs in a worker process, as every reading of a file does.
"""

from dataclasses import dataclass

from audit.errors import Invalid
from corpus import storable
from corpus.formats import format_of, suffix_of
from corpus.prepare import DELIMITED


@dataclass(frozen=True)
class TextJob:
    """A file to read: its name, which tells its kind, and its bytes."""

    name: str
    data: bytes


def text_of(job: TextJob) -> str:
    """Return the text of a file; delimited text stays as it stands. Raise Invalid where no reader can read it."""
    kind = format_of(job.name)
    if suffix_of(job.name) in DELIMITED:
        try:
            return storable.writable(job.data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise Invalid(f"{job.name}: not UTF-8 text.", remedy="Save it as UTF-8.") from error
    found = kind.load()(job.data, file=job.name)
    lines = [block.text for block in found.narrative.blocks] if found.narrative else []
    lines += ["\t".join(row) for grid in found.grids for row in grid.rows]
    return storable.writable("\n".join(lines))
