"""What goes into a call and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from .errors import RecallError

Id = int | str
"""An int is an integer id, a str a string id: one model has one kind of user id and one kind of item id."""


class IdKind(Enum):
    INTEGER = "integer"
    STRING = "string"


class Source(Enum):
    """What an answer rests on."""

    MODEL = "model"
    HISTORY = "history"
    POPULARITY = "popularity"
    VECTOR = "vector"
    UNKNOWN = "unknown"
    """Said of a server that is newer than this client."""


class Placement(Enum):
    """Why an item stands where it does."""

    SCORE = "score"
    CAP = "cap"
    DIVERSITY = "diversity"
    PROMOTED = "promoted"
    UNKNOWN = "unknown"
    """Said of a server that is newer than this client."""


@dataclass(frozen=True)
class Rules:
    """How candidates of a wider pool are put in another order, and which are passed over. The server checks the ranges."""

    pool: int = 0
    """How many candidates to choose from; 0 means four times top_k."""
    caps: Mapping[str, int] = field(default_factory=dict)
    """For attributes of labels, how many items of one label may be returned: {"brand": 3}."""
    diversity: float | None = None
    """The lambda of maximal marginal relevance, 0 to 1: 1 orders by score alone."""
    decays: Mapping[str, float] = field(default_factory=dict)
    """For attributes of dates, the half-life of scores in seconds."""
    boosts: Mapping[str, float] = field(default_factory=dict)
    """For attributes of numbers, what they are multiplied by before they are added to the scores."""
    promoted: Sequence[Id] = ()
    """Items that stand first, in this order."""
    quota: int = 0
    """How many of them at most; 0 means as many as top_k has room for."""


@dataclass(frozen=True)
class RulesOutcome:
    """What rules did, item by item, in the order of the answer."""

    pool: int
    """How many candidates they chose from."""
    added: list[float]
    """What decays and boosts added to each score; empty where there are none."""
    placements: list[Placement]


@dataclass(frozen=True)
class RecallQuery:
    """Whom to find candidates for. The server checks the ranges."""

    user_id: Id | None = None
    top_k: int = 100
    history: Sequence[Id] | None = None
    """Oldest first; it replaces the stored one, also when it is empty."""
    features: Sequence[float] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    query_vector: Sequence[float] = ()
    """Searched by as it is, in place of a user: `[dimension]`."""
    exclude_item_ids: Sequence[Id] = ()
    exclude_seen: bool = True
    ef_search: int = 0
    """0 means the model's own."""
    rules: Rules | None = None
    history_weights: Sequence[float] = ()
    """How much each item of the history counts; empty means that the model alone reads it."""
    negative_item_ids: Sequence[Id] = ()
    """Items that the user does not want: they are not returned, and what is like them moves back."""
    shown_item_ids: Sequence[Id] = ()
    """What the user has just been shown; the server process keeps it."""
    not_shown_within: int = 0
    """Items that the user was shown in the last so many seconds are not returned; 0 means that they may be."""
    history_types: Sequence[str] = ()
    """The type of the event with each item of the history; empty means that all are unknown."""


@dataclass(frozen=True)
class Candidates:
    """Items, best first or in the order of the rules, and their scores at the same places."""

    item_ids: list[Id]
    scores: list[float]
    model_version: str
    source: Source | None = None
    """None where an item was asked for."""
    unknown_history_items: int = 0
    rules: RulesOutcome | None = None
    """None where the query has no rules."""


BatchResult = Candidates | RecallError
"""The answer to one entry of a batch, or why there is none."""


@dataclass(frozen=True)
class ModelInfo:
    """The model that a server answers from, and the server's limits."""

    model_version: str
    user_id_kind: IdKind
    item_id_kind: IdKind
    user_count: int
    item_count: int
    dimension: int
    user_feature_names: list[str]
    context_names: list[str]
    history_length: int
    max_top_k: int
    max_batch_size: int
    event_types: list[str] = field(default_factory=list)
    """Types of events that the model tells apart in a history."""
