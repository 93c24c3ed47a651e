#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image.h"
#include "kernels.h"
#include "pool.h"
#include "quantizer.h"
#include "visited_set.h"

namespace recall {

/** Searches the graph for one query at a time, with memory that is kept: a search allocates nothing. */
class Traversal {
 public:
  Traversal(const ImageView& image, const Kernels& kernels);

  /**
   * @param query `[dim]`, of length one for `cosine`
   * @param pool_size how many of the best candidates are kept
   * @param limit the search ends when the best `limit` candidates are expanded; with 0 nothing is searched
   */
  void search(const float* query, size_t pool_size, size_t limit);

  const Pool& pool() const { return pool_; }
  const QuantizedQuery& query() const { return query_; }

 private:
  void descend();
  void gather(uint32_t node);
  void score();
  void prefetch_links() const;

  const ImageView& image_;
  const Kernels& kernels_;
  QuantizedQuery query_;
  Pool pool_;
  VisitedSet visited_;
  /** The nodes gathered, and room for their scores. */
  std::vector<uint32_t> nodes_;
  std::vector<int32_t> products_;
};

}  // namespace recall
