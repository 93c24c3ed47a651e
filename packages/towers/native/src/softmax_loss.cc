#include "softmax_loss.h"

#include <cmath>

#include "multiversion.h"
#include "parallel.h"
#include "rows.h"
#include "vectors.h"

namespace recall {
namespace {

/** Scores per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 16 * 1024;

/** Far below any score, and yet finite: a row of which every column is left out gives no NaN. */
constexpr float kLeftOut = -1e9f;

struct Row {
  const float* scores;
  const float* bias;
  const int32_t* items;
  size_t columns;
  int32_t label;
};

/** out = scores + bias, without the columns that hold the label's item. @returns the largest */
RECALL_MULTIVERSION float correct(const Row& row, float* __restrict out) {
  const float label_score = row.scores[row.label] + (row.bias ? row.bias[row.label] : 0.0f);
  const int32_t label_item = row.items ? row.items[row.label] : 0;
  size_t i = 0;
  Floats most = Floats{} + label_score;
  for (; i + kLanes <= row.columns; i += kLanes) {
    Floats score;
    load(row.scores + i, &score);
    if (row.bias) {
      Floats bias;
      load(row.bias + i, &bias);
      score += bias;
    }
    if (row.items) {
      Ints item;
      load(row.items + i, &item);
      score = item == label_item ? Floats{} + kLeftOut : score;
    }
    most = score > most ? score : most;
    store(&score, out + i);
  }
  float largest = largest_of(&most);
  for (; i < row.columns; i++) {
    float score = row.scores[i] + (row.bias ? row.bias[i] : 0.0f);
    if (row.items && row.items[i] == label_item) score = kLeftOut;
    largest = score > largest ? score : largest;
    out[i] = score;
  }
  out[row.label] = label_score;
  return largest;
}

}  // namespace

void softmax_loss(const Contrast& contrast, float* losses, float* gradient) {
  const size_t columns = contrast.columns;
  parallel(contrast.rows, kGrain / columns + 1, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; i++) {
      const Row row{contrast.scores + i * columns, contrast.bias ? contrast.bias.row(i) : nullptr,
                    contrast.items ? contrast.items.row(i) : nullptr, columns, contrast.labels[i]};
      float* out = gradient + i * columns;
      const float largest = correct(row, out);
      const float label_score = out[row.label];
      const float partition = exponentiate(out, columns, largest);
      const float weight = contrast.weights[i];
      losses[i] = static_cast<float>(weight * (std::log(double{partition}) - (double{label_score} - double{largest})));
      scale_row(out, weight / partition, out, columns);
      out[row.label] -= weight;
    }
  });
}

}  // namespace recall
