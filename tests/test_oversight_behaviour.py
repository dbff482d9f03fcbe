"""Behaviour asks for probes and can do nothing else; bursts begin, end and move the baseline; the simulated form is the same."""

import ast
from dataclasses import fields
from inspect import getmembers, getsource, isclass, isfunction
from types import UnionType
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from audit.oversight import behaviour, section_scenarios, simulation
from audit.oversight.behaviour import (
    Activity,
    Asked,
    Baseline,
    Behaviour,
    BurstEnd,
    BurstRequest,
    Cause,
    Lengths,
    Pace,
    Signal,
)

QUICK, USUAL = Signal(-1.0, 0.0), Signal(0.0, 1.0)
SECTION = Activity(active_seconds=60, words=230, claims=4, tables=1, cited=4, opened=3)


def run(
    signals: list[Signal], probes: dict[int, tuple[bool, float]] | None = None
) -> tuple[Behaviour, list[tuple[int, Asked]]]:
    state, asked = Behaviour(), []
    for number, seen in enumerate(signals):
        state, wish = behaviour.after_section(state, seen, (probes or {}).get(number))
        if wish is not None:
            asked.append((number, wish))
    return state, asked


def named(kind: Any) -> set[Any]:
    """Return every type that a return annotation holds, through unions, tuples and dataclasses."""
    parts = set(get_args(kind)) or {kind}
    return parts | {t for part in parts if isinstance(part, UnionType) or get_args(part) for t in named(part)}


def test_all_that_behaviour_can_bring_about_is_a_burst_and_its_end_and_neither_can_hold_a_person() -> None:
    assert set(get_args(Asked)) == {BurstRequest, BurstEnd}
    for kind in get_args(Asked):
        assert {f.name for f in fields(kind)} <= {"cause", "statistic", "sections"}
        assert set(get_type_hints(kind).values()) <= {Cause, float, int}
    returned = {
        t
        for _, function in getmembers(behaviour, isfunction)
        if function.__module__ == behaviour.__name__
        for t in named(get_type_hints(function, localns={"Mapping": behaviour.Mapping})["return"])
    }
    memory = {Behaviour, Baseline, Lengths, Pace, Signal, behaviour.Burst}
    plain = {float, type(None), tuple[Behaviour, Asked | None], Asked | None}
    assert returned - memory - plain - {Asked} == {BurstRequest, BurstEnd}


def test_behaviour_knows_no_alarm_no_level_and_no_reviewer() -> None:
    tree = ast.parse(getsource(behaviour))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for a in node.names}
    assert imported == {"math", "Mapping", "Sequence", "dataclass", "replace", "StrEnum", "evidence", "numpy"}
    held = {
        f.name for _, kind in getmembers(behaviour, isclass) if hasattr(kind, "__dataclass_fields__") for f in fields(kind)
    }
    assert not held & {"reviewer", "person", "account", "level", "name", "at"}


def test_a_reader_as_usual_never_asks_and_one_changed_section_does_not_either() -> None:
    assert run([USUAL] * 500)[1] == []
    assert run([QUICK] + [USUAL] * 50)[1] == []


def test_a_lasting_change_asks_for_a_burst_that_good_probes_end_and_the_baseline_follows_half_way() -> None:
    _, asked = run([QUICK] * 10)
    assert [type(wish) for _, wish in asked] == [BurstRequest]
    assert asked[0][1].statistic >= behaviour.START_AT
    began = asked[0][0]
    caught = {began + n: (False, 0.10) for n in range(1, 9)}
    state, asked = run([QUICK] * (began + 9), caught)
    assert asked[1] == (began + 8, BurstEnd(Cause.ACCEPTED, pytest.approx(8 * 0.405465, abs=1e-4), 8))
    assert state == Behaviour(Baseline(-0.5, 0.40))


def test_misses_keep_a_burst_open_to_its_longest_and_then_the_baseline_stays() -> None:
    missed = dict.fromkeys(range(5, 200, 5), (True, 0.1))
    state, asked = run([QUICK] * 124, missed)
    assert asked[1][1] == BurstEnd(Cause.LONGEST, asked[1][1].statistic, behaviour.LONGEST)
    assert asked[1][1].statistic < 0
    assert state.baseline == behaviour.USUAL


