#include "traversal.h"

#include <algorithm>

namespace recall {
namespace {

constexpr size_t kCacheLine = 64;

/** Of a long code the first lines are enough: the processor's own prefetcher sees the pattern and fetches the rest. */
constexpr size_t kPrefetchedBytes = 256;

inline void prefetch(const void* data, size_t bytes) {
  const char* at = static_cast<const char*>(data);
  for (size_t line = 0; line < std::min(bytes, kPrefetchedBytes); line += kCacheLine) __builtin_prefetch(at + line);
}

}  // namespace

Traversal::Traversal(const ImageView& image, const Kernels& kernels)
    : image_(image),
      kernels_(kernels),
      query_(image.dim),
      visited_(image.count),
      nodes_(image.links_per_node()),
      products_(image.links_per_node()) {
  nodes_.clear();
}

void Traversal::search(const float* query, size_t pool_size, size_t limit) {
  query_.set(image_.space, image_.low, image_.step, query);
  pool_.reset(std::min<size_t>(std::max(pool_size, limit), image_.count));
  visited_.clear();
  if (limit == 0) return;
  descend();
  // Past the limit only as long as the pool is not full: a search that is kept short still finds all it should.
  while (pool_.next() < pool_.size() && (pool_.next() < limit || !pool_.is_full())) {
    gather(pool_.expand_next());
    score();
  }
}

/** Greedily from layer to layer, down to the node where the search of the ground layer begins. */
void Traversal::descend() {
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
  if (node >= image_.count) node = 0;
  visited_.add(node);
  nodes_.push_back(node);
  score();
}

/** Collects the unseen nodes that a node is linked to, and asks for their codes: all are on their way at once. */
void Traversal::gather(uint32_t node) {
  const size_t width = image_.links_per_node();
  const uint32_t* links = image_.links + node * width;
  for (size_t i = 0; i < width; i++) {
    const uint32_t next = links[i];
    if (next >= image_.count || !visited_.add(next)) continue;
    prefetch(image_.codes + next * image_.stride, image_.stride);
    nodes_.push_back(next);
  }
}

void Traversal::score() {
  kernels_.score_codes(query_.code(), image_.codes, image_.stride, nodes_.data(), nodes_.size(), products_.data());
  for (size_t i = 0; i < nodes_.size(); i++) {
    const float score = query_.scale() * static_cast<float>(products_[i]) + (image_.bias ? image_.bias[nodes_[i]] : 0);
    if (score > pool_.threshold()) pool_.insert(score, nodes_[i]);
  }
  nodes_.clear();
  prefetch_links();
}

void Traversal::prefetch_links() const {
  if (pool_.next() >= pool_.size()) return;
  const size_t width = image_.links_per_node();
  prefetch(image_.links + pool_.node(pool_.next()) * width, width * sizeof(uint32_t));
}

}  // namespace recall
