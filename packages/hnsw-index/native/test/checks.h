#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "check.h"

namespace recall {

/** Vectors about a few centres, as trained ones are. @return `[count, dim]` */
inline std::vector<float> clustered(size_t count, size_t dim, uint32_t seed) {
  std::mt19937 centre_random(7);
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> centres(20 * dim);
  for (float& value : centres) value = normal(centre_random);
  std::vector<float> vectors(count * dim);
  for (size_t row = 0; row < count; row++) {
    const size_t centre = random() % 20 * dim;
    for (size_t d = 0; d < dim; d++) vectors[row * dim + d] = centres[centre + d] + normal(random) / 2;
  }
  return vectors;
}

void test_kernels();
void test_checksums();
void test_candidates();
void test_build();
void test_reachability();
void test_update();
void test_filters();
void test_filter_nodes();
void test_grouping();
void test_search();
void test_outdated_image();
void test_extreme_queries();
void test_precision();
void test_ranking();
void test_selection();
void test_directions();
void test_which_thread();
void test_threads();
void test_damaged_images();
void test_damaged_graphs();
void test_faults();

}  // namespace recall
