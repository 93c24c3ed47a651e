#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "candidates.h"
#include "image.h"
#include "kernels.h"
#include "row_scores.h"
#include "visited_set.h"

namespace recall {

/** Searches the graph for one query at a time, with memory that is kept: a search allocates nothing. */
class Traversal {
 public:
  Traversal(const ImageView& image, const Kernels& kernels);

  /**
   * @param query `[dim]`, of length one for `cosine`
   * @param wanted how many of the best candidates are kept, and must be seen before the search may end
   * @param limit how many candidates are expanded; with 0 nothing is searched
   */
  void search(const float* query, size_t wanted, size_t limit);

  /** The best that were seen, in no order: as many as were wanted, or the limit if that is more. */
  const Candidates& candidates() const { return candidates_; }
  /** Scores of the query that was searched for last. */
  RowScores& scores() { return scores_; }
  const RowScores& scores() const { return scores_; }

 private:
  /** Nodes whose codes or vectors are on their way. */
  struct Batch {
    explicit Batch(size_t most) : nodes(most) {}
    std::vector<uint32_t> nodes;
    size_t size = 0;
  };

  uint32_t descend();
  void gather(uint32_t node, Batch& batch);
  void score(Batch& batch);

  const ImageView& image_;
  RowScores scores_;
  Candidates candidates_;
  VisitedSet visited_;
  Batch gathered_;
  Batch before_;
  /** Room for the scores of a batch. */
  std::vector<float> batch_scores_;
};

}  // namespace recall
