"""Random workflows on a site with evidence-first sections and oversight checks, both drawn for one section: neither gives way to the other."""

import os
import random
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from conftest import create_tables
from first_desk import KEYS, REPORT, First, first_desk
from oversight_desk import turn_on
from probe_store import REVIEWERS, Workflow, copied

from audit.clock import FixedClock
from audit.database import open_database
from audit.errors import Problem
from audit.oversight.schedule import assignment
from drafting import review, reviewing
from drafting.evidence_first import asking, outcomes
from drafting.evidence_first.askings import askings
from drafting.evidence_first.figures import CANNOT_TELL
from drafting.evidence_first.outcomes import REVIEWS
from drafting.overseeing.switches import Switch
from drafting.probes.overlay import whole_text
from drafting.probes.seal import KEY_FILE, site_keys

NUMBER = int(os.environ.get("VERASCRIBE_STORE_WORKFLOWS", "40"))
START = datetime(2026, 3, 3, 8, tzinfo=UTC)
BOTH = KEYS[0]  # drawn for both, for the first reviewer


@dataclass
class FirstWorkflow(Workflow):
    """A workflow whose reviewers are asked for figures: they answer or not, and try to get at the review without."""

    report: str = REPORT
    keys: tuple[str, ...] = KEYS[:2]
    more: tuple[str, ...] = ("ask", "early", "early")
    held: list[tuple[str, str, str]] = field(default_factory=list)  # section, person and view before the answers
    answered: int = 0

    def open(self) -> None:
        """Open a section as ever where nothing is asked of it."""
        self.ask()
        super().open()

    def ask(self) -> None:
        """Open the section; where figures are asked, nothing of it is shown, and they may be stated."""
        who = self.rng.choice(REVIEWERS)
        view = review.open_section(self.ctx, report_id=self.report, section_key=BOTH, actor=self.actor(who))
        if not view.asked:
            return
        assert not view.sentences, "a draft was shown before its figures were stated"
        assert "99.2" not in whole_text(view), "a figure was shown before it was stated"
        self.held.append((BOTH, who, view.view_id))
        if self.rng.random() < 0.5:
            answers = {f.ref: self.rng.choice((CANNOT_TELL, "3", "4")) for f in view.asked}
            asking.state(self.ctx, section_id=BOTH, answers=answers, actor=self.actor(who))
            self.answered += 1

    def early(self) -> None:
        """Decide on a view from before the answers, whether they were given since or not."""
        if not self.held:
            return
        key, who, view_id = self.rng.choice(self.held)
        with pytest.raises(Problem):
            reviewing.confirm(self.ctx, sentence_id=f"{key}-1", version=1, seen=view_id, actor=self.actor(who))


def submitted(folder: Path) -> First:
    """Make a home whose key draws the first section for both, for one of the reviewers."""
    folder.mkdir()
    database = open_database(f"sqlite:///{folder / 'only.sqlite'}")
    database.write(create_tables)
    numbers = count(1)
    desk = first_desk(database, FixedClock(datetime(2026, 3, 2, 8, tzinfo=UTC)), lambda: f"id{next(numbers):06d}", folder)
    turn_on(desk, Switch.LIVE)
    for number in count():
        (folder / KEY_FILE).write_bytes(number.to_bytes(32, "big"))
        drawing = site_keys(folder).drawing
        reviews = [f"{label}{REPORT}/1/a-{REVIEWERS[0]}" for label in ("", "evidence first/")]
        if all(assignment(drawing, one, BOTH, 0.03)[0] for one in reviews):
            break
    database.close()
    return desk


def test_random_workflows_with_both(tmp_path: Path) -> None:
    """Seeded; a larger number by VERASCRIBE_STORE_WORKFLOWS. Figures are stated, checks shown and signatures given, or it proves nothing."""
    desk = submitted(tmp_path / "home")
    answered = checked = signed = 0
    for seed in range(NUMBER):
        database, ctx = copied(desk, tmp_path / "home", tmp_path / "copy")
        try:
            done = FirstWorkflow(ctx, desk, random.Random(seed), START).run(25)
            with done.ctx.database.read() as conn:
                stated = [one for asked in askings(conn) for one in asked.stated]
                assert all(one.advice == one.truth for one in stated), "the trail holds advice that the draft did not give"
                counted = {d.reviewer for d in outcomes.decisions(conn, done.ctx)[REVIEWS]}
                checked_in = {f"a-{one.who}" for one in done.seen if one.planted and one.key == BOTH and not one.view.asked}
                assert not counted & checked_in, "a section in which a check was shown counted"
        except AssertionError as error:
            raise AssertionError(f"workflow {seed}: {error}") from error
        finally:
            database.close()
            shutil.rmtree(tmp_path / "copy")
        answered, checked, signed = answered + done.answered, checked + done.checked, signed + done.signed
    assert answered > NUMBER // 4
    assert checked > NUMBER // 4
    assert signed > 0
