"""The record kinds of the synthetic quality system: their files, columns and what a cell may hold.

One table here makes both the header of each file and its import profile, so the two cannot disagree. A column reads
`name:type`, where `!` after the type means that a missing value is refused and `*` that its text can be searched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ORIGIN = "origin"
SYNTHETIC = "synthetic"


@dataclass(frozen=True)
class Column:
    """A column of a file and what its cells are."""

    name: str
    type: str = "text"
    allowed: tuple[str, ...] = ()
    required: bool = False
    passage: bool = False


@dataclass(frozen=True)
class Kind:
    """A record kind: its columns, the fields that make its identifier, and those that scope it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    date: tuple[str, ...] = ()
    strength: str = ""

    @property
    def header(self) -> tuple[str, ...]:
        """The column names in the order of the file."""
        return tuple(c.name for c in self.columns)

    @property
    def product(self) -> str:
        """The field that names the product, if the kind has one."""
        return "product_code" if "product_code" in self.header else ""


def _column(text: str) -> Column:
    name, _, kind = text.partition(":")
    required, passage = "!" in kind, "*" in kind
    kind = kind.strip("!*") or "text"
    base, _, values = kind.partition("=")
    return Column(name, base, tuple(values.split(",")) if values else (), required, passage)


def _kind(name: str, title: str, columns: str, *, key: str, date: str = "", strength: str = "") -> Kind:
    cells = [_column(part) for part in columns.split()]
    return Kind(
        name=name,
        title=title,
        columns=(*cells, Column(ORIGIN, "enum", (SYNTHETIC,), required=True)),
        key=tuple(key.split()),
        date=tuple(date.split()),
        strength=strength,
    )


