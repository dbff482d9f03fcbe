"""Which elements of B2MML / BatchML make which grids, and where each column stands. Data: names are those of the standard's schemas."""

from collections.abc import Mapping
from dataclasses import dataclass

Paths = tuple[str, ...]  # the first that has text is taken; "A/B" is a child's child, "@x" an attribute


@dataclass(frozen=True)
class Table:
    """A grid: the elements that are its rows, the columns by path, and what is added of where they stand."""

    name: str
    elements: tuple[str, ...]
    columns: Mapping[str, Paths]
    context: tuple[str, ...] = ("record", "batch", "product")
    key: tuple[str, ...] = ()  # rows that agree in these columns are counted: "occurrence"
    master: bool = False  # of recipes that were not executed

    @property
    def header(self) -> tuple[str, ...]:
        """Return the columns of the grid."""
        counted = ("occurrence",) if self.key else ()
        return (*(name for name in self.context if name not in self.columns), *self.columns, *counted, "xpath")


RECIPES = ("MasterRecipe", "GeneralRecipe", "SiteRecipe", "GRecipe")
STEPS = ("RuntimeRecipeElement", "RecipeElement", "JobResponse", "SegmentResponse")
_EXECUTED = ("ExecutedControlRecipes/ExecutedControlRecipe", "ControlRecipes/ControlRecipeRecord/ControlRecipe")
_ID: Paths = ("EntryID", "ID")
_PRODUCT: Paths = ("Header/ProductID", "ProductID", "MaterialDefinitionID", "Header/MaterialDefinitionID")
_VALUE: Mapping[str, Paths] = {
    "value": ("Value/ValueString", "Value/QuantityString"),
    "unit": ("Value/UnitOfMeasure",),
    "data_type": ("Value/DataType",),
    "interpretation": ("Value/DataInterpretation",),
}
_SIZE: Mapping[str, Paths] = {
    "batch_size": ("Header/BatchSize/Nominal", "Header/BatchSize/Normal"),
    "batch_size_min": ("Header/BatchSize/Min",),
    "batch_size_max": ("Header/BatchSize/Max",),
    "batch_size_unit": ("Header/BatchSize/UnitOfMeasure",),
}
_PARAMETER: Mapping[str, Paths] = {
    "parameter": _ID,
    "recorded_as": (),  # Parameter (what the recipe sets) or OtherInformation, JobResponseData ... (what was recorded)
    "description": ("Description",),
    "type": ("ParameterType",),
    "subtype": ("ParameterSubType",),
    **_VALUE,
    "enumeration": ("Value/EnumerationSetID",),
    "scaled": ("Scaled",),
    "scale_reference": ("ScaleReference",),
}
_STEP: Mapping[str, Paths] = {
    "element": _ID,
    "type": ("RecipeElementType",),
    "description": ("Description",),
    "version": ("Version",),
    "version_date": ("VersionDate",),
    "equipment": ("ActualEquipmentID", "EquipmentActual/EquipmentID"),
    "started": ("StartTime", "ActualStartTime"),
    "ended": ("CompletionTime", "EndTime", "ActualEndTime"),
    "performer": ("Performer", "PersonnelActual/PersonID"),
    "instance": ("InstanceCount",),
}


def _of_recipes(*paths: str) -> Paths:
    return tuple(f"{recipe}/{path}" for recipe in _EXECUTED for path in paths)


CONTEXT: Mapping[str, Mapping[str, Paths]] = {
    "BatchProductionRecord": {
        "record": ("ID", "EntryID"),
        "batch": ("BatchID", "Header/BatchID", *_of_recipes("BatchID")),
        "product": (*_PRODUCT, *_of_recipes("Header/ProductID")),
    },
    "ExecutedControlRecipe": {"recipe": ("ID",), "batch": ("BatchID",), "product": _PRODUCT},
    "ControlRecipe": {"recipe": ("ID",), "batch": ("BatchID",), "product": _PRODUCT},
    **{name: {"recipe": ("ID",), "product": _PRODUCT} for name in RECIPES},
    **{name: {"element": _ID} for name in STEPS},
    "Sample": {"sample": _ID},
    "SampleTest": {"test": _ID, "test_code": ("TestCode",), "test_name": ("TestName",)},
    "DataSet": {"data_set": _ID},
    "OrderedData": {"time": ("TimeValue",)},
}

