"""Templates to text: the server, and nobody else, puts figures and identifiers into sentences. Pure."""

import re
from collections.abc import Iterable

from audit.errors import Invalid
from drafting.model import EvidencePack, Sentence, Span

REFERENCE = re.compile(r"\{((?:fact|record|cell):[^{}]+)\}")
KINDS = ("fact", "record", "cell", "passage")


def split_ref(ref: str) -> tuple[str, str, str]:
    """Split a reference into kind, key and field ("" where it has none)."""
    kind, _, key = ref.partition(":")
    if kind == "cell":
        key, _, name = key.rpartition("#")
        return kind, key, name
    return kind, key, ""


def known(ref: str, pack: EvidencePack) -> bool:
    """Tell whether a reference resolves in the pack."""
    kind, key, name = split_ref(ref)
    match kind:
        case "fact":
            return key in pack.facts
        case "record":
            return key in pack.records
        case "cell":
            return key in pack.records and bool(pack.records[key].fields.get(name))
        case "passage":
            return key in pack.passages
        case _:
            return False


def printed(ref: str, pack: EvidencePack) -> str:
    """Return the text that stands for a reference; raise Invalid where it does not resolve."""
    if not known(ref, pack):
        raise Invalid(f"The reference {ref} is not in the evidence of {pack.section}.", remedy="Draft the section again.")
    kind, key, name = split_ref(ref)
    if kind == "fact":
        return pack.facts[key].printed
    if kind == "passage":
        return pack.passages[key].text
    evidence = pack.records[key]
    if kind == "record":
        return evidence.identifier
    literal, unit = evidence.fields[name] or "", evidence.units.get(name, "")
    if not unit and name in ("result", "lower_limit", "upper_limit", "quantity"):
        unit = evidence.fields.get("unit") or ""
    return f"{literal} {unit}" if unit else literal


def render(template: str, pack: EvidencePack, cites: Iterable[str] = ()) -> Sentence:
    """Render a template; its references are cited, with `cites` after them."""
    parts: list[str] = []
    spans: list[Span] = []
    length = position = 0
    for match in REFERENCE.finditer(template):
        before = template[position : match.start()]
        text = printed(match[1], pack)
        parts += [before, text]
        start = length + len(before)
        length = start + len(text)
        spans.append(Span(start, length, match[1]))
        position = match.end()
    parts.append(template[position:])
    cited = list(dict.fromkeys([span.ref for span in spans] + list(cites)))
    return Sentence("".join(parts), tuple(spans), tuple(cited), template)
