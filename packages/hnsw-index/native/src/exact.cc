#include "exact.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "on_threads.h"

namespace recall {
namespace {

/** Queries that share a pass over the rows: enough to hide reading them, few enough to spread over threads. */
constexpr size_t kQueryBlock = 32;

/** Rows that stay in the second-level cache while all queries of a block are compared with them. */
constexpr size_t kRowBytes = 256 * 1024;

/** A row, and what its score lies between. */
struct Bounded {
  double low;
  double high;
  int32_t row;
};

struct Scored {
  double score;
  int32_t row;
  bool operator<(const Scored& other) const {
    return score > other.score || (score == other.score && row < other.row);
  }
};

/** One query and the rows that may be among its best. */
class Candidates {
 public:
  Candidates(const ExactTarget& target, const float* query, size_t k)
      : target_(target), query_(target.dim), k_(k), room_(2 * k + kSpare) {
    double squares = 0;
    for (size_t d = 0; d < target.dim; d++) squares += double{query[d]} * query[d];
    norm_ = std::sqrt(squares);
    const double factor = target.space == Space::kCosine ? 1 / norm_ : 1;
    for (size_t d = 0; d < target.dim; d++) query_[d] = query[d] * factor;
    rows_.reserve(room_);
  }

  /** @param rough the inner product or squared distance in single precision, of the query as it was given */
  void offer(size_t row, float rough) {
    const Bounded bounded = bounds(row, rough);
    if (bounded.high < threshold_) return;
    if (rows_.size() == room_) leave_out_the_worst();
    rows_.push_back(bounded);
  }

  void write(int32_t* labels, float* scores) {
    leave_out_the_worst();
    std::vector<Scored> scored;
    scored.reserve(rows_.size());
    for (size_t i = 0; i < rows_.size(); i += kAtOnce) score(i, std::min(kAtOnce, rows_.size() - i), scored);
    std::partial_sort(scored.begin(), scored.begin() + static_cast<std::ptrdiff_t>(k_), scored.end());
    for (size_t i = 0; i < k_; i++) {
      labels[i] = scored[i].row;
      // Sums of finite products may be beyond a float.
      constexpr double kMost = std::numeric_limits<float>::max();
      scores[i] = static_cast<float>(std::clamp(scored[i].score, -kMost, kMost));
    }
  }

 private:
  /** Rows that are kept beside 2k before the worst are left out. */
  static constexpr size_t kSpare = 256;
  /** Rows that are scored side by side, so that their sums do not wait for one another. */
  static constexpr size_t kAtOnce = 8;
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  /**
   * Higham, Accuracy and Stability of Numerical Algorithms, section 3.1: a sum of n products is off by at most
   * n·u·|a|·|b|, whatever its order; u is 2^-24, and twice the bound is taken. What overflows, or may have
   * underflowed, says nothing.
   */
  Bounded bounds(size_t row, float rough) const {
    const auto label = static_cast<int32_t>(row);
    if (!std::isfinite(rough)) return {-kInfinity, kInfinity, label};
    if (target_.space == Space::kL2) {
      const double error = relative_ * double{rough} + tiny_;
      return {-double{rough} - error, -double{rough} + error, label};
    }
    const double norms = norm_ / target_.inverse_norms[row];
    const double scale = target_.space == Space::kCosine ? 1 / norms : 1;
    const double error = relative_ * norms + tiny_;
    return {(rough - error) * scale, (rough + error) * scale, label};
  }

  /** Those whose score can't be among the best k. */
  void leave_out_the_worst() {
    if (rows_.size() <= k_) return;
    const auto worst = rows_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
    std::nth_element(rows_.begin(), worst, rows_.end(), [](const Bounded& a, const Bounded& b) { return a.low > b.low; });
    threshold_ = worst->low;
    rows_.erase(std::remove_if(worst + 1, rows_.end(), [&](const Bounded& row) { return row.high < threshold_; }),
                rows_.end());
    // Where many are too near one another to be told apart.
    room_ = std::max(room_, 2 * rows_.size());
  }

  /** Appends the scores of some rows, each sum in the order of the dimensions. */
  void score(size_t first, size_t count, std::vector<Scored>& scored) const {
    const float* vectors[kAtOnce];
    double sums[kAtOnce] = {};
    for (size_t i = 0; i < kAtOnce; i++) {
      const auto row = static_cast<size_t>(rows_[first + std::min(i, count - 1)].row);
      vectors[i] = target_.vectors + row * target_.dim;
    }
    if (target_.space == Space::kL2) {
      for (size_t d = 0; d < target_.dim; d++) {
        for (size_t i = 0; i < kAtOnce; i++) sums[i] -= (vectors[i][d] - query_[d]) * (vectors[i][d] - query_[d]);
      }
    } else {
      for (size_t d = 0; d < target_.dim; d++) {
        for (size_t i = 0; i < kAtOnce; i++) sums[i] += vectors[i][d] * query_[d];
      }
    }
    for (size_t i = 0; i < count; i++) {
      const int32_t row = rows_[first + i].row;
      scored.push_back({target_.space == Space::kCosine ? sums[i] * target_.inverse_norms[row] : sums[i], row});
    }
  }

