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

/**
 * What a search costs, in rows that a scan scores. A step of the graph search follows the links of one node and scores
 * those that are new, each from another place in memory. Comparing with the centre of a group takes float32. Measured:
 * see docs/decisions.
 */
constexpr double kRowsPerExpansion = 30;
constexpr double kRowsPerCentre = 3;

/**
 * Groups scan about so many times the geometric mean of the rows that are allowed and those that are looked for, on
 * vectors without clear clusters; with them, fewer.
 */
constexpr double kGroupRows = 3;

/**
 * Where less is allowed, the graph is left alone: how far to search in it follows from the share that is allowed near the
 * query, which is not known, and from how the rows behind the nearest ones lie, which it wasn't tuned for.
 */
constexpr double kLeastShareOfGraph = 0.8;

/** What a search through the graph has to look for when only some of all rows may be returned. */
struct Reach {
  size_t wanted;
  double limit;
};

/**
 * @param kept_rows how many of those that may be returned must be seen
 * @param share of the rows near the query that may be returned, above 0
 */
Reach reach_of(const Query& query, size_t kept_rows, double share) {
  // A list of its own is near the query more often than by chance: it may well be what was returned before.
  const double near = static_cast<double>(std::min<size_t>(query.excluded_count, query.k));
  const double kept = static_cast<double>(kept_rows);
  const double expected = kept / share + near;
  // How many of the candidates may be returned is chance, about binomial: with three standard deviations more, hardly a
  // search comes back short.
  const double wanted = expected + 3 * std::sqrt(kept * (1 - share)) / share;
  return {static_cast<size_t>(wanted), std::max(1.0, query.limit * expected / kept)};
}

/** The cheapest plan that finds what it should. @param allowed how many of the rows may be returned */
SearchPlan choose_plan(const ImageView& image, const Query& query, size_t allowed, size_t kept) {
  if (allowed == 0) return SearchPlan::kScan;
  const double rows = static_cast<double>(allowed);
  const double share = rows / static_cast<double>(image.count);
  const double graph = share < kLeastShareOfGraph ? std::numeric_limits<double>::infinity()
                                                  : kRowsPerExpansion * reach_of(query, kept, share).limit;
  const double groups = query.filter == nullptr
                            ? std::numeric_limits<double>::infinity()
                            : kRowsPerCentre * image.groups.count + kGroupRows * std::sqrt(rows * static_cast<double>(kept));
  if (rows <= std::min(graph, groups)) return SearchPlan::kScan;
  return graph <= groups ? SearchPlan::kGraph : SearchPlan::kGroups;
}

}  // namespace

class Searcher::Exclusion {
 public:
  Exclusion(Searcher& searcher, const Query& query) : bits_(searcher.excluded_), image_(searcher.image_), query_(query) {
    for_each([&](uint32_t node) { bits_[node / 64] |= uint64_t{1} << (node % 64); });
  }
  ~Exclusion() {
    for_each([&](uint32_t node) { bits_[node / 64] = 0; });
  }
  Exclusion(const Exclusion&) = delete;
  Exclusion& operator=(const Exclusion&) = delete;

 private:
  template <typename Work>
  void for_each(const Work& work) const {
    for (uint32_t i = 0; i < query_.excluded_count; i++) {
      const uint32_t node = image_.node_of(static_cast<uint32_t>(query_.excluded[i]));
      if (node != kNone) work(node);
    }
  }

  std::vector<uint64_t>& bits_;
  const ImageView& image_;
  const Query& query_;
};

Searcher::Searcher(const ImageView& image, const Kernels& kernels)
    : image_(image),
      kernels_(kernels),
      vector_(image.dim),
      traversal_(image, kernels),
      row_scan_(image, traversal_.scores()),
      group_scan_(image, kernels),
      excluded_((image.count + 63) / 64) {}

