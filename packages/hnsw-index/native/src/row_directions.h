#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image.h"
#include "kernels.h"

namespace recall {

/**
 * The directions of rows of a serving file: of each its vector, or what its code stands for, scaled to the length 127 and
 * rounded.
 */
class RowDirections {
 public:
  explicit RowDirections(const ImageView& image) : image_(image) {}

  /** @param rows `[count]` @param directions `[count, dim]`; zeros for a row that the file does not hold */
  void read(const int32_t* rows, size_t count, const Kernels& kernels, int8_t* directions) const;

 private:
  const ImageView& image_;
};

}  // namespace recall