  const ExactTarget& target_;
  const double relative_ = 2 * static_cast<double>(target_.dim + 4) * 0x1p-24;
  const double tiny_ = static_cast<double>(target_.dim) * std::numeric_limits<float>::min();
  std::vector<double> query_;
  const size_t k_;
  size_t room_;
  double norm_;
  double threshold_ = -kInfinity;
  std::vector<Bounded> rows_;
};

/** Compares a block of queries with every row. */
class Pass {
 public:
  Pass(const ExactTarget& target, const float* queries, size_t count, size_t k, const Kernels& kernels)
      : target_(target),
        compare_(target.space == Space::kL2 ? kernels.squared_distance_tile : kernels.dot_tile),
        compare_one_(target.space == Space::kL2 ? kernels.squared_distance : kernels.dot) {
    for (size_t q = 0; q < count; q++) {
      queries_.push_back(queries + q * target.dim);
      candidates_.emplace_back(target, queries_.back(), k);
    }
    // Tiles are whole: the last query stands in for those that are missing, and its scores are not looked at.
    while (queries_.size() % kTile != 0) queries_.push_back(queries_.back());
  }

  void run() {
    const size_t block = std::max(kTile, kRowBytes / (target_.dim * sizeof(float)) / kTile * kTile);
    for (size_t begin = 0; begin < target_.count; begin += block) {
      const size_t end = std::min(target_.count, begin + block);
      for (size_t q = 0; q < candidates_.size(); q += kTile) compare_rows(q, begin, end);
    }
  }

  std::vector<Candidates>& candidates() { return candidates_; }

 private:
  void compare_rows(size_t first_query, size_t begin, size_t end) {
    const size_t queries = std::min(kTile, candidates_.size() - first_query);
    size_t row = begin;
    // A tile for one query would compute three that nobody asked for.
    for (; queries > 1 && row + kTile <= end; row += kTile) {
      float rough[kTile * kTile];
      compare_(&queries_[first_query], target_.vectors + row * target_.dim, target_.dim, rough);
      for (size_t q = 0; q < queries; q++) {
        for (size_t r = 0; r < kTile; r++) candidates_[first_query + q].offer(row + r, rough[q * kTile + r]);
      }
    }
    for (; row < end; row++) {
      for (size_t q = first_query; q < first_query + queries; q++) {
        candidates_[q].offer(row, compare_one_(queries_[q], target_.vectors + row * target_.dim, target_.dim));
      }
    }
  }

  const ExactTarget& target_;
  void (*const compare_)(const float* const*, const float*, size_t, float*);
  float (*const compare_one_)(const float*, const float*, size_t);
  std::vector<const float*> queries_;
  std::vector<Candidates> candidates_;
};

/** Inner products of the queries of one tile with rows from `begin` to `end`. */
void multiply_tile(const float* const* queries, size_t count, const float* vectors, size_t dim, size_t begin, size_t end,
                   const Kernels& kernels, float* const* products) {
  for (size_t row = begin; row < end; row += kTile) {
    // The last tile may begin before the rows that are left.
    const size_t first = std::min(row, end - kTile);
    float tile[kTile * kTile];
    kernels.dot_tile(queries, vectors + first * dim, dim, tile);
    for (size_t q = 0; q < count; q++) std::copy_n(tile + q * kTile, kTile, products[q] + first);
  }
}

}  // namespace

void multiply_rows(const float* vectors, size_t count, size_t dim, const float* queries, size_t query_count,
                   const Kernels& kernels, size_t threads, float* products) {
  if (count < kTile) {
    for (size_t q = 0; q < query_count; q++) {
      for (size_t r = 0; r < count; r++) products[q * count + r] = kernels.dot(queries + q * dim, vectors + r * dim, dim);
    }
    return;
  }
  const size_t rows = std::max(kTile, kRowBytes / (dim * sizeof(float)) / kTile * kTile);
  in_blocks(count, rows, threads, [&](size_t begin, size_t end) {
    // Every block has a whole tile: a short one at the end looks back.
    begin = std::min(begin, end - std::min(end, kTile));
    for (size_t q = 0; q < query_count; q += kTile) {
      const size_t size = std::min(kTile, query_count - q);
      const float* of_tile[kTile];
      float* out[kTile];
      for (size_t i = 0; i < kTile; i++) {
        of_tile[i] = queries + (q + std::min(i, size - 1)) * dim;
        out[i] = products + (q + std::min(i, size - 1)) * count;
      }
      multiply_tile(of_tile, size, vectors, dim, begin, end, kernels, out);
    }
  });
}

void search_exact(const ExactTarget& target, const float* queries, size_t query_count, size_t k, const Kernels& kernels,
                  size_t threads, int32_t* labels, float* scores) {
  const size_t share = (query_count + threads - 1) / threads;
  const size_t block = std::clamp((share + kTile - 1) / kTile * kTile, size_t{1}, kQueryBlock);
  in_blocks(query_count, block, threads, [&](size_t begin, size_t end) {
    Pass pass(target, queries + begin * target.dim, end - begin, k, kernels);
    pass.run();
    for (size_t q = begin; q < end; q++) pass.candidates()[q - begin].write(labels + q * k, scores + q * k);
  });
}

}  // namespace recall
