"""What the deterministic drafter says of models in use: errors, drift, versions and their change controls, machine beside people."""

from collections.abc import Iterator

from drafting.drafters.wording import counted, has
from drafting.evidence.model_records import INSPECTION, PREDICTION, SUBJECTS, version_changes
from drafting.model import EvidencePack

Line = tuple[str, tuple[str, ...]]  # template, further citations
QUERIED = (
    (PREDICTION, "model prediction", "model predictions", "a model"),
    (INSPECTION, "inspection run", "inspection runs", "an inspection model"),
)


def models_in_use(pack: EvidencePack) -> Iterator[Line]:
    """Yield the sentences of the section; where the query found no record, it says so and nothing else."""
    yield from ((said, ()) for said in _said(pack))
    yield from _changes(pack)


def _said(pack: EvidencePack) -> Iterator[str]:
    for kind, one, many, _ in QUERIED:
        yield f"The query over the period found {counted(pack, f'{kind}.count', one, many)}."
    for name in _subjects(pack, "model"):
        yield from _predicted(pack, name)
    for name in _subjects(pack, "machine"):
        yield from _inspected(pack, name)
    for kind, *_, what in QUERIED:
        if has(pack, f"{kind}.count"):
            yield f"Not recorded as locked: {counted(pack, f'{kind}.unlocked_versions', 'version', 'versions')} of {what}."
    if has(pack, "model_versions.changed"):
        yield "Changes of version in the period: {fact:model_versions.changed}."


def _subjects(pack: EvidencePack, stat: str) -> list[str]:
    return [name for name, _, last in (fact.rpartition(".") for fact in pack.facts) if last == stat]


def _versions(pack: EvidencePack, name: str) -> list[str]:
    return [one for one in _subjects(pack, "version") if one.rpartition(".")[0] == name]


def _predicted(pack: EvidencePack, name: str) -> Iterator[str]:
    what = f"model {{fact:{name}.model}} for {{fact:{name}.attribute}}"
    for version in _versions(pack, name):
        this = f"version {{fact:{version}.version}} of {what}"
        spread = f", with a standard deviation of {{fact:{version}.sd_error}}" if f"{version}.sd_error" in pack.facts else ""
        yield (
            f"V{this[1:]}: over {counted(pack, f'{version}.predictions', 'prediction', 'predictions')}, predicted less measured was "
            f"{{fact:{version}.mean_error}} on average{spread}; the root mean square error was {{fact:{version}.rmse}}."
        )
        if f"{version}.within" in pack.facts:
            judged = counted(pack, f"{version}.judged", "prediction", "predictions")
            yield f"Of {judged} of {this}, {{fact:{version}.within}} kept to the limit of error stated with them."
        if f"{version}.moved" in pack.facts:
            yield (
                f"From version {{fact:{version}.before}} to {this}, the error moved by {{fact:{version}.moved}} (interval "
                f"{{fact:{version}.moved_low}} to {{fact:{version}.moved_high}})."
            )
    if pack.facts[f"{name}.unmeasured"].exact != "0":
        yield f"Predictions of {what} with nothing measured beside them: {{fact:{name}.unmeasured}}."
    yield from _signals(pack, name, f"individuals chart of the errors of {what}", "signal", "signals")
    yield from _signals(pack, f"{name}.drift", f"EWMA chart of the errors of {what}", "signal of drift", "signals of drift")


def _signals(pack: EvidencePack, name: str, chart: str, one: str, many: str) -> Iterator[str]:
    if f"{name}.signals" in pack.facts:
        first = pack.facts[f"{name}.signals"].inputs.get("first")
        since = f", the first at batch {{cell:{first}#batch}}" if first else ""
        yield f"The {chart} shows {counted(pack, f'{name}.signals', one, many)}{since}."


def _inspected(pack: EvidencePack, name: str) -> Iterator[str]:
    for version in _versions(pack, name):
        what = f"version {{fact:{version}.version}} of the inspection model of {{fact:{name}.machine}}"
        yield (
            f"In {counted(pack, f'{version}.n', 'run', 'runs')} under {what}, {{fact:{version}.inspected}} were inspected; the machine rejected "
            f"{{fact:{version}.rejected_units}}."
        )
        if f"{version}.false_rate" in pack.facts:
            yield (
                f"Of these, {{fact:{version}.false_rejects}} proved good on re-inspection, which is {{fact:{version}.false_rate}} of the units "
                f"inspected under {what}."
            )
        yield from _detected(pack, version, what)
    yield from _signals(pack, name, f"chart of false rejects of {{fact:{name}.machine}}", "signal", "signals")


def _detected(pack: EvidencePack, version: str, what: str) -> Iterator[str]:
    def interval(stat: str) -> str:
        return f"interval {{fact:{version}.{stat}_low}} to {{fact:{version}.{stat}_high}}"

    if f"{version}.kit_share" in pack.facts:
        yield (
            f"Of the seeded defects presented under {what}, the machine found {{fact:{version}.kit_found}} of {{fact:{version}.kit_presented}} "
            f"({{fact:{version}.kit_share}}, {interval('kit_share')})."
        )
    if f"{version}.difference" in pack.facts:
        yield (
            f"People found {{fact:{version}.human_found}} of {{fact:{version}.human_presented}} defects of the same kits "
            f"({{fact:{version}.human_share}}, {interval('human_share')}); under {what}, machine less people is {{fact:{version}.difference}} "
            f"({interval('difference')})."
        )


def _changes(pack: EvidencePack) -> Iterator[Line]:
    """Name each version that came into use, with its change control where one is on record."""
    for change in version_changes(pack.records.values()):
        first = change.after.first
        key, control = f"{first.kind}/{first.identifier}", f"change_control/{change.after.change}"
        under = "no change control on record"
        if control in pack.records:
            effective = (
                f", effective {{cell:{control}#effective_on}}" if pack.records[control].fields.get("effective_on") else ""
            )
            under = f"change control {{record:{control}}}{effective}"
        yield (
            f"Version {{cell:{key}#model_version}} of {{cell:{key}#{SUBJECTS[first.kind]}}} was first used for batch {{cell:{key}#batch}}, under {under}.",
            (first.ref,),
        )
