"""Open a home: the only place that builds a Context. Settings come from VERASCRIBE_* variables or the command line."""

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from audit.clock import SystemClock, random_id
from audit.database import Database, open_database
from audit.errors import Failed
from corpus.embedders import EmbeddingChoice, chosen_embedder
from corpus.profiles import ProfileSet, load_profiles
from corpus.workers import LocalWorkers, Workers
from drafting.context import Context, Drafter, Settings
from drafting.drafters.deterministic import DeterministicDrafter
from prompts.outline import earlier_outlines, load_outlines

if TYPE_CHECKING:
    from audit.clock import Clock

DEFAULT_HOME = "verascribe-data"
DATABASE_FILE = "verascribe.sqlite"


def settings_from(environ: Mapping[str, str], *, home: str | None = None) -> Settings:
    """Read the settings; `home` on the command line goes before the environment."""
    folder = Path(home or environ.get("VERASCRIBE_HOME") or DEFAULT_HOME).absolute()
    return Settings(
        home=folder,
        database_url=environ.get("VERASCRIBE_DATABASE_URL") or f"sqlite:///{folder / DATABASE_FILE}",
        zone=environ.get("VERASCRIBE_ZONE", "UTC"),
        site=environ.get("VERASCRIBE_SITE", "Verascribe"),
        model=environ.get("VERASCRIBE_MODEL", ""),
        base_url=environ.get("VERASCRIBE_BASE_URL", ""),
        hosts=tuple(name.strip().casefold() for name in environ.get("VERASCRIBE_HOSTS", "").split(",") if name.strip()),
        embedding=EmbeddingChoice.of(environ),
        chroma_url=environ.get("VERASCRIBE_CHROMA_URL", ""),
        cluster=environ.get("VERASCRIBE_CLUSTER", ""),
    )


def open_context(settings: Settings, *, clock: "Clock | None" = None, drafter: Drafter | None = None) -> Context:
    """Open the home, creating or migrating its database; the caller closes it with `close_context`."""
    from corpus.index import SearchIndex  # noqa: PLC0415 - keeps --help light

    _make_home(settings)
    database = open_database(settings.database_url)
    try:
        migrate(database)
        return Context(
            database=database,
            clock=clock or SystemClock(),
            new_id=random_id,
            drafter=drafter or _drafter(settings),
            profiles=shipped_profiles(),
            outlines=load_outlines(),
            earlier=earlier_outlines(),
            settings=settings,
            index=SearchIndex(settings.home / "index", chosen_embedder(settings.embedding), chroma_url=settings.chroma_url),
            workers=workers_of(settings),
        )
    except BaseException:
        database.close()
        raise


def home_exists(settings: Settings) -> bool:
    """Tell whether there is a home to open: its database file, or its folder where the database is a server's."""
    path = _database_file(settings)
    return settings.home.is_dir() if path is None else path.is_file()


def _database_file(settings: Settings) -> Path | None:
    scheme, _, path = settings.database_url.partition(":///")
    return Path(path) if scheme.startswith("sqlite") and path else None


def _make_home(settings: Settings) -> None:
    """Make folder and database file for their owner alone, whatever the umask; what is there already stays as it is."""
    try:
        settings.home.parent.mkdir(parents=True, exist_ok=True)
        settings.home.mkdir(mode=0o700, exist_ok=True)
        path = _database_file(settings)
        if path is not None and not path.exists():
            path.touch(mode=0o600)  # the files that SQLite lays beside it take over its rights
    except OSError as error:
        raise Failed(f"The home {settings.home} cannot be made: {error}.", remedy="Choose another with --home.") from error


def close_context(ctx: Context) -> None:
    """Stop the readers, finish writes and let go of the database."""
    ctx.workers.close()
    if ctx.index is not None:
        ctx.index.close()
    ctx.database.close()


def shipped_profiles() -> ProfileSet:
    """Return the import profiles that ship."""
    return load_profiles(Path(str(files("corpus") / "samples" / "profiles")))


def workers_of(settings: Settings) -> Workers:
    """Return what reads files: processes of this machine that can be killed, or those of a cluster."""
    if not settings.cluster:
        return LocalWorkers()
    from corpus.cluster import RayWorkers  # noqa: PLC0415 - an extra, and heavy

    return RayWorkers(settings.cluster)


def _drafter(settings: Settings) -> Drafter:
    if not settings.model:
        return DeterministicDrafter()
    from drafting.drafters.language_model import from_environment  # noqa: PLC0415 - LangChain takes a second to import

    return from_environment(os.environ) or DeterministicDrafter()


def migrate(database: Database) -> None:
    """Bring the database to this version."""
    from drafting.migrations.runner import upgrade  # noqa: PLC0415 - Alembic only where a database is opened

    upgrade(database)
