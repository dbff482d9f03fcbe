"""What a store can keep of a text: letters that have an encoding, and no NUL. Pure."""

from collections.abc import Iterable, Iterator

from audit.errors import Invalid
from corpus.newdocument import NewDocument

NUL_SHOWN = "\N{SYMBOL FOR NULL}"


def writable(text: str) -> str:
    """Return a text with its half letters (as in a file name of another encoding) and NULs written out."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", NUL_SHOWN)


def check_name(name: str) -> None:
    """Raise Invalid for a file name that cannot be kept."""
    if writable(name) != name:
        raise Invalid(f"{writable(name)}: its name is not UTF-8.", remedy="Rename the file.")


def check(documents: Iterable[NewDocument], *, file: str) -> None:
    """Raise Invalid where something read from a file cannot be kept, as a letter that JSON or a message gives by half."""
    for document in documents:
        text = "".join(_texts(document))
        if (not text.isascii() and writable(text) != text) or "\x00" in text:
            raise Invalid(f"{file}: holds half letters or NUL characters.", remedy="Export it again from the source system.")


def _texts(document: NewDocument) -> Iterator[str]:
    read = document.read
    yield document.kept
    for passage in read.passages:
        yield from (passage.text, passage.place, passage.record_identifier or "")
    for record in read.records:
        yield from (record.identifier, *(value or "" for value in record.fields.values()))
    yield from (measurement[5] for measurement in read.measurements)
    for refusal in read.refusals:
        yield from (refusal.literal, refusal.place, refusal.reason)
