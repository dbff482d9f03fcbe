"""A qualification run: item by item, with the sources beside it; what was planted is told right after each decision."""

from collections.abc import Callable, Mapping

import streamlit as st

from audit.errors import NotFound
from audit.identity import Role, permit
from audit.oversight.model import Outcome
from drafting import queries
from drafting.evidence_first.challenges import ITEMS
from drafting.evidence_first.figures import Figure, Stated
from drafting.model import Table
from drafting.own_account import certificate
from drafting.probes import qualification
from drafting.probes.qualification import CLEAN, FAULTS, Feedback, Item, Run
from drafting.readmodel import SentenceView
from review_ui import panel, planted, session, stating, widgets
from review_ui.catching import RULE, TOO_OLD, standing
from review_ui.frame import Visit
from review_ui.presenters import emphasised, plain
from review_ui.revealed import proof, what
from review_ui.screens.section import STYLE

MISSING = "section"
SAID = {
    (True, True): ":material/check: You found the planted fault, and where it stood.",
    (True, False): ":material/visibility_off: The planted fault was not noticed this time.",
    (False, True): ":material/check: Nothing was planted, and you said so.",
    (False, False): ":material/help: Nothing was planted here; the objection does not stand.",
}


def show(visit: Visit, to_own: Callable[[], None]) -> None:
    """Show the run that is going on, or begin one."""
    permit(visit.account, Role.REVIEWER)
    mine = [run for run in qualification.runs(visit.ctx) if run.account_id == visit.account.id]
    run = next((r for r in mine if not r.ended or session.feedback(r.id) is not None), None)
    if run is None:
        _begin(visit, mine[-1] if mine else None, to_own)
        return
    st.html(STYLE)
    _head(run, to_own)
    told = session.feedback(run.id)
    if told is not None:
        _feedback(visit, run, *told)
        return
    item: Item | None = session.item(run.id) or qualification.next_item(visit.ctx, run_id=run.id, actor=visit.actor)
    if item is not None:
        session.keep_item(run.id, item)
        _item(visit, run, item)


def _begin(visit: Visit, last: Run | None, to_own: Callable[[], None]) -> None:
    st.subheader("Qualification run")
    held = certificate(visit.ctx, visit.account) is not None
    if last is None:
        _to_own(to_own)
    else:
        with st.container(border=True, key="result"):
            st.markdown(f"**{plain(last.number)}**  \n{plain(standing(last))}")
            st.markdown(_next_step(last, held=held))
            planted.show(visit, last)
            _to_own(to_own)
    st.markdown(
        f"{FAULTS + CLEAN} excerpts of sections of closed reports, {FAULTS} of them with a planted fault, in a random order. For each, mark the "
        "sentence or row that is wrong, say that something is missing, or say that nothing is wrong. Open every source you want; there is no "
        "time limit, and you may stop and go on later. After each you are told what was planted."
    )
    st.markdown(
        f"{ITEMS} more ask you for one figure before they show: some then say another one, some the right one. They count for no certificate."
    )
    st.caption(
        f"{RULE} Otherwise a refresh comes next, and then a new run with other faults. You and the training lead see how a run went; "
        "auditors may. Nothing of a run changes a report."
    )
    if visit.demo:
        st.caption("In this demo the excerpts may come from reports that are not closed.")
    again = last is not None and (last.certifiable or (last.passed and held))
    if st.button(
        "Begin a qualification run", type="secondary" if again else "primary", icon=":material/school:", key="run.begin"
    ):
        with widgets.guarded(), st.spinner("Preparing the excerpts"):
            qualification.start(visit.ctx, actor=visit.actor)
            st.rerun()


def _to_own(to_own: Callable[[], None]) -> None:
    if st.button("Go to my checks", icon=":material/arrow_back:", key="run.own"):
        to_own()


def _next_step(run: Run, *, held: bool) -> str:
    if run.certified:
        return "You hold the certificate." if held else "Its certificate has ended: a new run is needed for another."
    if run.passed and run.old:
        return f"This run {TOO_OLD}"
    if run.passed:
        return "The training lead certifies it next; your certificate then stands under My checks."
    return "Read below what was planted, talk it through with the training lead, and begin a new run when you are ready."


