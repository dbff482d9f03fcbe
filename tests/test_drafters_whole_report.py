"""A whole annual product review of real batches through a language model: good, bad and missing answers, all kept, none repaired."""

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from command import done
from loopback import composed, endpoint, section_of
from sqlalchemy import select

from audit import trail
from audit.actions import Action
from audit.chain import Actor
from corpus.ingest import ingest
from drafting import tables
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.checks import engine
from drafting.context import Context
from drafting.demo import PERIOD_FROM, PERIOD_TO, PRODUCT
from drafting.drafters.language_model import LanguageModelDrafter
from drafting.generate import DraftOutcome, draft_report
from drafting.model import Severity
from drafting.queries import load
from prompts.library import load_prompt

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::PendingDeprecationWarning", "ignore::UserWarning"
)
SAMPLES = Path(str(files("corpus") / "samples"))
DIGIT, RUBBISH, SILENT, BROKEN = "Finished product quality", "Changes", "Stability", "Complaints"
ASKED = 13  # sections of a review that a machine may draft
KEY = "a-key-that-is-never-stored"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    ctx = open_context(settings_from({}, home=str(tmp_path_factory.mktemp("home"))))
    ingest(
        ctx.database, ctx.clock, ctx.new_id, paths=[SAMPLES], profiles=ctx.profiles, actor=service(ctx), zone="UTC"
    )  # fmt: skip
    yield ctx
    close_context(ctx)


def service(ctx: Context) -> Actor:
    return service_account(ctx).actor()


def model(url: str) -> LanguageModelDrafter:
    return LanguageModelDrafter(
        model="m", base_url=url, api_key=KEY, prompt=load_prompt("section_draft"), timeout_seconds=60
    )


def answer(_: int, prompt: str) -> str | int:
    """Answer well, but for four sections."""
    good = composed(prompt)
    first = json.loads(good)["sentences"][0]["text"]
    wrong: dict[str, str | int] = {
        DIGIT: json.dumps({"sentences": [{"text": f"{first} Of these, 3 were late.", "cites": []}], "insufficient": ""}),
        RUBBISH: "I am sorry, as a model I would rather write a poem.",
        SILENT: json.dumps({"sentences": [], "insufficient": "no study is complete"}),
        BROKEN: 500,
    }
    return wrong.get(section_of(prompt), good)


def drafted(ctx: Context, url: str, told: list[tuple[str, int, int]] | None = None) -> DraftOutcome:
    return draft_report(
        replace(ctx, drafter=model(url)), kind="apr_us", product=PRODUCT, period_from=PERIOD_FROM, period_to=PERIOD_TO,
        actor=service(ctx), progress=None if told is None else lambda *said: told.append(said),
    )  # fmt: skip


@pytest.fixture(scope="module")
def report(home: Context) -> tuple[DraftOutcome, list[dict[str, object]], list[tuple[str, int, int]]]:
    told: list[tuple[str, int, int]] = []
    with endpoint(answer) as (url, seen):
        return drafted(home, url, told), seen, told


Drafted = tuple[DraftOutcome, list[dict[str, object]], list[tuple[str, int, int]]]


def test_every_section_is_drafted_or_left_to_a_person(home: Context, report: Drafted) -> None:
    made, _, told = report
    titles = {s.key: s.title for s in home.outlines["apr_us"].sections}
    assert [s.key for s in made.sections] == list(titles)  # in the order of the outline, whatever came first
    outcomes = {titles[s.key]: s.outcome for s in made.sections if home.outlines["apr_us"].section(s.key).machine}
    wrong = {DIGIT: "refused", RUBBISH: "refused", SILENT: "insufficient", BROKEN: "failed"}
    assert outcomes == {title: wrong.get(title, "drafted") for title in outcomes}
    assert len(outcomes) == ASKED
    assert sorted(number for _, number, _ in told) == list(range(1, len(titles) + 1))
    assert {total for _, _, total in told} == {len(titles)}
    stubs = {titles[s.key]: s for s in made.sections if titles[s.key] in wrong}
    assert all(not s.sentences and s.detail for s in stubs.values())
    assert "3" in stubs[DIGIT].detail
    assert stubs[SILENT].detail == "no study is complete"
    assert "did not answer" in stubs[BROKEN].detail


def test_every_number_of_what_was_drafted_is_tied_to_evidence_and_nothing_blocks(home: Context, report: Drafted) -> None:
    with home.database.read() as conn:
        loaded = load(conn, home, report[0].report_id)
    sentences = [row.sentence for section in loaded.report.sections for row in section.sentences]
    found, resolved = engine.numbers_of(sentences)
    assert found == resolved > 40
    assert len(sentences) > 60
    blocking = [f for s in loaded.report.sections for f in loaded.findings[s.id] if f.severity is Severity.BLOCKS]
    assert {f.rule for f in blocking} == {"omissions"}  # this model names three records a section, and leaves the others out
    drafted_sections = [s for s in loaded.report.sections if s.outcome == "drafted"]
    assert all(s.sentences and s.drafter == "language model m" for s in drafted_sections)


def test_a_stub_blocks_signing_until_a_person_writes(home: Context, report: Drafted) -> None:
    from drafting.demands import signable  # what the section page lists
    from drafting.lifecycle import Capacity

    with home.database.read() as conn:
        loaded = load(conn, home, report[0].report_id)
    section = next(s for s in loaded.report.sections if s.key == "changes")
    missing = signable(
        section, loaded.packs[section.id], loaded.outline_of(section), Capacity.AUTHOR, account_id="a", findings=()
    )
    assert any("write at least one sentence" in m.message for m in missing)


