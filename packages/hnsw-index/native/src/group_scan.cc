#include "group_scan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "score_key.h"

namespace recall {
namespace {

/** Of the rows that are looked for, the share that may be expected in what is not scanned. */
constexpr float kTolerated = 0.02f;

/** A group is as promising as its rows that lie this many widths above the mean. */
constexpr float kWidthsAbove = 2;

/** Inverses and sums of these are still floats. */
constexpr float kLeastWidth = 1e-30f;
constexpr float kMostWidth = 1e37f;

/** Groups that are put in order at first. */
constexpr size_t kFirstSorted = 64;

/** Between two looks at what is left, at most this share more rows are scanned: the more is scanned, the less is left. */
constexpr double kGrowth = 0.5;

/** The upper tail of the normal distribution, in steps. */
class NormalTail {
 public:
  NormalTail() {
    for (size_t i = 0; i < kSteps; i++) {
      const double z = (static_cast<double>(i) + 0.5) / kStepsPerWidth - kWidths;
      shares_[i] = static_cast<float>(std::erfc(z / std::sqrt(2.0)) / 2);
    }
  }

  /** Of a NaN, which only a damaged file comes to, all. */
  float above(float z) const {
    const float step = (z + kWidths) * kStepsPerWidth;
    return !(step >= 0) ? 1 : step >= kSteps ? 0 : shares_[static_cast<size_t>(step)];
  }

 private:
  static constexpr float kWidths = 5;
  static constexpr float kStepsPerWidth = 25;
  static constexpr size_t kSteps = 250;
  std::array<float, kSteps> shares_;
};

const NormalTail normal_tail;

}  // namespace

GroupScan::GroupScan(const ImageView& image, const Kernels& kernels) : image_(image), kernels_(kernels) {}

void GroupScan::run(const float* query, double offset, const AllowedNodes& allowed, const uint64_t* excluded,
                    size_t wanted, RowScan& scan) {
  assess(query, offset, allowed);
  const float tolerated = kTolerated * static_cast<float>(wanted);
  double expected_deviation = 0;
  // Up to where groups are scanned before the next look at what is left, and after how many rows it comes.
  size_t last = order_.size();
  size_t pause = 2 * wanted;
  for (size_t next = 0; next < order_.size();) {
    if (next == sorted_) sort_more();
    const Group& group = groups_[node_of(order_[next++])];
    const auto [begin, end] = image_.group_range(group.group);
    scan.add(allowed.words.data(), excluded, begin, end, group.mean);
    expected_deviation += double{group.width} * group.width * group.rows;
    if (next < last && scan.scored() < pause) continue;
    scan.flush();
    if (scan.scored() < wanted) continue;
    // Never less wide than expected: a few groups that happen to be narrow say little of the rest.
    const double factor = expected_deviation > 0 ? std::max(1.0, std::sqrt(scan.deviation() / expected_deviation)) : 1;
    last = needed(scan.score_at(wanted), factor, tolerated);
    if (next >= last) return;
    pause = scan.scored() + static_cast<size_t>(kGrowth * static_cast<double>(scan.scored()));
  }
  scan.flush();
}

/** Says of each group where the scores of its rows lie. */
void GroupScan::assess(const float* query, double offset, const AllowedNodes& allowed) {
  const size_t dim = image_.dim;
  const bool is_distance = image_.space == Space::kL2;
  float squares = 0;
  // What rounding to codes adds to the width: errors are spread evenly over a step.
  float rounding = 0;
  for (size_t d = 0; d < dim; d++) {
    squares += query[d] * query[d];
    rounding += query[d] * image_.step[d] * query[d] * image_.step[d] / 12;
  }
  groups_.clear();
  order_.clear();
  sorted_ = 0;
  for (uint32_t group = 0; group < image_.groups.count; group++) {
    const uint32_t rows = allowed.in_group[group];
    if (rows == 0) continue;
    const float* const centre = image_.groups.centres + group * dim;
    const float spread = image_.groups.spreads[group];
    const float distance = is_distance ? kernels_.squared_distance(query, centre, dim) : 0;
    float mean = static_cast<float>((is_distance ? -distance - spread : kernels_.dot(query, centre, dim)) - offset);
    float width = std::sqrt((is_distance ? 4 * distance : squares) * spread / static_cast<float>(dim) + rounding);
    // A sum that overflows says nothing of its group, which is scanned among the first then.
    if (!std::isfinite(mean) || !(width < kMostWidth)) {
      mean = 0;
      width = kMostWidth;
    }
    order_.push_back(key_of(mean + kWidthsAbove * width, static_cast<uint32_t>(groups_.size())));
    groups_.push_back({mean, width, 1 / std::max(width, kLeastWidth), static_cast<float>(rows), group});
  }
}

/** Puts more of the groups in order, for few of them are scanned. */
void GroupScan::sort_more() {
  sorted_ = std::min(order_.size(), std::max(kFirstSorted, 2 * sorted_));
  put_greatest_first(order_, sorted_);
  // Those that were in order come to stand where they stood.
  std::sort(order_.begin(), order_.begin() + static_cast<ptrdiff_t>(sorted_), std::greater<>());
}

size_t GroupScan::needed(float score, double factor, float tolerated) const {
  const float inverse = static_cast<float>(1 / factor);
  float expected = 0;
  size_t count = order_.size();
  for (; count > 0 && expected <= tolerated; count--) {
    const Group& group = groups_[node_of(order_[count - 1])];
    expected += group.rows * normal_tail.above((score - group.mean) * group.inverse_width * inverse);
  }
  return expected <= tolerated ? 0 : count + 1;
}

}  // namespace recall
