#pragma once

#include <cstddef>

namespace recall {

/**
 * Asks for large pages behind memory that nothing has touched yet. Rows of a table are read in any order, and each of
 * them misses the processor's table of small pages. Where the system has none to give, nothing changes.
 */
void prefer_huge_pages(void* start, size_t bytes);

}  // namespace recall
