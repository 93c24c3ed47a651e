#pragma once

#include <cstddef>
#include <vector>

namespace recall {

/** Causal attention of several heads within one sequence, with a learned bias for each head and age. */
struct Heads {
  size_t dim;
  /** Divides `dim`. */
  size_t heads;
  size_t ages;
  /** `[heads, ages]`, each head's from the highest age down to 0. */
  const float* falling_bias;

  size_t width() const { return dim / heads; }
};

/** What a thread needs room for. */
class AttentionScratch {
 public:
  /** For sequences of up to `length` places. */
  AttentionScratch(const Heads& heads, size_t length);

  /** `[width, stride]` */
  float* turned() { return turned_.data(); }
  /** `[length, stride]` each */
  float* weights() { return weights_.data(); }
  float* slopes() { return slopes_.data(); }

 private:
  std::vector<float> turned_, weights_, slopes_;
};

/** Rows `[length, dim]` of one sequence; queries carry the scale of the scores. */
struct AttentionRows {
  const float* query;
  const float* key;
  const float* value;
};

/**
 * out_t = Σ_l α_tl·value_l over l ≤ t, α_t = softmax(query_t·key_l + bias(t − l)), for each head.
 * @param partition `[length, heads]`: the logarithm of each softmax's denominator
 */
void attend(const Heads& heads, const AttentionRows& rows, size_t length, AttentionScratch& scratch, float* out,
            float* partition);

/** The gradients of {@link attend}, `[length, dim]`, and of the bias, `[heads, length]` from age length − 1 down to 0. */
struct AttentionGradients {
  float* query;
  float* key;
  float* value;
  float* falling_bias;
};

void attend_gradient(const Heads& heads, const AttentionRows& rows, const float* gradient, const float* partition,
                     size_t length, AttentionScratch& scratch, AttentionGradients out);

}  // namespace recall
