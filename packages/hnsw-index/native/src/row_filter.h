#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "image.h"

namespace recall {

/** The nodes of a serving file that a filter allows. */
struct AllowedNodes {
  /** A bit each. */
  std::vector<uint64_t> words;
  /** `[groups]`: how many each group has. */
  std::vector<uint32_t> in_group;
};

/** The rows that searches of one serving file may return, a bit each. Shared by threads. */
class RowFilter {
 public:
  /** @param rows those that are listed alone (`is_allowed`), or all but those; numbers out of range say nothing */
  RowFilter(size_t count, const int32_t* rows, size_t listed, bool is_allowed)
      : count_(count), words_((count + 63) / 64, is_allowed ? 0 : ~uint64_t{0}) {
    for (size_t i = 0; i < listed; i++) {
      const uint32_t row = static_cast<uint32_t>(rows[i]);
      if (row >= count) continue;
      const uint64_t bit = uint64_t{1} << (row % 64);
      words_[row / 64] = is_allowed ? words_[row / 64] | bit : words_[row / 64] & ~bit;
    }
    finish();
  }

  /** @param bytes a bit for each row, that of row `r` in byte `r / 8`; rows that have no byte are not allowed */
  RowFilter(size_t count, const uint8_t* bytes, size_t size) : count_(count), words_((count + 63) / 64) {
    for (size_t i = 0; i < std::min(size, (count + 7) / 8); i++) words_[i / 8] |= uint64_t{bytes[i]} << (i % 8 * 8);
    finish();
  }

  /** Rows that it knows. */
  size_t count() const { return count_; }
  size_t allowed() const { return allowed_; }
  bool allows(uint32_t row) const { return (words_[row / 64] >> (row % 64) & 1) != 0; }

  /**
   * The same in the order of the nodes, made when a search first needs it, and kept.
   * @param image the same for all calls, of as many rows @throws std::bad_alloc
   */
  const AllowedNodes& at_nodes(const ImageView& image) const;

 private:
  void finish() {
    if (count_ % 64 != 0) words_.back() &= (uint64_t{1} << (count_ % 64)) - 1;
    for (const uint64_t word : words_) allowed_ += static_cast<size_t>(__builtin_popcountll(word));
  }

  const size_t count_;
  std::vector<uint64_t> words_;
  size_t allowed_ = 0;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<const AllowedNodes> nodes_;
};

/** How many bits are set in `[begin, end)`, which lies within the words. */
size_t count_bits(const std::vector<uint64_t>& words, size_t begin, size_t end);

}  // namespace recall
