"""A profile says everything about a file; whatever is wrong with one is named by file and key."""

from pathlib import Path

import pytest

from audit.errors import Invalid
from corpus.profiles import load_profiles

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples" / "profiles"

GOOD = """
name = "scores"
version = 1
title = "Scores"
kind = "batch"
key = ["batch"]
date = ["made_on", "seen_on"]

[columns.batch]
field = "batch"
type = "integer"

[columns.made_on]
field = "made_on"
type = "date"

[columns.seen_on]
field = "seen_on"
type = "date"

[columns.score]
attribute = "score"
type = "decimal"
"""


def loaded(folder: Path, text: str, name: str = "scores.toml") -> object:
    (folder / name).write_text(text, encoding="utf-8")
    return load_profiles(folder)


WRONG = {
    "unknown key": (GOOD.replace('title = "Scores"', 'title = "Scores"\ncolour = "red"'), "colour"),
    "unknown column key": (GOOD.replace('type = "integer"', 'type = "integer"\ncolour = "red"'), r"columns\.batch\.colour"),
    "wrong type": (GOOD.replace("version = 1", 'version = "one"'), "version"),
    "absent key": (GOOD.replace('kind = "batch"', ""), "kind"),
    "unknown cell type": (GOOD.replace('"integer"', '"whole"'), "whole"),
    "no target": (GOOD.replace('attribute = "score"\n', ""), r"columns\.score"),
    "two targets": (GOOD.replace('attribute = "score"', 'attribute = "score"\nfield = "score"'), r"columns\.score"),
    "text as measurement": (GOOD.replace('"decimal"', '"text"'), r"columns\.score"),
    "key without column": (GOOD.replace('key = ["batch"]', 'key = ["lot"]'), "lot"),
    "date without column": (GOOD.replace('"seen_on"]', '"heard_on"]'), "heard_on"),
    "two of one name": (GOOD.replace('attribute = "score"', 'attribute = "batch"'), "batch"),
    "no TOML": ("name = ", "TOML"),
    "bad pattern": (GOOD.replace('field = "batch"', 'field = "batch"\npattern = "("'), r"columns\.batch"),
    "bad date form": (GOOD.replace('field = "made_on"', 'field = "made_on"\nformat = "DD.MM"'), r"columns\.made_on"),
    "label of a field": (GOOD.replace('field = "batch"', 'field = "batch"\nlabel = "batch"'), r"columns\.batch: the label"),
    "label that is no text": (
        GOOD.replace('attribute = "score"', 'attribute = "score"\nlabel = 3'),
        r"columns\.score: the label",
    ),
    "label with a brace": (
        GOOD.replace('attribute = "score"', 'attribute = "score"\nlabel = "score {fact:x}"'),
        "cannot be printed",
    ),
    "label of two lines": (
        GOOD.replace('attribute = "score"', 'attribute = "score"\nlabel = "score\\nof"'),
        "cannot be printed",
    ),
    "label that is a number": (
        GOOD.replace('attribute = "score"', 'attribute = "score"\nlabel = "12"'),
        "cannot be printed",
    ),
    "endless label": (
        GOOD.replace('attribute = "score"', f'attribute = "score"\nlabel = "{"s" * 61}"'),
        "cannot be printed",
    ),
    "label given twice": (
        GOOD.replace('attribute = "score"', 'attribute = "score"\nlabel = "score"')
        + '\n[columns.mark]\nattribute = "mark"\ntype = "decimal"\nlabel = "score"\n',
        "given twice",
    ),
    "files in a folder": (GOOD.replace("version = 1", 'version = 1\nfiles = ["in/*.csv"]'), "patterns of file names"),
    "files that are no list": (GOOD.replace("version = 1", 'version = 1\nfiles = "*.csv"'), "key 'files' must be a list"),
    "enum without values": (GOOD.replace('"integer"', '"enum"'), r"columns\.batch"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_profile_is_named_by_file_and_key(case: str, tmp_path: Path) -> None:
    text, named = WRONG[case]
    with pytest.raises(Invalid, match=named) as caught:
        loaded(tmp_path, text)
    assert "scores.toml" in caught.value.message or str(tmp_path) in caught.value.message
    assert caught.value.remedy


def test_two_profiles_of_one_header_ship_only_where_their_files_are_told_apart(tmp_path: Path) -> None:
    loaded(tmp_path, GOOD)
    other = GOOD.replace('name = "scores"', 'name = "other"')
    with pytest.raises(Invalid, match="same header"):
        loaded(tmp_path, other, "other.toml")
    loaded(tmp_path, other.replace("version = 1", 'version = 1\nfiles = ["other_*"]'), "other.toml")


def test_the_digest_changes_with_any_letter_of_any_profile(tmp_path: Path) -> None:
    first = loaded(tmp_path, GOOD)
    second = loaded(tmp_path, GOOD.replace('title = "Scores"', 'title = "Score"'))
    assert first.digest != second.digest  # type: ignore[attr-defined]
    assert first.digest == loaded(tmp_path, GOOD).digest  # type: ignore[attr-defined]
    assert first.digest.startswith("sha256:")  # type: ignore[attr-defined]


def test_an_unknown_header_is_told_the_closest_profile_and_the_difference() -> None:
    profiles = load_profiles(SAMPLES)
    with pytest.raises(Invalid, match="no import profile") as caught:
        profiles.recognise(["Product code", "Batch size", "Normalisation factor"], file="x.csv")
    assert "Closest is 'normalization'" in caught.value.remedy
    assert "'Batch size'" in caught.value.remedy
    assert "'Batch Size (tablets)'" in caught.value.remedy


def test_a_header_that_is_like_none_is_sent_to_a_proposal() -> None:
    with pytest.raises(Invalid, match="no import profile") as caught:
        load_profiles(SAMPLES).recognise(["Deviation", "Batch", "Opened", "Closed", "Class"], file="x.csv")
    assert "Closest" not in caught.value.remedy
    assert "profile propose" in caught.value.remedy


def test_every_profile_that_ships_is_complete() -> None:
    profiles = load_profiles(SAMPLES)
    assert {"laboratory", "process", "normalization"} <= {profile.name for profile in profiles.profiles}
    for profile in profiles.profiles:
        assert profile.title
        assert all(rule.attribute or rule.field for rule in profile.columns)
    process = profiles.named("process")
    copies = {rule.attribute for rule in process.columns if not rule.primary}
    assert copies == {
        "dissolution_av", "dissolution_min", "residual_solvent", "impurities_total", "impurity_o", "impurity_l",
    }  # fmt: skip
    typo = next(rule for rule in profiles.named("laboratory").columns if rule.header == "resodual_solvent")
    assert typo.attribute == "residual_solvent"


def test_every_attribute_of_the_sample_has_one_label_whichever_file_measures_it() -> None:
    profiles = load_profiles(SAMPLES)
    told: dict[str, set[str]] = {}
    for profile in profiles.profiles:
        for rule in profile.columns:
            if rule.label:
                told.setdefault(rule.attribute or "", set()).add(rule.label)
    assert told["dissolution_av"] == {"dissolution (average)"}
    assert all(len(labels) == 1 for labels in told.values())
    assert len({label for labels in told.values() for label in labels}) == len(told)
