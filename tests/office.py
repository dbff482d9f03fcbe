"""A desk with the sample corpus and a drafted review of product 17, and what persons do with it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from copies import Copied
from desk import MEANINGS, PASSPHRASE, Desk, context, fill
from replay import copied_once

from audit.clock import FixedClock
from audit.database import Database
from audit.identity import Account
from corpus.ingest import ingest
from corpus.profiles import load_profiles
from drafting import authoring, review, reviewing
from drafting.context import Context
from drafting.demands import sampled_rows
from drafting.generate import draft_report
from drafting.readmodel import SectionView
from drafting.redraft import Redrafted, redraft_section, stale_sections
from drafting.signing import sign_sections
from prompts.outline import load_outlines

SAMPLES = Path(str(files("corpus") / "samples"))
OOS_HEADER = (SAMPLES / "synthetic" / "oos.csv").read_text(encoding="utf-8").splitlines()[0]
DEVIATION_HEADER = (SAMPLES / "synthetic" / "deviation.csv").read_text(encoding="utf-8").splitlines()[0]
LATE = "OOS-2021-099"
LATE_OOS = f"{LATE};1001;17;fct_rsd_weight;1.88;%;not more than 1.75 %;SP-20M-04;2021-04-29;II;;no;investigation open;DEV-2021-009;;synthetic"
LATE_DEVIATION = (
    "DEV-2021-099;Canteen door left open;17;1001;1001;packaging;Packaging;Line 1;BLI-01;MBR-17-v6;SOP-QA-001;2021-04-29T10:00;"
    "2021-04-29T10:10;2021-04-29T10:20;Shift lead;2021-04-29;major;no;documentation;The door of the canteen was left open.;Closed.;"
    "human;;;;;;open;synthetic"
)


@dataclass(frozen=True)
class Office(Desk):
    """A desk with the sample corpus and a drafted review of product 17."""

    report: str

    def see(self, key: str, name: str = "writer") -> SectionView:
        return review.open_section(self.ctx, report_id=self.report, section_key=key, actor=self.actor(name))

    def id_of(self, key: str) -> str:
        return self.see(key).summary.id

    def bring(self, folder: Path, name: str, *lines: str) -> None:
        path = folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        bring(self, self.ctx, path)

    def stale(self) -> set[str]:
        return set(stale_sections(self.ctx, self.report).values())

    def redraft(self, key: str, name: str = "writer") -> Redrafted:
        return redraft_section(self.ctx, section_id=self.id_of(key), actor=self.actor(name))

    def accept_all(self, key: str, name: str = "writer") -> None:
        view = self.see(key, name)
        for sentence in view.sentences:
            if sentence.author is None:
                authoring.accept(
                    self.ctx, sentence_id=sentence.id, version=sentence.version, seen=view.view_id, actor=self.actor(name)
                )

    def open_sources(self, key: str, name: str) -> None:
        view = self.see(key, name)
        for asked in (m for m in view.missing if m.ref and not m.target.startswith("table:")):
            review.open_source(
                self.ctx, section_id=view.summary.id, subject=asked.target, ref=asked.ref, actor=self.actor(name)
            )

    def sign_one(self, key: str, name: str = "writer") -> None:
        view = self.see(key, name)
        sign_sections(
            self.ctx, report_id=self.report, seen={view.summary.id: view.view_id}, user_id=name, passphrase=PASSPHRASE,
            meaning=MEANINGS[name], actor=self.actor(name),
        )  # fmt: skip


def bring(desk: Desk, ctx: Context, *paths: Path) -> None:
    ingest(
        ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=desk.actor("writer"), zone="UTC"
    )  # fmt: skip


Stores = Callable[[str, Callable[[Context], Any], tuple[str, ...]], tuple[Context, Any]]


@pytest.fixture
def stores(copied: Copied, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Stores:
    """Open a store that begins with what an act left in it: with the profiles of the samples, and outlines of few sections or all."""

    def store(name: str, act: Callable[[Context], Any], few: tuple[str, ...]) -> tuple[Context, Any]:
        def on(database: Database) -> Context:
            outlines = load_outlines()
            if few:
                whole = outlines["apr_us"]
                outlines = {"apr_us": replace(whole, sections=tuple(s for s in whole.sections if s.key in few))}
            made = context(database, clock, new_id, tmp_path)
            return replace(made, outlines=outlines, profiles=load_profiles(SAMPLES / "profiles"))

        assert clock == FixedClock(clock.start)  # a content is named by when it began
        return copied_once(f"{name}_{clock.start:%Y%m%d%H%M%S}", copied, on, act)

    return store


def sampled(ctx: Context) -> dict[str, Account]:
    people = fill(ctx)
    paths = (SAMPLES / "zagar" / "Laboratory.csv", *(SAMPLES / name for name in ("synthetic", "narratives", "sops")))
    bring(Desk(ctx, people), ctx, *paths)
    return people


@pytest.fixture
def sampled_desk(stores: Stores) -> tuple[Desk, Context]:
    ctx, people = stores("samples", sampled, ())
    return Desk(ctx, people), ctx


@pytest.fixture
def whole(stores: Stores) -> Office:
    """A review with every section."""
    ctx, told = stores("whole_review", drafted, ())
    return Office(ctx, *told)


@pytest.fixture
def office(stores: Stores) -> Office:
    """A review of few sections, which is quick to work through."""
    ctx, told = stores("few_sections", drafted, ("oos_oot", "recalls_and_field_actions"))
    return Office(ctx, *told)


def drafted(ctx: Context) -> tuple[dict[str, Account], str]:
    people = sampled(ctx)
    made = draft_report(
        ctx,
        kind="apr_us",
        product="17",
        period_from="2020-05-01",
        period_to="2021-04-30",
        actor=people["writer"].actor(session="s"),
    )
    return people, made.report_id


def check_section(office: Office, key: str) -> None:
    """Do everything that a review needs."""
    office.open_sources(key, "reviewer")
    view, actor = office.see(key, "reviewer"), office.actor("reviewer")
    for sentence in view.sentences:
        if sentence.reviewer is None:
            reviewing.confirm(office.ctx, sentence_id=sentence.id, version=sentence.version, seen=view.view_id, actor=actor)
    for table in view.tables:
        if not view.sentences:
            for ref in sampled_rows(view.summary.id, "reviewer", table, office.ctx.outlines["apr_us"].section(key).tier):
                review.open_source(
                    office.ctx, section_id=view.summary.id, subject=f"table:{table.id}", ref=ref, actor=actor
                )  # fmt: skip
            review.confirm_table(
                office.ctx, section_id=view.summary.id, table_id=table.id, seen=view.view_id, actor=actor
            )  # fmt: skip
