#include "attention.h"

#include <algorithm>
#include <cmath>

#include "products.h"
#include "rows.h"
#include "vectors.h"

namespace recall {
namespace {

/** Places of a sequence in whole vectors. */
size_t stride_of(size_t length) { return (length + kLanes - 1) / kLanes * kLanes; }

/** One head's columns of rows `[length, dim]`, turned to `[width, stride]`; zeros behind the last place. */
void turn(const float* rows, const Heads& heads, size_t length, float* turned) {
  const size_t stride = stride_of(length);
  for (size_t i = 0; i < heads.width(); i++) {
    for (size_t place = 0; place < length; place++) turned[i * stride + place] = rows[place * heads.dim + i];
    std::fill(turned + i * stride + length, turned + (i + 1) * stride, 0.0f);
  }
}

/** out `[length, stride]` = rows·othersᵀ, by one head's columns */
void every_dot(const float* rows, const float* others, const Heads& heads, size_t length, float* turned, float* out) {
  const size_t stride = stride_of(length);
  turn(others, heads, length, turned);
  multiply({rows, heads.dim, 1}, {turned, stride}, {out, stride}, {length, stride, heads.width()});
}

/** The bias of a head at a place: of the ages from `place` down to 0. */
const float* bias_at(const Heads& heads, size_t head, size_t place) {
  return heads.falling_bias + (head + 1) * heads.ages - 1 - place;
}

void hide_later(float* row, size_t place, size_t stride) { std::fill(row + place + 1, row + stride, 0.0f); }

}  // namespace

AttentionScratch::AttentionScratch(const Heads& heads, size_t length)
    : turned_(heads.width() * stride_of(length)),
      weights_(length * stride_of(length)),
      slopes_(length * stride_of(length)) {}

void attend(const Heads& heads, const AttentionRows& rows, size_t length, AttentionScratch& scratch, float* out,
            float* partition) {
  const size_t stride = stride_of(length), dim = heads.dim, width = heads.width();
  for (size_t head = 0; head < heads.heads; head++) {
    const size_t at = head * width;
    float* weights = scratch.weights();
    every_dot(rows.query + at, rows.key + at, heads, length, scratch.turned(), weights);
    for (size_t place = 0; place < length; place++) {
      float* row = weights + place * stride;
      const float largest = shift_row(row, bias_at(heads, head, place), place + 1);
      const float sum = exponentiate(row, place + 1, largest);
      scale_row(row, 1 / sum, row, place + 1);
      hide_later(row, place, stride);
      partition[place * heads.heads + head] = largest + std::log(sum);
    }
    multiply({weights, stride, 1}, {rows.value + at, dim}, {out + at, dim}, {length, width, length});
  }
}

void attend_gradient(const Heads& heads, const AttentionRows& rows, const float* gradient, const float* partition,
                     size_t length, AttentionScratch& scratch, AttentionGradients out) {
  const size_t stride = stride_of(length), dim = heads.dim, width = heads.width();
  const ProductShape shape{length, width, length};
  for (size_t head = 0; head < heads.heads; head++) {
    const size_t at = head * width;
    float *weights = scratch.weights(), *slopes = scratch.slopes();
    float* bias = out.falling_bias + head * length;
    std::fill(bias, bias + length, 0.0f);
    every_dot(rows.query + at, rows.key + at, heads, length, scratch.turned(), weights);
    every_dot(gradient + at, rows.value + at, heads, length, scratch.turned(), slopes);
    for (size_t place = 0; place < length; place++) {
      float *weight = weights + place * stride, *slope = slopes + place * stride;
      shift_row(weight, bias_at(heads, head, place), place + 1);
      exponentiate(weight, place + 1, partition[place * heads.heads + head]);
      hide_later(weight, place, stride);
      const float along = dot(weight, slope, place + 1);
      for (size_t l = 0; l <= place; l++) slope[l] = weight[l] * (slope[l] - along);
      hide_later(slope, place, stride);
      add_row(slope, bias + length - 1 - place, place + 1);
    }
    multiply({weights, 1, stride}, {gradient + at, dim}, {out.value + at, dim}, shape);
    multiply({slopes, stride, 1}, {rows.key + at, dim}, {out.query + at, dim}, shape);
    multiply({slopes, 1, stride}, {rows.query + at, dim}, {out.key + at, dim}, shape);
  }
}

}  // namespace recall
