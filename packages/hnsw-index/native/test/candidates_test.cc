#include "candidates.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "checks.h"
#include "ranking.h"

namespace recall {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/** Scores of both signs, few enough different ones that many tie, or so many that none does. */
std::vector<float> some_scores(size_t count, uint32_t different) {
  std::mt19937 random(5);
  std::vector<float> scores(count);
  for (float& score : scores) score = static_cast<float>(random() % different) / 8 - 2;
  return scores;
}

/** Adds some, takes some, as a search does, and compares with a full sort. */
void check_candidates(size_t count, size_t capacity, uint32_t different) {
  const std::vector<float> scores = some_scores(count, different);
  Candidates candidates;
  for (int round = 0; round < 2; round++) {
    candidates.reset(capacity);
    std::vector<float> seen;
    std::vector<float> waiting;
    for (uint32_t first = 0, size = 1; first < count; first += size, size = size % 5 + 1) {
      size = std::min(size, static_cast<uint32_t>(count) - first);
      std::vector<uint32_t> nodes(size);
      for (uint32_t i = 0; i < size; i++) nodes[i] = first + i;
      candidates.add(scores.data() + first, nodes.data(), size);
      for (std::vector<float>* list : {&seen, &waiting}) list->insert(list->end(), &scores[first], &scores[first] + size);
      std::sort(seen.begin(), seen.end(), std::greater<>());
      const auto best = std::max_element(waiting.begin(), waiting.end());
      // What is not among the best of all is no candidate any more.
      if (best == waiting.end() || *best <= seen[std::min(capacity, seen.size()) - 1]) continue;
      CHECK(candidates.has_next());
      CHECK(scores[candidates.next()] == *best);
      CHECK(scores[candidates.take_next()] == *best);
      waiting.erase(best);
    }
    candidates.cut();
    std::vector<float> left;
    for (size_t i = 0; i < candidates.size(); i++) {
      CHECK(candidates.score(i) == scores[candidates.node(i)]);
      left.push_back(candidates.score(i));
    }
    std::sort(left.begin(), left.end(), std::greater<>());
    seen.resize(std::min(count, capacity));
    CHECK(left == seen);
  }
}

void check_greatest_first(const std::vector<uint64_t>& keys, size_t count) {
  std::vector<uint64_t> moved = keys;
  put_greatest_first(moved, count);
  std::vector<uint64_t> sorted = keys;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  CHECK(moved[count - 1] == sorted[count - 1]);
  CHECK(std::is_permutation(moved.begin(), moved.begin() + static_cast<ptrdiff_t>(count), sorted.begin()));
  CHECK(std::is_permutation(moved.begin(), moved.end(), sorted.begin()));
}

void check_sorting(std::vector<float> scores) {
  std::vector<Ranked> rows;
  for (const float score : scores) {
    const auto label = static_cast<uint32_t>(rows.size() * 7919 % 1009);
    rows.push_back({score, label, 0});
  }
  std::vector<Ranked> sorted = rows;
  std::sort(sorted.begin(), sorted.end(), is_better);
  Ranking ranking;
  ranking.sort(rows);
  CHECK(rows.size() == sorted.size());
  for (size_t i = 0; i < rows.size(); i++) CHECK(rows[i].score == sorted[i].score && rows[i].label == sorted[i].label);
}

}  // namespace

void test_candidates() {
  for (const size_t capacity : {1u, 7u, 200u, 5000u}) {
    for (const size_t count : {1u, 2u, 50u, 1000u}) {
      check_candidates(count, capacity, 30);
      check_candidates(count, capacity, 1u << 30);
    }
  }
  Candidates candidates;
  candidates.reset(3);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const uint32_t node = 1;
  candidates.add(&nan, &node, 1);
  CHECK(candidates.size() == 0 && !candidates.has_next());

  for (const size_t size : {1u, 33u, 500u}) {
    std::mt19937_64 random(size);
    std::vector<uint64_t> keys(size);
    for (const uint64_t different : {uint64_t{1}, uint64_t{3}, ~uint64_t{0}}) {
      for (uint64_t& key : keys) key = random() % different;
      for (const bool is_sorted : {false, true}) {
        if (is_sorted) std::sort(keys.begin(), keys.end());
        for (const size_t count : {size_t{1}, (size + 1) / 2, size}) check_greatest_first(keys, count);
      }
    }
  }

  check_sorting({});
  for (const size_t count : {1u, 2u, 50u, 1000u}) {
    check_sorting(std::vector<float>(count, -0.5f));
    check_sorting(some_scores(count, 30));
    std::vector<float> scores = some_scores(count, 1u << 30);
    check_sorting(scores);
    // All but one in a single bucket.
    scores[0] = 1e30f;
    check_sorting(scores);
    scores[0] = -kInfinity;
    check_sorting(scores);
    check_sorting({std::numeric_limits<float>::max(), 1, std::numeric_limits<float>::lowest(), 2});
    check_sorting({0, std::numeric_limits<float>::denorm_min(), 0, 1e-40f});
  }
}

}  // namespace recall
