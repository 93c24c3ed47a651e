#include "image.h"

#include <cmath>
#include <cstring>
#include <string>

#include "crc32c.h"
#include "fault.h"
#include "quantizer.h"

namespace recall {
namespace {

const char* const kSectionNames[kSectionCount] = {"quantizer", "codes", "links", "labels", "bias", "layers", "vectors",
                                                  "residuals", "fine bias", "scales", "nodes", "group starts", "group centres",
                                                  "group spreads"};

void check_header(const ImageHeader& header, size_t bytes) {
  if (header.version > kVersion) {
    throw FileFault("newer", "it has format " + std::to_string(header.version) + ", but this release reads up to " +
                                 std::to_string(kVersion));
  }
  if (header.version < kVersion) {
    throw FileFault("outdated", "it has format " + std::to_string(header.version) + " of an older release");
  }
  if (crc32c(&header, offsetof(ImageHeader, crc)) != header.crc) throw FileFault("damaged", "its header was changed");
  if (header.byte_order != kByteOrder) {
    throw FileFault("foreign", "it was written by another kind of machine");
  }
  if (bytes < header.file_bytes) {
    throw FileFault("truncated",
                    "it has " + std::to_string(bytes) + " bytes instead of " + std::to_string(header.file_bytes));
  }
  if (bytes > header.file_bytes) throw FileFault("damaged", "it is longer than it was written");
}

/** A header whose checksum is right may still come from somebody who means harm. */
void check_shape(const ImageHeader& header) {
  const bool is_sound = static_cast<uint32_t>(header.space) <= static_cast<uint32_t>(Space::kL2) &&
                        header.dim >= kMinDim && header.dim <= kMaxDim && header.count >= 1 &&
                        header.count <= kMaxCount && header.m >= 2 && header.m <= 10000 &&
                        header.layer_count <= kMaxLayers && header.limit >= 1 &&
                        static_cast<uint32_t>(header.precision) < kPrecisions && header.is_scaled <= 1 &&
                        header.group_count >= 1 && header.group_count <= header.count &&
                        (header.is_scaled == 0 || header.space != Space::kCosine) &&
                        (header.precision != Precision::kVectors || header.sections[kVectors].bytes > 0);
  if (!is_sound) throw FileFault("damaged", "its header is out of range");
  uint32_t below = header.count;
  for (uint32_t layer = 0; layer < header.layer_count; layer++) {
    if (header.layer_sizes[layer] == 0 || header.layer_sizes[layer] > below) {
      throw FileFault("damaged", "its layers are out of range");
    }
    below = header.layer_sizes[layer];
  }
  if (header.entry >= below) throw FileFault("damaged", "its entry point is out of range");
}

void check_sections(const ImageHeader& header, const ImageShape& shape, const uint8_t* data, bool verify) {
  for (uint32_t id = 0; id < kSectionCount; id++) {
    const Section& section = header.sections[id];
    const uint64_t wanted = shape.section_bytes(static_cast<SectionId>(id));
    if (section.bytes != wanted || section.offset % kPage != 0 || section.offset > header.file_bytes ||
        section.bytes > header.file_bytes - section.offset) {
      throw FileFault("damaged", std::string("its section ") + kSectionNames[id] + " is out of place");
    }
    if (verify && crc32c(data + section.offset, section.bytes) != section.crc) {
      throw FileFault("damaged", std::string("the checksum of its section ") + kSectionNames[id] + " differs");
    }
  }
}

std::vector<Layer> find_layers(const ImageShape& shape, const uint32_t* at) {
  std::vector<Layer> layers;
  for (const uint32_t size : shape.layer_sizes) {
    layers.push_back({size, at, at + size, at + 2 * size_t{size}});
    at += size_t{size} * (2 + shape.m);
  }
  return layers;
}

}  // namespace

uint64_t ImageShape::section_bytes(SectionId id) const {
  const uint64_t rows = count;
  switch (id) {
    case kQuantizer:
      return 3 * sizeof(float) * uint64_t{dim};
    case kCodes:
      return precision == Precision::kVectors ? 0 : rows * stride;
    case kResiduals:
      return has_residuals(precision) ? rows * stride : 0;
    case kFineBias:
      return space == Space::kL2 && has_residuals(precision) ? rows * sizeof(float) : 0;
    case kScales:
      return is_scaled ? rows * sizeof(float) : 0;
    case kLinks:
      return rows * 2 * m * sizeof(uint32_t);
    case kLabels:
    case kNodes:
      return rows * sizeof(uint32_t);
    case kGroupStarts:
      return (uint64_t{group_count} + 1) * sizeof(uint32_t);
    case kGroupCentres:
      return uint64_t{group_count} * dim * sizeof(float);
    case kGroupSpreads:
      return uint64_t{group_count} * sizeof(float);
    case kBias:
      return space == Space::kL2 && precision != Precision::kVectors ? rows * sizeof(float) : 0;
    case kLayers: {
      uint64_t elements = 0;
      for (const uint32_t size : layer_sizes) elements += size;
      return elements * (2 + uint64_t{m}) * sizeof(uint32_t);
    }
    case kVectors:
      return keeps_vectors ? rows * dim * sizeof(float) : 0;
    default:
      return 0;
  }
}

ImageView parse_image(const uint8_t* data, size_t bytes, bool verify) {
  if (bytes < sizeof kMagic || std::memcmp(data, kMagic, sizeof kMagic) != 0) {
    throw FileFault("foreign", "it is not a serving file of this engine");
  }
  if (bytes < kPage) throw FileFault("truncated", "it ends within its header");
  ImageHeader header;
  std::memcpy(&header, data, sizeof header);
  check_header(header, bytes);
  check_shape(header);
  const ImageShape shape = {
      header.space, header.dim, header.count, header.m,
      code_stride(header.dim), header.precision, header.is_scaled == 1, header.sections[kVectors].bytes > 0,
      header.group_count, std::vector<uint32_t>(header.layer_sizes, header.layer_sizes + header.layer_count)};
  check_sections(header, shape, data, verify);

  const auto floats = [&](SectionId id) -> const float* {
    const Section& section = header.sections[id];
    return section.bytes == 0 ? nullptr : reinterpret_cast<const float*>(data + section.offset);
  };
  const auto words = [&](SectionId id) { return reinterpret_cast<const uint32_t*>(data + header.sections[id].offset); };
  ImageView view;
  view.space = header.space;
  view.dim = header.dim;
  view.count = header.count;
  view.m = header.m;
  view.ef_construction = header.ef_construction;
  view.entry = header.entry;
  view.limit = header.limit;
  view.stride = shape.stride;
  view.precision = header.precision;
  view.has_wide_queries = header.precision == Precision::kWide;
  view.origin = floats(kQuantizer);
  view.shift = view.origin + header.dim;
  view.step = view.shift + header.dim;
  for (size_t d = 0; d < 3 * size_t{header.dim}; d++) {
    if (!std::isfinite(view.origin[d])) throw FileFault("damaged", "its quantizer is not finite");
  }
  view.codes = data + header.sections[kCodes].offset;
  view.residuals = header.sections[kResiduals].bytes == 0 ? nullptr : data + header.sections[kResiduals].offset;
  view.scales = floats(kScales);
  view.fine_bias = floats(kFineBias);
  view.links = words(kLinks);
  view.labels = words(kLabels);
  view.nodes = words(kNodes);
  view.groups = {header.group_count, words(kGroupStarts), floats(kGroupCentres), floats(kGroupSpreads)};
  view.bias = floats(kBias);
  view.vectors = floats(kVectors);
  view.layers = find_layers(shape, words(kLayers));
  return view;
}

std::vector<uint8_t> header_with_limit(const uint8_t* data, uint32_t limit) {
  ImageHeader header;
  std::memcpy(&header, data, sizeof header);
  header.limit = limit;
  header.crc = crc32c(&header, offsetof(ImageHeader, crc));
  std::vector<uint8_t> page(kPage);
  std::memcpy(page.data(), &header, sizeof header);
  return page;
}

}  // namespace recall
