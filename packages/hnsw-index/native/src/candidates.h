#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "score_key.h"

namespace recall {

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
  uint32_t next() const { return node_of(heap_.front()); }
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
  uint32_t node(size_t i) const { return node_of(best_[i]); }
  float score(size_t i) const { return score_of(best_[i]); }

 private:
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
