"""Templates to text: the server, and nobody else, puts figures and identifiers into sentences. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from audit.errors import Invalid
from drafting.model import Attached, Declared, Evidence, EvidencePack, Fact, Quote, Sentence, Span

REFERENCE = re.compile(r"\{((?:fact|record|cell):[^{}]+)\}")
_STRETCH = re.compile(r"(?P<start>[0-9]{1,7})-(?P<end>[0-9]{1,7})", re.ASCII)
KINDS = ("fact", "record", "cell", "passage", "manual", "attachment")
ADDED = ("manual:", "attachment:")  # references to what a person added, which no record holds
LONGEST_STRETCH = 500  # characters of an attachment's text that one reference may print


@lru_cache(maxsize=16_384)  # every check asks of every reference
def split_ref(ref: str) -> tuple[str, str, str]:
    """Split a reference into kind, key and field ("" where it has none)."""
    kind, _, key = ref.partition(":")
    if kind == "cell":
        key, _, name = key.rpartition("#")
        return kind, key, name
    if kind == "attachment":
        key, _, name = key.partition("#")
        return kind, key, name
    return kind, key, ""


Held = Fact | Evidence | Quote | Declared | Attached


def held(ref: str, pack: EvidencePack) -> Held | None:
    """Return the piece of evidence that a reference points into; None where the pack does not hold it."""
    kind, key, _ = split_ref(ref)
    found: Held | None = None
    match kind:
        case "fact":
            found = pack.facts.get(key)
        case "record" | "cell":
            found = pack.records.get(key)
        case "passage":
            found = pack.passages.get(key)
        case "manual":
            found = pack.declared.get(key)
        case "attachment":
            found = pack.attached.get(key)
    return found


def mark_of(ref: str) -> str:
    """Return what is printed behind a figure that stands in no record; "" behind any other."""
    return {"manual": " (declared)", "attachment": " (from an attached file)"}.get(split_ref(ref)[0], "")


def known(ref: str, pack: EvidencePack) -> bool:
    """Tell whether a reference resolves in the pack."""
    found, (kind, _, name) = held(ref, pack), split_ref(ref)
    if isinstance(found, Evidence) and kind == "cell":
        return bool(found.fields.get(name))
    if isinstance(found, Attached) and name:
        return bool(stretch(found, name))
    return found is not None


def stretch(attached: Attached, name: str) -> str:
    """Return what stands at "START-END" of the text read from an attachment; "" where that is no place in it, or cuts a word or number."""
    match = _STRETCH.fullmatch(name)
    if match is None:
        return ""
    start, end = int(match["start"]), int(match["end"])
    if not start < end <= min(len(attached.text), start + LONGEST_STRETCH):
        return ""
    found = attached.text[start:end]
    return found if uncut(found).match(attached.text, start) else ""


def uncut(token: str) -> re.Pattern[str]:
    """Return the pattern of a text that no letter, digit or sign beside it changes."""
    return re.compile(rf"(?<![\w.,\-−+<>]){re.escape(token)}(?![\w%]|[.,]\d)")


def printed(ref: str, pack: EvidencePack) -> str:
    """Return the text that stands for a reference; raise Invalid where it does not resolve."""
    if not known(ref, pack):
        raise Invalid(f"The reference {ref} is not in the evidence of {pack.section}.", remedy="Draft the section again.")
    kind, key, name = split_ref(ref)
    if kind == "fact":
        return pack.facts[key].printed
    if kind == "passage":
        return pack.passages[key].text
    if kind == "manual":
        return pack.declared[key].value
    if kind == "attachment":
        return stretch(pack.attached[key], name) if name else pack.attached[key].name
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
