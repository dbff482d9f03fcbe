"""Omissions: a record in scope neither included nor excluded, a mandatory record or a required topic that the text does not mention. Pure."""

import re
from collections.abc import Iterator

from drafting.checks.findings import Shown, of_section
from drafting.evidence.kinds import LISTED, MANDATORY, TOPICS
from drafting.model import Evidence, Finding


def check(shown: Shown) -> Iterator[Finding]:
    """Yield the findings on what a section leaves out."""
    yield from _unaccounted(shown)
    if shown.outline.machine:
        yield from _records(shown)
        yield from _topics(shown)


def _unaccounted(shown: Shown) -> Iterator[Finding]:
    """Block on a record in scope that is neither included nor excluded."""
    for line in shown.ledger:
        if line.kind in shown.outline.records and line.unaccounted:
            named = ", ".join(line.unaccounted[:10])
            message = f"{len(line.unaccounted)} {line.kind.replace('_', ' ')} record(s) in scope neither included nor excluded: {named}."
            yield of_section("completeness", message, evidence=f"record:{line.kind}/{line.unaccounted[0]}")


def _records(shown: Shown) -> Iterator[Finding]:
    """Block on a record that its section must speak of: by its reference, by a cell of it, or by its identifier in the text."""
    for rule in MANDATORY.get(shown.outline.key, ()):
        for key, record in shown.pack.records.items():
            if record.kind == rule.kind and rule.needs(record.fields) and not _mentioned(shown, key, record):
                message = f"{record.identifier} is not mentioned: {rule.why}."
                yield of_section("omissions", message, evidence=record.ref)
    for table, why in LISTED.get(shown.outline.key, ()):
        for ref in next((t.refs for t in shown.pack.tables if t.id == table), ()):
            key = ref.removeprefix("record:")
            if not _mentioned(shown, key, shown.pack.records[key]):
                message = f"{shown.pack.records[key].identifier} is not mentioned: {why}."
                yield of_section("omissions", message, evidence=ref)


def _mentioned(shown: Shown, key: str, record: Evidence) -> bool:
    """Tell whether a section speaks of a record; what another record's text says of it is not the section's word."""
    if key in shown.records:
        return True
    return re.search(rf"(?<![\w-]){re.escape(record.identifier)}(?![\w-])", shown.words) is not None


def _topics(shown: Shown) -> Iterator[Finding]:
    """Block on a figure that its section must state: by its reference, or a zero in words."""
    for name, noun in TOPICS.get(shown.outline.key, ()):
        fact = shown.pack.facts.get(name.rstrip("+"))
        if (
            fact is None
            or f"fact:{fact.id}" in shown.refs
            or (fact.exact == "0" and (name.endswith("+") or _none(noun, shown)))
        ):
            continue
        message = f"{shown.outline.title} does not state {fact.id.replace('.', ' ').replace('_', ' ')} ({fact.printed})."
        yield of_section("omissions", message, evidence=f"fact:{fact.id}")


def _none(noun: str, shown: Shown) -> bool:
    """Tell whether the text says in words that there was none; "deviations without a CAPA" does not."""
    none = r"no|none|zero|nil|not any"
    says = rf"\b(?:{none}|without)\b[^.;]{{0,60}}\b(?:{noun})|\b(?:{noun})\b[^.;]{{0,40}}\b(?:{none})\b"
    return re.search(says, shown.text, re.IGNORECASE) is not None
