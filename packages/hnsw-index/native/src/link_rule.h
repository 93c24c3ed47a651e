#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "prefetch.h"
#include "vector_scores.h"

namespace recall {

/** An element, and how far it is from the one whose links are chosen. */
struct Neighbour {
  float distance;
  uint32_t element;
  /** As hnswlib takes them: of those that are equally near, the last element first. */
  bool operator<(const Neighbour& other) const {
    return distance != other.distance ? distance < other.distance : element > other.element;
  }
};

/** Which of the elements near another are linked to it (Malkov and Yashunin 2018, algorithm 4), as in hnswlib. */
class LinkRule {
 public:
  LinkRule(const Metric& metric, const VectorRows& vectors) : metric_(metric), vectors_(vectors) {}

  const float* vector(uint32_t element) const { return vectors_.at(element); }

  float distance(uint32_t a, uint32_t b) const { return metric_.distance(vector(a), vector(b)); }

  void prefetch_vector(uint32_t element) const { prefetch(vector(element), metric_.dim() * sizeof(float)); }

  /** Whether an element is no nearer to any of those chosen than to the one whose links they are. */
  bool leads_elsewhere(const Neighbour& candidate, const Neighbour* chosen, size_t count) const {
    return std::none_of(chosen, chosen + count, [&](const Neighbour& other) {
      return distance(other.element, candidate.element) < candidate.distance;
    });
  }

  /**
   * Leaves, the nearest first, those that are not nearer to one chosen before than to the element: links that lead
   * different ways. Where there are fewer than may be chosen, all stay.
   */
  void choose(std::vector<Neighbour>& neighbours, size_t most) const {
    std::sort(neighbours.begin(), neighbours.end());
    if (neighbours.size() < most) return;
    size_t chosen = 0;
    for (size_t i = 0; i < neighbours.size() && chosen < most; i++) {
      const Neighbour candidate = neighbours[i];
      if (leads_elsewhere(candidate, neighbours.data(), chosen)) neighbours[chosen++] = candidate;
    }
    neighbours.resize(chosen);
  }

 private:
  const Metric& metric_;
  const VectorRows vectors_;
};

}  // namespace recall
