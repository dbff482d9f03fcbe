"""The site's oversight figures: withheld below five reviewers or thirty checks, the machine's own errors beside them; nobody is named."""

import streamlit as st

from drafting.overseeing.figures import SITE_CHECKS, SITE_REVIEWERS
from drafting.overseeing.pages import InForce, Site, in_force, site
from review_ui import reliance, widgets
from review_ui.catching import families_chart, headline, interval, percent
from review_ui.frame import Visit
from review_ui.presenters import plain


def show(visit: Visit) -> None:
    """Show tiles, catch rates by family, and the rates and library in force."""
    shown = site(visit.ctx, visit.account)
    tiles = (
        ("Catch rate, machine drafts", shown.catch),
        ("Catch rate, human alone", shown.alone),
        ("Machine sentences wrong", shown.natural),
        ("Correct texts objected to", shown.false_rejects),
    )
    for column, (label, figure) in zip(st.columns(len(tiles), gap="medium"), tiles, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(label, headline(figure))
            st.caption(plain(interval(figure)))
    st.caption(
        f"Figures stand from {SITE_REVIEWERS} reviewers and {SITE_CHECKS} checks on, take in new checks with those of {SITE_REVIEWERS} reviewers at "
        "once, and name nobody. An objection counts as one to a correct text "
        "where the same reviewer confirmed the same text afterwards. Sentences of the machine are those that people decided in this home. "
        "Human alone are faults in sentences of sections that no machine drafted: they count in no other figure and raise no alarm. Which section "
        "has a machine draft is not left to chance, so a difference may lie in the sections."
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        _families(shown)
        reliance.show(shown.reliance)
    with right:
        _in_force(in_force(visit.ctx, visit.account))
        _voids(shown)


def _families(shown: Site) -> None:
    st.markdown("**Catch rate by family of fault**")
    spec = families_chart(shown.families)
    if spec is None:
        widgets.empty(
            "Catch rates with their intervals stand here, a line for each family.",
            f"{shown.checks} checks of routine work have ended so far.",
        )
    else:
        st.vega_lite_chart(spec=spec, width="content", theme=None)
    withheld = [f"{family}: {figure.reason}" for family, figure in shown.families.items() if figure.value is None]
    if withheld and spec is not None:
        st.caption("Withheld  \n" + "  \n".join(plain(one) for one in withheld))


def _in_force(shown: InForce) -> None:
    st.markdown("**In force**")
    with st.container(border=True):
        widgets.facts(
            {
                **{str(switch).capitalize(): "on" if on else "off" for switch, on in shown.on.items()},
                "Live checks, of sections": percent(shown.rates.base),
                "The same in a burst": percent(shown.rates.burst),
                "Over time, at most": percent(shown.rates.long_run),
                "Rate of evidence-first sections": percent(shown.rates.evidence_first),
                "Library of faults": f"version {shown.generator}",
                "Reports without checks": ", ".join(shown.excluded) or "none",
            }
        )


def _voids(shown: Site) -> None:
    st.markdown("**Checks without an outcome**")
    with st.container(border=True):
        if shown.voids:
            widgets.facts({why.capitalize(): str(number) for why, number in sorted(shown.voids.items())})
        else:
            st.caption(f"None, or of fewer than {SITE_REVIEWERS} reviewers.")
