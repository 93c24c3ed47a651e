#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "graph_view.h"
#include "image.h"
#include "kernels.h"
#include "space.h"

namespace recall {

struct BuildParameters {
  Space space;
  uint32_t dim;
  uint32_t m;
  uint32_t ef_construction;
  uint32_t seed;
  size_t threads;
};

/** Watched from other threads while a build goes on. */
struct BuildProgress {
  std::atomic<size_t> done{0};
  std::atomic<bool> is_cancelled{false};
};

/** A graph of hnswlib's, built by several threads. With one thread, the same input gives the same graph. */
class Graph {
 public:
  /**
   * @param vectors `[count, dim]`, of any length for `cosine`; copied
   * @throws Cancelled, std::bad_alloc
   */
  static std::unique_ptr<Graph> build(const float* vectors, size_t count, const BuildParameters& parameters,
                                      const Kernels& kernels, BuildProgress& progress);
  /**
   * The same of rows most of which a serving file holds: its links are kept, those to rows that are gone are replaced,
   * and the other rows are inserted.
   * @param base of the same space, `dim` and `m` @param rows `[base.count]`: the row for each of the file's, -1 for those that are gone
   */
  static std::unique_ptr<Graph> update(const ImageView& base, const int32_t* rows, const float* vectors, size_t count,
                                       const BuildParameters& parameters, const Kernels& kernels, BuildProgress& progress);
  ~Graph();

  const GraphView& view() const { return view_; }
  Space space() const { return space_; }

  /** Writes hnswlib's own format. @throws FileFault */
  void save(const std::string& path) const;

 private:
  struct Index;
  Graph(std::unique_ptr<Index> index, const BuildParameters& parameters);
  const std::unique_ptr<Index> index_;
  const Space space_;
  GraphView view_;
};

}  // namespace recall
