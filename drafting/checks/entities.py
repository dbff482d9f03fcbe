"""The record and the attribute that a sentence speaks of, against those of its references. Pure."""

import re

from drafting.checks.findings import record_of
from drafting.checks.places import OF_ATTRIBUTE, Place, attribute_of, is_fact
from drafting.model import EvidencePack, Fact, Sentence
from drafting.render import split_ref


def mismatched_entity(place: Place, found: list[Place], pack: EvidencePack) -> str:
    """Compare the record of a cell with the record that the sentence speaks of, and the batch of an extreme or a result with its own."""
    position = found.index(place)
    key = record_of(place.span.ref)
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
        kind = key.partition("/")[0]
        told = [record_of(p.span.ref) for p in found[position + 1 :] if record_of(p.span.ref).startswith(f"{kind}/")]
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


def mismatched_attribute(place: Place, found: list[Place], pack: EvidencePack, sentence: Sentence) -> str:
    """Compare the attribute of a figure or limit with the one that the sentence names nearest."""
    own = attribute_of(place)
    of_all = re.fullmatch(r"census\.made|(?:results|oos)\.judged|\w+\.results\.n", place.name) and re.search(
        r"\bover(?: the)?\s*$|^\s*of\s*$", place.left
    )
    if of_all or (
        re.fullmatch(r"oos\.recomputed|(?:\w+\.)?results\.outside|\w+\.(?:all|frozen)\.signals", place.name)
        and place.right.strip() == "of"
    ):
        beside = [p for p in found if p.clause == place.clause and OF_ATTRIBUTE.fullmatch(p.name)]
        return (
            f"The figure is of {_label(pack, attribute_of(beside[0]))}, the reference is {place.span.ref}." if beside else ""
        )
    if not own or place.name.endswith(".attribute"):
        return ""
    position = found.index(place)
    named = [
        (abs(i - position), i > position, p.name.rpartition(".")[0])
        for i, p in enumerate(found)
        if p.name.endswith(".attribute")
    ]
    if named and own not in {attribute for *_, attribute in named}:
        return f"The sentence speaks of {_label(pack, min(named)[2])}, the reference is of {_label(pack, own)}."
    alone = [p.name for p in found if p.clause == place.clause and re.fullmatch(r"results\..+|oos\..+|census\.made", p.name)]
    if not named and alone and is_fact(place) and _label(pack, own).lower() not in sentence.text.lower():
        return f"The sentence names no attribute, the reference is of {_label(pack, own)}."
    others = [attribute_of(p) for p in found[:position] if p.clause == place.clause and attribute_of(p)]
    if not named and others and own not in others:
        return f"The sentence speaks of {_label(pack, others[-1])}, the reference is of {_label(pack, own)}."
    return ""


def _label(pack: EvidencePack, attribute: str) -> str:
    fact: Fact | None = pack.facts.get(f"{attribute}.attribute")
    return fact.value if fact else attribute
