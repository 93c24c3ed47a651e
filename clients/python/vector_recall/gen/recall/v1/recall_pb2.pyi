from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LabelsMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LABELS_MODE_UNSPECIFIED: _ClassVar[LabelsMode]
    LABELS_MODE_ANY: _ClassVar[LabelsMode]
    LABELS_MODE_ALL: _ClassVar[LabelsMode]
    LABELS_MODE_NONE: _ClassVar[LabelsMode]

class SearchPlan(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEARCH_PLAN_UNSPECIFIED: _ClassVar[SearchPlan]
    SEARCH_PLAN_GRAPH: _ClassVar[SearchPlan]
    SEARCH_PLAN_SCAN: _ClassVar[SearchPlan]
    SEARCH_PLAN_GROUPS: _ClassVar[SearchPlan]

class Placement(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PLACEMENT_UNSPECIFIED: _ClassVar[Placement]
    PLACEMENT_SCORE: _ClassVar[Placement]
    PLACEMENT_CAP: _ClassVar[Placement]
    PLACEMENT_DIVERSITY: _ClassVar[Placement]
    PLACEMENT_PROMOTED: _ClassVar[Placement]

class Source(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SOURCE_UNSPECIFIED: _ClassVar[Source]
    SOURCE_MODEL: _ClassVar[Source]
    SOURCE_HISTORY_AND_FEATURES: _ClassVar[Source]
    SOURCE_POPULARITY: _ClassVar[Source]
    SOURCE_QUERY_VECTOR: _ClassVar[Source]

class IdKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ID_KIND_UNSPECIFIED: _ClassVar[IdKind]
    ID_KIND_INTEGER: _ClassVar[IdKind]
    ID_KIND_STRING: _ClassVar[IdKind]

class Input(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INPUT_UNSPECIFIED: _ClassVar[Input]
    INPUT_USER: _ClassVar[Input]
    INPUT_HISTORY: _ClassVar[Input]
    INPUT_FEATURES: _ClassVar[Input]
    INPUT_QUERY_VECTOR: _ClassVar[Input]

class Space(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SPACE_UNSPECIFIED: _ClassVar[Space]
    SPACE_COSINE: _ClassVar[Space]
    SPACE_INNER_PRODUCT: _ClassVar[Space]
    SPACE_L2: _ClassVar[Space]

class AttributeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ATTRIBUTE_KIND_UNSPECIFIED: _ClassVar[AttributeKind]
    ATTRIBUTE_KIND_LABELS: _ClassVar[AttributeKind]
    ATTRIBUTE_KIND_NUMBER: _ClassVar[AttributeKind]
    ATTRIBUTE_KIND_DATE: _ClassVar[AttributeKind]
LABELS_MODE_UNSPECIFIED: LabelsMode
LABELS_MODE_ANY: LabelsMode
LABELS_MODE_ALL: LabelsMode
LABELS_MODE_NONE: LabelsMode
SEARCH_PLAN_UNSPECIFIED: SearchPlan
SEARCH_PLAN_GRAPH: SearchPlan
SEARCH_PLAN_SCAN: SearchPlan
SEARCH_PLAN_GROUPS: SearchPlan
PLACEMENT_UNSPECIFIED: Placement
PLACEMENT_SCORE: Placement
PLACEMENT_CAP: Placement
PLACEMENT_DIVERSITY: Placement
PLACEMENT_PROMOTED: Placement
SOURCE_UNSPECIFIED: Source
SOURCE_MODEL: Source
SOURCE_HISTORY_AND_FEATURES: Source
SOURCE_POPULARITY: Source
SOURCE_QUERY_VECTOR: Source
ID_KIND_UNSPECIFIED: IdKind
ID_KIND_INTEGER: IdKind
ID_KIND_STRING: IdKind
INPUT_UNSPECIFIED: Input
INPUT_USER: Input
INPUT_HISTORY: Input
INPUT_FEATURES: Input
INPUT_QUERY_VECTOR: Input
SPACE_UNSPECIFIED: Space
SPACE_COSINE: Space
SPACE_INNER_PRODUCT: Space
SPACE_L2: Space
ATTRIBUTE_KIND_UNSPECIFIED: AttributeKind
ATTRIBUTE_KIND_LABELS: AttributeKind
ATTRIBUTE_KIND_NUMBER: AttributeKind
ATTRIBUTE_KIND_DATE: AttributeKind

class IdList(_message.Message):
    __slots__ = ("integer_ids", "string_ids")
    INTEGER_IDS_FIELD_NUMBER: _ClassVar[int]
    STRING_IDS_FIELD_NUMBER: _ClassVar[int]
    integer_ids: _containers.RepeatedScalarFieldContainer[int]
    string_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, integer_ids: _Optional[_Iterable[int]] = ..., string_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ScoredItems(_message.Message):
    __slots__ = ("item_ids", "scores")
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    item_ids: IdList
    scores: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, item_ids: _Optional[_Union[IdList, _Mapping]] = ..., scores: _Optional[_Iterable[float]] = ...) -> None: ...

class Filter(_message.Message):
    __slots__ = ("all_of", "any_of", "labels", "range", "age", "ids", "text")
    ALL_OF_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    NOT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    AGE_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    all_of: FilterList
    any_of: FilterList
    labels: LabelsTest
    range: RangeTest
    age: RangeTest
    ids: IdList
    text: str
    def __init__(self, all_of: _Optional[_Union[FilterList, _Mapping]] = ..., any_of: _Optional[_Union[FilterList, _Mapping]] = ..., labels: _Optional[_Union[LabelsTest, _Mapping]] = ..., range: _Optional[_Union[RangeTest, _Mapping]] = ..., age: _Optional[_Union[RangeTest, _Mapping]] = ..., ids: _Optional[_Union[IdList, _Mapping]] = ..., text: _Optional[str] = ..., **kwargs) -> None: ...

class FilterList(_message.Message):
    __slots__ = ("filters",)
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    filters: _containers.RepeatedCompositeFieldContainer[Filter]
    def __init__(self, filters: _Optional[_Iterable[_Union[Filter, _Mapping]]] = ...) -> None: ...

class LabelsTest(_message.Message):
    __slots__ = ("attribute", "values", "mode")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    values: _containers.RepeatedScalarFieldContainer[str]
    mode: LabelsMode
    def __init__(self, attribute: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ..., mode: _Optional[_Union[LabelsMode, str]] = ...) -> None: ...

class RangeTest(_message.Message):
    __slots__ = ("attribute", "min", "max", "excludes_min", "excludes_max")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    EXCLUDES_MIN_FIELD_NUMBER: _ClassVar[int]
    EXCLUDES_MAX_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    min: float
    max: float
    excludes_min: bool
    excludes_max: bool
    def __init__(self, attribute: _Optional[str] = ..., min: _Optional[float] = ..., max: _Optional[float] = ..., excludes_min: _Optional[bool] = ..., excludes_max: _Optional[bool] = ...) -> None: ...

class FilterOutcome(_message.Message):
    __slots__ = ("matches", "plan")
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    matches: int
    plan: SearchPlan
    def __init__(self, matches: _Optional[int] = ..., plan: _Optional[_Union[SearchPlan, str]] = ...) -> None: ...

class Rules(_message.Message):
    __slots__ = ("pool", "caps", "diversity", "decays", "boosts", "promoted")
    POOL_FIELD_NUMBER: _ClassVar[int]
    CAPS_FIELD_NUMBER: _ClassVar[int]
    DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    DECAYS_FIELD_NUMBER: _ClassVar[int]
    BOOSTS_FIELD_NUMBER: _ClassVar[int]
    PROMOTED_FIELD_NUMBER: _ClassVar[int]
    pool: int
    caps: _containers.RepeatedCompositeFieldContainer[Cap]
    diversity: Diversity
    decays: _containers.RepeatedCompositeFieldContainer[Decay]
    boosts: _containers.RepeatedCompositeFieldContainer[Boost]
    promoted: Promotion
    def __init__(self, pool: _Optional[int] = ..., caps: _Optional[_Iterable[_Union[Cap, _Mapping]]] = ..., diversity: _Optional[_Union[Diversity, _Mapping]] = ..., decays: _Optional[_Iterable[_Union[Decay, _Mapping]]] = ..., boosts: _Optional[_Iterable[_Union[Boost, _Mapping]]] = ..., promoted: _Optional[_Union[Promotion, _Mapping]] = ...) -> None: ...

class Cap(_message.Message):
    __slots__ = ("attribute", "most")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    most: int
    def __init__(self, attribute: _Optional[str] = ..., most: _Optional[int] = ...) -> None: ...

class Diversity(_message.Message):
    __slots__ = ()
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    def __init__(self, **kwargs) -> None: ...

class Decay(_message.Message):
    __slots__ = ("attribute", "half_life")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    HALF_LIFE_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    half_life: float
    def __init__(self, attribute: _Optional[str] = ..., half_life: _Optional[float] = ...) -> None: ...

class Boost(_message.Message):
    __slots__ = ("attribute", "weight")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    weight: float
    def __init__(self, attribute: _Optional[str] = ..., weight: _Optional[float] = ...) -> None: ...

class Promotion(_message.Message):
    __slots__ = ("item_ids", "quota")
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    QUOTA_FIELD_NUMBER: _ClassVar[int]
    item_ids: IdList
    quota: int
    def __init__(self, item_ids: _Optional[_Union[IdList, _Mapping]] = ..., quota: _Optional[int] = ...) -> None: ...

class RulesOutcome(_message.Message):
    __slots__ = ("pool", "added", "placements")
    POOL_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    PLACEMENTS_FIELD_NUMBER: _ClassVar[int]
    pool: int
    added: _containers.RepeatedScalarFieldContainer[float]
    placements: _containers.RepeatedScalarFieldContainer[Placement]
    def __init__(self, pool: _Optional[int] = ..., added: _Optional[_Iterable[float]] = ..., placements: _Optional[_Iterable[_Union[Placement, str]]] = ...) -> None: ...

class RecallRequest(_message.Message):
    __slots__ = ("integer_user_id", "string_user_id", "features", "history", "top_k", "exclude_item_ids", "exclude_seen", "ef_search", "query_vector", "filter", "context", "rules", "history_weights", "negative_item_ids", "shown", "version_label", "history_types")
    class ContextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    INTEGER_USER_ID_FIELD_NUMBER: _ClassVar[int]
    STRING_USER_ID_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_SEEN_FIELD_NUMBER: _ClassVar[int]
    EF_SEARCH_FIELD_NUMBER: _ClassVar[int]
    QUERY_VECTOR_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    HISTORY_WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    VERSION_LABEL_FIELD_NUMBER: _ClassVar[int]
    HISTORY_TYPES_FIELD_NUMBER: _ClassVar[int]
    integer_user_id: int
    string_user_id: str
    features: _containers.RepeatedScalarFieldContainer[float]
    history: IdList
    top_k: int
    exclude_item_ids: IdList
    exclude_seen: bool
    ef_search: int
    query_vector: _containers.RepeatedScalarFieldContainer[float]
    filter: Filter
    context: _containers.ScalarMap[str, str]
    rules: Rules
    history_weights: _containers.RepeatedScalarFieldContainer[float]
    negative_item_ids: IdList
    shown: Shown
    version_label: str
    history_types: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, integer_user_id: _Optional[int] = ..., string_user_id: _Optional[str] = ..., features: _Optional[_Iterable[float]] = ..., history: _Optional[_Union[IdList, _Mapping]] = ..., top_k: _Optional[int] = ..., exclude_item_ids: _Optional[_Union[IdList, _Mapping]] = ..., exclude_seen: _Optional[bool] = ..., ef_search: _Optional[int] = ..., query_vector: _Optional[_Iterable[float]] = ..., filter: _Optional[_Union[Filter, _Mapping]] = ..., context: _Optional[_Mapping[str, str]] = ..., rules: _Optional[_Union[Rules, _Mapping]] = ..., history_weights: _Optional[_Iterable[float]] = ..., negative_item_ids: _Optional[_Union[IdList, _Mapping]] = ..., shown: _Optional[_Union[Shown, _Mapping]] = ..., version_label: _Optional[str] = ..., history_types: _Optional[_Iterable[str]] = ...) -> None: ...

class Shown(_message.Message):
    __slots__ = ("item_ids", "within_seconds")
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    WITHIN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    item_ids: IdList
    within_seconds: int
    def __init__(self, item_ids: _Optional[_Union[IdList, _Mapping]] = ..., within_seconds: _Optional[int] = ...) -> None: ...

class Timings(_message.Message):
    __slots__ = ("encode_micros", "search_micros", "total_micros")
    ENCODE_MICROS_FIELD_NUMBER: _ClassVar[int]
    SEARCH_MICROS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_MICROS_FIELD_NUMBER: _ClassVar[int]
    encode_micros: int
    search_micros: int
    total_micros: int
    def __init__(self, encode_micros: _Optional[int] = ..., search_micros: _Optional[int] = ..., total_micros: _Optional[int] = ...) -> None: ...

class RecallResponse(_message.Message):
    __slots__ = ("items", "model_version", "source", "timings", "unknown_history_items", "filter", "rules", "version_label")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_HISTORY_ITEMS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    VERSION_LABEL_FIELD_NUMBER: _ClassVar[int]
    items: ScoredItems
    model_version: str
    source: Source
    timings: Timings
    unknown_history_items: int
    filter: FilterOutcome
    rules: RulesOutcome
    version_label: str
    def __init__(self, items: _Optional[_Union[ScoredItems, _Mapping]] = ..., model_version: _Optional[str] = ..., source: _Optional[_Union[Source, str]] = ..., timings: _Optional[_Union[Timings, _Mapping]] = ..., unknown_history_items: _Optional[int] = ..., filter: _Optional[_Union[FilterOutcome, _Mapping]] = ..., rules: _Optional[_Union[RulesOutcome, _Mapping]] = ..., version_label: _Optional[str] = ...) -> None: ...

class BatchRecallRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[RecallRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[RecallRequest, _Mapping]]] = ...) -> None: ...

class BatchRecallResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchRecallResult]
    def __init__(self, results: _Optional[_Iterable[_Union[BatchRecallResult, _Mapping]]] = ...) -> None: ...

