"""Run the migrations on an open database: Alembic, driven from code, under the same writer that orders all writes."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from audit.database import Database
from audit.errors import Failed


def config() -> Config:
    """Return the configuration; everything is given in code, so that no ini file can differ."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("path_separator", "os")
    return made


def version(conn: Connection) -> str | None:
    """Return the version that a database is at."""
    return MigrationContext.configure(conn).get_current_revision()


def upgrade(database: Database) -> None:
    """Bring a database to the newest version; refuse one that is newer than this program."""
    settings = config()
    scripts = ScriptDirectory.from_config(settings)
    newest = scripts.get_current_head()
    with database.read() as conn:
        present = version(conn)
    if present == newest:
        return
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise Failed("This database was written by a newer Verascribe.", remedy="Start the newer version.")

    def work(conn: Connection) -> None:
        settings.attributes["connection"] = conn
        command.upgrade(settings, "head")

    database.write(work)
