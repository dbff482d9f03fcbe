"""Read what a header, or the name of a file, says: its words, what rows are called, units and limits in brackets. Pure."""

import re
from functools import lru_cache

from drafting.checks.foreign.grids import unit_of
from drafting.checks.foreign.words import cut, stem

LONGEST_NOUN = 2  # words of what the rows of a file are called
NAMES = frozenset(("id", "no", "nr", "number", "code", "key", "ref", "reference", "identifier", "version"))
NOTHING = frozenset(
    ("no", "nr", "number", "id", "record", "entry", "item", "ref", "reference", "code", "key")
)  # say not what a row is
_FORMAT = re.compile(r"[(\[][dmy]{1,4}([-./ ])[dmy]{1,4}\1[dmy]{1,4}[)\]]", re.IGNORECASE)
_LIMIT = re.compile(r"(?:NMT|NLT|max|min|limit|alert|action)\b|[<>≤≥]|\d[\d.,]*\s*(?:-|–|to)\s*\d", re.IGNORECASE)
_PART = re.compile(r" sheet | \$\.|: ")  # before what a part of a file is called
_SPLIT = re.compile(r"(?<=[a-z][a-z])(?=[A-Z])|[^A-Za-z0-9]+")
_FILING = frozenset((
    "log", "register", "list", "listing", "table", "export", "extract", "data", "overview", "summary", "report", "record", "trend", "history", "file", "sheet",
))  # fmt: skip
_GENERIC = frozenset(("id", "no", "number", "nr", "name", "code", "key", "ref", "reference", "identifier"))


def _unsaid(bracket: re.Match[str]) -> str:
    """Return a bracket of a header but where nobody says it: a unit, a limit, or how its dates are written."""
    inside = bracket[0][1:-1]
    return " " if unit_of(inside) or _FORMAT.fullmatch(bracket[0]) or _LIMIT.match(inside) else bracket[0]


@lru_cache(maxsize=65536)
def stems_of(label: str) -> tuple[str, ...]:
    """Return the stems of a header or label."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", _unsaid, label)
    return tuple(stem(part) for part in _SPLIT.split(bare) if part) or tuple(
        stem(w.text) for w in cut(label) if w.kind == "word"
    )


def nouns_of(header: str) -> tuple[str, ...]:
    """Return what a key's header says its rows are, "deviation_id" a deviation."""
    stems = stems_of(header)
    bare = tuple(s for s in stems if s not in _GENERIC)
    return bare or stems


def filed(name: str) -> frozenset[str]:
    """Return what the rows of a file, or of a part of it, are as its name says, past words of filing: "deviation_log_export" deviations.

    A name of a system, in capitals, is none of it; of more words than a noun has it is the only plural.
    """
    whole, _, part = re.split(r"( sheet | \$\.|: )", name, maxsplit=1) if _PART.search(name) else (name, "", "")
    words = [w for w in _SPLIT.split(part or whole) if w and not w.isdigit() and not re.fullmatch(r"[vV]\d+", w)]
    plain = [w for w in words if not w.isupper()] or words  # a system's name is in capitals: "QMS", "SAP"
    rest = [w for w in plain if stem(w) not in _FILING]
    plural = [w for w in rest if stem(w) != w.casefold()]
    told = rest if 1 <= len(rest) <= LONGEST_NOUN else plural if len(plural) == 1 else []
    return frozenset((" ".join(map(stem, told)),)) if told else frozenset()


def identifies(header: str) -> bool:
    """Tell whether a header says that its cells are names, though they be written as numbers: a code, a number, a version."""
    stems = stems_of(header)
    return stems[-1] in NAMES and (len(stems) > 1 or stems[-1] != "number")


def bracketed(header: str) -> str:
    """Return the unit that a bracket of a header says: the first that is one, or whatever else is short and no limit at the end."""
    inside = re.findall(r"[(\[]([^)\]]{1,24})[)\]]", header)
    units = [unit for said in inside for unit in [unit_of(said)] if unit]
    last = re.search(r"[(\[]([^)\]]{1,12})[)\]]\s*$", header)
    return units[0] if units else last[1] if last and not _LIMIT.match(last[1]) else ""
