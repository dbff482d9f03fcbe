"""The migrations make exactly the tables and triggers that the packages describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from audit import tables as audit_tables
from audit.database import Database
from corpus import tables as corpus_tables
from drafting import tables as drafting_tables
from drafting.migrations.runner import upgrade, version

PACKAGES = (audit_tables, corpus_tables, drafting_tables)


def test_an_upgraded_database_holds_what_the_packages_describe(empty_database: Database) -> None:
    upgrade(empty_database)
    upgrade(empty_database)
    with empty_database.read() as conn:
        assert version(conn) is not None
        for package in PACKAGES:
            own = set(package.metadata.tables)
            context = MigrationContext.configure(
                conn, opts={"include_name": lambda n, kind, _, own=own: kind != "table" or n in own}
            )
            assert compare_metadata(context, package.metadata) == []
        named = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if empty_database.dialect_name == "postgresql":
            named = "SELECT DISTINCT event_object_table FROM information_schema.triggers"
        guarded = set(conn.scalars(text(named)))
        assert guarded == {name for package in PACKAGES for name in package.APPEND_ONLY}
        described = {name for package in PACKAGES for name in package.metadata.tables}
        assert set(inspect(conn).get_table_names()) == described | {"alembic_version"}
