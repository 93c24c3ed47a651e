#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace recall {

struct Candidate {
  float score;
  /** The highest bit is set once its links were followed. */
  uint32_t node;
};

/**
 * The best candidates seen so far, best first, in a plain sorted array: a few hundred of them, of which a new one moves
 * some with one memmove. For the building of a graph, which takes all of them in order and expands all but a few.
 */
class Pool {
 public:
  void reset(size_t capacity) {
    if (slots_.size() < capacity) slots_.resize(capacity);
    capacity_ = capacity;
    size_ = 0;
    next_ = 0;
    threshold_ = -std::numeric_limits<float>::infinity();
  }

  /** A candidate gets in only above this score. */
  float threshold() const { return threshold_; }
  size_t size() const { return size_; }
  bool is_full() const { return size_ == capacity_; }
  uint32_t node(size_t rank) const { return slots_[rank].node & ~kExpanded; }
  float score(size_t rank) const { return slots_[rank].score; }

  /** @param score above the threshold */
  void insert(float score, uint32_t node) {
    // Without a branch, which would be guessed wrong half the time.
    size_t low = 0;
    for (size_t length = size_; length > 0;) {
      const size_t half = (length + 1) / 2;
      low += half * static_cast<size_t>(slots_[low + half - 1].score >= score);
      length -= half;
    }
    if (size_ < capacity_) size_++;
    std::memmove(&slots_[low + 1], &slots_[low], (size_ - 1 - low) * sizeof(Candidate));
    slots_[low] = {score, node};
    if (low < next_) next_ = low;
    if (size_ == capacity_) threshold_ = slots_[size_ - 1].score;
  }

  /** The rank of the best candidate whose links were not followed; `size()` if there is none. */
  size_t next() const { return next_; }

  uint32_t expand_next() {
    const uint32_t node = slots_[next_].node;
    slots_[next_].node |= kExpanded;
    while (next_ < size_ && (slots_[next_].node & kExpanded) != 0) next_++;
    return node;
  }

 private:
  static constexpr uint32_t kExpanded = 0x80000000;
  std::vector<Candidate> slots_;
  size_t capacity_ = 0;
  size_t size_ = 0;
  size_t next_ = 0;
  float threshold_ = 0;
};

}  // namespace recall
