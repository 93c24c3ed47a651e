#include "image_writer.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "coded_vectors.h"
#include "crc32c.h"
#include "grouping.h"
#include "image.h"
#include "on_threads.h"
#include "quantizer.h"

namespace recall {
namespace {

constexpr size_t kBlock = 4096;

/** The elements group by group, and those of a group depth-first by the links within it. */
std::vector<uint32_t> depth_first(const GraphView& graph, const Grouping& groups) {
  std::vector<uint32_t> order;
  order.reserve(graph.count);
  std::vector<uint32_t> group_of(graph.count);
  for (uint32_t group = 0; group < groups.size(); group++) {
    for (uint32_t i = groups.starts[group]; i < groups.starts[group + 1]; i++) group_of[groups.rows[i]] = group;
  }
  std::vector<bool> is_taken(graph.count);
  std::vector<uint32_t> stack;
  for (const uint32_t from : groups.rows) {
    stack.push_back(from);
    while (!stack.empty()) {
      const uint32_t element = stack.back();
      stack.pop_back();
      if (is_taken[element]) continue;
      is_taken[element] = true;
      order.push_back(element);
      for (const uint32_t next : graph.links(element, 0)) {
        if (!is_taken[next] && group_of[next] == group_of[from]) stack.push_back(next);
      }
    }
  }
  return order;
}

VectorRows rows_of(const GraphView& graph) {
  return {reinterpret_cast<const char*>(graph.vector(0)), graph.element_bytes, graph.count, graph.dim};
}

class ImageWriter {
 public:
  ImageWriter(const GraphView& graph, Space space, const ImageOptions& options, const PrecisionChoice& choice)
      : graph_(graph),
        space_(space),
        options_(options),
        choice_(choice),
        keeps_vectors_(options.keep_vectors == KeepVectors::kKept || choice.precision == Precision::kVectors),
        groups_(group_rows(rows_of(graph), *available_kernels().front(), options.threads)),
        order_(depth_first(graph, groups_)),
        node_of_(graph.count) {
    for (uint32_t node = 0; node < graph.count; node++) node_of_[order_[node]] = node;
    members_.resize(graph.top_layer);
    for (const uint32_t element : order_) {
      for (int layer = 1; layer <= graph.levels[element]; layer++) members_[layer - 1].push_back(element);
    }
  }

  Memory write() {
    ImageHeader header = describe();
    Memory memory = Memory::allocate(header.file_bytes);
    uint8_t* const data = memory.writable();
    const auto section = [&](SectionId id) { return data + header.sections[id].offset; };
    const auto floats = [&](SectionId id) {
      return header.sections[id].bytes == 0 ? nullptr : reinterpret_cast<float*>(section(id));
    };
    write_codes(floats(kQuantizer), {section(kCodes), has_residuals(choice_.precision) ? section(kResiduals) : nullptr,
                                     floats(kScales), floats(kBias), floats(kFineBias)});
    write_nodes(reinterpret_cast<uint32_t*>(section(kLinks)), reinterpret_cast<uint32_t*>(section(kLabels)),
                floats(kVectors));
    header.entry = write_layers(reinterpret_cast<uint32_t*>(section(kLayers)));
    auto* const nodes = reinterpret_cast<uint32_t*>(section(kNodes));
    for (uint32_t node = 0; node < graph_.count; node++) nodes[graph_.label(order_[node])] = node;
    std::copy(groups_.starts.begin(), groups_.starts.end(), reinterpret_cast<uint32_t*>(section(kGroupStarts)));
    std::copy(groups_.centres.begin(), groups_.centres.end(), floats(kGroupCentres));
    std::copy(groups_.spreads.begin(), groups_.spreads.end(), floats(kGroupSpreads));
    for (Section& part : header.sections) part.crc = crc32c(data + part.offset, part.bytes);
    header.crc = crc32c(&header, offsetof(ImageHeader, crc));
    std::memcpy(data, &header, sizeof header);
    return memory;
  }

