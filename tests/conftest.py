"""Shared fixtures: a database on each engine (PostgreSQL is a real server, started here), a clock, ids, cheap key costs."""

import fcntl
import itertools
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import command
import journey
import pytest
from copies import Copied, Copies, PostgresServer, SqliteFiles, create_tables, with_tables  # noqa: F401 - for tests, too
from hypothesis import HealthCheck, settings
from office import office, sampled_desk, stores, whole  # noqa: F401 - fixtures

from audit.clock import FixedClock
from audit.database import Database
from drafting.bootstrap import close_context, open_context, settings_from
from drafting.context import Context

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("any machine")  # how long one example takes tells of the machine's other work, not of the product

SERVER_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))


@pytest.fixture
def new_id() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"id{next(numbers):06d}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server in a temporary folder, reached through a socket in it; yield the URL of its template."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="verascribe-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        person = pwd.getpwnam("postgres")
        os.chown(folder, person.pw_uid, person.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    subprocess.run(
        [*as_user, str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c timezone=Asia/Tokyo"
    control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, cwd=folder)
    try:
        yield f"postgresql+psycopg://postgres@/{{}}?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    for folder in reversed(SERVER_PROGRAMS):
        if (folder / "initdb").is_file():
            return folder
    if os.environ.get("REQUIRE_POSTGRES"):
        pytest.fail("REQUIRE_POSTGRES is set and PostgreSQL's server programs are not installed")
    pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed: `apt-get install postgresql`")


@pytest.fixture(scope="session")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    return Copies(SqliteFiles(tmp_path_factory.mktemp("contents")))


@pytest.fixture(scope="session")
def postgres_copies(postgres: str) -> Copies:
    return Copies(PostgresServer(postgres))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Copied]:
    """Open a database that begins with a content, on each engine; it is gone after the test."""
    copies: Copies = request.getfixturevalue(f"{request.param}_copies")
    name = str(tmp_path / "test.sqlite") if request.param == "sqlite" else f"t{abs(hash(request.node.nodeid)) % 10**12}"
    with ExitStack() as after:

        def copy(content: str, fill: Callable[[Database], Any]) -> tuple[Database, Any]:
            database, told = copies.copy(name, content, fill)
            after.callback(copies.engine.drop, name)
            after.callback(database.close)
            return database, told

        yield copy


@pytest.fixture
def empty_database(copied: Copied) -> Database:
    """An empty database on each engine."""
    return copied("nothing", lambda _: None)[0]


@pytest.fixture
def database(copied: Copied) -> Database:
    """A database with every table, on each engine."""
    return copied("tables", with_tables)[0]


@pytest.fixture
def sqlite_database(sqlite_copies: Copies, tmp_path: Path) -> Iterator[Database]:
    """A database with every table, on SQLite only."""
    opened, _ = sqlite_copies.copy(str(tmp_path / "only.sqlite"), "tables", with_tables)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A real Chromium."""
    with journey.chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def filled_demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A demo home, filled once for all workers of a run, and what the command told: to be copied, not changed."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    told = shared / "filled.json"
    with (shared / "filled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be filling it
        if not told.is_file():
            made = command.process(shared / "filled", "demo", "--no-ui", "--json")
            assert not made.returncode, made.stderr
            told.write_text(made.stdout)
    return shared / "filled", json.loads(told.read_text())


@pytest.fixture(scope="session")
def filled_home(filled_demo: tuple[Path, dict[str, Any]]) -> Path:
    """The demo home alone."""
    return filled_demo[0]


@pytest.fixture
def ctx(filled_home: Path, tmp_path: Path) -> Iterator[Context]:
    """A context on a copy of the demo home."""
    shutil.copytree(filled_home, tmp_path / "home")
    opened = open_context(settings_from({}, home=str(tmp_path / "home")))
    yield opened
    close_context(opened)


@pytest.fixture(scope="module")
def address(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo that is served from a home of its own."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(filled_home, home)
    with journey.demo_server(home) as url:
        yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the journeys cost, also where tests ran in several processes."""
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "journey":
                terminalreporter.write_sep("-", report.nodeid)
                terminalreporter.write_line(str(told))
