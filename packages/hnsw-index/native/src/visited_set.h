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

  void add(uint32_t node) { add(&node, 1, &node); }

  /**
   * Marks nodes as seen, without a branch: which of them are new follows no pattern that the processor could learn.
   * @param unseen takes those seen for the first time; room for `count`, may be `nodes`
   * @return how many there are
   */
  size_t add(const uint32_t* nodes, size_t count, uint32_t* unseen) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
      const uint32_t node = nodes[i];
      uint64_t& word = words_[node / 64];
      unseen[found] = node;
      found += ~word >> (node % 64) & 1;
      word |= uint64_t{1} << (node % 64);
    }
    log_.insert(log_.end(), unseen, unseen + found);
    return found;
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