class BatchRecallResult(_message.Message):
    __slots__ = ("response", "error")
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    response: RecallResponse
    error: EntryError
    def __init__(self, response: _Optional[_Union[RecallResponse, _Mapping]] = ..., error: _Optional[_Union[EntryError, _Mapping]] = ...) -> None: ...

class EntryError(_message.Message):
    __slots__ = ("code", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: int
    message: str
    def __init__(self, code: _Optional[int] = ..., message: _Optional[str] = ...) -> None: ...

class SimilarItemsRequest(_message.Message):
    __slots__ = ("integer_item_id", "string_item_id", "top_k", "exclude_item_ids", "ef_search", "filter", "rules", "version_label")
    INTEGER_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    STRING_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    EF_SEARCH_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    VERSION_LABEL_FIELD_NUMBER: _ClassVar[int]
    integer_item_id: int
    string_item_id: str
    top_k: int
    exclude_item_ids: IdList
    ef_search: int
    filter: Filter
    rules: Rules
    version_label: str
    def __init__(self, integer_item_id: _Optional[int] = ..., string_item_id: _Optional[str] = ..., top_k: _Optional[int] = ..., exclude_item_ids: _Optional[_Union[IdList, _Mapping]] = ..., ef_search: _Optional[int] = ..., filter: _Optional[_Union[Filter, _Mapping]] = ..., rules: _Optional[_Union[Rules, _Mapping]] = ..., version_label: _Optional[str] = ...) -> None: ...

class SimilarItemsResponse(_message.Message):
    __slots__ = ("items", "model_version", "timings", "filter", "rules", "version_label")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    VERSION_LABEL_FIELD_NUMBER: _ClassVar[int]
    items: ScoredItems
    model_version: str
    timings: Timings
    filter: FilterOutcome
    rules: RulesOutcome
    version_label: str
    def __init__(self, items: _Optional[_Union[ScoredItems, _Mapping]] = ..., model_version: _Optional[str] = ..., timings: _Optional[_Union[Timings, _Mapping]] = ..., filter: _Optional[_Union[FilterOutcome, _Mapping]] = ..., rules: _Optional[_Union[RulesOutcome, _Mapping]] = ..., version_label: _Optional[str] = ...) -> None: ...

class GetModelInfoRequest(_message.Message):
    __slots__ = ("version_label",)
    VERSION_LABEL_FIELD_NUMBER: _ClassVar[int]
    version_label: str
    def __init__(self, version_label: _Optional[str] = ...) -> None: ...

class FilterAttribute(_message.Message):
    __slots__ = ("name", "kind")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: AttributeKind
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[AttributeKind, str]] = ...) -> None: ...

