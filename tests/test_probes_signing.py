"""Signing while an oversight check is open: refused on every way, in words that are the same where no check is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import PASSPHRASE, REPORT, Desk, set_up_submitted
from staff import written
from streamlit.testing.v1 import AppTest
from test_probes_live import planted_in, turn_on, with_key

from audit.actions import Action
from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Conflict
from audit.signatures import Meaning
from drafting import reviewing, signing
from drafting.overseeing import switches
from drafting.overseeing.switches import Switch
from drafting.probes import live
from drafting.probes.workflow import Noted
from drafting.readmodel import SectionView
from drafting.shown import section_view
from drafting.signing import sign_sections, signable
from review_ui.frame import Visit

CHECKED, WITHOUT = "quality", "a key that draws nothing"
TELLING = ("oversight", "check ", "checked", "planted", "fault")


def desk_with(drawn: str, database: Database, clock: FixedClock, new_id: Callable[[], str], home: Path) -> Desk:
    """Return a submitted report with live checks on, whose key draws one section or none."""
    made = set_up_submitted(database, clock, new_id, home)
    with_key(made, lambda key: key == drawn)
    turn_on(made)
    return made


@pytest.fixture(params=[CHECKED, WITHOUT])
def desk(
    request: pytest.FixtureRequest, sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path
) -> Desk:
    """The same report twice: with a fault in the picture of its first section, and with none."""
    return desk_with(request.param, sqlite_database, clock, new_id, tmp_path)


def sign(desk: Desk, seen: dict[str, str], who: str = "reviewer", meaning: Meaning = Meaning.REVIEW) -> None:
    sign_sections(
        desk.ctx, report_id=REPORT, seen=seen, user_id=who, passphrase=PASSPHRASE, meaning=meaning, actor=desk.actor(who)
    )


def refusal(desk: Desk, seen: dict[str, str], who: str = "reviewer", meaning: Meaning = Meaning.REVIEW) -> str:
    """Return what a refused signature is told; nothing was signed, and nothing tells of a check."""
    before = len(written(desk, Action.SIGNATURE_APPLIED))
    with pytest.raises(Conflict) as found:
        sign(desk, seen, who, meaning)
    said = f"{found.value.message} {found.value.remedy}"
    assert len(written(desk, Action.SIGNATURE_APPLIED)) == before
    assert not [word for word in TELLING if word in said]
    return said


def other_of(view: SectionView, desk: Desk) -> str:
    """Return a sentence that holds no fault."""
    odd = (
        planted_in(desk, view)
        if view.sentences != section_view(desk.ctx, CHECKED, desk.people["reviewer"]).sentences
        else ""
    )
    return next(s.id for s in view.sentences if s.id != odd)


def confirm(desk: Desk, view: SectionView, subject: str) -> object:
    """Confirm a sentence as the page does."""
    noted = live.decide(desk.ctx, seen=view.view_id, note=Noted(subject, "confirm"), actor=desk.actor("reviewer"))
    if noted is None:
        version = next(s.version for s in view.sentences if s.id == subject)
        reviewing.confirm(desk.ctx, sentence_id=subject, version=version, seen=view.view_id, actor=desk.actor("reviewer"))
    return noted


def test_the_section_itself_is_refused_as_one_that_is_not_reviewed(desk: Desk) -> None:
    """With its own view, from another tab or a script: what its page says is missing, and nothing else."""
    view = desk.see(CHECKED, "reviewer")
    said = refusal(desk, {CHECKED: view.view_id})
    assert said.startswith("Quality cannot be signed yet: Sentence 1 is not decided.")
    assert f"{len(view.missing)} thing(s) are missing" in said


def test_what_was_decided_in_the_view_is_not_told_to_be_undecided(desk: Desk) -> None:
    """A sentence confirmed in the checked view counts for the words of the refusal, as in any other."""
    view = desk.see(CHECKED, "reviewer")
    subject = other_of(view, desk)
    number = next(n for n, s in enumerate(view.sentences, start=1) if s.id != subject)
    confirm(desk, view, subject)
    shown = section_view(desk.ctx, CHECKED, desk.people["reviewer"], seen=view.view_id)
    said = refusal(desk, {CHECKED: view.view_id})
    assert f"Quality cannot be signed yet: Sentence {number} is not decided." in said
    assert f"{len(shown.missing)} thing(s) are missing" in said


def test_another_section_waits_until_what_was_opened_is_decided(desk: Desk) -> None:
    """Complete by itself, and refused in the same words with a fault and without."""
    desk.check("census")
    desk.see(CHECKED, "reviewer")
    said = refusal(desk, {"census": desk.see("census", "reviewer").view_id})
    assert said == (
        "Nothing of this report is signed while a section that was opened for review is not decided: 1 Quality. "
        "Decide it or return it; otherwise sign half an hour after it was opened."
    )


def test_everybody_else_waits_in_the_same_words(desk: Desk) -> None:
    """The approver of a section that was reviewed before."""
    desk.check("census")
    desk.sign("reviewer", "census")
    desk.see(CHECKED, "reviewer")
    seen = {"census": desk.see("census", "approver").view_id}
    assert "is not decided: 1 Quality" in refusal(desk, seen, "approver", Meaning.APPROVAL)


def test_half_an_hour_later_the_other_section_is_signed(desk: Desk) -> None:
    """A look that was not finished keeps nobody longer than a check may stand."""
    desk.check("census")
    desk.see(CHECKED, "reviewer")
    later = replace(desk, ctx=replace(desk.ctx, clock=FixedClock(desk.ctx.clock.now() + timedelta(minutes=40))))
    sign(later, {"census": later.see("census", "reviewer").view_id})


def test_the_list_of_sections_to_sign_asks_for_what_the_page_asks_for(desk: Desk) -> None:
    """Never complete, and with as many missing things as the picture has."""
    view = desk.see(CHECKED, "reviewer")
    confirm(desk, view, other_of(view, desk))
    shown = section_view(desk.ctx, CHECKED, desk.people["reviewer"], seen=view.view_id)
    line = next(one for one in signable(desk.ctx, REPORT, desk.people["reviewer"]) if one.section_id == CHECKED)
    assert not line.complete
    assert line.missing == shown.missing


def sign_list(desk: Desk) -> AppTest:
    """Show the reviewer's list of sections to sign."""

    def run(visit, report_id) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - runs alone, without this file's names
        from drafting.shown import report_shown
        from review_ui.screens import sign_list

        sign_list.show(visit, report_shown(visit.ctx, report_id, visit.account), lambda *_: None)

    account = desk.people["reviewer"]
    visit = Visit(desk.ctx, account, account.actor(session="s"), "", demo=False)
    return AppTest.from_function(run, kwargs={"visit": visit, "report_id": REPORT}, default_timeout=60).run()


