"""The record that a sentence speaks of, against those of its references. Pure."""

import re

from drafting.checks.findings import record_of
from drafting.checks.places import Place, attribute_of, is_fact
from drafting.model import EvidencePack
from drafting.render import split_ref


def mismatched_limit(place: Place, found: list[Place]) -> str:
    """Compare the attribute of a limit with those that the sentence names."""
    own = attribute_of(place) if place.span.ref.startswith("cell:specification/") else ""
    named = [p.name.removesuffix(".attribute") for p in found if p.name.endswith(".attribute")]
    return f"The sentence speaks of {named[-1]}, the limit is of {own}." if own and named and own not in named else ""


def mismatched_entity(place: Place, found: list[Place], pack: EvidencePack) -> str:  # noqa: PLR0911 - one of several tellings
    """Compare the record of a cell with the record that the sentence speaks of, and the batch of an extreme or a result with its own."""
    position = found.index(place)
    key = record_of(place.span.ref)
    paired = _paired(position, found)
    if paired:
        return "" if key == paired else f"The lists are told in order: {paired} stands there, the reference is of {key}."
    earlier = found[:position]
    if place.span.ref.startswith("cell:"):
        kind = key.partition("/")[0]
        spoken = [
            record_of(p.span.ref)
            for p in earlier
            if record_of(p.span.ref).startswith(f"{kind}/") and kind != "specification"
        ]
        later = {record_of(p.span.ref) for p in found[position + 1 :] if p.span.ref.startswith(f"record:{kind}/")}
        spoken = spoken or (list(later) if len(later) == 1 else [])
        return f"The sentence speaks of {spoken[-1]}, the reference is of {key}." if spoken and spoken[-1] != key else ""
    if place.span.ref.startswith("record:"):
        strange = _of_its_figures(key, found)
        if strange:
            return strange
        kind = key.partition("/")[0]
        told = [record_of(p.span.ref) for p in found[position + 1 :] if record_of(p.span.ref).startswith(f"{kind}/")]
        before = [record_of(p.span.ref) for p in earlier if record_of(p.span.ref).startswith(f"{kind}/")]
        if before and before[-1] != key and not any(p.span.ref.startswith(f"record:{kind}/") for p in earlier):
            return f"What stands before is told of {before[-1]}, the reference is {key}."
        if told and told[0] != key and found[position + 1].span.ref.startswith("cell:"):
            return f"What follows is told of {told[0]}, the reference is {key}."
    if key.startswith("batch/"):
        return _batch_of(key, earlier[-1] if earlier else None, pack)
    fact = pack.facts[split_ref(place.span.ref)[1]] if is_fact(place) else None
    batch = str(fact.inputs.get("batch", "")) if fact else ""
    named = [record_of(p.span.ref) for p in earlier if record_of(p.span.ref).startswith("batch/")]
    if batch and named and named[-1] != f"batch/{batch}":
        return f"The sentence speaks of {named[-1]}, the result is of batch {batch}."
    return ""


_LINK = re.compile(r"\s*(?:,|and|,\s*and)\s+(?:batch )?")


def _paired(position: int, found: list[Place]) -> str:
    """Return the record that a list has where another list of the sentence has this one: "X and Y concern batches A and B"."""
    runs: list[list[int]] = []
    for i, place in enumerate(found):
        if runs and _LINK.fullmatch(place.left) and _is_alike(place, found[i - 1]):
            runs[-1].append(i)
        else:
            runs.append([i])
    own = next(run for run in runs if position in run)
    kind = record_of(found[position].span.ref).partition("/")[0]
    others = [
        run
        for run in runs
        if run is not own
        and len(run) == len(own) > 1
        and all(record_of(found[i].span.ref).startswith(f"{kind}/") for i in run)
        and found[run[0]].span.ref.startswith("record:") is not found[position].span.ref.startswith("record:")
    ]
    return record_of(found[others[0][own.index(position)]].span.ref) if kind and len(others) == 1 else ""


def _is_alike(one: Place, other: Place) -> bool:
    both = one.span.ref.partition(":")[0] == other.span.ref.partition(":")[0] and one.name == other.name
    return both and record_of(one.span.ref).partition("/")[0] == record_of(other.span.ref).partition("/")[0] != ""


def _of_its_figures(key: str, found: list[Place]) -> str:
    """Compare a change or batch with the one that the figures of its sentence are of."""
    kind = key.partition("/")[0]
    named = {k.partition("/")[2] for p in found if (k := record_of(p.span.ref)).startswith(f"{kind}/")}
    owners = {"change_control": r"effect\.([^.]+)\..+", "batch": r"(?:result|recent)\.[^.]+\.([^.]+)(?:\..+)?"}.get(kind)
    of = {m[1] for p in found if owners and is_fact(p) and (m := re.fullmatch(owners, p.name))}
    return f"The figures are of {', '.join(sorted(of))}, the reference is {key}." if of and not named & of else ""


def _batch_of(key: str, before: Place | None, pack: EvidencePack) -> str:
    fact = pack.facts.get(before.name) if before and is_fact(before) else None
    edge = {"min": "lowest_batch", "max": "highest_batch"}.get(before.name.rpartition(".")[2]) if before and fact else None
    if (
        fact is None
        or edge is None
        or edge not in fact.inputs
        or not re.search(r"\bbatch\s*$", before.right if before else "")
    ):
        return ""
    right = f"batch/{fact.inputs[edge]}"
    return "" if key == right else f"{fact.id} is of {right}, the reference is {key}."
