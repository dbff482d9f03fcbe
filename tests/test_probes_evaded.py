"""A check that its reviewer alone made void brings no advantage: drawn anew, denser until the next outcome, using up nothing, and counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from desk import REPORT, Desk, set_up_submitted
from ended import ended, probes_of
from test_probes_live import planted_in, turn_on, with_key

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import NotPermitted
from audit.oversight.model import Family, Mode, Outcome
from audit.oversight.schedule import Rates, assignment
from drafting import review, tables
from drafting.overseeing import pages, switches
from drafting.overseeing.switches import RATES, Switch
from drafting.oversight import measures
from drafting.probes import live
from drafting.probes.live import Reveal, instance
from drafting.probes.seal import KEY_FILE, site_keys
from drafting.probes.store import Stored, checks_of
from drafting.probes.workflow import Noted

BURST = 0.5


@pytest.fixture
def desk(sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    """A submitted report on a site with live checks and no bound on the long run, as long as a report is short."""
    desk = set_up_submitted(sqlite_database, clock, new_id, tmp_path)
    text = switches.rates_text(Rates(burst=BURST, long_run=BURST))
    asked = switches.request(desk.ctx, name=RATES, text=text, reason="A trial", actor=desk.actor("lead"))
    switches.decide(desk.ctx, request_id=asked, approve=True, reason="SOP-9", actor=desk.actor("approver"))
    turn_on(desk)
    return desk


def key_that(desk: Desk, *, again: bool) -> None:
    """Give the home a key that draws the first section, and draws it anew at the burst rate or not."""
    for number in count():
        (desk.ctx.settings.home / KEY_FILE).write_bytes(number.to_bytes(32, "big"))
        drawing = site_keys(desk.ctx.settings.home).drawing
        first = assignment(drawing, f"{REPORT}/1/a-reviewer", "quality", 0.03)[0]
        if first and assignment(drawing, f"{REPORT}/1/a-reviewer/again 1", "quality", BURST)[0] is again:
            return


def opens(desk: Desk, session: str, key: str = "quality") -> None:
    actor = desk.people["reviewer"].actor(session=session)
    review.open_section(desk.ctx, report_id=REPORT, section_key=key, actor=actor)


def held(desk: Desk, key: str = "quality") -> tuple[Stored, ...]:
    with desk.ctx.database.read() as conn:
        return checks_of(conn, desk.ctx, tables.oversight_checks.c.section_id == key)


def test_a_section_whose_check_was_evaded_is_drawn_anew_and_holds_another_fault(desk: Desk) -> None:
    """Its draw has a label of its own, by which it is reproduced; the check that was evaded uses up none of what a report may carry."""
    key_that(desk, again=True)
    opens(desk, "one")
    opens(desk, "two")
    first, second = held(desk)
    assert first.check.evaded
    assert second.check.open
    assert first.probe is not None
    assert second.probe is not None
    assert instance(first.probe) != instance(second.probe)
    assert (second.content["mode"], second.content["review"]) == (str(Mode.BURST), f"{REPORT}/1/a-reviewer/again 1")


def test_whether_it_holds_another_is_left_to_chance(desk: Desk) -> None:
    """Else to sign out would tell where the next one stands."""
    key_that(desk, again=False)
    opens(desk, "one")
    opens(desk, "two")
    first, second = held(desk)
    assert first.check.evaded
    assert second.probe is None
    opens(desk, "three")
    assert len(held(desk)) == 2


def test_the_next_sections_are_denser_until_an_outcome(desk: Desk) -> None:
    """At the burst rate, whoever walked off for half an hour as well."""
    key_that(desk, again=True)
    opens(desk, "one")
    later = replace(desk, ctx=replace(desk.ctx, clock=FixedClock(desk.ctx.clock.now() + timedelta(minutes=31))))
    view = later.see("quality", "reviewer")
    assert held(later)[0].check.why == "shown for more than 30 minutes"
    later.see("census", "reviewer")
    assert held(later, "census")[0].content["mode"] == str(Mode.BURST)
    revealed = live.decide(
        later.ctx, seen=view.view_id, note=Noted(planted_in(later, view), "question", "So?"), actor=later.actor("reviewer")
    )
    assert isinstance(revealed, Reveal)
    review.record_own_view(later.ctx, section_id="cause", text="Mine.", actor=later.actor("reviewer"))
    later.see("cause", "reviewer")
    assert held(later, "cause")[0].content["mode"] == str(Mode.BASE)


def test_what_others_ended_is_no_evasion(desk: Desk) -> None:
    """A check that the site switched off is not drawn again in that round."""
    with_key(desk, lambda key: key == "quality")
    opens(desk, "one")
    switches.turn_off(desk.ctx, switch=Switch.LIVE, reason="Recall", actor=desk.actor("admin"))
    turn_on(desk)
    opens(desk, "two")
    (only,) = held(desk)
    assert not only.check.evaded


def test_voids_are_counted_by_cause_for_the_person_and_the_site_and_name_nobody(desk: Desk) -> None:
    key_that(desk, again=False)
    opens(desk, "one")
    opens(desk, "two")
    assert pages.own(desk.ctx, desk.people["reviewer"]).voids == {"signed out": 1}
    assert pages.site(desk.ctx, desk.people["lead"]).voids == {}
    probe = next(p for p in probes_of(desk.ctx, "quality") if p.family is Family.WRONG)
    for name in ("many", "writer", "auditor", "approver"):
        ended(desk.ctx, desk.people[name], probe, Outcome.CAUGHT)
    assert pages.site(desk.ctx, desk.people["lead"]).voids == {"signed out": 1}


def test_the_sites_figures_are_for_those_whom_the_table_names(desk: Desk) -> None:
    """On the page and on the command line; what is in force concerns everybody who reviews or may stop it."""
    for name in ("reviewer", "admin"):
        with pytest.raises(NotPermitted, match="site's figures"):
            pages.site(desk.ctx, desk.people[name])
        assert set(measures(desk.ctx, account=desk.people[name], site_only=True)["site"]) == {"withheld"}
        assert pages.in_force(desk.ctx, desk.people[name]).on[Switch.LIVE]
    for name in ("lead", "approver", "auditor"):
        pages.site(desk.ctx, desk.people[name])
    with pytest.raises(NotPermitted):
        pages.in_force(desk.ctx, desk.people["writer"])
