#pragma once

#include <cstddef>

#include "graph_view.h"
#include "memory.h"
#include "space.h"

namespace recall {

struct ImageOptions {
  bool keeps_vectors;
  uint32_t limit;
  size_t threads;
};

/** Makes a serving file, in memory, out of a graph. @throws std::bad_alloc */
Memory write_image(const GraphView& graph, Space space, const ImageOptions& options);

}  // namespace recall
