"""What a section says of stability results outside, of pulls without a row, and of limits looser than the specification in force. Pure."""

from collections.abc import Iterator

from drafting.drafters.wording import Line, cell, counted, has, numbered
from drafting.model import EvidencePack

MOST_NAMED = 6
MOST_FAILING = 10
PLACED = ((" in study", "study_id"), (" at", "condition"), (" after month", "month"))
WORDS = {"upper_limit": "not more than", "lower_limit": "not less than"}


def failing(pack: EvidencePack, *, named: bool) -> Iterator[Line]:
    """Say how many stability results lie outside their limits, and how many of them have no OOS record; name them."""
    if not has(pack, "stability.judged"):
        return
    results = counted(pack, "stability.judged", "stability result", "stability results")
    lie = "lies" if pack.facts["stability.outside"].exact == "1" else "lie"
    lead = f"Of {results} held against the limit of its row and the specification in force, {{fact:stability.outside}} {lie} outside"
    if not has(pack, "stability.outside"):
        yield f"{lead}.", ()
        return
    yield f"{lead}, of which {{fact:stability.unrecorded}} lack an OOS record.", ()
    if named:
        found = pack.facts["stability.outside"].inputs["failing"]
        rest = "; and others as in the table" if len(found) > MOST_FAILING else ""
        listed = "; ".join(_failing(pack, *one) for one in found[:MOST_FAILING])
        yield f"Outside the limit; {listed}{rest}.", ()


def _failing(pack: EvidencePack, key: str, limit: str, side: str) -> str:
    fields = pack.records[key].fields
    name = (
        f"{{fact:{fields['attribute']}.attribute}}"
        if f"{fields['attribute']}.attribute" in pack.facts
        else cell(key, "attribute")
    )
    where = "".join(f"{word} {cell(key, field)}" for word, field in PLACED if fields.get(field))
    return f"{name} of batch {cell(key, 'batch')}{where}: {cell(key, 'result')} against {WORDS[side]} {cell(limit, side)}"


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
