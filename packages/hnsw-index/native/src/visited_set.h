#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace recall {

/** Which nodes a search has seen: a bit each, and where few of many were seen, only those are cleared. */
class VisitedSet {
 public:
  explicit VisitedSet(size_t count) : words_((count + 63) / 64) {}

  /** @return whether it is seen for the first time */
  bool add(uint32_t node) {
    uint64_t& word = words_[node / 64];
    const uint64_t bit = uint64_t{1} << (node % 64);
    if ((word & bit) != 0) return false;
    word |= bit;
    log_.push_back(node);
    return true;
  }

  void clear() {
    if (log_.size() >= words_.size() / 16) {
      std::fill(words_.begin(), words_.end(), 0);
    } else {
      for (const uint32_t node : log_) words_[node / 64] = 0;
    }
    log_.clear();
  }

 private:
  std::vector<uint64_t> words_;
  std::vector<uint32_t> log_;
};

}  // namespace recall
