"""Activity summaries and what they may bring about: nothing but denser checks for a while; they leave in time and leave no hole."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from desk import Desk, set_up_submitted
from oversight_desk import ACTIVE, later, reviewed, turn_on, usual, with_key
from sqlalchemy import func, select
from staff import written

from audit import trail
from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Invalid, NotFound, NotPermitted
from audit.oversight.behaviour import BurstEnd, BurstRequest, Cause, Signal
from audit.verify import State
from drafting import review, tables
from drafting.overseeing import activity, bursts, reviews
from drafting.overseeing.reading import looked
from drafting.overseeing.reviews import Weighed, replayed
from drafting.overseeing.switches import Switch
from drafting.probes.store import checks_of
from drafting.projections import verify_home

TOLD = {"visible_ms": 50_000, "active_ms": 40_000, "blurs": 1, "scroll_min": 0, "scroll_max": 90}


@pytest.fixture
def desk(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path) -> Desk:
    return set_up_submitted(database, clock, new_id, tmp_path)


def stored(desk: Desk) -> int:
    with desk.ctx.database.read() as conn:
        return int(conn.scalar(select(func.count()).select_from(tables.activity_summaries)) or 0)


def keep(desk: Desk, view: str, name: str = "reviewer", **changed: object) -> bool:
    return activity.keep(desk.ctx, view_id=view, told={**TOLD, **changed}, actor=desk.actor(name))


def test_nothing_is_kept_while_it_is_off(desk: Desk) -> None:
    view = desk.see("quality", "reviewer").view_id
    assert keep(later(desk, minutes=2), view) is False
    assert stored(desk) == 0


def test_a_view_is_summed_up_once_with_what_the_server_knows_better(desk: Desk) -> None:
    """Sources that the tier demanded are in neither number; what nobody demanded and somebody opened is."""
    turn_on(desk, Switch.ACTIVITY)
    view = desk.see("quality", "reviewer")
    sentence = view.sentences[0]
    review.open_source(
        desk.ctx, section_id="quality", subject=sentence.id, ref=sentence.citations[0].ref, actor=desk.actor("reviewer")
    )
    then = later(desk, minutes=2)
    assert keep(then, view.view_id) is True
    assert keep(then, view.view_id, active_ms=1) is False
    (kept,) = looked(then.ctx, desk.people["reviewer"]).summaries
    assert (kept.section, kept.reported.active_ms, kept.tables) == ("quality", 40_000, 0)
    assert (kept.words, kept.claims, kept.cited, kept.opened) == (12, 2, 1, 0)  # one of two sources was demanded
    with desk.ctx.database.read() as conn:
        row = conn.execute(select(tables.activity_summaries)).one()
    assert "a-reviewer" not in str(row)
    assert row.pseudonym.startswith("P-")


@pytest.mark.parametrize(
    "changed",
    [
        {"active_ms": 60_000},
        {"visible_ms": -1, "active_ms": -1},
        {"scroll_max": 101},
        {"scroll_min": 95},
        {"visible_ms": "50000"},
        {"blurs": True},
        {"visible_ms": float("nan")},
        {"visible_ms": 10**12},
        {"keys": "secret"},
        {"visible_ms": 600_000},  # longer than the server says the view stands
    ],
)
def test_a_summary_that_cannot_be_is_refused(desk: Desk, changed: dict[str, object]) -> None:
    turn_on(desk, Switch.ACTIVITY)
    view = desk.see("quality", "reviewer").view_id
    with pytest.raises(Invalid):
        keep(later(desk, minutes=2), view, **changed)
    assert stored(desk) == 0


def test_nobody_reports_for_another(desk: Desk) -> None:
    turn_on(desk, Switch.ACTIVITY)
    view = desk.see("quality", "reviewer").view_id
    with pytest.raises(NotPermitted):
        keep(later(desk, minutes=2), view, "many")


def test_summaries_leave_after_ninety_days_a_day_together_and_verifying_finds_nothing(desk: Desk) -> None:
    turn_on(desk, Switch.ACTIVITY)
    view = desk.see("quality", "reviewer").view_id
    keep(later(desk, minutes=2), view)
    with desk.ctx.database.read() as conn:
        assert verify_home(conn).integrity is State.INTACT
    assert activity.expire(later(desk, days=90, hours=10).ctx) == 0
    assert activity.expire(later(desk, days=91).ctx) == 1
    assert stored(desk) == 0
    (entry,) = written(desk, Action.ACTIVITY_DELETED)
    assert set(entry.new) == {"summaries", "from", "until"}
    assert entry.new["summaries"] == 1
    assert "reviewer" not in entry.text()
    with desk.ctx.database.read() as conn:
        assert verify_home(conn).integrity is State.INTACT


def test_the_training_lead_has_them_deleted_on_request_and_the_entry_names_nobody(desk: Desk) -> None:
    turn_on(desk, Switch.ACTIVITY)
    view = desk.see("quality", "reviewer").view_id
    keep(later(desk, minutes=2), view)
    with pytest.raises(NotPermitted):
        activity.forget(desk.ctx, user_id="reviewer", reason="Asked to", actor=desk.actor("admin"))
    with pytest.raises(NotFound):
        activity.forget(desk.ctx, user_id="nobody", reason="Asked to", actor=desk.actor("lead"))
    assert activity.forget(desk.ctx, user_id="many", reason="Asked to", actor=desk.actor("lead")) == 0
    assert activity.forget(desk.ctx, user_id="reviewer", reason="Asked to", actor=desk.actor("lead")) == 1
    assert [e.new["summaries"] for e in written(desk, Action.ACTIVITY_DELETED)] == [1]


def settle(desk: Desk) -> bool:
    return desk.ctx.database.write(
        lambda conn: bursts.settled(conn, desk.ctx, "a-reviewer", desk.actor("reviewer"), desk.ctx.clock.now())
    )


def test_a_change_after_sixty_reviews_begins_a_burst_and_a_steady_reader_none(desk: Desk) -> None:
    turn_on(desk, Switch.ACTIVITY)
    start = desk.ctx.clock.now() - timedelta(days=60)
    at = reviewed(desk, usual(100), since=start)
    assert settle(desk) is False
    reviewed(desk, [ACTIVE // 2] * 10, since=at, first=101)
    assert settle(desk) is True
    (entry,) = written(desk, Action.BURST_STARTED)
    assert entry.new["cause"] == str(Cause.CHANGED)
    assert settle(desk) is True
    assert len(written(desk, Action.BURST_STARTED)) == 1


def test_without_summaries_turned_on_there_is_no_burst(desk: Desk) -> None:
    at = reviewed(desk, usual(60), since=desk.ctx.clock.now() - timedelta(days=60))
    reviewed(desk, [ACTIVE // 2] * 10, since=at, first=61)
    assert settle(desk) is False
    assert not written(desk, Action.BURST_STARTED)


def test_fewer_than_sixty_reviews_ask_for_nothing(desk: Desk) -> None:
    turn_on(desk, Switch.ACTIVITY)
    at = reviewed(desk, usual(49), since=desk.ctx.clock.now() - timedelta(days=60))
    reviewed(desk, [ACTIVE // 4] * 10, since=at, first=50)
    assert settle(desk) is False


def test_a_burst_ends_at_its_longest_and_reading_alone_never_raises_an_alarm(desk: Desk) -> None:
    turn_on(desk, Switch.ACTIVITY)
    at = reviewed(desk, usual(60), since=desk.ctx.clock.now() - timedelta(days=60))
    reviewed(desk, [ACTIVE // 4] * 10, since=at, first=61)
    assert settle(desk) is True
    then = later(desk, days=10)
    reviewed(then, [ACTIVE // 4] * 120, since=desk.ctx.clock.now(), first=71)
    assert settle(then) is False
    assert [e.new["cause"] for e in written(desk, Action.BURST_ENDED)] == [str(Cause.LONGEST)]
    assert not written(desk, Action.ALARM_RAISED)
    assert not written(desk, Action.OVERSIGHT_NOTICED)


def test_a_section_opened_in_a_burst_is_drawn_at_its_rate(desk: Desk) -> None:
    """The draw of the section lies between the base rate and the burst's: only in the burst is it probed."""
    with_key(desk, lambda draw: 0.05 < draw < 0.15)
    turn_on(desk, Switch.ACTIVITY)
    turn_on(desk, Switch.LIVE)
    at = reviewed(desk, usual(60), since=desk.ctx.clock.now() - timedelta(days=60))
    reviewed(desk, [ACTIVE // 2] * 10, since=at, first=61)
    desk.see("quality", "reviewer")
    with desk.ctx.database.read() as conn:
        (check,) = checks_of(conn, desk.ctx, tables.oversight_checks.c.section_id == "quality")
        assert trail.entries(conn, object_kind=bursts.BURST)[0].action is Action.BURST_STARTED
    assert (check.content["rate"], check.content["mode"]) == ("0.2", "burst")
    assert check.probe is not None


def test_the_reviews_of_a_section_are_told_apart_by_their_ends(desk: Desk) -> None:
    """Views before a signature make one review; a look after it makes none."""
    turn_on(desk, Switch.ACTIVITY)
    seen = desk.see("quality", "reviewer").view_id
    desk.check("quality")
    then = later(desk, minutes=5)
    keep(then, seen)
    keep(then, then.see("quality", "reviewer").view_id, visible_ms=1_000, active_ms=1_000)
    then.sign("reviewer", "quality")
    after = later(then, minutes=5)
    keep(after, after.see("quality", "reviewer").view_id, visible_ms=0, active_ms=0)
    with desk.ctx.database.read() as conn:
        (ended,) = reviews.ended(conn, desk.ctx, "a-reviewer")
    assert ended.activity.active_seconds == 41.0


def weighed(n: int, dwell: float, first: int = 0, probe: tuple[bool, float] | None = None) -> list[Weighed]:
    return [Weighed(f"{number:04d}", Signal(dwell, None), probe) for number in range(first + 1, first + n + 1)]


def test_a_burst_that_ended_well_has_moved_the_baseline() -> None:
    """A reader who became quicker for good is not asked about again for the same change."""
    quick = weighed(10, -2.0)
    asked = replayed(quick, [])
    assert isinstance(asked, BurstRequest)
    probed = weighed(20, -2.0, 10, (False, 0.1))
    ended = replayed([*quick, *probed], [("0010", True)])
    assert isinstance(ended, BurstEnd)
    assert ended.cause is Cause.ACCEPTED
    calm = weighed(5, -1.0, 30)
    assert replayed([*quick, *probed, *calm], [("0010", True), ("0030", False)]) is None
    assert isinstance(replayed(weighed(12, -1.0, 30), [("0010", True), ("0030", False)]), BurstRequest)  # with those deleted


def test_the_body_holds_numbers_alone(desk: Desk) -> None:
    turn_on(desk, Switch.ACTIVITY)
    keep(later(desk, minutes=2), desk.see("quality", "reviewer").view_id)
    with desk.ctx.database.read() as conn:
        body = json.loads(str(conn.scalar(select(tables.activity_summaries.c.body))))
    assert all(type(value) is int for value in body.values())
