"""Oversight from end to end in a real Chromium: a planted fault is caught, revealed and gone; a qualification run gives the right to sign.

A deviation report is authored and submitted by use cases; what follows is pressed: live checks and the demand for a certificate are asked for and
approved, the reviewer catches a fault, reviews the section as it reads, is refused without a certificate, works through a run with caught and
missed faults, is certified and signs. The auditor verifies the trail and takes it away whole.
"""

import json
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from desk import report_view
from ended import probes_of
from journey import PASSWORD, Person, demo_server, signed_in, take_the_verified_trail, work_off
from playwright.sync_api import Browser
from qualifying import account_of, decide, right, run_of, wrong
from sqlalchemy import select

from audit.oversight.model import Family, Outcome
from audit.oversight.schedule import assignment
from audit.signatures import Meaning
from drafting import authoring, review, scoping, tables
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context
from drafting.evidence_first.challenges import ITEMS
from drafting.inbox import every_report
from drafting.probes import qualification
from drafting.probes.excerpt import excerpt
from drafting.probes.generator import choose
from drafting.probes.marking import marked
from drafting.probes.model import Probe, TextEdit
from drafting.probes.overlay import overlay
from drafting.probes.seal import KEY_FILE, site_keys
from drafting.probes.store import Stored
from drafting.readmodel import SectionView
from drafting.shown import section_view
from drafting.signing import sign_sections
from review_ui.frame import DISCLOSURE

pytestmark = pytest.mark.browser
NUMBER, KEY, TITLE = "DR-DEV-2020-014", "event_description", "2 Event description"
BASE = 0.03
ALL_ITEMS = qualification.FAULTS + qualification.CLEAN + ITEMS
HIGH, FULLY_SHOWN = 35, 8  # a row of a table in pixels, and the last that shows without scrolling
PRESSED = 3  # items of the run that are decided on the page; the others by use case


@dataclass(frozen=True)
class Place:
    """The home that is served, the section that is drawn and the fault that is planted in it."""

    ctx: Context
    address: str
    report: str
    section: str
    probe: Probe


@pytest.fixture
def place(filled_home: Path, tmp_path: Path) -> Iterator[Place]:
    shutil.copytree(filled_home, tmp_path / "home")
    ctx = open_context(settings_from({}, home=str(tmp_path / "home")))
    report = next(r for r in every_report(ctx) if r.number == NUMBER)
    section = next(s.id for s in report.sections if s.key == KEY)
    authored_and_submitted(ctx, report.id)
    probe = drawn(ctx, report.id, section)
    with demo_server(tmp_path / "home") as address:
        yield Place(ctx, address, report.id, section, probe)
    close_context(ctx)


def authored_and_submitted(ctx: Context, report_id: str) -> None:
    actor = account_of(ctx, "demo.writer").actor(session="s")
    seen = {}
    for summary in report_view(ctx, report_id).sections:
        view = review.open_section(ctx, report_id=report_id, section_key=summary.key, actor=actor)
        if view.hidden:
            review.record_own_view(ctx, section_id=summary.id, text="A single event, bounded in time.", actor=actor)
            view = review.open_section(ctx, report_id=report_id, section_key=summary.key, actor=actor)
        if any(m.target == "add" for m in view.missing):
            authoring.add(
                ctx, section_id=summary.id, after="", text="Nothing beyond the records in the tables was found.", seen=view.view_id, actor=actor,
                category="added context or judgement", reason="Said by the records.",
            )  # fmt: skip
            view = review.open_section(ctx, report_id=report_id, section_key=summary.key, actor=actor)
        author(ctx, view, actor)
        view = review.open_section(ctx, report_id=report_id, section_key=summary.key, actor=actor)
        assert not view.missing, (summary.key, view.missing)
        seen[summary.id] = view.view_id
    sign_sections(
        ctx, report_id=report_id, seen=seen, user_id="demo.writer", passphrase=PASSWORD, meaning=Meaning.AUTHORSHIP, actor=actor
    )  # fmt: skip
    scoping.submit(ctx, report_id=report_id, actor=actor)


def author(ctx: Context, view: SectionView, actor: Any) -> None:
    """Do what the section's own list of missing things asks of its author."""
    section, seen = view.summary.id, view.view_id
    for sentence in (s for s in view.sentences if s.author is None):
        authoring.accept(ctx, sentence_id=sentence.id, version=sentence.version, seen=seen, actor=actor)
    for asked in (m for m in view.missing if m.ref):
        review.open_source(ctx, section_id=section, subject=asked.target, ref=asked.ref, actor=actor)
    for asked in (m for m in view.missing if m.target.startswith("table:") and not m.ref):
        table = asked.target.removeprefix("table:")
        review.confirm_table(ctx, section_id=section, table_id=table, seen=seen, actor=actor)
    filled = {
        f.outline.key: (*f.outline.choices, "Assessed by the undersigned; see the records cited.")[0] for f in view.fields
    }
    if filled:
        authoring.enter_fields(ctx, section_id=section, values=filled, seen=seen, actor=actor)


