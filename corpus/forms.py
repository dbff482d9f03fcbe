"""Read a form: labels with their values beside them, as on a batch record's page, become the one row of a table. Pure.

Promise: a label is found letter for letter. A form whose labels are not all there is told with what is absent, never read in part;
a label that stands twice with two values refuses the form, since no value of it could be chosen.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from audit.errors import Invalid
from corpus.importprofile import ImportProfile, Layout
from corpus.profiles import ProfileSet, header_of, pick
from corpus.readers.contents import Contents, Grid, stripped

MOST_CELLS = 200_000  # of a file that are looked at for labels; a form has some hundreds
LONGEST_LINE = 20_000
Cells = tuple[str, Sequence[str]]  # a place, and the cells that stand there side by side


@dataclass(frozen=True)
class Entry:
    """A label's value as written, and where it stands."""

    label: str
    literal: str
    place: str


@dataclass(frozen=True)
class Form:
    """One form of a file: `part` where it is one of several grids."""

    profile: ImportProfile
    entries: dict[str, Entry]
    part: str = ""

    @property
    def grid(self) -> Grid:
        """Return the form as a table of one row."""
        values = tuple(self.entries[h].literal if h in self.entries else "" for h in self.profile.header)
        return Grid(self.part, (self.profile.header, values), (0, 1))

    @property
    def places(self) -> dict[str, str]:
        """Return where each label stands, in the part of the file that the form is."""
        return {label: entry.place.removeprefix(f"{self.part}, ") for label, entry in self.entries.items()}


def find_forms(contents: Contents, profiles: ProfileSet, *, file: str) -> tuple[list[Form], list[str]]:
    """Return the forms of a file, and what is to be told of those that almost are one."""
    told: list[str] = []
    known = sorted(profiles.of(Layout.FORM).profiles, key=lambda p: -len(p.header))
    lines = list(side_by_side(contents)) if known else []
    read: list[tuple[ImportProfile, list[Form]]] = []
    for profile in known:
        if read and header_of(read[0][0]) != header_of(profile):
            continue
        try:
            found = _forms(profile, contents, lines, file=file)
        except Invalid as problem:
            told.append(str(problem))
        else:
            read += [(profile, found)] if found else []
    one = pick([profile for profile, _ in read], file=file) if read else None
    return [form for profile, found in read if profile is one for form in found], told


def side_by_side(contents: Contents) -> Iterator[Cells]:
    """Yield the cells that stand beside one another in tables and lines of text, each with its place."""
    for grid in contents.grids:
        yield from _rows(grid)
    parts = {grid.part for grid in contents.grids}
    for block in contents.narrative.blocks if contents.narrative else ():
        if not block.grid or block.grid not in parts:
            yield block.place, block.text.split(" | ")


def _rows(grid: Grid) -> Iterator[Cells]:
    where = f"{grid.part}, row" if grid.part else "row"
    yield from ((f"{where} {number}", row) for number, row in zip(grid.numbers, grid.rows, strict=True))


def _forms(profile: ImportProfile, contents: Contents, lines: Sequence[Cells], *, file: str) -> list[Form]:
    entries = list(_entries(profile, lines))
    keys = {rule.header for rule in profile.columns if rule.field in profile.key}
    written = {entry.literal for entry in entries if entry.label in keys}
    if not keys <= {entry.label for entry in entries}:
        return []
    if len(written) <= len(keys):
        return [_form(profile, entries, file=file)]
    single = [(grid.part, list(_entries(profile, list(_rows(grid))))) for grid in contents.grids]
    each = [(part, inside) for part, inside in single if keys <= {entry.label for entry in inside}]
    if not each:
        raise Invalid(
            f"{file}: holds several forms of '{profile.name}' on no sheet or table of their own.", remedy="Split it."
        )
    return [_form(profile, inside, file=f"{file}, {part}", part=part) for part, inside in each]


def _form(profile: ImportProfile, entries: Iterable[Entry], *, file: str, part: str = "") -> Form:
    kept: dict[str, Entry] = {}
    for entry in entries:
        first = kept.setdefault(entry.label, entry)
        if first.literal != entry.literal:
            raise Invalid(
                f"{file}: '{entry.label}' stands twice: '{first.literal[:60]}' ({first.place}) and "
                f"'{entry.literal[:60]}' ({entry.place}).",
                remedy="A person says which is right; correct the file.",
            )
    absent = [rule.header for rule in profile.columns if not rule.optional and rule.header not in kept]
    if absent:
        raise Invalid(
            f"{file}: looks like the form '{profile.name}', but {', '.join(map(repr, absent[:5]))} is absent.",
            remedy="Correct the file, or confirm a version of the profile in which these are optional.",
        )
    return Form(profile, kept, part)


def _entries(profile: ImportProfile, lines: Iterable[Cells]) -> Iterator[Entry]:
    labels = set(profile.header)
    inside = re.compile(
        r"(?<!\w)(" + "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True)) + r")\s*:(?=\s|$)\s*"
    )
    seen = 0
    for place, cells in lines:
        seen += len(cells)
        if seen > MOST_CELLS:
            return
        for label, literal in _pairs(cells, labels, inside):
            yield Entry(label, literal, place)


def _pairs(cells: Sequence[str], labels: set[str], inside: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield each label of a line with its value: behind the colon in its own cell, or in the next filled cell."""
    waiting: str | None = None
    for cell in cells:
        text = stripped(cell)
        bare = text.removesuffix(":").strip()
        if bare in labels:
            if waiting is not None and waiting != bare:
                yield waiting, ""
            waiting = bare
        elif waiting is not None and text:
            yield waiting, text
            waiting = None
        elif text:
            yield from _within(text[:LONGEST_LINE], inside)
    if waiting is not None:
        yield waiting, ""


def _within(text: str, inside: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    found = list(inside.finditer(text))
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        yield match[1], re.split(r"[|\t\n\u2028]", text[match.end() : end], maxsplit=1)[0].strip(" ;,")
