#include "select_diverse.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "checks.h"
#include "direction.h"

namespace recall {
namespace {

int32_t product(const int8_t* a, const int8_t* b, size_t dim) {
  return std::inner_product(a, a + dim, b, 0, std::plus<>(), [](int x, int y) { return x * y; });
}

/** A selection by the definition: every candidate is compared with all that were chosen, each time. */
std::vector<int32_t> select_plainly(DiverseCandidates of, std::vector<int32_t> chosen, size_t k) {
  while (chosen.size() < k) {
    int32_t best = -1;
    double best_value = 0;
    for (size_t i = 0; i < of.count; i++) {
      if (std::find(chosen.begin(), chosen.end(), static_cast<int32_t>(i)) != chosen.end()) continue;
      const int32_t* const first = of.groups + of.group_starts[i];
      const int32_t* const end = of.groups + of.group_starts[i + 1];
      if (std::any_of(first, end, [&](int32_t group) { return of.room[group] <= 0; })) continue;
      int32_t largest = 0;
      for (const int32_t other : chosen) {
        largest = std::max(largest, product(of.codes + i * of.dim, of.codes + static_cast<size_t>(other) * of.dim, of.dim));
      }
      const double value = of.gains[i] - of.weight * largest;
      if (best != -1 && value <= best_value) continue;
      best = static_cast<int32_t>(i);
      best_value = value;
    }
    if (best == -1) break;
    std::for_each(of.groups + of.group_starts[best], of.groups + of.group_starts[best + 1],
                  [&](int32_t group) { of.room[group]--; });
    chosen.push_back(best);
  }
  return chosen;
}

void check_selection(size_t count, size_t dim, size_t k, size_t given, double weight, const Kernels& kernels) {
  const std::vector<float> vectors = clustered(count, dim, 5);
  std::vector<int8_t> codes(count * dim);
  for (size_t i = 0; i < count; i++) portable_kernels.vector_direction(&vectors[i * dim], dim, &codes[i * dim]);
  std::mt19937 random(static_cast<uint32_t>(count + dim));
  std::vector<double> gains(count);
  // Few different ones, so that many tie.
  for (double& gain : gains) gain = static_cast<double>(random() % 40) * 400;
  std::sort(gains.rbegin(), gains.rend());
  std::vector<int32_t> starts(count + 1), groups;
  for (size_t i = 0; i < count; i++) {
    for (uint32_t left = static_cast<uint32_t>(random() % 3); left > 0; left--) groups.push_back(static_cast<int32_t>(random() % 10));
    starts[i + 1] = static_cast<int32_t>(groups.size());
  }
  std::vector<int32_t> room(10);
  for (int32_t& places : room) places = static_cast<int32_t>(random() % 30);
  std::vector<int32_t> room_left = room;
  std::vector<int32_t> chosen(k);
  for (size_t i = 0; i < given; i++) chosen[i] = static_cast<int32_t>((i * 7) % count);
  const std::vector<int32_t> first(chosen.begin(), chosen.begin() + static_cast<ptrdiff_t>(given));
  const DiverseCandidates candidates{count, dim, codes.data(), gains.data(), weight, starts.data(), groups.data(), room.data()};
  chosen.resize(select_diverse(candidates, given, k, kernels, chosen.data()));
  DiverseCandidates again = candidates;
  again.room = room_left.data();
  CHECK(chosen == select_plainly(again, first, k));
  CHECK(room == room_left);
}

}  // namespace

void test_selection() {
  for (const Kernels* kernels : available_kernels()) {
    for (const double weight : {0.0, 1.0, 3.0}) {
      check_selection(150, 13, 60, 0, weight, *kernels);
      check_selection(100, 128, 100, 5, weight, *kernels);
      check_selection(17, 4, 9, 1, weight, *kernels);
      check_selection(1, 3, 1, 0, weight, *kernels);
    }
    check_selection(0, 8, 0, 0, 1, *kernels);
  }
}

void test_directions() {
  const std::vector<float> vector = {3, -4, 0, 0, 0, 0, 0, 0, 0};
  for (const Kernels* kernels : available_kernels()) {
    std::vector<int8_t> direction(vector.size());
    kernels->vector_direction(vector.data(), vector.size(), direction.data());
    CHECK((direction == std::vector<int8_t>{76, -102, 0, 0, 0, 0, 0, 0, 0}));
    for (const float value : {0.0f, 1e-38f, 3e38f}) {
      const std::vector<float> extreme(9, value);
      kernels->vector_direction(extreme.data(), extreme.size(), direction.data());
      CHECK(std::all_of(direction.begin(), direction.end(), [](int8_t part) { return part == 0; }));
    }
    for (size_t dim = 1; dim < 140; dim += 3) {
      const std::vector<uint8_t> code(dim, 200);
      const std::vector<float> origin(dim, 0.5f), shift(dim, -1), step(dim, 0.01f);
      std::vector<float> values(dim);
      std::vector<int8_t> decoded(dim);
      kernels->code_direction({code.data(), 2, origin.data(), shift.data(), step.data()}, dim, values.data(), decoded.data());
      // Each value is 0.5 + 2 · (-1 + 0.01 · 200).
      const auto expected = static_cast<int8_t>(std::lround(127 / std::sqrt(static_cast<double>(dim))));
      CHECK(std::all_of(decoded.begin(), decoded.end(), [=](int8_t part) { return std::abs(part - expected) <= 1; }));
    }
  }
}

}  // namespace recall
