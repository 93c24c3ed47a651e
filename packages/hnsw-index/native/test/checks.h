#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

/** Ends the run with the place of a check that does not hold. */
#define CHECK(condition)                                                           \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                                \
    }                                                                              \
  } while (false)

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
void test_search();
void test_threads();
void test_damaged_images();
void test_damaged_graphs();

}  // namespace recall