class GetModelInfoResponse(_message.Message):
    __slots__ = ("model_version", "user_id_kind", "item_id_kind", "user_count", "item_count", "dimension", "user_feature_names", "history_length", "default_ef_search", "max_top_k", "max_batch_size", "max_ef_search", "inputs", "space", "attributes", "context_names", "version_label", "event_types")
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    USER_ID_KIND_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_KIND_FIELD_NUMBER: _ClassVar[int]
    USER_COUNT_FIELD_NUMBER: _ClassVar[int]
    ITEM_COUNT_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    USER_FEATURE_NAMES_FIELD_NUMBER: _ClassVar[int]
    HISTORY_LENGTH_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_EF_SEARCH_FIELD_NUMBER: _ClassVar[int]
    MAX_TOP_K_FIELD_NUMBER: _ClassVar[int]
    MAX_BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_EF_SEARCH_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    SPACE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_NAMES_FIELD_NUMBER: _ClassVar[int]
    VERSION_LABEL_FIELD_NUMBER: _ClassVar[int]
    EVENT_TYPES_FIELD_NUMBER: _ClassVar[int]
    model_version: str
    user_id_kind: IdKind
    item_id_kind: IdKind
    user_count: int
    item_count: int
    dimension: int
    user_feature_names: _containers.RepeatedScalarFieldContainer[str]
    history_length: int
    default_ef_search: int
    max_top_k: int
    max_batch_size: int
    max_ef_search: int
    inputs: _containers.RepeatedScalarFieldContainer[Input]
    space: Space
    attributes: _containers.RepeatedCompositeFieldContainer[FilterAttribute]
    context_names: _containers.RepeatedScalarFieldContainer[str]
    version_label: str
    event_types: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, model_version: _Optional[str] = ..., user_id_kind: _Optional[_Union[IdKind, str]] = ..., item_id_kind: _Optional[_Union[IdKind, str]] = ..., user_count: _Optional[int] = ..., item_count: _Optional[int] = ..., dimension: _Optional[int] = ..., user_feature_names: _Optional[_Iterable[str]] = ..., history_length: _Optional[int] = ..., default_ef_search: _Optional[int] = ..., max_top_k: _Optional[int] = ..., max_batch_size: _Optional[int] = ..., max_ef_search: _Optional[int] = ..., inputs: _Optional[_Iterable[_Union[Input, str]]] = ..., space: _Optional[_Union[Space, str]] = ..., attributes: _Optional[_Iterable[_Union[FilterAttribute, _Mapping]]] = ..., context_names: _Optional[_Iterable[str]] = ..., version_label: _Optional[str] = ..., event_types: _Optional[_Iterable[str]] = ...) -> None: ...