def test_prompts_and_raw_replies_are_kept_and_found_by_their_hash(home: Context, report: Drafted) -> None:
    made, seen, _ = report
    sent = {body["messages"][0]["content"] for body in seen}  # type: ignore[index]
    by_key = {s.key: s for s in made.sections}
    with home.database.read() as conn:
        rows = {r.section_id: r for r in conn.execute(select(tables.generations))}
        asked, answered = {}, {}
        for key, section in by_key.items():
            row = rows[section.id]
            asked[key] = json.loads(trail.get_content(conn, row.request)) if row.request else []
            answered[key] = json.loads(trail.get_content(conn, row.reply)) if row.reply else []
            for entry in trail.entries(conn, object_kind="section", object_id=section.id):
                assert (entry.new["request"], entry.new["reply"], entry.new["pack"]) == (row.request, row.reply, row.pack)
                refused = entry.action is Action.DRAFT_REFUSED
                assert refused == (section.outcome in ("refused", "failed"))
                assert entry.origin["drafter"] == "language model m"
    assert {prompt for prompts in asked.values() for prompt in prompts} == sent
    assert (
        len(asked["finished_product_quality"]) == len(answered["finished_product_quality"]) == 2
    )  # refused and asked again
    assert "was refused" in asked["finished_product_quality"][1]
    assert "3 were late" in answered["finished_product_quality"][0]
    assert answered["changes"] == ["I am sorry, as a model I would rather write a poem."] * 2
    assert asked["complaints"]
    assert answered["complaints"] == []
    assert KEY not in json.dumps(asked)


def test_sections_are_asked_for_at_the_same_time(home: Context) -> None:
    """Each answer waits until all sections are asked for: one after the other, none would ever come."""
    together = threading.Barrier(ASKED)

    def when_all_are_there(_: int, prompt: str) -> str:
        together.wait(timeout=60)
        return composed(prompt)

    with endpoint(when_all_are_there) as (url, seen):
        made = drafted(home, url)
    assert len(seen) == ASKED
    assert {s.outcome for s in made.sections} == {"drafted", "rendered", "human"}


def test_a_draft_that_is_cancelled_stores_no_report_and_keeps_what_was_exchanged(home: Context) -> None:
    def stop(_: str, number: int, __: int) -> None:
        if number == 3:
            raise KeyboardInterrupt

    with endpoint(lambda _, prompt: composed(prompt)) as (url, seen):
        ctx = replace(home, drafter=model(url))
        with home.database.read() as conn:
            before = conn.execute(select(tables.reports.c.id)).all()
        with pytest.raises(KeyboardInterrupt):
            draft_report(
                ctx, kind="apr_us", product=PRODUCT, period_from=PERIOD_FROM, period_to=PERIOD_TO, actor=service(home),
                progress=stop,
            )  # fmt: skip
    with home.database.read() as conn:
        assert conn.execute(select(tables.reports.c.id)).all() == before
        entry = trail.entries(conn, action=str(Action.DRAFT_ABANDONED))[-1]
        kept = [json.loads(trail.get_content(conn, each["request"])) for each in entry.new["exchanges"].values()]
    assert {prompt for prompts in kept for prompt in prompts} == {body["messages"][0]["content"] for body in seen}


def through_the_command_line(home: Context, url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environ = {"VERASCRIBE_MODEL": "m", "VERASCRIBE_BASE_URL": url, "VERASCRIBE_API_KEY": KEY}
    return done(home.settings.home, *arguments, environ=environ)


DRAFT = ("draft", "apr", "--product", PRODUCT, "--from", PERIOD_FROM, "--to", PERIOD_TO)


def test_an_endpoint_that_is_down_stores_no_report_and_keeps_what_was_asked(home: Context) -> None:
    with home.database.read() as conn:
        before = conn.execute(select(tables.reports.c.id)).all()
    ended = through_the_command_line(home, "http://127.0.0.1:9/v1", *DRAFT)
    assert ended.returncode == 3
    assert "No section was drafted: The model endpoint 127.0.0.1:9 did not answer" in ended.stderr
    with home.database.read() as conn:
        assert conn.execute(select(tables.reports.c.id)).all() == before
        entry = trail.entries(conn, action=str(Action.DRAFT_ABANDONED))[-1]
        kept = [json.loads(trail.get_content(conn, each["request"])) for each in entry.new["exchanges"].values()]
    assert len(kept) == ASKED
    looked = through_the_command_line(home, "http://127.0.0.1:9/v1", "doctor")
    assert looked.returncode == 1
    assert "127.0.0.1:9 is not reachable" in looked.stdout


def test_rubbish_for_every_section_is_told_with_its_reason(home: Context) -> None:
    with endpoint(lambda *_: "no") as (url, _):
        ended = through_the_command_line(home, url, *DRAFT)
        looked = through_the_command_line(home, url, "doctor")
    assert ended.returncode == 0, ended.stderr
    assert (
        ended.stdout.count("refused, 0 sentence(s)")
        == ended.stdout.count("The reply was refused: it is not one JSON")
        == ASKED
    )
    assert looked.returncode == 0
    assert f"language model m at {url.split('/')[2]}" in looked.stdout
    assert "answers (HTTP 404)" in looked.stdout


def test_the_same_through_the_command_line(home: Context) -> None:
    with endpoint(answer) as (url, _):
        ended = through_the_command_line(home, url, *DRAFT, "--json")
    assert ended.returncode == 0, ended.stderr
    made = json.loads(ended.stdout)
    outcomes = {s["key"]: s["outcome"] for s in made["sections"]}
    assert made["drafter"] == "language model m"
    assert outcomes["finished_product_quality"] == outcomes["changes"] == "refused"
    assert outcomes["complaints"] == "failed"
    assert outcomes["stability"] == "insufficient"
    assert outcomes["deviations"] == outcomes["executive_summary"] == "drafted"
    assert KEY not in ended.stdout + ended.stderr