def drawn(ctx: Context, report: str, section: str) -> Probe:
    """Give the home a key that draws this section of the report alone, for an altered sentence; return what will be planted."""
    others = [s.id for s in report_view(ctx, report).sections if s.id != section]
    account, probes = account_of(ctx, "demo.reviewer"), probes_of(ctx, section)
    for number in count():
        (ctx.settings.home / KEY_FILE).write_bytes(number.to_bytes(32, "big"))
        key, review_id = site_keys(ctx.settings.home).drawing, f"{report}/1/{account.id}"
        hit, proof = assignment(key, review_id, section, BASE)
        if not hit or any(assignment(key, review_id, other, BASE)[0] for other in others):
            continue
        probe = choose(probes, random.Random(proof))
        if probe.family is Family.WRONG and isinstance(probe.edits[0], TextEdit):
            return probe
    raise AssertionError


def test_a_fault_is_caught_and_gone_and_a_run_gives_the_right_to_sign(
    browser: Browser, place: Place, tmp_path: Path
) -> None:
    lead, approver = signed_in(browser, place.address, "demo.lead"), signed_in(browser, place.address, "demo.approver")
    two_people_turn_on(lead, approver)
    reviewer = signed_in(browser, place.address, "demo.reviewer")
    the_reviewer_catches_what_was_planted(reviewer, place)
    the_section_is_reviewed_as_it_reads(reviewer, place)
    sign(reviewer)
    reviewer.sees("holds no current certificate of a qualification run")
    reviewer.picture("refused-without-certificate")
    the_reviewer_works_through_a_run(reviewer, place)
    the_lead_certifies(lead)
    reviewer.open_report(NUMBER)
    reviewer.open_section(TITLE)
    sign(reviewer)
    reviewer.sees("Demo Reviewer (demo.reviewer), reviewer: review")
    reviewer.picture("signed")
    before_signing_in = browser.new_page()
    before_signing_in.goto(f"{place.address}/signin")
    before_signing_in.get_by_text(DISCLOSURE).wait_for()
    the_auditor_verifies_and_takes_the_story_away(signed_in(browser, place.address, "demo.auditor"), place, tmp_path)


def oversight(person: Person, tab: str = "") -> None:
    person.page.goto(f"{person.address}/oversight")
    person.sees("Signed in as")
    person.settle()
    if tab:
        person.tab(tab)


def two_people_turn_on(lead: Person, approver: Person) -> None:
    oversight(lead, "What is in force")
    assert lead.page.get_by_text(DISCLOSURE).count() == 0
    for switch in ("live", "qualified"):
        card = lead.page.locator(f"[class*='st-key-switch_{switch}']")
        lead.press(card.get_by_text("Ask to turn it on"))
        card.get_by_label("Reason").fill("Trained and agreed with the works council")
        lead.press(card.get_by_role("button", name="Ask for approval"))
        card.get_by_text("waits for approval").wait_for()
    lead.picture("asked")
    oversight(approver, "What is in force")
    for left in (2, 1):
        card = approver.page.locator("[class*='st-key-request_']").first
        card.get_by_label("Reason").fill("SOP-9 is in force")
        approver.press(card.get_by_role("button", name="Approve"))
        approver.sees(f"({left - 1})")
    approver.sees(DISCLOSURE)
    approver.picture("in-force")


def stored_text(place: Place) -> dict[str, str]:
    return {s.id: s.text for s in section_view(place.ctx, place.section, None).sentences}


