#include "graph_builder.h"

#include <cmath>
#include <cstdlib>
#include <new>
#include <vector>

#include <hnswlib/hnswlib.h>

#include "code_scores.h"
#include "coded_vectors.h"
#include "fault.h"
#include "inserter.h"
#include "kept_links.h"
#include "memory.h"
#include "on_threads.h"
#include "precision.h"
#include "reachability.h"
#include "vector_scores.h"

namespace recall {
namespace {

/** Where codes find a smaller share of the nearest, candidates are looked for by vectors. Measured: see docs/decisions. */
constexpr double kLeastShareFound = 0.9;

float inner_product_distance(const void* a, const void* b, const void* metric) {
  return 1 + static_cast<const Metric*>(metric)->distance(static_cast<const float*>(a), static_cast<const float*>(b));
}

float l2_distance(const void* a, const void* b, const void* metric) {
  return static_cast<const Metric*>(metric)->distance(static_cast<const float*>(a), static_cast<const float*>(b));
}

class MetricSpace : public hnswlib::SpaceInterface<float> {
 public:
  explicit MetricSpace(const Metric& metric) : metric_(metric) {}
  size_t get_data_size() override { return metric_.dim() * sizeof(float); }
  hnswlib::DISTFUNC<float> get_dist_func() override {
    return metric_.space() == Space::kL2 ? l2_distance : inner_product_distance;
  }
  void* get_dist_func_param() override { return &metric_; }

 private:
  Metric metric_;
};

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
 * @param kept tells the layers of some of the elements; may be null
 */
void write_elements(Hierarchy& graph, const float* vectors, const BuildParameters& parameters, const KeptLinks* kept) {
  const size_t count = graph.max_elements_;
  for (size_t row = 0; row < count; row++) {
    const int drawn = graph.getRandomLevel(graph.mult_);
    const int level = kept == nullptr || kept->level(static_cast<uint32_t>(row)) < 0 ? drawn : kept->level(static_cast<uint32_t>(row));
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

/** Calls `work(inserter, element)` for elements, on several threads. @throws Cancelled */
template <typename Scores, typename Work>
void on_elements(Hierarchy& graph, const LinkRule& rule, const Scores& scores, const std::vector<uint32_t>& elements,
                 size_t threads, BuildProgress& progress, const Work& work) {
  std::atomic<size_t> next{0};
  on_threads(std::min(threads, elements.size()), [&](size_t) {
    try {
      Inserter<Scores> inserter(graph, rule, scores);
      for (size_t i = next++; i < elements.size(); i = next++) {
        if (progress.is_cancelled) throw Cancelled();
        work(inserter, elements[i]);
      }
    } catch (...) {
      // The others need not finish what comes to nothing.
      next = elements.size();
      throw;
    }
  });
}

/** Kept elements that few or none are linked to, or that are linked to few or none. */
std::vector<uint32_t> lonely(const Hierarchy& graph, const KeptLinks& kept) {
  std::vector<bool> is_linked(graph.cur_element_count);
  const auto links_of = [&](uint32_t element) {
    hnswlib::linklistsizeint* const list = graph.get_linklist0(element);
    return std::pair<const uint32_t*, size_t>(list + 1, graph.getListCount(list));
  };
  for (uint32_t element = 0; element < is_linked.size(); element++) {
    const auto [links, count] = links_of(element);
    for (size_t i = 0; i < count; i++) is_linked[links[i]] = true;
  }
  std::vector<uint32_t> found;
  for (uint32_t element = 0; element < is_linked.size(); element++) {
    if (kept.level(element) >= 0 && (!is_linked[element] || links_of(element).second == 0)) found.push_back(element);
  }
  return found;
}

}  // namespace

struct Graph::Index {
  Index(const BuildParameters& parameters, const Kernels& kernels, size_t count)
      : metric(parameters.space, kernels, parameters.dim),
        space(metric),
        graph(&space, count, parameters.m, parameters.ef_construction, parameters.seed) {
    prefer_huge_pages(graph.data_level0_memory_, graph.max_elements_ * graph.size_data_per_element_);
  }
  void link(const BuildParameters& parameters, const KeptLinks* kept, BuildProgress& progress);

  const Metric metric;
  MetricSpace space;
  Hierarchy graph;
};

/** The share of a hierarchy's work that all builds have in common. */
void Graph::Index::link(const BuildParameters& parameters, const KeptLinks* kept, BuildProgress& progress) {
  const size_t threads = parameters.threads;
  const VectorRows rows = {graph.getDataByInternalId(0), graph.size_data_per_element_, graph.max_elements_, parameters.dim};
  const LinkRule rule(metric, rows);
  std::vector<uint32_t> inserted;
  std::vector<uint32_t> relinked;
  for (uint32_t row = 0; row < rows.count; row++) {
    if (kept == nullptr || kept->level(row) < 0) inserted.push_back(row);
  }
  if (kept != nullptr && kept->entry() != kNone) {
    kept->write(graph, rule, threads);
    graph.enterpoint_node_ = kept->entry();
    graph.maxlevel_ = graph.element_levels_[kept->entry()];
    relinked = lonely(graph, *kept);
  }
  progress.done = rows.count - inserted.size();
  const auto insert_all = [&](const auto& scores) {
    on_elements(graph, rule, scores, relinked, threads, progress, [](auto& inserter, uint32_t element) { inserter.relink(element); });
    on_elements(graph, rule, scores, inserted, threads, progress, [&](auto& inserter, uint32_t element) {
      inserter.insert(element);
      progress.done++;
    });
  };
  const CodedVectors coded(rows, parameters.space, false, false, threads);
  const double share = share_found_by_codes(rows, coded.rows(), metric, graph.maxM0_, graph.ef_construction_, threads);
  if (share >= kLeastShareFound) {
    insert_all(CodeScores(coded.rows(), metric.kernels()));
  } else {
    insert_all(VectorScores(rows, metric));
  }
  // By inner product a short vector is nearest to none, not even to itself: links to it would only be in the way.
  if (parameters.space != Space::kInnerProduct) lead_to_all(graph, rule);
}

std::unique_ptr<Graph> Graph::build(const float* vectors, size_t count, const BuildParameters& parameters,
                                    const Kernels& kernels, BuildProgress& progress) {
  auto index = std::make_unique<Index>(parameters, kernels, count);
  write_elements(index->graph, vectors, parameters, nullptr);
  index->link(parameters, nullptr, progress);
  return std::unique_ptr<Graph>(new Graph(std::move(index), parameters));
}

std::unique_ptr<Graph> Graph::update(const ImageView& base, const int32_t* rows, const float* vectors, size_t count,
                                     const BuildParameters& parameters, const Kernels& kernels, BuildProgress& progress) {
  auto index = std::make_unique<Index>(parameters, kernels, count);
  const KeptLinks kept(base, rows, count);
  write_elements(index->graph, vectors, parameters, &kept);
  index->link(parameters, &kept, progress);
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
