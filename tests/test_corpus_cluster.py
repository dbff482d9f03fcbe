"""Files are read on a real Ray cluster of this machine as they are read in its own processes; hanging and dying jobs are outcomes."""

import json
import subprocess
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from corpus.cluster import RayWorkers
from corpus.ingest import ingest
from corpus.workers import Limits, LocalWorkers, Workers
from drafting.accounts import service_account
from drafting.bootstrap import close_context, open_context, settings_from

SAMPLES = Path(str(files("corpus") / "samples"))
HERE = Path(__file__)
ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install 'verascribe[cluster]'")


def doubled(job: int) -> int:
    """Do one job: hang at 3, die at 4, fail at 5."""
    import os
    import time

    if job == 3:
        time.sleep(280)
    if job == 4:
        os._exit(9)
    if job == 5:
        raise ValueError(job)
    return 2 * job


def outcomes(workers: Workers) -> list[list[object]]:
    try:
        return [[done.job, done.value, done.reason] for done in workers.run(doubled, range(8))]
    finally:
        workers.close()


def imported(home: Path, workers: Workers) -> list[list[object]]:
    ctx = open_context(settings_from({}, home=str(home)))
    try:
        paths = [SAMPLES / "synthetic", SAMPLES / "narratives", SAMPLES / "sops"]
        done = ingest(
            ctx.database, ctx.clock, ctx.new_id, paths=paths, profiles=ctx.profiles, actor=service_account(ctx).actor(),
            zone="UTC", workers=workers,
        )  # fmt: skip
        return [[d.name, d.sha256, d.sequence, d.balance.tree()] for d in done.documents]
    finally:
        workers.close()
        close_context(ctx)


def run(what: str, *arguments: str) -> list[list[object]]:
    """Run in a process of its own: Ray starts servers that outlive a closed socket of the tests."""
    line = [sys.executable, str(HERE), what, *arguments]
    told = subprocess.run(line, check=True, capture_output=True, text=True, cwd=HERE.parents[1], timeout=300)
    found: list[list[object]] = json.loads(told.stdout.splitlines()[-1])
    return found


@ray
def test_jobs_of_a_cluster_end_in_order_with_a_value_or_a_reason() -> None:
    found = run("jobs")
    assert [job for job, _, _ in found] == list(range(8))
    assert {job: value for job, value, _ in found if value is not None} == {n: 2 * n for n in (0, 1, 2, 6, 7)}
    reasons = {job: str(reason) for job, _, reason in found if reason}
    assert "longer than" in reasons[3]
    assert "crashed" in reasons[4]
    assert "ValueError" in reasons[5]


@ray
def test_an_import_on_a_cluster_is_the_import_of_this_machine(tmp_path: Path) -> None:
    on_cluster = run("import", str(tmp_path / "cluster"))
    assert on_cluster == [list(row) for row in imported(tmp_path / "own", LocalWorkers(2))]
    assert len(on_cluster) > 40


@ray
def test_a_cluster_that_is_not_there_is_a_failure_with_its_remedy() -> None:
    told = subprocess.run([sys.executable, str(HERE), "away"], check=True, capture_output=True, text=True, timeout=300)
    assert "cannot be joined" in told.stdout
    assert "VERASCRIBE_CLUSTER" in told.stdout


def main(what: str, *arguments: str) -> None:
    sys.path.insert(0, str(HERE.parent))
    import test_corpus_cluster as module  # so that jobs are pickled by a name that workers can import

    if what == "jobs":
        found = module.outcomes(RayWorkers("local", Limits(seconds=25), processors=2))
    elif what == "import":
        found = module.imported(Path(arguments[0]), RayWorkers("local", processors=2))
    else:
        from audit.errors import Failed

        try:
            list(RayWorkers("127.0.0.1:9").run(module.doubled, [1]))
        except Failed as problem:
            sys.stdout.write(f"{problem}\n")
        return
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
