#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "quantizer.h"
#include "vector_scores.h"

namespace recall {

/** What rows are compared by, from the least memory and time to the most. Stored in serving files. */
enum class Precision : uint32_t {
  /** Codes of a byte per dimension. */
  kCodes = 0,
  /** The same; the best that are found, and those about the k-th, are scored once more with residuals, two bytes per dimension. */
  kRefined = 1,
  /** Codes against queries of sixteen bits, and all that is found scored with residuals, for it is looked for deeper. */
  kWide = 2,
  /** The float32 vectors themselves. */
  kVectors = 3,
};

constexpr uint32_t kPrecisions = 4;

struct PrecisionChoice {
  Precision precision;
  /** Whether codes have a scale each. */
  bool is_scaled;
};

inline bool has_residuals(Precision precision) {
  return precision == Precision::kRefined || precision == Precision::kWide;
}

/** The best rows that `kRefined` scores once more: their order shows most. */
constexpr size_t kRefinedRows = 32;

/** Ranks, counted from 0, that `kRefined` scores once more besides: codes can't tell which rows about the k-th are among the k best. */
struct Doubtful {
  size_t first;
  size_t last;
};

/** Of longer lists too little is confused at the end to be worth reading so many residuals, or they are scored all. */
constexpr size_t kDoubtfulUpTo = 256;

inline Doubtful doubtful_ranks(size_t k, size_t rows) {
  if (k > kDoubtfulUpTo) return {rows, rows};
  const size_t best = std::min(kRefinedRows, rows);
  return {std::clamp(k - k / 16, best, rows), std::clamp(k + k / 16 + 8, best, rows)};
}

/**
 * How many rows are scored once more for `k` to be returned: what candidates are compared by tells close neighbours
 * apart badly, so the true ones are looked for a little further down.
 */
inline size_t ranked_for(Precision precision, size_t k) {
  return precision == Precision::kWide ? 2 * k + 64 : k + k / 8 + 16;
}

/**
 * The share of the rows nearest to a row that is found by each precision is measured on a sample of rows, each compared
 * with all; the first that is good enough is chosen.
 *
 * @param may_keep_vectors else the best of the others is chosen where none is good enough
 */
PrecisionChoice choose_precision(const VectorRows& vectors, const Metric& metric, bool may_keep_vectors, size_t threads);

/**
 * How well codes of a byte stand for vectors while a graph is built: of the rows that are nearest to a row, the share
 * that is also found when some more of them are looked for by codes.
 * @param nearest how many by vectors @param looked_for how many by codes
 */
double share_found_by_codes(const VectorRows& vectors, const CodedRows& codes, const Metric& metric, size_t nearest,
                            size_t looked_for, size_t threads);

}  // namespace recall
