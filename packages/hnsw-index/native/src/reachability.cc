#include "reachability.h"

#include <algorithm>
#include <vector>

namespace recall {
namespace {

/** A link that is taken away may have been the only way to others, which the next round then finds. */
constexpr int kMostRounds = 8;

/** Which elements the ground layer leads to. */
class Reachability {
 public:
  explicit Reachability(Hierarchy& graph) : graph_(graph), is_reached_(graph.cur_element_count) {
    reach(graph.enterpoint_node_);
  }

  bool is_whole() const { return reached_ == is_reached_.size(); }

  /** Gives each element that is not reached a link from one that is, wherever one has a place. */
  void mend(const LinkRule& rule) {
    leads_.assign(is_reached_.size(), 0);
    for (uint32_t element = 0; element < is_reached_.size(); element++) {
      if (is_reached_[element]) count_leads(element);
    }
    bool is_mending = true;
    // Whoever is reached leads on to others, which then need no link or have more to get one from.
    while (is_mending) {
      is_mending = false;
      for (uint32_t element = 0; element < is_reached_.size(); element++) {
        if (!is_reached_[element] && link_from_reached(element, rule)) is_mending = true;
      }
    }
    for (uint32_t element = 0; element < is_reached_.size(); element++) {
      if (!is_reached_[element]) link(graph_.enterpoint_node_, element, rule);
    }
  }

 private:
  const uint32_t* begin_of(uint32_t element) const { return graph_.get_linklist0(element) + 1; }
  size_t size_of(uint32_t element) const { return graph_.getListCount(graph_.get_linklist0(element)); }

  void reach(uint32_t from) {
    std::vector<uint32_t> waiting = {from};
    while (!waiting.empty()) {
      const uint32_t element = waiting.back();
      waiting.pop_back();
      if (is_reached_[element]) continue;
      is_reached_[element] = true;
      reached_++;
      if (!leads_.empty()) count_leads(element);
      waiting.insert(waiting.end(), begin_of(element), begin_of(element) + size_of(element));
    }
  }

  void count_leads(uint32_t element) {
    for (size_t i = 0; i < size_of(element); i++) leads_[begin_of(element)[i]]++;
  }

  bool link_from_reached(uint32_t element, const LinkRule& rule) {
    // The nearest stand last.
    for (size_t i = size_of(element); i-- > 0;) {
      const uint32_t from = begin_of(element)[i];
      if (is_reached_[from] && link(from, element, rule)) return true;
    }
    return false;
  }

  /** @return whether there was a place */
  bool link(uint32_t from, uint32_t to, const LinkRule& rule) {
    std::vector<Neighbour> links;
    for (size_t i = 0; i < size_of(from); i++) {
      const uint32_t next = begin_of(from)[i];
      links.push_back({rule.distance(from, next), next});
    }
    if (links.size() == graph_.maxM0_) {
      std::sort(links.begin(), links.end());
      const auto spared = std::find_if(links.rbegin(), links.rend(), [&](const Neighbour& each) { return leads_[each.element] > 1; });
      if (spared == links.rend()) return false;
      leads_[spared->element]--;
      links.erase(std::next(spared).base());
    }
    links.push_back({rule.distance(from, to), to});
    std::sort(links.begin(), links.end());
    write_links(graph_, from, 0, links);
    leads_[to]++;
    reach(to);
    return true;
  }

  Hierarchy& graph_;
  std::vector<bool> is_reached_;
  size_t reached_ = 0;
  /** Links to each element from those that are reached; counted once something is to be mended. */
  std::vector<uint32_t> leads_;
};

}  // namespace

void lead_to_all(Hierarchy& graph, const LinkRule& rule) {
  if (graph.cur_element_count == 0) return;
  for (int round = 0; round < kMostRounds; round++) {
    Reachability reachability(graph);
    if (reachability.is_whole()) return;
    reachability.mend(rule);
  }
}

}  // namespace recall
