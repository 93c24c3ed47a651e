#include "grouping.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "on_threads.h"
#include "quantizer.h"

namespace recall {
namespace {

/** So many groups for each √n: twice as many or half as many scan more rows, or compare more centres. */
constexpr double kGroupsPerRoot = 4;
/** In smaller groups the mean says little of the rows. */
constexpr size_t kLeastRows = 16;
/** Rows that each centre is learned from, and how often. */
constexpr size_t kSampledPerCentre = 48;
constexpr int kRounds = 6;
constexpr size_t kRowsAtOnce = 2048;

/** Some rows about their means. */
class Clusters {
 public:
  /** Lloyd's algorithm, begun with rows at equal distances in the list. @param rows what is parted @param count means, at most as many as rows */
  Clusters(const VectorRows& vectors, const std::vector<uint32_t>& rows, size_t count, const Kernels& kernels)
      : vectors_(vectors), kernels_(kernels), count_(count), means_(count * vectors.dim) {
    const size_t sample = std::min(rows.size(), count * kSampledPerCentre);
    const auto sampled = [&](size_t i, size_t of) { return rows[i * rows.size() / of]; };
    for (size_t i = 0; i < count; i++) std::copy_n(vectors.at(sampled(i, count)), vectors.dim, mean(i));
    if (count == 1) return;
    std::vector<uint32_t> chosen(sample);
    for (size_t i = 0; i < sample; i++) chosen[i] = sampled(i, sample);
    std::vector<uint32_t> places(sample);
    for (int round = 0; round < kRounds; round++) {
      for (size_t i = 0; i < sample; i++) places[i] = nearest(chosen[i]);
      move_means(chosen, places);
    }
  }

  /** Never one that is not there, whatever the values: a distance may be too large for a float. */
  uint32_t nearest(uint32_t row) const {
    uint32_t best = 0;
    float least = std::numeric_limits<float>::infinity();
    for (uint32_t i = 0; i < count_; i++) {
      const float distance = kernels_.squared_distance(vectors_.at(row), means_.data() + i * vectors_.dim, vectors_.dim);
      if (!(distance < least)) continue;
      least = distance;
      best = i;
    }
    return best;
  }

 private:
  float* mean(size_t i) { return means_.data() + i * vectors_.dim; }

  /** A mean that no row is near stays where it is. */
  void move_means(const std::vector<uint32_t>& rows, const std::vector<uint32_t>& places) {
    const size_t dim = vectors_.dim;
    std::vector<double> sums(count_ * dim);
    std::vector<size_t> sizes(count_);
    for (size_t i = 0; i < rows.size(); i++) {
      const float* const vector = vectors_.at(rows[i]);
      for (size_t d = 0; d < dim; d++) sums[places[i] * dim + d] += vector[d];
      sizes[places[i]]++;
    }
    for (size_t i = 0; i < count_; i++) {
      if (sizes[i] == 0) continue;
      for (size_t d = 0; d < dim; d++) mean(i)[d] = narrow(sums[i * dim + d] / static_cast<double>(sizes[i]));
    }
  }

  const VectorRows& vectors_;
  const Kernels& kernels_;
  const size_t count_;
  /** `[count, dim]` */
  std::vector<float> means_;
};

/** The rows at each place, in their order. */
std::vector<std::vector<uint32_t>> part(const std::vector<uint32_t>& rows, const std::vector<uint32_t>& places, size_t count) {
  std::vector<std::vector<uint32_t>> parts(count);
  for (size_t i = 0; i < rows.size(); i++) parts[places[i]].push_back(rows[i]);
  parts.erase(std::remove_if(parts.begin(), parts.end(), [](const auto& one) { return one.empty(); }), parts.end());
  return parts;
}

/** Appends a group of rows to those that there are. */
void append(Grouping& groups, const VectorRows& vectors, const std::vector<uint32_t>& rows) {
  const size_t dim = vectors.dim;
  const double count = static_cast<double>(rows.size());
  std::vector<double> mean(dim);
  for (const uint32_t row : rows) {
    for (size_t d = 0; d < dim; d++) mean[d] += vectors.at(row)[d] / count;
  }
  double spread = 0;
  for (const uint32_t row : rows) {
    for (size_t d = 0; d < dim; d++) spread += std::pow(vectors.at(row)[d] - mean[d], 2) / count;
  }
  for (const double value : mean) groups.centres.push_back(narrow(value));
  groups.spreads.push_back(narrow(spread));
  groups.rows.insert(groups.rows.end(), rows.begin(), rows.end());
  groups.starts.push_back(static_cast<uint32_t>(groups.rows.size()));
}

}  // namespace

Grouping group_rows(const VectorRows& vectors, const Kernels& kernels, size_t threads) {
  const size_t count = vectors.count;
  const double wanted = std::min(kGroupsPerRoot * std::sqrt(static_cast<double>(count)), static_cast<double>(count) / kLeastRows);
  std::vector<uint32_t> all(count);
  for (uint32_t row = 0; row < count; row++) all[row] = row;
  const size_t regions = std::max<size_t>(1, static_cast<size_t>(std::sqrt(wanted)));
  const Clusters coarse(vectors, all, regions, kernels);
  std::vector<uint32_t> places(count);
  in_blocks(count, kRowsAtOnce, threads, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; row++) places[row] = coarse.nearest(static_cast<uint32_t>(row));
  });
  const std::vector<std::vector<uint32_t>> parts = part(all, places, regions);

  std::vector<Grouping> fine(parts.size());
  in_blocks(parts.size(), 1, threads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
      const std::vector<uint32_t>& rows = parts[i];
      const double share = static_cast<double>(rows.size()) / static_cast<double>(count);
      const size_t size = std::max<size_t>(1, static_cast<size_t>(std::lround(wanted * share)));
      const Clusters clusters(vectors, rows, size, kernels);
      std::vector<uint32_t> at(rows.size());
      for (size_t row = 0; row < rows.size(); row++) at[row] = clusters.nearest(rows[row]);
      for (const std::vector<uint32_t>& group : part(rows, at, size)) append(fine[i], vectors, group);
    }
  });

  Grouping groups;
  groups.starts.push_back(0);
  for (const Grouping& part : fine) {
    const uint32_t before = static_cast<uint32_t>(groups.rows.size());
    for (const uint32_t end : part.starts) groups.starts.push_back(before + end);
    groups.rows.insert(groups.rows.end(), part.rows.begin(), part.rows.end());
    groups.centres.insert(groups.centres.end(), part.centres.begin(), part.centres.end());
    groups.spreads.insert(groups.spreads.end(), part.spreads.begin(), part.spreads.end());
  }
  return groups;
}

}  // namespace recall
