"""XML and JSON: batch production records of several versions, analytical data, any record-like file; and what is refused, by name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from evidence.sound import ANIML

from audit.chain import Actor
from audit.clock import Clock
from audit.database import Database
from audit.errors import Invalid
from corpus import records
from corpus.identifiers import shipped
from corpus.ingest import ImportResult, ingest
from corpus.profile_toml import parse
from corpus.profiles import ProfileSet, load_profiles
from corpus.readers import jsonfile, xml
from corpus.readers.b2mml_tables import TABLES
from corpus.readers.contents import Contents, Grid
from corpus.sampling import SampleJob, sample
from corpus.workers import LocalWorkers

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
EXAMPLES = Path(__file__).parent / "b2mml"
PROFILES = load_profiles(SAMPLES / "profiles")
WHO = Actor("a1", "import", "Import Service", "service")

Import = Callable[..., ImportResult]


@pytest.fixture
def bring(sqlite_database: Database, clock: Clock, new_id: Callable[[], str]) -> Import:
    def bring_in(*paths: Path, **more: object) -> ImportResult:
        arguments: dict[str, object] = {"profiles": PROFILES, "actor": WHO, "zone": "UTC", **more}
        return ingest(sqlite_database, clock, new_id, paths=paths, **arguments)  # type: ignore[arg-type]

    return bring_in


def grid(contents: Contents, part: str) -> Grid:
    return next(g for g in contents.grids if g.part == part)


def rows(contents: Contents, part: str) -> list[dict[str, str]]:
    header, *lines = grid(contents, part).rows
    return [{name: cell for name, cell in zip(header, line, strict=True) if cell} for line in lines]


def loose(contents: Contents) -> dict[str, str]:
    assert contents.narrative is not None
    return {block.place: block.text for block in contents.narrative.blocks if not block.grid}


def texts(database: Database) -> list[str]:
    with database.read() as conn:
        return [passage.text for passage in records.passages(conn)]


# --- any XML -------------------------------------------------------------------------------------------------------------

ANY = b"""<?xml version="1.0"?><site xmlns="urn:any" name="Ljubljana"><note>As of March</note>
<batches><batch id="B1"><code>17</code><assay unit="%">99.80</assay></batch>
<batch id="B2"><code>17</code><assay unit="%"/><remark>late</remark></batch></batches>tail</site>"""


def test_records_of_any_xml_are_a_grid_by_their_path_and_the_rest_is_text() -> None:
    found = xml.read(ANY, file="x.xml")
    assert found.grids == (
        Grid(
            "/site/batches/batch",
            (
                ("@id", "code", "assay", "assay@unit", "remark"),
                ("B1", "17", "99.80", "%", ""),
                ("B2", "17", "", "%", "late"),
            ),
            (0, 1, 2),
        ),
    )
    assert loose(found) == {"/site": "site name: Ljubljana | tail", "/site/note": "note: As of March"}
    assert found.narrative is not None
    assert [b.place for b in found.narrative.blocks if b.grid] == ["/site/batches/batch[1]", "/site/batches/batch[2]"]


def test_a_child_that_repeats_within_its_record_keeps_every_value() -> None:
    found = xml.read(b"<l><r><t>1</t><t>2</t></r><r><t>3</t></r></l>", file="x.xml")
    assert found.grids[0].rows == (("t", "t[2]"), ("1", "2"), ("3", ""))


NESTED = b"""<lims><batch id="B-1"><code>17</code><tests><test no="1"><name>LOD</name><result>1.8</result>
<peak area="5"><at>2.1</at></peak><peak area="7"><at>2.4</at></peak></test>
<test no="2"><name>pH</name><result>6.8</result></test></tests></batch>
<batch id="B-2"><code>17</code><tests><test no="1"><name>LOD</name><result>1.9</result></test></tests></batch></lims>"""


def test_what_stands_in_a_record_carries_the_identifiers_of_all_that_it_stands_in() -> None:
    found = xml.read(NESTED, file="x.xml")
    assert grid(found, "/lims/batch").rows == (("@id", "code"), ("B-1", "17"), ("B-2", "17"))
    tests = grid(found, "/lims/batch/tests/test")
    assert tests.rows == (
        ("batch/@id", "batch/code", "@no", "name", "result"),
        ("B-1", "17", "1", "LOD", "1.8"),
        ("B-1", "17", "2", "pH", "6.8"),
        ("B-2", "17", "1", "LOD", "1.9"),
    )
    assert tests.inherited == ("batch/@id", "batch/code")
    assert rows(found, "/lims/batch/tests/test/peak") == [
        {"batch/@id": "B-1", "batch/code": "17", "test/@no": "1", "@area": "5", "at": "2.1"},
        {"batch/@id": "B-1", "batch/code": "17", "test/@no": "1", "@area": "7", "at": "2.4"},
    ]
    assert loose(found) == {}


def test_what_names_no_identifier_stays_text_and_gives_none() -> None:
    found = xml.read(b"<site name='x'><area><title>North</title><room><use>lab</use></room></area></site>", file="x.xml")
    assert [g.rows[0] for g in found.grids] == [("use",)]
    assert loose(found) == {"/site": "site name: x", "/site/area/title": "title: North"}


CHILDREN = b"""[{"batch": "B-1", "tests": [{"n": "LOD", "v": 1.80, "peaks": [{"at": 2}]}, {"n": "pH", "test_no": 2, "v": 6.8,
"peaks": [{"at": 3}]}]}, {"batch": "B-2", "tests": [{"n": "LOD", "v": 1.9}]}, {"note": "no batch", "tests": [{"n": "LOD"}]}]"""


def test_a_list_of_objects_in_an_object_carries_its_identifier_where_it_has_one() -> None:
    found = jsonfile.read(CHILDREN, file="x")
    assert rows(found, "$") == [
        {"batch": "B-1"}, {"batch": "B-2"}, {"note": "no batch", "tests[1].n": "LOD"},  # of this one nothing could be linked
    ]  # fmt: skip
    assert rows(found, "$.tests") == [
        {"parent/batch": "B-1", "n": "LOD", "v": "1.80", "peaks[1].at": "2"},
        {"parent/batch": "B-1", "n": "pH", "test_no": "2", "v": "6.8"},
        {"parent/batch": "B-2", "n": "LOD", "v": "1.9"},
    ]
    assert rows(found, "$.tests.peaks") == [{"parent/batch": "B-1", "tests/test_no": "2", "at": "3"}]
    assert grid(found, "$.tests").numbers == (0, 1, 2, 3)


def test_an_object_that_is_one_record_is_told_with_its_lists() -> None:
    found = jsonfile.read(b'{"batch": "B-1", "made": "2020-05-04", "tests": [{"n": "LOD"}, {"n": "pH"}]}', file="x")
    assert rows(found, "$") == [{"batch": "B-1", "made": "2020-05-04"}]
    assert rows(found, "$.tests") == [{"parent/batch": "B-1", "n": "LOD"}, {"parent/batch": "B-1", "n": "pH"}]


def test_a_name_that_reads_like_a_parents_is_refused() -> None:
    with pytest.raises(Invalid, match="a slash in it"):
        jsonfile.read(b'[{"batch": "B-1", "tests": [{"parent/batch": "B-2"}]}]', file="x")


@pytest.mark.parametrize(("name", "data"), [("lims.xml", NESTED), ("lims.json", CHILDREN)])
def test_children_are_linked_to_their_parent_by_the_profile_that_is_proposed(
    name: str, data: bytes, bring: Import, sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = {p.part.rpartition("/")[2].rpartition(".")[2]: p for p in sample(SampleJob(path, shipped()))}
    proposal = found.get("test") or found["tests"]
    rule = next(r for r in proposal.profile.columns if r.field == "batch")
    assert rule.header in ("batch/@id", "parent/batch")
    assert any("links it to that record" in note for note in proposal.notes[rule.header])
    profile = parse(proposal.text.encode(), file="proposed.toml")
    bring(path, profiles=ProfileSet((profile,)))
    with sqlite_database.read() as conn:
        made = list(records.current_records(conn, kind=profile.kind))
    assert {r.get("batch") for r in made} == {"B-1", "B-2"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_any_declared_encoding_is_read(encoding: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    data = f'<?xml version="1.0" encoding="{name}"?><l><r><site>Žužemberk</site></r></l>'.replace(
        "Žuž", "Žuž" if "utf" in name else "Züz"
    )
    assert xml.read(data.encode(encoding), file="x.xml").grids[0].rows[1][0].endswith("emberk")


# --- batch production records ----------------------------------------------------------------------------------------------


def test_an_executed_batch_record_with_a_vendors_extensions_is_read_whole() -> None:
    found = xml.read((EXAMPLES / "ProductionBatchRecord_Example_v06.xml").read_bytes(), file="x.xml")
    assert found.how == {"dialect": "B2MML", "namespace": "http://www.wbf.org/xml/B2MML-V0401"}
    record = rows(found, "batch production records")[0]
    assert (record["batch"], record["product"], record["product_name"]) == ("BX10", "000399FG01", "000399 Finish Good 01")
    assert (record["recipe"], record["created"]) == ("15631837", "2010-04-30T14:30:17.217+02:00")
    assert {g.part: len(g.rows) - 1 for g in found.grids} == {
        "batch production records": 1, "control recipes": 1, "batch steps": 15, "process parameters": 36, "batch events": 3,
        "batch comments": 2, "batch signatures": 7,
    }  # fmt: skip
    values = [p["value"] for p in rows(found, "process parameters") if p["parameter"] == "actualValue"]
    assert values == [
        "Starting processing",
        "EXCEPTION",
        "1",
        "2",
        "3",
        "4",
        "please loop",
        "this time no exception",
        "11",
        "22",
        "33",
        "44",
    ]
    event = rows(found, "batch events")[0]
    assert (event["risk"], event["status"], event["category"]) == ("Low", "Open", "Out of spec")
    assert event["xpath"] == "/BatchProductionRecord/Events/Event[1]"
    assert loose(found) == {}  # every text stands in a grid
    assert found.notes == ("29 ObjectType element(s) were not taken.",)


def test_a_later_version_is_read_by_the_same_names() -> None:
    found = xml.read((EXAMPLES / "v0700.xml").read_bytes(), file="x.xml")
    parameters = [
        (p["element"], p["parameter"], p["recorded_as"], p["value"], p["unit"]) for p in rows(found, "process parameters")
    ]
    assert parameters == [
        ("CR-9", "water", "Parameter", "18.50", "kg"),
        ("GRANULATE", "impeller speed", "Parameter", "250", "1/min"),  # what the recipe sets ...
        ("GRANULATE", "impeller speed", "OtherInformation", "248.7", "1/min"),  # ... and what was recorded
    ]
    result = rows(found, "sample results")[0]
    assert (result["test_name"], result["value"], result["unit"], result["expected"]) == (
        "Loss on drying",
        "1.80",
        "%",
        "2.0",
    )
    assert [(t["time"], t["value"]) for t in rows(found, "batch trends")] == [
        ("2026-03-01T07:00:00Z", "61.25"), ("2026-03-01T07:01:00Z", "61.50"),
    ]  # fmt: skip
    tag = rows(found, "trend tags")[0]
    assert (tag["tag"], tag["alias"], tag["unit"]) == ("1", "inlet air", "Cel")
    event = rows(found, "batch events")[0]
    assert (event["batch"], event["value"], event["unit"]) == ("B-0077", "2.31", "kPa")


def test_a_recipe_is_read_as_a_recipe_and_never_as_an_executed_batch() -> None:
    found = xml.read((EXAMPLES / "cough-syrup.xml").read_bytes(), file="x.xml")
    assert {g.part: len(g.rows) - 1 for g in found.grids} == {"recipes": 1, "recipe elements": 80, "recipe parameters": 51}
    recipe = rows(found, "recipes")[0]
    assert (recipe["product_name"], recipe["batch_size"], recipe["batch_size_unit"]) == (
        "Cough Syrup Demo",
        "5000",
        "Kilolitres",
    )
    assert "51 ProcedureLogic element(s) were not taken." in found.notes
    assert any("dextromethorpan" in text for text in loose(found).values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_grid_of_batch_records_has_a_shipped_profile(table: object) -> None:
    found = PROFILES.recognise(table.header, file="x.xml")  # type: ignore[attr-defined]
    assert found.name == f"b2mml_{found.kind}"


def test_batch_records_go_in_as_records_with_their_xpath(bring: Import, sqlite_database: Database) -> None:
    done = bring(EXAMPLES / "ProductionBatchRecord_Example_v06.xml", EXAMPLES / "v0700.xml", EXAMPLES / "cough-syrup.xml")
    assert done.refused == []
    assert done.cells.holds
    assert done.records == {
        "batch_production_record": 2, "control_recipe": 2, "batch_step": 16, "process_parameter": 39, "batch_event": 4,
        "batch_comment": 3, "batch_signature": 7, "sample_result": 1, "trend_tag": 1, "batch_trend": 2,
        "recipe": 1, "recipe_element": 80, "recipe_parameter": 51,
    }  # fmt: skip
    with sqlite_database.read() as conn:
        event = records.current_records(
            conn, kind="batch_event", product="000399FG01", since="2010-04-01", until="2010-04-30"
        )[0]
        assert event.identifier == "BX10/0124|Exception/1"
        assert event.get("xpath") == "/BatchProductionRecord/Events/Event[1]"
        assert event.locator("message").place == "row 1, message"
        assert event.document.part == "batch events"
        assert any("Expected control limit" in p.text for p in records.passages(conn))


# --- analytical data -------------------------------------------------------------------------------------------------------


def test_analytical_data_give_samples_and_each_set_of_series_as_written() -> None:
    found = xml.read(ANIML, file="x.animl")
    assert grid(found, "samples").rows == (("name", "sampleID", "barcode", "batch"), ("Lot 17-031", "s1", "0731", "B-0077"))
    assert grid(found, "Dissolution, Released").rows == (
        ("Time [min]", "Amount [%]", "Absorbance"), ("10", "45.10", ""), ("20", "81.25", ""), ("30", "97.00", ""),
    )  # fmt: skip
    assert found.notes == (
        "Dissolution, Released: the values of Absorbance are kept as binary floating-point numbers; they were not worked out.",
    )
    assert "Q value: 97.00 %" in loose(found).values()
    assert any(text == "Name: UV-2600" for text in loose(found).values())


# --- JSON ------------------------------------------------------------------------------------------------------------------


def test_numbers_of_json_stand_as_written_and_objects_are_flattened() -> None:
    found = jsonfile.read(
        b'[{"batch": 1, "assay": {"value": 99.80, "unit": "%"}, "lots": ["a", "b"]}, {"batch": 2, "ok": true, "assay": null}]',
        file="x",
    )
    assert found.grids == (
        Grid(
            "$", (("batch", "assay.value", "assay.unit", "lots", "ok", "assay"), ("1", "99.80", "%", "a|b", "", ""), ("2", "", "", "", "true", "")), (0, 1, 2),
        ),
    )  # fmt: skip
    assert jsonfile.read(b'[{"v": 1E-5, "w": 10000000000000000000000.10}]', file="x").grids[0].rows[1] == (
        "1E-5",
        "10000000000000000000000.10",
    )


def test_an_object_with_lists_of_objects_gives_a_grid_each_and_the_rest_as_text() -> None:
    found = jsonfile.read(
        b'{"source": "LIMS", "batches": [{"id": "B1", "tests": [{"n": "LOD", "v": 1.8}]}], "lots": [{"id": "L1"}]}', file="x"
    )
    assert grid(found, "$.batches").rows == (("id",), ("B1",))
    assert grid(found, "$.batches.tests").rows == (("batches/id", "n", "v"), ("B1", "LOD", "1.8"))
    assert grid(found, "$.lots").rows == (("id",), ("L1",))
    assert loose(found) == {"$.source": "source: LIMS"}


def test_rows_of_json_lines_are_numbered_as_the_lines() -> None:
    found = jsonfile.read_lines(b'{"id": 1}\n\n{"id": 2}\r\n', file="x")
    assert found.grids[0].numbers == (0, 1, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_json_in_any_unicode_encoding_is_read(encoding: str) -> None:
    assert jsonfile.read('[{"site": "Žužemberk"}]'.encode(encoding), file="x").grids[0].rows[1] == ("Žužemberk",)


BAD_JSON = {
    "duplicate": (b'[{"id": 1, "id": 2}]', "the name 'id' occurs twice"),
    "nan": (b'[{"v": NaN}]', "NaN is no number"),
    "infinity": (b'[{"v": -Infinity}]', "Infinity is no number"),
    "deep": (b"[" * 100_000, "nested more than"),
    "deep in rows": (b'[{"a": ' + b"[" * 90 + b'"x",{}' + b"]" * 90 + b"}]", "nested more than"),
    "cut": (b'[{"v": 1', "not usable JSON"),
    "empty": (b" \n", "empty"),
    "bom only": (b"\xef\xbb\xbf", "empty"),
    "scalar": (b"5", "neither an object nor a list"),
    "mixed list": (b'[{"v": 1}, 2]', "neither an object nor a list"),
    "comment": (b'[{"v": 1}] // x', "not usable JSON"),
    "half a character": (b'[{"v": "\\ud800"}]', "half a character"),
    "not utf-8": (b'[{"v": "\xe9"}]', "not text"),
    "nothing in it": (b"{}", "no values"),
    "names that meet": (b'[{"a.b": 1, "a": {"b": 2}}]', "reads like the path to another value"),
    "many names": (b'[{"a": [' + b",".join(b'{"x": 1}' for _ in range(2_100)) + b"]}]", "more than 2000 names"),
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_odd_json_is_refused_with_the_reason(name: str) -> None:
    data, reason = BAD_JSON[name]
    with pytest.raises(Invalid, match=reason):
        jsonfile.read(data, file="x.json")


def test_a_number_of_a_million_digits_is_refused_as_a_cell_and_hangs_nothing(bring: Import, tmp_path: Path) -> None:
    path = tmp_path / "n.json"
    profile = PROFILES.named("normalization")
    path.write_text('[{"' + '": 1, "'.join(profile.header[:-1]) + f'": 1, "{profile.header[-1]}": {"9" * 10**6}}}]')
    done = bring(path)
    assert [r.reason for r in done.refused][:1] in (["cell of more than 100000 characters"], ["not a whole number"])
    assert done.cells.holds


# --- hostile XML -----------------------------------------------------------------------------------------------------------

LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 100 + b'"><!ENTITY c "' + b"&b;" * 100 + b'">]><l>&c;</l>'
BAD_XML = {
    "billion laughs": (LAUGHS, "document type"),
    "external entity": (b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>', "document type"),
    "external DTD": (b'<!DOCTYPE l SYSTEM "http://127.0.0.1:1/x.dtd"><l/>', "document type"),
    "parameter entity": (b'<!DOCTYPE l [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x">%x;]><l/>', "document type"),
    "undefined entity": (b"<l>&x;</l>", "not well-formed"),
    "deep": (b"<a>" * 10**6, "nested more than 200 deep"),
    "cut": (b"<l><r>1</r>", "not well-formed"),
    "two roots": (b"<l/><l/>", "not well-formed"),
    "empty": (b"  ", "empty"),
    "no text": (b"<l><r/></l>", "no text"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><l/>', "not well-formed"),
    "wrong encoding": (b'<?xml version="1.0" encoding="utf-8"?><l>\xe9</l>', "not well-formed"),
    "NUL": (b"<l>\x00</l>", "not well-formed"),
    "many columns": (b"<l><r>" + b"".join(b"<c%d>1</c%d>" % (n, n) for n in range(2_100)) + b"</r></l>", "more than 2000 columns"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_XML)
def test_hostile_or_damaged_xml_is_refused_with_the_reason(name: str) -> None:
    data, reason = BAD_XML[name]
    with pytest.raises(Invalid, match=reason):
        xml.read(data, file="x.xml")


def test_a_file_of_200000_elements_is_read_in_its_process(bring: Import, sqlite_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "big.xml"
    path.write_bytes(b"<l>" + b"<r><a>1</a></r>" * 100_000 + b"</l>")
    workers = LocalWorkers(1)
    try:
        done = bring(path, workers=workers)
    finally:
        workers.close()
    assert sum(text.count("a: 1") for text in texts(sqlite_database)) == 100_000  # none is lost on the way to the passages
    assert done.passages > 400
