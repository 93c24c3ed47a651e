#include "rank_rows.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "on_threads.h"

namespace recall {
namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();

struct Shown {
  float score;
  int32_t column;
  bool operator<(const Shown& other) const {
    return score > other.score || (score == other.score && column < other.column);
  }
};

/** The k best of a row. What may be among them is gathered, and cut back to k whenever there is twice as much. */
class Best {
 public:
  explicit Best(size_t k) : k_(k) { gathered_.reserve(2 * k); }

  int32_t select(const float* scores, size_t columns, int32_t* shown) {
    gathered_.clear();
    float threshold = kMasked;
    for (size_t column = 0; column < columns; column++) {
      // Columns come in ascending order, so one that ties with the worst that is kept never gets in.
      if (!(scores[column] > threshold)) continue;
      gathered_.push_back({scores[column], static_cast<int32_t>(column)});
      if (gathered_.size() == 2 * k_) threshold = cut();
    }
    if (gathered_.size() > k_) cut();
    std::sort(gathered_.begin(), gathered_.end());
    for (size_t place = 0; place < gathered_.size(); place++) shown[place] = gathered_[place].column;
    return static_cast<int32_t>(gathered_.size());
  }

 private:
  /** @return the lowest score that is kept */
  float cut() {
    std::nth_element(gathered_.begin(), gathered_.begin() + static_cast<ptrdiff_t>(k_ - 1), gathered_.end());
    gathered_.resize(k_);
    return gathered_.back().score;
  }

  const size_t k_;
  std::vector<Shown> gathered_;
};

int32_t rank_of(const float* scores, size_t columns, int32_t target) {
  if (target < 0 || static_cast<size_t>(target) >= columns) return -1;
  const float score = scores[target];
  if (!(score > kMasked)) return -1;
  int32_t better = 0;
  int32_t same = 0;
  for (size_t column = 0; column < columns; column++) {
    better += scores[column] > score ? 1 : 0;
    same += scores[column] == score ? 1 : 0;
  }
  return better + (same - 1) / 2;
}

}  // namespace

void rank_rows(const ScoreRows& given, size_t k, size_t threads, const RowRanks& found) {
  const size_t block = std::max<size_t>(1, given.rows / (4 * threads));
  in_blocks(given.rows, block, threads, [&](size_t begin, size_t end) {
    Best best(k);
    for (size_t row = begin; row < end; row++) {
      const float* const scores = given.scores + row * given.columns;
      found.ranks[row] = rank_of(scores, given.columns, given.targets[row]);
      found.shown_counts[row] = best.select(scores, given.columns, found.shown + row * k);
    }
  });
}

}  // namespace recall
