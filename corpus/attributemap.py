r"""The attribute map of a site: which names of which files are one attribute, as data under change control.

A TOML file::

    name = "attribute_map"
    version = 1
    title = "Attribute names of our site"

    [[attributes]]
    attribute = "assay"                          # the site's name
    names = ["Assay", "Assay (HPLC), % LC"]      # headers, or attributes as import profiles name them, letter for letter
    product = "*"                                # or one product's code (optional)
    unit = "%"                                   # the unit that every name has to be measured in (optional)
    label = "assay"                              # how people call it (optional)

Nothing is joined that the map does not name. A name stands for one attribute of a product only.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.errors import Invalid
from corpus.profile_toml import LARGEST_PROFILE

EVERY = "*"
MOST_ATTRIBUTES, MOST_NAMES, LONGEST_NAME = 2000, 50, 200
_TEXTS = ("attribute", "product", "unit", "label")


@dataclass(frozen=True)
class SiteAttribute:
    """One attribute of the site and the names that it has in files."""

    attribute: str
    names: tuple[str, ...]
    product: str = EVERY
    unit: str = ""
    label: str = ""


@dataclass(frozen=True)
class AttributeMap:
    """The map in force; version 0 is that of a site that confirmed none."""

    version: int = 0
    title: str = ""
    attributes: tuple[SiteAttribute, ...] = ()

    def of(self, product: str) -> dict[str, SiteAttribute]:
        """Return what each name stands for in records of a product; the site's own name among them."""
        mine = [a for a in self.attributes if a.product in (EVERY, product)]
        return {name: a for a in mine for name in (*a.names, a.attribute)}


def parse(raw: bytes, *, file: str) -> AttributeMap:
    """Read a map; name whatever is wrong with it."""
    if len(raw) > LARGEST_PROFILE:
        raise Invalid(f"{file}: larger than {LARGEST_PROFILE} bytes.", remedy="Name a TOML file.")
    try:
        tree: dict[str, Any] = tomllib.loads(raw.decode("utf-8"))
        listed = tree.get("attributes", [])
        version, title = int(tree.get("version", 0)), str(tree.get("title", ""))
        found = tuple(_attribute(file, one) for one in listed)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            f"{file}: not an attribute map: {error}", remedy="Compare it with `verascribe attributes show`."
        ) from error
    if len(found) > MOST_ATTRIBUTES:
        raise Invalid(f"{file}: more than {MOST_ATTRIBUTES} attributes.", remedy="Leave out what needs no joining.")
    _refuse_two_meanings(file, found)
    return AttributeMap(version, title, found)


def _attribute(file: str, tree: Mapping[str, Any]) -> SiteAttribute:
    unknown = set(tree) - {*_TEXTS, "names"}
    texts = {key: str(tree[key]).strip() for key in _TEXTS if key in tree}
    names = tuple(dict.fromkeys(str(name).strip() for name in tree.get("names", ())))
    said = texts.get("attribute", "")
    if unknown or not said or not names or len(names) > MOST_NAMES or not all(names):
        what = f"unknown key {min(unknown)}" if unknown else f"an attribute has a name and 1 to {MOST_NAMES} names in files"
        raise Invalid(f"{file}: '{said}': {what}.", remedy="Correct the map.")
    if any(len(text) > LONGEST_NAME or not text.isprintable() for text in (*texts.values(), *names)):
        raise Invalid(
            f"{file}: '{said[:40]}': a name is one line of {LONGEST_NAME} characters at most.", remedy="Correct the map."
        )
    return SiteAttribute(names=names, **texts)


def _refuse_two_meanings(file: str, found: tuple[SiteAttribute, ...]) -> None:
    meant: dict[str, list[SiteAttribute]] = {}
    for one in found:
        for name in dict.fromkeys((*one.names, one.attribute)):
            for other in meant.get(name, ()):
                if EVERY in (one.product, other.product) or one.product == other.product:
                    raise Invalid(
                        f"{file}: '{name}' stands for '{other.attribute}' and for '{one.attribute}'.",
                        remedy="Keep one of the two, or name the product of each.",
                    )
            meant.setdefault(name, []).append(one)


def written(made: AttributeMap) -> str:
    """Return a map as canonical TOML."""
    lines = ['name = "attribute_map"', f"version = {made.version}", f"title = {_quoted(made.title)}"]
    for one in made.attributes:
        lines += ["", "[[attributes]]", f"attribute = {_quoted(one.attribute)}"]
        lines += [f"names = [{', '.join(map(_quoted, one.names))}]", f"product = {_quoted(one.product)}"]
        lines += [f"{key} = {_quoted(text)}" for key, text in (("unit", one.unit), ("label", one.label)) if text]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def digest_of(made: AttributeMap) -> str:
    """Return a hash over a map, as part of the configuration fingerprint."""
    return "sha256:" + hashlib.sha256(written(made).encode()).hexdigest()
