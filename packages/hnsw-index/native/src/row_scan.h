#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image.h"
#include "ranking.h"
#include "row_scores.h"

namespace recall {

/** Scores ranges of nodes for one query at a time, and keeps the best of them. Memory is kept from one to the next. */
class RowScan {
 public:
  RowScan(const ImageView& image, RowScores& scores) : image_(image), scores_(scores) {}

  /**
   * @param query `[dim]`, as the scores were set; compared with vectors where `by_vectors`, else by what the file
   * compares by
   * @param kept how many of the best are kept, at least 1
   */
  void reset(const float* query, bool by_vectors, size_t kept);

  /**
   * Scores the nodes of `[begin, end)` that are allowed.
   * @param allowed a bit for each node, or null for all @param excluded a bit for each node that is not, all the same
   * @param expected what their scores are compared with; see `deviation`
   */
  void add(const uint64_t* allowed, const uint64_t* excluded, uint32_t begin, uint32_t end, float expected);

  /** Scores what was added and waits for others. */
  void flush();
  /** Scores what was added, and writes the best, as many as are kept, in no order. */
  void finish(std::vector<Ranked>& best);

  /** How many were scored. */
  size_t scored() const { return scored_; }
  /** The sum of the squared differences between the scores and what was expected. */
  double deviation() const { return deviation_; }
  /** The score at a rank, counted from 1, among what was scored, up to how many are kept; the last where there are fewer. */
  float score_at(size_t rank);

 private:
  /** Nodes scored at a time. */
  static constexpr size_t kBlock = 256;

  void cut();

  const ImageView& image_;
  RowScores& scores_;
  const float* query_ = nullptr;
  bool by_vectors_ = false;
  size_t kept_ = 1;
  /** What may be among the best is gathered, and cut back whenever there is twice as much: sorting each in costs more. */
  std::vector<uint64_t> best_;
  float threshold_ = 0;
  size_t scored_ = 0;
  double deviation_ = 0;
  uint32_t nodes_[kBlock + 64];
  float expected_[kBlock + 64];
  float block_scores_[kBlock + 64];
  size_t size_ = 0;
};

}  // namespace recall
