"""Which kinds of file are read, by which reader; each reader is loaded only in the process that runs it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from audit.errors import Invalid
from corpus.readers.contents import Contents

Reader = Callable[..., Contents]  # (data, *, file) -> Contents; raises Invalid with the reason why a file is refused


@dataclass(frozen=True)
class Format:
    """A kind of file: its media type, and its reader as "module:function" of `corpus.readers`."""

    media_type: str
    reader: str
    narrative: bool = False  # a table that no profile knows is read as text, not refused

    def load(self) -> Reader:
        """Return the reader."""
        module, _, name = self.reader.partition(":")
        found: Reader = getattr(import_module(f"corpus.readers.{module}"), name)
        return found


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    ".csv": Format("text/csv", "delimited:read"),
    ".md": Format("text/markdown", "narrative:read", narrative=True),
    ".txt": Format("text/plain", "narrative:read", narrative=True),
    ".docx": Format(_WORD, "word:read", narrative=True),
}
NOT_SOURCES = ("README.md", "ATTRIBUTION.md", "TRAPS.md")  # they describe the files beside them


def format_of(name: str) -> Format:
    """Return the format of a file name; raise Invalid for a kind that is not read."""
    found = FORMATS.get(suffix_of(name))
    if found is None:
        raise Invalid(f"{name}: not a kind of file that is imported.", remedy=f"Known: {', '.join(FORMATS)}.")
    return found


def suffix_of(name: str) -> str:
    """Return the ending of a file name, in small letters."""
    _, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot else ""
