#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "code_scores.h"
#include "precision.h"
#include "space.h"

namespace recall {

/** hnswlib draws layers from an exponential distribution; more than this many can't come about. */
constexpr uint32_t kMaxLayers = 64;

/**
 * The serving file, little-endian: one page of header, then the sections, each on a page boundary. Nodes are numbered
 * group by group (see Grouping), and within each in the depth-first order of the graph, so that neighbours lie near one
 * another and a group is a range of nodes.
 */
struct Section {
  uint64_t offset;
  uint64_t bytes;
  uint32_t crc;
  uint32_t reserved;
};

enum SectionId : uint32_t {
  /** `origin [dim]`, `shift [dim]`, `step [dim]`, float32. */
  kQuantizer,
  /** `[count, stride]` uint8. */
  kCodes,
  /** `[count, 2·M]` uint32, unused ones `kNone`. */
  kLinks,
  /** `[count]` uint32: the row of the indexed matrix. */
  kLabels,
  /** `[count]` float32, for `l2` only: see Quantizer::Terms. */
  kBias,
  /** Layer by layer from 1: `nodes [n]`, `down [n]`, `links [n, M]`, uint32. */
  kLayers,
  /** `[count, dim]` float32, or empty. */
  kVectors,
  /** `[count, stride]` uint8, or empty: the second byte of each code. */
  kResiduals,
  /** `[count]` float32, for `l2` with residuals only. */
  kFineBias,
  /** `[count]` float32, or empty: what the code of each row is multiplied by. */
  kScales,
  /** `[count]` uint32: the node of each row. */
  kNodes,
  /** `[groups + 1]` uint32: the first node of each group, and the count. */
  kGroupStarts,
  /** `[groups, dim]` float32: the mean of each group. */
  kGroupCentres,
  /** `[groups]` float32: the mean squared distance from it. */
  kGroupSpreads,
  kSectionCount,
};

struct ImageHeader {
  char magic[8];
  uint32_t version;
  uint32_t byte_order;
  uint64_t file_bytes;
  Space space;
  uint32_t dim;
  uint32_t count;
  uint32_t m;
  uint32_t ef_construction;
  /** Where a search begins: an index into the top layer, or a node where there are no layers. */
  uint32_t entry;
  uint32_t layer_count;
  /** How many candidates a search expands unless it says otherwise. */
  uint32_t limit;
  Precision precision;
  uint32_t is_scaled;
  uint32_t group_count;
  uint32_t reserved;
  uint32_t layer_sizes[kMaxLayers];
  Section sections[kSectionCount];
  /** Of everything before it. */
  uint32_t crc;
};

constexpr size_t kPage = 4096;
static_assert(sizeof(ImageHeader) <= kPage);
constexpr char kMagic[8] = {'V', 'R', 'E', 'N', 'G', 'I', 'N', 'E'};
/** Older ones had no groups; they are made anew from the graph. */
constexpr uint32_t kVersion = 4;
constexpr uint32_t kByteOrder = 0x01020304;

/** A layer above the ground. Its elements are numbered from 0 within it. */
struct Layer {
  uint32_t size;
  /** `[size]` */
  const uint32_t* nodes;
  /** `[size]`: the same element in the layer below; for layer 1, its node. */
  const uint32_t* down;
  /** `[size, M]` */
  const uint32_t* links;
};

/** Ranges of nodes that lie near one another. */
struct Groups {
  uint32_t count;
  /** `[count + 1]` */
  const uint32_t* starts;
  /** `[count, dim]` */
  const float* centres;
  /** `[count]` */
  const float* spreads;
};

/**
 * The parts of a serving file in memory. The values inside the sections are not trusted: whoever follows a link, a
 * node or a label compares it with the count first, so that no file and no later change to it leads out of bounds.
 */
struct ImageView : CodedRows {
  uint32_t count;
  uint32_t m;
  uint32_t ef_construction;
  uint32_t entry;
  uint32_t limit;
  Precision precision;
  const uint32_t* links;
  const uint32_t* labels;
  /** `[count]`: the node of each row. */
  const uint32_t* nodes;
  Groups groups;
  /** Null where float32 was dropped. */
  const float* vectors;
  /** From layer 1 up. */
  std::vector<Layer> layers;

  size_t links_per_node() const { return 2 * size_t{m}; }
  /** `kNone` where there is no such row, or the file does not know its node. */
  uint32_t node_of(uint32_t row) const { return row < count && nodes[row] < count ? nodes[row] : kNone; }
  /** The first node of a group, and the one behind its last; where the file is damaged, some others. */
  std::pair<uint32_t, uint32_t> group_range(uint32_t group) const {
    const uint32_t end = std::min(groups.starts[group + 1], count);
    return {std::min(groups.starts[group], end), end};
  }
};

/** Bytes of each section of an image of this shape. */
struct ImageShape {
  Space space;
  uint32_t dim;
  uint32_t count;
  uint32_t m;
  size_t stride;
  Precision precision;
  bool is_scaled;
  bool keeps_vectors;
  uint32_t group_count;
  std::vector<uint32_t> layer_sizes;

  uint64_t section_bytes(SectionId id) const;
};

/**
 * @param verify compares the checksums of all sections; the header's is always compared
 * @throws FileFault
 */
ImageView parse_image(const uint8_t* data, size_t bytes, bool verify);

/** The header page of an image with another limit. @param data a sound image */
std::vector<uint8_t> header_with_limit(const uint8_t* data, uint32_t limit);

}  // namespace recall
