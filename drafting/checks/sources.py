"""Sections that account for records of which no file was imported: what the plant had is not known until a file or a person says it. Pure."""

import re
from collections.abc import Iterator

from drafting.checks.findings import Shown, of_section
from drafting.evidence.kinds import kind_title
from drafting.evidence.unsourced import unsourced
from drafting.model import Finding


def check(shown: Shown) -> Iterator[Finding]:
    """Yield a finding for each kind without a file: blocking where the section accounts for it and nobody declared what is known of it."""
    kinds = unsourced(dict(shown.pack.facts))
    own = [kind for kind in kinds if kind in shown.outline.records]
    for kind in kinds:
        if kind in own and _declared(shown, kind, alone=len(own) == 1):
            continue
        what, words = kind_title(kind), kind.replace("_", " ")
        message = (
            f"{what}: no file of {words} records was imported, so that none in this report is no statement on the plant. "
        )
        message += (
            f"Import one, or declare in this section what is known of {words} records, with the source."
            if kind in own
            else ""
        )
        yield of_section("sources", message.strip(), evidence=f"fact:{kind}.no_source", warns=kind not in own)


def _declared(shown: Shown, kind: str, *, alone: bool) -> bool:
    """Tell whether a person declared what is known of a kind: by naming it, or in a section that lacks this file alone."""
    name = re.compile(re.escape(kind.split("_", maxsplit=1)[0]), re.IGNORECASE)
    return any(alone or name.search(f"{d.about} {d.value}") for d in shown.pack.declared.values())
