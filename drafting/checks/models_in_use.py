"""Models in use: a version that came in the place of another without a change control that is on record and was effective. Pure."""

from collections.abc import Iterator
from functools import lru_cache

from drafting.checks.findings import of_section
from drafting.evidence.model_records import DAYS, SUBJECTS, text, trouble, version_changes
from drafting.model import EvidencePack, Finding


@lru_cache(maxsize=256)
def check_pack(pack: EvidencePack) -> tuple[Finding, ...]:
    """Return a blocking finding for each change of version that is not under change control."""
    return tuple(_uncontrolled(pack))


def _uncontrolled(pack: EvidencePack) -> Iterator[Finding]:
    controls = {r.identifier: r for r in pack.records.values() if r.kind == "change_control"}
    for change in version_changes(pack.records.values()):
        told, first = trouble(change, controls), change.after.first
        if told:
            message = (
                f"Version {change.after.version} of {text(first, SUBJECTS[first.kind])}, in the place of {change.before.version} since "
                f"{text(first, DAYS[first.kind])} ({first.identifier}), {told}."
            )
            yield of_section("change control", message, evidence=first.ref)
