#include "graph_file.h"

#include <cmath>

#include "fault.h"
#include "image.h"
#include "space.h"

namespace recall {
namespace {

constexpr size_t kHeaderBytes = 96;

FileFault foreign() { return FileFault("foreign", "it is not an hnswlib graph of this kind"); }

template <typename T>
T read(const uint8_t* data, size_t at) {
  T value;
  std::memcpy(&value, data + at, sizeof value);
  return value;
}

/** hnswlib's saveIndex writes, in this order: level offset, capacity, count, sizes and offsets, then the parameters. */
GraphView parse_header(const uint8_t* data) {
  const auto word = [&](size_t at) { return read<uint64_t>(data, at); };
  GraphView view;
  const uint64_t count = word(16);
  const uint64_t m = word(72);
  const uint64_t label_offset = word(32);
  const uint64_t vector_offset = word(40);
  const int32_t top_layer = read<int32_t>(data, 48);
  const uint64_t ef_construction = word(88);
  if (word(0) != 0 || count < 1 || count > kMaxCount || m < 2 || m > 10000 || word(56) != m || word(64) != 2 * m ||
      top_layer < 0 || top_layer > static_cast<int32_t>(kMaxLayers) || ef_construction > 0xffffffff) {
    throw foreign();
  }
  view.count = static_cast<uint32_t>(count);
  view.m = static_cast<uint32_t>(m);
  view.ef_construction = static_cast<uint32_t>(ef_construction);
  view.entry = read<uint32_t>(data, 52);
  view.top_layer = static_cast<uint32_t>(top_layer);
  view.element_bytes = word(24);
  if (vector_offset != view.vector_offset() || label_offset <= vector_offset ||
      (label_offset - vector_offset) % sizeof(float) != 0 || view.element_bytes != label_offset + sizeof(uint64_t)) {
    throw foreign();
  }
  const uint64_t dim = (label_offset - vector_offset) / sizeof(float);
  if (dim < kMinDim || dim > kMaxDim || view.entry >= view.count) throw foreign();
  view.dim = static_cast<uint32_t>(dim);
  view.elements = reinterpret_cast<const char*>(data + kHeaderBytes);
  return view;
}

/** After the ground layer comes, for each element, the size of its upper layers in bytes, then the layers. */
void find_upper_layers(GraphView& view, const uint8_t* data, size_t bytes) {
  const size_t layer_bytes = sizeof(uint32_t) * (1 + size_t{view.m});
  size_t at = kHeaderBytes + view.count * view.element_bytes;
  for (uint32_t element = 0; element < view.count; element++) {
    if (at > bytes || bytes - at < sizeof(uint32_t)) throw FileFault("truncated", "it ends before its last element");
    const uint32_t size = read<uint32_t>(data, at);
    at += sizeof(uint32_t);
    if (size % layer_bytes != 0 || size / layer_bytes > view.top_layer) throw foreign();
    if (size > bytes - at) throw FileFault("truncated", "it ends before its last element");
    view.levels.push_back(static_cast<int>(size / layer_bytes));
    view.upper.push_back(reinterpret_cast<const char*>(data + at));
    at += size;
  }
  if (at != bytes) throw foreign();
  if (view.levels[view.entry] != static_cast<int>(view.top_layer)) throw foreign();
}

void check_elements(const GraphView& view) {
  std::vector<bool> has_label(view.count);
  for (uint32_t element = 0; element < view.count; element++) {
    for (uint32_t layer = 0; layer <= static_cast<uint32_t>(view.levels[element]); layer++) {
      const GraphView::Links links = view.links(element, layer);
      if (links.count > (layer == 0 ? 2 * view.m : view.m)) throw foreign();
      for (const uint32_t next : links) {
        if (next >= view.count || view.levels[next] < static_cast<int>(layer)) throw foreign();
      }
    }
    // Rows are the labels of this project's graphs: each once, from 0 up.
    const uint32_t label = view.label(element);
    if (label >= view.count || has_label[label]) throw foreign();
    has_label[label] = true;
    for (uint32_t d = 0; d < view.dim; d++) {
      if (!std::isfinite(view.vector(element)[d])) throw FileFault("damaged", "it holds a value that is not finite");
    }
  }
}

}  // namespace

GraphView parse_graph(const uint8_t* data, size_t bytes) {
  if (bytes < kHeaderBytes) throw foreign();
  GraphView view = parse_header(data);
  if (view.count > (bytes - kHeaderBytes) / view.element_bytes) {
    throw FileFault("truncated", "it ends before its last element");
  }
  find_upper_layers(view, data, bytes);
  check_elements(view);
  return view;
}

GraphFile open_graph_file(const std::string& path) {
  GraphFile file;
  file.memory = Memory::map(path);
  file.view = parse_graph(file.memory.data(), file.memory.size());
  return file;
}

}  // namespace recall
