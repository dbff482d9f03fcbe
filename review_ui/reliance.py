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
        if all(figure.value is None for figure in found.values()):
            reasons = dict.fromkeys(figure.reason for figure in found.values())
            st.caption(plain(f"{WHERE[where]}: withheld ({'; '.join(reasons)})."))
            continue
        lines = [
            f"{CALLED[name]}: **{_value(name, figure)}** ({plain(_interval(name, figure))})"
            for name, figure in found.items()
        ]
        st.caption(f"**{WHERE[where]}**  \n" + "  \n".join(lines))
    st.caption("A draft prints its figures from the evidence: whether a wrong one is withstood, qualification runs tell.")


def _value(name: str, figure: Estimate) -> str:
    if figure.value is None:
        return "withheld"
    return f"{figure.value:.2f}" if name == WEIGHT else percent(figure.value)


def _interval(name: str, figure: Estimate) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return figure.reason
    reach = (
        f"{figure.low:.2f} to {figure.high:.2f}" if name == WEIGHT else f"{percent(figure.low)} to {percent(figure.high)}"
    )
    return f"{reach}, n = {figure.n}"
