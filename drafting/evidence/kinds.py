"""How each record kind is listed in a report: the columns of its table and the categories it is counted by. Data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Listing:
    """A record kind as a table: title, fields shown, fields whose values are counted as facts."""

    title: str
    columns: tuple[str, ...]
    counted: tuple[str, ...] = ()


LISTINGS: dict[str, Listing] = {
    "batch_disposition": Listing(
        "Batches and their disposition",
        ("batch", "disposition", "disposition_date", "reworked", "reprocessed", "reason"),
        ("disposition", "reworked", "reprocessed"),
    ),
    "specification": Listing(
        "Specifications in force",
        (
            "specification_id",
            "version",
            "attribute",
            "lower_limit",
            "upper_limit",
            "unit",
            "effective_from",
            "effective_until",
        ),
        (),
    ),
    "oos": Listing(
        "Out-of-specification results",
        (
            "oos_id",
            "batch",
            "attribute",
            "result",
            "unit",
            "limit_text",
            "phase",
            "assignable_cause",
            "invalidated",
            "outcome",
        ),
        ("invalidated", "attribute", "phase"),
    ),
    "oot": Listing(
        "Out-of-trend results", ("oot_id", "batch", "attribute", "result", "unit", "rule", "evaluation"), ("attribute",)
    ),
    "deviation": Listing(
        "Deviations",
        (
            "deviation_id",
            "title",
            "batch",
            "class",
            "category",
            "occurred_at",
            "root_cause_category",
            "recurring_of",
            "status",
        ),
        ("class", "category", "status"),
    ),
    "capa": Listing(
        "Corrective and preventive actions",
        (
            "capa_id",
            "deviation_id",
            "title",
            "kind",
            "opened_on",
            "due_on",
            "closed_on",
            "effectiveness_due_on",
            "effectiveness_result",
            "status",
        ),
        ("kind", "status"),
    ),
    "change_control": Listing(
        "Changes", ("change_id", "title", "type", "effective_on", "first_batch", "status"), ("type", "status")
    ),
    "complaint": Listing(
        "Complaints", ("complaint_id", "batch", "received_on", "category", "confirmed", "outcome"), ("category", "confirmed")
    ),
    "return": Listing(
        "Returns", ("return_id", "batch", "received_on", "quantity", "unit", "reason", "disposition"), ("disposition",)
    ),
    "recall": Listing(
        "Recalls and field actions",
        ("recall_id", "batch", "opened_on", "class", "reason", "quantity_distributed", "quantity_recovered", "status"),
        ("class",),
    ),
    "stability_result": Listing(
        "Stability results",
        ("study_id", "batch", "condition", "month", "attribute", "result", "unit", "status"),
        ("status", "attribute"),
    ),
    "material_lot": Listing(
        "Material lots used",
        ("lot_id", "material", "supplier", "supplier_status", "received_on", "disposition", "new_source"),
        ("material", "supplier_status", "new_source"),
    ),
    "equipment": Listing(
        "Equipment",
        ("equipment_id", "name", "line", "qualification_status", "requalification_due", "calibration_due"),
        ("qualification_status",),
    ),
    "utility": Listing(
        "Utilities",
        ("utility_id", "name", "parameter", "period", "result_summary", "alert_excursions", "action_excursions"),
        (),
    ),
    "validation": Listing(
        "Validation status", ("validation_id", "object", "kind", "status", "last_date", "next_due"), ("kind", "status")
    ),
    "agreement": Listing(
        "Agreements", ("agreement_id", "party", "scope", "expires_on", "last_audit_on", "status"), ("status",)
    ),
    "variation": Listing(
        "Variations", ("variation_id", "market", "title", "submitted_on", "decision", "decided_on"), ("decision",)
    ),
    "commitment": Listing(
        "Post-approval commitments", ("commitment_id", "market", "title", "due_on", "status"), ("status",)
    ),
    "previous_action": Listing(
        "Recommendations of the previous review",
        ("action_id", "report_number", "action", "due_on", "status", "evidence"),
        ("status",),
    ),
    "model_prediction": Listing(
        "Predictions of models in use",
        (
            "prediction_id",
            "batch",
            "model_id",
            "model_version",
            "locked",
            "attribute",
            "predicted",
            "measured",
            "unit",
            "error_limit",
            "predicted_on",
        ),
        ("locked",),
    ),
    "inspection_run": Listing(
        "Runs of automated visual inspection",
        (
            "run_id",
            "batch",
            "machine",
            "model_version",
            "run_on",
            "kit_id",
            "kit_presented",
            "kit_found",
            "human_presented",
            "human_found",
        ),
        ("locked",),
    ),
    "event_log": Listing("Timeline", ("at", "source", "text"), ()),
    "distribution": Listing("Units distributed", ("period", "market", "units"), ()),
}

LABELS = {
    "oos_id": "OOS", "oot_id": "OOT", "deviation_id": "Deviation", "capa_id": "CAPA", "change_id": "Change", "complaint_id": "Complaint",
    "return_id": "Return", "recall_id": "Recall", "study_id": "Study", "lot_id": "Lot", "equipment_id": "Equipment",
    "utility_id": "Utility", "validation_id": "Validation", "agreement_id": "Agreement", "variation_id": "Variation",
    "commitment_id": "Commitment", "action_id": "Action", "specification_id": "Specification", "limit_text": "Limit",
    "effectiveness_due_on": "Effect due", "effectiveness_result": "Effect", "mbr_version": "Master batch record", "prediction_id": "Prediction", "run_id": "Run", "model_id": "Model", "sop": "SOP", "at": "Time",
}  # fmt: skip


READ_BESIDE: dict[str, tuple[str, ...]] = {  # fields that sentences and statistics read beside the columns of a kind's table
    "oos": ("detected_on", "closed_on"), "oot": ("detected_on",),
    "deviation": ("opened_on", "closed_on", "root_cause", "capa_ids", "description"), "capa": ("cause",),
    "complaint": ("closed_on",), "stability_result": ("pulled_on", "lower_limit", "upper_limit"), "change_control": ("area",),
}  # fmt: skip


def read_of(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind that sections of a report read."""
    listed = LISTINGS[kind].columns if kind in LISTINGS else ()
    return tuple(dict.fromkeys((*listed, *READ_BESIDE.get(kind, ()))))