TABLES = (
    Table(
        "batch production records",
        ("BatchProductionRecord",),
        {
            "record": ("ID", "EntryID"),
            "product_name": _of_recipes("Header/ProductName"),
            "recipe": _of_recipes("ID"),
            "recipe_version": _of_recipes("Version"),
            "lot": ("LotID", "Header/LotID"),
            "campaign": ("CampaignID", "Header/CampaignID"),
            "equipment": ("EquipmentID", "Header/EquipmentID", "EquipmentScope", "Header/EquipmentScope"),
            "status": ("RecordStatus", "Header/RecordStatus"),
            "version": ("Version", "Header/Version"),
            "created": ("CreationDate", "Header/CreationDate"),
            "changed": ("LastChangedDate", "Header/LastChangedDate"),
            "published": ("PublishedDate",),
            "description": ("Description",),
        },
    ),
    Table(
        "control recipes",
        ("ExecutedControlRecipe", "ControlRecipe"),
        {
            "recipe": ("ID",),
            "product_name": ("Header/ProductName",),
            "recipe_version": ("Version",),
            "version_date": ("VersionDate",),
            "description": ("Description",),
            **_SIZE,
            "status": ("Header/Status",),
        },
    ),
    Table("batch steps", STEPS, _STEP, context=("record", "batch", "product", "recipe"), key=("batch", "element")),
    Table(
        "process parameters",
        ("Parameter", "OtherInformation", "JobResponseData", "SegmentData", "ProductionData", "OperationsData"),
        _PARAMETER,
        context=("record", "batch", "product", "recipe", "element"),
        key=("batch", "element", "parameter"),
    ),
    Table(
        "batch materials",
        ("MaterialActual", "MaterialProducedActual", "MaterialConsumedActual"),
        {
            "material": ("MaterialDefinitionID", "MaterialClassID"),
            "lot": ("MaterialLotID",),
            "use": ("MaterialUse",),
            "description": ("Description",),
            "quantity": ("Quantity/QuantityString",),
            "unit": ("Quantity/UnitOfMeasure",),
        },
        context=("record", "batch", "product", "element"),
        key=("batch", "element"),
    ),
    Table(
        "batch events",
        ("Event",),
        {
            "event": _ID,
            "time": ("TimeStamp",),
            "type": ("EventType",),
            "subtype": ("EventSubType",),
            "risk": ("EventSubType/@Risk",),
            "status": ("EventSubType/@Status",),
            "category": ("Category",),
            "message": ("MessageText",),
            "equipment": ("EquipmentID",),
            "person": ("PersonID",),
            "computer": ("ComputerID",),
            "step": ("ProceduralElementReference",),
            **_VALUE,
            "previous_value": ("PreviousValue/ValueString",),
            "previous_unit": ("PreviousValue/UnitOfMeasure",),
            "associated_event": ("AssociatedEventID", "EventAssociation"),
            "description": ("Description",),
        },
        key=("batch", "event"),
    ),
    Table(
        "batch comments",
        ("Comment",),
        {
            "comment": _ID,
            "time": ("TimeStamp",),
            "target": ("TargetID", "RecordReference"),
            "person": ("PersonID",),
            "text": ("CommentText",),
            "recommended_risk": ("RecommendedEventRisk",),
            "recommended_status": ("RecommendedEventStatus",),
            "description": ("Description",),
        },
        key=("batch", "comment"),
    ),
    Table(
        "batch signatures",
        ("PersonnelIdentification",),
        {
            "signature": _ID,
            "time": ("TimeStamp",),
            "target": ("ReferencedElement", "RecordReference"),
            "person": ("PersonName", "PersonID"),
            "reason": ("Reason",),
            "description": ("Description",),
        },
        key=("batch", "signature"),
    ),
    Table(
        "sample results",
        ("SampleTestResult",),
        {
            "result": _ID,
            "time": ("TimeStamp",),
            "value": ("Results/ValueString",),
            "unit": ("Results/UnitOfMeasure",),
            "data_type": ("Results/DataType",),
            "expected": ("ExpectedResults/ValueString",),
            "expected_unit": ("ExpectedResults/UnitOfMeasure",),
            "disposition": ("TestDisposition",),
            "analysis": ("AnalysisUsed",),
            "equipment": ("EquipmentID",),
        },
        context=("record", "batch", "product", "sample", "test", "test_code", "test_name"),
        key=("batch", "sample", "test"),
    ),
    Table(
        "trend tags",
        ("TagSpecification",),
        {
            "tag": ("TagIndex",),
            "alias": ("Alias",),
            "description": ("Description",),
            "unit": ("UnitOfMeasure",),
            "data_type": ("DataType",),
            "source": ("DataSource",),
            "equipment": ("EquipmentID",),
        },
        context=("record", "batch", "product", "data_set"),
        key=("batch", "data_set"),
    ),
    Table(
        "batch trends",
        ("DataValue",),
        {"tag": ("TagIndex",), "value": ("Value",), "quality": ("Quality",)},
        context=("record", "batch", "product", "data_set", "time"),
        key=("batch", "data_set"),
    ),
    Table(
        "batch changes",
        ("Change",),
        {
            "change": _ID,
            "time": ("TimeStamp",),
            "target": ("RecordReference",),
            "before": ("PrechangeData/ValueString",),
            "unit": ("PrechangeData/UnitOfMeasure",),
            "reason": ("Reason",),
            "description": ("Description",),
        },
        key=("batch", "change"),
    ),
    Table(
        "recipes",
        RECIPES,
        {
            "recipe": ("ID",),
            "recipe_version": ("Version",),
            "version_date": ("VersionDate",),
            "description": ("Description",),
            "product_name": ("Header/ProductName",),
            **_SIZE,
            "status": ("Header/Status",),
            "effective": ("Header/EffectiveDate", "EffectiveDate"),
            "expires": ("Header/ExpirationDate", "ExpirationDate"),
        },
        context=("product",),
        key=("recipe",),
        master=True,
    ),
    Table("recipe elements", STEPS, _STEP, context=("recipe", "product"), key=("recipe", "element"), master=True),
    Table(
        "recipe parameters",
        ("Parameter", "OtherInformation"),
        _PARAMETER,
        context=("recipe", "product", "element"),
        key=("recipe", "element", "parameter"),
        master=True,
    ),
)
