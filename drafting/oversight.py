"""Decisions on machine-drafted sentences, from the review's rows to counts and rates per person, with exact intervals.

A rate stands only with its n and its 95 % interval (Jeffreys: quantiles of Beta(k + 1/2, n - k + 1/2)); below ten decisions it is
withheld, with the reason. Openings that the section's tier demanded are no behaviour and are not counted.
"""

from collections import Counter
from typing import Any

from sqlalchemy import select

from drafting import tables
from drafting.context import Context
from drafting.model import Origin

SMALLEST = 10
COUNTED = {"author": ("accept", "edit", "reject"), "reviewer": ("confirm", "question", "propose")}


def rate(k: int, n: int) -> dict[str, Any]:
    """Return k of n with its Jeffreys 95 % interval, withheld below ten."""
    if n < SMALLEST:
        return {"value": None, "n": n, "reason": f"fewer than {SMALLEST} decisions"}
    from scipy.stats import beta  # noqa: PLC0415 - half a second to import

    low = 0.0 if k == 0 else float(beta.ppf(0.025, k + 0.5, n - k + 0.5))
    high = 1.0 if k == n else float(beta.ppf(0.975, k + 0.5, n - k + 0.5))
    return {"value": round(k / n, 4), "low": round(low, 4), "high": round(high, 4), "n": n}


def _measured(decisions: Counter[str], capacity: str) -> dict[str, Any]:
    n = sum(decisions.values())
    return {"decisions": n, **{f"{kind}_rate": rate(decisions[kind], n) for kind in COUNTED[capacity]}}


def measures(ctx: Context, *, site_only: bool = False) -> dict[str, Any]:
    """Return the site's measures and, unless `site_only`, those of each person in each capacity."""
    decisions, sentences = tables.decisions.c, tables.sentences.c
    undone = select(decisions.undoes).where(decisions.decision == "undo")
    query = (
        select(decisions.user_id, decisions.capacity, decisions.decision)
        .join_from(tables.decisions, tables.sentences, decisions.subject == sentences.id)
        .where(sentences.origin == str(Origin.MACHINE), decisions.id.not_in(undone))
    )
    by_person: dict[tuple[str, str], Counter[str]] = {}
    with ctx.database.read() as conn:
        for row in conn.execute(query):
            if row.decision in COUNTED.get(row.capacity, ()):
                by_person.setdefault((row.user_id, row.capacity), Counter())[row.decision] += 1
    site: dict[str, Any] = {"decisions": sum(sum(c.values()) for c in by_person.values())}
    for capacity in COUNTED:
        pooled = sum((c for (_, held), c in by_person.items() if held == capacity), Counter[str]())
        site[capacity] = _measured(pooled, capacity)
    listed = [
        {"reviewer": user, "capacity": capacity, **_measured(counted, capacity)}
        for (user, capacity), counted in sorted(by_person.items())
    ]
    return {"site": site, "reviewers": [] if site_only else listed}
