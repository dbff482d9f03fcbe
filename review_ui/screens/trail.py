"""Trail: who did what to which object, when and why, with the values before and after."""

import json
from typing import Any

import streamlit as st

from audit import trail
from audit.actions import Action
from audit.chain import Entry
from audit.export import table
from drafting.alarms import verify_trail
from review_ui import widgets
from review_ui.frame import Visit

MOST = 500


def show(visit: Visit) -> None:
    """Filter the trail, look at one entry, verify the chain, take a copy."""
    st.subheader("Trail")
    who, what, since, until, words = st.columns([2, 3, 2, 2, 3])
    user = who.text_input("Who (user id)")
    action = what.selectbox("What", [str(a) for a in Action], index=None, placeholder="Any act")
    first = since.date_input("From", value=None)
    last = until.date_input("Until", value=None)
    containing = words.text_input("Containing")
    with visit.ctx.database.read() as conn:
        found = trail.entries(
            conn, user=user.strip() or None, action=action, since=first.isoformat() if first else None,
            until=last.isoformat() if last else None, containing=containing.strip() or None, limit=MOST, newest_first=True,
        )  # fmt: skip
        total = trail.count(conn)
    if not found:
        widgets.empty("Shows every act in this home, newest first.", f"No entry of {total:,} matches: widen the filter.")
        return
    st.caption(f"{len(found):,} shown of {total:,} entries (at most {MOST}), newest first")
    picked = st.dataframe(
        [_line(entry) for entry in found],
        hide_index=True,
        height=320,
        on_select="rerun",
        selection_mode="single-row",
        key="trail.rows",
    )
    rows = picked["selection"]["rows"]
    if rows:
        _entry(found[rows[0]])
    left, right, _ = st.columns([2, 2, 5])
    left.download_button(
        "Export these as CSV", table(found), file_name="trail.csv", mime="text/csv", icon=":material/download:"
    )
    if right.button("Verify the trail", icon=":material/verified:"):
        _verify(visit)


def _line(entry: Entry) -> dict[str, str | int]:
    return {
        "entry": entry.seq,
        "at": entry.at[:19],
        "who": entry.actor.user_id,
        "role": entry.actor.role,
        "act": str(entry.action),
        "object": f"{entry.object_kind} {entry.object_id[:12]}",
        "reason": entry.reason or "",
    }


def _entry(entry: Entry) -> None:
    before, after = st.columns(2)
    before.caption("Before")
    before.code(_text(entry.old), language=None, wrap_lines=True)
    after.caption("After")
    after.code(_text(entry.new), language=None, wrap_lines=True)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _verify(visit: Visit) -> None:
    verdict = verify_trail(visit.ctx, actor=visit.actor)
    st.info(
        f"Integrity: {verdict.integrity}. Completeness: {verdict.completeness}. {verdict.entries:,} entries, {len(verdict.findings)} findings.",
        icon=":material/verified:",
    )
    if verdict.findings:
        st.dataframe(
            [{"check": f.check, "entry": str(f.entry), "finding": f.message} for f in verdict.findings], hide_index=True
        )
