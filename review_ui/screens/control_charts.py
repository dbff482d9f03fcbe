"""Control charts: any attribute of a product over a period, with its signals, its limits and where they come from; what people decide of them."""

import calendar
from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from drafting.charting import (
    Attribute,
    ChartView,
    Period,
    Product,
    attributes,
    chart_view,
    groups,
    loaded_of,
    products,
    reviewed,
)
from drafting.documents.charts import chart_spec
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain
from review_ui.screens import chart_settings, signal_groups

EVERY, CHOSEN = "every strength", "chosen days"
WIDTH = 760  # of the plot in pixels: with its labels it fills a page of 1280
MOST_SIGNALS_TOLD = 500
CHART, SIGNALS, SETTINGS = "Chart", "Groups of signals", "Baseline, limits and rules"


def show(visit: Visit) -> None:
    """Ask for product, period, strength and attribute; show the chart and what belongs to it."""
    st.subheader("Control charts")
    with visit.ctx.database.read() as conn:
        listed = products(conn)
    if not listed:
        widgets.empty(
            "Draws any measured attribute over the batches of a product.",
            "Import batch records first: verascribe ingest FOLDER",
        )
        return
    period = _period(visit, listed)
    key = period.product
    with widgets.guarded():
        loaded = loaded_of(visit.ctx, period)
        found = attributes(loaded)
        if not found:
            widgets.empty(
                "No batch of this product was measured in this period.", "Choose a longer period or another strength."
            )
            return
        kept = st.selectbox("Attribute", found, format_func=_attribute, key=f"charts.attribute.{key}")
        chosen = next((a for a in found if kept and a.name == kept.name), found[0])
        made = st.tabs([CHART, SIGNALS, SETTINGS], key=session.tab_key("charts", first=CHART), on_change="rerun")
        shows: tuple[Callable[[], None], ...] = (
            lambda: _chart(chart_view(loaded, chosen)),
            lambda: signal_groups.show(visit, period, loaded, groups(loaded)),
            lambda: chart_settings.show(visit, period, loaded, chart_view(loaded, chosen)),
        )
        for tab, show_tab in zip(made, shows, strict=True):
            if tab.open:
                with tab:
                    show_tab()


def _period(visit: Visit, listed: Sequence[Product]) -> Period:
    """Ask for a product and the days that are charted, or for the report whose period it is."""
    what, strengths, reports, begin, end = st.columns([4, 2, 2, 2, 2])
    product = what.selectbox("Product", listed, format_func=_product, key="charts.product")
    key = product.code
    with visit.ctx.database.read() as conn:
        reviews = reviewed(conn, key)
    report = reports.selectbox("Period of", [CHOSEN, *reviews], key=f"charts.report.{key}")
    of_report = reviews.get(report)
    strength = strengths.selectbox(
        "Strength", [EVERY, *product.strengths], key=f"charts.strength.{key}", disabled=of_report is not None
    )
    start, stop = (
        (date.fromisoformat(of_report.period_from), date.fromisoformat(of_report.period_to))
        if of_report
        else (_first_day(product.first), _last_day(product.last))
    )
    of = f"{key}.{report}" if of_report else key
    first = begin.date_input("From", value=start, key=f"charts.from.{of}", disabled=of_report is not None)
    last = end.date_input("To", value=stop, key=f"charts.to.{of}", disabled=of_report is not None)
    return of_report or Period(key, first.isoformat(), last.isoformat(), "" if strength == EVERY else strength)


def _product(product: Product) -> str:
    return f"Product {product.code} · {product.batches} batches, {product.first} to {product.last}"


def _attribute(attribute: Attribute) -> str:
    limited = "" if attribute.limited else " · no specification"
    return f"{attribute.title} · {attribute.group or 'no stage stated'} · n = {attribute.values}{limited}"


