"""A section as the screens show it: its picture, and what the report itself says in it."""

from dataclasses import replace

from audit.identity import Account
from drafting import ai_use
from drafting.context import Context
from drafting.probes import live
from drafting.queries import Loaded, load, section_picture
from drafting.readmodel import SectionView
from drafting.store import report_of_section

MODELS = ("This section reports on models from their records. Verascribe runs none of them, and releases nothing by them.",)


def _of_models(_: Loaded) -> tuple[str, ...]:
    return MODELS


STATED = {"ai_use_statement": ai_use.statements, "models_in_use": _of_models}  # section -> what the report says in it


def section_shown(loaded: Loaded, section_id: str, account: Account | None, *, view_id: str = "") -> SectionView:
    """Return the picture of a section of a loaded report with what the report says in it. Pure."""
    view = section_picture(loaded, section_id, account, view_id=view_id)
    said = STATED.get(view.summary.key)
    return replace(view, statements=said(loaded)) if said else view


def section_view(ctx: Context, section_id: str, account: Account | None, *, seen: str = "") -> SectionView:
    """Return a section as an account may see it; no view is issued. Under a view that was (`seen`) it shows what that view showed."""
    with ctx.database.read() as conn:
        view = section_shown(load(conn, ctx, report_of_section(conn, section_id)), section_id, account)
        return live.shown(conn, ctx, view, seen, account) if seen and account is not None else view
