"""Random workflows of oversight checks through the use cases on a real store, against an account of the workflow's own.

Acts that people do and acts that they must not get away with, in any order: opening, deciding through the check and past it, signing with any
view that was ever shown, editing canonical text with planted words in it, another session, time, the switch, the text of the export.
"""

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from desk import PASSPHRASE, REPORT, Desk

from audit.chain import Actor
from audit.clock import FixedClock
from audit.database import Database, open_database
from audit.errors import Problem
from audit.signatures import Meaning
from drafting import authoring, review, reviewing
from drafting.context import Context
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch
from drafting.probes import live
from drafting.probes.overlay import whole_text
from drafting.probes.workflow import Noted
from drafting.readmodel import SectionView
from drafting.shown import section_view
from drafting.signing import sign_sections

KEYS = ("quality", "cause", "census")
REVIEWERS = ("reviewer", "many")


@dataclass
class Seen:
    """A view that somebody was shown."""

    key: str
    who: str
    view: SectionView
    planted: bool


@dataclass
class Workflow:
    """One run on a copy of a submitted report; `signed` counts signatures of review that were given."""

    ctx: Context
    desk: Desk
    rng: random.Random
    at: datetime
    seen: list[Seen] = field(default_factory=list)
    planted: set[str] = field(default_factory=set)  # sentences that were only ever shown
    sessions: dict[str, int] = field(default_factory=dict)
    signed: int = 0
    checked: int = 0
    report: str = REPORT
    keys: tuple[str, ...] = KEYS
    more: tuple[str, ...] = ()  # acts beside those of every workflow

    def actor(self, who: str) -> Actor:
        """Return a person in the present session."""
        return self.desk.people[who].actor(session=f"s{self.sessions.get(who, 0)}")

    def later(self, minutes: float) -> None:
        """Let time pass."""
        self.at += timedelta(minutes=minutes)
        self.ctx = replace(self.ctx, clock=FixedClock(self.at))

    def real(self, key: str) -> str:
        """Return what a section really says."""
        return whole_text(section_view(self.ctx, key, None))

    def open(self) -> None:
        """Show a section to a reviewer, and compare with what it really says."""
        key, who = self.rng.choice(self.keys), self.rng.choice(REVIEWERS)
        view = review.open_section(self.ctx, report_id=self.report, section_key=key, actor=self.actor(who))
        if view.hidden:
            review.record_own_view(self.ctx, section_id=key, text="My own view.", actor=self.actor(who))
            return
        real = {s.id: (s.text, s.findings) for s in section_view(self.ctx, key, None).sentences}
        odd = [s for s in view.sentences if (s.text, s.findings) != real.get(s.id)]
        planted = bool(odd) or len(view.sentences) != len(real) or whole_text(view) != self.real(key)
        self.planted |= {s.text for s in odd if s.text not in self.real(key)}
        self.checked += planted
        self.seen.append(Seen(key, who, view, planted))

    def decide(self) -> None:
        """Decide on a sentence as the page does: through the check, then as a review."""
        if not self.seen:
            return
        shown = self.rng.choice(self.seen[-3:])
        if not shown.view.sentences:
            return
        sentence, decision = self.rng.choice(shown.view.sentences), self.rng.choice(("confirm", "question", "confirm"))
        note, actor = Noted(sentence.id, decision, "Why?" if decision == "question" else ""), self.actor(shown.who)
        if live.decide(self.ctx, seen=shown.view.view_id, note=note, actor=actor) is None:
            self._past(shown)

    def past(self) -> None:
        """Decide past the check, as a page with a fault would."""
        if self.seen:
            self._past(self.rng.choice(self.seen))

    def _past(self, shown: Seen) -> None:
        if not shown.view.sentences:
            return
        sentence = self.rng.choice(shown.view.sentences)
        seen, actor = shown.view.view_id, self.actor(shown.who)
        reviewing.confirm(self.ctx, sentence_id=sentence.id, version=sentence.version, seen=seen, actor=actor)
        assert not shown.planted, "a decision of the review rests on a view that held a fault"

    def whole(self) -> None:
        """Do all that a review of a section needs, from its last view on."""
        key, who = self.rng.choice(self.keys), self.rng.choice(REVIEWERS)
        view = review.open_section(self.ctx, report_id=self.report, section_key=key, actor=self.actor(who))
        for subject, refs in [(s.id, [c.ref for c in s.citations]) for s in view.sentences] + [
            (f"table:{t.id}", list(t.refs)) for t in view.tables
        ]:
            for ref in refs:
                review.open_source(self.ctx, section_id=key, subject=subject, ref=ref, actor=self.actor(who))
        for sentence in view.sentences:
            note = Noted(sentence.id, "confirm")
            if live.decide(self.ctx, seen=view.view_id, note=note, actor=self.actor(who)) is None:
                reviewing.confirm(
                    self.ctx, sentence_id=sentence.id, version=sentence.version, seen=view.view_id, actor=self.actor(who)
                )
        for table in view.tables:
            review.confirm_table(self.ctx, section_id=key, table_id=table.id, seen=view.view_id, actor=self.actor(who))
        self.seen.append(Seen(key, who, view, planted=whole_text(view) != self.real(key)))

    def sign(self) -> None:
        """Sign with any view of a section that was ever shown."""
        if not self.seen:
            return
        shown = self.rng.choice(self.seen)
        sign_sections(
            self.ctx, report_id=self.report, seen={shown.key: shown.view.view_id}, user_id=shown.who, passphrase=PASSPHRASE,
            meaning=Meaning.REVIEW, actor=self.actor(shown.who),
        )  # fmt: skip
        self.signed += 1
        real = self.real(shown.key)
        assert not shown.planted, "signed on a view that held a fault"
        assert not any(text in real for text in self.planted), "planted words were signed"
        assert whole_text(shown.view) == real, "signed otherwise than it was shown"

    def edit(self) -> None:
        """Edit a sentence as its author, at times with words that were planted."""
        view = section_view(self.ctx, self.keys[0], self.desk.people["writer"])
        opened = review.open_section(self.ctx, report_id=self.report, section_key=self.keys[0], actor=self.actor("writer"))
        sentence = self.rng.choice(view.sentences)
        leaked = sorted(self.planted)
        text = self.rng.choice(leaked) if leaked and self.rng.random() < 0.5 else f"{sentence.text.rstrip('.')} indeed."
        authoring.edit(
            self.ctx, sentence_id=sentence.id, version=sentence.version, text=text, category="clearer wording, same meaning", reason="",
            seen=opened.view_id, actor=self.actor("writer"),
        )  # fmt: skip

    def crash(self) -> None:
        """Lose a session."""
        who = self.rng.choice(REVIEWERS)
        self.sessions[who] = self.sessions.get(who, 0) + 1

    def switch(self) -> None:
        """Turn live checks off."""
        switches.turn_off(self.ctx, switch=Switch.LIVE, reason="Pause", actor=self.desk.actor("admin"))

    def sleep(self) -> None:
        """Let forty minutes pass."""
        self.later(40)

    def export(self) -> None:
        """Read the report as everything but the reviewer's page does."""
        for key in self.keys:
            text = self.real(key)
            for who in ("approver", "auditor", "writer"):
                shown = review.open_section(self.ctx, report_id=self.report, section_key=key, actor=self.actor(who))
                assert whole_text(shown) in (text, "") or shown.hidden, "somebody else was shown a fault"

    def run(self, acts: int) -> "Workflow":
        """Do acts in a random order; what is refused is refused."""
        names = (
            ("open",) * 6 + ("decide",) * 6 + ("whole",) * 3 + ("sign",) * 4 + ("past", "crash", "sleep", "export", "edit")
        )
        for _ in range(acts):
            self.later(1)
            name = self.rng.choice((*names, *self.more, *(("switch",) if self.rng.random() < 0.1 else ())))
            with suppress(Problem):
                getattr(self, name)()
        return self


def copied(desk: Desk, home: Path, to: Path) -> tuple[Database, Context]:
    """Return a context on a copy of a home."""
    shutil.copytree(home, to)
    database = open_database(f"sqlite:///{to / 'only.sqlite'}")
    return database, replace(desk.ctx, database=database, settings=replace(desk.ctx.settings, home=to))


def workflows(
    desk: Desk, home: Path, folder: Path, number: int, seed: int, at: datetime, told: Callable[[int], None] = print
) -> tuple[int, int]:
    """Run a number of workflows; return how many signatures were given and how many views held a fault."""
    signed = checked = 0
    for one in range(number):
        database, ctx = copied(desk, home, folder / "copy")
        try:
            done = Workflow(ctx, desk, random.Random(seed + one), at).run(25)
        except AssertionError as error:
            raise AssertionError(f"workflow {seed + one}: {error}") from error
        finally:
            database.close()
            shutil.rmtree(folder / "copy")
        signed, checked = signed + done.signed, checked + done.checked
        if one % 500 == 499:
            told(one + 1)
    return signed, checked
