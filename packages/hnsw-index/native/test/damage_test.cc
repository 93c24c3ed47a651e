#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "checks.h"
#include "graph_builder.h"
#include "image_writer.h"
#include "harness.h"

namespace recall {
namespace {

constexpr uint32_t kDim = 8;

std::unique_ptr<Graph> small_graph(Space space) {
  BuildProgress progress;
  const std::vector<float> vectors = clustered(60, kDim, 1);
  return Graph::build(vectors.data(), 60, {space, kDim, 3, 20, 3, 1}, *find_kernels(""), progress);
}

/** Truncations and, again and again, a few bytes changed; more of them at the start, where the sizes are. */
template <typename Try>
void damage(const std::vector<uint8_t>& sound, const Try& attempt) {
  std::mt19937 random(5);
  CHECK(attempt(sound.data(), sound.size()));
  for (size_t bytes = 0; bytes < sound.size(); bytes += 97) CHECK(!attempt(sound.data(), bytes));
  size_t opened = 0;
  for (int round = 0; round < 3000; round++) {
    std::vector<uint8_t> bytes = sound;
    for (uint32_t change = 0; change < 1 + random() % 4; change++) {
      const size_t range = random() % 2 == 0 ? std::min<size_t>(512, bytes.size()) : bytes.size();
      bytes[random() % range] = random() % 3 == 0 ? 0xff : static_cast<uint8_t>(random());
    }
    opened += attempt(bytes.data(), bytes.size()) ? 1 : 0;
  }
  // Were every change refused at the door, nothing behind it would have been tried.
  CHECK(opened > 100 && opened < 3000);
}

}  // namespace

void test_damaged_images() {
  for (const Space space : {Space::kCosine, Space::kL2}) {
    const Memory memory = write_image(small_graph(space)->view(), space, {KeepVectors::kKept, 10, 1});
    damage({memory.data(), memory.data() + memory.size()}, try_image);
  }
}

void test_damaged_graphs() {
  const std::string path = std::string(std::tmpnam(nullptr)) + ".hnsw";
  small_graph(Space::kCosine)->save(path);
  std::ifstream file(path, std::ios::binary);
  const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::remove(path.c_str());
  damage(bytes, try_graph);
}

}  // namespace recall
