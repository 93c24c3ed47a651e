#pragma once

#include <cstddef>

#include "graph_view.h"
#include "memory.h"
#include "precision.h"
#include "space.h"

namespace recall {

/** What becomes of the float32 vectors: `kAuto` keeps them where codes can't tell neighbours apart. */
enum class KeepVectors : uint32_t { kAuto = 0, kKept = 1, kDropped = 2 };

struct ImageOptions {
  KeepVectors keep_vectors;
  uint32_t limit;
  size_t threads;
};

/** Makes a serving file, in memory, out of a graph; measures what its rows are to be compared by. @throws std::bad_alloc */
Memory write_image(const GraphView& graph, Space space, const ImageOptions& options);
/** The same where that was chosen before. */
Memory write_image(const GraphView& graph, Space space, const ImageOptions& options, const PrecisionChoice& choice);

}  // namespace recall
