#include "harness.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <numeric>
#include <vector>

#include "crc32c.h"
#include "fault.h"
#include "graph_builder.h"
#include "graph_file.h"
#include "image.h"
#include "image_writer.h"
#include "searcher.h"

namespace recall {

namespace {

/** A copy of exactly this size, aligned as a mapping is: a sanitizer sees every step past its end. */
class Copy {
 public:
  Copy(const uint8_t* data, size_t bytes) {
    if (::posix_memalign(&data_, kPage, bytes) != 0) throw std::bad_alloc();
    if (bytes > 0) std::memcpy(data_, data, bytes);
  }
  ~Copy() { std::free(data_); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  uint8_t* data() const { return static_cast<uint8_t*>(data_); }

 private:
  void* data_ = nullptr;
};

/** Makes a graph of most of an image's rows and some more. */
void update(const ImageView& image) {
  constexpr size_t kAdded = 5;
  std::vector<int32_t> rows(image.count);
  int32_t kept = 0;
  for (uint32_t row = 0; row < image.count; row++) rows[row] = row % 5 == 0 ? -1 : kept++;
  const size_t count = static_cast<size_t>(kept) + kAdded;
  std::vector<float> vectors(count * image.dim);
  for (size_t i = 0; i < vectors.size(); i++) vectors[i] = static_cast<float>(i % 17) - 8.5f;
  BuildProgress progress;
  const BuildParameters parameters = {image.space, image.dim, image.m, 20, 1, 1};
  const auto graph = Graph::update(image, rows.data(), vectors.data(), count, parameters, *find_kernels(""), progress);
  for (uint32_t element = 0; element < graph->view().count; element++) {
    for (const uint32_t next : graph->view().links(element, 0)) {
      if (next >= count) __builtin_trap();
    }
  }
}

}  // namespace

bool try_image(const uint8_t* data, size_t bytes) {
  const Copy copy(data, bytes);
  if (bytes >= kPage) {
    ImageHeader header;
    std::memcpy(&header, copy.data(), sizeof header);
    header.crc = crc32c(&header, offsetof(ImageHeader, crc));
    std::memcpy(copy.data(), &header, sizeof header);
  }
  try {
    const ImageView image = parse_image(copy.data(), bytes, false);
    std::vector<float> vector(image.dim, 0.5f);
    std::vector<int32_t> labels(20);
    std::vector<float> scores(20);
    Searcher searcher(image, *find_kernels(""));
    const std::vector<int32_t> excluded = {0, 1, -1, 0x7fffffff};
    std::vector<int32_t> rows(image.count - image.count / 4);
    std::iota(rows.begin(), rows.end(), 0);
    const RowFilter filter(image.count, rows.data(), rows.size(), true);
    for (const uint32_t limit : {1u, 50u}) {
      Query query;
      query.vector = vector.data();
      query.k = image.count < 20 ? image.count : 20;
      query.limit = limit;
      query.excluded = excluded.data();
      query.excluded_count = static_cast<uint32_t>(excluded.size());
      query.wants_exact_scores = limit == 1;
      query.filter = limit == 50 ? &filter : nullptr;
      query.labels = labels.data();
      query.scores = scores.data();
      searcher.search(query);
      for (uint32_t i = 0; i < query.found; i++) {
        if (static_cast<uint32_t>(labels[i]) >= image.count) __builtin_trap();
      }
    }
    update(image);
    return true;
  } catch (const FileFault&) {
    return false;
  }
}

bool try_graph(const uint8_t* data, size_t bytes) {
  const Copy copy(data, bytes);
  try {
    const GraphView view = parse_graph(copy.data(), bytes);
    const Memory image = write_image(view, Space::kCosine, {KeepVectors::kKept, 10, 1});
    parse_image(image.data(), image.size(), true);
    return true;
  } catch (const FileFault&) {
    return false;
  }
}

}  // namespace recall
