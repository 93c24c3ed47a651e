#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recall {

/** A row with its score. */
struct Ranked {
  float score;
  uint32_t label;
  uint32_t node;
};

inline bool is_better(const Ranked& a, const Ranked& b) {
  return a.score > b.score || (a.score == b.score && a.label < b.label);
}

/** Sorts a few hundred rows, best first, in about one pass: they go by their scores into as many buckets as there are rows. */
class Ranking {
 public:
  /** @param rows whose scores are no NaN */
  void sort(std::vector<Ranked>& rows) {
    const auto [worst, best] = std::minmax_element(
        rows.begin(), rows.end(), [](const Ranked& a, const Ranked& b) { return a.score < b.score; });
    const float range = rows.empty() ? 0 : best->score - worst->score;
    const float buckets_per_score = static_cast<float>(rows.size()) / range;
    // All alike, or so far apart that the buckets say nothing.
    if (!std::isfinite(range) || !std::isfinite(buckets_per_score)) return std::sort(rows.begin(), rows.end(), is_better);
    const float top = best->score;
    const auto bucket_of = [&](const Ranked& row) {
      return std::min(static_cast<size_t>((top - row.score) * buckets_per_score), rows.size() - 1);
    };
    ends_.assign(rows.size() + 1, 0);
    for (const Ranked& row : rows) ends_[bucket_of(row) + 1]++;
    for (size_t bucket = 1; bucket <= rows.size(); bucket++) ends_[bucket] += ends_[bucket - 1];
    sorted_.resize(rows.size());
    for (const Ranked& row : rows) sorted_[ends_[bucket_of(row)]++] = row;
    for (size_t bucket = 0, begin = 0; bucket < rows.size(); begin = ends_[bucket++]) {
      const auto first = sorted_.begin() + static_cast<ptrdiff_t>(begin);
      const auto last = sorted_.begin() + static_cast<ptrdiff_t>(ends_[bucket]);
      if (last - first > 1) std::sort(first, last, is_better);
    }
    rows.swap(sorted_);
  }

  /** Sorts rows that are nearly in order, in little more than a pass. */
  static void settle(std::vector<Ranked>& rows) {
    for (size_t i = 1; i < rows.size(); i++) {
      const Ranked row = rows[i];
      size_t at = i;
      for (; at > 0 && is_better(row, rows[at - 1]); at--) rows[at] = rows[at - 1];
      rows[at] = row;
    }
  }

 private:
  std::vector<Ranked> sorted_;
  /** Where the next row of a bucket goes; in the end, where the bucket ends. */
  std::vector<uint32_t> ends_;
};

}  // namespace recall
