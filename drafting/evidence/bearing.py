"""Whether a change can bear on what is measured: what is not in effect, changes no product or comes after the measurement cannot. Pure.

Steps are told apart by the words of the area that a change names and of the stage at which an attribute is measured; what names neither
is compared, since nothing on record says that it cannot matter.
"""

import re

from corpus.model import Record
from drafting.evidence.model_records import INSPECTION, PREDICTION
from drafting.evidence.scope import Loaded

NOT_IN_EFFECT = re.compile(r"suspend|cancel|withdraw|reject|revert|not implemented", re.IGNORECASE)
LIMIT = re.compile(r"specification|\blimits?\b|acceptance criteri", re.IGNORECASE)
PAPER = re.compile(rf"{LIMIT.pattern}|document|procedure|\bSOPs?\b|\bforms?\b|administrative|organi[sz]ation", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{5,}")  # shorter ones name no attribute by themselves
STEPS = tuple(  # in order of manufacture
    re.compile(words, re.IGNORECASE)
    for words in (
        r"material|procure|purchas|supplier|dispens",
        r"granul|blend|mixing|milling",
        r"compress|press\b|core|fill",
        r"coat|finished|yield|derived",
        r"pack|blister|label|carton|leaflet|distribut|shipping",
    )
)


def without_bearing(loaded: Loaded, change: Record) -> str:
    """Return why a change cannot bear on any result; "" where it can."""
    status = change.get("status")
    if NOT_IN_EFFECT.search(status):
        return f"recorded as {status}"
    if not change.get("first_batch") and not change.get("effective_on"):
        return f"recorded as {status}, without a first batch" if status else "without a first batch"
    what = change.get("type") or " ".join(change.get("title").split()[:1])  # "Limit of ... tightened"
    if PAPER.search(what):
        return f"{'a limit' if LIMIT.search(what) else 'a document'}, and no step of manufacture"
    if any(r.get("change_id") == change.identifier for kind in (PREDICTION, INSPECTION) for r in loaded.of(kind)):
        return "a version of a model in use"
    return ""


def bears_on(loaded: Loaded, change: Record, attribute: str) -> bool:
    """Tell whether a change comes no later than the step at which an attribute is measured."""
    at, measured = _step(change.get("area")), _step(loaded.groups.get(attribute, ""))
    return at is None or measured is None or at <= measured


def intended(loaded: Loaded, change: Record) -> frozenset[str]:
    """Return the attributes that the words of a change name: by the whole name, or by a word that no other attribute has in its name."""
    told = " ".join(change.get(name) for name in ("title", "description", "purpose", "intended_effect", "reason")).lower()
    names = {a: {n.lower() for n in (loaded.label(a), a.replace("_", " "))} for a in loaded.measurements}
    words = {a: {w for n in names[a] for w in _WORD.findall(n)} for a in names}
    alone = {a: words[a] - {w for other in words if other != a for w in words[other]} for a in words}
    return frozenset(a for a in names if any(re.search(rf"\b{re.escape(n)}\b", told) for n in names[a] | alone[a]))


def _step(words: str) -> int | None:
    """Return the last step that words name."""
    return next((i for i in reversed(range(len(STEPS))) if STEPS[i].search(words)), None)
