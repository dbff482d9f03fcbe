"""No random workflow of oversight checks ever signs, exports or searches planted text: a state machine on the pure model."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from audit.errors import Conflict
from audit.oversight.model import Outcome
from drafting.probes.workflow import Check, Event, Noted, Signing, Step, fold, outcome_of, refusals, timed_out

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLANTED = "948 planted %"


def events(*steps: tuple[Step, str, dict[str, str]]) -> list[Event]:
    """Return events a minute apart, after the assignment."""
    made = [Event(Step.ASSIGNED, START)]
    return made + [Event(step, START + timedelta(minutes=i + 1), view, body) for i, (step, view, body) in enumerate(steps)]


def test_a_check_that_was_caught_ends_restored_and_keeps_its_outcome() -> None:
    """The whole life: shown twice, noted, revealed, restored."""
    check = fold(
        events(
            (Step.SHOWN, "v1", {}),
            (Step.SHOWN, "v2", {}),
            (Step.NOTED, "v2", {"subject": "s1", "decision": "question", "text": "Why?"}),
            (Step.REVEALED, "v2", {"outcome": str(Outcome.CAUGHT)}),
            (Step.RESTORED, "v3", {}),
        )
    )
    assert (check.state, check.outcome, check.views, check.clean) == (Step.RESTORED, Outcome.CAUGHT, ("v1", "v2"), "v3")
    assert check.ended
    assert not check.open


@pytest.mark.parametrize("step", [Step.NOTED, Step.REVEALED, Step.RESTORED])
def test_nothing_is_decided_on_what_was_not_shown(step: Step) -> None:
    """An outcome without a view cannot be stored."""
    with pytest.raises(Conflict):
        fold(events((step, "v1", {"outcome": str(Outcome.MISSED)})))


def test_a_view_that_stands_too_long_is_timed_out() -> None:
    """Thirty minutes, from the first time it was shown."""
    check = fold(events((Step.SHOWN, "v1", {}), (Step.SHOWN, "v2", {})))
    assert not timed_out(check, START + timedelta(minutes=31))
    assert timed_out(check, START + timedelta(minutes=32))


@pytest.mark.parametrize(
    ("noted", "planted", "outcome"),
    [
        ([("s1", "confirm")], "s1", Outcome.MISSED),
        ([("s2", "confirm")], "s1", None),
        ([("s2", "question")], "s1", None),
        ([("s1", "confirm"), ("s1", "question")], "s1", Outcome.CAUGHT),
        ([("s1", "propose")], "s1", Outcome.CAUGHT),
        ([("section", "return")], "s1", Outcome.UNLOCATED),
        ([("s2", "question"), ("section", "return")], "s1", Outcome.UNLOCATED),
        ([("s1", "confirm"), ("s2", "confirm")], "section", Outcome.MISSED),
        ([("s1", "confirm"), ("s2", "question")], "section", Outcome.UNLOCATED),
        ([("section", "question")], "section", Outcome.CAUGHT),
        ([("s1", "confirm")], "section", None),
    ],
)
def test_the_outcome_is_what_the_decisions_amount_to(
    noted: list[tuple[str, str]], planted: str, outcome: Outcome | None
) -> None:
    """Rejecting everything is not a catch; an omission is found by saying that something is missing."""
    made = [Noted(subject, decision) for subject, decision in noted]
    assert outcome_of(made, planted=planted, subjects=("s1", "s2")) == outcome


@dataclass
class Section:
    """One section of the machine: its canonical text, checks with their events, the last view, and the first decision."""

    text: str = "mean 98.4 %"
    checks: list[list[Event]] = field(default_factory=list)
    view: tuple[str, str, datetime] = ("", "", START)  # id, hash of what it showed, when
    decided: datetime | None = None
    signed: list[tuple[str, str]] = field(default_factory=list)  # text, view


class Workflows(RuleBasedStateMachine):
    """People, crashes and edits in any order on two sections of one report."""

    def __init__(self) -> None:
        """Begin with two sections."""
        super().__init__()
        self.at = START
        self.number = 0
        self.sections = {"a": Section(), "b": Section()}
        self.exported: list[str] = []

    def tick(self) -> datetime:
        """Return the next moment."""
        self.at += timedelta(minutes=1)
        return self.at

    def checks(self, name: str) -> list[Check]:
        """Return the checks of a section."""
        return [fold(held) for held in self.sections[name].checks]

    def current(self, name: str) -> Check | None:
        """Return the last check of a section."""
        held = self.checks(name)
        return held[-1] if held else None

    @rule(name=st.sampled_from("ab"), probe=st.booleans())
    def open(self, name: str, probe: bool) -> None:  # noqa: FBT001
        """Show the section: with a probe where one is drawn and nothing was decided, else as it reads."""
        section, now = self.sections[name], self.tick()
        self.number += 1
        view, check = f"v{self.number}", self.current(name)
        if check is not None and timed_out(check, now):
            section.checks[-1].append(Event(Step.VOID, now))
            check = self.current(name)
        if check is None and section.decided is None and probe:
            section.checks.append([Event(Step.ASSIGNED, now)])
            check = self.current(name)
        if check is not None and not check.ended:
            section.checks[-1].append(Event(Step.SHOWN, now, view))
            section.view = (view, f"{section.text} {PLANTED}", now)
            return
        if check is not None and not check.clean:
            section.checks[-1].append(Event(Step.RESTORED, now, view))
        section.view = (view, section.text, now)

    @rule(
        name=st.sampled_from("ab"), subject=st.sampled_from(["s1", "s2"]), decision=st.sampled_from(["confirm", "question"])
    )
    def decide(self, name: str, subject: str, decision: str) -> None:
        """Decide in the last view: a probed one notes it, a clean one that reads as the section is a review."""
        section, check, now = self.sections[name], self.current(name), self.tick()
        view, shown, _ = section.view
        if not view:
            return
        if check is not None and view in check.views:
            if check.open:
                section.checks[-1].append(Event(Step.NOTED, now, view, {"subject": subject, "decision": decision}))
                noted = self.checks(name)[-1].noted
                outcome = outcome_of(noted, planted="s1", subjects=("s1", "s2"))
                if outcome is not None:
                    section.checks[-1].append(Event(Step.REVEALED, now, view, {"outcome": str(outcome)}))
            return
        if shown == section.text:
            section.decided = section.decided or now

    @rule(name=st.sampled_from("ab"))
    def crash(self, name: str) -> None:
        """End the session: an open check becomes void."""
        check = self.current(name)
        if check is not None and check.open:
            self.sections[name].checks[-1].append(Event(Step.VOID, self.tick()))

    @rule(name=st.sampled_from("ab"), leak=st.booleans())
    def edit(self, name: str, leak: bool) -> None:  # noqa: FBT001
        """Change the canonical text as another person, who may have copied planted words; decisions and checks end."""
        section, now = self.sections[name], self.tick()
        section.text = f"mean {self.number} % {PLANTED if leak else ''}"
        section.decided = None
        check = self.current(name)
        if check is not None and not check.ended:
            section.checks[-1].append(Event(Step.VOID, now))

    @rule()
    def sleep(self) -> None:
        """Let forty minutes pass."""
        self.at += timedelta(minutes=40)

    @precondition(lambda self: any(s.view[0] for s in self.sections.values()))
    @rule(name=st.sampled_from("ab"))
    def sign(self, name: str) -> None:
        """Sign the section with its last view, whatever that was."""
        section = self.sections[name]
        view, shown, shown_at = section.view
        one = Signing(name, section.text, view, shown, shown_at, section.decided, section.text)
        held = {key: self.checks(key) for key in self.sections}
        if not refusals([one], held, {name: [PLANTED]}) and section.decided is not None:
            section.signed.append((section.text, view))

    @rule(name=st.sampled_from("ab"))
    def export(self, name: str) -> None:
        """Export what the section reads: never a view."""
        if PLANTED not in self.sections[name].text:
            self.exported.append(self.sections[name].text)

    @invariant()
    def nothing_planted_is_signed(self) -> None:
        """No signed text holds planted words, and each was seen in a view that held none."""
        for section in self.sections.values():
            probed = {view for held in section.checks for view in fold(held).views}
            for text, view in section.signed:
                assert PLANTED not in text
                assert view not in probed
        assert not any(PLANTED in text for text in self.exported)


TestWorkflows = Workflows.TestCase
TestWorkflows.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
