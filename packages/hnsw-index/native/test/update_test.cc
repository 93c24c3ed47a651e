#include <algorithm>

#include "checks.h"
#include "graph_builder.h"
#include "image.h"
#include "image_writer.h"

namespace recall {
namespace {

constexpr uint32_t kDim = 16;
constexpr uint32_t kM = 6;

BuildParameters parameters(Space space, size_t threads) { return {space, kDim, kM, 50, 3, threads}; }

Memory image_of(const std::vector<float>& vectors, Space space) {
  BuildProgress progress;
  const auto graph =
      Graph::build(vectors.data(), vectors.size() / kDim, parameters(space, 1), *find_kernels(""), progress);
  return write_image(graph->view(), space, {KeepVectors::kDropped, 50, 1});
}

/** Which elements can be reached from the entry point on the ground layer. */
size_t count_reachable(const GraphView& view) {
  std::vector<bool> is_seen(view.count);
  std::vector<uint32_t> stack = {view.entry};
  size_t seen = 0;
  while (!stack.empty()) {
    const uint32_t element = stack.back();
    stack.pop_back();
    if (is_seen[element]) continue;
    is_seen[element] = true;
    seen++;
    for (const uint32_t next : view.links(element, 0)) stack.push_back(next);
  }
  return seen;
}

void check_sound(const GraphView& view) {
  CHECK(view.levels[view.entry] == static_cast<int>(view.top_layer));
  for (uint32_t element = 0; element < view.count; element++) {
    CHECK(view.levels[element] <= static_cast<int>(view.top_layer));
    for (int layer = 0; layer <= view.levels[element]; layer++) {
      std::vector<uint32_t> links;
      for (const uint32_t next : view.links(element, static_cast<uint32_t>(layer))) links.push_back(next);
      CHECK(links.size() <= (layer == 0 ? 2 : 1) * size_t{kM});
      for (const uint32_t next : links) CHECK(next < view.count && next != element && view.levels[next] >= layer);
      std::sort(links.begin(), links.end());
      CHECK(std::adjacent_find(links.begin(), links.end()) == links.end());
    }
  }
}

/** Updates to what is left of `vectors` behind `added`. */
void check_update(const std::vector<float>& vectors, const std::vector<bool>& is_gone, const std::vector<float>& added,
                  Space space, size_t threads) {
  const Memory memory = image_of(vectors, space);
  const ImageView base = parse_image(memory.data(), memory.size(), true);
  std::vector<float> now = added;
  std::vector<int32_t> rows(base.count, -1);
  for (size_t row = 0; row < rows.size(); row++) {
    if (is_gone[row]) continue;
    rows[row] = static_cast<int32_t>(now.size() / kDim);
    now.insert(now.end(), vectors.begin() + static_cast<ptrdiff_t>(row * kDim), vectors.begin() + static_cast<ptrdiff_t>((row + 1) * kDim));
  }
  const size_t count = now.size() / kDim;
  BuildProgress progress;
  const auto graph =
      Graph::update(base, rows.data(), now.data(), count, parameters(space, threads), *find_kernels(""), progress);
  CHECK(progress.done == count);
  CHECK(graph->view().count == count);
  check_sound(graph->view());
  CHECK(count_reachable(graph->view()) == count);
}

std::vector<bool> gone(size_t count, size_t one_in) {
  std::vector<bool> is_gone(count);
  for (size_t row = 0; row < count; row++) is_gone[row] = row % one_in == 0;
  return is_gone;
}

}  // namespace

void test_update() {
  constexpr size_t kCount = 1500;
  const std::vector<float> vectors = clustered(kCount, kDim, 1);
  const std::vector<float> added = clustered(300, kDim, 2);
  for (const Space space : {Space::kCosine, Space::kL2}) {
    for (const size_t threads : {size_t{1}, size_t{3}}) {
      check_update(vectors, gone(kCount, 10), added, space, threads);
      check_update(vectors, gone(kCount, 2), added, space, threads);
    }
  }
  check_update(vectors, std::vector<bool>(kCount, false), {}, Space::kL2, 1);
  check_update(vectors, std::vector<bool>(kCount, true), added, Space::kL2, 2);
  std::vector<bool> all_but_one(kCount, true);
  all_but_one[7] = false;
  check_update(vectors, all_but_one, {}, Space::kL2, 1);
  check_update(vectors, all_but_one, added, Space::kL2, 2);
}

}  // namespace recall
