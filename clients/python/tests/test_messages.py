import unittest

from vector_recall import Placement, RecallQuery, Rules, RulesOutcome
from vector_recall.gen.recall.v1 import recall_pb2 as pb
from vector_recall.messages import candidates, id_list, recall_request, similar_request


class Ids(unittest.TestCase):
    def test_ints_and_strs_go_into_lists_of_their_own(self) -> None:
        self.assertEqual(list(id_list([1, -2], "history").integer_ids), [1, -2])
        self.assertEqual(list(id_list(["1", "b"], "history").string_ids), ["1", "b"])

    def test_other_ids_are_refused(self) -> None:
        with self.assertRaisesRegex(TypeError, "history mixes ints and strs"):
            id_list([1, "b"], "history")
        with self.assertRaisesRegex(TypeError, "history must be an int or a str, not bool"):
            id_list([True], "history")
        with self.assertRaisesRegex(ValueError, "history is 9223372036854775808, which does not fit into 64 bits"):
            id_list([2**63], "history")


class Requests(unittest.TestCase):
    def test_an_empty_history_is_set_and_no_history_is_not(self) -> None:
        self.assertTrue(recall_request(RecallQuery(7, history=[])).HasField("history"))
        self.assertFalse(recall_request(RecallQuery(7)).HasField("history"))

    def test_a_user_has_one_kind_of_id(self) -> None:
        self.assertEqual(recall_request(RecallQuery(7)).WhichOneof("user"), "integer_user_id")
        self.assertEqual(recall_request(RecallQuery("7")).WhichOneof("user"), "string_user_id")
        self.assertIsNone(recall_request(RecallQuery(history=["a"])).WhichOneof("user"))

    def test_rules_are_set_where_they_are_given(self) -> None:
        self.assertFalse(recall_request(RecallQuery(7)).HasField("rules"))
        rules = Rules(caps={"brand": 3}, diversity=0.0, decays={"added": 60}, boosts={"margin": 0.5}, promoted=["a", "b"])
        message = recall_request(RecallQuery(7, top_k=1, rules=rules)).rules
        self.assertEqual([(cap.attribute, cap.most) for cap in message.caps], [("brand", 3)])
        self.assertTrue(message.HasField("diversity"))
        self.assertEqual([(decay.attribute, decay.half_life) for decay in message.decays], [("added", 60)])
        self.assertEqual([(boost.attribute, boost.weight) for boost in message.boosts], [("margin", 0.5)])
        self.assertEqual(list(message.promoted.item_ids.string_ids), ["a", "b"])
        self.assertEqual(message.promoted.quota, 1)
        self.assertFalse(similar_request("a", 3, [], 0).HasField("rules"))
        self.assertEqual(similar_request("a", 3, [], 0, Rules(pool=9)).rules.pool, 9)

    def test_examples_are_set_where_they_are_given(self) -> None:
        query = RecallQuery(history=["a", "b"], history_weights=[3, 1], negative_item_ids=["c"])
        message = recall_request(query)
        self.assertEqual(list(message.history_weights), [3, 1])
        self.assertEqual(list(message.negative_item_ids.string_ids), ["c"])
        self.assertFalse(recall_request(RecallQuery(7)).HasField("negative_item_ids"))

    def test_types_of_a_history_are_set_where_they_are_given(self) -> None:
        message = recall_request(RecallQuery(history=["a", "b"], history_types=["view", ""]))
        self.assertEqual(list(message.history_types), ["view", ""])
        self.assertEqual(list(recall_request(RecallQuery(history=["a"])).history_types), [])

    def test_what_was_shown_is_set_where_it_is_given(self) -> None:
        message = recall_request(RecallQuery(7, shown_item_ids=["a"], not_shown_within=60)).shown
        self.assertEqual((list(message.item_ids.string_ids), message.within_seconds), (["a"], 60))
        self.assertFalse(recall_request(RecallQuery(7)).HasField("shown"))

    def test_an_answer_tells_what_rules_did(self) -> None:
        outcome = pb.RulesOutcome(pool=40, added=[0.5], placements=[pb.PLACEMENT_CAP, 99])
        answer = candidates(pb.RecallResponse(rules=outcome)).rules
        self.assertEqual(answer, RulesOutcome(40, [0.5], [Placement.CAP, Placement.UNKNOWN]))
        self.assertIsNone(candidates(pb.RecallResponse()).rules)


if __name__ == "__main__":
    unittest.main()
