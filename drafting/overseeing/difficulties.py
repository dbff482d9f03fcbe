"""How hard faults are at this site, from its own qualification runs; before the first, what their types are guessed to have."""

from sqlalchemy import Connection

from audit.oversight.difficulty import Difficulty, Item, of_results, qualified
from drafting import tables
from drafting.context import Context
from drafting.overseeing.outcomes import result_of
from drafting.probes.making import item_of
from drafting.probes.store import checks_of


def of_site(conn: Connection, ctx: Context) -> Difficulty:
    """Return the site's difficulties; a later qualification moves them, and each check keeps what it was made with."""
    runs = checks_of(conn, ctx, tables.oversight_checks.c.run_id != "")
    found = [one for one in runs if one.check.ended and one.asked is None]
    items: dict[str, Item] = {one.id: item_of(one.probe) for one in found if one.probe is not None}
    return qualified(of_results([result_of(one) for one in found if one.probe is not None], items))
