"""Groups of signals: the largest that wait for a person first, single signals on demand, and what a person found of a group."""

from collections.abc import Sequence

import streamlit as st

from audit.identity import LONGEST_REASON
from drafting.chart_decisions import Outcome
from drafting.charting import Period
from drafting.disposing import DISPOSING, dispose
from drafting.evidence.control import Together
from drafting.evidence.grouped import titles
from drafting.evidence.scope import Loaded
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import moment, plain

PAGE = 10  # groups at a time
MOST_NAMED = 2  # attributes in the choice of a group
OPEN, DONE = "Open", "Disposed"


def show(visit: Visit, period: Period, loaded: Loaded, found: Sequence[Together]) -> None:
    """Show the groups of a period, and the chosen one with its signals and the form to dispose of it."""
    waiting = [g for g in found if g.open]
    signals = sum(g.shared.signals for g in found)
    st.caption(
        f"{signals:,} signals of all attributes fall into {len(found):,} groups that cover much the same batches; {len(waiting):,} wait for a "
        f"person. Rules in force: {_rules(loaded)}. A disposition holds for these signals; where they change, the group is open again."
    )
    if not found:
        widgets.empty("No attribute signals in this period.", "Choose another period, or other run rules.")
        return
    state, which = st.columns([3, 1], vertical_alignment="bottom")
    wanted = state.segmented_control(
        "Groups", [OPEN, DONE], default=OPEN, key="charts.groups.state", format_func=lambda s: f"{s} ({_count(found, s)})"
    )
    listed = [g for g in found if bool(g.open) == (wanted != DONE)]
    pages = max(1, -(-len(listed) // PAGE))
    page = min(int(which.number_input(f"Page of {pages}", min_value=1, value=1, step=1, key="charts.groups.page")), pages)
    shown = listed[(page - 1) * PAGE : page * PAGE]
    if not shown:
        st.info(
            "Every group was disposed of." if wanted != DONE else "Nobody disposed of a group yet.", icon=":material/info:"
        )
        return
    st.dataframe([_line(loaded, g) for g in shown], hide_index=True, height=38 + 35 * len(shown), column_config=_WIDTHS)
    by_key = {g.key: g for g in shown}
    chosen = st.selectbox(
        "Group to look at", list(by_key), format_func=lambda key: _named(by_key[key]), key="charts.groups.chosen"
    )
    _card(visit, period, loaded, by_key.get(chosen, shown[0]))


_WIDTHS = {
    "attributes": st.column_config.TextColumn(width="large"),
    "disposition": st.column_config.TextColumn(width="large"),
}


def _rules(loaded: Loaded) -> str:
    own = sum(bool(a) for a in loaded.charts.rules)
    return str(loaded.charts.site_rules) + (f", {own} attribute(s) otherwise" if own else "")


def _count(found: Sequence[Together], state: str) -> int:
    return sum(bool(g.open) == (state == OPEN) for g in found)


def _line(loaded: Loaded, group: Together) -> dict[str, str | int]:
    return {
        "batches": _batches(group),
        "signals": group.shared.signals,
        "attributes": titles(loaded, group),
        "disposition": group.told,
    }


def _batches(group: Together) -> str:
    first, last = group.shared.first, group.shared.last
    return first if first == last else f"{first} to {last}"


def _named(group: Together) -> str:
    names = group.shared.attributes
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{_batches(group)} · {group.shared.signals} signal{'' if group.shared.signals == 1 else 's'} · {', '.join(names[:MOST_NAMED])}{rest}"


def _card(visit: Visit, period: Period, loaded: Loaded, group: Together) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Batches {plain(_batches(group))}**")
            if group.open:
                st.badge("open", icon=":material/pending:", color="orange")
            else:
                st.badge("disposed", icon=":material/check:", color="green")
        lines = [
            {
                "attribute": loaded.title(r.group.attribute), "first": r.group.first, "last": r.group.last, "signals": r.group.signals,
                "rules": "; ".join(r.group.rules), "disposition": r.disposition.told if r.disposition else "open",
            }
            for r in group.runs
        ]  # fmt: skip
        st.dataframe(lines, hide_index=True, height=min(38 + 35 * len(lines), 260))
        _found(group)
        if visit.account.has(*DISPOSING):
            _dispose(visit, period, group)
        else:
            st.caption("A writer, reviewer or approver disposes of a group.")


def _found(group: Together) -> None:
    made = dict.fromkeys(run.disposition for run in group.runs if run.disposition)
    for one in {(d.outcome, d.record, d.reason, d.user_id, d.at): d for d in made}.values():
        st.markdown(f"**{plain(one.told)}**: {plain(one.reason)}")
        st.caption(f"{plain(one.user_id)}, {moment(one.at)}")
    for before in {(d.reason, d.at): d for run in group.open if (d := run.before)}.values():
        st.warning(
            f"Disposed of before its signals changed: {plain(before.told)}, {plain(before.user_id)} {moment(before.at)}: {plain(before.reason)}",
            icon=":material/history:",
        )


def _dispose(visit: Visit, period: Period, group: Together) -> None:
    """Ask what was found, and why; nothing is preselected."""
    with st.form(f"charts.dispose.{group.key}", border=False, enter_to_submit=False):
        left, right = st.columns(2)
        outcome = left.selectbox(
            "What was found", [str(o) for o in Outcome], index=None, placeholder="Choose", key=f"charts.outcome.{group.key}"
        )
        record = right.text_input(
            "Record that it refers to", placeholder="deviation/DEV-2020-014", max_chars=200, key=f"charts.record.{group.key}",
            help="Needed for a known cause (any record) and for what is to be investigated (a deviation or CAPA).",
        )  # fmt: skip
        reason = st.text_input("Why", max_chars=LONGEST_REASON, placeholder=widgets.OWN_WORDS, key=f"charts.why.{group.key}")
        pressed = st.form_submit_button(
            "Dispose of this group", icon=":material/task_alt:", key=f"charts.disposed.{group.key}"
        )
    if pressed:
        with widgets.guarded():
            if outcome is None:
                st.error("Choose what was found.", icon=":material/error:")
                return
            dispose(
                visit.ctx,
                chosen=period,
                key=group.key,
                outcome=Outcome(outcome),
                record=record,
                reason=reason,
                actor=visit.actor,
            )
            session.notice(plain(f"Disposed: batches {_batches(group)}, {outcome}"))
            st.rerun()
