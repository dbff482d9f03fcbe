"""Tables of reports and of the review. Every governed row is an immutable version or event; what is current is a query.

`seq` is the number of the trail entry that was written with the row: it orders everything.
"""

from sqlalchemy import Boolean, Column, Connection, Index, Integer, MetaData, Table, Text

from audit.tables import create_tables

metadata = MetaData()
GAP = 1000  # between the positions of a draft's sentences, so that others fit between

home = Table("home", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

reports = Table(
    "reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # as the outlines' kinds
    Column("product", Text, nullable=False),
    Column("strength", Text),
    Column("subject", Text),  # the deviation's identifier
    Column("period_from", Text),
    Column("period_to", Text),
    Column("seq", Integer, nullable=False),
    # title, data_lock, outline, fingerprint, drafter, created_by (user id), created_by_name, created_at, previous report, ledger
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

sections = Table(
    "sections",
    metadata,
    Column("id", Text, primary_key=True),
    Column("report_id", Text, nullable=False, index=True),
    Column("key", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
)

generations = Table(
    "generations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("section_id", Text, nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("drafter", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column(
        "outcome", Text, nullable=False
    ),  # drafted, insufficient, refused, rendered (records only), human (no machine text)
    Column("detail", Text, nullable=False),
    Column("pack", Text, nullable=False),  # content hash of the evidence pack
    Column("as_of", Integer, nullable=False),  # corpus sequence
    Column("request", Text),  # content hash
    Column("reply", Text),  # content hash
)

sentences = Table(
    "sentences",
    metadata,
    Column("id", Text, primary_key=True),
    Column("section_id", Text, nullable=False, index=True),
    Column("position", Integer, nullable=False),  # thousandths: 1000, 2000, ...; an added sentence goes between
    Column("origin", Text, nullable=False),
    Column("generation_id", Text),
    Column("seq", Integer, nullable=False),
)

sentence_versions = Table(
    "sentence_versions",
    metadata,
    Column("sentence_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("body", Text, nullable=False),  # canonical tree of a Sentence
    Column("hash", Text, nullable=False),
    Column("by", Text, nullable=False),  # account id; "" for the machine's own draft
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("section_id", Text, nullable=False, index=True),
    Column("subject", Text, nullable=False),  # sentence id, or "table:ID" for a section rendered from records
    Column("version", Integer, nullable=False),
    Column("hash", Text, nullable=False),  # of the text and evidence that was decided on: carries over while equal
    Column("capacity", Text, nullable=False),  # author, reviewer, approver
    Column(
        "decision", Text, nullable=False
    ),  # accept, edit, reject, add, withdraw / confirm, question, propose, return / answer, undo
    Column("category", Text),
    Column("reason", Text),
    Column("proposal", Text),
    Column("undoes", Text),  # decision id, for undo and answer
    Column("view_id", Text),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

field_versions = Table(
    "field_versions",
    metadata,
    Column("section_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

own_views = Table(
    "own_views",
    metadata,
    Column("section_id", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("capacity", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

views = Table(
    "views",
    metadata,
    Column("id", Text, primary_key=True),
    Column("section_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("canonical_hash", Text, nullable=False),  # of the section's current content
    Column("shown_hash", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("views_by_person", "section_id", "account_id"),
)

openings = Table(
    "openings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("section_id", Text, nullable=False),
    Column("subject", Text, nullable=False),  # sentence id or "table:ID"
    Column("ref", Text, nullable=False),
    Column("demanded", Boolean, nullable=False),  # by the section's tier; kept apart from voluntary ones in every measure
    Column("capacity", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("openings_by_person", "section_id", "account_id"),
)

exclusions = Table(
    "exclusions",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("record", Text, primary_key=True),  # "KIND/IDENTIFIER"
    Column("version", Integer, primary_key=True),
    Column("excluded", Boolean, nullable=False),
    Column("category", Text),
    Column("reason", Text),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

added_evidence = (
    Table(  # what a person added to the evidence of a section: a file, a record, a fact that stands in no record
        "added_evidence",
        metadata,
        Column("id", Text, primary_key=True),
        Column("section_id", Text, nullable=False, index=True),
        Column("kind", Text, nullable=False),  # attached, linked, declared
        Column("body", Text, nullable=False),  # canonical tree
        Column("hash", Text, nullable=False),
        Column("account_id", Text, nullable=False),
        Column("user_id", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("seq", Integer, nullable=False),
    )
)

evidence_withdrawals = Table(
    "evidence_withdrawals",
    metadata,
    Column("id", Text, primary_key=True),  # of the row in added_evidence
    Column("section_id", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

report_events = Table(
    "report_events",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("event", Text, nullable=False),  # submitted, returned, approved, superseded
    Column("reason", Text),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

configuration_versions = Table(
    "configuration_versions",
    metadata,
    Column("kind", Text, primary_key=True),  # import_profile, identifiers
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),  # content hash of the text
    Column("withdrawn", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

chart_decisions = Table(  # what a person decided about the charts of an attribute, as versions
    "chart_decisions",
    metadata,
    Column("kind", Text, primary_key=True),  # baseline, practical_limit, run_rules
    Column("product", Text, primary_key=True),  # "" with attribute "": run rules of the site
    Column("strength", Text, primary_key=True),  # "": every strength together
    Column("attribute", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("withdrawn", Boolean, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON
    Column("reason", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

signal_dispositions = Table(  # what a person found of the signals of one run of one attribute
    "signal_dispositions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("product", Text, nullable=False, index=True),
    Column("strength", Text, nullable=False),
    Column("attribute", Text, nullable=False),
    Column("content", Text, nullable=False),  # canonical JSON of the signals: batch, value as written, rule, side
    Column("outcome", Text, nullable=False),
    Column("record", Text, nullable=False),  # KIND/IDENTIFIER that the outcome refers to, "" for none
    Column("reason", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

working_texts = Table(  # no record: what a person typed and has not saved yet
    "working_texts",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("section_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # sentence id, "add" or "field:KEY"
    Column("version", Integer, nullable=False),  # of the sentence that was being edited
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
)

oversight_checks = Table(
    "oversight_checks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run_id", Text, nullable=False),  # of a qualification; "" in routine work
    Column("report_id", Text, nullable=False),
    Column("section_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),  # of the reviewer
    Column("round", Integer, nullable=False),  # how often the report had been submitted; the place in a qualification
    Column("sealed", Text, nullable=False),  # what is planted, if anything, under a key that the database does not hold
    Column("commitment", Text, nullable=False),  # hash of what is sealed
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("checks_by_report", "report_id", "section_id"),
    Index("checks_by_person", "account_id"),
)

check_events = Table(
    "check_events",
    metadata,
    Column("check_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("step", Text, nullable=False),  # shown, noted, revealed, restored, void, ...
    Column("view_id", Text, nullable=False),
    Column("body", Text, nullable=False),  # canonical tree
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("check_events_by_view", "view_id"),
)

activity_summaries = Table(  # no record: how a view was looked at; deleted when its time is over
    "activity_summaries",
    metadata,
    Column("view_id", Text, primary_key=True),
    Column("pseudonym", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Text, nullable=False),
)

APPEND_ONLY = tuple(t.name for t in metadata.sorted_tables if t not in (working_texts, activity_summaries))


def create_all(conn: Connection) -> None:
    """Create this package's tables and triggers in an empty database."""
    create_tables(conn, metadata, APPEND_ONLY)
