#include "graph_builder.h"

#include <cmath>
#include <vector>

#include <hnswlib/hnswlib.h>

#include "fault.h"
#include "parallel.h"

namespace recall {
namespace {

/** What hnswlib's distance functions get as their parameter. */
struct Metric {
  const Kernels* kernels;
  size_t dim;
};

float inner_product_distance(const void* a, const void* b, const void* parameter) {
  const Metric& metric = *static_cast<const Metric*>(parameter);
  return 1 - metric.kernels->dot(static_cast<const float*>(a), static_cast<const float*>(b), metric.dim);
}

float l2_distance(const void* a, const void* b, const void* parameter) {
  const Metric& metric = *static_cast<const Metric*>(parameter);
  return metric.kernels->squared_distance(static_cast<const float*>(a), static_cast<const float*>(b), metric.dim);
}

class MetricSpace : public hnswlib::SpaceInterface<float> {
 public:
  MetricSpace(Space space, const Kernels& kernels, size_t dim) : space_(space), metric_{&kernels, dim} {}
  size_t get_data_size() override { return metric_.dim * sizeof(float); }
  hnswlib::DISTFUNC<float> get_dist_func() override {
    return space_ == Space::kL2 ? l2_distance : inner_product_distance;
  }
  void* get_dist_func_param() override { return &metric_; }

 private:
  const Space space_;
  Metric metric_;
};

/** The length is computed in double precision, so it neither overflows nor vanishes for any vector but zero. */
void copy_point(Space space, const float* vector, std::vector<float>& point) {
  double squares = 0;
  for (size_t d = 0; d < point.size(); d++) squares += double{vector[d]} * vector[d];
  const double factor = space == Space::kCosine ? 1 / std::sqrt(squares) : 1;
  for (size_t d = 0; d < point.size(); d++) point[d] = static_cast<float>(vector[d] * factor);
}

}  // namespace

struct Graph::Index {
  Index(const BuildParameters& parameters, const Kernels& kernels, size_t count)
      : space(parameters.space, kernels, parameters.dim),
        graph(&space, count, parameters.m, parameters.ef_construction, parameters.seed) {}
  MetricSpace space;
  hnswlib::HierarchicalNSW<float> graph;
};

std::unique_ptr<Graph> Graph::build(const float* vectors, size_t count, const BuildParameters& parameters,
                                    const Kernels& kernels, BuildProgress& progress) {
  auto index = std::make_unique<Index>(parameters, kernels, count);
  std::atomic<size_t> next{0};
  on_threads(std::min(parameters.threads, count), [&](size_t) {
    std::vector<float> point(parameters.dim);
    for (size_t row = next++; row < count; row = next++) {
      if (progress.is_cancelled) throw Cancelled();
      copy_point(parameters.space, vectors + row * parameters.dim, point);
      index->graph.addPoint(point.data(), row);
      progress.done++;
    }
  });
  return std::unique_ptr<Graph>(new Graph(std::move(index), parameters));
}

Graph::Graph(std::unique_ptr<Index> index, const BuildParameters& parameters)
    : index_(std::move(index)), space_(parameters.space) {
  const hnswlib::HierarchicalNSW<float>& graph = index_->graph;
  view_.count = static_cast<uint32_t>(graph.cur_element_count);
  view_.dim = parameters.dim;
  view_.m = static_cast<uint32_t>(graph.M_);
  view_.ef_construction = parameters.ef_construction;
  view_.entry = graph.enterpoint_node_;
  view_.top_layer = static_cast<uint32_t>(graph.maxlevel_);
  view_.elements = graph.data_level0_memory_;
  view_.element_bytes = graph.size_data_per_element_;
  view_.levels.assign(graph.element_levels_.begin(), graph.element_levels_.begin() + view_.count);
  view_.upper.assign(graph.linkLists_, graph.linkLists_ + view_.count);
}

Graph::~Graph() = default;

void Graph::save(const std::string& path) const { index_->graph.saveIndex(path); }

}  // namespace recall
