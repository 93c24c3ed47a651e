#include "coded_vectors.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <unordered_set>

#include "candidates.h"
#include "parallel.h"

namespace recall {
namespace {

/** Rows that are compared with all others; more would take longer than a hundredth of the build. */
constexpr size_t kSample = 32;

/** Rows scored at a time in a scan. */
constexpr size_t kScanBlock = 1024;

/** @return the rows with the best scores, so many of them, in no order */
template <typename Scores>
std::unordered_set<uint32_t> best_rows(Scores& scores, size_t count, size_t wanted) {
  Candidates best;
  best.reset(wanted);
  std::vector<uint32_t> rows(kScanBlock);
  std::vector<float> found(kScanBlock);
  for (size_t first = 0; first < count; first += kScanBlock) {
    const size_t size = std::min(kScanBlock, count - first);
    for (size_t i = 0; i < size; i++) rows[i] = static_cast<uint32_t>(first + i);
    scores.score(rows.data(), size, found.data());
    best.add(found.data(), rows.data(), size);
  }
  best.cut();
  std::unordered_set<uint32_t> set;
  for (size_t i = 0; i < best.size(); i++) set.insert(best.node(i));
  return set;
}

}  // namespace

CodedVectors::CodedVectors(const VectorRows& vectors, const Metric& metric, size_t threads)
    : quantizer_(fit_quantizer(vectors.count, vectors.dim, [&](size_t row) { return vectors.at(row); })),
      codes_(Memory::allocate(vectors.count * code_stride(vectors.dim))),
      bias_(metric.space() == Space::kL2 ? vectors.count : 0),
      rows_({metric.space(), static_cast<uint32_t>(vectors.dim), code_stride(vectors.dim), quantizer_.low.data(),
             quantizer_.step.data(), codes_.data(), bias_.empty() ? nullptr : bias_.data()}) {
  in_blocks(vectors.count, 4096, threads, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; row++) {
      uint8_t* const code = codes_.writable() + row * rows_.stride;
      quantizer_.encode(vectors.at(row), code);
      if (!bias_.empty()) bias_[row] = -quantizer_.squared_length(code);
    }
  });
}

double share_found_by_codes(const VectorRows& vectors, const CodedVectors& codes, const Metric& metric, size_t nearest,
                            size_t looked_for, size_t threads) {
  const size_t sample = std::min(kSample, vectors.count);
  std::atomic<size_t> there{0};
  std::atomic<size_t> found{0};
  in_blocks(sample, 1, threads, [&](size_t begin, size_t end) {
    CodeScores by_codes(codes.rows(), metric.kernels());
    VectorScores by_vectors(vectors, metric);
    for (size_t i = begin; i < end; i++) {
      const float* const vector = vectors.at(i * vectors.count / sample);
      by_vectors.set(vector);
      by_codes.set(vector);
      const auto candidates = best_rows(by_codes, vectors.count, looked_for);
      for (const uint32_t row : best_rows(by_vectors, vectors.count, nearest)) {
        there++;
        found += candidates.count(row);
      }
    }
  });
  return there == 0 ? 0 : static_cast<double>(found) / static_cast<double>(there);
}

}  // namespace recall
