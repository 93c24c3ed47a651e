#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <set>
#include <thread>

#include "checks.h"
#include "crc32c.h"
#include "exact.h"
#include "fault.h"
#include "graph_builder.h"
#include "image_writer.h"
#include "quantizer.h"
#include "searcher.h"
#include "worker_pool.h"

namespace recall {
namespace {

constexpr size_t kK = 10;

std::unique_ptr<Graph> build(const std::vector<float>& vectors, Space space, uint32_t dim, size_t threads) {
  BuildProgress progress;
  const size_t count = vectors.size() / dim;
  auto graph = Graph::build(vectors.data(), count, {space, dim, 8, 60, 3, threads}, *find_kernels(""), progress);
  CHECK(progress.done == count && graph->view().count == count);
  return graph;
}

std::vector<double> inverse_norms(const std::vector<float>& vectors, size_t dim) {
  std::vector<double> norms;
  for (size_t at = 0; at < vectors.size(); at += dim) {
    double squares = 0;
    for (size_t d = 0; d < dim; d++) squares += double{vectors[at + d]} * vectors[at + d];
    norms.push_back(1 / std::sqrt(squares));
  }
  return norms;
}

/** For the best kK of a vector; `labels` and `scores` have room for them. */
Query query_of(const float* vector, uint32_t limit, int32_t* labels, float* scores) {
  Query query;
  query.vector = vector;
  query.k = kK;
  query.limit = limit;
  query.labels = labels;
  query.scores = scores;
  return query;
}

/** The share of the true neighbours that a search finds, and that it returns each row once and in order. */
double recall_of(const ImageView& image, const Kernels& kernels, const std::vector<float>& vectors,
                 const std::vector<float>& queries) {
  const size_t dim = image.dim;
  const size_t count = queries.size() / dim;
  const std::vector<double> norms = inverse_norms(vectors, dim);
  std::vector<int32_t> truth(count * kK);
  std::vector<float> truth_scores(count * kK);
  search_exact({image.space, dim, image.count, vectors.data(), norms.data()}, queries.data(), count, kK, kernels, 2,
               truth.data(), truth_scores.data());
  Searcher searcher(image, kernels);
  size_t hits = 0;
  for (size_t q = 0; q < count; q++) {
    int32_t labels[kK];
    float scores[kK];
    Query query = query_of(queries.data() + q * dim, 40, labels, scores);
    query.wants_exact_scores = true;
    searcher.search(query);
    CHECK(query.found == kK);
    CHECK(std::is_sorted(scores, scores + kK, std::greater<float>()));
    for (size_t i = 0; i < kK; i++) {
      const int32_t* const first = truth.data() + q * kK;
      hits += static_cast<size_t>(std::count(first, first + kK, labels[i]));
      CHECK(std::count(labels, labels + kK, labels[i]) == 1);
    }
  }
  return static_cast<double>(hits) / static_cast<double>(count * kK);
}

/** The same image as the first format had it. */
void make_version_1(Memory& memory) {
  ImageHeader header;
  std::memcpy(&header, memory.data(), sizeof header);
  Section& section = header.sections[kCodes];
  uint8_t* const codes = memory.writable() + section.offset;
  const size_t stride = dense_code_stride(header.dim);
  for (size_t node = 0; node < header.count; node++) {
    std::memmove(codes + node * stride, codes + node * code_stride(header.dim), stride);
  }
  section.bytes = header.count * stride;
  section.crc = crc32c(codes, section.bytes);
  header.version = 1;
  header.crc = crc32c(&header, offsetof(ImageHeader, crc));
  std::memcpy(memory.writable(), &header, sizeof header);
}

}  // namespace

void test_search() {
  for (const uint32_t dim : {2u, 19u, 40u, 64u}) {
    const std::vector<float> vectors = clustered(800, dim, 1);
    const std::vector<float> queries = clustered(20, dim, 2);
    for (const Space space : {Space::kCosine, Space::kInnerProduct, Space::kL2}) {
      const std::unique_ptr<Graph> graph = build(vectors, space, dim, 1);
      Memory memory = write_image(graph->view(), space, {true, 40, 2});
      const ImageView image = parse_image(memory.data(), memory.size(), true);
      CHECK(image.stride == (dim == 2 ? 16 : dim == 19 ? 32 : 64));
      double recall = 0;
      for (const Kernels* kernels : available_kernels()) {
        recall = recall_of(image, *kernels, vectors, queries);
        CHECK(recall > 0.9);
      }
      make_version_1(memory);
      const ImageView old = parse_image(memory.data(), memory.size(), true);
      CHECK(old.stride == dense_code_stride(dim));
      CHECK(recall_of(old, *available_kernels().back(), vectors, queries) == recall);
    }
  }
}

/** Queries that come one after the other go to the thread whose caches are warm, and not to one thread after the other. */
void test_which_thread() {
  constexpr uint32_t kDim = 16;
  constexpr size_t kThreads = 8;
  const std::vector<float> vectors = clustered(100, kDim, 1);
  const Memory memory = write_image(build(vectors, Space::kCosine, kDim, 1)->view(), Space::kCosine, {false, 30, 1});
  const ImageView image = parse_image(memory.data(), memory.size(), true);
  std::vector<int32_t> labels(kK);
  std::vector<float> scores(kK);
  std::set<std::thread::id> threads;
  WorkerPool pool(image, *find_kernels(""), kThreads);
  for (int i = 0; i < 100; i++) {
    // Time for all to fall asleep.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::atomic<bool> is_done{false};
    auto job = std::make_shared<SearchJob>();
    job->queries.push_back(query_of(vectors.data(), 30, labels.data(), scores.data()));
    job->on_done = [&] {
      threads.insert(std::this_thread::get_id());
      is_done = true;
    };
    pool.submit(job);
    while (!is_done) std::this_thread::yield();
  }
  CHECK(threads.size() <= kThreads / 2);
}

/** Builds, and searches one image, on several threads at once; what is found does not depend on their number. */
void test_threads() {
  constexpr uint32_t kDim = 16;
  const std::vector<float> vectors = clustered(2000, kDim, 1);
  const std::unique_ptr<Graph> graph = build(vectors, Space::kCosine, kDim, 4);
  const Memory memory = write_image(graph->view(), Space::kCosine, {false, 30, 3});
  const ImageView image = parse_image(memory.data(), memory.size(), true);
  const auto answer = [&](size_t threads) {
    std::vector<int32_t> labels(2000 * kK);
    std::vector<float> scores(labels.size());
    std::atomic<int> done{0};
    WorkerPool pool(image, *find_kernels(""), threads);
    for (size_t first = 0; first < 2000; first += 100) {
      auto job = std::make_shared<SearchJob>();
      for (size_t i = first; i < first + 100; i++) {
        const float* const vector = vectors.data() + i * kDim;
        job->queries.push_back(query_of(vector, 30, labels.data() + i * kK, scores.data() + i * kK));
      }
      job->on_done = [&done] { done++; };
      pool.submit(job);
    }
    while (done < 20) std::this_thread::yield();
    return labels;
  };
  CHECK(answer(1) == answer(4));

  BuildProgress cancelled;
  cancelled.is_cancelled = true;
  bool is_thrown = false;
  try {
    Graph::build(vectors.data(), 2000, {Space::kL2, kDim, 8, 60, 3, 4}, *find_kernels(""), cancelled);
  } catch (const Cancelled&) {
    is_thrown = true;
  }
  CHECK(is_thrown);
}

}  // namespace recall
