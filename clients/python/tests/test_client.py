"""Against running servers: VECTOR_RECALL_INTEGERS and VECTOR_RECALL_STRINGS are their targets, by the kind of ids."""

import os
import unittest

import grpc

from vector_recall import Candidates, IdKind, RecallClient, RecallError, RecallQuery, Source

TIMEOUT = 20.0


class OfIntegers(unittest.TestCase):
    target = os.environ.get("VECTOR_RECALL_INTEGERS", "")

    def setUp(self) -> None:
        if self.target == "":
            self.skipTest("VECTOR_RECALL_INTEGERS names no server")
        self.client = RecallClient(self.target, timeout=TIMEOUT)
        self.addCleanup(self.client.close)

    def test_a_user_gets_candidates_best_first(self) -> None:
        answer = self.client.recall(7, top_k=15)
        self.assertEqual(len(set(answer.item_ids)), 15)
        self.assertTrue(all(isinstance(item, int) for item in answer.item_ids))
        self.assertEqual(answer.scores, sorted(answer.scores, reverse=True))
        self.assertEqual(answer.source, Source.MODEL)
        self.assertEqual(answer.model_version, self.client.info().model_version)

    def test_excluded_items_do_not_come_back(self) -> None:
        first = self.client.recall(7, top_k=3).item_ids
        again = self.client.recall(7, top_k=3, exclude_item_ids=first).item_ids
        self.assertEqual(set(first) & set(again), set())

    def test_a_batch_is_answered_entry_by_entry(self) -> None:
        known, refused, unknown = self.client.batch(
            [RecallQuery(7, top_k=5), RecallQuery(7, top_k=0), RecallQuery(10**12, top_k=5)]
        )
        assert isinstance(known, Candidates) and isinstance(unknown, Candidates)
        self.assertEqual(known.item_ids, self.client.recall(7, top_k=5).item_ids)
        self.assertEqual(unknown.source, Source.POPULARITY)
        assert isinstance(refused, RecallError)
        self.assertEqual(refused.code, grpc.StatusCode.INVALID_ARGUMENT)
        self.assertRegex(str(refused), "top_k")

    def test_similar_items_exclude_the_item(self) -> None:
        item = self.client.recall(7, top_k=1).item_ids[0]
        answer = self.client.similar(item, top_k=4)
        self.assertEqual(len(answer.item_ids), 4)
        self.assertNotIn(item, answer.item_ids)

    def test_an_unknown_item_is_said_in_a_sentence(self) -> None:
        with self.assertRaisesRegex(RecallError, f"^The call to {self.target} failed: NOT_FOUND: ") as caught:
            self.client.similar(10**12, top_k=4)
        self.assertEqual(caught.exception.code, grpc.StatusCode.NOT_FOUND)

    def test_ids_of_the_wrong_kind_are_refused(self) -> None:
        self.assertEqual(self.client.user_id("7"), 7)
        with self.assertRaisesRegex(ValueError, '"07", but the user ids of this model are integers'):
            self.client.user_id("07")
        with self.assertRaisesRegex(RecallError, "INVALID_ARGUMENT"):
            self.client.recall("seven", top_k=4)


class OfStrings(unittest.TestCase):
    def test_ids_are_strings_throughout(self) -> None:
        target = os.environ.get("VECTOR_RECALL_STRINGS", "")
        if target == "":
            self.skipTest("VECTOR_RECALL_STRINGS names no server")
        with RecallClient(target, timeout=TIMEOUT) as client:
            self.assertEqual(client.info().user_id_kind, IdKind.STRING)
            self.assertEqual(client.user_id("user-7"), "user-7")
            answer = client.recall("user-7", top_k=5)
            self.assertTrue(all(str(item).startswith("sku-") for item in answer.item_ids))
            fresh = client.recall(history=answer.item_ids[:2] + ["sku-of-nobody"], top_k=5)
            self.assertEqual((fresh.source, fresh.unknown_history_items), (Source.HISTORY, 1))


class WithoutServer(unittest.TestCase):
    def test_a_failed_call_is_a_sentence(self) -> None:
        with RecallClient("127.0.0.1:1", timeout=TIMEOUT) as client:
            with self.assertRaisesRegex(RecallError, "^The call to 127.0.0.1:1 failed: UNAVAILABLE: ") as caught:
                client.recall(7)
        self.assertEqual(caught.exception.code, grpc.StatusCode.UNAVAILABLE)

    def test_a_token_is_not_sent_unencrypted_to_another_machine(self) -> None:
        with self.assertRaisesRegex(ValueError, "give tls_ca as well"):
            RecallClient("recall.example:50051", token="a-token-that-is-long-enough")


if __name__ == "__main__":
    unittest.main()
