#pragma once

#include <cstddef>
#include <cstdint>

namespace recall {

/** Rows of scores, of which each has one column that is looked for. */
struct ScoreRows {
  /** `[rows, columns]`; minus infinity, or NaN, marks a column that does not count. */
  const float* scores;
  size_t rows;
  size_t columns;
  /** `[rows]`: the column that is looked for; none where it is outside of the columns. */
  const int32_t* targets;
};

/** What is found of each row. */
struct RowRanks {
  /** `[rows]`: columns before the target, of equal ones half, rounded down; -1 where there is no target to count. */
  int32_t* ranks;
  /** `[rows, k]`: the columns of the highest scores, best first; of equal scores the lower column comes first. */
  int32_t* shown;
  /** `[rows]`: how many columns are shown, fewer than k only where fewer count. */
  int32_t* shown_counts;
};

/** @param k at least 1 @throws std::bad_alloc */
void rank_rows(const ScoreRows& given, size_t k, size_t threads, const RowRanks& found);

}  // namespace recall
