"""What a qualification run is made of: faults and excerpts of sections of closed reports, chosen at random, none given to a reviewer before."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from audit.errors import Conflict
from audit.oversight.model import Family, Mode
from drafting import lifecycle, tables
from drafting.accounts import is_demo
from drafting.context import Context
from drafting.evidence_first import challenges
from drafting.evidence_first.challenges import Source
from drafting.overseeing import difficulties
from drafting.probes.excerpt import place_of
from drafting.probes.generator import candidates, choose
from drafting.probes.live import instance
from drafting.probes.model import Probe
from drafting.probes.store import checks_of
from drafting.queries import load
from drafting.readmodel import SectionView
from drafting.shown import section_shown
from drafting.store import load_report

Content = tuple[str, dict[str, Any]]  # report, and what the item seals


def used_by(conn: Connection, ctx: Context, account_id: str) -> set[str]:
    """Return the faults that were ever given to a reviewer, in a run or in routine work."""
    held = checks_of(conn, ctx, tables.oversight_checks.c.account_id == account_id)
    return {instance(one.probe) for one in held if one.probe is not None}


def kit(found: Sequence[Source], used: set[str], rng: random.Random, *, faults: int, clean: int) -> list[Content]:
    """Return the contents of the items, in a random order: faults of different sections as far as there are, and clean ones of others.

    A false finding is no fault here: who never objects would be right about it.
    """
    faulty: list[Content] = []
    while len(faulty) < faults and found:
        before = len(faulty)
        for report, view, probes, _ in rng.sample(found, len(found)):
            fresh = [p for p in _fitting(probes) if instance(p) not in used]
            if fresh and len(faulty) < faults:
                probe = choose(fresh, rng)
                used.add(instance(probe))
                place, row = place_of(probe) or ("", 0)
                faulty.append((report, _content(view, probe, place, row)))
        if len(faulty) == before:
            break
    if len(faulty) < faults or not found:
        raise Conflict(
            f"{len(faulty)} of {faults} faults can be made from closed reports, and none was given to you before.",
            remedy="A qualification needs a closed report with sections of a machine; approve one first.",
        )
    taken = {content["section"] for _, content in faulty}
    others = [source for source in found if source[1].summary.id not in taken]  # a reveal must not help with a later item
    chosen = rng.sample(others, min(clean, len(others)))
    chosen += rng.choices(found, k=clean - len(chosen))
    whole = [(report, _content(view, None, *_somewhere(view, probes, rng))) for report, view, probes, _ in chosen]
    return rng.sample([*faulty, *whole], faults + clean)


def _content(view: SectionView, probe: Probe | None, place: str, row: int) -> dict[str, Any]:
    return {
        "probe": probe.tree() if probe else None, "planted": [], "mode": str(Mode.QUALIFY), "section": view.summary.id,
        "canonical": view.canonical_hash, "place": place, "row": row,
    }  # fmt: skip


def _fitting(probes: Sequence[Probe]) -> list[Probe]:
    return [p for p in probes if place_of(p) is not None and p.family is not Family.TOOL_FALSE]


def _somewhere(view: SectionView, probes: Sequence[Probe], rng: random.Random) -> tuple[str, int]:
    """Return a place where a fault of the section could stand: if clean excerpts showed sentences alone, every table would hold a fault."""
    fitting = _fitting(probes)
    place = place_of(choose(fitting, rng)) if fitting else None
    if place is not None:
        return place
    if view.sentences:
        return rng.choice(view.sentences).id, 0
    table = rng.choice([t for t in view.tables if t.rows])
    return f"table:{table.id}", rng.randrange(len(table.rows))


def sources(conn: Connection, ctx: Context) -> Iterator[Source]:
    """Yield the sections of closed reports that a machine wrote or rendered, with the faults that can be made of each."""
    demo, difficulty = is_demo(conn), difficulties.of_site(conn, ctx)
    for report_id in conn.scalars(select(tables.reports.c.id)):
        if not demo and lifecycle.report_state(load_report(conn, report_id)) not in lifecycle.CLOSED:
            continue
        loaded = load(conn, ctx, report_id)
        for section in loaded.report.sections:
            view = section_shown(loaded, section.id, None)
            if view.sentences or any(t.rows for t in view.tables):
                probes = candidates(view, loaded.packs[section.id], loaded.outline_of(section), difficulty)
                if probes:
                    yield report_id, view, probes, loaded.packs[section.id]


def asking(found: Sequence[Source], used: set[str], rng: random.Random) -> list[Content]:
    """Return the contents of the items that ask for a figure before their excerpt shows."""
    made = challenges.items(found, lambda probe: instance(probe) not in used, rng)
    packs = {view.summary.id: pack for _, view, _, pack in found}
    return [
        (
            report,
            {
                **_content(view, probe, figure.subject, 0),
                "asked": challenges.sealed(view, probe, figure, packs[view.summary.id]),
            },
        )
        for report, view, probe, figure in made
    ]
