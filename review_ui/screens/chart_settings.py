"""What people decided of the charts of an attribute: its approved baseline, what matters in practice, its run rules; and the forms to decide."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from audit.errors import Invalid
from audit.identity import LONGEST_REASON
from drafting import chart_decisions
from drafting.chart_decisions import ChartKind, ChartVersion
from drafting.charting import ChartView, Period
from drafting.deciding_charts import (
    APPROVING,
    CONFIGURING,
    SITE,
    Place,
    Proposed,
    Secret,
    approve_baseline,
    choose_rules,
    propose_baseline,
    set_limit,
    withdraw,
)
from drafting.evidence.scope import Loaded
from drafting.statistics.exact import rounded
from drafting.statistics.rules import RuleSet
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import moment, plain

KINDS = {
    ChartKind.BASELINE: "Baseline",
    ChartKind.LIMIT: "Practical limit",
    ChartKind.RULES: "Run rules",
}
HERE, EVERYWHERE = "This attribute", "The site"
PLACES = 4  # of figures that are computed


def show(visit: Visit, period: Period, loaded: Loaded, view: ChartView) -> None:
    """Show what is in force for an attribute, the forms of those who may decide, and every version."""
    place = Place(period.product, view.attribute.name, period.strength)
    baseline, limits = st.columns(2)
    with baseline:
        _baseline(visit, loaded, view, place)
    with limits:
        _limit(visit, view, place)
        _rules(visit, loaded, view, place)
    _history(visit, place)


def _baseline(visit: Visit, loaded: Loaded, view: ChartView, place: Place) -> None:
    st.markdown("**Baseline**")
    if view.baseline is None:
        st.caption("Nobody approved a baseline: limits are those of the 12 months before, or of the values shown.")
    else:
        st.markdown(plain(view.baseline.told[:1].upper() + view.baseline.told[1:]))
        for batch, reason in view.baseline.excluded:
            st.caption(f"Without batch {plain(batch)}: {plain(reason)}")
        later = (
            "It applies to this period."
            if view.baseline.period_to < loaded.scope.period_from
            else "It applies to later periods."
        )
        st.caption(f"{plain(view.baseline.stated.reason)}  \n{later}")
    if not visit.account.has(*APPROVING):
        st.caption("A qualified approver approves a baseline.")
        return
    with st.expander("Approve a baseline", icon=":material/approval:"), widgets.guarded():
        _approve(visit, loaded, place)
    if view.baseline is not None:
        with st.expander("Withdraw the baseline", icon=":material/undo:"):
            _withdraw(visit, ChartKind.BASELINE, place)


def _approve(visit: Visit, loaded: Loaded, place: Place) -> None:
    key = f"charts.baseline.{place.told}"
    begin, end = st.columns(2)
    first = begin.date_input(
        "First day", value=date.fromisoformat(loaded.before[0]), key=f"{key}.from.{loaded.scope.period_from}"
    )
    last = end.date_input("Last day", value=date.fromisoformat(loaded.before[1]), key=f"{key}.to.{loaded.scope.period_from}")
    typed = st.text_area(
        "Batches to leave out", key=f"{key}.out", placeholder="One a line: BATCH: why", max_chars=20_000, height=80
    )
    days = {"period_from": first.isoformat(), "period_to": last.isoformat()}
    out = _left_out(typed)
    proposed = propose_baseline(visit.ctx, place=place, excluded=out, **days)
    _proposed(proposed)
    with st.form(f"{key}.form", border=False, clear_on_submit=False, enter_to_submit=False):
        reason = _why(f"{key}.why")
        secret = _secret(visit, key)
        pressed = st.form_submit_button("Approve this baseline", icon=":material/approval:", key=f"{key}.go")
    if pressed:
        approve_baseline(
            visit.ctx, place=place, excluded=out, reason=reason, secret=secret, actor=visit.actor, seen=proposed.data, **days
        )
        _done("The baseline is approved; charts of later periods are held against it")


def _left_out(typed: str) -> dict[str, str]:
    found = {}
    for line in typed.splitlines():
        if line.strip():
            batch, colon, reason = line.partition(":")
            if not colon:
                raise Invalid(f"'{line[:80]}' names no reason.", remedy="Write BATCH: why.")
            found[batch.strip()] = reason
    return found


def _proposed(found: Proposed) -> None:
    limits = found.limits
    figures = (("centre", limits.centre), ("sigma", limits.sigma), ("lower", limits.lower), ("upper", limits.upper))
    st.caption(
        f"{len(found.batches)} batches, {plain(found.batches[0])} to {plain(found.batches[-1])}: "
        + ", ".join(f"{name} {rounded(value, PLACES)}" for name, value in figures)
    )
    if found.signalling:
        st.warning(
            f"{len(found.signalling)} of these batches signal: {plain(', '.join(found.signalling[:20]))}.",
            icon=":material/warning:",
        )


def _limit(visit: Visit, view: ChartView, place: Place) -> None:
    st.markdown("**What matters in practice**")
    limit = view.practical
    if limit is None:
        st.caption("No practical limit was set beforehand.")
    else:
        difference = f"smallest difference that matters {limit.difference}" if limit.difference else ""
        alerts = f"alert limits {limit.alerts}, {len(view.alerted)} value(s) beyond" if limit.alerts else ""
        st.markdown(plain("; ".join(part for part in (difference, alerts) if part)))
        st.caption(f"{plain(limit.stated.reason)} · {plain(limit.stated.user_id)}, {moment(limit.stated.at)}")
    if not visit.account.has(*APPROVING):
        return
    key = f"charts.limit.{place.told}"
    with st.expander("Set a practical limit", icon=":material/straighten:"):
        with st.form(f"{key}.form", border=False, enter_to_submit=False):
            one, two, three = st.columns(3)
            difference = one.text_input("Smallest difference", key=f"{key}.difference", max_chars=40)
            lower = two.text_input("Lower alert limit", key=f"{key}.lower", max_chars=40)
            upper = three.text_input("Upper alert limit", key=f"{key}.upper", max_chars=40)
            reason = _why(f"{key}.why")
            pressed = st.form_submit_button("Set these limits", icon=":material/check:", key=f"{key}.go")
        if pressed:
            with widgets.guarded():
                set_limit(
                    visit.ctx, place=place, difference=difference, alert_lower=lower, alert_upper=upper, reason=reason,
                    actor=visit.actor,
                )  # fmt: skip
                _done("The practical limit is set")
    if limit is not None:
        with st.expander("Withdraw the practical limit", icon=":material/undo:"):
            _withdraw(visit, ChartKind.LIMIT, place)


def _rules(visit: Visit, loaded: Loaded, view: ChartView, place: Place) -> None:
    st.markdown("**Run rules**")
    own = view.attribute.name in loaded.charts.rules
    chosen = "chosen for this attribute" if own else f"of the site{'' if '' in loaded.charts.rules else ', by default'}"
    alarm = (
        f" Of processes in control {view.alarm} % show a signal in {view.attribute.values} batches." if view.alarm else ""
    )
    st.markdown(plain(f"{view.rules[:1].upper()}{view.rules[1:]}, {chosen}."))
    st.caption(alarm.strip())
    if not visit.account.has(*CONFIGURING):
        return
    key = f"charts.rules.{place.told}"
    with st.expander("Choose run rules", icon=":material/rule:"):
        with st.form(f"{key}.form", border=False, enter_to_submit=False):
            rules = st.selectbox("Rules", [str(r) for r in RuleSet], index=None, placeholder="Choose", key=f"{key}.set")
            scope = st.radio("For", [HERE, EVERYWHERE], horizontal=True, key=f"{key}.scope")
            reason = _why(f"{key}.why")
            pressed = st.form_submit_button("Choose these rules", icon=":material/check:", key=f"{key}.go")
        if pressed:
            with widgets.guarded():
                if rules is None:
                    st.error("Choose a set of rules.", icon=":material/error:")
                    return
                choose_rules(
                    visit.ctx, rules=RuleSet(rules), reason=reason, actor=visit.actor, place=place if scope == HERE else SITE
                )
                _done("The run rules are chosen")
    if own:
        with st.expander("Withdraw the rules of this attribute", icon=":material/undo:"):
            _withdraw(visit, ChartKind.RULES, place)


def _withdraw(visit: Visit, kind: ChartKind, place: Place) -> None:
    key = f"charts.withdraw.{kind}.{place.told}"
    with st.form(f"{key}.form", border=False, enter_to_submit=False):
        reason = _why(f"{key}.why")
        secret = _secret(visit, key) if kind is ChartKind.BASELINE else None
        pressed = st.form_submit_button("Withdraw", icon=":material/undo:", key=f"{key}.go")
    if pressed:
        with widgets.guarded():
            withdraw(visit.ctx, kind=kind, place=place, reason=reason, actor=visit.actor, secret=secret)
            _done(f"{KINDS[kind]} withdrawn")


def _why(key: str) -> str:
    return st.text_input("Why", max_chars=LONGEST_REASON, placeholder=widgets.OWN_WORDS, key=key)


def _secret(visit: Visit, key: str) -> Secret:
    user, passphrase = st.columns(2)
    return Secret(
        user.text_input("User id", key=f"{key}.user", max_chars=64, autocomplete="off", placeholder=visit.account.user_id),
        passphrase.text_input("Signing passphrase", type="password", key=f"{key}.passphrase", autocomplete="off"),
    )


def _done(text: str) -> None:
    session.notice(text)
    st.rerun()


def _history(visit: Visit, place: Place) -> None:
    with visit.ctx.database.read() as conn:
        every = chart_decisions.versions(conn, product=place.product)
    mine = [v for v in every if v.attribute in ("", place.attribute) and v.strength in ("", place.strength)]
    if mine:
        st.markdown(f"**Versions** ({len(mine)})")
        st.dataframe(_lines(mine), hide_index=True, height=min(38 + 35 * len(mine), 260))


def _lines(found: Sequence[ChartVersion]) -> list[dict[str, str | int]]:
    return [
        {
            "what": KINDS[v.kind], "of": "this attribute" if v.attribute else "site", "version": v.version,
            "decided": "withdrawn" if v.withdrawn else chart_decisions.shown(v), "why": v.reason, "by": v.user_id, "at": moment(v.at),
        }
        for v in reversed(found)
    ]  # fmt: skip
