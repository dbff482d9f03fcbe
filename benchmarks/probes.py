"""The generator of planted faults on the shipped samples: eligible sections, proofs, restoring, and whether a classifier tells faults by their form.

Realism: character and word n-grams of sentences with a fault beside the same sentences as they stand, a linear classifier with
cross-validation by sentence, so that no sentence is learned and tested. An area under the curve near .5 says that form gives nothing
away; the goal is at most .60. Sections that hold nothing of a machine (only a person's fields, or nothing) are counted apart.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.measure import row
from drafting.model import EvidencePack
from drafting.probes.generator import candidates, choose
from drafting.probes.model import Probe, RowEdit, TextEdit
from drafting.probes.overlay import overlay
from drafting.readmodel import SectionView
from prompts.outline import SectionOutline

ENOUGH = 3  # eligible faults of a section
FOLDS = 5
SEED = 20261126
REPORTS: tuple[dict[str, Any], ...] = (
    {"kind": "apr_us", "product": "17", "period_from": "2020-05-01", "period_to": "2021-04-30"},
    {"kind": "deviation", "product": "17", "subject": "DEV-2020-014"},
)
Section = tuple[SectionView, EvidencePack, SectionOutline]


def probes() -> list[dict[str, Any]]:
    """Make every fault of the samples' reports and measure them."""
    with tempfile.TemporaryDirectory() as home:
        sections = list(sampled(Path(home)))
    made = [(view, candidates(view, pack, outline)) for view, pack, outline in sections]
    told = [(view, found) for view, found in made if any(s.origin != "person" for s in view.sentences) or _of_records(view)]
    enough = sum(len(found) >= ENOUGH for _, found in told)
    every = [(view, probe) for view, found in made for probe in found]
    restored = sum(restores(view, probe) for view, probe in every)
    area, pairs = realism(made)
    kinds = Counter(str(probe.fault) for _, probe in every)
    return [
        row(
            "sections with three or more eligible faults", enough / len(told), f"{len(told)} sections that hold something of a machine",
            ">= 0.90", without=len(made) - len(told), faults=len(every), types=dict(kinds),
        ),
        row("faults restored byte for byte", restored / len(every), f"{len(every)} faults", "1"),
        row("a classifier tells faulty sentences, area under the curve", area, f"{pairs} pairs, by n-grams", "<= 0.60"),
    ]  # fmt: skip


def sampled(home: Path) -> Iterator[Section]:
    """Yield the sections of the samples' reports, drafted in a home of their own."""
    from corpus.ingest import ingest
    from drafting.accounts import service_account
    from drafting.bootstrap import close_context, open_context, settings_from
    from drafting.generate import draft_report
    from drafting.queries import load
    from drafting.shown import section_shown

    samples, ctx = Path(str(files("corpus") / "samples")), open_context(settings_from({}, home=str(home)))
    actor = service_account(ctx).actor()
    paths = [samples / "zagar" / "Laboratory.csv", *(samples / name for name in ("synthetic", "narratives", "sops"))]
    ingest(ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=actor, zone="UTC")
    for asked in REPORTS:
        made = draft_report(ctx, actor=actor, **asked)
        with ctx.database.read() as conn:
            loaded = load(conn, ctx, made.report_id)
        for section in loaded.report.sections:
            yield section_shown(loaded, section.id, None), loaded.packs[section.id], loaded.outline_of(section)
    close_context(ctx)


def _of_records(view: SectionView) -> bool:
    return any(ref.startswith("record:") for table in view.tables for ref in table.refs)


def restores(view: SectionView, probe: Probe) -> bool:
    """Tell whether the planted picture, with every edit taken back, is the section as it reads."""
    shown = overlay(view, probe)
    texts = {s.id: s.text for s in shown.sentences}
    for edit in reversed([e for e in probe.edits if isinstance(e, TextEdit)]):
        text = texts.get(edit.subject, "")
        shift = sum(
            len(e.replacement) - len(e.original) for e in probe.edits if isinstance(e, TextEdit) and _before(e, edit)
        )
        start = edit.start + shift
        texts[edit.subject] = text[:start] + edit.original + text[start + len(edit.replacement) :]
    rows = any(isinstance(edit, RowEdit) for edit in probe.edits)
    same = all(texts.get(s.id, "") == s.text for s in view.sentences)
    return same and (rows or shown.tables == view.tables)


def _before(one: TextEdit, other: TextEdit) -> bool:
    return one.subject == other.subject and one.start < other.start


def realism(made: Sequence[tuple[SectionView, list[Probe]]]) -> tuple[float, int]:
    """Return the area under the curve of a classifier on sentences with a fault beside themselves without, and how many pairs."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline, make_union

    rng = random.Random(SEED)  # noqa: S311 - a draw, no secret
    texts, labels, groups = [], [], []
    for view, found in made:
        for sentence in view.sentences:
            here = [p for p in found if any(isinstance(e, TextEdit) and e.subject == sentence.id for e in p.edits)]
            if here:
                probe = choose(here, rng)
                after = next((s.text for s in overlay(view, probe).sentences if s.id == sentence.id), "")
                if after:
                    texts += [sentence.text, after]
                    labels += [0, 1]
                    groups += [sentence.id, sentence.id]
    grams = make_union(
        TfidfVectorizer(analyzer="char", ngram_range=(2, 5), min_df=2), TfidfVectorizer(ngram_range=(1, 2), min_df=2)
    )  # fmt: skip
    model = make_pipeline(grams, LogisticRegression(C=10, max_iter=2000))
    said = cross_val_predict(model, texts, labels, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba")[:, 1]
    return float(roc_auc_score(labels, said)), len(labels) // 2
