#include "graph_builder.h"

#include <cmath>
#include <cstdlib>
#include <new>
#include <random>
#include <vector>

#include <hnswlib/hnswlib.h>

#include "fault.h"
#include "memory.h"
#include "parallel.h"
#include "pool.h"
#include "visited_set.h"

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

using Hierarchy = hnswlib::HierarchicalNSW<float>;

/** The length is computed in double precision, so it neither overflows nor vanishes for any vector but zero. */
void write_point(Space space, const float* vector, size_t dim, float* point) {
  double squares = 0;
  for (size_t d = 0; d < dim; d++) squares += double{vector[d]} * vector[d];
  const double factor = space == Space::kCosine ? 1 / std::sqrt(squares) : 1;
  for (size_t d = 0; d < dim; d++) point[d] = static_cast<float>(vector[d] * factor);
}

/**
 * Everything of the graph but its links, before the first link is made: vectors, labels, layers and their room. No
 * thread then writes what another reads outside a lock, and the layers depend on the seed alone.
 */
void write_elements(Hierarchy& graph, const float* vectors, const BuildParameters& parameters) {
  const size_t count = graph.max_elements_;
  for (size_t row = 0; row < count; row++) {
    const int level = graph.getRandomLevel(graph.mult_);
    graph.element_levels_[row] = level;
    graph.linkLists_[row] = nullptr;
    if (level > 0) {
      graph.linkLists_[row] = static_cast<char*>(std::calloc(level, graph.size_links_per_element_));
      if (graph.linkLists_[row] == nullptr) throw std::bad_alloc();
    }
    graph.cur_element_count = row + 1;
  }
  in_blocks(count, 4096, parameters.threads, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; row++) {
      const auto element = static_cast<hnswlib::tableint>(row);
      std::memset(graph.get_linklist0(element), 0, graph.size_links_level0_);
      graph.setExternalLabel(element, row);
      write_point(parameters.space, vectors + row * parameters.dim, parameters.dim,
                  reinterpret_cast<float*>(graph.getDataByInternalId(element)));
    }
  });
}

/**
 * Links elements into the graph, one per thread at a time: hnswlib's insertion, with its own choice of neighbours, but
 * a search of ours for the candidates.
 */
class Inserter {
 public:
  explicit Inserter(Hierarchy& graph) : graph_(graph), visited_(graph.max_elements_), links_(graph.maxM0_) {}

  /**
   * As in hnswlib, the element's own links stay locked until all of its layers are done: who comes upon it on an upper
   * layer waits for the lower ones. Nobody waits in a circle, for one waits only for an element that is at work on a lower layer than oneself.
   */
  void insert(hnswlib::tableint element) {
    const std::lock_guard<std::mutex> own(graph_.link_list_locks_[element]);
    const int level = graph_.element_levels_[element];
    std::unique_lock<std::mutex> top(graph_.global);
    const int top_level = graph_.maxlevel_;
    hnswlib::tableint at = graph_.enterpoint_node_;
    // An element that becomes the entry point keeps the others from starting until it is linked.
    if (level <= top_level) top.unlock();
    if (top_level >= 0) {
      for (int layer = top_level; layer > level; layer--) at = nearest(element, at, layer);
      for (int layer = std::min(level, top_level); layer >= 0; layer--) {
        search(element, at, layer);
        Candidates candidates;
        // The farthest first: it is the top of the heap, so that none of the others has to rise.
        for (size_t rank = pool_.size(); rank-- > 0;) candidates.emplace(-pool_.score(rank), pool_.node(rank));
        at = graph_.mutuallyConnectNewElement(graph_.getDataByInternalId(element), element, candidates, layer, false);
      }
    }
    if (level > top_level) {
      graph_.enterpoint_node_ = element;
      graph_.maxlevel_ = level;
    }
  }

 private:
  using Candidates = std::priority_queue<std::pair<float, hnswlib::tableint>,
                                         std::vector<std::pair<float, hnswlib::tableint>>, Hierarchy::CompareByFirst>;

