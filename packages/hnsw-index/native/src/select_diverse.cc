#include "select_diverse.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace recall {
namespace {

constexpr double kGone = -std::numeric_limits<double>::infinity();

/**
 * The values of candidates only fall while others are chosen. So the best value that a block of them had is a bound, and
 * the block is compared with what was chosen since only where its bound is above the best that was found elsewhere.
 */
class Selection {
 public:
  /** Prepares for other candidates, in the memory of those before: fresh pages would take longer than the selection. */
  void begin(const DiverseCandidates& given, const Kernels& kernels) {
    kernels_ = &kernels;
    weight_ = given.weight;
    count_ = given.count;
    groups_ = (given.dim + 3) / 4;
    blocks_ = (count_ + kBlock - 1) / kBlock;
    codes_.assign(count_ * 4 * groups_, 0);
    sums_.resize(count_);
    blocked_.assign(blocks_ * kBlock * 4 * groups_, 0);
    gains_.assign(blocks_ * kBlock, kGone);
    largest_.assign(blocks_ * kBlock, 0);
    bounds_.resize(blocks_);
    seen_.assign(blocks_, 0);
    for (size_t i = 0; i < count_; i++) copy_code(given.codes + i * given.dim, given.dim, i);
    std::copy_n(given.gains, count_, gains_.begin());
    for (size_t block = 0; block < blocks_; block++) bounds_[block] = best_of(block);
  }

  void remove(size_t candidate) {
    gains_[candidate] = kGone;
    bounds_[candidate / kBlock] = best_of(candidate / kBlock);
  }

  /** @param chosen `[count]` @return the next candidate, or the number of candidates where there is none */
  size_t next(const int32_t* chosen, size_t count) {
    double best_value = kGone;
    size_t best = blocks_;
    for (size_t block = 0; block < blocks_; block++) {
      if (bounds_[block] <= best_value) continue;
      if (seen_[block] < count) catch_up(block, chosen, count);
      if (bounds_[block] <= best_value) continue;
      best_value = bounds_[block];
      best = block;
    }
    if (best == blocks_) return count_;
    size_t candidate = best * kBlock;
    while (value_of(candidate) != best_value) candidate++;
    return candidate;
  }

 private:
  void copy_code(const int8_t* code, size_t dim, size_t candidate) {
    int8_t* const whole = &codes_[candidate * 4 * groups_];
    int8_t* const in_block = &blocked_[(candidate / kBlock * groups_ * kBlock + candidate % kBlock) * 4];
    int32_t sum = 0;
    for (size_t d = 0; d < dim; d++) {
      whole[d] = code[d];
      sum += code[d];
    }
    for (size_t g = 0; g < groups_; g++) std::copy_n(whole + 4 * g, 4, in_block + g * kBlock * 4);
    sums_[candidate] = 128 * sum;
  }

  double value_of(size_t candidate) const { return gains_[candidate] - weight_ * largest_[candidate]; }

  double best_of(size_t block) const {
    double best = kGone;
    for (size_t i = block * kBlock; i < (block + 1) * kBlock; i++) best = std::max(best, value_of(i));
    return best;
  }

  void catch_up(size_t block, const int32_t* chosen, size_t count) {
    const size_t seen = seen_[block];
    kernels_->raise_largest(&blocked_[block * groups_ * kBlock * 4], groups_, codes_.data(), sums_.data(), chosen + seen,
                           count - seen, &largest_[block * kBlock]);
    seen_[block] = count;
    bounds_[block] = best_of(block);
  }

  const Kernels* kernels_ = nullptr;
  double weight_ = 0;
  size_t count_ = 0;
  /** Of four dimensions. */
  size_t groups_ = 0;
  size_t blocks_ = 0;
  /** `[count, 4 · groups]`, and 128 times the sum of each. */
  std::vector<int8_t> codes_;
  std::vector<int32_t> sums_;
  /** `[blocks, groups, 16, 4]` */
  std::vector<int8_t> blocked_;
  /** `[blocks, 16]`; minus infinity for what is chosen or has no room. */
  std::vector<double> gains_;
  /** `[blocks, 16]`: the largest product with one that was chosen, at least 0. */
  std::vector<int32_t> largest_;
  /** `[blocks]`: the best value when the block was last looked at, and how many of the chosen that counts. */
  std::vector<double> bounds_;
  std::vector<size_t> seen_;
};

/** Whether every group of a candidate has room; takes a place in each if so. */
bool take_room(const DiverseCandidates& of, size_t candidate) {
  const int32_t* const first = of.groups + of.group_starts[candidate];
  const int32_t* const end = of.groups + of.group_starts[candidate + 1];
  if (!std::all_of(first, end, [&](int32_t group) { return of.room[group] > 0; })) return false;
  std::for_each(first, end, [&](int32_t group) { of.room[group]--; });
  return true;
}

}  // namespace

size_t select_diverse(const DiverseCandidates& candidates, size_t given, size_t k, const Kernels& kernels,
                      int32_t* chosen) {
  static thread_local Selection selection;
  selection.begin(candidates, kernels);
  for (size_t i = 0; i < given; i++) selection.remove(static_cast<size_t>(chosen[i]));
  size_t count = given;
  while (count < k) {
    const size_t next = selection.next(chosen, count);
    if (next == candidates.count) break;
    selection.remove(next);
    if (take_room(candidates, next)) chosen[count++] = static_cast<int32_t>(next);
  }
  return count;
}

}  // namespace recall
