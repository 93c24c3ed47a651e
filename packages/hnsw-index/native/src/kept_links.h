#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image.h"
#include "inserter.h"

namespace recall {

/**
 * The links of a serving file between those of its rows that another graph holds too. What was linked to a row that is
 * gone is linked to some of that row's neighbours instead.
 */
class KeptLinks {
 public:
  /**
   * @param rows `[image.count]`: the row of the new graph for each of the file's, or one that it does not have
   * @param count rows of the new graph
   */
  KeptLinks(const ImageView& image, const int32_t* rows, size_t count);

  /** The highest layer of a row of the new graph; -1 for those that the file does not hold. */
  int level(uint32_t row) const { return levels_[row]; }
  /** A row of the highest layer that is kept; `kNone` where nothing is. */
  uint32_t entry() const { return entry_; }

  /** Writes the links of the rows that are kept. @param graph of elements without links, whose layers are those told */
  void write(Hierarchy& graph, const LinkRule& rule, size_t threads) const;

 private:
  struct KeptLayer {
    /** `[size]`, of the new graph; `kNone` for those that are gone. */
    std::vector<uint32_t> rows;
    /** `[size, width]`: places within the layer, unused ones `kNone`. */
    const uint32_t* links;
    size_t width;
  };

  void add_layer(int layer, std::vector<uint32_t> rows, const uint32_t* links, size_t width);
  void write_layer(Hierarchy& graph, const LinkRule& rule, int layer, size_t begin, size_t end) const;

  std::vector<KeptLayer> layers_;
  std::vector<int> levels_;
  uint32_t entry_ = kNone;
};

}  // namespace recall
