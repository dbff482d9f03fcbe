"""Ten thousand drafts by reference with one planted fault each: how many of each class are blocked, and how many clean ones are.

Two kinds of plants: the rendered text is altered and its references are kept; or a reference is swapped for another true reference of the same
evidence, of the same form (figure for figure of the same unit, date for date, record for record of its kind), and the text follows it, so that the
number is right by itself and wrong for its sentence. Beside the sentences of the rules stand sentences in other words, and those that a writer
edited are measured by themselves: the words of the rules are known to the checks, a writer's are not.
"""

import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.draft_plants import BY_PLACE, Maker, by_reference, like_figure, like_record
from benchmarks.draft_words import OF_WORDS, Outcome, carried, concluded
from benchmarks.drafted import FRESH, HELD, PRODUCTS, SEED, THIRD, Drafted, drafts, edited
from drafting.checks import engine
from drafting.model import Origin

PLANTS = 10_000
STRICT, LOOSE = (".999", ".001"), (".95", ".02")
CLASSES: dict[str, Maker] = {**BY_PLACE, **OF_WORDS}
OF_WRITERS: dict[str, Maker] = {
    "writer's words, swap: figure by reference": by_reference(like_figure), "writer's words, swap: record by reference": by_reference(like_record),
}  # fmt: skip
HALVES = {"the checks were made with these": False, "held out": True}  # by a hash of the sentence


UNREAD = "other writers, unread"  # its sentences are printed nowhere
OTHERS = {"other writers, the checks were mended with these": FRESH, "several voices": THIRD, UNREAD: HELD}


@dataclass
class Tally:
    """What became of the plants of one class and way."""

    tried: int = 0
    caught: int = 0
    warned: int = 0  # of those that no finding blocks
    missed: list[str] = field(default_factory=list)


def mutated_drafts() -> list[dict[str, Any]]:
    """Plant faults, and print recall and false alarms by class, and how fast the checks are."""
    with tempfile.TemporaryDirectory() as home:
        every, drafting_seconds = drafts(home)
    made = [d for d in every if d.sentences]
    started = time.perf_counter()
    engine.check_sentence.cache_clear()
    alarms = sum(bool(d.blocking()) for d in made)
    checking_seconds = time.perf_counter() - started
    numbers = engine.numbers_of([s for d in made for s in d.sentences])[0]
    rng = random.Random(SEED)  # noqa: S311 - seeded on purpose: a run can be repeated
    tallies = {name: _tried(rng, made, make) for name, make in CLASSES.items()}
    halves = {name: edited(made, held_out=held_out) for name, held_out in HALVES.items()}
    halves |= {name: edited(every, path) for name, path in OTHERS.items()}
    many = 2 * PLANTS // len(CLASSES)
    return [
        *(_line(name, tally, alarms, len(made)) for name, tally in tallies.items()),
        _outcomes("conclusion", concluded(rng, made, many)),
        _outcomes("stale carry-over", carried(rng, _pairs(made), many)),
        *(line for half, written in halves.items() for line in _written(rng, half, written)),
        {"name": "mutated drafts: planted", "ratio": sum(t.tried for t in tallies.values()), "reference": "one fault each", "goal": ">= 10000"},
        {"name": "mutated drafts: numbers checked a second", "ratio": round(numbers / checking_seconds), "reference": f"{numbers} in {len(made)} sections", "goal": "stated"},
        {"name": "full check of all drafts / drafting them", "ratio": round(checking_seconds / drafting_seconds, 3), "reference": "evidence and sentences of the same sections", "goal": "<= .5"},
    ]  # fmt: skip


def _written(rng: random.Random, half: str, written: Sequence[Drafted]) -> list[dict[str, Any]]:
    """Return what is stopped of a half of the sentences as a writer edits them, true and with a fault."""
    stopped = [d.sentences[0].text for d in written if _stopped(d)]
    told = stopped if half != UNREAD else [f"{len(stopped)} sentences, which nobody reads"]
    clean = [d for d in written if not _stopped(d)]
    lines = [
        _line(f"{name} ({half})", _tried(rng, clean, make), len(stopped), len(written), strict=True, shown=half != UNREAD)
        for name, make in OF_WRITERS.items()
    ]
    share = round(len(stopped) / len(written), 4)
    name = f"mutated drafts: true sentences as a writer edits them, stopped ({half})"
    return [
        *lines,
        {"name": name, "ratio": share, "reference": f"{len(written)} sentences", "goal": "<= .001", "stopped": told, "warned": _warned(clean, len(written))},
    ]  # fmt: skip


def _warned(clean: Sequence[Drafted], many: int) -> float:
    """Return the share of the sentences that nothing stops on which a figure, date or identifier is warned of."""
    rules = ("numbers", "dates", "identifiers")
    found = (engine.check_sentence(d.sentences[0], d.pack, origin=Origin.MACHINE) for d in clean)
    return round(sum(any(f.rule in rules for f in one) for one in found) / many, 4)


def _stopped(draft: Drafted) -> bool:
    """Tell whether the sentence alone is blocked; one sentence is not a whole section."""
    return any(f.sentence and f.rule != "omissions" for f in draft.blocking())


def _pairs(made: Sequence[Drafted]) -> list[tuple[list[Drafted], list[Drafted]]]:
    """Return the sections of each product's earlier review beside those of its later one."""
    reviews: list[list[Drafted]] = []
    for draft in made:
        if draft.outline.key == made[0].outline.key:
            reviews.append([])
        reviews[-1].append(draft)
    return [(reviews[i], reviews[i + 1]) for i in range(0, 2 * len(PRODUCTS), 2)]


def _tried(rng: random.Random, drafts: Sequence[Drafted], make: Maker) -> Tally:
    tally = Tally()
    wanted = PLANTS // len(CLASSES) + 1
    able = list(drafts)
    while tally.tried < wanted and able:
        plant = make(rng, rng.choice(able))
        if plant is None:
            continue
        tally.tried += 1
        if plant.caught():
            tally.caught += 1
        elif plant.warned():
            tally.warned += 1
        elif len(tally.missed) < 5:
            tally.missed.append(
                plant.altered.text[:160] if plant.altered else f"left out: {plant.draft.sentences[plant.number].text[:140]}"
            )
    return tally


def _line(
    name: str, tally: Tally, false_alarms: int, clean: int, *, strict: bool = False, shown: bool = True
) -> dict[str, Any]:
    recall, alarms = STRICT if strict or name in BY_PLACE else LOOSE
    return {
        "name": f"mutated drafts, {name}", "ratio": round(tally.caught / max(tally.tried, 1), 4), "reference": "planted faults",
        "goal": f">= {recall}, false alarms <= {alarms}", "tried": tally.tried, "caught": tally.caught, "warned": tally.warned,
        "marked": round((tally.caught + tally.warned) / max(tally.tried, 1), 4), "false_alarms": round(false_alarms / max(clean, 1), 4),
        "clean": clean, "missed": tally.missed if shown else [],
    }  # fmt: skip


def _outcomes(name: str, found: Sequence[Outcome]) -> dict[str, Any]:
    false, true = [x for x in found if x[1]], [x for x in found if not x[1]]
    missed = [text[:160] for text, wrong, blocked in found if wrong != blocked]
    tally = Tally(len(false), sum(blocked for *_, blocked in false), missed=list(dict.fromkeys(missed))[:5])
    return _line(name, tally, sum(blocked for *_, blocked in true), len(true))
