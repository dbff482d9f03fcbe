"""An index of capability that a text states is recomputed against the limits of the evidence, or left open with the reason."""

import itertools
import random
import statistics

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.verdicts import Judged, Verdict

COUNT = 40
TITLE = "# Annual product review of product 412, 2024-01-01 to 2024-12-31"
SPEC = "spec_no,product_code,test,unit,lower_limit,upper_limit,effective_from,effective_until"
ASSAY, SKEWED = "S-412,412,assay,%,95.0,105.0,2022-01-01,", "S-412,412,hardness,N,,9.0,2022-01-01,"


def quantiles() -> list[float]:
    """Return values of a normal distribution in an order that no run rule and no trend knows."""
    normal = statistics.NormalDist(100.0, 1.2)
    values = [round(normal.inv_cdf((i + 0.5) / COUNT), 2) for i in range(COUNT)]
    random.Random(7).shuffle(values)
    return values


VALUES = quantiles()
MEAN, SD = statistics.mean(VALUES), statistics.stdev(VALUES)
MOVING = statistics.mean(abs(b - a) for a, b in itertools.pairwise(VALUES)) / 1.1284
PPK, PP = min(105 - MEAN, MEAN - 95) / (3 * SD), 10 / (6 * SD)
CPK, CP = min(105 - MEAN, MEAN - 95) / (3 * MOVING), 10 / (6 * MOVING)


def judged(sentence: str, *limits: str, dated: bool = True, values: tuple[str, ...] = ()) -> Judged:
    """Return what becomes of the last number of a sentence."""
    shown = values or tuple(f"{v:.2f}" for v in VALUES)
    skewed = [round(0.5 + 6 * (i / COUNT) ** 4, 3) for i in range(COUNT)]
    head = ["batch_no", "product_code", *(["manufactured_on"] if dated else []), "assay", "hardness"]
    rows = [
        [str(41200 + i), "412", *([f"2024-{1 + i // 4:02d}-{1 + 7 * (i % 4):02d}"] if dated else []), v, str(h)]
        for i, (v, h) in enumerate(zip(shown, skewed, strict=True))
    ]
    files = {"batches.csv": [head, *rows], "specs.csv": [line.split(",") for line in (SPEC, *limits)]}
    held = assemble([Source(name, Contents((grid_of("", lines),))) for name, lines in files.items()], Lexicon())
    return judge(f"{TITLE}\n\n{sentence}", held)[-1]


@pytest.mark.parametrize(("name", "value"), [("Ppk", PPK), ("Pp", PP), ("Cpk", CPK), ("Cp", CP)])
@pytest.mark.parametrize("digits", [1, 2, 3])
def test_an_index_is_right_to_its_stated_digits(name: str, value: float, digits: int) -> None:
    right = judged(f"The {name} of assay was {value:.{digits}f}.", ASSAY)
    assert (right.verdict, right.about) == (Verdict.SUPPORTED, name)
    assert "limits NLT 95.0 and NMT 105.0" in right.evidence
    wrong = judged(f"The {name} of assay was {value + 2 * 10**-digits:.{digits}f}.", ASSAY)
    assert wrong.verdict is Verdict.CONTRADICTED
    assert f"{name} from" in wrong.message


@pytest.mark.parametrize(
    ("sentence", "limits", "dated", "why"),
    [
        (f"The Ppk of assay was {PPK:.2f}.", (), True, "its limits are not in the evidence"),
        ("The Ppk of assay was 3.90.", (ASSAY.replace("2022-01-01,", "2022-01-01,2024-06-30"), ASSAY.replace("95.0", "97.0").replace("2022-01-01", "2024-07-01")),
         True, "the limits differ over the values"),
        ("The Ppk of hardness was 3.90.", (SKEWED,), True, "normality is rejected"),
        ("The Cpk of assay was 3.90.", (ASSAY,), False, "the order of manufacture is not in the evidence"),
    ],
)  # fmt: skip
def test_an_index_is_left_open_where_limits_or_method_are(
    sentence: str, limits: tuple[str, ...], why: str, *, dated: bool
) -> None:
    told = judged(sentence, *limits, dated=dated)
    assert told.verdict is Verdict.NOT_FOUND
    assert why in told.message


def test_a_bound_among_the_values_leaves_an_index_open() -> None:
    told = judged(f"The Ppk of assay was {PPK:.2f}.", ASSAY, values=("<95.0", *(f"{v:.2f}" for v in VALUES[1:])))
    assert (told.verdict, "only a bound is known" in told.message) == (Verdict.NOT_FOUND, True)