_ALL = (
    _kind(
        "specification",
        "Specifications, invented",
        "specification_id:text! version:integer product_code strength:enum=5MG,10M,20M,40M attribute:text! test_name unit "
        "lower_limit:decimal upper_limit:decimal effective_from:date! effective_until:date source",
        key="specification_id attribute",
        strength="strength",
    ),
    _kind(
        "batch_disposition",
        "Decisions of the quality unit on batches",
        "batch:integer! product_code disposition:enum=released,rejected,pending,terminated disposition_date:date "
        "reworked:flag reprocessed:flag reason:text*",
        key="batch",
    ),
    _kind(
        "oos",
        "Out-of-specification results",
        "oos_id:text! batch:integer! product_code attribute result:decimal unit limit_text specification_id "
        "detected_on:date! phase:enum=I,II assignable_cause invalidated:flag outcome:text* deviation_id closed_on:date",
        key="oos_id",
        date="detected_on",
    ),
    _kind(
        "oot",
        "Out-of-trend results",
        "oot_id:text! batch:integer! product_code attribute result:decimal unit rule detected_on:date! evaluation:text* "
        "closed_on:date",
        key="oot_id",
        date="detected_on",
    ),
    _kind(
        "deviation",
        "Deviations",
        "deviation_id:text! title product_code batch:integer batches:list stage area line equipment_id mbr_version sop "
        "occurred_at:datetime! detected_at:datetime reported_at:datetime opened_by opened_on:date "
        "class:enum=minor,major,critical planned:flag category description:text* immediate_action:text* "
        "root_cause_category root_cause:text* cause_status recurring_of capa_ids:list closed_on:date status",
        key="deviation_id",
        date="occurred_at opened_on",
    ),
    _kind(
        "capa",
        "Corrective and preventive actions",
        "capa_id:text! deviation_id title:text* kind:enum=correction,corrective,preventive cause owner_function "
        "opened_on:date! due_on:date closed_on:date effectiveness_measure effectiveness_due_on:date effectiveness_result "
        "status product_code",
        key="capa_id",
        date="opened_on",
    ),
    _kind(
        "change_control",
        "Change controls",
        "change_id:text! title product_code area type:enum=process,method,equipment,material,specification "
        "description:text* proposed_on:date! approved_on:date effective_on:date status first_batch:integer",
        key="change_id",
        date="effective_on approved_on",
    ),
    _kind(
        "complaint",
        "Complaints",
        "complaint_id:text! product_code batch:integer received_on:date! category description:text* confirmed:flag outcome "
        "closed_on:date",
        key="complaint_id",
        date="received_on",
    ),
    _kind(
        "return",
        "Returned goods",
        "return_id:text! product_code batch:integer received_on:date! quantity:integer unit reason disposition",
        key="return_id",
        date="received_on",
    ),
    _kind(
        "recall",
        "Recalls",
        "recall_id:text! product_code batch:integer opened_on:date! class:enum=I,II,III reason:text* "
        "quantity_distributed:integer quantity_recovered:integer closed_on:date status",
        key="recall_id",
        date="opened_on",
    ),
    _kind(
        "stability_result",
        "Results of ongoing stability",
        "study_id:text! product_code batch:integer condition month:integer! pulled_on:date! attribute:text! result:decimal "
        "unit lower_limit:decimal upper_limit:decimal status",
        key="study_id month attribute",
        date="pulled_on",
    ),
    _kind(
        "distribution",
        "Units distributed",
        "product_code period:month! market:text! units:integer!",
        key="product_code period market",
        date="period",
    ),
    _kind(
        "material_lot",
        "Lots of starting and packaging materials",
        "lot_id:text! material:enum=api,smcc,lactose,starch,film_coat,blister supplier supplier_status received_on:date! "
        "released_on:date disposition new_source:flag",
        key="lot_id",
        date="received_on",
    ),
    _kind(
        "equipment",
        "Equipment",
        "equipment_id:text! name area line qualification_status qualified_on:date requalification_due:date "
        "calibration_due:date",
        key="equipment_id",
    ),
    _kind(
        "utility",
        "Utilities and environment",
        "utility_id:text! name parameter period result_summary:text* alert_excursions:integer action_excursions:integer",
        key="utility_id",
    ),
    _kind(
        "validation",
        "Validation status",
        "validation_id:text! object kind:text status last_date:date next_due:date",
        key="validation_id",
    ),
    _kind(
        "agreement",
        "Technical and quality agreements",
        "agreement_id:text! party scope signed_on:date expires_on:date last_audit_on:date status",
        key="agreement_id",
    ),
    _kind(
        "variation",
        "Regulatory variations",
        "variation_id:text! market product_code title submitted_on:date! decision decided_on:date",
        key="variation_id",
        date="submitted_on",
    ),
    _kind(
        "commitment",
        "Post-approval commitments",
        "commitment_id:text! market product_code title due_on:date! status",
        key="commitment_id",
        date="due_on",
    ),
    _kind(
        "previous_action",
        "Actions of the previous review",
        "action_id:text! report_number product_code action:text* owner_function due_on:date status evidence",
        key="action_id",
    ),
    _kind(
        "personnel_training",
        "Training",
        "training_id:text! function topic trained_on:date! valid_until:date",
        key="training_id",
    ),
    _kind(
        "model_prediction",
        "Predictions of digital twins",
        "prediction_id:text! product_code batch:integer! model_id:text! model_version:text! locked:flag attribute:text! "
        "predicted:decimal! measured:decimal unit error_limit:decimal predicted_on:date! change_id",
        key="prediction_id",
        date="predicted_on",
    ),
    _kind(
        "inspection_run",
        "Runs of automated visual inspection",
        "run_id:text! product_code batch:integer! machine:text! model_version:text! locked:flag units_inspected:integer! "
        "units_rejected:integer! false_rejects:integer kit_id kit_presented:integer kit_found:integer "
        "human_presented:integer human_found:integer run_on:date! change_id",
        key="run_id",
        date="run_on",
    ),
    _kind(
        "event_log",
        "Time line of deviations",
        "event_id:text! deviation_id at:datetime! source text:text*",
        key="event_id",
        date="at",
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _ALL})
