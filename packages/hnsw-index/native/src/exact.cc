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

struct Scored {
  double score;
  int32_t row;
  bool operator<(const Scored& other) const {
    return score > other.score || (score == other.score && row < other.row);
  }
};

/** One query and the best rows so far, in a heap with the worst on top. */
class Candidates {
 public:
  Candidates(const ExactTarget& target, const float* query, size_t k) : target_(target), query_(target.dim), k_(k) {
    double squares = 0;
    for (size_t d = 0; d < target.dim; d++) squares += double{query[d]} * query[d];
    norm_ = std::sqrt(squares);
    const double factor = target.space == Space::kCosine ? 1 / norm_ : 1;
    for (size_t d = 0; d < target.dim; d++) query_[d] = query[d] * factor;
    heap_.reserve(k);
  }

  /** @param rough the inner product or squared distance in single precision, of the query as it was given */
  void offer(size_t row, float rough) {
    if (heap_.size() == k_ && !may_enter(row, rough)) return;
    const Scored scored = {score(row), static_cast<int32_t>(row)};
    if (heap_.size() < k_) {
      heap_.push_back(scored);
      std::push_heap(heap_.begin(), heap_.end());
    } else if (scored < heap_.front()) {
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.back() = scored;
      std::push_heap(heap_.begin(), heap_.end());
    }
  }

  void write(int32_t* labels, float* scores) {
    std::sort_heap(heap_.begin(), heap_.end());
    for (size_t i = 0; i < heap_.size(); i++) {
      labels[i] = heap_[i].row;
      // Sums of finite products may be beyond a float.
      constexpr double kMost = std::numeric_limits<float>::max();
      scores[i] = static_cast<float>(std::clamp(heap_[i].score, -kMost, kMost));
    }
  }

 private:
  /**
   * Higham, Accuracy and Stability of Numerical Algorithms, section 3.1: a sum of n products is off by at most
   * n·u·|a|·|b|, whatever its order; u is 2^-24, and twice the bound is taken. What overflows, or may have
   * underflowed, says nothing and is let in.
   */
  bool may_enter(size_t row, float rough) const {
    if (!std::isfinite(rough)) return true;
    const double relative = 2 * static_cast<double>(target_.dim + 4) * 0x1p-24;
    const double tiny = static_cast<double>(target_.dim) * std::numeric_limits<float>::min();
    const double worst = heap_.front().score;
    if (target_.space == Space::kL2) return -double{rough} + relative * double{rough} + tiny >= worst;
    const double norms = norm_ / target_.inverse_norms[row];
    const double best = rough + relative * norms + tiny;
    return (target_.space == Space::kCosine ? best / norms : best) >= worst;
  }

  double score(size_t row) const {
    const float* const vector = target_.vectors + row * target_.dim;
    double sum = 0;
    if (target_.space == Space::kL2) {
      for (size_t d = 0; d < target_.dim; d++) sum += (vector[d] - query_[d]) * (vector[d] - query_[d]);
      return -sum;
    }
    for (size_t d = 0; d < target_.dim; d++) sum += vector[d] * query_[d];
    return target_.space == Space::kCosine ? sum * target_.inverse_norms[row] : sum;
  }

  const ExactTarget& target_;
  std::vector<double> query_;
  const size_t k_;
  double norm_;
  std::vector<Scored> heap_;
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
    for (; row + kTile <= end; row += kTile) {
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
