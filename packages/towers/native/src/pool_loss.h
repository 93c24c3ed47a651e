#pragma once

#include <cstddef>
#include <cstdint>

#include "products.h"

namespace recall {

/** Users that each have an item of their own, which should win against a pool that all of them share. */
struct PoolContrast {
  size_t users;
  size_t pool;
  size_t dim;
  /** `[users, dim]` */
  const float* user_vectors;
  /** `[users + pool, dim]`: the users' own first. */
  const float* item_vectors;
  /** `[users + pool]`: which item each is. One of the pool that is the user's own is no negative. */
  const int32_t* items;
  /** `[pool]`, added to the scores; may be null. */
  const float* bias;
  /** Of each user's loss, `[users]`. */
  const float* weights;
  /** Of the products of vectors, and of slopes with vectors. */
  Precision precision;
};

/**
 * Cross-entropy of each user's softmax over the own item and the pool, summed by weight, with its gradients by the
 * vectors, of their shapes.
 */
float pool_loss(const PoolContrast& contrast, float* of_users, float* of_items);

}  // namespace recall
