#include "traversal.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "prefetch.h"

namespace recall {
namespace {

ALWAYS_INLINE void prefetch_links(const ImageView& image, uint32_t node) {
  const size_t width = image.links_per_node();
  prefetch(image.links + node * width, width * sizeof(uint32_t));
}

}  // namespace

Traversal::Traversal(const ImageView& image, const Kernels& kernels)
    : image_(image),
      scores_(image, kernels),
      visited_(image.count),
      gathered_(image.links_per_node()),
      before_(image.links_per_node()),
      batch_scores_(image.links_per_node()) {}

/**
 * Best first, in steps of which each has three nodes under way, so that the processor waits for less: the links of the
 * next node are asked for, the links of the one before are read and the codes of its neighbours asked for, and the
 * codes of the neighbours of the one before that are scored.
 */
void Traversal::search(const float* query, size_t wanted, size_t limit) {
  scores_.set(query);
  wanted = std::min<size_t>(std::max(wanted, limit), image_.count);
  candidates_.reset(wanted);
  visited_.clear();
  if (limit == 0) return;
  const uint32_t first = descend();
  visited_.add(first);
  gathered_.nodes[0] = first;
  gathered_.size = 1;
  score(gathered_);
  size_t expanded = 0;
  size_t seen = 1;
  uint32_t awaited = kNone;
  float last_score = std::numeric_limits<float>::quiet_NaN();
  bool is_tied = false;
  // Copies of a vector are linked with one another first, and would use up the limit before what is as near is seen.
  const auto is_among_equals = [&] {
    if (!is_tied) is_tied = candidates_.has_next() && candidates_.next_score() == last_score;
    return is_tied && candidates_.is_next_best();
  };
  // Past the limit only as long as too few were seen: a search that is kept short still finds all it should.
  while (expanded < limit || seen < wanted || is_among_equals()) {
    uint32_t next = kNone;
    if (candidates_.has_next()) {
      last_score = candidates_.next_score();
      next = candidates_.take_next();
      prefetch_links(image_, next);
    }
    if (awaited != kNone) {
      gather(awaited, gathered_);
      seen += gathered_.size;
      expanded++;
    } else if (next == kNone && before_.size == 0) {
      break;
    }
    score(before_);
    std::swap(gathered_, before_);
    awaited = next;
  }
  score(before_);
  candidates_.cut();
}

/** Greedily from layer to layer, down to the ground. @return the node where the search of that begins */
uint32_t Traversal::descend() {
  uint32_t element = image_.entry;
  uint32_t node = element;
  for (auto layer = image_.layers.rbegin(); layer != image_.layers.rend(); ++layer) {
    const auto best_of = [&](const uint32_t* elements, size_t count, float& best) {
      bool is_better = false;
      for (size_t i = 0; i < count; i++) {
        const uint32_t candidate = elements[i];
        if (candidate >= layer->size || layer->nodes[candidate] >= image_.count) continue;
        const uint32_t at = layer->nodes[candidate];
        float score;
        scores_.score(&at, 1, &score);
        if (score <= best) continue;
        best = score;
        element = candidate;
        is_better = true;
      }
      return is_better;
    };
    float best = -std::numeric_limits<float>::infinity();
    const uint32_t first = element;
    best_of(&first, 1, best);
    while (best_of(layer->links + size_t{element} * image_.m, image_.m, best)) {
    }
    element = element < layer->size ? layer->down[element] : 0;
    node = element;
    const bool is_lowest = layer + 1 == image_.layers.rend();
    if (!is_lowest && element >= (layer + 1)->size) element = 0;
  }
  return node < image_.count ? node : 0;
}

/** Collects the unseen nodes that a node is linked to, and asks for their codes: all are on their way at once. */
void Traversal::gather(uint32_t node, Batch& batch) {
  const uint32_t* const links = image_.links + node * image_.links_per_node();
  size_t count = 0;
  while (count < image_.links_per_node() && links[count] < image_.count) count++;
  batch.size = visited_.add(links, count, batch.nodes.data());
  for (size_t i = 0; i < batch.size; i++) scores_.prefetch_row(batch.nodes[i]);
}

/** Scores a batch and empties it. */
void Traversal::score(Batch& batch) {
  scores_.score(batch.nodes.data(), batch.size, batch_scores_.data());
  candidates_.add(batch_scores_.data(), batch.nodes.data(), batch.size);
  batch.size = 0;
}

}  // namespace recall
