"""Reliance on drafts in words: whether right advice was taken up and wrong advice withstood, from figures stated before the draft."""

from collections.abc import Mapping

import streamlit as st

from audit.oversight.model import Estimate
from drafting.evidence_first.outcomes import REVIEWS, RUNS, WEIGHT
from review_ui.catching import percent
from review_ui.presenters import plain

WHERE = {REVIEWS: "In reviews", RUNS: "In qualification runs"}
CALLED = {
    "rair": "Right draft taken up, of own wrong figures",
    "rsr": "Own figure kept, of right ones beside a wrong draft",
    "switch_fraction": "Draft followed, of figures that differed from it",
    "agreement": "Draft followed, of all figures",
    WEIGHT: "Weight of the draft (0 own figure, 1 draft)",
}


def show(measures: Mapping[str, Mapping[str, Estimate]]) -> None:
    """Show the measures of reviews and of qualification runs side by side, each with its interval and n."""
    st.markdown("**Figures stated before the draft**")
    known = {where: found for where, found in measures.items() if any(figure.value is not None for figure in found.values())}
    for where, found in known.items():
        st.dataframe(
            [{WHERE[where]: CALLED[name], "value": _value(name, figure), "95 % interval, n": _interval(name, figure)} for name, figure in found.items()],
            hide_index=True,
        )  # fmt: skip
    for where in measures.keys() - known.keys():
        reasons = dict.fromkeys(figure.reason for figure in measures[where].values())
        st.caption(plain(f"{WHERE[where]}: withheld ({'; '.join(reasons)})."))
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