def test_sections_without_free_sources_count_by_dwell_alone() -> None:
    assert behaviour.increment(behaviour.USUAL, Signal(0.0, None)) == pytest.approx(-0.125)
    state, _ = run([Signal(-3.0, None)] * 4)
    assert state.burst is not None
    assert state.burst.free == 0


def test_a_signal_is_beyond_what_length_explains_and_winsorised() -> None:
    lengths = Lengths()
    usual = behaviour.log_beyond(SECTION, lengths)
    reader = Pace(usual, 0.25)
    assert behaviour.signal(SECTION, lengths, reader) == Signal(0.0, 0.75)
    longer = Activity(60 * 470 / 240, 460, 4, 1, 0, 0)
    assert behaviour.signal(longer, lengths, reader) == Signal(pytest.approx(0.0), None)
    away = Activity(0.0, 230, 4, 1, 4, 9)
    assert behaviour.signal(away, lengths, reader) == Signal(-3.0, 1.0)


def test_lengths_are_learned_within_readers_and_a_pace_needs_sixty_sections() -> None:
    random = np.random.default_rng(5)
    readers = {}
    for name, own in (("a", 1.0), ("b", 3.0)):
        words, claims, tables = (random.integers(low, high, 200) for low, high in ((20, 400), (0, 9), (0, 4)))
        noise = random.normal(0, 0.1, 200)
        seconds = np.exp(own + 0.8 * np.log(words + 10) + 0.2 * np.log1p(claims) + 0.3 * np.log1p(tables) + noise)
        readers[name] = [
            Activity(float(s), int(w), int(c), int(t), 0, 0)
            for s, w, c, t in zip(seconds, words, claims, tables, strict=True)
        ]
    found = behaviour.fit_lengths(readers)
    assert (found.words, found.claims, found.tables) == (
        pytest.approx(0.8, abs=0.03),
        pytest.approx(0.2, abs=0.03),
        pytest.approx(0.3, abs=0.03),
    )
    assert behaviour.pace(readers["a"][:59], found) is None
    reader = behaviour.pace(readers["a"], found)
    assert reader is not None
    assert (reader.middle, reader.spread) == (pytest.approx(1.0, abs=0.15), pytest.approx(0.1, abs=0.02))
    assert behaviour.fit_lengths({"a": readers["a"][:20]}) == Lengths()


def test_the_simulated_schedule_is_the_one_that_is_used() -> None:
    scheme, world = simulation.Scheme(), simulation.USUAL
    many, draws = simulation.Reviewers(scheme, world, 1, np.random.default_rng(11)), np.random.default_rng(11)
    noise, state, bursts = draws.standard_normal(1)[0], Behaviour(), 0
    for section in range(4000):
        now = section_scenarios.LAPSE if 1000 < section < 1500 else simulation.HEALTHY
        probed = draws.random(1)[0] < (scheme.burst if state.burst else scheme.base)
        missed = probed and draws.random(1)[0] < now.miss if probed else (draws.random(1), False)[1]
        noise = 0.3 * noise + np.sqrt(1 - 0.09) * draws.standard_normal(1)[0]
        seen = Signal(max(-3.0, min(3.0, noise + now.dwell)), float(draws.random(1)[0] < now.opened))
        state, asked = behaviour.after_section(state, seen, (bool(missed), 0.10) if probed else None)
        many.section(now.miss, now.dwell, now.opened)
        bursts += isinstance(asked, BurstRequest)
        assert (bool(many.bursting[0]), bool(many.probed[0]), bool(many.missed[0])) == (
            state.burst is not None,
            bool(probed),
            bool(missed),
        )
        assert many.statistic[0] == pytest.approx(state.statistic)
        assert many.usual_dwell[0] == pytest.approx(state.baseline.dwell)
        assert many.usual_opened[0] == pytest.approx(state.baseline.opened)
    assert bursts > 5
