"""A section as the screens show it: its picture, and what the report itself says in it; a report as the person who looks sees it."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, select

from audit.identity import Account
from drafting import ai_use, tables
from drafting.context import Context
from drafting.lately import load_for
from drafting.pictures import report_picture, section_picture
from drafting.probes import live
from drafting.queries import Loaded, relative_to
from drafting.readmodel import ReportView, SectionView
from drafting.reserved import without_scores
from drafting.store import report_of_section

MODELS = ("This section reports on models from their records. Verascribe runs none of them, and releases nothing by them.",)


def _of_models(_: Loaded) -> tuple[str, ...]:
    return MODELS


STATED = {"ai_use_statement": ai_use.statements, "models_in_use": _of_models}  # section -> what the report says in it


def section_shown(loaded: Loaded, section_id: str, account: Account | None, *, view_id: str = "") -> SectionView:
    """Return the picture of a section of a loaded report with what the report says in it. Pure."""
    view = section_picture(loaded, section_id, account, view_id=view_id)
    if account is not None and any(s.id in loaded.packs and loaded.asked(s.id, account.id) for s in loaded.report.sections):
        view = replace(view, report=replace(view.report, scorecard={}))
    said = STATED.get(view.summary.key)
    return replace(view, statements=said(loaded)) if said else view


def section_view(ctx: Context, section_id: str, account: Account | None, *, seen: str = "") -> SectionView:
    """Return a section as an account may see it; no view is issued. Under a view that was (`seen`) it shows what that view showed."""
    with ctx.database.read() as conn:
        loaded = load_for(conn, ctx, report_of_section(conn, section_id), account)
        if not seen or account is None:
            return section_shown(loaded, section_id, account)
        view = section_shown(live.seen_by(conn, ctx, loaded, account), section_id, account)
        return live.shown(conn, ctx, view, seen, account)


def pictures(conn: Connection, ctx: Context, loaded: Loaded, account: Account | None) -> Mapping[str, SectionView]:
    """Return the sections of a report that a person sees otherwise than they read, while a check of theirs is open: as their page shows them."""
    open_ = live.open_checks(conn, ctx, loaded, account) if account is not None else {}
    if account is None or not open_:
        return {}
    seen = live.seen_by(conn, ctx, loaded, account)
    return {
        section: live.shown(conn, ctx, section_shown(seen, section, account, view_id=view_id), view_id, account)
        for section, view_id in ((section, stored.check.views[-1]) for section, stored in open_.items())
    }


def reports(ctx: Context, account: Account) -> list[ReportView]:
    """List reports as an account sees them, newest first."""
    with ctx.database.read() as conn:
        ids = conn.scalars(select(tables.reports.c.id).order_by(tables.reports.c.seq.desc())).all()
        return [report_picture(load_for(conn, ctx, report_id, account)) for report_id in ids]


def report_shown(ctx: Context, report_id: str, account: Account) -> ReportView:
    """Return a report with its sections, ledger and scorecard as a person sees it."""
    with ctx.database.read() as conn:
        loaded = load_for(conn, ctx, report_id, account)
        view, seen = report_picture(loaded), pictures(conn, ctx, loaded, account)
        sections = tuple(seen[s.id].summary if s.id in seen else s for s in view.sections)
        view = without_scores(conn, view, loaded.report, account)
        return replace(view, sections=sections, relative_to=relative_to(conn, loaded.report))
