#include "pool_loss.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "block_memory.h"
#include "columns.h"
#include "multiversion.h"
#include "parallel.h"
#include "products.h"
#include "rows.h"
#include "vectors.h"

namespace recall {
namespace {

/** Far below any score, and yet finite. */
constexpr float kLeftOut = -1e9f;

/** Users whose scores are worked on at a time, so that these stay in the second-level cache. */
constexpr size_t kBlockRows = 32;

/** Users, or items of the pool, per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 32;

RECALL_MULTIVERSION void leave_out(float* __restrict scores, const int32_t* __restrict items, int32_t own,
                                   size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float score = scores[i];
    scores[i] = items[i] == own ? kLeftOut : score;
  }
}

/** Turns scores `[pool]` into weight·softmax in place. @returns the slope of the own score */
float contrast_row(const PoolContrast& contrast, size_t user, const float* bias, float own, float* scores,
                   double* loss) {
  leave_out(scores, contrast.items + contrast.users, contrast.items[user], contrast.pool);
  const float largest = std::max(own, shift_row(scores, bias, contrast.pool));
  const float own_share = std::exp(own - largest);
  const float partition = exponentiate(scores, contrast.pool, largest) + own_share;
  const float weight = contrast.weights[user];
  *loss = double{weight} * (std::log(double{partition}) - (double{own} - double{largest}));
  scale_row(scores, weight / partition, scores, contrast.pool);
  return weight * (own_share / partition - 1);
}

}  // namespace

float pool_loss(const PoolContrast& contrast, float* of_users, float* of_items) {
  const size_t users = contrast.users, pool = contrast.pool, dim = contrast.dim;
  const float* pool_vectors = contrast.item_vectors + users * dim;
  const Buffer turned(pool * dim), slopes(users * pool);
  transpose({pool_vectors, pool, dim}, turned.get());
  const std::vector<float> none(contrast.bias == nullptr ? pool : 0);
  const float* bias = contrast.bias == nullptr ? none.data() : contrast.bias;
  std::vector<double> losses(users);

  parallel(users, kGrain, [&](size_t first, size_t last) {
    for (size_t user = first; user < last; user += kBlockRows) {
      const size_t rows = std::min(kBlockRows, last - user);
      const float* vectors = contrast.user_vectors + user * dim;
      float *block = slopes.get() + user * pool, *of_block = of_users + user * dim;
      multiply({vectors, dim, 1}, {turned.get(), pool}, {block, pool}, {rows, pool, dim},
               contrast.precision);
      for (size_t i = 0; i < rows; i++) {
        const float* own_vector = contrast.item_vectors + (user + i) * dim;
        const float own = dot(vectors + i * dim, own_vector, dim);
        const float slope = contrast_row(contrast, user + i, bias, own, block + i * pool, &losses[user + i]);
        scale_row(own_vector, slope, of_block + i * dim, dim);
        scale_row(vectors + i * dim, slope, of_items + (user + i) * dim, dim);
      }
      multiply_add({block, pool, 1}, {pool_vectors, dim}, {of_block, dim}, {rows, dim, pool},
                   contrast.precision);
    }
  });
  parallel(pool, kGrain, [&](size_t first, size_t last) {
    multiply_tall({slopes.get() + first, 1, pool}, {contrast.user_vectors, dim}, {of_items + (users + first) * dim, dim},
                  {last - first, dim, users}, contrast.precision);
  });
  double sum = 0;
  for (const double loss : losses) sum += loss;
  return static_cast<float>(sum);
}

}  // namespace recall
