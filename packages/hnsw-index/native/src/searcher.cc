#include "searcher.h"

#include <algorithm>
#include <cmath>

#include "prefetch.h"

namespace recall {
namespace {

/** Items between asking for what lies anywhere in memory and reading it. */
constexpr size_t kAhead = 8;

/** Nodes scored at a time in a scan. */
constexpr size_t kScanBlock = 256;

/**
 * What a search costs, in rows that a scan scores. A step of the graph search follows the links of one node and scores
 * those that are new, each from another place in memory. A scan also looks at every row that is not allowed. Measured:
 * see docs/decisions.
 */
constexpr double kRowsPerExpansion = 30;
constexpr double kRowsPerLook = 1.0 / 5;

/**
 * How many candidates are scored once more for `k` to be returned: the codes of both sides tell close neighbours apart
 * badly, so the true ones are looked for a little further down.
 */
size_t ranked_for(size_t k) { return k + k / 8 + 16; }

/** What a search through the graph has to look for when only some of all rows may be returned. */
struct Plan {
  size_t wanted;
  size_t limit;
  bool is_scan;
};

/**
 * @param count rows @param allowed how many of them may be returned
 * @param share of the rows near the query that may be returned, above 0
 */
Plan plan_search(const Query& query, size_t count, size_t allowed, double share) {
  if (allowed == 0) return {0, 0, true};
  // A list of its own is near the query more often than by chance: it may well be what was returned before.
  const double near = static_cast<double>(std::min<size_t>(query.excluded_count, query.k));
  const double kept = static_cast<double>(query.wants_exact_scores ? ranked_for(query.k) : query.k);
  const double expected = kept / share + near;
  // How many of the candidates may be returned is chance, about binomial: with three standard deviations more, hardly a
  // search comes back short.
  const double wanted = expected + 3 * std::sqrt(kept * (1 - share)) / share;
  const double limit = std::max(1.0, query.limit * expected / kept);
  const double search = limit * kRowsPerExpansion;
  const double scan = static_cast<double>(allowed) + static_cast<double>(count) * kRowsPerLook;
  if (search >= scan) return {0, 0, true};
  return {static_cast<size_t>(wanted), static_cast<size_t>(limit), false};
}

}  // namespace

class Searcher::Exclusion {
 public:
  Exclusion(Searcher& searcher, const Query& query) : bits_(searcher.excluded_), query_(query), count_(searcher.image_.count) {
    for (uint32_t i = 0; i < query_.excluded_count; i++) {
      const uint32_t row = static_cast<uint32_t>(query_.excluded[i]);
      if (row < count_) bits_[row / 64] |= uint64_t{1} << (row % 64);
    }
  }
  ~Exclusion() {
    for (uint32_t i = 0; i < query_.excluded_count; i++) {
      const uint32_t row = static_cast<uint32_t>(query_.excluded[i]);
      if (row < count_) bits_[row / 64] = 0;
    }
  }
  Exclusion(const Exclusion&) = delete;
  Exclusion& operator=(const Exclusion&) = delete;

