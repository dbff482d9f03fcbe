"""The record that a sentence speaks of, against those of its references. Pure."""

import re
from itertools import groupby

from drafting.checks.findings import record_of
from drafting.checks.places import Place, attribute_of, is_fact
from drafting.model import EvidencePack


def mismatched_limit(place: Place, found: list[Place]) -> str:
    """Compare the attribute of a limit with those that the sentence names."""
    own = attribute_of(place) if place.span.ref.startswith("cell:specification/") else ""
    named = [p.name.removesuffix(".attribute") for p in found if p.name.endswith(".attribute")]
    named += [p.span.ref.rpartition("/")[2] for p in found if p.span.ref.startswith("record:specification/")]
    return f"The sentence speaks of {named[-1]}, the limit is of {own}." if own and named and own not in named else ""


def mismatched_entity(place: Place, found: list[Place], pack: EvidencePack) -> str:
    """Compare the record of a cell with the record that the sentence speaks of, and the batch of an extreme or a result with its own."""
    position = found.index(place)
    key = subject_of(place)
    paired = _paired(position, found)
    if paired:
        return "" if key == paired else f"The lists are told in order: {paired} stands there, the reference is of {key}."
    if is_name(place, pack):
        return _misnamed(position, found, pack)
    if place.span.ref.startswith("cell:"):
        return _of_another(position, found, pack)
    return _of_other_owner(position, found, pack)


def subject_of(place: Place) -> str:
    """Return the record that a reference is of; a batch stands for its disposition too."""
    kind, _, name = record_of(place.span.ref).partition("/")
    return f"{'batch' if kind == 'batch_disposition' else kind}/{name}" if kind else ""


def is_name(place: Place, pack: EvidencePack) -> bool:
    """Tell whether a reference prints the identifier of its record and nothing else."""
    record = pack.records.get(record_of(place.span.ref))
    kind = place.span.ref.partition(":")[0]
    return kind == "record" or (kind == "cell" and record is not None and record.fields.get(place.name) == record.identifier)


def _kind(place: Place) -> str:
    return subject_of(place).partition("/")[0]


def _of_another(position: int, found: list[Place], pack: EvidencePack) -> str:
    """Tell of which other record the sentence speaks where a cell stands; a cell that reads the same is true of both."""
    place = found[position]
    key, kind = subject_of(place), _kind(place)
    if kind == "specification":
        return ""
    names = [p for p in found if _kind(p) == kind and is_name(p, pack)]
    if not names:  # cells of two records, neither of which the words name
        return ""
    if told := _by_ordinal(place, names):
        return "" if told == key else f"The words count to {told}, the reference is of {key}."
    after = found[position + 1] if position + 1 < len(found) else None
    if after is not None and subject_of(after) == key and is_name(after, pack) and _ADJACENT.fullmatch(after.left):
        return ""  # "on 2021-05-11, batch 958 was"
    spoken = [p for p in found[:position] if _kind(p) == kind]
    if not spoken:
        later = [subject_of(p) for p in names]
        told = key if key in later or not later else later[0]
    elif _is_aside(spoken[-1]) and len(spoken) > 1:
        told = key if key in (subject_of(spoken[-1]), subject_of(spoken[-2])) else subject_of(spoken[-1])
    else:
        told = subject_of(spoken[-1])
    listed = any(subject_of(p) == key for p in names)
    if (
        told == key
        or (listed and _reads_alike(place, told, pack))
        or _named_behind(names, [p for p in found if _kind(p) == kind])
    ):
        return ""
    return f"The sentence speaks of {told}, the reference is of {key}."


def _misnamed(position: int, found: list[Place], pack: EvidencePack) -> str:
    """Tell of which other record the cells and figures beside a name are."""
    place = found[position]
    key, kind = subject_of(place), _kind(place)
    of_kind = [p for p in found if _kind(p) == kind]
    if strange := _of_its_figures(key, position, found, pack) or _of_others_alone(position, found, pack):
        return strange
    before, after = [p for p in found[:position] if _kind(p) == kind], [p for p in found[position + 1 :] if _kind(p) == kind]
    names = [p for p in of_kind if is_name(p, pack)]
    if (
        before
        and subject_of(before[-1]) != key
        and not any(is_name(p, pack) for p in before)
        and not _named_behind(names, of_kind)
    ):
        return f"What stands before is told of {subject_of(before[-1])}, the reference is {key}."
    told = after[0] if after else None
    if told is not None and subject_of(told) != key and told is found[position + 1] and not is_name(told, pack):
        listed = any(subject_of(p) == subject_of(told) for p in names) and _reads_alike(told, key, pack)
        free = listed or _is_aside(place) or _by_ordinal(told, names) or _is_before_its_name(told, found, pack)
        return "" if free else f"What follows is told of {subject_of(told)}, the reference is {key}."
    return _batch_of(key, found[position - 1] if position else None, pack) if kind == "batch" else ""


