"""Words that follow the evidence: the noun that a number takes, the name of a place said once. Pure."""

from collections.abc import Iterator

from drafting.model import EvidencePack

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
