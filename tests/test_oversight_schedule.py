"""Which sections carry a probe: sealed, reproducible by hand, at the rate in force, and never where they must not."""

import hashlib
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import Invalid
from audit.oversight.schedule import Circumstances, Exclusion, Rates, assignment, draw, exclusions, rate_in_force

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
IDS = st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), min_size=1, max_size=40)


def by_hand(key: bytes, message: str) -> str:
    """Return HMAC-SHA256 as RFC 2104 writes it down."""
    padded = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded) + message.encode()).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in padded) + inner).hexdigest()


@given(IDS, IDS, st.floats(0, 1))
def test_an_inspector_reproduces_the_proof_and_the_draw(review: str, section: str, rate: float) -> None:
    drawn, proof = assignment(KEY, review, section, rate)
    assert proof == by_hand(KEY, f"{review}|{section}")
    assert drawn == (int(proof[:16], 16) / 2**64 < rate)
    assert (drawn, proof) == assignment(KEY, review, section, rate)


def test_a_known_answer_of_openssl() -> None:
    # printf 'review-1|section-1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1e1f
    assert (
        assignment(KEY, "review-1", "section-1", 0.2)[1]
        == "fefa3841b5d63d08a6ccd7c1e6c0b54b7051293de4c4bbfa374ec0df9c684434"
    )


def test_draws_come_at_the_rate_and_another_key_draws_others() -> None:
    sections = [f"s{n}" for n in range(20_000)]
    for rate in (0.03, 0.20):
        share = sum(assignment(KEY, "r", s, rate)[0] for s in sections) / len(sections)
        assert share == pytest.approx(rate, abs=4 * (rate * (1 - rate) / 20_000) ** 0.5)
    mine = {s for s in sections if assignment(KEY, "r", s, 0.2)[0]}
    theirs = {s for s in sections if assignment(OTHER, "r", s, 0.2)[0]}
    assert len(mine & theirs) / len(mine) == pytest.approx(0.2, abs=0.03)
    pairs = sum(assignment(KEY, "r", a, 0.2)[0] and assignment(KEY, "r", b, 0.2)[0] for a, b in pairwise(sections))
    assert pairs / len(sections) == pytest.approx(0.04, abs=0.006)


def test_what_is_drawn_at_the_base_rate_is_drawn_in_a_burst_too() -> None:
    proofs = [assignment(KEY, "r", f"s{n}", 0.03) for n in range(2000)]
    assert all(draw(proof) < 0.03 for drawn, proof in proofs if drawn)
    assert all(assignment(KEY, "r", f"s{n}", 0.20)[0] for n, (drawn, _) in enumerate(proofs) if drawn)


@pytest.mark.parametrize(
    ("key", "review", "section", "rate"),
    [(b"short", "r", "s", 0.1), (KEY, "", "s", 0.1), (KEY, "r", "", 0.1), (KEY, "a|b", "s", 0.1), (KEY, "r", "s", 1.1)],
)
def test_what_would_make_a_draw_ambiguous_or_weak_is_refused(key: bytes, review: str, section: str, rate: float) -> None:
    with pytest.raises(Invalid):
        assignment(key, review, section, rate)


def test_a_burst_raises_the_rate_until_the_long_run_share_is_spent() -> None:
    rates = Rates()
    assert rate_in_force(rates, burst=False, probed=0, sections=500) == 0.03
    assert rate_in_force(rates, burst=True, probed=30, sections=500) == 0.20
    assert rate_in_force(rates, burst=True, probed=40, sections=500) == 0.03
    assert rate_in_force(rates, burst=True, probed=20, sections=40) == 0.20


@pytest.mark.parametrize("wrong", [{"base": 0.01}, {"base": 0.07}, {"long_run": 0.02}, {"burst": 0.05}, {"burst": 0.6}])
def test_rates_outside_their_ranges_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        Rates(**wrong)


def test_every_exclusion_is_told_and_none_holds_at_rest() -> None:
    rest = Circumstances(sections=12)
    assert exclusions(rest) == ()
    single = {
        Exclusion.RECALL: replace(rest, recall_pending=True),
        Exclusion.RELEASE: replace(rest, hours_to_release=23.9),
        Exclusion.URGENT: replace(rest, urgent=True),
        Exclusion.QUALITY: replace(rest, quality_excluded=True),
        Exclusion.FAULT: replace(rest, known_fault=True),
        Exclusion.OPEN: replace(rest, probe_open=True),
        Exclusion.DOCUMENT: replace(rest, probes_in_document=1),
        Exclusion.DAY: replace(rest, probes_today=3),
    }
    assert set(single) == set(Exclusion)
    for reason, now in single.items():
        assert exclusions(now) == (reason,)
    assert exclusions(replace(rest, hours_to_release=24.0)) == ()
    assert exclusions(replace(rest, sections=41, probes_in_document=1)) == ()
    assert exclusions(replace(rest, sections=41, probes_in_document=2)) == (Exclusion.DOCUMENT,)
    assert exclusions(replace(rest, urgent=True, probes_today=4)) == (Exclusion.URGENT, Exclusion.DAY)