def _is_before_its_name(place: Place, found: list[Place], pack: EvidencePack) -> bool:
    after = found[found.index(place) + 1 : found.index(place) + 2]
    return (
        bool(after)
        and is_name(after[0], pack)
        and subject_of(after[0]) == subject_of(place)
        and bool(_ADJACENT.fullmatch(after[0].left))
    )


def _of_others_alone(position: int, found: list[Place], pack: EvidencePack) -> str:
    """Tell of a listed record that a cell said of all of the list does not hold of it: "A and B were both rejected"."""
    run = next((run for run in _runs(found) if position in run), [position])
    key, cells = subject_of(found[position]), list[Place]()
    for told in found[run[-1] + 1 :] if len(run) > 1 else ():
        if _kind(told) != _kind(found[position]) or is_name(told, pack) or told.clause != found[position].clause:
            break
        cells.append(told)
    of_each = (
        {subject_of(cell) for cell in cells} <= {subject_of(found[run[0]])} and not _is_in_brackets(cells[0])
        if cells
        else False
    )
    names = [p for p in found if _kind(p) == _kind(found[position]) and is_name(p, pack)]
    for told in cells:
        if (
            not _by_ordinal(told, names)
            and (of_each or _SHARED.search(told.left))
            and subject_of(told) != key
            and not _reads_alike(told, key, pack)
        ):
            return f"The words say {told.name} of each of the list, and {key} reads otherwise."
    return ""


def _of_other_owner(position: int, found: list[Place], pack: EvidencePack) -> str:
    """Compare the record that a figure is of with the one named last before it."""
    place = found[position]
    fact = pack.facts.get(place.name) if is_fact(place) else None
    for kind in _OWNERS if fact else ():
        owner = str(fact.inputs.get(kind, "")) if fact else ""
        named = [p for p in found[:position] if _kind(p) == kind and is_name(p, pack)]
        if owner and named and subject_of(named[-1]) != f"{kind}/{owner}":
            return f"The sentence speaks of {subject_of(named[-1])}, the figure is of {kind} {owner}."
    return ""


_EDGES = {"min": "lowest_batch", "max": "highest_batch"}
_OWNERS = ("batch", "deviation")  # inputs of a figure that name the one record that it is of
_ASIDE = re.compile(
    r"\b(?:like|unlike|than|besides|beside|before|after|as with|as for|as in)\s+(?:(?:the|batch|lot|deviation|event)\s+)*$",
    re.IGNORECASE,
)
_ADJACENT = re.compile(r"\s*,?\s*(?:the )?(?:batch|lot|deviation|event|OOS|CAPA)?\s*", re.IGNORECASE)
_SHARED = re.compile(r"\b(?:both|each|all|same|alike|likewise)\b", re.IGNORECASE)
_ORDINALS = {"first": 0, "former": 0, "second": 1, "third": 2, "fourth": 3, "latter": -1, "last": -1}
_ORDINAL = re.compile(rf"\bthe ({'|'.join(_ORDINALS)})\b(?: (?:one|of (?:them|these)))?[^,;]*$", re.IGNORECASE)


def _is_aside(place: Place) -> bool:
    """Tell whether a record is only held beside what the sentence speaks of: "like DEV-2 before it"."""
    return _ASIDE.search(place.left) is not None


def _by_ordinal(place: Place, names: list[Place]) -> str:
    """Return the record that the words count to: "the second for"."""
    match, listed = _ORDINAL.search(place.left), list(dict.fromkeys(subject_of(p) for p in names))
    number = _ORDINALS[match[1].lower()] if match else 0
    return listed[number] if match and len(listed) > max(number, 1) else ""


