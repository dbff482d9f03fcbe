"""List what is to be imported under files and folders: every file is read, refused, or passed over with the reason, none unseen."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from audit.errors import Invalid, NotFound
from corpus.formats import FORMATS, NOT_SOURCES, format_of, suffix_of
from corpus.storable import writable

UNKNOWN = "not a kind of file that is imported"
NAMED = 20  # files that a message names
_KNOWN = f"Kinds that are imported: {', '.join(FORMATS)}."


@dataclass
class Listing:
    """The files to read in a stable order, each once, and why others are not; `summed` counts those of no interest."""

    files: list[Path] = field(default_factory=list)
    refused: dict[Path, tuple[str, str]] = field(default_factory=dict)  # path -> reason, remedy
    passed_over: dict[str, str] = field(default_factory=dict)  # path within its folder -> reason
    summed: Counter[str] = field(default_factory=Counter)

    @property
    def told(self) -> list[str]:
        """Say how many files were passed over that are not named."""
        counts = ", ".join(f"{count} {what}" for what, count in sorted(self.summed.items()))
        return [f"Passed over without a name here: {counts}."] if counts else []


def list_files(paths: Iterable[Path]) -> list[Path]:
    """List the source files under files and folders; raise Invalid where one that is named is of no known kind, or there is none."""
    found = listing(paths)
    for reason, remedy in found.refused.values():
        raise Invalid(reason, remedy=remedy)
    if not found.files:
        raise nothing(found)
    return found.files


def nothing(found: Listing) -> Invalid:
    """Return the problem that nothing can be imported, naming what was passed over."""
    names = [f"{name} ({why})" for name, why in found.passed_over.items()]
    rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    told = f" Not read: {', '.join(names[:NAMED])}{rest}." if names else ""
    return Invalid(f"There is no source file to import.{told}", remedy=_KNOWN)


def listing(paths: Iterable[Path]) -> Listing:
    """Look under the given files and folders; raise NotFound for a path that is not there.

    In a folder a file of unknown kind is passed over by name, a link that leaves the folder is refused, and hidden files, files that
    describe others (README.md) and sub-folders of program code are counted. A file that is named may be a link; one of unknown kind is
    refused.
    """
    found = Listing()
    taken: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            taken.update(dict.fromkeys(_inside(path, found)))
        elif not path.is_file():
            raise NotFound(f"There is no file {path}.", remedy="Check the path.")
        else:
            try:
                format_of(path.name)
            except Invalid as problem:
                found.refused[path] = (problem.message, problem.remedy)
                continue
            taken[path] = None
    found.files = list(taken)
    return found


def _inside(folder: Path, found: Listing) -> Iterator[Path]:
    """Give the source files of a folder; note of every other one what becomes of it."""
    root = folder.resolve()
    code = tuple(marker.parent for marker in folder.rglob("__init__.py") if marker.parent != folder)
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_dir() and not path.is_symlink():
            continue
        name = writable(inner.as_posix())
        uninteresting = _uninteresting(path, inner, code)
        if uninteresting:
            found.summed[uninteresting] += 1
        elif path.is_symlink() and not _leads_to(path).is_relative_to(root):
            reason = f"{name}: a link that leads out of the folder; it was not followed."
            found.refused[path] = (reason, "Where what it leads to is meant, name that file itself.")
        elif path.is_dir():
            found.passed_over[name] = "a link to a folder, which is not followed"
        elif not path.is_file():
            found.passed_over[name] = "neither a file nor a folder"
        elif suffix_of(path.name) not in FORMATS:
            found.passed_over[name] = UNKNOWN
        else:
            yield path


def _leads_to(link: Path) -> Path:
    """Return where a link leads in the end; itself where it leads round in a circle."""
    try:
        return link.resolve()
    except (OSError, RuntimeError):
        return link.absolute()


def _uninteresting(path: Path, inner: Path, code: tuple[Path, ...]) -> str:
    if any(part.startswith(".") for part in inner.parts):
        return "hidden"
    if path.name in NOT_SOURCES:
        return "that describe other files"
    return "of program code" if any(path.is_relative_to(folder) for folder in code) else ""