 private:
  ImageHeader describe() const {
    ImageShape shape = {space_, graph_.dim, graph_.count, graph_.m, code_stride(graph_.dim),
                        choice_.precision, choice_.is_scaled, keeps_vectors_,
                        static_cast<uint32_t>(groups_.size()), {}};
    ImageHeader header;
    std::memset(&header, 0, sizeof header);
    std::memcpy(header.magic, kMagic, sizeof kMagic);
    header.version = kVersion;
    header.byte_order = kByteOrder;
    header.space = space_;
    header.dim = graph_.dim;
    header.count = graph_.count;
    header.m = graph_.m;
    header.ef_construction = graph_.ef_construction;
    header.layer_count = graph_.top_layer;
    header.limit = options_.limit;
    header.precision = choice_.precision;
    header.is_scaled = choice_.is_scaled ? 1 : 0;
    header.group_count = shape.group_count;
    for (uint32_t layer = 0; layer < graph_.top_layer; layer++) {
      header.layer_sizes[layer] = static_cast<uint32_t>(members_[layer].size());
      shape.layer_sizes.push_back(header.layer_sizes[layer]);
    }
    uint64_t end = kPage;
    for (uint32_t id = 0; id < kSectionCount; id++) {
      const uint64_t bytes = shape.section_bytes(static_cast<SectionId>(id));
      header.sections[id] = {end, bytes, 0, 0};
      end += (bytes + kPage - 1) / kPage * kPage;
    }
    header.file_bytes = end;
    return header;
  }

  void write_codes(float* quantizer, const CodeArrays& to) const {
    if (choice_.precision == Precision::kVectors) return;
    const size_t dim = graph_.dim;
    const Quantizer fitted = fit_quantizer(rows_of(graph_), space_, choice_.is_scaled);
    std::copy(fitted.origin.begin(), fitted.origin.end(), quantizer);
    std::copy(fitted.shift.begin(), fitted.shift.end(), quantizer + dim);
    std::copy(fitted.step.begin(), fitted.step.end(), quantizer + 2 * dim);
    encode_rows(fitted, graph_.count, [&](size_t node) { return graph_.vector(order_[node]); }, to, options_.threads);
  }

  void write_nodes(uint32_t* links, uint32_t* labels, float* vectors) const {
    const size_t width = 2 * size_t{graph_.m};
    in_blocks(graph_.count, kBlock, options_.threads, [&](size_t begin, size_t end) {
      for (size_t node = begin; node < end; node++) {
        const uint32_t element = order_[node];
        uint32_t* at = links + node * width;
        for (const uint32_t next : graph_.links(element, 0)) *at++ = node_of_[next];
        std::fill(at, links + (node + 1) * width, kNone);
        labels[node] = graph_.label(element);
        if (vectors != nullptr) std::copy_n(graph_.vector(element), graph_.dim, vectors + node * graph_.dim);
      }
    });
  }

  /** @return the index of the entry point within the top layer, or its node */
  uint32_t write_layers(uint32_t* at) const {
    std::vector<uint32_t> below = node_of_;
    for (uint32_t layer = 1; layer <= graph_.top_layer; layer++) {
      const std::vector<uint32_t>& members = members_[layer - 1];
      std::vector<uint32_t> index(graph_.count);
      for (uint32_t i = 0; i < members.size(); i++) {
        index[members[i]] = i;
        at[i] = node_of_[members[i]];
        at[members.size() + i] = below[members[i]];
      }
      at += 2 * members.size();
      for (const uint32_t element : members) {
        uint32_t* link = at;
        for (const uint32_t next : graph_.links(element, layer)) *link++ = index[next];
        at += graph_.m;
        std::fill(link, at, kNone);
      }
      below = std::move(index);
    }
    return below[graph_.entry];
  }

  const GraphView& graph_;
  const Space space_;
  const ImageOptions options_;
  const PrecisionChoice choice_;
  const bool keeps_vectors_;
  const Grouping groups_;
  const std::vector<uint32_t> order_;
  std::vector<uint32_t> node_of_;
  /** From layer 1 up, the elements that reach it. */
  std::vector<std::vector<uint32_t>> members_;
};

}  // namespace

Memory write_image(const GraphView& graph, Space space, const ImageOptions& options) {
  const bool may_keep_vectors = options.keep_vectors != KeepVectors::kDropped;
  const Metric metric(space, *available_kernels().front(), graph.dim);
  return write_image(graph, space, options, choose_precision(rows_of(graph), metric, may_keep_vectors, options.threads));
}

Memory write_image(const GraphView& graph, Space space, const ImageOptions& options, const PrecisionChoice& choice) {
  return ImageWriter(graph, space, options, choice).write();
}

}  // namespace recall
