"""When a section carries a probe: rates, sealed assignment, caps and exclusions. Pure.

Whether a section is probed follows from the site's key, the review and the section alone, so that nobody can foresee it, nobody can move it,
and it comes out the same when the page is opened again. An inspector who is given the key reproduces it without this program:

    printf '%s|%s' REVIEW SECTION | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY

The first 16 hexadecimal digits of the result, read as a number and divided by 2^64, are below the rate in force exactly where a probe was
drawn. The trail holds the whole result (the proof) and the rate; a section that was drawn and left out holds the reason.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from audit.errors import Invalid

KEY_BYTES = 32
DRAW_DIGITS = 16  # hexadecimal digits of the proof that decide
LONG_DOCUMENT = 40  # sections; a longer document may carry two probes
LONG_RUN_SECTIONS = 100  # fewer say nothing of a long-run share
DAY_CAP = 3
RELEASE_HOURS = 24.0


@dataclass(frozen=True)
class Rates:
    """Shares of sections that are probed: at rest, in a burst, and the most in the long run; that are evidence-first. Under change control."""

    base: float = 0.03
    burst: float = 0.20
    long_run: float = 0.08
    evidence_first: float = 0.03

    def __post_init__(self) -> None:
        if not 0.02 <= self.base <= 0.06:  # noqa: PLR2004 - fewer find too late; more ruin trust
            raise Invalid(f"The base rate is {self.base}.", remedy="Give one from 0.02 to 0.06.")
        if not self.base <= self.long_run <= self.burst <= 0.5:  # noqa: PLR2004 - above, every other section is a test
            raise Invalid(
                f"The rates are {self.base}, {self.long_run} and {self.burst}.",
                remedy="Give base <= long run <= burst <= 0.5.",
            )
        if not 0.02 <= self.evidence_first <= 0.05:  # noqa: PLR2004 - fewer tell nothing; more slow every review
            raise Invalid(
                f"The rate of evidence-first sections is {self.evidence_first}.", remedy="Give one from 0.02 to 0.05."
            )


def rate_in_force(rates: Rates, *, burst: bool, probed: int, sections: int) -> float:
    """Return the rate for a reviewer's next section, who had so many probes in so many sections of the last year."""
    spent = sections >= LONG_RUN_SECTIONS and probed / sections >= rates.long_run
    return rates.burst if burst and not spent else rates.base


def assignment(site_key: bytes, review_id: str, section_id: str, rate: float) -> tuple[bool, str]:
    """Return whether a section is drawn for a probe, and the proof: HMAC-SHA256 of review and section in hexadecimal."""
    if len(site_key) < KEY_BYTES:
        raise Invalid(f"The site's key has {len(site_key)} bytes.", remedy=f"Give one of at least {KEY_BYTES} random bytes.")
    if "|" in review_id or not (review_id and section_id):
        raise Invalid(
            "A review's and a section's id must not be empty, nor a review's hold '|'.", remedy="Give the stored ids."
        )
    if not 0 <= rate <= 1:
        raise Invalid(f"The rate is {rate}.", remedy="Give one from 0 to 1.")
    proof = hmac.new(site_key, f"{review_id}|{section_id}".encode(), hashlib.sha256).hexdigest()
    return draw(proof) < rate, proof


def draw(proof: str) -> float:
    """Return the number from 0 to 1 that a proof stands for."""
    return int(proof[:DRAW_DIGITS], 16) / float(16**DRAW_DIGITS)


class Exclusion(StrEnum):
    """Why a section that was drawn carries no probe."""

    RECALL = "a recall is pending"
    RELEASE = "release is due within 24 hours"
    URGENT = "the document is urgent"
    QUALITY = "quality assurance has excluded the document"
    FAULT = "the section has a fault that the checks know"
    OPEN = "another oversight check is open in the document"
    DOCUMENT = "the document had its oversight checks"
    DAY = "the reviewer had the day's oversight checks"


@dataclass(frozen=True)
class Circumstances:
    """What is true of a section, its document and its reviewer when the section is opened."""

    recall_pending: bool = False
    urgent: bool = False
    quality_excluded: bool = False
    known_fault: bool = False
    probe_open: bool = False
    hours_to_release: float | None = None
    sections: int = 1  # of the document
    probes_in_document: int = 0  # of this reviewer
    probes_today: int = 0  # of this reviewer


def exclusions(now: Circumstances) -> tuple[Exclusion, ...]:
    """Return every reason why the section must not carry a probe; none where it may."""
    cap = 2 if now.sections > LONG_DOCUMENT else 1
    reasons = {
        Exclusion.RECALL: now.recall_pending,
        Exclusion.RELEASE: now.hours_to_release is not None and now.hours_to_release < RELEASE_HOURS,
        Exclusion.URGENT: now.urgent,
        Exclusion.QUALITY: now.quality_excluded,
        Exclusion.FAULT: now.known_fault,
        Exclusion.OPEN: now.probe_open,
        Exclusion.DOCUMENT: now.probes_in_document >= cap,
        Exclusion.DAY: now.probes_today >= DAY_CAP,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
