"""A section as one person sees it under a view, and the way every act on it is attempted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from audit.errors import Stale
from drafting import queries, review
from drafting.probes import live
from drafting.probes.noting import complete
from drafting.probes.workflow import Noted
from drafting.readmodel import SectionView
from drafting.working import WorkingText
from review_ui import session, widgets
from review_ui.frame import Visit


@dataclass(frozen=True)
class Room:
    """A section as shown to this person, under a view that the server issued, and what they typed and have not saved."""

    visit: Visit
    view: SectionView
    seen: str
    working: dict[str, WorkingText]

    @property
    def id(self) -> str:
        """Return the section's id."""
        return self.view.summary.id

    @property
    def deciding(self) -> bool:
        """Tell whether this person decides sentences here."""
        return self.view.capacity in ("author", "reviewer") and not self.closed

    @property
    def closed(self) -> bool:
        """Tell whether the report is approved or superseded: a change is an amendment."""
        return self.view.report.state in ("approved", "superseded")


def attempt(room: Room, act: Callable[[], object], *, told: str) -> None:
    """Do one act; then show the section anew. A problem leaves what was typed where it is."""
    with widgets.guarded():
        act()
        session.forget_view(room.id)
        session.open_form(room.id, "", "")
        session.notice("An oversight check ended" if session.reveal(room.id) is not None else told)
        st.rerun()


def reviewed(room: Room, notes: Sequence[Noted], act: Callable[[], object], *, told: str) -> None:
    """Do one act of the review; where the view holds an oversight check, note there what it says instead, and tell the outcome."""

    def do() -> None:
        if room.view.capacity != "reviewer":
            act()
            return
        for note in reversed(notes):  # what the act itself asks for comes last
            complete(note)
        for note in notes:
            try:
                ended = live.decide(room.visit.ctx, seen=room.seen, note=note, actor=room.visit.actor)
            except Stale:
                session.forget_view(room.id)
                raise
            if ended is None:
                act()
                return
            if isinstance(ended, live.Reveal):
                session.keep_reveal(room.id, ended)
                return

    attempt(room, do, told=told)


def look_at(room: Room, ref: str) -> None:
    """Show the source of a reference that belongs to no sentence yet, or to the section as a whole: nobody is asked to open it."""
    with widgets.guarded():
        session.keep_source(room.id, "", ref, queries.evidence_view(room.visit.ctx, room.id, ref))
        st.rerun()


def open_source(room: Room, subject: str, ref: str) -> None:
    """Open the source of a reference deliberately, and show it beside the sentences."""
    with widgets.guarded():
        opened = review.open_source(
            room.visit.ctx, section_id=room.id, subject=subject, ref=ref, actor=room.visit.actor
        )  # fmt: skip
        session.choose(room.id, subject)
        session.keep_source(room.id, subject, ref, opened)
        st.rerun()
