#include "row_scan.h"

#include <algorithm>
#include <limits>

#include "score_key.h"

namespace recall {
namespace {

/** Where so many of 64 nodes are allowed, memory is read in order, which the processor sees for itself. */
constexpr int kDense = 16;

/** In eight sums, so that one addition need not wait for the other. */
float squared_differences(const float* a, const float* b, size_t count) {
  float sums[8] = {};
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (size_t lane = 0; lane < 8; lane++) sums[lane] += (a[i + lane] - b[i + lane]) * (a[i + lane] - b[i + lane]);
  }
  for (; i < count; i++) sums[0] += (a[i] - b[i]) * (a[i] - b[i]);
  float sum = 0;
  for (const float one : sums) sum += one;
  return sum;
}

}  // namespace

void RowScan::reset(const float* query, bool by_vectors, size_t kept) {
  query_ = query;
  by_vectors_ = by_vectors;
  kept_ = kept;
  best_.clear();
  threshold_ = -std::numeric_limits<float>::infinity();
  scored_ = 0;
  deviation_ = 0;
  size_ = 0;
}

void RowScan::add(const uint64_t* allowed, const uint64_t* excluded, uint32_t begin, uint32_t end, float expected) {
  for (uint32_t word = begin / 64; uint64_t{word} * 64 < end; word++) {
    uint64_t bits = (allowed == nullptr ? ~uint64_t{0} : allowed[word]) & ~excluded[word];
    if (word == begin / 64) bits &= ~uint64_t{0} << (begin % 64);
    if (uint64_t{word} * 64 + 64 > end) bits &= (uint64_t{1} << (end % 64)) - 1;
    const size_t first = size_;
    for (; bits != 0; bits &= bits - 1) nodes_[size_++] = word * 64 + static_cast<uint32_t>(__builtin_ctzll(bits));
    std::fill(expected_ + first, expected_ + size_, expected);
    if (size_ - first < kDense) {
      for (size_t i = first; i < size_; i++) scores_.prefetch_row(nodes_[i]);
    }
    if (size_ >= kBlock) flush();
  }
}

void RowScan::flush() {
  if (by_vectors_) {
    scores_.score_vectors(query_, nodes_, size_, block_scores_);
  } else {
    scores_.score(nodes_, size_, block_scores_);
  }
  deviation_ += squared_differences(block_scores_, expected_, size_);
  scored_ += size_;
  for (size_t i = 0; i < size_; i++) {
    // Nor a NaN, which only a damaged file comes to.
    if (!(block_scores_[i] > threshold_)) continue;
    best_.push_back(key_of(block_scores_[i], nodes_[i]));
    if (best_.size() == 2 * kept_) cut();
  }
  size_ = 0;
}

void RowScan::cut() {
  if (best_.size() <= kept_) return;
  put_greatest_first(best_, kept_);
  best_.resize(kept_);
  threshold_ = score_of(best_.back());
}

void RowScan::finish(std::vector<Ranked>& best) {
  flush();
  cut();
  best.clear();
  for (const uint64_t key : best_) {
    const uint32_t label = image_.labels[node_of(key)];
    // The labels of a file are not trusted.
    if (label < image_.count) best.push_back({score_of(key), label, node_of(key)});
  }
}

float RowScan::score_at(size_t rank) {
  // None only where a damaged file has no numbers for them.
  if (best_.empty()) return -std::numeric_limits<float>::infinity();
  rank = std::min(rank, best_.size());
  put_greatest_first(best_, rank);
  return score_of(best_[rank - 1]);
}

}  // namespace recall
