#pragma once

#include <string>

#include "graph_view.h"
#include "memory.h"

namespace recall {

/**
 * A graph in a file of hnswlib's format, of which every size, link and label has been checked.
 * The memory belongs to the view.
 */
struct GraphFile {
  Memory memory;
  GraphView view;
};

/** @throws FileFault */
GraphFile open_graph_file(const std::string& path);

/** The same of bytes in memory. @throws FileFault */
GraphView parse_graph(const uint8_t* data, size_t bytes);

}  // namespace recall
