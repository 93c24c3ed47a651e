#include <algorithm>
#include <limits>
#include <numeric>

#include "checks.h"
#include "rank_rows.h"

namespace recall {
namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();

/** Compares with a full sort. Few different scores, so that many tie; every seventh is masked. */
void check_ranking(size_t rows, size_t columns, size_t k, size_t threads) {
  std::mt19937 random(11);
  std::vector<float> scores(rows * columns);
  for (float& score : scores) score = random() % 7 == 0 ? kMasked : static_cast<float>(random() % 50);
  std::vector<int32_t> targets(rows);
  for (int32_t& target : targets) target = static_cast<int32_t>(random() % (columns + 2)) - 1;
  std::vector<int32_t> ranks(rows), shown(rows * k, -9), counts(rows);
  rank_rows({scores.data(), rows, columns, targets.data()}, k, threads, {ranks.data(), shown.data(), counts.data()});
  for (size_t row = 0; row < rows; row++) {
    const float* const of_row = &scores[row * columns];
    std::vector<int32_t> order(columns);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return of_row[a] > of_row[b]; });
    while (!order.empty() && of_row[order.back()] == kMasked) order.pop_back();
    CHECK(static_cast<size_t>(counts[row]) == std::min(k, order.size()));
    CHECK(std::equal(order.begin(), order.begin() + counts[row], shown.begin() + static_cast<ptrdiff_t>(row * k)));
    const int32_t target = targets[row];
    const bool counts_target = target >= 0 && static_cast<size_t>(target) < columns && of_row[target] > kMasked;
    if (!counts_target) {
      CHECK(ranks[row] == -1);
      continue;
    }
    const auto before = [&](float score) { return score > of_row[target]; };
    const auto tied = [&](float score) { return score == of_row[target]; };
    const auto better = std::count_if(of_row, of_row + columns, before);
    CHECK(ranks[row] == better + (std::count_if(of_row, of_row + columns, tied) - 1) / 2);
  }
}

}  // namespace

void test_ranking() {
  check_ranking(33, 1000, 20, 3);
  check_ranking(5, 40, 40, 2);
  check_ranking(9, 3, 100, 1);
  check_ranking(1, 1, 1, 4);
  check_ranking(0, 10, 5, 2);
}

}  // namespace recall