def test_the_list_on_the_screen_refuses_in_the_same_words(desk: Desk) -> None:
    """Pressed on the page: the section that is complete is refused, and nothing tells why but the list."""
    desk.check("census")
    desk.see(CHECKED, "reviewer")
    shown = sign_list(desk)
    shown.text_input[0].input("reviewer")
    shown.text_input[1].input(PASSPHRASE)
    next(b for b in shown.button if b.label == "Sign for review").click()
    shown.run()
    assert not shown.exception
    said = " ".join(e.value for e in shown.error).replace("\\", "")
    assert "is not decided: 1 Quality" in said
    assert not [word for word in TELLING if word in said]
    assert not [e for e in written(desk, Action.SIGNATURE_APPLIED) if e.actor.user_id == "reviewer"]


def test_the_list_says_which_certificate_is_missing_before_anybody_signs(desk: Desk) -> None:
    """What is missing and where to gain it; nothing of it where the site does not ask for one."""
    assert not sign_list(desk).warning
    asked = switches.request(
        desk.ctx, name=Switch.QUALIFIED, text=switches.ON, reason="Trained and agreed", actor=desk.actor("lead")
    )
    switches.decide(desk.ctx, request_id=asked, approve=True, reason="SOP-9", actor=desk.actor("approver"))
    said = [w.value.replace("\\", "") for w in sign_list(desk).warning]
    assert len(said) == 1
    assert "holds no current certificate of a qualification run, which this site asks for" in said[0]
    assert "Begin a run on the page Oversight; the training lead certifies it." in said[0]


def test_there_is_one_way_to_sign_and_it_is_guarded() -> None:
    """No command signs: whoever adds a way finds here that it goes through the use case, and adds it to these tests."""
    root = Path(signing.__file__).parents[1]
    files = [
        path
        for package in ("audit", "corpus", "prompts", "drafting", "review_ui")
        for path in (root / package).rglob("*.py")
    ]

    def saying(words: str) -> set[str]:
        return {str(path.relative_to(root)) for path in files if words in path.read_text(encoding="utf-8")}

    assert saying("signatures.sign(") == {"drafting/signing.py"}
    assert saying("import sign_sections") | saying(", sign_sections") | saying("signing.sign_sections") == {
        "review_ui/screens/sign_list.py", "review_ui/screens/signing.py",
    }  # fmt: skip
