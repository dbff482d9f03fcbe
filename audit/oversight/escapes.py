"""Escapes: natural faults that came up after their section was accepted, of the sections accepted. The outcome that matters. Pure."""

from collections.abc import Collection

from audit.oversight.estimates import LEAST, rate
from audit.oversight.model import Estimate


def escape_rate(accepted: Collection[str], escaped: Collection[str], *, least: int = LEAST) -> Estimate:
    """Return the share of accepted sections in which a fault came up later; a section counts once."""
    sections = set(accepted)
    return rate(len(sections & set(escaped)), len(sections), least=least, of="accepted sections")