void Searcher::search(Query& query) {
  set_vector(query.vector);
  const Exclusion exclusion(*this, query);
  const size_t allowed = allowed_rows(query);
  query.plan = choose_plan(image_, query, allowed, kept_for(query));
  if (query.plan == SearchPlan::kGraph) {
    traverse(query, allowed);
    const size_t needed = query.filter == nullptr ? query.k : kept_for(query);
    if (ranked_.size() < std::min(needed, allowed)) query.plan = query.filter == nullptr ? SearchPlan::kScan : SearchPlan::kGroups;
  } else {
    traversal_.scores().set(vector_.data());
  }
  // Sums of extreme values may not fit a float, so that nothing can be expected of a group.
  if (query.plan == SearchPlan::kGroups && is_extreme()) query.plan = SearchPlan::kScan;
  if (query.plan != SearchPlan::kGraph) scan(query, query.plan);
  rank(query);
  query.found = static_cast<uint32_t>(std::min<size_t>(query.k, ranked_.size()));
  for (size_t i = 0; i < query.found; i++) {
    query.labels[i] = static_cast<int32_t>(ranked_[i].label);
    query.scores[i] = ranked_[i].score;
  }
}

/**
 * Through the graph. Comes short where near the query fewer rows are allowed than elsewhere; of a query without a filter
 * that depends on its list of excluded ones, and another search reaches further.
 */
void Searcher::traverse(const Query& query, size_t allowed) {
  const auto reach = [&](double share) {
    const Reach reach = reach_of(query, kept_for(query), share);
    traversal_.search(vector_.data(), reach.wanted, static_cast<size_t>(reach.limit));
    collect(query);
  };
  reach(static_cast<double>(allowed) / static_cast<double>(image_.count));
  if (ranked_.size() >= std::min<size_t>(query.k, allowed) || ranked_.empty() || query.filter != nullptr) return;
  const double share = static_cast<double>(ranked_.size()) / static_cast<double>(traversal_.candidates().size());
  // Beyond that, all are looked at in less time.
  if (kRowsPerExpansion * reach_of(query, kept_for(query), share).limit < static_cast<double>(allowed)) reach(share);
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

bool Searcher::is_allowed(const Query& query, uint32_t node, uint32_t label) const {
  return label < image_.count && (excluded_[node / 64] >> (node % 64) & 1) == 0 &&
         (query.filter == nullptr || query.filter->allows(label));
}

void Searcher::collect(const Query& query) {
  ranked_.clear();
  const Candidates& candidates = traversal_.candidates();
  for (size_t i = 0; i < candidates.size(); i++) {
    if (i + kAhead < candidates.size()) prefetch(&image_.labels[candidates.node(i + kAhead)], sizeof(uint32_t));
    const uint32_t node = candidates.node(i);
    const uint32_t label = image_.labels[node];
    if (is_allowed(query, node, label)) ranked_.push_back({candidates.score(i), label, node});
  }
  // Vectors tell apart what codes cannot, so that all that was found is ranked by them.
  if (!is_exact(query)) keep_best(ranked_for(image_.precision, query.k));
}

/** Leaves the best so many, in no order. */
void Searcher::keep_best(size_t count) {
  if (ranked_.size() <= count) return;
  std::nth_element(ranked_.begin(), ranked_.begin() + static_cast<ptrdiff_t>(count - 1), ranked_.end(), is_better);
  ranked_.resize(count);
}

void Searcher::scan(const Query& query, SearchPlan plan) {
  const bool by_vectors = is_exact(query) && !is_extreme();
  const AllowedNodes* const allowed = query.filter == nullptr ? nullptr : &query.filter->at_nodes(image_);
  row_scan_.reset(vector_.data(), by_vectors, ranked_for(image_.precision, query.k));
  if (plan == SearchPlan::kGroups && allowed != nullptr) {
    const bool has_codes = !by_vectors && image_.precision != Precision::kVectors;
    const double offset = has_codes ? traversal_.scores().codes().left_out() : 0;
    group_scan_.run(vector_.data(), offset, *allowed, excluded_.data(), ranked_for(Precision::kCodes, query.k), row_scan_);
  } else {
    row_scan_.add(allowed == nullptr ? nullptr : allowed->words.data(), excluded_.data(), 0, image_.count, 0);
  }
  row_scan_.finish(ranked_);
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
