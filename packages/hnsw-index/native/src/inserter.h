#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include <hnswlib/hnswlib.h>

#include "link_rule.h"
#include "pool.h"
#include "prefetch.h"
#include "space.h"
#include "visited_set.h"

namespace recall {

using Hierarchy = hnswlib::HierarchicalNSW<float>;

/** The farthest first, as in hnswlib: whoever walks the graph depth first from the last link stays near. */
inline void write_links(Hierarchy& graph, uint32_t element, int layer, const std::vector<Neighbour>& neighbours) {
  hnswlib::linklistsizeint* const to = graph.get_linklist_at_level(element, layer);
  graph.setListCount(to, static_cast<unsigned short>(neighbours.size()));
  for (size_t i = 0; i < neighbours.size(); i++) to[neighbours.size() - i] = neighbours[i].element;
}

/**
 * Links elements into a graph of hnswlib's, one per thread at a time: its insertion and its rule for choosing
 * neighbours (Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
 * Navigable Small World graphs", 2018, algorithms 1 and 4), in its memory and under its locks.
 * @tparam Scores what candidates are looked for by; which of them are chosen, their vectors decide
 */
template <typename Scores>
class Inserter {
 public:
  Inserter(Hierarchy& graph, const LinkRule& rule, Scores scores)
      : graph_(graph),
        rule_(rule),
        scores_(std::move(scores)),
        visited_(graph.max_elements_),
        links_(graph.maxM0_),
        gathered_(graph.maxM0_),
        before_(graph.maxM0_),
        batch_scores_(graph.maxM0_) {}

  /**
   * As in hnswlib, the element's own links stay locked until all of its layers are done: who comes upon it on an upper
   * layer waits for the lower ones. Nobody waits in a circle, for one waits only for an element that is at work on a
   * lower layer than oneself.
   */
  void insert(uint32_t element) {
    const std::lock_guard<std::mutex> own(graph_.link_list_locks_[element]);
    const int level = graph_.element_levels_[element];
    std::unique_lock<std::mutex> top(graph_.global);
    const int top_level = graph_.maxlevel_;
    uint32_t at = graph_.enterpoint_node_;
    // An element that becomes the entry point keeps the others from starting until it is linked.
    if (level <= top_level) top.unlock();
    if (top_level >= 0) {
      scores_.set(rule_.vector(element));
      for (int layer = top_level; layer > level; layer--) at = nearest(element, at, layer);
      for (int layer = std::min(level, top_level); layer >= 0; layer--) {
        search(element, at, layer);
        at = connect(element, layer);
      }
    }
    if (level > top_level) {
      graph_.enterpoint_node_ = element;
      graph_.maxlevel_ = level;
    }
  }

  /** Links an element of the graph anew on the ground layer, where few or none lead to it; while none is inserted. */
  void relink(uint32_t element) {
    scores_.set(rule_.vector(element));
    uint32_t at = graph_.enterpoint_node_;
    for (int layer = graph_.maxlevel_; layer > 0; layer--) at = nearest(element, at, layer);
    // The entry point is found by all.
    if (at == element) return;
    search(element, at, 0);
    choose_neighbours(element);
    {
      // Not longer: two that are linked anew may come upon one another.
      const std::lock_guard<std::mutex> own(graph_.link_list_locks_[element]);
      write_links(graph_, element, 0, neighbours_);
    }
    link_back(element, 0);
  }

 private:
  /** Elements whose data is on its way. */
  struct Batch {
    explicit Batch(size_t most) : elements(most) {}
    std::vector<uint32_t> elements;
    size_t size = 0;
  };

  size_t most_links(int layer) const { return layer == 0 ? graph_.maxM0_ : graph_.maxM_; }

  hnswlib::linklistsizeint* list(uint32_t element, int layer) const { return graph_.get_linklist_at_level(element, layer); }

  /** Copies the links of an element, for other threads may be changing them. @return how many there are */
  size_t read_links(uint32_t element, int layer) {
    const std::lock_guard<std::mutex> lock(graph_.link_list_locks_[element]);
    hnswlib::linklistsizeint* const from = list(element, layer);
    const size_t count = graph_.getListCount(from);
    std::memcpy(links_.data(), from + 1, count * sizeof(uint32_t));
    return count;
  }

