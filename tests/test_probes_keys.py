"""The oversight key: another one draws nothing, a lost one stops neither the kill switch nor the reviews, and a new one leaves its entry."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command import opened, run
from desk import Desk, set_up_submitted
from qualifying import account_of, next_excerpt, right, run_of
from qualifying import decide as decide_item
from staff import written
from test_probes_live import decide, drawn, planted_in

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import NotPermitted, Stale, Tampered
from audit.oversight.model import Outcome
from drafting import reviewing
from drafting.overseeing import pages, switches
from drafting.overseeing.switches import Switch
from drafting.probes import qualification
from drafting.probes.keys import differs
from drafting.probes.live import Reveal
from drafting.probes.renewing import begin_anew
from drafting.probes.seal import KEY_FILE, site_keys
from drafting.shown import section_view


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report on a site with live checks, whose first section is drawn."""
    return drawn(set_up_submitted(database, clock, new_id, tmp_path))


def lose(desk: Desk) -> None:
    (desk.ctx.settings.home / KEY_FILE).unlink()


def test_the_trail_names_the_key_from_the_first_draw_on_and_another_one_draws_nothing(desk: Desk) -> None:
    """Else whoever writes the file tries keys until one draws, or spares, whom they like."""
    desk.see("census", "reviewer")
    (entry,) = written(desk, Action.OVERSIGHT_KEY)
    home = desk.ctx.settings.home
    assert entry.object_id == site_keys(home).known_as
    assert (home / KEY_FILE).read_bytes().hex() not in str(entry)
    (home / KEY_FILE).write_bytes(b"k" * 32)
    with desk.ctx.database.read() as conn:
        assert differs(conn, desk.ctx)
    with pytest.raises(Tampered):
        desk.see("quality", "many")


def test_the_kill_switch_works_without_the_key_and_reviews_go_on(desk: Desk) -> None:
    view = desk.see("quality", "reviewer")
    subject = planted_in(desk, view)
    shown = next(s for s in view.sentences if s.id == subject)
    lose(desk)
    with pytest.raises(Tampered) as refused:
        desk.see("quality", "reviewer")
    assert "new-key" in refused.value.remedy
    assert switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Key lost", actor=desk.actor("admin")) == 1
    with pytest.raises(Stale):  # the picture still on the screen carries no review, noted or straight
        decide(desk, view, subject, "confirm")
    with pytest.raises(Stale):
        reviewing.confirm(
            desk.ctx, sentence_id=subject, version=shown.version, seen=view.view_id, actor=desk.actor("reviewer")
        )
    again = desk.see("quality", "reviewer")
    assert next(s.text for s in again.sentences if s.id == subject) != shown.text
    desk.check("quality")
    assert desk.sign("reviewer", "quality")
    assert pages.own(desk.ctx, desk.people["reviewer"]).checks == ()


def test_an_administrator_begins_a_new_key_with_a_reason_and_what_was_revealed_stands(desk: Desk) -> None:
    view = desk.see("quality", "reviewer")
    told = decide(desk, view, planted_in(desk, view), "question", "It is not what the source holds")
    assert isinstance(told, Reveal)
    desk.see("census", "reviewer")
    before = pages.own(desk.ctx, desk.people["reviewer"]).checks
    lose(desk)
    for name in ("lead", "approver", "reviewer"):
        with pytest.raises(NotPermitted):
            begin_anew(desk.ctx, reason="Disk broken", actor=desk.actor(name))
    assert begin_anew(desk.ctx, reason="Disk broken", actor=desk.actor("admin")) == 1  # the look at the other section
    assert written(desk, Action.OVERSIGHT_KEY)[-1].reason == "Disk broken"
    assert pages.own(desk.ctx, desk.people["reviewer"]).checks == before
    assert before[0].outcome is Outcome.CAUGHT
    real = {s.id: s.text for s in section_view(desk.ctx, "quality", None).sentences}
    assert {s.id: s.text for s in desk.see("quality", "reviewer").sentences} == real
    desk.see("census", "reviewer")  # live checks go on under the new key


def test_an_item_of_a_run_that_ended_with_its_key_passes_no_run(filled_home: Path, tmp_path: Path) -> None:
    """A shorter run would be an easier one."""
    home = shutil.copytree(filled_home, tmp_path / "home")
    with opened(home) as ctx:
        actor = account_of(ctx, "demo.reviewer").actor(session="s")
        run_id = qualification.start(ctx, actor=actor)
        assert next_excerpt(ctx, run_id, "demo.reviewer") is not None
        first = run_of(ctx, run_id).items[0]
        decide_item(ctx, "demo.reviewer", first.id, right(first.probe))
        (home / KEY_FILE).unlink()
    assert "not the one that the trail names" in run(home, "doctor", status=1)
    assert run(home, "oversight", "new-key", "--reason", "Disk broken", "--json", user="demo.admin") == {"ended": 35}
    run(home, "doctor")
    with opened(home) as ctx:
        after = run_of(ctx, run_id)
        assert (after.ended, after.passed, len(after.items)) == (True, False, 1)
        assert qualification.start(ctx, actor=actor)
