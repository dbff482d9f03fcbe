"""Look after a home: versions, database, clock, configuration, integrity. Each check says what it saw."""

import platform
import sys
from dataclasses import asdict, dataclass
from typing import Any

from audit import trail
from audit.errors import Problem
from audit.verify import State
from drafting import configuration
from drafting.accounts import is_demo
from drafting.context import Context
from drafting.generate import fingerprint
from drafting.migrations.runner import version
from drafting.probes.keys import differs
from drafting.probes.seal import KEY_FILE
from drafting.projections import verify_home

ENDPOINT_SECONDS = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    says: str

    def tree(self) -> dict[str, Any]:
        """Return the check for JSON."""
        return asdict(self)


def examine(ctx: Context) -> list[Check]:
    """Return every check of the home."""
    found = [Check("python", sys.version_info >= (3, 11), platform.python_version())]
    found += [_engine(ctx), _rights(ctx)]
    with ctx.database.read() as conn:
        found.append(Check("schema", version(conn) is not None, str(version(conn))))
        found.append(Check("home", True, "demo home" if is_demo(conn) else "site home"))
        altered = configuration.altered(conn)
        last = trail.entries(conn, limit=1, newest_first=True)
        verdict = verify_home(conn)
        other_key = differs(conn, ctx)
    ahead = bool(last) and last[0].at > ctx.clock.now().isoformat()
    found.append(Check("clock", not ahead, "behind the last entry of the trail" if ahead else "not behind the trail"))
    says = f"integrity {verdict.integrity}, {verdict.entries} entries"
    if verdict.integrity is State.BROKEN:
        says += (
            f", {len(verdict.findings)} finding(s), the first: {verdict.findings[0].message}; run `verascribe audit verify`"
        )
    found.append(Check("trail", verdict.integrity is not State.BROKEN, says))
    says = "; ".join(altered) or "every version is what was confirmed"
    found.append(Check("confirmed configuration", not altered, says))
    says = f"{KEY_FILE} is not the one that the trail names" if other_key else "the one that the trail names, or none yet"
    found.append(Check("oversight key", not other_key, says))
    try:
        marks = {kind: fingerprint(ctx, outline)[:23] for kind, outline in ctx.outlines.items()}
        where = f" at {ctx.drafter.configuration['endpoint']}" if "endpoint" in ctx.drafter.configuration else ""
        found.append(Check("configuration", True, f"{ctx.drafter.name}{where}; {marks['apr_us']}"))
    except Problem as problem:
        found.append(Check("configuration", False, str(problem)))
    return [*found, *_endpoint(ctx)]


def _endpoint(ctx: Context) -> list[Check]:
    """Ask the model's endpoint, where there is one, whether anything answers; no record and no key is sent."""
    endpoint = ctx.drafter.configuration.get("endpoint")
    if endpoint is None:
        return []
    import httpx  # noqa: PLC0415 - only where a model is configured

    try:
        answer = httpx.get(f"{ctx.settings.base_url.rstrip('/')}/models", timeout=ENDPOINT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return [Check("model endpoint", False, f"{endpoint} is not reachable ({type(error).__name__})")]
    return [Check("model endpoint", not answer.is_server_error, f"{endpoint} answers (HTTP {answer.status_code})")]


def _rights(ctx: Context) -> Check:
    """Look whether others on this machine can read the home: its records, password hashes and sealed keys."""
    looked_at = (ctx.settings.home, *ctx.settings.home.glob("*.sqlite*"))
    wide = [f"{path} ({mode & 0o777:o})" for path in looked_at if (mode := path.stat().st_mode) & 0o077]
    told = f"wider than the owner: {', '.join(wide)}; set folders to 700 and files to 600" if wide else "the owner's alone"
    return Check("rights", not wide, told)


def _engine(ctx: Context) -> Check:
    if ctx.database.dialect_name == "sqlite":
        from pysqlite3 import dbapi2  # noqa: PLC0415 - only where SQLite is used

        return Check("database", dbapi2.sqlite_version_info >= (3, 51, 3), f"SQLite {dbapi2.sqlite_version}")
    with ctx.database.read() as conn:
        return Check(
            "database", True, "PostgreSQL " + ".".join(str(part) for part in conn.dialect.server_version_info or ())
        )
