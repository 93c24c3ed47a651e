#include "precision.h"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "candidates.h"
#include "coded_vectors.h"
#include "on_threads.h"

namespace recall {
namespace {

/** Rows that are compared with all others: of a large build so few that they take a hundredth of its time. */
constexpr size_t kLeastSample = 32;
constexpr size_t kMostSample = 256;
constexpr size_t kComparisons = 6'400'000;

size_t sample_of(size_t count) {
  return std::min(count, std::clamp(kComparisons / count, kLeastSample, kMostSample));
}

/** Rows scored at a time in a scan. */
constexpr size_t kScanBlock = 1024;

/** List lengths that must come out right. */
constexpr size_t kShort = 10;
constexpr size_t kLong = 500;

/**
 * Of the true neighbours, those that must be found in a list of each length. What is missing is lost to every search,
 * whatever it follows. Of a long list the end is what codes confuse, and a hundredth of it may be missing.
 */
constexpr double kEnoughOfShort = 0.995;
constexpr double kEnoughOfLong = 0.99;

struct Scored {
  float score;
  uint32_t row;
};

/** The rows with the best scores, best first, but one. @param scores with `score(rows, count, out)` */
template <typename Scores>
std::vector<Scored> best_rows(Scores& scores, size_t count, size_t wanted, uint32_t without) {
  Candidates best;
  best.reset(wanted + 1);
  std::vector<uint32_t> rows(kScanBlock);
  std::vector<float> found(kScanBlock);
  for (size_t first = 0; first < count; first += kScanBlock) {
    const size_t size = std::min(kScanBlock, count - first);
    for (size_t i = 0; i < size; i++) rows[i] = static_cast<uint32_t>(first + i);
    scores.score(rows.data(), size, found.data());
    best.add(found.data(), rows.data(), size);
  }
  best.cut();
  std::vector<Scored> sorted;
  for (size_t i = 0; i < best.size(); i++) {
    if (best.node(i) != without) sorted.push_back({best.score(i), best.node(i)});
  }
  std::sort(sorted.begin(), sorted.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  if (sorted.size() > wanted) sorted.resize(wanted);
  return sorted;
}

/** The true neighbours of a sample of rows, and how many of them a precision finds. */
class Sample {
 public:
  Sample(const VectorRows& vectors, const Metric& metric, size_t threads)
      : vectors_(vectors), metric_(metric), threads_(threads), truth_(sample_of(vectors.count)) {
    in_blocks(truth_.size(), 1, threads, [&](size_t begin, size_t end) {
      VectorScores scores(vectors_, metric_);
      for (size_t i = begin; i < end; i++) {
        scores.set(vectors_.at(row_of(i)));
        truth_[i] = best_rows(scores, vectors_.count, kLong, row_of(i));
      }
    });
  }

  /** @return the share that is found, as a part of what is enough, of the short or the long list, whichever is less */
  double share_found(const CodedRows& codes, Precision precision) const {
    std::mutex mutex;
    double found[] = {0, 0};
    double wanted[] = {0, 0};
    in_blocks(truth_.size(), 1, threads_, [&](size_t begin, size_t end) {
      CodeScores by_codes(codes, metric_.kernels());
      for (size_t i = begin; i < end; i++) {
        by_codes.set(vectors_.at(row_of(i)));
        const auto candidates = best_rows(by_codes, vectors_.count, looked_for(precision), row_of(i));
        const size_t lengths[] = {std::min(kShort, truth_[i].size()), truth_[i].size()};
        for (size_t list = 0; list < 2; list++) {
          const size_t count = count_true(i, candidates, by_codes, precision, lengths[list]);
          const std::lock_guard<std::mutex> lock(mutex);
          found[list] += static_cast<double>(count);
          wanted[list] += static_cast<double>(lengths[list]);
        }
      }
    });
    if (wanted[0] == 0) return 1;
    return std::min(found[0] / wanted[0] / kEnoughOfShort, found[1] / wanted[1] / kEnoughOfLong);
  }

 private:
  uint32_t row_of(size_t i) const { return static_cast<uint32_t>(i * vectors_.count / truth_.size()); }

  /** A search that asks for no more candidates than it returns has no more to choose from. */
  static size_t looked_for(Precision precision) { return precision == Precision::kWide ? ranked_for(precision, kLong) : kLong; }

  /** Ranks as a search does, and counts what is as near as the last true one. */
  size_t count_true(size_t i, const std::vector<Scored>& candidates, const CodeScores& by_codes, Precision precision,
                    size_t k) const {
    if (k == 0) return 0;
    std::vector<Scored> ranked(candidates.begin(),
                               candidates.begin() + static_cast<ptrdiff_t>(std::min(candidates.size(), ranked_for(precision, k))));
    const auto is_better = [](const Scored& a, const Scored& b) { return a.score > b.score; };
    const auto score_finely = [&](size_t first, size_t last) {
      for (size_t at = first; at < last; at++) ranked[at].score = static_cast<float>(by_codes.score_finely(ranked[at].row));
    };
    if (precision == Precision::kWide) {
      score_finely(0, ranked.size());
    } else {
      for (Scored& item : ranked) item.score = static_cast<float>(by_codes.score_precisely(item.row));
      std::sort(ranked.begin(), ranked.end(), is_better);
      if (precision == Precision::kRefined) {
        const Doubtful doubtful = doubtful_ranks(k, ranked.size());
        score_finely(0, std::min(kRefinedRows, ranked.size()));
        score_finely(doubtful.first, doubtful.last);
      }
    }
    std::sort(ranked.begin(), ranked.end(), is_better);
    VectorScores by_vectors(vectors_, metric_);
    by_vectors.set(vectors_.at(row_of(i)));
    size_t count = 0;
    for (size_t at = 0; at < std::min(k, ranked.size()); at++) {
      float score;
      by_vectors.score(&ranked[at].row, 1, &score);
      count += score >= truth_[i][k - 1].score ? 1 : 0;
    }
    return count;
  }

  const VectorRows& vectors_;
  const Metric& metric_;
  const size_t threads_;
  std::vector<std::vector<Scored>> truth_;
};

}  // namespace

PrecisionChoice choose_precision(const VectorRows& vectors, const Metric& metric, bool may_keep_vectors, size_t threads) {
  const Sample sample(vectors, metric, threads);
  PrecisionChoice best = {Precision::kCodes, false};
  double best_share = -1;
  const auto is_enough = [&](const CodedRows& codes, Precision precision) {
    const double share = sample.share_found(codes, precision);
    if (share > best_share) {
      best_share = share;
      best = {precision, codes.scales != nullptr};
    }
    return share >= 1;
  };
  std::optional<CodedVectors> coded[2];
  for (const bool is_scaled : {false, true}) {
    if (is_scaled && metric.space() == Space::kCosine) continue;
    const CodedVectors& codes = coded[is_scaled].emplace(vectors, metric.space(), is_scaled, true, threads);
    for (const Precision precision : {Precision::kCodes, Precision::kRefined}) {
      if (is_enough(codes.rows(), precision)) return best;
    }
  }
  for (const std::optional<CodedVectors>& codes : coded) {
    if (codes && is_enough(codes->with_wide_queries(), Precision::kWide)) return best;
  }
  return may_keep_vectors ? PrecisionChoice{Precision::kVectors, false} : best;
}

double share_found_by_codes(const VectorRows& vectors, const CodedRows& codes, const Metric& metric, size_t nearest,
                            size_t looked_for, size_t threads) {
  const size_t sample = std::min(kLeastSample, vectors.count);
  std::mutex mutex;
  size_t there = 0;
  size_t found = 0;
  in_blocks(sample, 1, threads, [&](size_t begin, size_t end) {
    CodeScores by_codes(codes, metric.kernels());
    VectorScores by_vectors(vectors, metric);
    for (size_t i = begin; i < end; i++) {
      const auto row = static_cast<uint32_t>(i * vectors.count / sample);
      by_vectors.set(vectors.at(row));
      by_codes.set(vectors.at(row));
      std::vector<bool> is_candidate(vectors.count);
      for (const Scored& candidate : best_rows(by_codes, vectors.count, looked_for, row)) is_candidate[candidate.row] = true;
      const auto truth = best_rows(by_vectors, vectors.count, nearest, row);
      const std::lock_guard<std::mutex> lock(mutex);
      there += truth.size();
      for (const Scored& neighbour : truth) found += is_candidate[neighbour.row] ? 1 : 0;
    }
  });
  return there == 0 ? 1 : static_cast<double>(found) / static_cast<double>(there);
}

}  // namespace recall
