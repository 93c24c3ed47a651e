#include "kept_links.h"

#include <algorithm>
#include <utility>

#include "on_threads.h"

namespace recall {
namespace {

constexpr size_t kPlacesAtOnce = 1024;

/** Finds links in place of those that are gone, for one element after the other. */
class Repair {
 public:
  Repair(const LinkRule& rule, size_t most) : rule_(rule), most_(most) {}

  std::vector<Neighbour>& kept() { return kept_; }
  std::vector<uint32_t>& candidates() { return candidates_; }

  /**
   * Adds the candidates that lead elsewhere than what is linked already, and then the nearest of the others until there
   * are as many links as there were, or half as many as there may be. What was chosen once stays: chosen from again and
   * again, links would become fewer, and recall less, with each repair.
   * @param before links of the element before some were lost
   */
  void fill(uint32_t element, size_t before) {
    drop_known(element);
    for (Neighbour& neighbour : kept_) neighbour.distance = rule_.distance(element, neighbour.element);
    found_.clear();
    for (const uint32_t candidate : candidates_) rule_.prefetch_vector(candidate);
    for (const uint32_t candidate : candidates_) found_.push_back({rule_.distance(element, candidate), candidate});
    std::sort(found_.begin(), found_.end());
    others_.clear();
    for (const Neighbour& candidate : found_) {
      if (kept_.size() >= most_) break;
      const bool leads_elsewhere = rule_.leads_elsewhere(candidate, kept_.data(), kept_.size());
      (leads_elsewhere ? kept_ : others_).push_back(candidate);
    }
    const size_t wanted = std::max(before, most_ / 2);
    for (size_t i = 0; i < others_.size() && kept_.size() < wanted; i++) kept_.push_back(others_[i]);
    std::sort(kept_.begin(), kept_.end());
  }

 private:
  /** Leaves each candidate once, without the element and what is linked to it. */
  void drop_known(uint32_t element) {
    std::sort(candidates_.begin(), candidates_.end());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    const auto is_known = [&](uint32_t candidate) {
      return candidate == element || std::any_of(kept_.begin(), kept_.end(), [&](const Neighbour& neighbour) {
               return neighbour.element == candidate;
             });
    };
    candidates_.erase(std::remove_if(candidates_.begin(), candidates_.end(), is_known), candidates_.end());
  }

  const LinkRule& rule_;
  const size_t most_;
  std::vector<Neighbour> kept_;
  std::vector<uint32_t> candidates_;
  std::vector<Neighbour> found_;
  std::vector<Neighbour> others_;
};

}  // namespace

KeptLinks::KeptLinks(const ImageView& image, const int32_t* rows, size_t count) : levels_(count, -1) {
  std::vector<uint32_t> of_nodes(image.count, kNone);
  for (uint32_t node = 0; node < image.count; node++) {
    const uint32_t label = image.labels[node];
    if (label < image.count && rows[label] >= 0 && static_cast<size_t>(rows[label]) < count) {
      of_nodes[node] = static_cast<uint32_t>(rows[label]);
    }
  }
  add_layer(0, std::move(of_nodes), image.links, image.links_per_node());
  for (size_t layer = 1; layer <= image.layers.size(); layer++) {
    const Layer& above = image.layers[layer - 1];
    std::vector<uint32_t> members(above.size, kNone);
    for (uint32_t i = 0; i < above.size; i++) {
      const uint32_t node = above.nodes[i];
      if (node < image.count) members[i] = layers_.front().rows[node];
    }
    add_layer(static_cast<int>(layer), std::move(members), above.links, image.m);
  }
}

void KeptLinks::add_layer(int layer, std::vector<uint32_t> rows, const uint32_t* links, size_t width) {
  for (uint32_t& row : rows) {
    if (row == kNone) continue;
    // A damaged file may name a row twice, or one above that is missing below.
    if (levels_[row] != layer - 1) {
      row = kNone;
      continue;
    }
    levels_[row] = layer;
    entry_ = row;
  }
  layers_.push_back({std::move(rows), links, width});
}

void KeptLinks::write(Hierarchy& graph, const LinkRule& rule, size_t threads) const {
  for (size_t layer = 0; layer < layers_.size(); layer++) {
    in_blocks(layers_[layer].rows.size(), kPlacesAtOnce, threads, [&](size_t begin, size_t end) {
      write_layer(graph, rule, static_cast<int>(layer), begin, end);
    });
  }
}

void KeptLinks::write_layer(Hierarchy& graph, const LinkRule& rule, int layer, size_t begin, size_t end) const {
  const KeptLayer& kept = layers_[layer];
  Repair repair(rule, kept.width);
  const auto each_link = [&](size_t place, const auto& tell) {
    for (size_t i = 0; i < kept.width; i++) {
      const uint32_t next = kept.links[place * kept.width + i];
      if (next < kept.rows.size()) tell(next);
    }
  };
  for (size_t place = begin; place < end; place++) {
    const uint32_t row = kept.rows[place];
    if (row == kNone) continue;
    repair.kept().clear();
    repair.candidates().clear();
    size_t before = 0;
    bool is_whole = true;
    each_link(place, [&](uint32_t next) {
      const uint32_t linked = kept.rows[next];
      before++;
      if (linked != kNone) {
        if (linked != row) repair.kept().push_back({0, linked});
        return;
      }
      is_whole = false;
      each_link(next, [&](uint32_t beyond) {
        if (kept.rows[beyond] != kNone) repair.candidates().push_back(kept.rows[beyond]);
      });
    });
    if (is_whole) {
      std::reverse(repair.kept().begin(), repair.kept().end());
    } else {
      repair.fill(row, before);
    }
    write_links(graph, row, layer, repair.kept());
  }
}

}  // namespace recall
