"""Words that follow the evidence: the noun that a number takes, the name of a place said once. Pure."""

from collections.abc import Iterator

from drafting.evidence.kinds import label
from drafting.model import Evidence, EvidencePack
from drafting.render import REFERENCE, held, known, split_ref

Line = tuple[str, tuple[str, ...]]  # template, further citations


def counted(pack: EvidencePack, fact: str, one: str, many: str) -> str:
    """Return a fact with the noun that its number takes."""
    single = fact in pack.facts and pack.facts[fact].exact == "1"
    return f"{{fact:{fact}}} {one if single else many}"


def named(noun: str, written: str | None, cell: str) -> str:
    """Return where it was; a cell that begins with the noun ("Line ...") is not given it again."""
    if not written:
        return ""
    return f" on {cell}" if written.lower().startswith(noun) else f" on {noun} {cell}"


def is_zero(pack: EvidencePack, fact: str) -> bool:
    """Tell whether a count is there and zero."""
    return fact in pack.facts and pack.facts[fact].exact == "0"


def has(pack: EvidencePack, fact: str) -> bool:
    """Tell whether a figure is there and not zero."""
    return fact in pack.facts and pack.facts[fact].exact != "0"


def of_kind(pack: EvidencePack, kind: str) -> list[str]:
    """Return the keys of the records of a kind."""
    return [key for key in pack.records if key.startswith(f"{kind}/")]


def cell(key: str, field: str) -> str:
    """Return the reference that prints a field of a record."""
    return "{cell:" + key + "#" + field + "}"


def absent_said(template: str, pack: EvidencePack) -> str:
    """Return a template that says "no title on record" in place of each cell that its record leaves empty or does not have."""
    parts, position = [], 0
    for match in REFERENCE.finditer(template):
        parts.append(template[position : match.start()])
        position = match.end()
        if isinstance(held(match[1], pack), Evidence) and not known(match[1], pack):
            name = label(split_ref(match[1])[2])
            name = name if name.isupper() else name[:1].lower() + name[1:]
            named_before = "".join(parts).lower().rstrip().endswith(name.lower())
            parts.append("not on record" if named_before else f"no {name} on record")
        else:
            parts.append(match[0])
    return "".join((*parts, template[position:]))


def record(key: str) -> str:
    """Return the reference that prints the identifier of a record."""
    return "{record:" + key + "}"


def told_of(pack: EvidencePack, about: str | None, most: int) -> tuple[str, ...]:
    """Return passages of the document about one record or procedure, the nearest to the section first."""
    return tuple(f"passage:{p.id}" for p in pack.passages.values() if about and p.about == about)[:most]


def queried(pack: EvidencePack, kind: str, one: str, many: str) -> Iterator[Line]:
    """Say how many records the query found, zero included."""
    if f"{kind}.count" in pack.facts:
        yield f"The query over the period found {counted(pack, f'{kind}.count', one, many)}.", ()


def numbered(pack: EvidencePack, name: str) -> list[str]:
    """Return the names under which what is counted is told one by one ("lots.used_1", ...), in their order."""
    found = {key.rpartition(".")[0] for key in pack.facts if key.startswith(f"{name}_")}
    return sorted((n for n in found if n.removeprefix(f"{name}_").isdigit()), key=lambda n: int(n.rpartition("_")[2]))
