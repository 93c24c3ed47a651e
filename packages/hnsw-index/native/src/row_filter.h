#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recall {

/** The rows that a search may return, a bit each. */
class RowFilter {
 public:
  /** @param rows those that are listed alone (`is_allowed`), or all but those; numbers out of range say nothing */
  RowFilter(size_t count, const int32_t* rows, size_t listed, bool is_allowed)
      : words_((count + 63) / 64, is_allowed ? 0 : ~uint64_t{0}), allowed_(is_allowed ? 0 : count) {
    for (size_t i = 0; i < listed; i++) {
      const uint32_t row = static_cast<uint32_t>(rows[i]);
      if (row >= count || allows(row) == is_allowed) continue;
      words_[row / 64] ^= uint64_t{1} << (row % 64);
      allowed_ += is_allowed ? size_t{1} : ~size_t{0};
    }
  }

  /** @param bytes a bit for each row, that of row `r` in byte `r / 8`; rows that have no byte are not allowed */
  static RowFilter of_bits(size_t count, const uint8_t* bytes, size_t size) {
    RowFilter filter(count, nullptr, 0, true);
    for (size_t i = 0; i < std::min(size, (count + 7) / 8); i++) filter.words_[i / 8] |= uint64_t{bytes[i]} << (i % 8 * 8);
    if (count % 64 != 0) filter.words_.back() &= (uint64_t{1} << (count % 64)) - 1;
    for (const uint64_t word : filter.words_) filter.allowed_ += static_cast<size_t>(__builtin_popcountll(word));
    return filter;
  }

  bool allows(uint32_t row) const { return (words_[row / 64] >> (row % 64) & 1) != 0; }
  /** 64 rows from `64 * i` on. */
  uint64_t word(size_t i) const { return words_[i]; }
  size_t allowed() const { return allowed_; }

 private:
  std::vector<uint64_t> words_;
  size_t allowed_;
};

}  // namespace recall
