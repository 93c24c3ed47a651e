#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "group_scan.h"
#include "image.h"
#include "kernels.h"
#include "ranking.h"
#include "row_filter.h"
#include "row_scan.h"
#include "traversal.h"

namespace recall {

/** How the rows of a query were found. */
enum class SearchPlan : int32_t {
  /** Through the graph. */
  kGraph = 0,
  /** By a look at every row that is allowed. */
  kScan = 1,
  /** By a look at those that are allowed in the groups that promise most. */
  kGroups = 2,
};

/** One query and the room for its answer. */
struct Query {
  /** `[dim]` */
  const float* vector = nullptr;
  uint32_t k = 0;
  /** How many candidates may be expanded; see Traversal. */
  uint32_t limit = 0;
  /** Rows that must not be returned. */
  const int32_t* excluded = nullptr;
  uint32_t excluded_count = 0;
  /** Null allows every row. */
  const RowFilter* filter = nullptr;
  /** Scores by the stored float32 vectors, which must be there. */
  bool wants_exact_scores = false;
  /** `[k]`, best first. */
  int32_t* labels = nullptr;
  float* scores = nullptr;
  /** How many of them were found. */
  uint32_t found = 0;
  SearchPlan plan = SearchPlan::kGraph;
};

/** Answers queries on one thread, with memory that is kept from one to the next. */
class Searcher {
 public:
  Searcher(const ImageView& image, const Kernels& kernels);

  void search(Query& query);

 private:
  /** Marks the excluded rows of a query for as long as it lives. */
  class Exclusion;

  void set_vector(const float* query);
  size_t allowed_rows(const Query& query) const;
  bool is_allowed(const Query& query, uint32_t node, uint32_t label) const;
  void collect(const Query& query);
  void traverse(const Query& query, size_t allowed);
  void scan(const Query& query, SearchPlan plan);
  void keep_best(size_t count);
  void rank(const Query& query);
  /** Whether rows are ranked by their float32 vectors. */
  bool is_exact(const Query& query) const;
  size_t kept_for(const Query& query) const;
  bool is_extreme() const;
  double score_widely(uint32_t node, bool by_vectors) const;
  float limited(double score) const;

  const ImageView& image_;
  const Kernels& kernels_;
  /** `[dim]`: the query, of length one for `cosine`. */
  std::vector<float> vector_;
  Traversal traversal_;
  RowScan row_scan_;
  GroupScan group_scan_;
  /** A bit for each node. */
  std::vector<uint64_t> excluded_;
  /** What will be returned. */
  std::vector<Ranked> ranked_;
  Ranking ranking_;
};

}  // namespace recall