def _head(run: Run, to_own: Callable[[], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"##### Qualification run {plain(run.number)}", width="content")
        if run.demo:
            st.badge("demo", icon=":material/science:", color="orange")
        if st.button("Go on later", icon=":material/pause:", type="tertiary", key="run.pause"):
            to_own()
    st.progress(run.decided / len(run.items), f"{run.decided} of {len(run.items)} decided")


def _feedback(visit: Visit, run: Run, item: Item, feedback: Feedback) -> None:
    """Tell of the item that was just decided: its excerpt, the outcome, the place as it was shown and what the evidence says."""
    right = feedback.outcome is Outcome.CAUGHT
    with st.container(border=True, key="feedback"):
        st.caption(_heading(item))
        st.markdown(f"**{SAID[feedback.probe is not None, right]}**")
        if feedback.probe is not None:
            for sentence in (s for s in item.view.sentences if s.id in feedback.probe.places):
                st.caption(f"It was shown as: {plain(sentence.text)}")
            st.markdown(what(feedback.probe))
            proof(visit, item.view.summary.id, feedback.probe, key=item.check_id)
        if feedback.stated is not None:
            st.markdown(plain(_told(feedback.stated, planted=feedback.probe is not None)))
        word = "See the result" if run.ended else "Next"
        if st.button(word, type="primary", icon=":material/arrow_forward:", key="run.next", shortcut="n"):
            session.go_on(run.id)
            st.rerun()


def _first(visit: Visit, run: Run, item: Item, figure: Figure) -> None:
    """Ask for a figure before the excerpt shows."""
    middle, right = st.columns([3, 2], gap="medium")
    with right, st.container(key="evidence_column"):
        panel.show(item.view, session.source(item.check_id))

    def keep(answers: Mapping[str, str]) -> None:
        qualification.state(visit.ctx, check_id=item.check_id, answer=answers[figure.ref], actor=visit.actor)
        session.go_on(run.id)
        st.rerun()

    with middle:
        st.markdown(f"**{_heading(item)}**")
        st.caption("This excerpt asks for a figure before it shows. It counts for no certificate.")
        stating.ask([figure], item.view, key=item.check_id, keep=keep)
        stating.found_in(item.view, key=item.check_id, open_row=lambda subject, ref: _open(visit, item, subject, ref))


def _heading(item: Item) -> str:
    return f"Excerpt {item.number}: {plain(item.view.summary.title)}"


def _told(stated: Stated, *, planted: bool) -> str:
    """Return the reviewer's own figure, with the excerpt's and the evidence's where the planted fault has not said them."""
    own = f"you stated {stated.answer}" if stated.own is not None else "you could not tell"
    return f"{stated.label}: {own}" + (
        "." if planted else f", the excerpt said {stated.advice}, the evidence holds {stated.truth}."
    )


def _item(visit: Visit, run: Run, item: Item) -> None:
    if item.figure is not None and item.stated is None:
        _first(visit, run, item, item.figure)
        return
    middle, right = st.columns([3, 2], gap="medium")
    with right, st.container(key="evidence_column"):
        _whole(visit, run, item)
        panel.show(item.view, session.source(item.check_id))
    with middle:
        st.markdown(f"**{_heading(item)}**")
        for note in item.view.statements:
            st.caption(plain(note))
        for number, sentence in enumerate(item.view.sentences, start=1):
            _sentence(visit, run, item, sentence, number)
        for table in item.view.tables:
            _table(visit, run, item, table)


def _whole(visit: Visit, run: Run, item: Item) -> None:
    """Decide on the excerpt as a whole: in view wherever the page stands."""
    with st.container(horizontal=True):
        if st.button("Something is missing", icon=":material/playlist_remove:", key=f"missing.{item.check_id}"):
            _mark(item, MISSING)
        if st.button("Nothing is wrong", icon=":material/done_all:", key=f"nothing.{item.check_id}"):
            _decide(visit, run, item, "", "")
    if session.form(item.check_id) == (MISSING, "mark"):
        _say(visit, run, item, MISSING)


def _mark(item: Item, subject: str) -> None:
    session.open_form(item.check_id, subject, "mark")
    st.rerun()


def _sentence(visit: Visit, run: Run, item: Item, sentence: SentenceView, number: int) -> None:
    with st.container(border=True, key=f"card_{sentence.id}"):
        st.markdown(emphasised(sentence.text, sentence.spans))
        stating.beside((item.stated,) if item.stated else (), sentence)
        labels = {citation.ref: plain(citation.label) for citation in sentence.citations}
        if labels:
            subject, ref = session.opened(item.check_id)
            shown = ref if subject == sentence.id and ref in labels else None
            picked = st.pills(
                "Sources", list(labels), format_func=lambda r: labels[r], default=shown, label_visibility="collapsed",
                key=session.citations_key(sentence.id),
            )  # fmt: skip
            if picked is not None and picked != shown:
                _open(visit, item, sentence.id, picked)
        asked = widgets.findings(sentence.findings, sentence.said, key=f"{item.check_id}.{sentence.id}")
        if asked:
            _open(visit, item, sentence.id, asked)
        if session.form(item.check_id) == (sentence.id, "mark"):
            _say(visit, run, item, sentence.id)
        elif st.button(f"Sentence {number} is wrong", icon=":material/flag:", key=f"mark.{item.check_id}.{sentence.id}"):
            _mark(item, sentence.id)


def _table(visit: Visit, run: Run, item: Item, table: Table) -> None:
    subject = f"table:{table.id}"
    st.markdown(f"**{plain(table.title)}**")
    picked = st.dataframe(
        [dict(zip(table.columns, row, strict=False)) for row in table.rows], hide_index=True, on_select="rerun",
        selection_mode="single-row", key=f"table.{item.check_id}",
    )  # fmt: skip
    st.caption(plain(table.note) + (" " if table.note else "") + "Tick a row to open its source or to say that it is wrong.")
    rows = picked["selection"]["rows"]
    ref = table.refs[rows[0]] if rows and rows[0] < len(table.refs) else ""
    if rows:
        st.markdown(f"Row {rows[0] + 1} is chosen: {plain(' · '.join(table.rows[rows[0]]))}")
    with st.container(horizontal=True):
        if st.button(
            "Open the source of the row", icon=":material/visibility:", key=f"row.{item.check_id}", disabled=not ref
        ):
            _open(visit, item, subject, ref)
        if st.button("The chosen row is wrong", icon=":material/flag:", key=f"mark.{item.check_id}", disabled=not rows):
            _mark(item, subject)
    if session.form(item.check_id) == (subject, "mark") and rows:
        _say(visit, run, item, subject, rows[0])


def _open(visit: Visit, item: Item, subject: str, ref: str) -> None:
    with widgets.guarded():
        session.keep_source(item.check_id, subject, ref, queries.evidence_view(visit.ctx, item.view.summary.id, ref))
        st.rerun()


def _say(visit: Visit, run: Run, item: Item, subject: str, row: int | None = None) -> None:
    with st.form(f"say.{item.check_id}.{subject}", border=False):
        record = None
        if subject == MISSING and item.records:
            record = st.selectbox(
                "Record that the evidence holds", item.records, index=None, placeholder="Choose one where a record is missing",
                key=f"say.record.{item.check_id}",
            )  # fmt: skip
        words = st.text_input("What is missing" if subject == MISSING else "What is wrong", key=f"say.words.{item.check_id}")
        with st.container(horizontal=True):
            said, cancel = (
                st.form_submit_button("Decide", icon=":material/check:", type="primary"),
                st.form_submit_button("Cancel"),
            )
    if said:
        _decide(visit, run, item, subject, " ".join(part for part in (record, words) if part), row)
    if cancel:
        session.open_form(item.check_id, "", "")
        st.rerun()


def _decide(visit: Visit, run: Run, item: Item, subject: str, words: str, row: int | None = None) -> None:
    with widgets.guarded():
        try:
            told = qualification.decide(
                visit.ctx, check_id=item.check_id, subject=subject, text=words, actor=visit.actor, row=row
            )
        except NotFound:  # decided in another window
            session.go_on(run.id)
            raise
        session.keep_feedback(run.id, (item, told))
        st.rerun()