def the_reviewer_catches_what_was_planted(reviewer: Person, place: Place) -> None:
    edit = place.probe.edits[0]
    assert isinstance(edit, TextEdit)
    ids = list(stored_text(place))
    number = ids.index(edit.subject) + 1
    before = stored_text(place)[edit.subject]
    planted = before[: edit.start] + edit.replacement + before[edit.end :]
    reviewer.open_report(NUMBER)
    reviewer.open_section(TITLE)
    reviewer.sees(DISCLOSURE)
    card = reviewer.page.locator("[class*='st-key-card_']").nth(number - 1)
    assert planted in card.inner_text()  # on the screen of this reviewer alone
    assert planted not in "\n".join(stored_text(place).values())
    reviewer.picture("probed")
    reviewer.press(reviewer.page.get_by_role("button", name=f"Sentence {number}", exact=True))
    reviewer.press(reviewer.page.locator("[class*='st-key-card_chosen_'] [class*='st-key-question-'] button"))
    reviewer.page.get_by_label("Question to the author").fill("The source says otherwise.")
    reviewer.press(reviewer.button("Save").first)
    reviewer.sees("You found it, and where it stood.")
    assert place.probe.proof in reviewer.page.locator("[class*='st-key-revealed_']").inner_text()
    reviewer.picture("revealed")
    reviewer.press(reviewer.button("Go on with the section"))
    assert planted not in reviewer.page.locator("[class*='st-key-card_']").nth(number - 1).inner_text()
    assert reviewer.page.get_by_text("The source says otherwise.").count() == 0  # no question reached the author


def the_section_is_reviewed_as_it_reads(reviewer: Person, place: Place) -> None:
    reviewer.sees("0 of 4 confirmed")
    work_off(reviewer)
    reviewer.sees("4 of 4 confirmed")
    with place.ctx.database.read() as conn:
        decided = tables.decisions.c
        made = conn.scalars(
            select(decided.decision).where(decided.section_id == place.section, decided.capacity == "reviewer")
        )
        assert set(made) == {"confirm"}


def sign(person: Person) -> None:
    person.page.get_by_label("User id").fill(person.user)
    person.page.get_by_label("Signing passphrase").fill(PASSWORD)
    person.press(person.page.get_by_role("button", name="Sign", exact=True))


def the_reviewer_works_through_a_run(reviewer: Person, place: Place) -> None:
    oversight(reviewer)
    reviewer.sees(f"{NUMBER} › {TITLE}")
    reviewer.sees("This site asks for a certificate")
    reviewer.picture("own-page")
    reviewer.press(reviewer.button("Begin a qualification run"))
    reviewer.press(reviewer.button("Begin a qualification run"))
    reviewer.sees(f"0 of {ALL_ITEMS} decided")
    with place.ctx.database.read() as conn:
        run_id = str(
            conn.scalar(select(tables.oversight_checks.c.run_id).where(tables.oversight_checks.c.run_id != "").limit(1))
        )
    for number in range(PRESSED):
        item = next(i for i in run_of(place.ctx, run_id).items if not i.check.ended)
        missing_it = number == 0
        state(reviewer, item)
        mark(reviewer, (wrong if missing_it else right)(item.probe), *row_of(place, item))
        ended_well = ("You found the planted fault, and where it stood.", "Nothing was planted, and you said so.")
        ended_otherwise = ("The planted fault was not noticed this time.", "the objection does not stand")
        reviewer.sees((ended_otherwise if missing_it else ended_well)[item.probe is None])
        assert outcome_of(place, run_id, item.id) is (Outcome.MISSED if missing_it else Outcome.CAUGHT)
        reviewer.picture(f"run-{number}")
        reviewer.press(reviewer.button("Next"))
    the_rest_of_the_run(place, run_id)
    reviewer.page.reload()
    reviewer.sees(f"{ALL_ITEMS - 1} of {ALL_ITEMS} decided")
    state(reviewer, run_of(place.ctx, run_id).items[-1])
    last = run_of(place.ctx, run_id).items[-1]
    mark(reviewer, right(last.probe), *row_of(place, last))
    reviewer.press(reviewer.button("See the result"))
    reviewer.sees("The training lead certifies it next")
    reviewer.picture("result")
    run = run_of(place.ctx, run_id)
    assert run.passed
    assert run.missed + run.objected == 1 + (run.items[0].asked is None)  # what is asked first stands beside the rule


def outcome_of(place: Place, run_id: str, check_id: str) -> Outcome | None:
    return next(i.check.outcome for i in run_of(place.ctx, run_id).items if i.id == check_id)


def state(person: Person, item: Stored) -> None:
    """State the figure that an item asks for before it shows, where it asks for one."""
    if item.asked is not None:
        person.sees("Please state this figure from the sources before you read the draft")
        person.page.locator("[data-testid=stForm] input[type=text]").first.fill(item.asked["truth"])
        person.press(person.button("Keep and show the draft"))


