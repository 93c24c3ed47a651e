#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

namespace recall {

/**
 * Moves the greatest `count` of some keys to the front, the least of them last, as std::nth_element does. But which
 * side of the pivot a key goes to is added up: a branch on it would be guessed wrong half the time.
 *
 * @param count from 1 to the number of keys
 */
inline void put_greatest_first(std::vector<uint64_t>& keys, size_t count) {
  size_t low = 0;
  size_t high = keys.size();
  // Some halvings are enough; what is left after them, by an unlucky choice of pivots, is left to the library.
  for (int halvings = 0; halvings < 16 && high - low > 32; halvings++) {
    uint64_t three[] = {keys[low], keys[low + (high - low) / 2], keys[high - 1]};
    std::sort(three, three + 3);
    const uint64_t pivot = three[1];
    size_t greater = low;
    for (size_t i = low; i < high; i++) {
      const uint64_t key = keys[i];
      keys[i] = keys[greater];
      keys[greater] = key;
      greater += key > pivot ? 1 : 0;
    }
    (greater >= count ? high : low) = greater;
  }
  const auto at = [&](size_t i) { return keys.begin() + static_cast<ptrdiff_t>(i); };
  std::nth_element(at(low), at(count - 1), at(high), std::greater<>());
}

/**
 * What a search has come upon: the best candidates in no order, and a heap of those whose links were not followed. Most
 * of what is seen is never returned and never followed, so that to keep all of it sorted would be the greater part of
 * the work. A candidate is one number, its score above its node, that compares as the score does.
 */
class Candidates {
 public:
  /** @param capacity how many of the best are kept, at least 1 */
  void reset(size_t capacity) {
    capacity_ = capacity;
    threshold_ = 0;
    best_.clear();
    heap_.clear();
  }

  /**
   * Takes those in that may be among the best; a NaN, which only a damaged file comes to, never is.
   * @param scores `[count]` @param nodes `[count]`
   */
  void add(const float* scores, const uint32_t* nodes, size_t count) {
    const size_t before = best_.size();
    best_.resize(before + count);
    size_t size = before;
    // Without a branch, which would be guessed wrong too often.
    for (size_t i = 0; i < count; i++) {
      const uint64_t key = key_of(scores[i], nodes[i]);
      best_[size] = key;
      size += static_cast<size_t>(key > threshold_) & static_cast<size_t>(!std::isnan(scores[i]));
    }
    best_.resize(size);
    for (size_t i = before; i < size; i++) push(best_[i]);
    if (size >= 2 * capacity_) cut();
  }

  bool has_next() const { return !heap_.empty(); }
  /** The best of those whose links were not followed. */
  uint32_t next() const { return static_cast<uint32_t>(heap_.front()); }
  uint32_t take_next() {
    const uint32_t node = next();
    pop();
    return node;
  }

  float next_score() const { return score_of(heap_.front()); }
  /** Whether the next one is among the best, as many as the capacity. */
  bool is_next_best() {
    cut();
    return has_next() && (best_.size() < capacity_ || heap_.front() >= threshold_);
  }

  /** Leaves the best of those seen, as many as the capacity. What is added later must be better than the worst of them. */
  void cut() {
    if (best_.size() <= capacity_) return;
    put_greatest_first(best_, capacity_);
    best_.resize(capacity_);
    threshold_ = best_.back();
  }

  size_t size() const { return best_.size(); }
  uint32_t node(size_t i) const { return static_cast<uint32_t>(best_[i]); }
  float score(size_t i) const { return score_of(best_[i]); }

 private:
  static constexpr uint32_t kSign = 0x80000000;

  /** The bits of a float compare as it does once those of negative ones are turned over and the sign of the others. */
  static uint64_t key_of(float score, uint32_t node) {
    uint32_t bits;
    std::memcpy(&bits, &score, sizeof bits);
    bits = (bits & kSign) != 0 ? ~bits : bits | kSign;
    return uint64_t{bits} << 32 | node;
  }

  static float score_of(uint64_t key) {
    uint32_t bits = static_cast<uint32_t>(key >> 32);
    bits = (bits & kSign) != 0 ? bits & ~kSign : ~bits;
    float score;
    std::memcpy(&score, &bits, sizeof score);
    return score;
  }

  void push(uint64_t key) {
    size_t at = heap_.size();
    heap_.push_back(key);
    for (size_t parent; at > 0 && heap_[parent = (at - 1) / 2] < key; at = parent) heap_[at] = heap_[parent];
    heap_[at] = key;
  }

  /** As std::pop_heap, but which child is the greater is added up: a branch on it would be guessed wrong half the time. */
  void pop() {
    const uint64_t last = heap_.back();
    heap_.pop_back();
    const size_t size = heap_.size();
    if (size == 0) return;
    size_t at = 0;
    for (size_t child = 1; child < size; child = 2 * at + 1) {
      child += child + 1 < size && heap_[child + 1] > heap_[child] ? 1 : 0;
      if (heap_[child] <= last) break;
      heap_[at] = heap_[child];
      at = child;
    }
    heap_[at] = last;
  }

  size_t capacity_ = 1;
  /** What does not exceed it is not among the best. */
  uint64_t threshold_ = 0;
  std::vector<uint64_t> best_;
  std::vector<uint64_t> heap_;
};

}  // namespace recall
