"""Kinds of record of which no file was ever imported: a zero of them would be said of the plant, and is known of the store alone. Pure.

What rests on such a kind is taken out of a section; in its place stands a fact that says that no file was imported.
"""

import re

from drafting.evidence.collected import Collected
from drafting.evidence.kinds import LISTINGS
from drafting.evidence.scope import Loaded
from drafting.model import Fact

BESIDE = {  # what rests on a kind beside the figures under its name
    "batch_disposition": r"census\.(?:released|rejected|pending|terminated|reworked|reprocessed|without_disposition)|rejected\..+",
    "oos": r"oos\.(?:count|rate\w*|phase\..+|attribute\..+|invalidated\..+|without_cause|periods|chart\..+)",  # the rest is recomputed from results
    "deviation": r"deviation\..+|linked\..+|recurred\..+|late\.(?:took|usual)\w*", "capa": r"capa\..+|linked\..+|recurred\..+",
    "change_control": r"change_control\..+|effect\..+", "stability_result": r"stability_result\..+|stability\..+|pulls\..+|limits\..+|shelf_life\..+",
    "material_lot": r"material_lot\..+|lots\..+", "utility": r"utility\..+|excursions\..+",
}  # fmt: skip
SUFFIX = ".no_source"


def rests_on(kind: str, fact: str) -> bool:
    """Tell whether a figure rests on the records of a kind."""
    return re.fullmatch(BESIDE.get(kind, rf"{kind}\..+"), fact) is not None


def unsourced(facts: dict[str, Fact]) -> list[str]:
    """Return the kinds of which the facts of a section say that no file was imported."""
    return [name.removesuffix(SUFFIX) for name in facts if name.endswith(SUFFIX)]


def without_sources(loaded: Loaded, records: tuple[str, ...], into: Collected) -> None:
    """Take out what rests on kinds of which no file was imported, and say so of each; `records` are those that the section accounts for."""
    for kind in LISTINGS:
        resting = [name for name in into.facts if rests_on(kind, name)]
        if loaded.has_source(kind) or not (resting or kind in records):
            continue
        for name in resting:
            del into.facts[name]
        into.charts[:] = [chart for chart in into.charts if chart.id != f"u.{kind}"]
        told = f"No file of {kind.replace('_', ' ')} records was imported"
        into.add_facts([Fact(f"{kind}{SUFFIX}", told, told, "", 0, "files imported", {"kind": kind})])
