"""Asks a recall server for the candidates of one user and prints them as JSON."""

import argparse
import json
import sys

from vector_recall import RecallClient, RecallError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="localhost:50051", help="host:port of the server")
    parser.add_argument("--user", required=True, help="user id, exactly as in the training data")
    parser.add_argument("--top-k", type=int, default=20, help="how many candidates")
    options = parser.parse_args()

    try:
        with RecallClient(options.target) as client:
            answer = client.recall(client.user_id(options.user), top_k=options.top_k)
    except (RecallError, ValueError) as error:
        sys.exit(f"query.py: {error}")
    print(json.dumps({"itemIds": answer.item_ids, "scores": answer.scores, "modelVersion": answer.model_version}))


if __name__ == "__main__":
    main()
