"""A small report on a desk: three sections with evidence, and the people who work on it."""

from collections.abc import Callable
from dataclasses import dataclass

from replay import once
from sqlalchemy import Connection

from audit import enrolment, governed, identity, signatures, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import Clock, FixedClock
from audit.database import Database
from audit.identity import Account, Qualification
from audit.passwords import CHEAPEST
from audit.signatures import Meaning, Signature
from corpus.profiles import ProfileSet
from drafting import authoring, review, reviewing, scoping, tables
from drafting.context import Context, Settings
from drafting.draft_store import sentence_rows
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.model import EvidencePack, Fact, Table
from drafting.pictures import report_picture
from drafting.queries import load
from drafting.readmodel import ReportView, SectionView
from drafting.render import render
from drafting.signing import sign_sections
from prompts.outline import FieldOutline, Outline, SectionOutline, Tier

PASSPHRASE = "correct horse battery"
REPORT = "report1"
PEOPLE = (
    ("admin", "administrator"),
    ("writer", "writer"),
    ("reviewer", "reviewer"),
    ("approver", "approver"),
    ("auditor", "auditor"),
    ("lead", "training_lead"),
    ("many", "writer+reviewer+approver"),
    ("unqualified", "writer"),
)
MEANINGS = {"writer": Meaning.AUTHORSHIP, "reviewer": Meaning.REVIEW, "approver": Meaning.APPROVAL}

OUTLINE = Outline(
    "apr_us",
    1,
    "Annual product review",
    "APR",
    (
        SectionOutline("quality", "1", "Quality", "RAH", Tier.HIGH, fields=(FieldOutline("verdict", "Verdict"),)),
        SectionOutline("cause", "2", "Root cause", "RA", Tier.HIGH, own_view=True),
        SectionOutline("census", "3", "Census", "R", Tier.LOW, records=("deviation",)),
    ),
    "sha256:outline",
)
FACTS = {
    "assay.mean": Fact("assay.mean", "99.1", "99.1", "%", 12, "mean v1"),
    "assay.n": Fact("assay.n", "12", "12", "", 12, "n v1"),
}
TEMPLATES = {
    "quality": ("The mean assay was {fact:assay.mean}.", "The number of batches was {fact:assay.n}."),
    "cause": ("The assay of {fact:assay.n} batches was reviewed.",),
    "census": (),
}


def pack_of(key: str) -> EvidencePack:
    rows = (("mean", "99.1 %"), ("n", "12"))
    table = Table("t1", "Assay", ("What", "Value"), rows, ("fact:assay.mean", "fact:assay.n"))
    return EvidencePack(key, FACTS, {}, {}, (table,) if key == "census" else ())


@dataclass(frozen=True)
class Desk:
    """The context and the people by user id."""

    ctx: Context
    people: dict[str, Account]

    def actor(self, name: str) -> Actor:
        return self.people[name].actor(session="s")

    def see(self, key: str, name: str) -> SectionView:
        return review.open_section(self.ctx, report_id=REPORT, section_key=key, actor=self.actor(name))

    def open_all(self, key: str, name: str) -> None:
        view = self.see(key, name)
        for sentence in view.sentences:
            for cited in sentence.citations:
                review.open_source(self.ctx, section_id=key, subject=sentence.id, ref=cited.ref, actor=self.actor(name))
        for table in view.tables:
            for ref in table.refs:
                review.open_source(self.ctx, section_id=key, subject=f"table:{table.id}", ref=ref, actor=self.actor(name))

    def author(self, key: str, name: str = "writer") -> None:
        """Do everything that authorship needs."""
        self._own_view(key, name)
        self.open_all(key, name)
        view = self.see(key, name)
        for sentence in (s for s in view.sentences if s.author is None):
            authoring.accept(
                self.ctx, sentence_id=sentence.id, version=sentence.version, seen=view.view_id, actor=self.actor(name)
            )
        for table in view.tables:
            review.confirm_table(self.ctx, section_id=key, table_id=table.id, seen=view.view_id, actor=self.actor(name))
        for field in view.fields:
            authoring.enter_field(
                self.ctx,
                section_id=key,
                key=field.outline.key,
                value="said by hand",
                seen=view.view_id,
                actor=self.actor(name),
            )

    def check(self, key: str, name: str = "reviewer") -> None:
        """Do everything that a review needs."""
        self._own_view(key, name)
        self.open_all(key, name)
        view = self.see(key, name)
        for sentence in view.sentences:
            reviewing.confirm(
                self.ctx, sentence_id=sentence.id, version=sentence.version, seen=view.view_id, actor=self.actor(name)
            )
        for table in view.tables:
            review.confirm_table(self.ctx, section_id=key, table_id=table.id, seen=view.view_id, actor=self.actor(name))

    def _own_view(self, key: str, name: str) -> None:
        if self.see(key, name).hidden:
            review.record_own_view(self.ctx, section_id=key, text="My own view.", actor=self.actor(name))

    def sign(self, name: str, *keys: str, meaning: Meaning | None = None, passphrase: str = PASSPHRASE) -> Signature:
        seen = {key: self.see(key, name).view_id for key in keys}
        return sign_sections(
            self.ctx, report_id=REPORT, seen=seen, user_id=name, passphrase=passphrase,
            meaning=meaning or MEANINGS[name], actor=self.actor(name),
        )  # fmt: skip

    def authored(self) -> None:
        for key in TEMPLATES:
            self.author(key)
        self.sign("writer", *TEMPLATES)

    def submitted(self) -> None:
        self.authored()
        scoping.submit(self.ctx, report_id=REPORT, actor=self.actor("writer"))


