"""Delimited files are read in the encoding that their first bytes or the profile name, and with the profile's decimal mark."""

from pathlib import Path

import pytest

from audit.errors import Invalid
from corpus.prepare import Job, Prepared, prepare
from corpus.profiles import ProfileSet, read_profile
from corpus.readers import delimited

PROFILE = """
name = "yields"
version = 1
title = "Yields"
kind = "batch"
key = ["batch"]
encoding = "{encoding}"
decimal_mark = "{mark}"
[columns."Šarža"]
field = "batch"
[columns."Výťažok"]
attribute = "yield"
type = "decimal"
"""
ROWS = "Šarža{0}Výťažok\nB-1{0}93{1}5\nB-ž{0}<0{1}05\n"


def read(tmp_path: Path, data: bytes, *, encoding: str = "utf-8-sig", mark: str = ".", name: str = "yields.csv") -> Prepared:
    profile = tmp_path / "yields.toml"
    profile.write_text(PROFILE.format(encoding=encoding, mark=mark), encoding="utf-8")
    path = tmp_path / name
    path.write_bytes(data)
    return prepare(Job(path, ProfileSet((read_profile(profile),))))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    ("written", "stated", "kept"),
    [
        ("utf-8", "utf-8-sig", "utf-8-sig"),
        ("utf-8-sig", "cp1250", "utf-8-sig"),
        ("utf-16", "utf-8-sig", "utf-16"),
        ("utf-32", "utf-8-sig", "utf-32"),
        ("cp1250", "cp1250", "cp1250"),
        ("iso-8859-2", "iso-8859-2", "iso-8859-2"),
    ],
)
def test_every_usual_encoding_and_delimiter_gives_the_same_records(
    tmp_path: Path, delimiter: str, written: str, stated: str, kept: str
) -> None:
    found = read(tmp_path, ROWS.format(delimiter, ".").encode(written), encoding=stated).documents[0]
    assert [r.identifier for r in found.read.records] == ["B-1", "B-ž"]
    assert [(m[5], m[6], m[7]) for m in found.read.measurements] == [("93.5", "93.5", "value"), ("<0.05", None, "censored")]
    assert (found.reading["encoding"], found.reading["delimiter"]) == (kept, delimiter)


def test_tab_separated_files_have_their_own_ending(tmp_path: Path) -> None:
    found = read(tmp_path, ROWS.format("\t", ".").encode(), name="yields.tsv").documents[0]
    assert (found.media_type, len(found.read.records)) == ("text/tab-separated-values", 2)


def test_a_decimal_comma_is_read_where_the_profile_says_so_and_a_point_is_refused_then(tmp_path: Path) -> None:
    found = read(tmp_path, ROWS.format(";", ",").encode(), mark=",").documents[0].read
    assert [(m[5], m[6]) for m in found.measurements] == [("93,5", "93.5"), ("<0,05", None)]
    found = read(tmp_path, ROWS.format(";", ".").encode(), mark=",").documents[0].read
    assert [r.literal for r in found.refusals] == ["93.5", "<0.05"]


def test_letters_of_another_encoding_are_refused_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no import profile"):
        read(tmp_path, ROWS.format(";", ".").encode("cp1250"))
    with pytest.raises(Invalid, match="not readable as klingon"):
        delimited.read(b"a;b\n1;2\n", file="a.csv", delimiter=";", encoding="klingon")
    with pytest.raises(Invalid, match="not readable as utf-16"):
        delimited.read(b"\xff\xfea\x00\x00\xd8", file="a.csv", delimiter=";", encoding="utf-8")
