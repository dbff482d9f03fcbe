"""Drafts of the sample reviews and deviations by reference, with sentences in other words beside those of the rules."""

import hashlib
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from drafting.checks import engine
from drafting.evidence.scope import ReportScope
from drafting.model import EvidencePack, Finding, LedgerLine, Origin, Sentence, Severity
from drafting.render import REFERENCE, known, render
from prompts.outline import SectionOutline

SEED = 20_261_125
PRODUCTS, YEARS = ("17", "23", "13", "1", "15", "25"), (2019, 2020)
DEVIATIONS = ("DEV-2019-003", "DEV-2020-002", "DEV-2020-008", "DEV-2020-013", "DEV-2020-014", "DEV-2021-007")
STRICT, LOOSE = (".999", ".001"), (".95", ".02")
EDITED = Path(__file__).with_name("edited_sentences.txt")  # true wherever their references are known
FRESH = Path(__file__).with_name("edited_sentences_2.txt")  # of other writers, on one report; checks were mended with these
THIRD = Path(__file__).with_name("edited_sentences_3.txt")  # of one writer in several voices
HELD = Path(__file__).with_name("edited_sentences_held.txt")  # as above; nobody who makes checks has read them
REPORT = re.compile(r"^# Report: (\S+) (\d{4})$", re.MULTILINE)  # product and year of the report that a file speaks of
IN_OTHER_WORDS = (  # of one attribute A
    "On average {fact:A.attribute} came to {fact:A.mean}, with values between {fact:A.min} and {fact:A.max}.",
    "{fact:A.n} batches were tested for {fact:A.attribute}; the lowest value was {fact:A.min}, the highest {fact:A.max}.",
    "For {fact:A.attribute} the average was {fact:A.mean} (SD {fact:A.sd}).",
    "The highest {fact:A.attribute} of the period, {fact:A.max}, belongs to batch {record:batch/HIGH}.",
    "{fact:A.outside} of {fact:A.n} results for {fact:A.attribute} failed the specification.",
    "The chart of {fact:A.attribute} gave {fact:A.signals} signals over {fact:A.n} values.",
)


@dataclass(frozen=True)
class Drafted:
    """One section as drafted, with its evidence."""

    outline: SectionOutline
    pack: EvidencePack
    sentences: tuple[Sentence, ...]
    ledger: tuple[LedgerLine, ...]
    report: str = ""  # of a review its product and the year in which its period begins

    def blocking(self) -> list[Finding]:
        """Return what blocks the section."""
        listed = [(str(i), s, Origin.MACHINE) for i, s in enumerate(self.sentences)]
        return [
            f for f in engine.check_section(listed, self.pack, self.outline, self.ledger) if f.severity is Severity.BLOCKS
        ]


def drafts(home: str) -> tuple[list[Drafted], float]:
    """Return the sections as drafted, those that a person writes without sentences, and the seconds that their evidence and sentences took."""
    from corpus import records
    from corpus.ingest import ingest
    from drafting.accounts import service_account
    from drafting.bootstrap import close_context, open_context, settings_from
    from drafting.evidence.pack import ledger_of, pack_of
    from drafting.evidence.scope import load

    ctx = open_context(settings_from({}, home=home))
    samples = Path(str(files("corpus") / "samples"))
    ingest(
        ctx.database,
        ctx.clock,
        ctx.new_id,
        paths=[samples],
        profiles=ctx.profiles,
        actor=service_account(ctx).actor(),
        zone="UTC",
    )
    scopes = [ReportScope("r", "apr_us", p, f"{y}-05-01", f"{y + 1}-04-30") for p in PRODUCTS for y in YEARS]
    with ctx.database.read() as conn:
        for name in DEVIATIONS:
            event = records.record(conn, "deviation", name)
            assert event is not None
            day = event.get("occurred_at")[:10]
            scopes.append(
                ReportScope("r", "deviation", event.get("product_code"), f"{int(day[:4]) - 1}{day[4:7]}-01", day, None, name)
            )
    found, rng, taken = [], random.Random(SEED), 0.0  # noqa: S311 - as above
    for scope in scopes:
        with ctx.database.read() as conn:
            loaded = load(conn, scope)
        started = time.perf_counter()
        outline = ctx.outlines[scope.kind]
        packs = {s.key: pack_of(loaded, s) for s in outline.sections}
        ledger = ledger_of(loaded, outline, packs.values())
        made = {s.key: ctx.drafter.draft(s, packs[s.key]).sentences for s in outline.sections if s.machine}
        taken += time.perf_counter() - started
        report = "" if scope.subject else f"{scope.product} {scope.period_from[:4]}"
        for section in outline.sections:
            said = made.get(section.key, ())
            words = tuple(_in_other_words(rng, packs[section.key])) if said else ()
            found.append(Drafted(section, packs[section.key], (*said, *words), ledger, report))
    close_context(ctx)
    return found, taken


def _in_other_words(rng: random.Random, pack: EvidencePack) -> Iterator[Sentence]:
    attributes = [f.id.removesuffix(".mean") for f in pack.facts.values() if f.id.endswith(".mean") and f.unit]
    for attribute in rng.sample(attributes, min(3, len(attributes))):
        high = str(pack.facts[f"{attribute}.mean"].inputs.get("highest_batch", ""))
        template = rng.choice(IN_OTHER_WORDS).replace("HIGH", high).replace("A.", f"{attribute}.")
        if all(known(ref, pack) for ref in re.findall(r"\{([^{}]+)\}", template)):
            yield render(template, pack)


def is_held_out(template: str) -> bool:
    """Tell whether a sentence is of the half that no check was made with."""
    return hashlib.sha256(template.encode()).digest()[0] % 2 == 1


def edited(drafts: Sequence[Drafted], path: Path = EDITED, *, held_out: bool | None = None) -> list[Drafted]:
    """Return the sentences as a writer edits them, each alone in the first section that knows its references.

    A file that names its report is held against that report alone. Its references are those that the writer means: kept by alignment, or picked where alignment lost one or kept another that reads the same.
    """
    found, text = [], path.read_text(encoding="utf-8")
    report = REPORT.search(text)
    of_report = [d for d in drafts if (f"{report[1]} {report[2]}" == d.report if report else d.sentences)]
    for line in text.splitlines():
        section, _, template = (part.strip() for part in line.partition("|"))
        if held_out is not None and is_held_out(template) is not held_out:
            continue
        refs = set(REFERENCE.findall(template))
        able = (d for d in of_report if d.outline.key == section and all(known(ref, d.pack) for ref in refs))
        draft = next(able, None) if refs else None
        if draft is not None:
            found.append(replace(draft, sentences=(render(template, draft.pack),)))
    return found
