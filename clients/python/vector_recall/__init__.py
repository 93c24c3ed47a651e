"""A typed client of the Vector Recall server."""

from .client import RecallClient
from .errors import RecallError
from .types import (
    BatchResult,
    Candidates,
    Id,
    IdKind,
    ModelInfo,
    Placement,
    RecallQuery,
    Rules,
    RulesOutcome,
    Source,
)

__all__ = [
    "BatchResult",
    "Candidates",
    "Id",
    "IdKind",
    "ModelInfo",
    "Placement",
    "RecallClient",
    "RecallError",
    "RecallQuery",
    "Rules",
    "RulesOutcome",
    "Source",
]
