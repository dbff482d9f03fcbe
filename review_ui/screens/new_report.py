"""New report: choose product, period and kind, see what is in scope, draft with progress."""

from collections import Counter

import streamlit as st

from corpus import records
from drafting.generate import draft_report
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain


def show(visit: Visit) -> None:
    """Ask for the scope and draft."""
    st.subheader("New report")
    with visit.ctx.database.read() as conn:
        listed = records.current_records(conn)
    if not listed:
        widgets.empty("Drafts a report from imported records.", "Import files first: verascribe import FOLDER")
        return
    kind = st.segmented_control(
        "Kind", list(visit.ctx.outlines), default="apr_us", format_func=lambda k: visit.ctx.outlines[k].title, required=True
    )
    if kind == "deviation":
        names = [r.identifier for r in listed if r.kind == "deviation"]
        subject = st.selectbox("Deviation", names, index=None, placeholder="Choose a deviation")
        if st.button("Draft", type="primary", disabled=not subject):
            _draft(visit, kind=str(kind), subject=subject or "")
        return
    products = sorted({r.product for r in listed if r.product and r.kind == "batch"}, key=records.natural)
    left, middle, right = st.columns(3)
    product = left.selectbox("Product", products, index=None, placeholder="Choose a product")
    first = middle.date_input("Period from", value=None)
    last = right.date_input("Period to", value=None)
    if not (product and first and last):
        st.caption("Choose product and period to see the records in scope.")
        return
    with visit.ctx.database.read() as conn:
        inside = records.current_records(conn, product=product, since=first.isoformat(), until=last.isoformat())
    counts = Counter(r.kind for r in inside)
    st.markdown("**Records in scope by kind**")
    st.dataframe(
        [{"kind": k.replace("_", " "), "records": n} for k, n in sorted(counts.items())], hide_index=True, width="content"
    )
    if st.button("Draft", type="primary", disabled=not inside):
        _draft(visit, kind=str(kind), product=product, period=(first.isoformat(), last.isoformat()))


def _draft(visit: Visit, *, kind: str, product: str = "", period: tuple[str, str] = ("", ""), subject: str = "") -> None:
    bar = st.progress(0.0, "Gathering the evidence")

    def tell(what: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, f"{plain(what)} ({done} of {total})")

    with widgets.guarded():
        made = draft_report(
            visit.ctx, kind=kind, product=product, period_from=period[0], period_to=period[1], subject=subject or None,
            actor=visit.actor, progress=tell,
        )  # fmt: skip
        bar.empty()
        session.notice(f"Drafted {made.number}")
        st.success(
            f"Drafted **{plain(made.number)}** {plain(made.title)} with {len(made.sections)} sections.",
            icon=":material/check:",
        )