def row_of(place: Place, item: Stored) -> tuple[int, int]:
    """Return in which row of an item's excerpt its fault stands, and of how many; the first of one where it stands in no table."""
    if item.probe is None or not item.probe.subject.startswith("table:"):
        return 0, 1
    view, at = section_view(place.ctx, item.section, None), item.content["row"]
    (table,) = excerpt(overlay(view, item.probe), item.content["place"], at).tables
    found = (r for r in range(len(table.rows)) if marked(item.probe, item.probe.subject, r, view, at) is Outcome.CAUGHT)
    return next(found), len(table.rows)


def choose_row(person: Person, row: int, of: int) -> None:
    """Tick a row of the table, and another one where the page says that the click fell beside it."""
    rows = person.page.locator("[data-testid=stDataFrame] .dvn-scroller").first
    y = 52 + HIGH * row
    if row > FULLY_SHOWN:
        rows.hover()
        person.page.mouse.wheel(0, HIGH * of)
        person.settle()
        box = rows.bounding_box()
        assert box is not None
        y = int(box["height"]) - HIGH * (of - row) + HIGH // 2
    for _ in range(of):
        rows.click(position={"x": 15, "y": y})
        person.settle()
        said = person.page.get_by_text(re.compile(r"^Row \d+ is chosen")).first.inner_text()
        chosen = int(said.split()[1]) - 1
        if chosen == row:
            return
        y += HIGH * (row - chosen)
    pytest.fail(f"row {row + 1} of {of} could not be chosen: {said}")


def mark(person: Person, subject: str, row: int = 0, of: int = 1) -> None:
    """Decide an item on the page: nothing wrong, something missing, a sentence, or a row of the table."""
    if not subject:
        person.press(person.button("Nothing is wrong"))
        return
    if subject.startswith("table:"):
        choose_row(person, row, of)
        person.press(person.button("The chosen row is wrong"))
    elif subject == "section":
        person.press(person.button("Something is missing"))
    else:
        person.press(person.page.locator(f"[class*='st-key-card_{subject}'] [class*='st-key-mark-'] button"))
    person.page.get_by_label("What is missing" if subject == "section" else "What is wrong").fill(
        "Not what the source holds"
    )
    person.press(person.button("Decide"))


def the_rest_of_the_run(place: Place, run_id: str) -> None:
    """Decide all but the last item, one fault of them wrongly."""
    actor, erring = account_of(place.ctx, "demo.reviewer").actor(session="s"), True
    while run_of(place.ctx, run_id).decided < ALL_ITEMS - 1:
        item = qualification.next_item(place.ctx, run_id=run_id, actor=actor)
        assert item is not None
        stored = next(i for i in run_of(place.ctx, run_id).items if i.id == item.check_id)
        probe = stored.probe
        if stored.asked is not None:
            qualification.state(place.ctx, check_id=item.check_id, answer=stored.asked["truth"], actor=actor)
        now = erring and probe is not None and stored.asked is None
        decide(place.ctx, "demo.reviewer", item.check_id, (wrong if now else right)(probe))
        erring = erring and not now


def the_lead_certifies(lead: Person) -> None:
    oversight(lead)
    lead.sees("within the rule")
    lead.picture("to-certify")
    lead.page.get_by_label("Reason").first.fill("Within the rule, misses talked through")
    lead.press(lead.button("Certify for a year"))
    lead.sees("Runs to certify")
    lead.sees("(0)")


def the_auditor_verifies_and_takes_the_story_away(auditor: Person, place: Place, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in take_the_verified_trail(auditor, tmp_path).splitlines()]
    the_story([line for line in lines if "action" in line], place)  # the last line is the head


def the_story(entries: list[dict[str, Any]], place: Place) -> None:
    """Read the whole story in a copy of the trail: in order, with the sealed content that the commitment of the assignment promised."""
    revealed = next(e for e in entries if e["action"] == "oversight.revealed")
    of_check = [e["action"] for e in entries if e["object"]["id"] == revealed["object"]["id"]]
    steps = ("assigned", "shown", "noted", "revealed", "restored")
    assert of_check == [f"oversight.{step}" for step in steps]
    assigned = next(e for e in entries if e["object"]["id"] == revealed["object"]["id"])
    assert assigned["new"] == {"commitment": revealed["new"]["commitment"]}
    assert Probe.of(revealed["new"]["sealed"]["probe"]) == place.probe
    acts = [e["action"] for e in entries]
    order = ("switch_requested", "switched", "revealed", "qualification_started", "qualification_ended")
    first = [acts.index(f"oversight.{act}") for act in order]
    assert first == sorted(first)
    signed = [e for e in entries if e["action"] == "signature.applied"]
    assert signed[-1]["actor"]["user_id"] == "demo.reviewer"
    assert first[-1] < entries.index(signed[-1])
