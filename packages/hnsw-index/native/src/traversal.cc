#include "traversal.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace recall {
namespace {

constexpr size_t kCacheLine = 64;

/** Of a long code the first lines are enough: the processor's own prefetcher sees the pattern and fetches the rest. */
constexpr size_t kPrefetchedBytes = 256;

// GCC takes a function that does nothing but prefetch for one without effect, and drops the calls that are not inlined.
#define ALWAYS_INLINE __attribute__((always_inline)) inline

ALWAYS_INLINE void prefetch(const void* data, size_t bytes) {
  const char* const at = static_cast<const char*>(data);
  for (size_t line = 0; line < std::min(bytes, kPrefetchedBytes); line += kCacheLine) __builtin_prefetch(at + line);
}

ALWAYS_INLINE void prefetch_links(const ImageView& image, uint32_t node) {
  const size_t width = image.links_per_node();
  prefetch(image.links + node * width, width * sizeof(uint32_t));
}

}  // namespace

Traversal::Traversal(const ImageView& image, const Kernels& kernels)
    : image_(image),
      kernels_(kernels),
      query_(image.dim),
      visited_(image.count),
      gathered_(image.links_per_node()),
      before_(image.links_per_node()),
      products_(image.links_per_node()) {}

/**
 * Best first. The codes of one node's neighbours are still on their way when the next node is expanded, and are scored
 * after that: the best of them take their turn one node later, and the processor waits for less.
 */
void Traversal::search(const float* query, size_t wanted, size_t limit) {
  query_.set(image_.space, image_.low, image_.step, query);
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
  // Past the limit only as long as too few were seen: a search that is kept short still finds all it should.
  while (expanded < limit || seen < wanted) {
    if (candidates_.has_next()) {
      gather(candidates_.take_next(), gathered_);
      seen += gathered_.size;
      expanded++;
    } else if (before_.size == 0) {
      break;
    }
    score(before_);
    std::swap(gathered_, before_);
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
        int32_t product;
        kernels_.score_codes(query_.code(), image_.codes, image_.stride, &at, 1, &product);
        const float score = query_.scale() * static_cast<float>(product) + (image_.bias ? image_.bias[at] : 0);
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
  for (size_t i = 0; i < batch.size; i++) prefetch(image_.codes + batch.nodes[i] * image_.stride, image_.stride);
}

/** Scores a batch and empties it. The links of what may soon be expanded are asked for. */
void Traversal::score(Batch& batch) {
  const uint32_t* const nodes = batch.nodes.data();
  kernels_.score_codes(query_.code(), image_.codes, image_.stride, nodes, batch.size, products_.data());
  for (size_t i = 0; i < batch.size; i++) {
    const float score = query_.scale() * static_cast<float>(products_[i]) + (image_.bias ? image_.bias[nodes[i]] : 0);
    if (candidates_.add(score, nodes[i])) prefetch_links(image_, nodes[i]);
  }
  batch.size = 0;
}

}  // namespace recall
