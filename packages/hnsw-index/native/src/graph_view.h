#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace recall {

/** hnswlib's own graph, wherever it lies: in a HierarchicalNSW, or in a file of its format whose links were checked. */
struct GraphView {
  uint32_t count = 0;
  uint32_t dim = 0;
  uint32_t m = 0;
  uint32_t ef_construction = 0;
  uint32_t entry = 0;
  uint32_t top_layer = 0;

  /** The ground layer: per element a link count and 2·M links, the vector, the label. */
  const char* elements = nullptr;
  size_t element_bytes = 0;

  /** `[count]`: the highest layer of an element, and its layers above the ground: a link count and M links each. */
  std::vector<int> levels;
  std::vector<const char*> upper;

  size_t vector_offset() const { return sizeof(uint32_t) * (1 + 2 * size_t{m}); }

  const float* vector(uint32_t element) const {
    return reinterpret_cast<const float*>(elements + element * element_bytes + vector_offset());
  }

  uint32_t label(uint32_t element) const {
    uint64_t label;
    std::memcpy(&label, elements + (element + 1) * element_bytes - sizeof label, sizeof label);
    return static_cast<uint32_t>(label);
  }

  struct Links {
    const uint32_t* first;
    uint32_t count;
    const uint32_t* begin() const { return first; }
    const uint32_t* end() const { return first + count; }
  };

  Links links(uint32_t element, uint32_t layer) const {
    const char* at = layer == 0 ? elements + element * element_bytes
                                : upper[element] + (layer - 1) * sizeof(uint32_t) * (1 + size_t{m});
    uint16_t count;
    std::memcpy(&count, at, sizeof count);
    return {reinterpret_cast<const uint32_t*>(at + sizeof(uint32_t)), count};
  }
};

}  // namespace recall
