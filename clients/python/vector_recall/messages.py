"""Queries to messages of the contract, and messages to answers."""

from collections.abc import Iterable

from .gen.recall.v1 import recall_pb2 as pb
from .types import Candidates, Id, IdKind, ModelInfo, Placement, RecallQuery, Rules, RulesOutcome, Source

_SOURCES = {
    pb.SOURCE_MODEL: Source.MODEL,
    pb.SOURCE_HISTORY_AND_FEATURES: Source.HISTORY,
    pb.SOURCE_POPULARITY: Source.POPULARITY,
    pb.SOURCE_QUERY_VECTOR: Source.VECTOR,
}

_PLACEMENTS = {
    pb.PLACEMENT_SCORE: Placement.SCORE,
    pb.PLACEMENT_CAP: Placement.CAP,
    pb.PLACEMENT_DIVERSITY: Placement.DIVERSITY,
    pb.PLACEMENT_PROMOTED: Placement.PROMOTED,
}

_LARGEST_INTEGER = 2**63 - 1


def _is_integer(value: Id, name: str) -> bool:
    if isinstance(value, str):
        return False
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int or a str, not {type(value).__name__}.")
    if not -_LARGEST_INTEGER - 1 <= value <= _LARGEST_INTEGER:
        raise ValueError(f"{name} is {value}, which does not fit into 64 bits.")
    return True


def id_list(ids: Iterable[Id], name: str) -> pb.IdList:
    values = list(ids)
    kinds = {_is_integer(value, name) for value in values}
    if len(kinds) > 1:
        raise TypeError(f"{name} mixes ints and strs; all ids of one model are of one kind.")
    return pb.IdList(integer_ids=values) if kinds == {True} else pb.IdList(string_ids=values)


def _rules(rules: Rules, top_k: int) -> pb.Rules:
    message = pb.Rules(
        pool=rules.pool,
        caps=[pb.Cap(attribute=name, most=most) for name, most in rules.caps.items()],
        decays=[pb.Decay(attribute=name, half_life=seconds) for name, seconds in rules.decays.items()],
        boosts=[pb.Boost(attribute=name, weight=weight) for name, weight in rules.boosts.items()],
    )
    if rules.diversity is not None:
        # Set even where it is 0, which is a value like any other; "lambda" is a word of Python's own.
        message.diversity.SetInParent()
        setattr(message.diversity, "lambda", rules.diversity)
    if rules.promoted:
        quota = rules.quota or min(top_k, len(rules.promoted))
        message.promoted.CopyFrom(pb.Promotion(item_ids=id_list(rules.promoted, "promoted"), quota=quota))
    return message


def _rules_outcome(outcome: pb.RulesOutcome) -> RulesOutcome:
    placements = [_PLACEMENTS.get(placement, Placement.UNKNOWN) for placement in outcome.placements]
    return RulesOutcome(outcome.pool, list(outcome.added), placements)


def recall_request(query: RecallQuery) -> pb.RecallRequest:
    request = pb.RecallRequest(
        features=query.features,
        top_k=query.top_k,
        exclude_item_ids=id_list(query.exclude_item_ids, "exclude_item_ids"),
        exclude_seen=query.exclude_seen,
        ef_search=query.ef_search,
        query_vector=query.query_vector,
        context=query.context,
        history_weights=query.history_weights,
        history_types=query.history_types,
    )
    if query.negative_item_ids:
        request.negative_item_ids.CopyFrom(id_list(query.negative_item_ids, "negative_item_ids"))
    if query.shown_item_ids or query.not_shown_within:
        shown = pb.Shown(item_ids=id_list(query.shown_item_ids, "shown_item_ids"), within_seconds=query.not_shown_within)
        request.shown.CopyFrom(shown)
    if query.rules is not None:
        request.rules.CopyFrom(_rules(query.rules, query.top_k))
    if query.history is not None:
        request.history.CopyFrom(id_list(query.history, "history"))
    if query.user_id is not None:
        is_integer = _is_integer(query.user_id, "user_id")
        setattr(request, "integer_user_id" if is_integer else "string_user_id", query.user_id)
    return request


def similar_request(
    item_id: Id, top_k: int, exclude_item_ids: Iterable[Id], ef_search: int, rules: Rules | None = None
) -> pb.SimilarItemsRequest:
    request = pb.SimilarItemsRequest(
        top_k=top_k,
        exclude_item_ids=id_list(exclude_item_ids, "exclude_item_ids"),
        ef_search=ef_search,
    )
    if rules is not None:
        request.rules.CopyFrom(_rules(rules, top_k))
    is_integer = _is_integer(item_id, "item_id")
    setattr(request, "integer_item_id" if is_integer else "string_item_id", item_id)
    return request


def _ids(items: pb.ScoredItems) -> list[Id]:
    # One of the two lists is filled, depending on the kind of the item ids.
    return list(items.item_ids.integer_ids) or list(items.item_ids.string_ids)


def candidates(response: pb.RecallResponse) -> Candidates:
    return Candidates(
        item_ids=_ids(response.items),
        scores=list(response.items.scores),
        model_version=response.model_version,
        source=_SOURCES.get(response.source, Source.UNKNOWN),
        unknown_history_items=response.unknown_history_items,
        rules=_rules_outcome(response.rules) if response.HasField("rules") else None,
    )


def similar(response: pb.SimilarItemsResponse) -> Candidates:
    return Candidates(
        _ids(response.items),
        list(response.items.scores),
        response.model_version,
        rules=_rules_outcome(response.rules) if response.HasField("rules") else None,
    )


def model_info(response: pb.GetModelInfoResponse) -> ModelInfo:
    def kind(value: pb.IdKind) -> IdKind:
        return IdKind.STRING if value == pb.ID_KIND_STRING else IdKind.INTEGER

    return ModelInfo(
        model_version=response.model_version,
        user_id_kind=kind(response.user_id_kind),
        item_id_kind=kind(response.item_id_kind),
        user_count=response.user_count,
        item_count=response.item_count,
        dimension=response.dimension,
        user_feature_names=list(response.user_feature_names),
        context_names=list(response.context_names),
        history_length=response.history_length,
        max_top_k=response.max_top_k,
        max_batch_size=response.max_batch_size,
        event_types=list(response.event_types),
    )
