"""Tables of the corpus. Imported rows are immutable: a new version of a file adds rows, and "current" is a query."""

from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, MetaData, Table, Text

from audit.tables import create_tables

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("name", Text, nullable=False, index=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("supersedes", Text, unique=True),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("identifier", Text, nullable=False, index=True),
    Column("product", Text),
    Column("strength", Text),
    Column("date", Text),
    Column("date_precision", Text),
    Column("fields", Text, nullable=False),
    Column("row", Integer),
    Index("records_by_scope", "kind", "product", "date"),
)

measurements = Table(
    "measurements",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("column", Text, primary_key=True),
    Column("batch", Text, nullable=False),
    Column("product", Text),
    Column("attribute", Text, nullable=False),
    Column("literal", Text, nullable=False),
    Column("value", Text),
    Column("state", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("primary_source", Boolean, nullable=False),
    Index("measurements_by_scope", "product", "attribute"),
    Index("measurements_by_batch", "batch", "attribute"),
)

refusals = Table(
    "refusals",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("locator", Text, nullable=False),
    Column("literal", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", Text, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("product", Text),
    Column("record_identifier", Text, index=True),
    Column("synthetic", Boolean, nullable=False),
)

notes = Table(
    "document_notes",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),  # what the reader found beside the text: hidden, struck out, commented, not read
    Column("seq", Integer, nullable=False),  # of the entry of its import
)

withdrawals = Table(
    "document_withdrawals",
    metadata,
    Column("document_id", Text, primary_key=True),  # a part that its file no longer holds
    Column("by_document", Text, nullable=False),  # a part of the version of the file that withdrew it
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

embeddings = Table(
    "passage_embeddings",
    metadata,
    Column("passage_id", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

extracts = Table(
    "extracts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("document_id", Text, nullable=False, index=True),
    Column("body", Text, nullable=False),  # what the source says of its extract, and how that compares with what was read
    Column("hash", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

extract_confirmations = Table(
    "extract_confirmations",
    metadata,
    Column("extract_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),  # "" where the source's totals are those that were read
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)

preferences = Table(
    "clash_preferences",
    metadata,
    Column("seq", Integer, primary_key=True),  # of its entry: the last one of a record or result counts
    Column("kind", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    Column("origin", Text, nullable=False),  # the first version of the source that counts
    Column("document_id", Text, nullable=False),  # the version of it that the person saw
    Column("reason", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("preferences_by_subject", "kind", "identifier"),
)

decided = Table(
    "clash_decided",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the entry of a decision
    Column("kind", Text, primary_key=True),
    Column("identifier", Text, primary_key=True),  # a record or result that it is on
    Column("compared", Text, nullable=False),  # what each source said of it; "" where that was not kept
    Index("decided_by_subject", "kind", "identifier"),
)

APPEND_ONLY = (
    "documents",
    "records",
    "measurements",
    "refusals",
    "passages",
    "document_notes",
    "document_withdrawals",
    "extracts",
    "extract_confirmations",
    "clash_preferences",
    "clash_decided",
)


def create_all(conn: Connection) -> None:
    """Create this package's tables and triggers in an empty database."""
    create_tables(conn, metadata, APPEND_ONLY)