def _reads_alike(place: Place, key: str, pack: EvidencePack) -> bool:
    """Tell whether the same cell of another record reads the same, so that what is said holds of it too."""
    kind, _, name = record_of(place.span.ref).partition("/")
    own, other = pack.records.get(f"{kind}/{name}"), pack.records.get(f"{kind}/{key.partition('/')[2]}")
    return bool(own and other and own.fields.get(place.name) and own.fields.get(place.name) == other.fields.get(place.name))


def _named_behind(names: list[Place], of_kind: list[Place]) -> bool:
    """Tell whether all cells come first, and their records are named behind them in the same order."""
    first = of_kind[: len(of_kind) - len(names)]
    listed = [key for key, _ in groupby(subject_of(p) for p in first)]
    return len(listed) > 1 and of_kind[len(first) :] == names and listed == [subject_of(p) for p in names]


_LINK = re.compile(r"\s*(?:,|and|or|,\s*and|as well as)\s+(?:(?:the )?(?:batch|lot|deviation|event) )?", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)")


def _paired(position: int, found: list[Place]) -> str:
    """Return the record that a list has where another list of the sentence has this one: "X and Y concern batches A and B"."""
    runs = _runs(found)
    own = next((run for run in runs if position in run), [])
    kind = _kind(found[position])
    others = [
        run
        for run in runs
        if run is not own
        and len(run) == len(own) > 1
        and all(_kind(found[i]) == kind for i in run)
        and found[run[0]].span.ref.startswith("record:") is not found[position].span.ref.startswith("record:")
    ]
    return subject_of(found[others[0][own.index(position)]]) if kind and len(others) == 1 else ""


def _runs(found: list[Place]) -> list[list[int]]:
    """Return the lists of a sentence: places that are alike and linked."""
    runs: list[list[int]] = []
    for i, place in enumerate(found):
        if _is_in_brackets(place):
            continue  # what stands in brackets behind an item is told of it, and breaks no list
        last = runs[-1][-1] if runs else -1
        between = _BRACKETS.sub("", place.before[len(found[last].before) + 1 :]) if last >= 0 else ""
        if last >= 0 and place.clause == found[last].clause and _LINK.fullmatch(between) and _is_alike(place, found[last]):
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _is_in_brackets(place: Place) -> bool:
    return place.before.count("(") > place.before.count(")")


def _is_alike(one: Place, other: Place) -> bool:
    both = one.span.ref.partition(":")[0] == other.span.ref.partition(":")[0] and one.name == other.name
    return both and _kind(one) == _kind(other) != ""


def _of_its_figures(key: str, position: int, found: list[Place], pack: EvidencePack) -> str:
    """Compare a change, batch or deviation with the one that the figures of its sentence are of."""
    kind = key.partition("/")[0]
    named = {k.partition("/")[2] for p in found if (k := subject_of(p)).startswith(f"{kind}/")}
    owners = {"change_control": r"effect\.([^.]+)\..+", "batch": r"(?:result|recent)\.[^.]+\.([^.]+)(?:\..+)?"}.get(kind)
    of = {m[1] for p in found if owners and is_fact(p) and (m := re.fullmatch(owners, p.name))}
    if of and not named & of:
        return f"The figures are of {', '.join(sorted(of))}, the reference is {key}."
    after = found[position + 1] if position + 1 < len(found) else None
    fact = pack.facts.get(after.name) if after and is_fact(after) and kind in _OWNERS else None
    owner = str(fact.inputs.get(kind, "")) if fact else ""
    edge = _EDGES.get(after.name.rpartition(".")[2]) if after and fact and not owner else None
    if (
        fact
        and edge
        and edge in fact.inputs
        and after
        and re.search(r"\b(?:gave|had|showed|with|reached|yielded)\b", after.left)
    ):
        owner = str(fact.inputs[edge])
    return f"The figure that follows is of {owner}, the reference is {key}." if owner and f"{kind}/{owner}" != key else ""


def _batch_of(key: str, before: Place | None, pack: EvidencePack) -> str:
    fact = pack.facts.get(before.name) if before and is_fact(before) else None
    edge = _EDGES.get(before.name.rpartition(".")[2]) if before and fact else None
    if (
        fact is None
        or edge is None
        or edge not in fact.inputs
        or not re.search(r"\bbatch\s*$", before.right if before else "")
    ):
        return ""
    right = f"batch/{fact.inputs[edge]}"
    return "" if key == right else f"{fact.id} is of {right}, the reference is {key}."
