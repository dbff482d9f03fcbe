"""What a section says of stability pulls without a row, and of limits looser than the specification in force. Pure."""

from collections.abc import Iterator

from drafting.drafters.wording import Line, cell, counted, has, numbered
from drafting.model import EvidencePack

MOST_NAMED = 6
WORDS = {"upper_limit": "not more than", "lower_limit": "not less than"}


def pull_lines(pack: EvidencePack) -> Iterator[Line]:
    """Name the pulls without a row, and the limits that are looser than the specification."""
    if has(pack, "pulls.absent"):
        pulls = counted(pack, "pulls.absent", "pull is", "pulls are")
        names = numbered(pack, "pulls.absent")
        rest = "; and others as in the table" if len(names) > MOST_NAMED else ""
        listed = "; ".join(_absent(pack, name) for name in names[:MOST_NAMED])
        yield (
            f"Besides, {pulls} without a row, at a month that other studies at the same condition have; {listed}{rest}.",
            (),
        )
    for name in numbered(pack, "limits.looser"):
        yield _looser(pack, name), ()


def _absent(pack: EvidencePack, name: str) -> str:
    key = str(pack.facts[f"{name}.month"].inputs["row"])
    study = f"study {cell(key, 'study_id')} of batch {cell(key, 'batch')}"
    return f"{study}, pull after {{fact:{name}.month}}, due {{fact:{name}.due}}"


def _looser(pack: EvidencePack, name: str) -> str:
    held = pack.facts[f"{name}.results"].inputs
    side, row, key = str(held["side"]), str(held["row"]), str(held["specification"])
    results = counted(pack, f"{name}.results", "stability result is", "stability results are")
    limits = f"a limit of {WORDS[side]} {cell(row, side)}, looser than {WORDS[side]} {cell(key, side)}"
    lie = "lies" if pack.facts[f"{name}.outside"].exact == "1" else "lie"
    return (
        f"Of {{fact:{held['attribute']}.attribute}}, {results} given against {limits} in the specification in force "
        f"from {cell(key, 'effective_from')}, outside which {{fact:{name}.outside}} of them {lie}."
    )
