"""New report: choose product, period and kind, see what is in scope and what is missing, draft with progress that can be cancelled."""

from datetime import date

import streamlit as st

from corpus import records
from corpus.model import Record
from drafting.generate import draft_report
from drafting.preview import ScopePreview, preview
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain

EVERY = "every strength"
NAMED = 12
LONGEST_LABEL = 25  # letters of a title on the row of kinds; a longer one stands there as its short name


def show(visit: Visit) -> None:
    """Ask for the scope and draft."""
    st.subheader("New report")
    with visit.ctx.database.read() as conn:
        listed = records.current_records(conn)
    if not listed:
        widgets.empty("Drafts a report from imported records.", "Import files first: verascribe ingest FOLDER")
        return
    outlines = visit.ctx.outlines
    kind = st.segmented_control(
        "Kind", list(outlines), default="apr_us", required=True,
        format_func=lambda k: outlines[k].title if len(outlines[k].title) <= LONGEST_LABEL else outlines[k].short,
    )  # fmt: skip
    cited = dict.fromkeys(
        c.cites.partition(",")[0].partition("(")[0].strip() for s in outlines[str(kind)].sections for c in s.clauses
    )
    if cited:
        st.caption(f"{outlines[str(kind)].title}. Its sections are mapped to {', '.join(cited)}.")
    if kind == "deviation":
        _deviation(visit, [r for r in listed if r.kind == "deviation"])
    else:
        _review(visit, str(kind), listed)


def _deviation(visit: Visit, listed: list[Record]) -> None:
    chosen = st.selectbox(
        "Deviation", listed, index=None, placeholder="Choose a deviation",
        format_func=lambda r: f"{r.identifier} · {r.get('title')} · {r.get('occurred_at')[:10]}",
    )  # fmt: skip
    if chosen is not None:
        st.caption(
            f"Recorded as {plain(chosen.get('class') or 'not classified')}, status {plain(chosen.get('status') or '-')}."
        )
    if st.button("Draft", type="primary", icon=":material/edit_document:", disabled=chosen is None) and chosen is not None:
        _draft(visit, kind="deviation", subject=chosen.identifier)


def _review(visit: Visit, kind: str, listed: list[Record]) -> None:
    batches = [r for r in listed if r.kind == "batch" and r.product]
    products = sorted(
        {r.product for r in listed if r.product and r.product != "*"}, key=records.natural
    )  # also without batches
    one, two, three, four = st.columns([2, 2, 2, 2])
    product = one.selectbox("Product", products, index=None, placeholder="Choose a product")
    made = [r for r in batches if r.product == product]
    strengths = sorted({r.strength for r in made if r.strength})
    strength = two.selectbox("Strength", [EVERY, *strengths], disabled=not product)
    first = three.date_input("Period from", value=None, min_value=date(1990, 1, 1), format="YYYY-MM-DD")
    last = four.date_input("Period to", value=None, min_value=date(1990, 1, 1), format="YYYY-MM-DD")
    if not product:
        st.caption("Choose product and period to see the records in scope.")
        return
    months = sorted(r.date for r in made if r.date)
    started = f", started from {months[0]} to {months[-1]}" if months else ""
    st.caption(f"{len(made)} batches of product {plain(product)} on file{started}.")
    if not (first and last):
        return
    chosen = None if strength == EVERY else strength
    found = preview(
        visit.ctx, kind=kind, product=product, period_from=first.isoformat(), period_to=last.isoformat(), strength=chosen
    )  # fmt: skip
    _scope(found)
    batches_in = next((line.in_scope for line in found.kinds if line.kind == "batch"), 0)
    if not batches_in:
        st.warning(
            "No batch was started in this period. A review of it says so, and reviews what went on: stability, complaints, commitments.",
            icon=":material/warning:",
        )
    if st.button("Draft", type="primary", icon=":material/edit_document:"):
        _draft(visit, kind=kind, product=product, period=(first.isoformat(), last.isoformat()), strength=chosen)


def _scope(found: ScopePreview) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.markdown("**Records in scope**")
        st.dataframe(
            [{"kind": k.kind.replace("_", " "), "records": k.in_scope, "date too coarse": len(k.undecidable)} for k in found.kinds],
            hide_index=True, height=330,
        )  # fmt: skip
    with right:
        st.markdown("**To know before drafting**")
        said = list(_warnings(found))
        for text in said:
            st.warning(text, icon=":material/warning:")
        if not said:
            st.success("Nothing is missing, overdue or refused.", icon=":material/check:")


def _warnings(found: ScopePreview) -> list[str]:
    said = []
    if found.missing:
        kinds = ", ".join(k.replace("_", " ") for k in found.missing)
        said.append(f"**No record at all of:** {plain(kinds)}. Their sections will say that the query found none.")
    said += [
        f"**Date too coarse to decide the period** ({plain(line.kind.replace('_', ' '))}): {_named(line.undecidable)}."
        for line in found.kinds
        if line.undecidable
    ]
    if found.overdue:
        said.append(f"**CAPAs past their date at the end of the period:** {_named(found.overdue)}.")
    if found.undisposed:
        said.append(f"**Batches without a disposition record:** {_named(found.undisposed)}.")
    said += [f"**{number} cells refused** at import of {plain(name)}." for name, number in found.refused.items()]
    return said


def _named(identifiers: tuple[str, ...]) -> str:
    rest = f" and {len(identifiers) - NAMED} more" if len(identifiers) > NAMED else ""
    return plain(", ".join(identifiers[:NAMED])) + rest


def _draft(
    visit: Visit,
    *,
    kind: str,
    product: str = "",
    period: tuple[str, str] = ("", ""),
    strength: str | None = None,
    subject: str = "",
) -> None:
    bar = st.progress(0.0, "Gathering the evidence")
    stop = st.empty()
    stop.button("Cancel", icon=":material/close:", key="new.cancel")  # any click ends this run between two sections

    def tell(what: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, f"{plain(what)} ({done} of {total})")

    with widgets.guarded():
        made = draft_report(
            visit.ctx, kind=kind, product=product, period_from=period[0], period_to=period[1], strength=strength,
            subject=subject or None, actor=visit.actor, progress=tell,
        )  # fmt: skip
        bar.empty()
        stop.empty()
        session.notice(f"Drafted {made.number}")
        st.success(
            f"Drafted **{plain(made.number)}** {plain(made.title)} with {len(made.sections)} sections. Find it in the inbox.",
            icon=":material/check:",
        )
