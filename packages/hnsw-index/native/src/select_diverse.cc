#include "select_diverse.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

#include "prefetch.h"

namespace recall {
namespace {

constexpr double kGone = -std::numeric_limits<double>::infinity();

/** Not std::max, of whose references compilers make branches. */
inline double larger(double a, double b) { return a > b ? a : b; }

/** @param values `[count]`, count a multiple of kBlock; written so that compilers compare several at a time */
double largest_of(const double* values, size_t count) {
  double best[kBlock];
  std::copy_n(values, kBlock, best);
  for (size_t i = kBlock; i < count; i += kBlock) {
    for (size_t lane = 0; lane < kBlock; lane++) best[lane] = larger(best[lane], values[i + lane]);
  }
  for (size_t width = kBlock / 2; width > 0; width /= 2) {
    for (size_t lane = 0; lane < width; lane++) best[lane] = larger(best[lane], best[lane + width]);
  }
  return best[0];
}

/** Numbers from the start of a cache line on: what crosses lines takes twice as long to load. */
template <typename Number>
class Lines {
 public:
  Number* data() { return lines_.empty() ? nullptr : lines_.front().numbers; }
  /** Whatever was there stays, as far as it goes. */
  void reserve(size_t count) { lines_.resize(std::max(lines_.size(), (count + kNumbers - 1) / kNumbers)); }
  void zeros(size_t count) {
    reserve(count);
    std::fill_n(data(), count, Number{0});
  }

 private:
  static constexpr size_t kNumbers = kCacheLine / sizeof(Number);
  struct alignas(kCacheLine) Line {
    Number numbers[kNumbers];
  };
  std::vector<Line> lines_;
};

size_t blocks_of(size_t count) { return (count + kBlock - 1) / kBlock; }

/**
 * The values of candidates only fall while others are chosen. So the best value that a block of them had is a bound, and
 * the block is compared with what was chosen since only where its bound is above the best that was found elsewhere.
 */
class Selection {
 public:
  /**
   * Prepares for other candidates, in the memory of those before: fresh pages would take longer than the selection.
   * @param k the most that are chosen
   */
  void begin(const DiverseCandidates& given, size_t k, const Kernels& kernels) {
    given_ = &given;
    kernels_ = &kernels;
    const size_t width = kernels.block_width;
    size_ = (given.dim + width - 1) / width * width;
    blocks_ = blocks_of(given.count);
    blocked_.reserve(blocks_ * kBlock * size_);
    gains_.assign(blocks_ * kBlock, kGone);
    std::copy_n(given.gains, given.count, gains_.begin());
    largest_.zeros(blocks_ * kBlock);
    seen_.assign(blocks_, kNever);
    bounds_.assign(std::max<size_t>(1, blocks_of(blocks_)) * kBlock, kGone);
    for (size_t block = 0; block < blocks_; block++) bounds_[block] = largest_of(&gains_[block * kBlock], kBlock);
    count_ = 0;
    chosen_.zeros((k + kBlock) * size_);
    sums_.assign(k + kBlock, 0);
  }

  /** Not to be given again, whether it is chosen or not. */
  void remove(size_t candidate) {
    gains_[candidate] = kGone;
    bound(candidate / kBlock);
  }

  void choose(size_t candidate) {
    const size_t dim = given_->dim;
    const int8_t* const code = given_->codes + candidate * dim;
    std::copy_n(code, dim, chosen_.data() + count_ * size_);
    sums_[count_++] = 128 * std::accumulate(code, code + dim, 0);
  }

  /** @return the next candidate, or the number of candidates where there is none */
  size_t next() {
    // The block of the best bound is likely to have the best value, and then few others are looked at.
    double best_value = largest_of(bounds_.data(), bounds_.size());
    if (best_value == kGone) return given_->count;
    auto best = static_cast<size_t>(std::find(bounds_.begin(), bounds_.end(), best_value) - bounds_.begin());
    catch_up(best);
    best_value = bounds_[best];
    for (size_t block = from(0, best_value); block < blocks_; block = from(block + 1, best_value)) {
      if (bounds_[block] == best_value && block >= best) continue;
      catch_up(block);
      if (bounds_[block] < best_value || (bounds_[block] == best_value && block > best)) continue;
      best = block;
      best_value = bounds_[block];
    }
    size_t candidate = best * kBlock;
    while (value_of(candidate) != best_value) candidate++;
    return candidate;
  }

 private:
  static constexpr size_t kNever = std::numeric_limits<size_t>::max();

