#pragma once

#include <cstddef>
#include <memory>

namespace recall {

/** Floats that nothing has been written to yet. */
class Buffer {
 public:
  explicit Buffer(size_t size) : values_(new float[size]) {}
  float* get() const { return values_.get(); }

 private:
  std::unique_ptr<float[]> values_;
};

/** What a transformer block keeps of its way forward, one after the other in one piece of memory. */
template <typename Pointer>
struct SavedRows {
  /** `[rows, dim]` each; queries carry the scale of the scores, and `hidden` what dropout has left. */
  Pointer normal, query, key, value, attended, inner_normal, hidden;
  /** `[rows]` each */
  Pointer inverse, inner_inverse;
  /** `[rows, heads]` */
  Pointer partition;

  static size_t size(size_t rows, size_t dim, size_t heads) { return rows * (7 * dim + 2 + heads); }

  SavedRows(Pointer start, size_t rows, size_t dim) {
    for (Pointer* part : {&normal, &query, &key, &value, &attended, &inner_normal, &hidden}) {
      *part = start;
      start += rows * dim;
    }
    inverse = start;
    inner_inverse = inverse + rows;
    partition = inner_inverse + rows;
  }
};

}  // namespace recall
