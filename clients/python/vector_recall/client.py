"""The client."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import grpc
from google.protobuf.message import Message

from . import messages
from .errors import from_entry, from_rpc
from .gen.recall.v1 import recall_pb2 as pb
from .gen.recall.v1 import recall_pb2_grpc
from .types import BatchResult, Candidates, Id, IdKind, ModelInfo, RecallQuery, Rules

_Response = TypeVar("_Response", bound=Message)

# gRPC tries a call again only while it may still be answered before its deadline.
_RETRIES = {
    "methodConfig": [
        {
            "name": [{"service": "recall.v1.RecallService"}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.05s",
                "maxBackoff": "0.5s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}


class RecallClient:
    """Asks one server. Calls may come from several threads. Raises RecallError where a call is not answered."""

    def __init__(
        self,
        target: str = "localhost:50051",
        *,
        timeout: float = 1.0,
        tls_ca: str | Path | None = None,
        token: str | None = None,
    ) -> None:
        """
        :param target: host:port of the server
        :param timeout: deadline of a call, in seconds
        :param tls_ca: PEM file of the authority that signed the server's certificate; encrypts the connection
        :param token: sent with each call; only over TLS, unless the server is on this machine
        """
        self.target = target
        self._timeout = timeout
        self._metadata = () if token is None else (("authorization", f"Bearer {token}"),)
        options = [("grpc.service_config", json.dumps(_RETRIES))]
        if tls_ca is None:
            if token is not None and not target.startswith(("localhost:", "127.0.0.1:", "[::1]:", "unix:")):
                raise ValueError("A token would be sent unencrypted; give tls_ca as well.")
            self._channel = grpc.insecure_channel(target, options)
        else:
            credentials = grpc.ssl_channel_credentials(Path(tls_ca).read_bytes())
            self._channel = grpc.secure_channel(target, credentials, options)
        self._stub = recall_pb2_grpc.RecallServiceStub(self._channel)

    def recall(
        self,
        user_id: Id | None = None,
        *,
        top_k: int = 100,
        history: Sequence[Id] | None = None,
        features: Sequence[float] = (),
        context: Mapping[str, str] | None = None,
        query_vector: Sequence[float] = (),
        exclude_item_ids: Sequence[Id] = (),
        exclude_seen: bool = True,
        ef_search: int = 0,
        rules: Rules | None = None,
        history_weights: Sequence[float] = (),
        negative_item_ids: Sequence[Id] = (),
        shown_item_ids: Sequence[Id] = (),
        not_shown_within: int = 0,
        history_types: Sequence[str] = (),
    ) -> Candidates:
        """The items that fit one user best; RecallQuery describes the arguments."""
        query = RecallQuery(
            user_id,
            top_k,
            history,
            features,
            context or {},
            query_vector,
            exclude_item_ids,
            exclude_seen,
            ef_search,
            rules,
            history_weights,
            negative_item_ids,
            shown_item_ids,
            not_shown_within,
            history_types,
        )
        return messages.candidates(self._call(self._stub.Recall, messages.recall_request(query)))

    def batch(self, queries: Sequence[RecallQuery]) -> list[BatchResult]:
        """Answers several queries at once, in their order. An entry that fails does not fail the others."""
        requests = [messages.recall_request(query) for query in queries]
        response: pb.BatchRecallResponse = self._call(
            self._stub.BatchRecall, pb.BatchRecallRequest(requests=requests)
        )
        return [
            from_entry(result.error.code, result.error.message)
            if result.WhichOneof("outcome") == "error"
            else messages.candidates(result.response)
            for result in response.results
        ]

    def similar(
        self,
        item_id: Id,
        *,
        top_k: int = 100,
        exclude_item_ids: Sequence[Id] = (),
        ef_search: int = 0,
        rules: Rules | None = None,
    ) -> Candidates:
        """The items that are most like one item."""
        request = messages.similar_request(item_id, top_k, exclude_item_ids, ef_search, rules)
        return messages.similar(self._call(self._stub.SimilarItems, request))

    def info(self) -> ModelInfo:
        """The model that the server answers from, and the server's limits."""
        return messages.model_info(self._call(self._stub.GetModelInfo, pb.GetModelInfoRequest()))

    def user_id(self, text: str) -> Id:
        """
        A user id that was typed, as the kind that the model has.

        :raises ValueError: if the model has integers and the text is none, such as "007"
        """
        if self.info().user_id_kind is IdKind.STRING:
            return text
        # int() also reads "007" and " 7", which no log of integers holds.
        if not text.removeprefix("-").isdecimal() or str(int(text)) != text:
            raise ValueError(f'The user id is "{text}", but the user ids of this model are integers.')
        return int(text)

    def close(self) -> None:
        """Closes the connection; calls under way fail."""
        self._channel.close()

    def __enter__(self) -> "RecallClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(self, method: "grpc.UnaryUnaryMultiCallable[Message, _Response]", request: Message) -> _Response:
        try:
            return method(request, timeout=self._timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            raise from_rpc(self.target, error) from error
