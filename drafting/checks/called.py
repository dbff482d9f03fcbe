"""What people call the attributes of the evidence and the parts of its breakdowns. Pure; English."""

import re
from functools import lru_cache

from drafting.evidence.kinds import LISTINGS
from drafting.model import EvidencePack, Fact

_ALIKE = (("average", "mean"), ("smallest", "lowest", "minimum", "minimal"), ("largest", "highest", "maximum", "maximal"))
_QUALIFIED = re.compile(r"(?P<base>[^()]+) \((?P<which>[^()]+)\)")


@lru_cache(maxsize=64)
def labels_of(pack: EvidencePack) -> tuple[tuple[str, str], ...]:
    """Return what people call each attribute, with the attribute; the longest name first."""
    found = [(f.value.lower(), f.id.removesuffix(".attribute")) for f in pack.facts.values() if f.id.endswith(".attribute")]
    return tuple(sorted(found, key=lambda one: -len(one[0])))


def value_of(name: str) -> str:
    """Return the words of a part of a breakdown."""
    kind, column, value = (*name.split(".", 2), "", "")[:3]
    if kind not in LISTINGS or not value or column not in LISTINGS[kind].counted:
        return ""
    return {"yes": column, "no": f"not {column}"}.get(value, value).replace("_", " ").lower()


@lru_cache(maxsize=64)
def values_of(pack: EvidencePack) -> tuple[str, ...]:
    """Return the words of all parts of breakdowns, the longest first."""
    return tuple(sorted({v for name in pack.facts if (v := value_of(name))}, key=len, reverse=True))


@lru_cache(maxsize=64)
def other_names(pack: EvidencePack) -> tuple[tuple[str, str], ...]:
    """Return what else people call an attribute: "average dissolution", "water content of the starch"; none that two could be called."""
    found: dict[str, set[str]] = {}
    for label, name in labels_of(pack):
        match, words = _QUALIFIED.fullmatch(label), label.split()
        if match:
            base, which = match["base"], match["which"]
            alike = next((group for group in _ALIKE if which in group), (which,))
            made = [
                form
                for w in alike
                for form in (
                    f"{w} {base}",
                    f"{base}, {w}",
                    f"{w} of {base}",
                    f"{w} of the {base}",
                    f"{w} unit of {base}",
                    f"{base} ({w})",
                )
            ]
            made.append(base)
        else:
            made = [
                f"{' '.join(words[i:])} of {the}{' '.join(words[:i])}" for i in range(1, len(words)) for the in ("", "the ")
            ]
        for form in made:
            found.setdefault(form, set()).add(name)
    known_labels = {label for label, _ in labels_of(pack)}
    single = [(form, *names) for form, names in found.items() if len(names) == 1 and form not in known_labels]
    return tuple(sorted(((form, name) for form, name in single), key=lambda one: -len(one[0])))


@lru_cache(maxsize=64)
def other_words(pack: EvidencePack) -> tuple[tuple[str, str], ...]:
    """Return what else the parts of a breakdown are called: an attribute by its names, two words in the other order."""
    names: dict[str, list[str]] = {}
    for label, name in (*labels_of(pack), *other_names(pack)):
        names.setdefault(name.replace("_", " ").lower(), []).append(label)
    found = [(value, label) for value in values_of(pack) for label in names.get(value, ())]
    swapped = [(value, " ".join(reversed(value.split()))) for value in values_of(pack) if len(value.split()) == 2]  # noqa: PLR2004
    return (*found, *((value, other) for value, other in swapped if other not in values_of(pack)))


@lru_cache(maxsize=64)
def _attributes(pack: EvidencePack) -> frozenset[str]:
    return frozenset(name for _, name in labels_of(pack))


def attribute_in(fact: Fact, pack: EvidencePack) -> str:
    """Return the attribute that a figure is of; "" where it is of none that the evidence names."""
    return _attribute_of(fact.id, _attributes(pack))


@lru_cache(maxsize=16_384)
def _attribute_of(name: str, known_names: frozenset[str]) -> str:
    parts = name.split(".")
    found = ("", ".".join(parts[:2]), *parts[:1], *parts[1:3])
    return next((part for part in found if part in known_names), "") if parts[0] not in LISTINGS else ""


def is_one_of_several(fact: Fact, attribute: str, pack: EvidencePack) -> bool:
    """Tell whether another attribute has the same statistic."""
    return any(fact.id.replace(attribute, other) in pack.facts for other in _attributes(pack) if other != attribute)
