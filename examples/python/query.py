"""Asks a recall server for the candidates of one user and prints them as JSON.

README.md says how the modules of the contract are generated.
"""

import argparse
import json

import grpc
from recall.v1 import recall_pb2, recall_pb2_grpc


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="localhost:50051", help="host:port of the server")
    parser.add_argument("--user", type=int, required=True, help="user id, where the training data had integers")
    parser.add_argument("--top-k", type=int, default=20, help="candidates to return")
    options = parser.parse_args()

    with grpc.insecure_channel(options.target) as channel:
        service = recall_pb2_grpc.RecallServiceStub(channel)
        request = recall_pb2.RecallRequest(integer_user_id=options.user, top_k=options.top_k, exclude_seen=True)
        # Without a deadline a call to a server that hangs would wait for ever.
        response = service.Recall(request, timeout=1.0)

    print(
        json.dumps(
            {
                "itemIds": list(response.items.item_ids.integer_ids),
                "scores": list(response.items.scores),
                "modelVersion": response.model_version,
            }
        )
    )


if __name__ == "__main__":
    main()
