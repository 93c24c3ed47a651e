#include <algorithm>
#include <cmath>
#include <set>

#include "checks.h"
#include "graph_builder.h"
#include "grouping.h"
#include "image_writer.h"
#include "on_threads.h"
#include "row_filter.h"
#include "searcher.h"

namespace recall {
namespace {

constexpr uint32_t kDim = 16;
constexpr size_t kRows = 4000;
constexpr uint32_t kK = 20;

VectorRows rows_of(const std::vector<float>& vectors) {
  return {reinterpret_cast<const char*>(vectors.data()), kDim * sizeof(float), vectors.size() / kDim, kDim};
}

double score(Space space, const float* query, const float* row) {
  double product = 0, distance = 0, squares = 0, query_squares = 0;
  for (size_t d = 0; d < kDim; d++) {
    product += double{query[d]} * row[d];
    distance += std::pow(double{query[d]} - row[d], 2);
    squares += std::pow(row[d], 2);
    query_squares += std::pow(query[d], 2);
  }
  return space == Space::kL2 ? -distance : space == Space::kCosine ? product / std::sqrt(squares * query_squares) : product;
}

/** The share of the rows in order of their keys that is allowed: any of them, or those farthest from a direction. */
std::vector<int32_t> draw(const std::vector<float>& vectors, double share, bool is_far) {
  std::mt19937 random(9);
  std::vector<std::pair<double, int32_t>> keys;
  for (size_t row = 0; row < kRows; row++) {
    keys.push_back({is_far ? vectors[row * kDim] : static_cast<double>(random()), static_cast<int32_t>(row)});
  }
  std::sort(keys.begin(), keys.end());
  std::vector<int32_t> rows;
  for (size_t i = 0; i < static_cast<size_t>(share * kRows); i++) rows.push_back(keys[i].second);
  return rows;
}

struct Case {
  double share;
  /** That a random filter leads to; one that leaves little near a query may not be searched through the graph. */
  SearchPlan plan;
};

/** Compares with a full sort of the allowed rows. */
void check_filter(const ImageView& image, const std::vector<float>& vectors, const std::vector<float>& queries,
                  const std::vector<int32_t>& rows, const std::set<SearchPlan>& plans) {
  const RowFilter filter(kRows, rows.data(), rows.size(), true);
  Searcher searcher(image, *find_kernels(""));
  const std::vector<int32_t> excluded(rows.begin(), rows.begin() + static_cast<ptrdiff_t>(std::min<size_t>(4, rows.size() / 2)));
  std::vector<int32_t> left(rows.begin() + static_cast<ptrdiff_t>(excluded.size()), rows.end());
  const size_t wanted = std::min<size_t>(kK, left.size());
  size_t hits = 0;
  const size_t count = queries.size() / kDim;
  for (size_t q = 0; q < count; q++) {
    const float* const vector = queries.data() + q * kDim;
    int32_t labels[kK];
    float scores[kK];
    Query query;
    query.vector = vector;
    query.k = kK;
    query.limit = 30;
    query.excluded = excluded.data();
    query.excluded_count = static_cast<uint32_t>(excluded.size());
    query.filter = &filter;
    query.labels = labels;
    query.scores = scores;
    searcher.search(query);
    CHECK(query.found == wanted);
    CHECK(plans.count(query.plan) == 1);
    std::partial_sort(left.begin(), left.begin() + static_cast<ptrdiff_t>(wanted), left.end(), [&](int32_t a, int32_t b) {
      return score(image.space, vector, &vectors[static_cast<size_t>(a) * kDim]) > score(image.space, vector, &vectors[static_cast<size_t>(b) * kDim]);
    });
    CHECK(std::set<int32_t>(labels, labels + wanted).size() == wanted);
    for (size_t i = 0; i < wanted; i++) {
      CHECK(std::count(left.begin(), left.end(), labels[i]) == 1);
      hits += static_cast<size_t>(std::count(left.begin(), left.begin() + static_cast<ptrdiff_t>(wanted), labels[i]));
    }
  }
  // Codes of 8 bits alone confuse near neighbours.
  const double least = image.precision == Precision::kCodes ? 0.8 : 0.95;
  CHECK(static_cast<double>(hits) >= least * static_cast<double>(wanted * count));
}

}  // namespace

/** As many rows as match come back, and nearly the best of them, whatever the filter leaves and wherever that lies. */
void test_filters() {
  const std::vector<float> vectors = clustered(kRows, kDim, 1);
  const std::vector<float> queries = clustered(20, kDim, 2);
  constexpr Case kCases[] = {{1, SearchPlan::kGraph},    {0.9, SearchPlan::kGraph}, {0.7, SearchPlan::kGroups},
                             {0.1, SearchPlan::kScan},   {0.01, SearchPlan::kScan}, {0.001, SearchPlan::kScan},
                             {0, SearchPlan::kScan}};
  for (const Space space : {Space::kCosine, Space::kInnerProduct, Space::kL2}) {
    BuildProgress progress;
    const auto graph = Graph::build(vectors.data(), kRows, {space, kDim, 8, 60, 3, 2}, *find_kernels(""), progress);
    for (const Precision precision : {Precision::kCodes, Precision::kWide, Precision::kVectors}) {
      const bool is_scaled = space == Space::kL2 && precision == Precision::kWide;
      const Memory memory = write_image(graph->view(), space, {KeepVectors::kAuto, 60, 2}, {precision, is_scaled});
      const ImageView image = parse_image(memory.data(), memory.size(), true);
      for (const Case& one : kCases) {
        // So short a search of the graph finds too little of the longest vectors even without a filter.
        if (space == Space::kInnerProduct && one.plan == SearchPlan::kGraph) continue;
        check_filter(image, vectors, queries, draw(vectors, one.share, false), {one.plan});
        check_filter(image, vectors, queries, draw(vectors, one.share, true), {one.plan, SearchPlan::kGroups});
      }
    }
  }
}

/** A filter gives the same nodes by following its rows as by a look at all labels, whoever asks first. */
void test_filter_nodes() {
  const std::vector<float> vectors = clustered(kRows, kDim, 1);
  BuildProgress progress;
  const auto graph = Graph::build(vectors.data(), kRows, {Space::kL2, kDim, 8, 60, 3, 2}, *find_kernels(""), progress);
  const Memory memory = write_image(graph->view(), Space::kL2, {KeepVectors::kAuto, 60, 2});
  const ImageView image = parse_image(memory.data(), memory.size(), true);
  for (const double share : {0.01, 0.6}) {
    const std::vector<int32_t> rows = draw(vectors, share, false);
    const RowFilter filter(kRows, rows.data(), rows.size(), true);
    on_threads(4, [&](size_t) { filter.at_nodes(image); });
    const AllowedNodes& nodes = filter.at_nodes(image);
    for (uint32_t node = 0; node < kRows; node++) {
      CHECK((nodes.words[node / 64] >> (node % 64) & 1) == (filter.allows(image.labels[node]) ? 1u : 0u));
    }
    size_t in_groups = 0;
    for (const uint32_t count : nodes.in_group) in_groups += count;
    CHECK(in_groups == rows.size());
  }
}

void test_grouping() {
  std::vector<float> vectors = clustered(kRows, kDim, 1);
  const Grouping groups = group_rows(rows_of(vectors), *find_kernels(""), 1);
  CHECK(groups.size() > 200 && groups.size() <= 260);
  CHECK(std::set<uint32_t>(groups.rows.begin(), groups.rows.end()).size() == kRows && groups.rows.size() == kRows);
  double spread = 0;
  for (size_t group = 0; group < groups.size(); group++) {
    CHECK(groups.starts[group] < groups.starts[group + 1]);
    spread += groups.spreads[group] * (groups.starts[group + 1] - groups.starts[group]) / kRows;
  }
  // Vectors are spread by 1/4 in each dimension about 20 centres; rows that lie anywhere would be by more than 1.
  CHECK(spread < 0.25 * kDim);
  const Grouping same = group_rows(rows_of(vectors), *find_kernels(""), 4);
  CHECK(same.rows == groups.rows && same.starts == groups.starts && same.centres == groups.centres);

  // Alike, few, or too far apart for a float.
  std::fill(vectors.begin(), vectors.end(), 1.0f);
  CHECK(group_rows(rows_of(vectors), *find_kernels(""), 2).rows.size() == kRows);
  vectors[0] = 3e38f;
  vectors[kDim] = -3e38f;
  CHECK(group_rows(rows_of(vectors), *find_kernels(""), 2).rows.size() == kRows);
  vectors.resize(kDim);
  CHECK(group_rows(rows_of(vectors), *find_kernels(""), 2).size() == 1);
}

}  // namespace recall