class EncodeUsersRequest(_message.Message):
    __slots__ = ("users",)
    USERS_FIELD_NUMBER: _ClassVar[int]
    users: _containers.RepeatedCompositeFieldContainer[RecallRequest]
    def __init__(self, users: _Optional[_Iterable[_Union[RecallRequest, _Mapping]]] = ...) -> None: ...

class EncodeUsersResponse(_message.Message):
    __slots__ = ("users", "model_version")
    USERS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    users: _containers.RepeatedCompositeFieldContainer[EncodedUser]
    model_version: str
    def __init__(self, users: _Optional[_Iterable[_Union[EncodedUser, _Mapping]]] = ..., model_version: _Optional[str] = ...) -> None: ...

class EncodedUser(_message.Message):
    __slots__ = ("vector", "source", "error")
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    vector: _containers.RepeatedScalarFieldContainer[float]
    source: Source
    error: EntryError
    def __init__(self, vector: _Optional[_Iterable[float]] = ..., source: _Optional[_Union[Source, str]] = ..., error: _Optional[_Union[EntryError, _Mapping]] = ...) -> None: ...

class EncodeItemsRequest(_message.Message):
    __slots__ = ("item_ids",)
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    item_ids: IdList
    def __init__(self, item_ids: _Optional[_Union[IdList, _Mapping]] = ...) -> None: ...

