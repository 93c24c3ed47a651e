#include "transformer_block.h"

#include <algorithm>
#include <cmath>

#include "attention.h"
#include "block_memory.h"
#include "columns.h"
#include "parallel.h"
#include "products.h"

namespace recall {
namespace {

/** Rows per thread from which a second thread is worth waking. */
constexpr size_t kGrainRows = 64;

/** Runs `work(first, last)` over the sequences. */
template <typename Work>
void by_sequences(const TransformerBlock& block, const Work& work) {
  parallel(block.count, kGrainRows * block.count / std::max<size_t>(1, block.rows()) + 1, work);
}

/** The rows of some sequences, one after the other. */
struct Rows {
  size_t first;
  size_t count;
  size_t dim;
  Precision precision;

  Rows(const TransformerBlock& block, size_t from, size_t to)
      : first(static_cast<size_t>(block.offsets[from])),
        count(static_cast<size_t>(block.offsets[to]) - first),
        dim(block.dim),
        precision(block.precision) {}

  size_t start() const { return first * dim; }
  size_t size() const { return count * dim; }
};

/** out = x·W + b, all `[rows, dim]`; b may be null. */
void dense(const Rows& rows, const float* x, const float* weight, const float* bias, float* out) {
  multiply({x, rows.dim, 1}, {weight, rows.dim}, {out, rows.dim}, {rows.count, rows.dim, rows.dim}, rows.precision);
  if (bias == nullptr) return;
  for (size_t i = 0; i < rows.count; i++) add_row(bias, out + i * rows.dim, rows.dim);
}

void normalize(const Rows& rows, const float* x, float epsilon, float* out, float* inverse) {
  for (size_t i = 0; i < rows.count; i++) {
    inverse[i] = normalize_row(x + i * rows.dim, epsilon, out + i * rows.dim, rows.dim);
  }
}

void add_normal_gradients(const Rows& rows, const float* dy, const float* y, const float* inverse, float* to) {
  for (size_t i = 0; i < rows.count; i++) {
    add_normal_gradient(dy + i * rows.dim, y + i * rows.dim, inverse[i], to + i * rows.dim, rows.dim);
  }
}

Heads heads_of(const TransformerBlock& block, const std::vector<float>& falling) {
  return {block.dim, block.heads, block.ages, falling.data()};
}

std::vector<float> falling_bias(const TransformerBlock& block) {
  std::vector<float> falling(block.heads * block.ages);
  for (size_t head = 0; head < block.heads; head++) {
    const float* bias = block.weights.age_bias + head * block.ages;
    std::reverse_copy(bias, bias + block.ages, falling.begin() + static_cast<std::ptrdiff_t>(head * block.ages));
  }
  return falling;
}

std::vector<float> turned(const float* weight, size_t dim) {
  std::vector<float> out(dim * dim);
  for (size_t i = 0; i < dim; i++) {
    for (size_t j = 0; j < dim; j++) out[j * dim + i] = weight[i * dim + j];
  }
  return out;
}

float score_scale(const TransformerBlock& block) {
  return 1 / std::sqrt(static_cast<float>(block.dim / block.heads));
}

/** Each weight's gradient, inputᵀ·slope, and its bias's, the sums of slope's columns. */
struct Layer {
  const float* input;
  const float* slope;
  float* weight;
  float* bias;
};

template <size_t count>
void weight_gradients(const TransformerBlock& block, const Layer (&layers)[count]) {
  const size_t dim = block.dim, rows = block.rows();
  // Each thread takes some rows of all gradients together, and sums in the order of the batch's rows.
  parallel(count * dim, kGrainRows * dim / std::max<size_t>(1, rows) + 1, [&](size_t first, size_t last) {
    while (first < last) {
      const Layer& layer = layers[first / dim];
      const size_t row = first % dim, taken = std::min(dim - row, last - first);
      multiply_tall({layer.input + row, 1, dim}, {layer.slope, dim}, {layer.weight + row * dim, dim},
                    {taken, dim, rows}, block.precision);
      first += taken;
    }
  });
  std::vector<double> sums(dim);
  for (const Layer& layer : layers) {
    if (layer.bias == nullptr) continue;
    sum_columns({layer.slope, rows, dim}, sums.data());
    std::copy(sums.begin(), sums.end(), layer.bias);
  }
}

}  // namespace

size_t TransformerBlock::longest() const {
  int32_t most = 0;
  for (size_t s = 0; s < count; s++) most = std::max(most, offsets[s + 1] - offsets[s]);
  return static_cast<size_t>(most);
}

size_t saved_size(const TransformerBlock& block) { return SavedRows<float*>::size(block.rows(), block.dim, block.heads); }

void run_block(const TransformerBlock& block, const float* x, float* out, float* saved) {
  const SavedRows<float*> at(saved, block.rows(), block.dim);
  const BlockWeights& w = block.weights;
  const std::vector<float> falling = falling_bias(block);
  const Heads heads = heads_of(block, falling);
  const size_t dim = block.dim, longest = block.longest();
  by_sequences(block, [&](size_t first, size_t last) {
    const Rows rows(block, first, last);
    const size_t start = rows.start();
    normalize(rows, x + start, block.epsilon, at.normal + start, at.inverse + rows.first);
    dense(rows, at.normal + start, w.query, w.query_bias, at.query + start);
    scale_row(at.query + start, score_scale(block), at.query + start, rows.size());
    dense(rows, at.normal + start, w.key, nullptr, at.key + start);
    dense(rows, at.normal + start, w.value, w.value_bias, at.value + start);
    AttentionScratch scratch(heads, longest);
    for (size_t s = first; s < last; s++) {
      const size_t row = static_cast<size_t>(block.offsets[s]), from = row * dim;
      attend(heads, {at.query + from, at.key + from, at.value + from},
             static_cast<size_t>(block.offsets[s + 1]) - row, scratch, at.attended + from,
             at.partition + row * block.heads);
    }
    float* y = out + start;
    dense(rows, at.attended + start, w.output, w.output_bias, y);
    drop_row(y, block.kept[0].from(start), rows.size());
    add_row(x + start, y, rows.size());
    normalize(rows, y, block.epsilon, at.inner_normal + start, at.inner_inverse + rows.first);
    float* hidden = at.hidden + start;
    dense(rows, at.inner_normal + start, w.inner, w.inner_bias, hidden);
    rectify_row(hidden, block.kept[1].from(start), rows.size());
    std::vector<float> outer(rows.size());
    dense(rows, hidden, w.outer, w.outer_bias, outer.data());
    drop_row(outer.data(), block.kept[2].from(start), rows.size());
    add_row(outer.data(), y, rows.size());
  });
}

void run_block_gradient(const TransformerBlock& block, const float* gradient, const float* saved, BlockGradients out) {
  const size_t dim = block.dim, count = block.rows(), longest = block.longest();
  const SavedRows<const float*> at(saved, count, dim);
  const BlockWeights& w = block.weights;
  const std::vector<float> falling = falling_bias(block);
  const Heads heads = heads_of(block, falling);
  const std::vector<float> query = turned(w.query, dim), key = turned(w.key, dim), value = turned(w.value, dim),
                           output = turned(w.output, dim), inner = turned(w.inner, dim), outer = turned(w.outer, dim);
  // The gradients of what each layer gives, `[rows, dim]`, and those of the biases of each sequence.
  const Buffer of_query(count * dim), of_key(count * dim), of_value(count * dim), of_output(count * dim),
      of_inner(count * dim), of_outer(count * dim), of_ages(block.count * block.heads * longest);

  by_sequences(block, [&](size_t first, size_t last) {
    const Rows rows(block, first, last);
    const size_t start = rows.start(), size = rows.size();
    const Buffer by_input(size);
    float *slope = by_input.get(), *of_x = out.x + start;
    const float* dz = gradient + start;

    std::copy_n(dz, size, of_outer.get() + start);
    drop_row(of_outer.get() + start, block.kept[2].from(start), size);
    dense(rows, of_outer.get() + start, outer.data(), nullptr, of_inner.get() + start);
    pass_row(of_inner.get() + start, at.hidden + start, block.kept[1] ? block.kept[1].scale : 1, size);
    dense(rows, of_inner.get() + start, inner.data(), nullptr, slope);
    std::copy_n(dz, size, of_x);
    add_normal_gradients(rows, slope, at.inner_normal + start, at.inner_inverse + rows.first, of_x);

    std::copy_n(of_x, size, of_output.get() + start);
    drop_row(of_output.get() + start, block.kept[0].from(start), size);
    dense(rows, of_output.get() + start, output.data(), nullptr, slope);
    AttentionScratch scratch(heads, longest);
    for (size_t s = first; s < last; s++) {
      const size_t row = static_cast<size_t>(block.offsets[s]), from = row * dim;
      attend_gradient(heads, {at.query + from, at.key + from, at.value + from}, slope + from - start,
                      at.partition + row * block.heads, static_cast<size_t>(block.offsets[s + 1]) - row, scratch,
                      {of_query.get() + from, of_key.get() + from, of_value.get() + from,
                       of_ages.get() + s * block.heads * longest});
    }
    scale_row(of_query.get() + start, score_scale(block), of_query.get() + start, size);
    dense(rows, of_query.get() + start, query.data(), nullptr, slope);
    const ProductShape shape{rows.count, dim, dim};
    multiply_add({of_key.get() + start, dim, 1}, {key.data(), dim}, {slope, dim}, shape, block.precision);
    multiply_add({of_value.get() + start, dim, 1}, {value.data(), dim}, {slope, dim}, shape, block.precision);
    add_normal_gradients(rows, slope, at.normal + start, at.inverse + rows.first, of_x);
  });

  const Layer layers[] = {{at.normal, of_query.get(), out.query, out.query_bias},
                          {at.normal, of_key.get(), out.key, nullptr},
                          {at.normal, of_value.get(), out.value, out.value_bias},
                          {at.attended, of_output.get(), out.output, out.output_bias},
                          {at.inner_normal, of_inner.get(), out.inner, out.inner_bias},
                          {at.hidden, of_outer.get(), out.outer, out.outer_bias}};
  weight_gradients(block, layers);
  std::fill_n(out.age_bias, block.heads * block.ages, 0.0f);
  for (size_t s = 0; s < block.count; s++) {
    const size_t length = static_cast<size_t>(block.offsets[s + 1] - block.offsets[s]);
    for (size_t head = 0; head < block.heads; head++) {
      const float* ages = of_ages.get() + s * block.heads * longest + head * length;
      for (size_t age = 0; age < length; age++) out.age_bias[head * block.ages + age] += ages[length - 1 - age];
    }
  }
}

}  // namespace recall
