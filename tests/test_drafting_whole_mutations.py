"""A thousand drafts of real sections, each with one altered digit, batch, unit, date or true value of another place: all blocked.

A draft is a section of a real product and period as the rules draft it, with its evidence and ledger. The references stay as they
were; only the text that a reader sees is altered. The same thousand drafts unaltered have no blocking finding.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import pytest

from corpus import records
from corpus.ingest import ingest
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.checks import engine
from drafting.context import Context
from drafting.evidence.pack import ledger_of, pack_of
from drafting.evidence.scope import ReportScope, load
from drafting.model import EvidencePack, Finding, LedgerLine, Origin, Sentence, Severity, Span
from drafting.render import printed
from prompts.outline import SectionOutline

SEED = 20_261_125
OF_EACH = 200
SAMPLES = Path(str(files("corpus") / "samples"))
REVIEWS = [
    (product, f"{year}-05-01", f"{year + 1}-04-30")
    for product in ("17", "23", "13", "1", "15", "25")
    for year in (2019, 2020)
]
DEVIATIONS = ("DEV-2019-003", "DEV-2020-002", "DEV-2020-008", "DEV-2020-013", "DEV-2020-014", "DEV-2021-007")
DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
UNIT = re.compile(r"(?<=\d) (%|mg|N|mm|kN|kg)(?!\w)")


@dataclass(frozen=True)
class Draft:
    """One section as drafted: its sentences, its evidence, and what its report accounts for."""

    outline: SectionOutline
    pack: EvidencePack
    sentences: tuple[Sentence, ...]
    ledger: tuple[LedgerLine, ...]

    def findings(self) -> list[Finding]:
        listed = [(str(i), sentence, Origin.MACHINE) for i, sentence in enumerate(self.sentences)]
        found = engine.check_section(listed, self.pack, self.outline, self.ledger)
        return [f for f in found if f.severity is Severity.BLOCKS]

    def altered(self, place: "Place", new: str) -> "Draft":
        """Write `new` in the place; every reference stays, and moves with the text."""
        sentence, shift = self.sentences[place.sentence], len(new) - (place.end - place.start)
        spans = tuple(
            Span(s.start + shift * (s.start >= place.end), s.end + shift * (s.end >= place.end), s.ref)
            for s in sentence.spans
        )
        text = sentence.text[: place.start] + new + sentence.text[place.end :]
        changed = (*self.sentences[: place.sentence], Sentence(text, spans, sentence.cites, sentence.template))
        return replace(self, sentences=(*changed, *self.sentences[place.sentence + 1 :]))


@dataclass(frozen=True)
class Place:
    """A stretch of one sentence that a reference printed, or a part of it."""

    sentence: int
    start: int
    end: int
    ref: str


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Draft]]:
    ctx = open_context(settings_from({}, home=str(tmp_path_factory.mktemp("home"))))
    actor = service_account(ctx).actor()
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=[SAMPLES], profiles=ctx.profiles, actor=actor, zone="UTC")
    yield [draft for scope in scopes(ctx) for draft in drafted(ctx, scope)]
    close_context(ctx)


def scopes(ctx: Context) -> Iterator[ReportScope]:
    for product, start, end in REVIEWS:
        yield ReportScope("r", "apr_us", product, start, end)
    with ctx.database.read() as conn:
        found = [records.record(conn, "deviation", name) for name in DEVIATIONS]
    for event in found:
        assert event is not None
        day = event.get("occurred_at")[:10]
        start = f"{int(day[:4]) - 1}{day[4:7]}-01"
        yield ReportScope("r", "deviation", event.get("product_code"), start, day, None, event.identifier)


def drafted(ctx: Context, scope: ReportScope) -> Iterator[Draft]:
    with ctx.database.read() as conn:
        loaded = load(conn, scope)
    outline = ctx.outlines[scope.kind]
    packs = {s.key: pack_of(loaded, s) for s in outline.sections}
    ledger = ledger_of(loaded, outline, packs.values())
    for section in outline.sections:
        made = ctx.drafter.draft(section, packs[section.key]).sentences if section.machine else ()
        if made:
            yield Draft(section, packs[section.key], made, ledger)


def places(draft: Draft) -> Iterator[Place]:
    for number, sentence in enumerate(draft.sentences):
        for span in sentence.spans:
            yield Place(number, span.start, span.end, span.ref)


def shown(draft: Draft, place: Place) -> str:
    return draft.sentences[place.sentence].text[place.start : place.end]


def is_batch(place: Place) -> bool:
    return place.ref.startswith("record:batch/") or place.ref.endswith("#batch")


def one_digit(draft: Draft, rng: random.Random) -> tuple[Place, str] | None:
    at = [
        Place(n, m.start(), m.end(), "")
        for n, sentence in enumerate(draft.sentences)
        for m in re.finditer(r"\d", sentence.text)
    ]
    if not at:
        return None
    place = rng.choice(at)
    return place, rng.choice([d for d in "0123456789" if d != shown(draft, place)])


def batch(draft: Draft, rng: random.Random) -> tuple[Place, str] | None:
    at = [p for p in places(draft) if is_batch(p)]
    known = sorted({shown(draft, p) for p in at} | {e.identifier for e in draft.pack.records.values() if e.kind == "batch"})
    return _other(draft, rng, at, known)


def unit(draft: Draft, rng: random.Random) -> tuple[Place, str] | None:
    at = [
        Place(p.sentence, p.start + m.start(1), p.start + m.end(1), p.ref)
        for p in places(draft)
        for m in UNIT.finditer(shown(draft, p))
    ]
    return _other(draft, rng, at, ["%", "mg", "N", "mm", "kN", "ppm"])


def date(draft: Draft, rng: random.Random) -> tuple[Place, str] | None:
    at = [
        Place(p.sentence, p.start + m.start(), p.start + m.end(), p.ref)
        for p in places(draft)
        for m in DATE.finditer(shown(draft, p))
    ]
    if not at:
        return None
    place = rng.choice(at)
    year, month = int(shown(draft, place)[:4]), int(shown(draft, place)[5:7])
    later = f"{year + month // 12}-{month % 12 + 1:02d}{shown(draft, place)[7:]}"
    return place, later


def true_elsewhere(draft: Draft, rng: random.Random) -> tuple[Place, str] | None:
    """Put another value of the same evidence in the place of a figure: true of something else."""
    at = [p for p in places(draft) if p.ref.startswith("fact:") and re.fullmatch(r"[\d.]+.*", shown(draft, p))]
    return _other(draft, rng, at, sorted({f.printed for f in draft.pack.facts.values() if re.match(r"\d", f.printed)}))


def _other(draft: Draft, rng: random.Random, at: list[Place], values: list[str]) -> tuple[Place, str] | None:
    if not at:
        return None
    place = rng.choice(at)
    others = [value for value in values if value != shown(draft, place)]
    return (place, rng.choice(others)) if others else None


MUTATIONS = {"one digit": one_digit, "batch": batch, "unit": unit, "date": date, "true elsewhere": true_elsewhere}


def thousand(drafts: list[Draft]) -> Iterator[tuple[str, Draft, Draft, Place]]:
    """Yield (kind, draft, the draft altered, where), two hundred of each kind."""
    rng = random.Random(SEED)
    for kind, mutate in MUTATIONS.items():
        made = 0
        while made < OF_EACH:
            draft = rng.choice(drafts)
            chosen = mutate(draft, rng)
            if chosen is None:
                continue
            made += 1
            yield kind, draft, draft.altered(*chosen), chosen[0]


def test_a_thousand_altered_drafts_are_blocked_and_the_same_unaltered_are_not(
    drafts: list[Draft], record_property: Callable[[str, object], None]
) -> None:
    tried, caught, clean, used, also_true = Counter[str](), Counter[str](), 0, set[int](), 0
    for kind, draft, changed, place in thousand(drafts):
        tried[kind] += 1
        used.add(id(draft))
        clean += not draft.findings()
        found = [f for f in changed.findings() if f.sentence == str(place.sentence)]
        caught[kind] += any(f.start <= place.end and place.start <= f.end for f in found)
        new = next(s for s in changed.sentences if s not in draft.sentences)
        also_true += any(
            new.text[s.start : s.end] in {f.printed for f in draft.pack.facts.values()} and new.text[s.start : s.end] != printed(s.ref, draft.pack)
            for s in new.spans
        )  # fmt: skip
    record_property("sections", len(used))
    record_property("caught", dict(caught))
    record_property("altered into a true value of another place", also_true)
    assert tried == caught == Counter(dict.fromkeys(MUTATIONS, OF_EACH))
    assert clean == sum(tried.values()) == 1000
    assert also_true >= OF_EACH  # equality with some value of the evidence is no resolution
    assert len(used) > 100
