#include "searcher.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "prefetch.h"

namespace recall {
namespace {

/** Items between asking for what lies anywhere in memory and reading it. */
constexpr size_t kAhead = 8;

/** Products of a query with a larger value may not fit a float. */
constexpr float kExtreme = 1e15f;

/** Nodes scored at a time in a scan. */
constexpr size_t kScanBlock = 256;

/**
 * What a search costs, in rows that a scan scores. A step of the graph search follows the links of one node and scores
 * those that are new, each from another place in memory. A scan also looks at every row that is not allowed. Measured:
 * see docs/decisions.
 */
constexpr double kRowsPerExpansion = 30;
constexpr double kRowsPerLook = 1.0 / 5;

/** What a search through the graph has to look for when only some of all rows may be returned. */
struct Plan {
  size_t wanted;
  size_t limit;
  bool is_scan;
};

/**
 * @param count rows @param allowed how many of them may be returned
 * @param kept how many of those that may be returned must be seen
 * @param share of the rows near the query that may be returned, above 0
 */
Plan plan_search(const Query& query, size_t count, size_t allowed, size_t kept_rows, double share) {
  if (allowed == 0) return {0, 0, true};
  // A list of its own is near the query more often than by chance: it may well be what was returned before.
  const double near = static_cast<double>(std::min<size_t>(query.excluded_count, query.k));
  const double kept = static_cast<double>(kept_rows);
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
  query.plan = SearchPlan::kGraph;
  set_vector(query.vector);
  const Exclusion exclusion(*this, query);
  const size_t allowed = allowed_rows(query);
  const auto is_short = [&] { return ranked_.size() < std::min<size_t>(query.k, allowed); };
  const auto traverse = [&](double share) {
    const Plan plan = plan_search(query, image_.count, allowed, kept_for(query), share);
    traversal_.search(vector_.data(), plan.wanted, plan.is_scan ? 0 : plan.limit);
    collect(query);
  };
  traverse(static_cast<double>(allowed) / static_cast<double>(image_.count));
  // Near the query fewer rows are allowed than elsewhere. How many is known now.
  if (is_short() && !ranked_.empty()) {
    traverse(static_cast<double>(ranked_.size()) / static_cast<double>(traversal_.candidates().size()));
  }
  // What the graph does not reach, and what a filter leaves too far from the query, is found by looking at every row.
  if (is_short()) {
    scan(query);
    query.plan = SearchPlan::kScan;
  }
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

bool Searcher::is_exact(const Query& query) const {
  return image_.vectors != nullptr && (query.wants_exact_scores || image_.precision == Precision::kVectors);
}

/** How many rows a search has to look for: of those that codes find, more than are returned. */
size_t Searcher::kept_for(const Query& query) const {
  if (image_.precision == Precision::kVectors) return query.k;
  if (query.wants_exact_scores) return ranked_for(Precision::kWide, query.k);
  return image_.precision == Precision::kWide ? ranked_for(Precision::kWide, query.k) : query.k;
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
  // Vectors tell apart what codes can not, so that all that was found is ranked by them.
  if (!is_exact(query)) keep_best(ranked_for(image_.precision, query.k));
}

/** Leaves the best so many, in no order but that the last one is the worst of them. */
void Searcher::keep_best(size_t count) {
  if (ranked_.size() <= count) return;
  std::nth_element(ranked_.begin(), ranked_.begin() + static_cast<ptrdiff_t>(count - 1), ranked_.end(), is_better);
  ranked_.resize(count);
}

void Searcher::scan(const Query& query) {
  ranked_.clear();
  const bool by_vectors = is_exact(query) && !is_extreme();
  const size_t kept = ranked_for(image_.precision, query.k);
  float threshold = -std::numeric_limits<float>::infinity();
  // What may be among the best is gathered, and cut back whenever there is twice as much: sorting each in costs more.
  uint32_t nodes[kScanBlock];
  float scores[kScanBlock];
  size_t size = 0;
  const auto flush = [&] {
    if (by_vectors) {
      traversal_.scores().score_vectors(vector_.data(), nodes, size, scores);
    } else {
      traversal_.scores().score(nodes, size, scores);
    }
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

bool Searcher::is_extreme() const {
  const float largest = std::fabs(*std::max_element(vector_.begin(), vector_.end(), [](float a, float b) {
    return std::fabs(a) < std::fabs(b);
  }));
  return largest > kExtreme;
}

/** Scores what will be returned once more, with the query in full precision, or with both sides. */
void Searcher::rank(const Query& query) {
  const bool by_vectors = is_exact(query);
  if (is_extreme()) {
    for (Ranked& item : ranked_) item.score = limited(score_widely(item.node, by_vectors));
    return ranking_.sort(ranked_);
  }
  const RowScores& scores = traversal_.scores();
  const auto score_all = [&](const auto& prefetch_item, const auto& score, size_t first, size_t last) {
    for (size_t i = first; i < last; i++) {
      if (i + kAhead < last) prefetch_item(ranked_[i + kAhead].node);
      ranked_[i].score = limited(score(ranked_[i].node));
    }
  };
  const CodeScores& codes = scores.codes();
  const auto prefetch_residual = [&](uint32_t node) { codes.prefetch_residual(node); };
  const auto score_finely = [&](uint32_t node) { return codes.score_finely(node); };
  if (by_vectors) {
    score_all([&](uint32_t node) { prefetch(scores.vector(node), image_.dim * sizeof(float)); },
              [&](uint32_t node) {
                float score;
                scores.score_vectors(vector_.data(), &node, 1, &score);
                return static_cast<double>(score);
              },
              0, ranked_.size());
  } else if (image_.precision == Precision::kWide) {
    score_all(prefetch_residual, score_finely, 0, ranked_.size());
  } else {
    score_all([&](uint32_t node) { codes.prefetch_row(node); },
              [&](uint32_t node) { return codes.score_precisely(node); }, 0, ranked_.size());
  }
  ranking_.sort(ranked_);
  if (by_vectors || image_.precision != Precision::kRefined) return;
  const Doubtful doubtful = doubtful_ranks(query.k, ranked_.size());
  score_all(prefetch_residual, score_finely, 0, std::min(kRefinedRows, ranked_.size()));
  score_all(prefetch_residual, score_finely, doubtful.first, doubtful.last);
  Ranking::settle(ranked_);
}

/** In double precision. */
double Searcher::score_widely(uint32_t node, bool by_vectors) const {
  const RowScores& scores = traversal_.scores();
  if (!by_vectors) return scores.codes().score_widely(vector_.data(), node);
  const float* const row = scores.vector(node);
  double score = 0;
  for (size_t d = 0; d < image_.dim; d++) {
    const double difference = double{vector_[d]} - row[d];
    score += image_.space == Space::kL2 ? -difference * difference : double{vector_[d]} * row[d];
  }
  return score;
}

/** Within the range of the space and of a float. Only a damaged file comes to a NaN, which has no place in an order. */
float Searcher::limited(double score) const {
  constexpr double kMost = std::numeric_limits<float>::max();
  if (std::isnan(score)) return -std::numeric_limits<float>::max();
  const double most = image_.space == Space::kCosine ? 1 : image_.space == Space::kL2 ? 0 : kMost;
  return static_cast<float>(std::clamp(score, image_.space == Space::kCosine ? -1 : -kMost, most));
}

}  // namespace recall
