"""Sources that differ: what several files say of one record or result, side by side; a writer or reviewer decides which counts."""

from collections.abc import Callable, Sequence

import streamlit as st

from corpus.model import SourceDocument
from corpus.preferences import LONGEST, Decision
from corpus.standing import RESULT
from drafting import clashes
from drafting.clashes import Differing, Listed, Source
from drafting.evidence.kinds import label
from review_ui import places, session, widgets
from review_ui.frame import Visit
from review_ui.presenters import kind_word, moment, plain

Open = Callable[[str, int | None, str, Sequence[str]], None]  # document id, row, passage id, headers of the cells
PAGE, DECISIONS = 8, 200  # shown at a time
ABREAST = 3  # sources in a line
CLIPPED = 400  # characters of a value
OPEN, DONE = "To decide", "Decided"


def show(visit: Visit, open_source: Open) -> None:
    """Show what nobody decided, and what persons decided with who, when and why."""
    st.subheader("Sources that differ")
    st.caption(
        "Current files that say different things of one record or result. What is in force stays so until a person decides which "
        "source counts, with a reason; sections that rest on it then ask to be drafted again."
    )
    if not visit.account.has(*clashes.DECIDING):
        st.badge("read only: a writer or reviewer decides", icon=":material/visibility:", color="gray")
    made = st.tabs([OPEN, DONE], key=session.tab_key("clashes", first=OPEN), on_change="rerun")
    for tab, show_tab in zip(made, (_to_decide, _decided), strict=True):
        if tab.open:
            with tab:
                show_tab(visit, open_source)


def _to_decide(visit: Visit, open_source: Open) -> None:
    wanted = places.product_wanted()
    one, two = st.columns([2, 3], vertical_alignment="bottom")
    product = one.text_input(
        "Product (all where empty)", value=wanted, key=f"clashes.product.{wanted}", max_chars=60
    ).strip()
    named = two.text_input("Record or result contains", key="clashes.named", max_chars=200).strip()
    with widgets.guarded():
        found = clashes.undecided(visit.ctx, product=product or None, containing=named)
        _listed(visit, found, open_source, filtered=bool(product or named))


def _listed(visit: Visit, found: Listed[Differing], open_source: Open, *, filtered: bool) -> None:
    if not found.total:
        widgets.empty(
            "Nothing waits for a decision" + (" here." if filtered else "."),
            "Take the filter away to see the others."
            if filtered
            else "Sources that differ are told at each import, and stand here.",
        )
        return
    pages = -(-found.total // PAGE)
    page = _page(pages)
    told = f", page {page} of {pages}" if pages > 1 else ""
    st.caption(f"{'More than ' if found.more else ''}{found.total:,} to decide{told}.")
    for differing in found.items[(page - 1) * PAGE : page * PAGE]:
        _card(visit, differing, open_source)


def _page(pages: int) -> int:
    """Ask for a page where there are several; the last one may have been decided meanwhile."""
    if pages == 1:
        return 1
    return min(int(st.number_input("Page", min_value=1, value=1, step=1, key="clashes.page", width=160)), pages)


def _decided(visit: Visit, open_source: Open) -> None:
    found = clashes.decided(visit.ctx, limit=DECISIONS)
    if not found.items:
        widgets.empty("Lists what persons decided, with who, when and why.", "Nobody decided yet.")
        return
    st.caption(f"{found.total:,} decision(s), the last one first. Choose one to see what the sources say now.")
    picked = st.dataframe(
        [_line(one) for one in found.items], hide_index=True, on_select="rerun", selection_mode="single-row", key="clashes.decided",
        column_config={"why": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    if rows and rows[0] < len(found.items):
        name = found.items[rows[0]].name
        differing = clashes.one(visit.ctx, name)
        if differing is None:
            st.info(f"The current sources of {plain(name)} say the same.", icon=":material/check:")
        else:
            _card(visit, differing, open_source)


def _line(one: Decision) -> dict[str, str]:
    return {
        "record or result": ", ".join((_title(one.kind, one.identifier), *one.also)),
        "source that counts": f"{one.document.shown}, version {one.document.version}",
        "decided by": one.user_id,
        "at": moment(one.at),
        "state": "counts" if one.counts else "decided anew since",
        "why": one.reason,
    }


def _title(kind: str, identifier: str) -> str:
    return f"{'Result' if kind == RESULT else kind_word(kind)} {identifier}"


def _card(visit: Visit, differing: Differing, open_source: Open) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(_title(differing.kind, differing.identifier))}**")
        if differing.why:
            st.caption(f"In force {plain(differing.why)}")
        for start in range(0, len(differing.sources), ABREAST):
            shown = differing.sources[start : start + ABREAST]
            for number, (column, source) in enumerate(
                zip(st.columns(min(ABREAST, len(differing.sources))), shown, strict=False), start=start
            ):
                with column:
                    _source(differing, source, f"{differing.name}.{number}", open_source)
        if visit.account.has(*clashes.DECIDING):
            _decide(visit, differing)


def _source(differing: Differing, source: Source, key: str, open_source: Open) -> None:
    document = source.document
    with st.container(horizontal=True, vertical_alignment="center"):
        if source.in_force:
            st.badge("in force", icon=":material/check:", color="green")
        else:
            st.badge("says otherwise", icon=":material/compare_arrows:", color="orange")
        if document.synthetic:
            st.badge("synthetic", icon=":material/science:", color="orange")
        told = "Open the cell" if source.row else "Open the text"
        if st.button(told, icon=":material/visibility:", key=f"clashes.open.{key}", type="tertiary"):
            open_source(document.id, source.row, "", source.headers)
    lines = (f"{plain(_field(document, name))}: {_literal(source, name)}" for name in differing.fields)
    st.markdown("  \n".join(lines))
    st.caption(
        f"{plain(document.shown)} v{document.version}, {plain(source.place)} · imported {moment(document.imported_at)}"
    )


def _field(document: SourceDocument, name: str) -> str:
    return document.labels.get(name) or label(name)


def _literal(source: Source, name: str) -> str:
    if name not in source.values:
        return "not different"
    literal = " ".join(source.values[name].split())
    return f"**{plain(literal[:CLIPPED])}**" if literal else "*nothing*"


def _decide(visit: Visit, differing: Differing) -> None:
    """Ask why, and offer each source; nothing is preselected."""
    documents = list({source.document.id: source.document for source in differing.sources}.values())
    with st.form(f"clashes.decide.{differing.name}", border=False, enter_to_submit=False):
        reason = st.text_input("Why this source counts", max_chars=LONGEST, placeholder="In your own words")
        pressed = None
        with st.container(horizontal=True):
            for document in documents:
                told = f"{plain(document.shown)} counts"
                if st.form_submit_button(
                    told, icon=":material/task_alt:", key=f"clashes.take.{differing.name}.{document.id}"
                ):
                    pressed = document
    if pressed is not None:
        with widgets.guarded():
            clashes.prefer(
                visit.ctx, kind=differing.kind, identifier=differing.identifier, document_id=pressed.id, reason=reason,
                actor=visit.actor, seen=differing.seen,
            )  # fmt: skip
            session.notice(plain(f"Decided: {pressed.shown} counts for {_title(differing.kind, differing.identifier)}"))
            st.rerun()
