"""Reliance on drafts in words: whether right advice was taken up and wrong advice withstood, from figures stated before the draft."""

from collections.abc import Mapping

import streamlit as st

from audit.oversight.model import Estimate
from drafting.evidence_first.outcomes import REVIEWS, RUNS, WEIGHT
from review_ui.catching import percent
from review_ui.presenters import plain

WHERE = {REVIEWS: "In reviews", RUNS: "In qualification runs"}
CALLED = {
    "rair": "Right draft taken up, of own wrong figures (RAIR)",
    "rsr": "Own figure kept, of right ones beside a wrong draft (RSR)",
    "switch_fraction": "Draft followed, of figures that differed from it",
    "agreement": "Draft followed, of all figures",
    WEIGHT: "Weight of the draft (0 own figure, 1 draft)",
}


def show(measures: Mapping[str, Mapping[str, Estimate]]) -> None:
    """Show the measures of reviews and of qualification runs, each with its interval and n, or why they are withheld."""
    st.markdown("**Figures stated before the draft**")
    for where, found in measures.items():
        reasons = {figure.reason for figure in found.values()}
        if all(figure.value is None for figure in found.values()) and len(reasons) == 1:
            st.caption(plain(f"{WHERE[where]}: withheld ({reasons.pop()})."))
            continue
        lines = [
            f"{CALLED[name]} · **{_value(name, figure)}** ({plain(_interval(name, figure))})"
            if figure.value is not None
            else f"{CALLED[name]} · {plain(figure.reason)}"
            for name, figure in found.items()
        ]
        st.caption(f"**{WHERE[where]}**  \n" + "  \n".join(lines))
    st.caption(
        "In reviews a draft's figure is hardly ever wrong, as it is printed from the evidence. Whether a wrong one is noticed shows in qualification "
        "runs, where some excerpts say a wrong one."
    )


def _value(name: str, figure: Estimate) -> str:
    if figure.value is None:
        return ""
    return f"{figure.value:.2f}" if name == WEIGHT else percent(figure.value)


def _interval(name: str, figure: Estimate) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return figure.reason
    reach = (
        f"{figure.low:.2f} to {figure.high:.2f}" if name == WEIGHT else f"{percent(figure.low)} to {percent(figure.high)}"
    )
    return f"{reach}, n = {figure.n}"
