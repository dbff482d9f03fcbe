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
    recogniser: str = ""  # reads what its pages show where they hold no letters

    def load(self) -> Reader:
        """Return the reader."""
        return _loaded(self.reader)

    def load_recogniser(self) -> Reader | None:
        """Return the reader of pictures of letters, where the format may hold any."""
        return _loaded(self.recogniser) if self.recogniser else None


def _loaded(reader: str) -> Reader:
    module, _, name = reader.partition(":")
    found: Reader = getattr(import_module(f"corpus.readers.{module}"), name)
    return found


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
FORMATS = {
    ".csv": Format("text/csv", "delimited:read"),
    ".tsv": Format("text/tab-separated-values", "delimited:read"),
    ".md": Format("text/markdown", "narrative:read", narrative=True),
    ".txt": Format("text/plain", "narrative:read", narrative=True),
    ".xlsx": Format(_EXCEL, "spreadsheet:read"),
    ".xlsm": Format("application/vnd.ms-excel.sheet.macroEnabled.12", "spreadsheet:read"),
    ".xls": Format("application/vnd.ms-excel", "spreadsheet:read"),
    ".ods": Format(_ODS, "opendocument:read"),
    ".docx": Format(_WORD, "word:read", narrative=True),
    ".html": Format("text/html", "html:read", narrative=True),
    ".htm": Format("text/html", "html:read", narrative=True),
    ".eml": Format("message/rfc822", "mail:read", narrative=True),
    ".pdf": Format("application/pdf", "pdf:read", narrative=True, recogniser="ocr:read"),
    ".xml": Format("application/xml", "xml:read", narrative=True),
    ".animl": Format("application/xml", "xml:read", narrative=True),
    ".json": Format("application/json", "jsonfile:read", narrative=True),
    ".jsonl": Format("application/x-ndjson", "jsonfile:read_lines", narrative=True),
    ".ndjson": Format("application/x-ndjson", "jsonfile:read_lines", narrative=True),
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
