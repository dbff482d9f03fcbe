"""Records: every record of the corpus by kind, product and period; each opens at its row in the source."""

from collections.abc import Callable

import streamlit as st

from corpus import records
from corpus.model import Record
from drafting.evidence.kinds import LISTINGS, kind_title, label
from drafting.fitting import Told, fitting
from review_ui import alike, session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, short_hash

Open = Callable[[str, int | None, str], None]  # document id, row, passage id
MOST, SHOWN = 2_000, 100
BROWSE, FITTING = "Browse", "How they fit together"
ASKED = {  # what is looked for, and what it means
    "unresolved": ("Named, but no record", "An identifier that a text or record names, and that is that of no record."),
    "duplicates": ("Two records of one identifier", "Two current files hold the same record with different content."),
    "orphans": ("Linked to nothing", "A record that names no other and is named by none."),
    "gaps": ("Missing numbers", "Numbers absent from a running sequence."),
    "one_sided": (
        "Known to one register only",
        "An identifier that one register knows and another does not; files that continue each other are one register.",
    ),
    "contradictions": (
        "Cannot all be true",
        "Values that contradict each other; nothing is drafted from them, and a person decides.",
    ),
}


def show(visit: Visit, open_source: Open) -> None:
    """Filter the records, list them, and show the chosen one with where it stands."""
    st.subheader("Records")
    with visit.ctx.database.read() as conn:
        kinds = records.kinds(conn)
    if not kinds:
        widgets.empty("Lists what the imported files hold.", "No record yet: bring files in under Import.")
        return
    made = st.tabs([BROWSE, FITTING], key=session.tab_key("records", first=BROWSE), on_change="rerun")
    if made[0].open:
        with made[0]:
            _browse(visit, kinds, open_source)
    if made[1].open:
        with made[1]:
            _fitting(visit)


def _browse(visit: Visit, kinds: dict[str, int], open_source: Open) -> None:
    found = _filtered(visit, kinds)
    if found is None:
        return
    shown = found[:MOST]
    more = f", the first {MOST:,} shown: narrow the filter" if len(found) > MOST else ""
    st.caption(f"{len(found):,} record(s){more}. Choose one to read it.")
    picked = st.dataframe(
        [_line(record) for record in shown], hide_index=True, on_select="rerun", selection_mode="single-row", height=300, key="records.rows"
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    if rows and rows[0] < len(shown):
        _record(visit, shown[rows[0]], open_source)


def _fitting(visit: Visit) -> None:
    """Look for what does not fit together; all records are compared, so a person asks for it."""
    product = st.text_input("Product (all where empty)", key="records.fitting.product", max_chars=60).strip() or None
    if not st.button("Look", icon=":material/manage_search:", key="records.fitting"):
        st.caption(
            "Compares every current record and text: references that resolve to nothing, duplicates, gaps, contradictions."
        )
        return
    with st.spinner("Comparing all records"):
        found = fitting(visit.ctx, ASKED, product=product, most=SHOWN)
    for name, (heading, meaning) in ASKED.items():
        told = found[name]
        icon = ":material/error:" if told.found else ":material/check:"
        with st.expander(f"{icon} {heading} ({_number(told)})", expanded=False):
            st.caption(meaning)
            for one in told.found:
                st.markdown(f"- {plain(str(one['message'])[:500])}")
            if told.total is None or told.total > len(told.found):
                st.caption(f"The first {len(told.found):,} of {_number(told)}; `verascribe records` lists them all.")


def _number(told: Told) -> str:
    return f"more than {len(told.found):,}" if told.total is None else f"{told.total:,}"


def _filtered(visit: Visit, kinds: dict[str, int]) -> list[Record] | None:
    one, two, three, four, five = st.columns([3, 2, 2, 2, 3], vertical_alignment="bottom")
    kind = one.selectbox(
        "Kind", sorted(kinds, key=kind_title), index=None, placeholder="Choose a kind", key="records.kind",
        format_func=lambda k: f"{kind_title(k)} ({kinds[k]:,})",
    )  # fmt: skip
    product = two.text_input("Product", key="records.product", max_chars=60)
    first = three.date_input("From", value=None, format="YYYY-MM-DD", key="records.from")
    last = four.date_input("To", value=None, format="YYYY-MM-DD", key="records.to")
    named = five.text_input("Identifier or any field contains", key="records.named", max_chars=200)
    if kind is None:
        st.caption(f"{sum(kinds.values()):,} records of {len(kinds)} kinds. Choose a kind.")
        return None
    with visit.ctx.database.read() as conn:
        found = records.current_records(
            conn, kind=kind, product=product.strip() or None, since=first.isoformat() if first else None,
            until=last.isoformat() if last else None,
        )  # fmt: skip
    wanted = named.strip().casefold()
    return [r for r in found if not wanted or _holds(r, wanted)]


def _holds(record: Record, wanted: str) -> bool:
    return wanted in record.identifier.casefold() or any(wanted in (v or "").casefold() for v in record.fields.values())


def _line(record: Record) -> dict[str, str]:
    listing = LISTINGS.get(record.kind)
    columns = listing.columns if listing else tuple(record.fields)[:8]
    return {
        "record": record.identifier,
        "product": record.product or "",
        "date": record.date or "",
        **{label(c): record.get(c) for c in columns if record.get(c) != record.identifier},
        "source": str(record.locator()),
    }


def _record(visit: Visit, record: Record, open_source: Open) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(kind_title(record.kind))} {plain(record.identifier)}**")
            if record.document.synthetic:
                st.badge("synthetic", icon=":material/science:", color="orange")
            st.caption(f"{plain(str(record.locator()))} · {short_hash(record.document.sha256)}")
        st.dataframe(
            [{"field": label(name), "as written": value or "", "unit": record.document.units.get(name, "")} for name, value in record.fields.items()],
            hide_index=True,
        )  # fmt: skip
        if st.button("Open in its source", icon=":material/visibility:", key="records.open"):
            open_source(record.document.id, record.row, "")
        alike.offer(visit, record.kind, record.identifier, open_source, key="records")
