"""Random workflows of oversight checks on the pure model: people, crashes, time, edits and signatures in any order, seeded.

The workflow keeps its own account of what was planted, shown and ended; a signature that `refusals` lets through is compared with that
account. `interlock(1_000_000)` is the figure of the benchmark; the tests run fewer, and let Hypothesis choose the acts.
"""

import os
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from drafting.probes.workflow import Check, Event, Signing, Step, fold, outcome_of, refusals, timed_out

PLANTED = "948 planted %"
ACTS = (
    "open",
    "probe",
    "confirm",
    "object",
    "other",
    "crash",
    "edit",
    "leak",
    "sleep",
    "sign",
    "sign earlier",
    "decide early",
)
SECTIONS = "ab"
WORKFLOWS = int(os.environ.get("VERASCRIBE_WORKFLOWS", "20000"))
Act = tuple[str, str]  # what, in which section


@dataclass
class Section:
    """One section as the workflow itself knows it."""

    text: str = "mean 98.4 %"
    checks: list[list[Event]] = field(default_factory=list)
    views: list[tuple[str, str, datetime]] = field(default_factory=list)  # id, what it showed, when
    decided: datetime | None = None
    planted: bool = False  # planted words stand before somebody's eyes
    restored: datetime | None = None  # when the last planted words went

    def folded(self) -> list[Check]:
        """Return the checks."""
        return [fold(events) for events in self.checks]

    def last(self) -> Check | None:
        """Return the last check."""
        return fold(self.checks[-1]) if self.checks else None

    def end(self, event: Event) -> None:
        """End the last check."""
        self.checks[-1].append(event)
        if self.planted:
            self.planted, self.restored = False, event.at


class Workflow:
    """Two sections of one report; `signed` and `refused` count signatures; a wrong one raises AssertionError."""

    def __init__(self) -> None:
        """Begin with nothing shown."""
        self.at = datetime(2026, 3, 2, 8, tzinfo=UTC)
        self.number = 0
        self.sections = {name: Section() for name in SECTIONS}
        self.signed = self.refused = 0

    def run(self, acts: Iterable[Act]) -> "Workflow":
        """Do acts in their order."""
        for act, name in acts:
            self.at += timedelta(minutes=1)
            section = self.sections[name]
            if act in ("open", "probe"):
                self._open(section, probe=act == "probe")
            elif act in ("confirm", "object", "other"):
                self._decide(section, act)
            elif act in ("edit", "leak"):
                self._edit(section, leak=act == "leak")
            elif act == "crash" and (check := section.last()) is not None and check.open:
                section.end(Event(Step.VOID, self.at))
            elif act == "sleep":
                self.at += timedelta(minutes=40)
            elif act == "decide early":  # a decision that the use cases refuse: the signature has to notice
                section.decided = section.decided or self.at
            elif act in ("sign", "sign earlier"):
                self._sign(name, section, back=2 if act == "sign earlier" else 1)
        return self

    def _open(self, section: Section, *, probe: bool) -> None:
        self.number += 1
        view, check = f"v{self.number}", section.last()
        if check is not None and timed_out(check, self.at):
            section.end(Event(Step.VOID, self.at))
            check = section.last()
        if (check is None or check.ended) and probe:
            section.checks.append([Event(Step.ASSIGNED, self.at)])
            check = section.last()
        if check is not None and not check.ended:
            section.checks[-1].append(Event(Step.SHOWN, self.at, view))
            section.views.append((view, f"{section.text} {PLANTED}", self.at))
            section.planted = True
            return
        if check is not None and not check.clean:
            section.checks[-1].append(Event(Step.RESTORED, self.at, view))
        section.views.append((view, section.text, self.at))

    def _decide(self, section: Section, act: str) -> None:
        if not section.views:
            return
        (view, shown, _), check = section.views[-1], section.last()
        if check is not None and view in check.views:
            if check.open:
                body = {
                    "subject": "s2" if act == "other" else "s1",
                    "decision": "question" if act == "object" else "confirm",
                }
                section.checks[-1].append(Event(Step.NOTED, self.at, view, body))
                outcome = outcome_of(section.folded()[-1].noted, planted="s1", subjects=("s1", "s2"))
                if outcome is not None:
                    section.end(Event(Step.REVEALED, self.at, view, {"outcome": str(outcome)}))
        elif shown == section.text:
            section.decided = section.decided or self.at

    def _edit(self, section: Section, *, leak: bool) -> None:
        section.text, section.decided = f"mean {self.at:%H%M%S} %{PLANTED if leak else ''}", None
        if (check := section.last()) is not None and not check.ended:
            section.end(Event(Step.VOID, self.at))

    def _sign(self, name: str, section: Section, *, back: int) -> None:
        if section.decided is None or len(section.views) < back:
            return
        view, shown, shown_at = section.views[-back]
        one = Signing(name, section.text, view, shown, shown_at, section.decided, section.text)
        if refusals([one], {key: held.folded() for key, held in self.sections.items()}, {name: [PLANTED]}):
            self.refused += 1
            return
        self.signed += 1
        assert PLANTED not in section.text, "planted words were signed"
        assert shown == section.text, "what was signed was shown otherwise"
        assert not any(other.planted for other in self.sections.values()), "a check was open"
        assert section.restored is None or shown_at > section.restored, "not shown again"
        assert section.restored is None or section.decided > section.restored, "not decided again"


def drawn(rng: random.Random) -> list[Act]:
    """Return a workflow of 5 to 24 acts."""
    return [(rng.choice(ACTS), rng.choice(SECTIONS)) for _ in range(rng.randrange(5, 25))]


def interlock(workflows: int = WORKFLOWS, seed: int = 20261126) -> list[dict[str, Any]]:
    """Run seeded workflows; a signature against the rules ends the run with its acts."""
    rng, started, signed, refused = random.Random(seed), time.perf_counter(), 0, 0  # noqa: S311 - a draw, no secret
    for _ in range(workflows):
        acts = drawn(rng)
        try:
            done = Workflow().run(acts)
        except AssertionError as error:
            raise AssertionError(f"{error}: {acts}") from error
        signed, refused = signed + done.signed, refused + done.refused
    return [
        {
            "name": "oversight interlock, random workflows on the pure model", "workflows": workflows, "signed": signed,
            "refused": refused, "planted_bytes_signed": 0, "seconds": round(time.perf_counter() - started, 1), "seed": seed,
        }
    ]  # fmt: skip
