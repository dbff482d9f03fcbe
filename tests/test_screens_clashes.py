"""The screen of sources that differ: what it shows to whom, and what a decision does to the sections that rest on the record."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import report_view
from streamlit.testing.v1 import AppTest

from audit import identity, trail
from audit.actions import Action
from corpus import records
from drafting import clashes
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context
from drafting.importing import import_files
from drafting.inbox import every_report
from drafting.redraft import redraft_section, stale_sections
from review_ui.frame import Visit

DEVIATIONS = Path(records.__file__).parent / "samples" / "synthetic" / "deviation.csv"
NAME, ODD = "deviation/DEV-2020-010", "**Odd** :red[title]"


def actor_of(ctx: Context, user: str) -> identity.Account:
    with ctx.database.read() as conn:
        found = identity.account_named(conn, user)
    assert found is not None
    return found


@pytest.fixture
def ctx(filled_home: Path, tmp_path: Path) -> Iterator[Context]:
    """A demo home into which a file came that says otherwise of a deviation."""
    shutil.copytree(filled_home, tmp_path / "home")
    opened = open_context(settings_from({}, home=str(tmp_path / "home")))
    header, *lines = DEVIATIONS.read_text(encoding="utf-8").splitlines()
    cells = next(line for line in lines if line.startswith("DEV-2020-010")).split(";")
    cells[1], cells[header.split(";").index("class")] = ODD, "critical"
    (tmp_path / "site.csv").write_text(f"{header}\n{';'.join(cells)}\n", encoding="utf-8")
    import_files(opened, paths=[tmp_path / "site.csv"], actor=actor_of(opened, "demo.writer").actor())
    yield opened
    close_context(opened)


def page(ctx: Context, user: str, opened: list[Any], **query: str) -> AppTest:
    def run(visit: object, opened: list) -> None:  # type: ignore[type-arg] # runs alone, without this file's names
        from review_ui.screens import clashes

        clashes.show(visit, lambda *place: opened.append(place))

    account = actor_of(ctx, user)
    visit = Visit(ctx, account, account.actor(), "", demo=True)
    made = AppTest.from_function(run, kwargs={"visit": visit, "opened": opened}, default_timeout=60)
    for key, value in query.items():
        made.query_params[key] = value
    made.run()
    assert not made.exception
    return made


def labels(shown: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in shown.button]


def press(shown: AppTest, label: str) -> AppTest:
    return next(b for b in shown.button if b.label.replace("\\", "") == label).click().run()


def test_both_values_stand_side_by_side_as_written_and_each_place_opens(ctx: Context) -> None:
    opened: list[Any] = []
    shown = page(ctx, "demo.reviewer", opened)
    values = [m.value for m in shown.markdown]
    assert any("Class: **minor**" in v for v in values)
    assert any("Class: **critical**" in v and r"\*\*Odd\*\* \:red\[title\]" in v for v in values)
    for number in (0, 1):
        page(ctx, "demo.reviewer", opened).button[number].click().run()
    found = clashes.one(ctx, NAME)
    assert found is not None
    assert opened == [
        (source.document.id, row, "", ("class", "title")) for source, row in zip(found.sources, (18, 2), strict=True)
    ]


def test_a_filter_that_finds_nothing_says_so(ctx: Context) -> None:
    shown = page(ctx, "demo.reviewer", [], product="23")
    assert "Nothing waits for a decision here" in shown.markdown[-1].value
    assert labels(shown) == []


def test_an_auditor_reads_and_decides_nothing(ctx: Context) -> None:
    assert labels(page(ctx, "demo.auditor", [])) == ["Open the cell", "Open the cell"]


def test_a_reviewer_decides_with_a_reason_and_the_decision_is_listed(ctx: Context) -> None:
    shown = press(page(ctx, "demo.reviewer", []), "site.csv counts")
    assert "reason" in shown.error[0].value
    shown.text_input(key=next(t.key for t in shown.text_input if t.label == "Why this source counts")).input(
        "Reclassified by QA"
    )
    shown = press(shown, "site.csv counts")
    assert not shown.exception
    assert "Nothing waits for a decision" in shown.markdown[-1].value
    (made,) = clashes.decided(ctx).items
    assert (made.name, made.document.name, made.reason, made.user_id) == (
        NAME, "site.csv", "Reclassified by QA", "demo.reviewer",
    )  # fmt: skip
    with ctx.database.read() as conn:
        (entry,) = trail.entries(conn, action=str(Action.CLASH_DECIDED))
    assert (entry.object_id, entry.reason, entry.actor.user_id) == (NAME, "Reclassified by QA", "demo.reviewer")


def test_the_sections_that_rest_on_a_decided_record_go_stale(ctx: Context) -> None:
    report = next(r.id for r in every_report(ctx) if r.kind == "apr_us")
    writer = actor_of(ctx, "demo.writer").actor()
    while due := stale_sections(ctx, report):
        redraft_section(ctx, section_id=next(iter(due)), actor=writer)
    found = clashes.one(ctx, NAME)
    assert found is not None
    clashes.prefer(
        ctx, kind=found.kind, identifier=found.identifier, document_id=clashes.source_named(found, "site.csv").id,
        reason="Reclassified by QA", actor=writer,
    )  # fmt: skip
    stale = {s.key: s.stale for s in report_view(ctx, report).sections if s.stale}
    assert f"{NAME} changed" in stale["deviations"]
    assert "deviations" in stale_sections(ctx, report).values()
    assert "recalls_and_field_actions" not in stale


def test_a_decision_for_what_is_in_force_already_takes_the_note_away(ctx: Context) -> None:
    report = next(r.id for r in every_report(ctx) if r.kind == "apr_us")
    writer = actor_of(ctx, "demo.writer").actor()
    while due := stale_sections(ctx, report):
        redraft_section(ctx, section_id=next(iter(due)), actor=writer)
    found = clashes.one(ctx, NAME)
    assert found is not None
    clashes.prefer(
        ctx, kind=found.kind, identifier=found.identifier, document_id=found.sources[0].document.id, reason="The register is right",
        actor=writer,
    )  # fmt: skip
    stale = {s.key: s.stale for s in report_view(ctx, report).sections if s.stale}
    assert stale["deviations"] == "the notes on its records changed."
