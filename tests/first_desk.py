"""A desk whose second report states figures that its own chart and table hold, on a site where evidence-first sections can be drawn."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from desk import MEANINGS, OUTLINE, PASSPHRASE, Desk, set_up
from oversight_desk import turn_on

from audit import governed, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.clock import FixedClock
from audit.database import Database
from audit.oversight.schedule import assignment
from drafting import authoring, review, scoping, tables
from drafting.draft_store import sentence_rows
from drafting.evidence_first import asking
from drafting.model import Chart, EvidencePack, Fact, Point, Table
from drafting.overseeing.switches import Switch
from drafting.probes.seal import KEY_FILE, site_keys
from drafting.readmodel import SectionView
from drafting.render import render
from drafting.signing import sign_sections
from prompts.outline import SectionOutline, Tier

REPORT, KEYS = "report2", ("measured", "events", "plain")
VALUES = ("98.1", "99.0", "99.1", "100.4")
HASHED = {"query": "product 17, 2025-01-01 to 2025-12-31"}
FACTS = {
    "assay.attribute": Fact("assay.attribute", "assay", "assay", "", 4, "label"),
    "assay.mean": Fact("assay.mean", "99.2", "99.15", "%", 4, "mean v3", HASHED),
    "assay.n": Fact("assay.n", "4", "4", "", 4, "n v3", HASHED),
    "assay.max": Fact("assay.max", "100.4", "100.4", "%", 4, "max v3", HASHED),
    "assay.sd": Fact("assay.sd", "0.9", "0.94", "%", 4, "sd v3", HASHED),
}
EVENTS = {
    "deviation.count": Fact("deviation.count", "3", "3", "", 3, "count v3", {"query": "deviations of the period"}),
    "deviation.class.major": Fact(
        "deviation.class.major", "2", "2", "", 3, "count v3", {"query": "deviations of the period"}
    ),
    "deviation.class.minor": Fact(
        "deviation.class.minor", "1", "1", "", 3, "count v3", {"query": "deviations of the period"}
    ),
}
CHART = Chart(
    "imr.assay", "Assay", "assay", "%", tuple(Point(str(n), f"2025-0{n}-01", v) for n, v in enumerate(VALUES, 1)), "99.15",
    "96.0", "102.0", "95.0", "105.0", "SP-1", "I-MR", label="assay",
)  # fmt: skip
LISTED = Table(
    "deviation", "Deviations", ("Deviation", "Class"), (("DEV-1", "major"), ("DEV-2", "minor"), ("DEV-3", "major")),
    tuple(f"record:deviation/DEV-{n}" for n in (1, 2, 3)),
)  # fmt: skip
SUMMARY = Table("summary", "Summary", ("What", "Value"), (("mean", "99.2 %"),), ("fact:assay.mean",))
PACKS = {
    "measured": EvidencePack("measured", FACTS, {}, {}, (SUMMARY,), (CHART,)),
    "events": EvidencePack("events", EVENTS, {}, {}, (LISTED,)),
    "plain": EvidencePack("plain", {"made.count": Fact("made.count", "7", "7", "", 7, "count v3")}),
}
TEMPLATES = {
    "measured": (
        "The mean of {fact:assay.attribute} was {fact:assay.mean} with a standard deviation of {fact:assay.sd}.",
        "It was measured on {fact:assay.n} batches, and its highest value was {fact:assay.max}.",
    ),
    "events": (
        "The number of deviations was {fact:deviation.count}, of them {fact:deviation.class.major} major and {fact:deviation.class.minor} minor.",
    ),
    "plain": ("The number of batches was {fact:made.count}.",),
}
SECTIONS = tuple(
    SectionOutline(key, str(number), key.title(), "RA", Tier.MEDIUM) for number, key in enumerate(KEYS, start=8)
)
RIGHT = {
    "fact:assay.mean": "99.2", "fact:assay.n": "4", "fact:assay.max": "100.4", "fact:deviation.count": "3",
    "fact:deviation.class.major": "2", "fact:deviation.class.minor": "1",
}  # fmt: skip


@dataclass(frozen=True)
class First(Desk):
    """The desk with what is done on its second report."""

    def see(self, key: str, name: str) -> SectionView:
        return review.open_section(self.ctx, report_id=REPORT, section_key=key, actor=self.actor(name))

    def answer(self, key: str, name: str = "reviewer", **other: str) -> SectionView:
        """State the figures that are asked: rightly, but for the last parts of references that are given other answers."""
        view = self.see(key, name)
        answers = {f.ref: other.get(f.ref.rpartition(".")[2], RIGHT[f.ref]) for f in view.asked}
        asking.state(self.ctx, section_id=key, answers=answers, actor=self.actor(name))
        return self.see(key, name)

    def submit(self) -> None:
        for key in KEYS:
            view = self.see(key, "writer")
            self.open_sources(key, "writer")
            for sentence in view.sentences:
                authoring.accept(
                    self.ctx,
                    sentence_id=sentence.id,
                    version=sentence.version,
                    seen=view.view_id,
                    actor=self.actor("writer"),
                )
        seen = {key: self.see(key, "writer").view_id for key in KEYS}
        self.sign_seen("writer", seen)
        scoping.submit(self.ctx, report_id=REPORT, actor=self.actor("writer"))

    def open_sources(self, key: str, name: str) -> None:
        for sentence in self.see(key, name).sentences:
            for cited in sentence.citations:
                review.open_source(self.ctx, section_id=key, subject=sentence.id, ref=cited.ref, actor=self.actor(name))

    def sign_seen(self, name: str, seen: dict[str, str]) -> None:
        sign_sections(
            self.ctx, report_id=REPORT, seen=seen, user_id=name, passphrase=PASSPHRASE, meaning=MEANINGS[name], actor=self.actor(name)
        )  # fmt: skip

    def draws(self, *keys: str, who: str = "a-reviewer", checks: tuple[str, ...] = ()) -> None:
        """Give the home a key that draws exactly these sections, and for oversight checks exactly `checks`."""
        home = self.ctx.settings.home
        for number in count():
            (home / KEY_FILE).write_bytes(number.to_bytes(32, "big"))
            key = site_keys(home).drawing
            if all(_drawn(key, "evidence first/", who, one) is (one in keys) for one in KEYS) and all(
                _drawn(key, "", who, one) is (one in checks) for one in KEYS
            ):
                return


def _drawn(key: bytes, label: str, who: str, section: str) -> bool:
    return assignment(key, f"{label}{REPORT}/1/{who}", section, 0.03)[0]


def first_desk(database: Database, clock: FixedClock, new_id: Callable[[], str], home: object) -> First:
    """Return a desk with the second report submitted, evidence-first sections on, and the section `measured` drawn."""
    made = set_up(database, clock, new_id, home)
    outline = replace(OUTLINE, sections=(*OUTLINE.sections, *SECTIONS))
    first = First(replace(made.ctx, outlines={"apr_us": outline}), made.people)
    _report(first)
    first.submit()
    first.draws("measured")
    turn_on(first, Switch.EVIDENCE_FIRST)
    return first


def _report(desk: First) -> None:
    body = canonical(
        {"title": "Review", "created_at": "2026-03-02T08:00:00Z", "data_lock": "2026-03-02T08:00:00Z", "ledger": []}
    )
    report = {
        "id": REPORT, "number": "APR-2", "kind": "apr_us", "product": "17", "period_from": "2025-01-01",
        "period_to": "2025-12-31", "body": body, "hash": digest(body),
    }  # fmt: skip
    by = {"at": desk.ctx.clock.now(), "zone": "UTC", "actor": desk.actor("writer")}

    def write(conn: object) -> None:
        governed.record(
            conn, [(tables.reports, report)], action=Action.REPORT_CREATED, object_kind="report", object_id=REPORT, **by
        )  # fmt: skip
        for ordinal, key in enumerate(KEYS):
            kept = trail.put_content(conn, PACKS[key].text(), media_type="application/json")
            made = {
                "id": f"g-{key}", "section_id": key, "at": "2026-03-02T08:00:00.000000Z", "drafter": "rules",
                "fingerprint": "sha256:f", "outcome": "drafted", "detail": "", "pack": kept, "as_of": 0,
            }  # fmt: skip
            rows = [
                (tables.sections, {"id": key, "report_id": REPORT, "key": key, "ordinal": ordinal}),
                (tables.generations, made),
            ]
            for number, template in enumerate(TEMPLATES[key], start=1):
                rows += sentence_rows(
                    desk.ctx, f"{key}-{number}", key, number * 1000, render(template, PACKS[key]), f"g-{key}"
                )
            governed.record(
                conn, rows, action=Action.DRAFT_GENERATED, object_kind="section", object_id=key, new={"pack": kept}, **by
            )  # fmt: skip

    desk.ctx.database.write(write)