 private:
  std::vector<uint64_t>& bits_;
  const Query& query_;
  const uint32_t count_;
};

Searcher::Searcher(const ImageView& image, const Kernels& kernels)
    : image_(image),
      kernels_(kernels),
      vector_(image.dim),
      traversal_(image, kernels),
      excluded_((image.count + 63) / 64) {}

void Searcher::search(Query& query) {
  set_vector(query.vector);
  const Exclusion exclusion(*this, query);
  const size_t allowed = allowed_rows(query);
  const auto is_short = [&] { return ranked_.size() < std::min<size_t>(query.k, allowed); };
  const auto traverse = [&](double share) {
    const Plan plan = plan_search(query, image_.count, allowed, share);
    traversal_.search(vector_.data(), plan.wanted, plan.is_scan ? 0 : plan.limit);
    collect(query);
  };
  traverse(static_cast<double>(allowed) / static_cast<double>(image_.count));
  // Near the query fewer rows are allowed than elsewhere. How many is known now.
  if (is_short() && !ranked_.empty()) {
    traverse(static_cast<double>(ranked_.size()) / static_cast<double>(traversal_.candidates().size()));
  }
  // What the graph does not reach, and what a filter leaves too far from the query, is found by looking at every row.
  if (is_short()) scan(query);
  rank(query);
  query.found = static_cast<uint32_t>(std::min<size_t>(query.k, ranked_.size()));
  for (size_t i = 0; i < query.found; i++) {
    query.labels[i] = static_cast<int32_t>(ranked_[i].label);
    query.scores[i] = ranked_[i].score;
  }
}

void Searcher::set_vector(const float* query) {
  std::copy_n(query, image_.dim, vector_.begin());
  if (image_.space != Space::kCosine) return;
  double squares = 0;
  for (const float value : vector_) squares += double{value} * value;
  const double factor = 1 / std::sqrt(squares);
  for (float& value : vector_) value = static_cast<float>(value * factor);
}

size_t Searcher::allowed_rows(const Query& query) const {
  const size_t allowed = query.filter == nullptr ? image_.count : query.filter->allowed();
  return allowed - std::min<size_t>(allowed, query.excluded_count);
}

bool Searcher::is_allowed(const Query& query, uint32_t label) const {
  return label < image_.count && (excluded_[label / 64] >> (label % 64) & 1) == 0 &&
         (query.filter == nullptr || query.filter->allows(label));
}

void Searcher::collect(const Query& query) {
  ranked_.clear();
  const Candidates& candidates = traversal_.candidates();
  for (size_t i = 0; i < candidates.size(); i++) {
    if (i + kAhead < candidates.size()) prefetch(&image_.labels[candidates.node(i + kAhead)], sizeof(uint32_t));
    const uint32_t node = candidates.node(i);
    const uint32_t label = image_.labels[node];
    if (is_allowed(query, label)) ranked_.push_back({candidates.score(i), label, node});
  }
  keep_best(ranked_for(query.k));
}

/** Leaves the best so many, in no order but that the last one is the worst of them. */
void Searcher::keep_best(size_t count) {
  if (ranked_.size() <= count) return;
  std::nth_element(ranked_.begin(), ranked_.begin() + static_cast<ptrdiff_t>(count - 1), ranked_.end(), is_better);
  ranked_.resize(count);
}

void Searcher::scan(const Query& query) {
  ranked_.clear();
  const size_t kept = ranked_for(query.k);
  float threshold = -std::numeric_limits<float>::infinity();
  // What may be among the best is gathered, and cut back whenever there is twice as much: sorting each in costs more.
  uint32_t nodes[kScanBlock];
  float scores[kScanBlock];
  size_t size = 0;
  const auto flush = [&] {
    traversal_.scores().score(nodes, size, scores);
    for (size_t i = 0; i < size; i++) {
      if (!(scores[i] > threshold)) continue;
      ranked_.push_back({scores[i], image_.labels[nodes[i]], nodes[i]});
      if (ranked_.size() < 2 * kept) continue;
      keep_best(kept);
      threshold = ranked_.back().score;
    }
    size = 0;
  };
  for (uint32_t node = 0; node < image_.count; node++) {
    const uint32_t label = image_.labels[node];
    if (label >= image_.count) continue;
    // Without a branch: which rows are allowed follows no pattern that the processor could learn.
    const uint64_t word = query.filter == nullptr ? ~uint64_t{0} : query.filter->word(label / 64);
    nodes[size] = node;
    size += (word & ~excluded_[label / 64]) >> (label % 64) & 1;
    if (size == kScanBlock) flush();
  }
  flush();
  keep_best(kept);
}

/** Scores what will be returned once more, with the query in full precision, or with both sides. */
void Searcher::rank(const Query& query) {
  const CodeScores& by_codes = traversal_.scores();
  const bool is_exact = query.wants_exact_scores && image_.vectors != nullptr;
  const auto vector_at = [&](const Ranked& item) { return image_.vectors + item.node * size_t{image_.dim}; };
  for (size_t i = 0; i < ranked_.size(); i++) {
    if (i + kAhead < ranked_.size()) {
      const Ranked& ahead = ranked_[i + kAhead];
      if (is_exact) {
        prefetch(vector_at(ahead), image_.dim * sizeof(float));
      } else {
        by_codes.prefetch_row(ahead.node);
      }
    }
    Ranked& item = ranked_[i];
    if (!is_exact) {
      item.score = by_codes.score_precisely(item.node);
    } else if (image_.space == Space::kL2) {
      item.score = -kernels_.squared_distance(vector_.data(), vector_at(item), image_.dim);
    } else {
      item.score = kernels_.dot(vector_.data(), vector_at(item), image_.dim);
    }
    if (image_.space == Space::kCosine) item.score = std::clamp(item.score, -1.0f, 1.0f);
    if (image_.space == Space::kL2) item.score = std::min(item.score, 0.0f);
    // Only a damaged file comes to this. A NaN has no place in an order.
    if (std::isnan(item.score)) item.score = -std::numeric_limits<float>::infinity();
  }
  ranking_.sort(ranked_);
}

}  // namespace recall
