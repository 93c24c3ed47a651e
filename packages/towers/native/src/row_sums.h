#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels.h"

namespace recall {

/** A sum that goes to a slot: rows of gradients by slot number, see row-gradients.ts. `sums` is `[slots, dim]`. */
struct Sums {
  float* values;
  size_t dim;
};

/** Adds row i of the block to the sum in slot `slots[i]`; a negative slot is none. */
void add_rows(Sums sums, const int32_t* slots, size_t count, Block gradient);

/**
 * Adds row i of the block, divided by the length of list i, to the sum of each of the list's slots, which follow one
 * another in `slots` list after list.
 */
void add_means(Sums sums, const int32_t* slots, const Lists& lists, Block gradient);

}  // namespace recall
