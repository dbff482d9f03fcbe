"""A desk whose site has oversight on, and what the tests of it need: a key that draws, alarms, reviews of long ago."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count

from desk import REPORT, Desk
from sqlalchemy import Connection, insert

from audit.alarms import Alarm, raise_alarm
from audit.clock import FixedClock, utc_text
from audit.oversight.schedule import assignment
from drafting import tables
from drafting.overseeing import switches
from drafting.overseeing.outcomes import REVIEWER
from drafting.overseeing.pseudonyms import of_account
from drafting.overseeing.switches import Switch
from drafting.probes.seal import KEY_FILE, site_keys

KEYS = ("quality", "cause", "census")
ACTIVE = 60_000  # milliseconds of a usual review here


def with_key(desk: Desk, wanted: Callable[[float], bool], key: str = "quality") -> None:
    """Give the home a key whose draw for one section is as wanted, and that draws none of the others."""
    home = desk.ctx.settings.home
    for number in count():
        (home / KEY_FILE).write_bytes(number.to_bytes(32, "big"))
        drawing = site_keys(home).drawing
        draws = {k: int(assignment(drawing, f"{REPORT}/1/a-reviewer", k, 1)[1][:16], 16) / 16**16 for k in KEYS}
        if wanted(draws.pop(key)) and all(draw > 0.5 for draw in draws.values()):
            return


def turn_on(desk: Desk, switch: Switch) -> None:
    asked = switches.request(desk.ctx, name=switch, text=switches.ON, reason="Agreed", actor=desk.actor("lead"))
    switches.decide(desk.ctx, request_id=asked, approve=True, reason="SOP-9", actor=desk.actor("approver"))


def alarm(desk: Desk, about: str = "") -> None:
    """Raise an alarm as the outcome of a check does: about a reviewer by name, or about the site."""
    told = {
        "level": "named" if about else "site",
        "statistic": "1001.0",
        "threshold": "1000",
        "checks_used": 12,
        "family": "",
    }
    kind = REVIEWER if about else "site"
    desk.ctx.database.write(
        lambda conn: raise_alarm(
            conn, Alarm.OVERSIGHT, at=desk.ctx.clock.now(), zone="UTC", actor=desk.actor("reviewer"), object_kind=kind,
            object_id=about or "site", told=told,
        )
    )  # fmt: skip


def reviewed(desk: Desk, active: Iterable[int], *, since: datetime, who: str = "a-reviewer", first: int = 1) -> datetime:
    """Store ended reviews, one an hour, each with a summary of so many active milliseconds; return when the last ended."""
    at = since

    def write(conn: Connection) -> None:
        nonlocal at
        for number, ms in enumerate(active, start=first):
            at += timedelta(hours=1)
            name, opened = f"{who}-old-{number}", utc_text(at - timedelta(minutes=10))
            seen = {
                "id": f"v-{name}",
                "section_id": name,
                "account_id": who,
                "canonical_hash": "",
                "shown_hash": "",
                "at": opened,
            }
            body = {
                "visible_ms": ms, "active_ms": ms, "blurs": 0, "scroll_min": 0, "scroll_max": 100, "words": 200, "claims": 4, "tables": 0,
                "cited": 0, "opened": 0,
            }  # fmt: skip
            summary = {
                "view_id": f"v-{name}",
                "pseudonym": of_account(desk.ctx, who),
                "body": json.dumps(body),
                "at": utc_text(at),
            }
            returned = {
                "id": f"d-{name}", "section_id": name, "subject": "section", "version": 1, "hash": "", "capacity": "reviewer",
                "decision": "return", "account_id": who, "user_id": who, "at": utc_text(at), "seq": 0,
            }  # fmt: skip
            for table, row in ((tables.views, seen), (tables.activity_summaries, summary), (tables.decisions, returned)):
                conn.execute(insert(table).values(**row))

    desk.ctx.database.write(write)
    return at


def usual(n: int) -> list[int]:
    """Return active times that scatter by a tenth around the usual."""
    return [ACTIVE + (number % 5 - 2) * ACTIVE // 20 for number in range(n)]


def later(desk: Desk, **passed: float) -> Desk:
    """Return the desk after some time."""
    from dataclasses import replace

    clock = FixedClock(desk.ctx.clock.now() + timedelta(**passed))
    return replace(desk, ctx=replace(desk.ctx, clock=clock))