def report_view(ctx: Context, report_id: str) -> ReportView:
    """Return the picture of a report as it is stored, to nobody in particular."""
    with ctx.database.read() as conn:
        return report_picture(load(conn, ctx, report_id))


def set_up(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: object) -> Desk:
    """Return a desk on a database with empty tables."""
    ctx = context(database, clock, new_id, tmp_path)
    return Desk(ctx, once("desk", ctx, fill))


def set_up_submitted(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: object) -> Desk:
    """Return a desk whose report waits for its review, on a database with empty tables."""

    def act(ctx: Context) -> dict[str, Account]:
        people = fill(ctx)
        Desk(ctx, people).submitted()
        return people

    ctx = context(database, clock, new_id, tmp_path)
    return Desk(ctx, once("submitted", ctx, act))


def context(database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: object) -> Context:
    """Return the context of a desk on a database."""
    return Context(
        database=database, clock=clock, new_id=new_id, drafter=DeterministicDrafter(), profiles=ProfileSet(()),
        outlines={"apr_us": OUTLINE},
        settings=Settings(home=tmp_path, database_url="", key_cost=CHEAPEST),  # type: ignore[arg-type]
    )  # fmt: skip


def fill(ctx: Context) -> dict[str, Account]:
    """Put the report and the people into a database with empty tables, act by act."""
    database, clock = ctx.database, ctx.clock
    people = database.write(lambda conn: _people(conn, clock))
    admin = signatures.release(
        database, clock, actor=people["admin"].actor(), user_id="admin", passphrase=PASSPHRASE, zone="UTC"
    )
    database.write(lambda conn: _enrol(conn, clock, people, admin))
    database.write(lambda conn: _report(conn, ctx, people["writer"]))
    return people


def _people(conn: Connection, clock: Clock) -> dict[str, Account]:
    found: dict[str, Account] = {}
    for name, roles in PEOPLE:
        account = identity.create_account(
            conn, account_id=f"a-{name}", user_id=name, printed_name=name.title(), roles=tuple(roles.split("+")),
            password=PASSPHRASE, by=Actor("", "set-up", "Set-up", "service"), at=clock.now(), zone="UTC", cost=CHEAPEST,
            identity_verified=("admin", "2026-01-01", "passport"), must_change_password=False,
        )  # fmt: skip
        held = MEANINGS.values() if name == "many" else [MEANINGS[name]] if name in MEANINGS else []
        for meaning in held:
            account = identity.qualify(
                conn, account, Qualification("*", str(meaning), "2026-01-01", "2026-12-31", "training 1"),
                by=account.actor(), at=clock.now(), zone="UTC",
            )  # fmt: skip
        found[name] = account
    enrolment.enrol_key(
        conn, key_id="k-admin", account=found["admin"], passphrase=PASSPHRASE, attested_by=None, at=clock.now(), zone="UTC",
        cost=CHEAPEST,
    )  # fmt: skip
    return found


def _enrol(conn: Connection, clock: Clock, people: dict[str, Account], admin: signatures.SigningKey) -> None:
    for name, account in people.items():
        if name not in ("admin", "auditor", "lead"):
            enrolment.enrol_key(
                conn, key_id=f"k-{name}", account=account, passphrase=PASSPHRASE, attested_by=admin, at=clock.now(),
                zone="UTC", cost=CHEAPEST,
            )  # fmt: skip


def _report(conn: Connection, ctx: Context, writer: Account) -> None:
    body = canonical(
        {
            "title": "Review",
            "created_at": "2026-03-02T08:00:00Z",
            "data_lock": "2026-03-02T08:00:00Z",
            "ledger": [["deviation", ["DEV-1", "DEV-2"], ["DEV-1", "DEV-2"]]],
        }
    )
    at = "2026-03-02T08:00:00.000000Z"
    report = {
        "id": REPORT, "number": "APR-1", "kind": "apr_us", "product": "17", "period_from": "2025-01-01",
        "period_to": "2025-12-31", "body": body, "hash": digest(body),
    }  # fmt: skip
    by = {"at": ctx.clock.now(), "zone": "UTC", "actor": writer.actor()}
    governed.record(
        conn, [(tables.reports, report)], action=Action.REPORT_CREATED, object_kind="report", object_id=REPORT, **by
    )  # fmt: skip
    for ordinal, (key, templates) in enumerate(TEMPLATES.items()):
        pack, generation = pack_of(key), f"g-{key}"
        kept = trail.put_content(conn, pack.text(), media_type="application/json")
        made = {
            "id": generation, "section_id": key, "at": at, "drafter": "rules", "fingerprint": "sha256:f",
            "outcome": "drafted" if templates else "rendered", "detail": "", "pack": kept, "as_of": 0,
        }  # fmt: skip
        rows = [
            (tables.sections, {"id": key, "report_id": REPORT, "key": key, "ordinal": ordinal}),
            (tables.generations, made),
        ]
        for number, template in enumerate(templates, start=1):
            rows += sentence_rows(ctx, f"{key}-{number}", key, number * 1000, render(template, pack), generation)
        governed.record(
            conn, rows, action=Action.DRAFT_GENERATED, object_kind="section", object_id=key,
            new={"report": REPORT, "pack": kept}, **by,
        )  # fmt: skip
