"""A reviewer's views summed up by a real Chromium: one summary a view, numbers alone, nothing while it is off, no request elsewhere."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from journey import Person, demo_server, signed_in
from playwright.sync_api import Browser
from sqlalchemy import select

from audit.identity import account_named
from drafting import tables
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch

pytestmark = pytest.mark.browser
SECTIONS = ("6 Finished product quality", "8 Rejected and failed batches")
TYPED = "a secret that is typed and not sent"
LOOKED = 4  # seconds


@pytest.fixture(scope="module")
def home(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("watched") / "home"
    shutil.copytree(filled_home, made)
    return made


@pytest.fixture(scope="module")
def ctx(home: Path) -> Iterator[Context]:
    opened = open_context(settings_from({}, home=str(home)))
    yield opened
    close_context(opened)


@pytest.fixture(scope="module")
def served(home: Path, ctx: Context) -> Iterator[str]:
    with demo_server(home) as url:
        yield url


def summaries(ctx: Context) -> list[dict[str, int]]:
    with ctx.database.read() as conn:
        return [json.loads(body) for body in conn.scalars(select(tables.activity_summaries.c.body))]


def look(browser: Browser, served: str, user: str) -> Person:
    """Open one section, look at it, type, and go on to the next."""
    person = signed_in(browser, served, user)
    person.open_report("APR-2021-017")
    person.open_section(SECTIONS[0])
    person.page.mouse.move(500, 400)
    person.page.mouse.wheel(0, 300)
    time.sleep(LOOKED)
    person.page.keyboard.type(TYPED)
    person.page.locator("[class*='st-key-section_list'] label", has_text=SECTIONS[1][2:]).click()
    person.sees(SECTIONS[1])
    person.settle()
    return person


def test_a_view_is_summed_up_when_the_next_begins(browser: Browser, served: str, ctx: Context) -> None:
    assert look(browser, served, "demo.reviewer").elsewhere == []
    assert summaries(ctx) == []  # it is off
    turn_on(ctx)
    reviewer = look(browser, served, "demo.reviewer")
    deadline = time.monotonic() + 20
    while not summaries(ctx) and time.monotonic() < deadline:
        time.sleep(0.5)
    reviewer.picture("section-with-activity")
    (body,) = summaries(ctx)
    assert 1_000 * (LOOKED - 2) <= body["active_ms"] <= body["visible_ms"] <= 120_000
    assert 0 <= body["scroll_min"] <= body["scroll_max"] <= 100
    assert body["words"] > 20
    assert TYPED not in json.dumps(body)
    assert reviewer.elsewhere == []
    assert look(browser, served, "demo.writer").elsewhere == []
    assert len(summaries(ctx)) == 1  # an author's views are nobody's concern


def turn_on(ctx: Context) -> None:
    with ctx.database.read() as conn:
        lead, approver = account_named(conn, "demo.lead"), account_named(conn, "demo.approver")
    assert lead is not None
    assert approver is not None
    asked = switches.request(ctx, name=Switch.ACTIVITY, text=switches.ON, reason="Works council agreed", actor=lead.actor())
    switches.decide(ctx, request_id=asked, approve=True, reason="SOP-9", actor=approver.actor())