  /** Greedily towards the element within a layer. */
  uint32_t nearest(uint32_t element, uint32_t at, int layer) {
    float best = rule_.distance(element, at);
    for (bool is_moving = true; is_moving;) {
      is_moving = false;
      const size_t count = read_links(at, layer);
      for (size_t i = 0; i < count; i++) {
        if (links_[i] == element) continue;
        const float candidate = rule_.distance(element, links_[i]);
        if (candidate >= best) continue;
        best = candidate;
        at = links_[i];
        is_moving = true;
      }
    }
    return at;
  }

  /**
   * Fills the pool with the elements of a layer that are nearest to the element. In steps as those of a search: the
   * links of one element are asked for, those of the one before are read, and the neighbours of the one before that are
   * scored.
   */
  void search(uint32_t element, uint32_t from, int layer) {
    visited_.clear();
    pool_.reset(graph_.ef_construction_);
    visited_.add(element);
    visited_.add(from);
    // Whatever its score: the pool is never empty.
    scores_.score(&from, 1, batch_scores_.data());
    pool_.insert(batch_scores_[0], from);
    for (uint32_t awaited = kNone, next;; awaited = next) {
      next = kNone;
      if (pool_.next() < pool_.size()) {
        next = pool_.expand_next();
        prefetch(&graph_.link_list_locks_[next], sizeof(std::mutex));
        prefetch(list(next, layer), (1 + most_links(layer)) * sizeof(uint32_t));
      }
      if (awaited != kNone) {
        gather(awaited, layer, gathered_);
      } else if (next == kNone && before_.size == 0) {
        return;
      }
      score(before_);
      std::swap(gathered_, before_);
    }
  }

  void gather(uint32_t element, int layer, Batch& batch) {
    batch.size = visited_.add(links_.data(), read_links(element, layer), batch.elements.data());
    for (size_t i = 0; i < batch.size; i++) scores_.prefetch_row(batch.elements[i]);
  }

  /** Scores a batch and empties it. */
  void score(Batch& batch) {
    scores_.score(batch.elements.data(), batch.size, batch_scores_.data());
    for (size_t i = 0; i < batch.size; i++) {
      if (batch_scores_[i] > pool_.threshold()) pool_.insert(batch_scores_[i], batch.elements[i]);
    }
    batch.size = 0;
  }

  /** Links the element, whose links nobody else changes, with those of the pool that are chosen. @return the nearest of them */
  uint32_t connect(uint32_t element, int layer) {
    choose_neighbours(element);
    write_links(graph_, element, layer, neighbours_);
    link_back(element, layer);
    return neighbours_.front().element;
  }

  void choose_neighbours(uint32_t element) {
    constexpr size_t kAhead = 8;
    neighbours_.clear();
    for (size_t rank = 0; rank < pool_.size(); rank++) {
      if (rank + kAhead < pool_.size()) rule_.prefetch_vector(pool_.node(rank + kAhead));
      neighbours_.push_back({rule_.distance(element, pool_.node(rank)), pool_.node(rank)});
    }
    rule_.choose(neighbours_, graph_.M_);
  }

  void link_back(uint32_t element, int layer) {
    for (const Neighbour& neighbour : neighbours_) add_link({neighbour.distance, element}, neighbour.element, layer);
  }

  /** @param added to the links of an element, the worst of which make room if there are too many */
  void add_link(const Neighbour& added, uint32_t element, int layer) {
    const std::lock_guard<std::mutex> lock(graph_.link_list_locks_[element]);
    hnswlib::linklistsizeint* const links = list(element, layer);
    const size_t count = graph_.getListCount(links);
    if (std::find(links + 1, links + 1 + count, added.element) != links + 1 + count) return;
    if (count < most_links(layer)) {
      links[1 + count] = added.element;
      graph_.setListCount(links, static_cast<unsigned short>(count + 1));
      return;
    }
    for (size_t i = 1; i <= count; i++) rule_.prefetch_vector(links[i]);
    rivals_.clear();
    rivals_.push_back(added);
    for (size_t i = 1; i <= count; i++) rivals_.push_back({rule_.distance(element, links[i]), links[i]});
    rule_.choose(rivals_, most_links(layer));
    write_links(graph_, element, layer, rivals_);
  }

  Hierarchy& graph_;
  const LinkRule rule_;
  Scores scores_;
  Pool pool_;
  VisitedSet visited_;
  std::vector<uint32_t> links_;
  Batch gathered_;
  Batch before_;
  std::vector<float> batch_scores_;
  std::vector<Neighbour> neighbours_;
  std::vector<Neighbour> rivals_;
};

}  // namespace recall
