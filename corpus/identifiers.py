r"""How a site's identifiers look, as data under change control: batch, deviation, CAPA, change, OOS, complaint, lot, equipment, SOP ...

A TOML file::

    name = "identifiers"
    version = 1
    title = "Identifiers of our site"

    [kinds.deviation]
    pattern = 'DEV-\d{4}-\d{3}'          # the whole identifier, wherever it stands
    records = ["deviation"]              # kinds of record that it names
    sequence = "year"                    # its last number runs on without gaps, from 1 each year; or "running" (optional)

    [kinds.batch]
    records = ["batch"]
    fields = ["batch", "batches"]        # fields whose whole text is one, or a list of them separated by "|" (optional)
    text = '\b[Bb]atch (\d+)\b'          # how prose names one: the group is the identifier (optional)
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from audit.errors import Invalid

LONGEST_PATTERN = 500
LONGEST_TEXT = 1_000_000
_KEYS = {"pattern": str, "records": list, "sequence": str, "fields": list, "text": str}
SEQUENCES = ("", "running", "year")


@dataclass(frozen=True)
class IdentifierKind:
    """One kind of identifier, and the kinds of record that it names."""

    name: str
    records: tuple[str, ...]
    pattern: str = ""
    fields: tuple[str, ...] = ()
    text: str = ""
    sequence: str = ""

    @cached_property
    def named(self) -> re.Pattern[str] | None:
        """Return how prose names it with a word before it."""
        return re.compile(self.text) if self.text else None

    def is_one(self, literal: str) -> bool:
        """Tell whether a whole literal is such an identifier by its pattern."""
        return bool(self.pattern) and re.fullmatch(self.pattern, literal) is not None


@dataclass(frozen=True)
class Identifiers:
    """The kinds of identifier of a site."""

    version: int
    title: str
    kinds: tuple[IdentifierKind, ...]
    sha256: str = ""

    @cached_property
    def anywhere(self) -> re.Pattern[str] | None:
        """Return how identifiers are found in prose, as whole words, each kind a group."""
        patterns = "|".join(f"(?P<k{n}>{kind.pattern})" for n, kind in enumerate(self.kinds) if kind.pattern)
        return re.compile(rf"(?<![\w-])(?:{patterns})(?![\w-])") if patterns else None

    def in_text(self, text: str) -> Iterator[tuple[IdentifierKind, str]]:
        """Yield each identifier that stands in prose, with its kind."""
        body = text[:LONGEST_TEXT]
        for found in self.anywhere.finditer(body) if self.anywhere else ():
            yield self.kinds[int((found.lastgroup or "k0")[1:])], found[0]
        for kind in self.kinds:
            if kind.named:
                yield from ((kind, found[1]) for found in kind.named.finditer(body))

    def in_field(self, name: str, literal: str) -> Iterator[tuple[IdentifierKind, str]]:
        """Yield each identifier that a field of a record names: in its text, and the text itself where the field holds them."""
        yield from self.in_text(literal)
        for kind in self.kinds:
            if name in kind.fields:
                yield from ((kind, part) for item in literal.split("|") if (part := item.strip()))

    def of_record(self, kind: str) -> tuple[IdentifierKind, ...]:
        """Return the kinds of identifier that name records of a kind."""
        return tuple(one for one in self.kinds if kind in one.records)

    def of_literal(self, literal: str) -> IdentifierKind | None:
        """Return the kind whose pattern a whole literal is."""
        return next((kind for kind in self.kinds if kind.is_one(literal)), None)


def parse(raw: bytes, *, file: str) -> Identifiers:
    """Read the kinds from TOML; name the file and the key of whatever is wrong."""
    try:
        tree = tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{file}: not a readable TOML file: {error}", remedy="Correct it.") from error
    kinds = tree.get("kinds")
    if (
        tree.get("name") != "identifiers"
        or not isinstance(tree.get("version"), int)
        or not isinstance(kinds, dict)
        or not kinds
    ):
        raise Invalid(f'{file}: needs name = "identifiers", a version and [kinds.…].', remedy="Add them.")
    made = tuple(_kind(file, name, rule) for name, rule in kinds.items())
    return Identifiers(tree["version"], str(tree.get("title", "")), made, hashlib.sha256(raw).hexdigest())


def _kind(file: str, name: str, rule: Any) -> IdentifierKind:
    where = f"{file}: kinds.{name}"
    if not isinstance(rule, dict) or not rule.get("records"):
        raise Invalid(f"{where} names no records.", remedy="Say which kinds of record such an identifier names.")
    for key, value in rule.items():
        if key not in _KEYS or not isinstance(value, _KEYS[key]):
            raise Invalid(f"{where}: '{key}' is unknown or of the wrong type.", remedy=f"Keys: {', '.join(_KEYS)}.")
    for key in ("pattern", "text"):
        _check_pattern(f"{where}.{key}", rule.get(key, ""), grouped=key == "text")
    if rule.get("sequence", "") not in SEQUENCES:
        raise Invalid(f"{where}: unknown sequence '{rule['sequence']}'.", remedy='Use "year" or "running".')
    if not any(rule.get(key) for key in ("pattern", "text", "fields")):
        raise Invalid(f"{where} says not how it is recognised.", remedy="Give a pattern, a text or fields.")
    return IdentifierKind(name, **{**rule, **{k: tuple(map(str, rule[k])) for k in ("records", "fields") if k in rule}})


def _check_pattern(where: str, pattern: str, *, grouped: bool) -> None:
    if not pattern:
        return
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise Invalid(f"{where}: {error}.", remedy="Correct the pattern.") from error
    if len(pattern) > LONGEST_PATTERN or compiled.fullmatch("") or compiled.groups != int(grouped):
        told = "one group, the identifier" if grouped else "no group: write (?:...)"
        raise Invalid(f"{where}: is too long, matches nothing, or has not {told}.", remedy="Correct the pattern.")


@lru_cache(maxsize=1)
def shipped() -> Identifiers:
    """Return the identifiers that ship with the samples."""
    return parse(shipped_text().encode(), file="identifiers.toml")


def shipped_text() -> str:
    """Return the text of the identifiers that ship."""
    return (files("corpus") / "samples" / "identifiers.toml").read_text(encoding="utf-8")