  float distance(hnswlib::tableint a, hnswlib::tableint b) const {
    return graph_.fstdistfunc_(graph_.getDataByInternalId(a), graph_.getDataByInternalId(b), graph_.dist_func_param_);
  }

  /** Copies the links of an element, for other threads may be changing them. @return how many there are */
  size_t read_links(hnswlib::tableint element, int layer) {
    const std::lock_guard<std::mutex> lock(graph_.link_list_locks_[element]);
    hnswlib::linklistsizeint* const list = graph_.get_linklist_at_level(element, layer);
    const size_t count = graph_.getListCount(list);
    std::memcpy(links_.data(), list + 1, count * sizeof(hnswlib::tableint));
    return count;
  }

  /** Greedily towards the element within a layer. */
  hnswlib::tableint nearest(hnswlib::tableint element, hnswlib::tableint at, int layer) {
    float best = distance(element, at);
    for (bool is_moving = true; is_moving;) {
      is_moving = false;
      const size_t count = read_links(at, layer);
      for (size_t i = 0; i < count; i++) {
        const float candidate = distance(element, links_[i]);
        if (candidate >= best) continue;
        best = candidate;
        at = links_[i];
        is_moving = true;
      }
    }
    return at;
  }

  /** Fills the pool with the elements of a layer that are nearest to the element. */
  void search(hnswlib::tableint element, hnswlib::tableint from, int layer) {
    visited_.clear();
    pool_.reset(graph_.ef_construction_);
    visited_.add(element);
    visited_.add(from);
    pool_.insert(-distance(element, from), from);
    while (pool_.next() < pool_.size()) {
      const size_t count = read_links(pool_.expand_next(), layer);
      const size_t unseen = visited_.add(links_.data(), count, links_.data());
      for (size_t i = 0; i < unseen; i++) __builtin_prefetch(graph_.getDataByInternalId(links_[i]));
      // Of those known so far, the next to be expanded; mostly none of these comes before it.
      if (pool_.next() < pool_.size()) {
        const hnswlib::tableint next = pool_.node(pool_.next());
        __builtin_prefetch(&graph_.link_list_locks_[next]);
        __builtin_prefetch(graph_.get_linklist_at_level(next, layer));
      }
      for (size_t i = 0; i < unseen; i++) {
        const float score = -distance(element, links_[i]);
        if (score > pool_.threshold()) pool_.insert(score, links_[i]);
      }
    }
  }

  Hierarchy& graph_;
  Pool pool_;
  VisitedSet visited_;
  std::vector<hnswlib::tableint> links_;
};

}  // namespace

struct Graph::Index {
  Index(const BuildParameters& parameters, const Kernels& kernels, size_t count)
      : space(parameters.space, kernels, parameters.dim),
        graph(&space, count, parameters.m, parameters.ef_construction, parameters.seed) {
    prefer_huge_pages(graph.data_level0_memory_, graph.max_elements_ * graph.size_data_per_element_);
  }
  MetricSpace space;
  Hierarchy graph;
};

std::unique_ptr<Graph> Graph::build(const float* vectors, size_t count, const BuildParameters& parameters,
                                    const Kernels& kernels, BuildProgress& progress) {
  auto index = std::make_unique<Index>(parameters, kernels, count);
  write_elements(index->graph, vectors, parameters);
  std::atomic<size_t> next{0};
  on_threads(std::min(parameters.threads, count), [&](size_t) {
    Inserter inserter(index->graph);
    for (size_t row = next++; row < count; row = next++) {
      if (progress.is_cancelled) throw Cancelled();
      inserter.insert(static_cast<hnswlib::tableint>(row));
      progress.done++;
    }
  });
  return std::unique_ptr<Graph>(new Graph(std::move(index), parameters));
}

Graph::Graph(std::unique_ptr<Index> index, const BuildParameters& parameters)
    : index_(std::move(index)), space_(parameters.space) {
  const Hierarchy& graph = index_->graph;
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
