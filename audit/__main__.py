"""An inspector's tool: `python -m audit verify|export`, for a live database or an exported trail.

Exit status: 0 nothing broken, 1 broken, 2 the request was wrong, 4 nothing can be told.
"""

import argparse
import json
import sys
from pathlib import Path

from audit import export, trail
from audit.database import open_database
from audit.errors import Problem
from audit.verify import Verdict, verify_database, verify_lines


def main(arguments: list[str] | None = None) -> int:
    """Run the tool; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m audit", description="Verify or export a trail.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("verify", help="re-derive everything and report every finding")
    check.add_argument("path", nargs="?", type=Path, help="an exported trail (.jsonl) or an embedded database (.sqlite)")
    check.add_argument("--json", action="store_true")
    copy = commands.add_parser("export", help="write the trail as JSON lines and CSV")
    copy.add_argument("-o", "--output", type=Path, required=True, help="a folder")
    for command in (check, copy):
        command.add_argument("--database", help="sqlite:///PATH or postgresql+psycopg://...")
    options = parser.parse_args(arguments)
    try:
        if options.command == "export":
            return _export(options.database, options.output)
        verdict = _verify(options.path, options.database)
    except (Problem, OSError, UnicodeDecodeError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps(verdict.tree(), indent=2) if options.json else report(verdict))
    return verdict.exit_status


def report(verdict: Verdict) -> str:
    """Write a verdict for people."""
    lines = [
        f"Integrity: {verdict.integrity}",
        f"Completeness: {verdict.completeness}",
        f"Entries: {verdict.entries}, tree head {verdict.head}",
    ]
    if verdict.anchored_to is None:
        lines.append("No checkpoint of this trail was kept elsewhere: entries cut off at its end would not show.")
    lines += [f"  {f.check}{f' at entry {f.entry}' if f.entry else ''}: {f.message}" for f in verdict.findings]
    return "\n".join(lines)


def _verify(path: Path | None, url: str | None) -> Verdict:
    if path is not None and path.is_dir():
        path /= "trail.jsonl"
    if path is not None and path.suffix == ".jsonl":
        return verify_lines(path.read_text(encoding="utf-8").split("\n"))
    if path is not None and not path.exists():
        msg = f"There is no file {path}."
        raise FileNotFoundError(msg)
    if path is None and url is None:
        raise Problem("Nothing to verify.", remedy="Name an exported trail or give --database.")
    database = open_database(url or f"sqlite:///{path}")
    try:
        with database.read() as conn:
            return verify_database(conn)
    finally:
        database.close()


def _export(url: str | None, folder: Path) -> int:
    if url is None:
        raise Problem("Nothing to export.", remedy="Give --database.")
    database = open_database(url)
    try:
        with database.read() as conn:
            texts, listed = trail.bodies(conn), trail.entries(conn)
    finally:
        database.close()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trail.jsonl").write_text(export.jsonl(texts), encoding="utf-8")
    (folder / "trail.csv").write_text(export.table(listed), encoding="utf-8-sig", newline="")
    print(f"{len(texts)} entries written to {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
