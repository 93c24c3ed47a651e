#include <algorithm>
#include <cmath>

#include "checks.h"
#include "coded_vectors.h"
#include "graph_builder.h"
#include "precision.h"

namespace recall {
namespace {

constexpr uint32_t kM = 8;
constexpr uint32_t kEf = 60;

std::unique_ptr<Graph> build(const std::vector<float>& vectors, Space space, uint32_t dim, size_t threads) {
  BuildProgress progress;
  auto graph = Graph::build(vectors.data(), vectors.size() / dim, {space, dim, kM, kEf, 3, threads}, *find_kernels(""), progress);
  CHECK(progress.done == graph->view().count);
  return graph;
}

/** Two clusters that lie far apart, next to their own extent: with 255 steps for all, codes tell nothing within one. */
std::vector<float> far_clusters(size_t count, size_t dim) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  std::vector<float> vectors(count * dim);
  for (size_t i = 0; i < vectors.size(); i++) vectors[i] = (i / dim % 2 == 0 ? -1.0f : 1.0f) + normal(random) / 1000;
  return vectors;
}

VectorRows rows_of(const std::vector<float>& vectors, size_t dim) {
  return {reinterpret_cast<const char*>(vectors.data()), dim * sizeof(float), vectors.size() / dim, dim};
}

double share_found(const std::vector<float>& vectors, size_t dim) {
  const Metric metric(Space::kL2, *find_kernels(""), dim);
  const VectorRows rows = rows_of(vectors, dim);
  const CodedVectors coded(rows, Space::kL2, false, false, 2);
  return share_found_by_codes(rows, coded.rows(), metric, 2 * kM, kEf, 2);
}

/** The share of the elements that are linked to the one that is nearest to them, as by the rule all should be. */
double share_linked(const Graph& graph, const std::vector<float>& vectors, Space space, size_t dim) {
  const Metric metric(space, *find_kernels(""), dim);
  const VectorRows rows = rows_of(vectors, dim);
  size_t linked = 0;
  for (uint32_t element = 0; element < rows.count; element++) {
    uint32_t nearest = element == 0 ? 1 : 0;
    for (uint32_t other = 0; other < rows.count; other++) {
      if (other == element) continue;
      if (metric.distance(rows.at(element), rows.at(other)) < metric.distance(rows.at(element), rows.at(nearest))) nearest = other;
    }
    const GraphView::Links links = graph.view().links(element, 0);
    CHECK(links.count >= 1 && links.count <= 2 * kM);
    CHECK(std::count(links.begin(), links.end(), element) == 0);
    linked += std::find(links.begin(), links.end(), nearest) != links.end() ? 1 : 0;
  }
  return static_cast<double>(linked) / static_cast<double>(rows.count);
}

bool has_same_links(const Graph& a, const Graph& b) {
  for (uint32_t element = 0; element < a.view().count; element++) {
    for (uint32_t layer = 0; layer <= static_cast<uint32_t>(a.view().levels[element]); layer++) {
      const GraphView::Links one = a.view().links(element, layer);
      const GraphView::Links other = b.view().links(element, layer);
      if (!std::equal(one.begin(), one.end(), other.begin(), other.end())) return false;
    }
  }
  return true;
}

}  // namespace

void test_build() {
  constexpr uint32_t kDim = 24;
  const std::vector<float> near = clustered(1200, kDim, 1);
  const std::vector<float> far = far_clusters(1200, kDim);
  CHECK(share_found(near, kDim) > 0.99);
  CHECK(share_found(far, kDim) < 0.5);
  for (const std::vector<float>* vectors : {&near, &far}) {
    for (const size_t threads : {size_t{1}, size_t{3}}) {
      CHECK(share_linked(*build(*vectors, Space::kL2, kDim, threads), *vectors, Space::kL2, kDim) > 0.9);
    }
    CHECK(has_same_links(*build(*vectors, Space::kL2, kDim, 1), *build(*vectors, Space::kL2, kDim, 1)));
  }

  // Nothing to tell vectors by, and products that do not fit a float.
  for (const float value : {1.0f, 1e30f}) {
    for (const size_t count : {size_t{1}, size_t{2}, size_t{100}}) {
      for (const Space space : {Space::kCosine, Space::kInnerProduct, Space::kL2}) {
        std::vector<float> vectors(count * kDim, value);
        for (size_t i = 0; i < vectors.size(); i += 3) vectors[i] = -value;
        build(vectors, space, kDim, 2);
      }
    }
  }
}

}  // namespace recall