class EncodeItemsResponse(_message.Message):
    __slots__ = ("items", "model_version")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[EncodedItem]
    model_version: str
    def __init__(self, items: _Optional[_Iterable[_Union[EncodedItem, _Mapping]]] = ..., model_version: _Optional[str] = ...) -> None: ...

class EncodedItem(_message.Message):
    __slots__ = ("vector",)
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    vector: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, vector: _Optional[_Iterable[float]] = ...) -> None: ...

class DescribeItemsRequest(_message.Message):
    __slots__ = ("item_ids",)
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    item_ids: IdList
    def __init__(self, item_ids: _Optional[_Union[IdList, _Mapping]] = ...) -> None: ...

class DescribeItemsResponse(_message.Message):
    __slots__ = ("items", "model_version")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ItemDescription]
    model_version: str
    def __init__(self, items: _Optional[_Iterable[_Union[ItemDescription, _Mapping]]] = ..., model_version: _Optional[str] = ...) -> None: ...

class ItemDescription(_message.Message):
    __slots__ = ("known", "name", "category", "tags")
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    known: bool
    name: str
    category: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, known: _Optional[bool] = ..., name: _Optional[str] = ..., category: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ...) -> None: ...

class DescribeUserRequest(_message.Message):
    __slots__ = ("integer_user_id", "string_user_id")
    INTEGER_USER_ID_FIELD_NUMBER: _ClassVar[int]
    STRING_USER_ID_FIELD_NUMBER: _ClassVar[int]
    integer_user_id: int
    string_user_id: str
    def __init__(self, integer_user_id: _Optional[int] = ..., string_user_id: _Optional[str] = ...) -> None: ...

class DescribeUserResponse(_message.Message):
    __slots__ = ("known", "history", "model_version")
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    known: bool
    history: IdList
    model_version: str
    def __init__(self, known: _Optional[bool] = ..., history: _Optional[_Union[IdList, _Mapping]] = ..., model_version: _Optional[str] = ...) -> None: ...