def label(column: str) -> str:
    """Return a column's heading."""
    return LABELS.get(column, column.replace("_", " ").capitalize())


KINDS = {
    "batch": "Batches", "product": "Batch sizes", "release_result": "Release results", "process_summary": "Tablet press summary", "personnel_training": "Training",
    "sop": "Procedures", "deviation_narrative": "Investigation files", "previous_report": "Previous reviews", "narrative": "Texts",
}  # fmt: skip


def kind_title(kind: str) -> str:
    """Return a kind of record or text as people read it."""
    return LISTINGS[kind].title if kind in LISTINGS else KINDS.get(kind, label(kind))


Fields = Mapping[str, str | None]


@dataclass(frozen=True)
class Mandatory:
    """A record kind that a section speaks of by name, where its fields say so; and why, as a sentence ends."""

    kind: str
    why: str
    needs: Callable[[Fields], bool]


def _always(_: Fields) -> bool:
    return True


def _says(field: str, *values: str) -> Callable[[Fields], bool]:
    return lambda fields: (fields.get(field) or "").lower() in values


_BAD_BATCH = Mandatory(
    "batch_disposition", "a rejected or terminated batch is named", _says("disposition", "rejected", "terminated")
)
MANDATORY: dict[str, tuple[Mandatory, ...]] = {  # by section
    "oos_oot": (Mandatory("oos", "every out-of-specification result is named", _always), Mandatory("oot", "every out-of-trend result is named", _always)),
    "rejected_and_failed_batches": (_BAD_BATCH,),
    "deviations": (Mandatory("deviation", "a critical or major deviation is named", _says("class", "critical", "major")),),
    "changes": (Mandatory("change_control", "every change is named", _always),),
    "models_in_use": (Mandatory("change_control", "the change control of a model's version is named", _always),),
    "event_description": (Mandatory("deviation", "the event's own record is named", _always),),
}  # fmt: skip
LISTED: dict[str, tuple[tuple[str, str], ...]] = {  # by section: tables whose every record its sentences name
    "history_review": (("deviation", "every hit of the search is named"),),
    "capa_effectiveness": (("capa.overdue", "an overdue CAPA is named"), ("capa.unchecked", "a CAPA closed without a check of its effect is named")),
}  # fmt: skip
TOPICS: dict[str, tuple[tuple[str, str], ...]] = {  # by section: a figure ("+": where it is not zero), and the noun that a zero in words has
    "executive_summary": (
        ("census.made", r"batch(?:es)?"), ("oos.count", r"OOS|out[- ]of[- ]specification"), ("deviation.count", r"deviations?"), ("capa.count", r"CAPAs?"),
        ("change_control.count", r"changes?"), ("complaint.count", r"complaints?"), ("recall.count", r"recalls?"),
        ("oos.recomputed", r"outside|OOS|out[- ]of[- ]specification"), ("capa.overdue+", r"overdue"), ("stability.outside+", r"outside|OOS"), ("linked.capa", r"CAPAs?"),
    ),
    "oos_oot": (("oos.count", r"OOS"), ("oos.recomputed", r"outside|OOS"), ("stability.outside+", r"outside|OOS"), ("oot.count", r"OOT")),
    "rejected_and_failed_batches": (("rejected.count", r"batch(?:es)?"),),
    "deviations": (("deviation.count", r"deviations?"), ("deviation.recurring", r"recurr\w+"), ("deviation.open_at_end", r"open|not closed")),
    "capa_effectiveness": (("capa.count", r"CAPAs?"), ("capa.overdue", r"overdue|due date"), ("capa.not_effective", r"(?:not |in)effective")),
    "complaints": (("complaint.count", r"complaints?"),), "changes": (("change_control.count", r"changes?"),),
    "stability": (("stability_result.count", r"stability"), ("stability.outside+", r"outside|OOS")), "history_review": (("history.hits", r"earlier|similar|previous|hits?"),),
    "data_review": (("results.judged", r"results?"),),
}  # fmt: skip
