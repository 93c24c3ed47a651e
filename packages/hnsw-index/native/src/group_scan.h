#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image.h"
#include "kernels.h"
#include "row_filter.h"
#include "row_scan.h"

namespace recall {

/**
 * Scans group after group, the most promising first, until the rest are not expected to hold more than a few of the rows
 * that are looked for.
 *
 * The scores of a group's rows lie about that of its centre, as wide as the group is along the query. How wide that is
 * follows from its spread if all directions are alike, and is put right by what the scanned rows show.
 */
class GroupScan {
 public:
  GroupScan(const ImageView& image, const Kernels& kernels);

  /**
   * Adds rows to a scan that was reset for the query.
   * @param query `[dim]`, of length one for `cosine`
   * @param offset what scores of the scan leave out
   * @param wanted how many rows are looked for
   * @param excluded a bit for each node
   */
  void run(const float* query, double offset, const AllowedNodes& allowed, const uint64_t* excluded, size_t wanted, RowScan& scan);

 private:
  /** A group with allowed rows; their scores are about normal. */
  struct Group {
    float mean;
    float width;
    float inverse_width;
    float rows;
    uint32_t group;
  };

  void assess(const float* query, double offset, const AllowedNodes& allowed);
  void sort_more();
  /** How many groups, counted from the first, must be scanned so that of the others few rows are expected above a score. */
  size_t needed(float score, double factor, float tolerated) const;

  const ImageView& image_;
  const Kernels& kernels_;
  std::vector<Group> groups_;
  /** Keys of the places in `groups_` by what they promise, the first `sorted_` in descending order and above the rest. */
  std::vector<uint64_t> order_;
  size_t sorted_ = 0;
};

}  // namespace recall
