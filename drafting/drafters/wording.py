"""Words that follow the evidence: the noun that a number takes, the name of a place said once. Pure."""

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
