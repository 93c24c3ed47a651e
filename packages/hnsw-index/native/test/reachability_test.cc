#include <algorithm>
#include <cstring>

#include "checks.h"
#include "reachability.h"

namespace recall {
namespace {

constexpr size_t kDim = 8;
constexpr size_t kM = 4;

std::vector<uint32_t> links_of(const Hierarchy& graph, uint32_t element) {
  hnswlib::linklistsizeint* const list = graph.get_linklist0(element);
  return {list + 1, list + 1 + graph.getListCount(list)};
}

size_t count_reached(const Hierarchy& graph) {
  std::vector<bool> is_seen(graph.cur_element_count);
  std::vector<uint32_t> waiting = {graph.enterpoint_node_};
  size_t seen = 0;
  while (!waiting.empty()) {
    const uint32_t element = waiting.back();
    waiting.pop_back();
    if (is_seen[element]) continue;
    is_seen[element] = true;
    seen++;
    for (const uint32_t next : links_of(graph, element)) waiting.push_back(next);
  }
  return seen;
}

/** Each element linked to those after it, in a ring. */
void link_in_ring(Hierarchy& graph, const std::vector<float>& vectors) {
  const size_t count = vectors.size() / kDim;
  for (uint32_t element = 0; element < count; element++) {
    std::memset(graph.get_linklist0(element), 0, graph.size_links_level0_);
    graph.setExternalLabel(element, element);
    std::memcpy(graph.getDataByInternalId(element), &vectors[element * kDim], kDim * sizeof(float));
    std::vector<Neighbour> after;
    for (uint32_t i = 1; i < 2 * kM; i++) after.push_back({0, static_cast<uint32_t>((element + i) % count)});
    write_links(graph, element, 0, after);
  }
  graph.cur_element_count = count;
  graph.enterpoint_node_ = 0;
  graph.maxlevel_ = 0;
}

/** Takes away every link to elements that are multiples of a number, and where asked their own. */
void cut_off(Hierarchy& graph, uint32_t multiple, bool leaves_links) {
  for (uint32_t element = 0; element < graph.cur_element_count; element++) {
    const bool is_cut = element % multiple == 0 && element != graph.enterpoint_node_;
    std::vector<Neighbour> left;
    for (const uint32_t next : links_of(graph, element)) {
      if (next % multiple != 0 || next == graph.enterpoint_node_) left.push_back({0, next});
    }
    if (is_cut && !leaves_links) left.clear();
    write_links(graph, element, 0, left);
  }
}

}  // namespace

void test_reachability() {
  constexpr size_t kCount = 400;
  const std::vector<float> vectors = clustered(kCount, kDim, 9);
  const Metric metric(Space::kL2, *find_kernels(""), kDim);
  for (const uint32_t multiple : {2u, 7u, 399u}) {
    for (const bool leaves_links : {true, false}) {
      hnswlib::L2Space space(kDim);
      Hierarchy graph(&space, kCount, kM, 40, 3);
      link_in_ring(graph, vectors);
      const LinkRule rule(metric, {graph.getDataByInternalId(0), graph.size_data_per_element_, kCount, kDim});
      cut_off(graph, multiple, leaves_links);
      CHECK(count_reached(graph) < kCount);
      lead_to_all(graph, rule);
      // Without links of its own, an element can only be led to from the entry point, which has few places.
      if (leaves_links || multiple == 399) CHECK(count_reached(graph) == kCount);
      for (uint32_t element = 0; element < kCount; element++) {
        std::vector<uint32_t> links = links_of(graph, element);
        CHECK(links.size() <= 2 * kM);
        std::sort(links.begin(), links.end());
        CHECK(std::adjacent_find(links.begin(), links.end()) == links.end());
        CHECK(!std::binary_search(links.begin(), links.end(), element));
      }
    }
  }
}

}  // namespace recall
