"""Tables of trail, contents, accounts, sessions, keys and signatures, and the triggers that keep them append-only.

No foreign key leaves the trail: evidence must not vanish with a parent. Each governed row is an immutable
version whose hash stands in an entry; "current" is a query. Only `sessions` and `key_seals` are updated: a session
is no record, and an old seal must not outlive the passphrase that opens it.
"""

from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, MetaData, Table, Text, text

metadata = MetaData()

trail_entries = Table(
    "trail_entries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("at", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("leaf", Text, nullable=False, unique=True),
    Column("previous", Text, nullable=False, unique=True),
    Index("trail_by_object", "object_kind", "object_id"),
    Index("trail_by_user", "user_id"),
    Index("trail_by_action", "action"),
)

contents = Table(
    "contents",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

account_versions = Table(
    "account_versions",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("folded", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("accounts_by_name", "folded", "version", unique=True),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("folded", Text, nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("succeeded", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("account_id", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("ended_at", Text),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("public_key", Text, nullable=False),
    Column("enrolled_at", Text, nullable=False),
    Column("enrolment", Text, nullable=False),
    Column("attested_by_key", Text, nullable=False),
    Column("attestation", Text, nullable=False),
)

key_seals = Table(
    "key_seals",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("sealed", Text, nullable=False),
)

signatures = Table(
    "signatures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("report_id", Text, nullable=False, index=True),
    Column("meaning", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("signature", Text, nullable=False),
)

APPEND_ONLY = (
    "trail_entries",
    "contents",
    "account_versions",
    "sign_in_attempts",
    "signing_keys",
    "signatures",
)


def append_only_ddl(dialect: str, table: str) -> list[str]:
    """Return the statements that make a table refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    function = (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    made = [function]
    for name, when in (
        ("no_change", "UPDATE OR DELETE ON {} FOR EACH ROW"),
        ("no_truncate", "TRUNCATE ON {} FOR EACH STATEMENT"),
    ):
        trigger = f"{table}_{name}"
        made.append(f"CREATE TRIGGER {trigger} BEFORE {when.format(table)} EXECUTE FUNCTION {table}_refuse()")
        made.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")  # else a replication role passes by it
    return made


def create_tables(conn: Connection, tables: MetaData, append_only: tuple[str, ...]) -> None:
    """Create the tables of one package and the triggers of its append-only ones."""
    tables.create_all(conn)
    for table in append_only:
        for statement in append_only_ddl(conn.dialect.name, table):
            conn.execute(text(statement))


def create_all(conn: Connection) -> None:
    """Create this package's tables and triggers in an empty database."""
    create_tables(conn, metadata, APPEND_ONLY)