def _chart(view: ChartView) -> None:
    _contradictions(view)
    if view.chart is None:
        st.info(f"{view.attribute.values} value: a chart needs two.", icon=":material/info:")
        return
    with st.container(horizontal=True):
        if view.chart.synthetic_limits:
            st.badge("synthetic limits", icon=":material/science:", color="orange")
        st.badge(f"n = {view.attribute.values} of {view.batches} batches", icon=":material/tag:", color="gray")
        st.badge(
            f"{len(view.signals)} signal{'' if len(view.signals) == 1 else 's'} by {view.rules}",
            icon=":material/warning:" if view.signals else ":material/check:",
            color="orange" if view.signals else "green",
        )
        if view.alerted:
            st.badge(f"{len(view.alerted)} beyond the alert limit", icon=":material/notifications:", color="orange")
        if view.limits:
            icon = ":material/block:" if view.outside else ":material/check:"
            st.badge(f"{view.outside} outside specification", icon=icon, color="red" if view.outside else "green")
        if view.missing or view.censored:
            st.badge(f"{view.missing} missing, {view.censored} censored", icon=":material/visibility_off:", color="gray")
    st.vega_lite_chart(spec=chart_spec(view.chart, width=WIDTH), width="content", theme=None)
    st.caption(
        f"{plain(view.limits_from)} A line marks the first batch of a change. Batches stand by month of start, then by batch number."
    )
    told = [f"Rules in force: {view.rules}."]
    if view.alarm:
        told.append(f"Of processes in control {view.alarm} % show such a signal in {view.attribute.values} batches.")
    if view.held != "-":
        told.append(f"Beside the 12 months before, {view.held}.")
    for line in (" ".join(told), *view.otherwise):
        st.caption(plain(line))
    signals, limits = st.columns([3, 2])
    with signals:
        _signals(view)
    with limits:
        _limits(view)


def _signals(view: ChartView) -> None:
    unit = f" ({view.chart.unit})" if view.chart and view.chart.unit else ""
    st.markdown(f"**Signals** ({len(view.signals)})")
    if not view.signals:
        st.caption("No point signals by the rules in force.")
        return
    lines = [
        {"batch": s.batch, "month": s.month, f"value{unit}": s.value, "rule": s.rule, "cell": s.place}
        for s in view.signals[:MOST_SIGNALS_TOLD]
    ]
    st.dataframe(lines, hide_index=True, height=min(38 + 35 * len(lines), 320))


def _limits(view: ChartView) -> None:
    st.markdown("**Specification limits**")
    if not view.limits:
        st.caption("No specification states limits for this attribute in this period.")
        return
    for line in view.limits:
        with st.container(border=True):
            with st.container(horizontal=True):
                st.markdown(f"**{plain(line.limit)}**")
                if line.drawn:
                    st.badge("drawn", icon=":material/show_chart:", color="blue")
                if line.synthetic:
                    st.badge("synthetic", icon=":material/science:", color="orange")
            st.caption(f"{plain(line.specification)}, in force {line.valid}, {line.batches} batches  \n{plain(line.place)}")
    if len(view.limits) > 1:
        which = "The limits changed" if view.limit_changed else "The version changed, and not the limits,"
        st.caption(f"{which} in the period. The line drawn is that of the last batch; each result is held against its own.")


def _contradictions(view: ChartView) -> None:
    if not view.contradictions:
        return
    batches = {c.batch for c in view.contradictions}
    st.warning(
        f"The source contradicts itself on this attribute in {len(batches)} batches. No sentence, table row or chart of a report is drafted from it.",
        icon=":material/warning:",
    )
    with st.expander("The cells that contradict each other"):
        lines = [
            {"batch": c.batch, "rule": c.rule, "what": c.message, "cells": "; ".join(str(x) for x in c.locators)}
            for c in view.contradictions[:MOST_SIGNALS_TOLD]
        ]
        st.dataframe(lines, hide_index=True)


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01"[:10])


def _last_day(month: str) -> date:
    if len(month) > len("2020-05"):
        return date.fromisoformat(month[:10])
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, calendar.monthrange(year, number)[1])