  /** @return the first block from this one on whose bound is no less than a value */
  size_t from(size_t block, double value) const {
    const double* const bounds = bounds_.data();
    while (block < blocks_ && bounds[block] < value) block++;
    return block;
  }

  double value_of(size_t candidate) { return gains_[candidate] - given_->weight * largest_.data()[candidate]; }

  void bound(size_t block) {
    double values[kBlock];
    for (size_t i = 0; i < kBlock; i++) values[i] = value_of(block * kBlock + i);
    bounds_[block] = largest_of(values, kBlock);
  }

  /** Compares a block with those that were chosen since it was last looked at. */
  void catch_up(size_t block) {
    if (seen_[block] == count_) return;
    if (seen_[block] == kNever) arrange(block);
    const size_t seen = seen_[block];
    kernels_->raise_largest(blocked_.data() + block * kBlock * size_, size_ / 4, chosen_.data() + seen * size_, &sums_[seen],
                            count_ - seen, largest_.data() + block * kBlock);
    seen_[block] = count_;
    bound(block);
  }

  /** Lays a block's codes side by side. */
  void arrange(size_t block) {
    seen_[block] = 0;
    int8_t* const values = blocked_.data() + block * kBlock * size_;
    const size_t dim = given_->dim;
    const size_t whole = dim / 4 * 4;
    const size_t codes = std::min(kBlock, given_->count - block * kBlock);
    if (dim < size_ || codes < kBlock) std::fill_n(values, kBlock * size_, int8_t{0});
    for (size_t c = 0; c < codes; c++) {
      const int8_t* const code = given_->codes + (block * kBlock + c) * dim;
      for (size_t d = 0; d < whole; d += 4) std::memcpy(values + d * kBlock + c * 4, code + d, 4);
      std::copy(code + whole, code + dim, values + whole * kBlock + c * 4);
    }
  }

  const DiverseCandidates* given_ = nullptr;
  const Kernels* kernels_ = nullptr;
  /** Of a code, with the zeros that pad it. */
  size_t size_ = 0;
  size_t blocks_ = 0;
  /** `[blocks, size / 4, 16, 4]` */
  Lines<int8_t> blocked_;
  /** `[blocks, 16]`; minus infinity for what is chosen or has no room. */
  std::vector<double> gains_;
  /** `[blocks, 16]`: the largest product with one that was chosen, at least 0. */
  Lines<int32_t> largest_;
  /** `[blocks]`, and minus infinity up to a multiple of 16: the best value when the block was last looked at. */
  std::vector<double> bounds_;
  /** `[blocks]`: how many of the chosen that counts. */
  std::vector<size_t> seen_;
  /** Of those chosen: `[count, size]`, and 128 times the sum of each, both with zeros behind. */
  size_t count_ = 0;
  Lines<int8_t> chosen_;
  std::vector<int32_t> sums_;
};

/** Whether every group of a candidate has room; takes a place in each if so. */
bool take_room(const DiverseCandidates& of, size_t candidate) {
  const int32_t* const first = of.groups + of.group_starts[candidate];
  const int32_t* const end = of.groups + of.group_starts[candidate + 1];
  if (!std::all_of(first, end, [&](int32_t group) { return of.room[group] > 0; })) return false;
  std::for_each(first, end, [&](int32_t group) { of.room[group]--; });
  return true;
}

/** Apart from its caller: in a library, every mention of what belongs to a thread is a call. */
__attribute__((noinline)) size_t choose_all(Selection& selection, const DiverseCandidates& candidates, size_t given,
                                            size_t k, int32_t* chosen) {
  for (size_t i = 0; i < given; i++) {
    selection.remove(static_cast<size_t>(chosen[i]));
    selection.choose(static_cast<size_t>(chosen[i]));
  }
  size_t count = given;
  while (count < k) {
    const size_t next = selection.next();
    if (next == candidates.count) break;
    selection.remove(next);
    if (!take_room(candidates, next)) continue;
    selection.choose(next);
    chosen[count++] = static_cast<int32_t>(next);
  }
  return count;
}

}  // namespace

size_t select_diverse(const DiverseCandidates& candidates, size_t given, size_t k, const Kernels& kernels,
                      int32_t* chosen) {
  static thread_local Selection selection;
  selection.begin(candidates, k, kernels);
  if (kernels.begin_blocks != nullptr) kernels.begin_blocks();
  const size_t count = choose_all(selection, candidates, given, k, chosen);
  if (kernels.end_blocks != nullptr) kernels.end_blocks();
  return count;
}

}  // namespace recall
