#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <set>
#include <string>
#include <thread>

#include "checks.h"
#include "crc32c.h"
#include "exact.h"
#include "fault.h"
#include "graph_builder.h"
#include "image_writer.h"
#include "precision.h"
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

}  // namespace

void test_search() {
  for (const uint32_t dim : {2u, 19u, 40u, 64u}) {
    const std::vector<float> vectors = clustered(800, dim, 1);
    const std::vector<float> queries = clustered(20, dim, 2);
    for (const Space space : {Space::kCosine, Space::kInnerProduct, Space::kL2}) {
      const std::unique_ptr<Graph> graph = build(vectors, space, dim, 1);
      for (const Precision precision : {Precision::kCodes, Precision::kRefined, Precision::kWide, Precision::kVectors}) {
        for (const bool is_scaled : {false, true}) {
          if (is_scaled && (space == Space::kCosine || precision == Precision::kVectors)) continue;
          for (const KeepVectors keep : {KeepVectors::kKept, KeepVectors::kDropped}) {
            const Memory memory = write_image(graph->view(), space, {keep, 40, 2}, {precision, is_scaled});
            const ImageView image = parse_image(memory.data(), memory.size(), true);
            CHECK(image.stride == (dim == 2 ? 16 : dim == 19 ? 32 : 64));
            CHECK(image.precision == precision && (image.scales != nullptr) == is_scaled);
            // Of two dimensions, codes alone have too few bits to order close neighbours.
            const double least = dim == 2 && precision == Precision::kCodes && keep == KeepVectors::kDropped ? 0.6 : 0.9;
            for (const Kernels* kernels : available_kernels()) CHECK(recall_of(image, *kernels, vectors, queries) > least);
          }
        }
      }
    }
  }
}

/** A serving file of an older release is told from a damaged one. */
void test_outdated_image() {
  Memory memory = write_image(build(clustered(100, 8, 1), Space::kCosine, 8, 1)->view(), Space::kCosine, {KeepVectors::kAuto, 40, 1});
  const uint32_t older = 2;
  std::memcpy(memory.writable() + offsetof(ImageHeader, version), &older, sizeof older);
  std::string fault;
  try {
    parse_image(memory.data(), memory.size(), true);
  } catch (const FileFault& thrown) {
    fault = thrown.fault;
  }
  CHECK(fault == "outdated");
}

/** The widest values of a query make neither an infinite score nor a distance of zero. */
void test_extreme_queries() {
  constexpr uint32_t kDim = 8;
  const std::vector<float> vectors = clustered(300, kDim, 1);
  std::vector<float> query(kDim, 3e38f);
  query[0] = -3e38f;
  for (const Space space : {Space::kCosine, Space::kInnerProduct, Space::kL2}) {
    for (const Precision precision : {Precision::kCodes, Precision::kWide, Precision::kVectors}) {
      const Memory memory = write_image(build(vectors, space, kDim, 1)->view(), space, {KeepVectors::kAuto, 40, 1}, {precision, false});
      const ImageView image = parse_image(memory.data(), memory.size(), true);
      Searcher searcher(image, *find_kernels(""));
      int32_t labels[kK];
      float scores[kK];
      Query asked = query_of(query.data(), 40, labels, scores);
      searcher.search(asked);
      CHECK(asked.found == kK);
      for (const float score : scores) CHECK(std::isfinite(score) && (space != Space::kL2 || score < -1e38f));
    }
  }
}

/** Queries that come one after the other go to the thread whose caches are warm, and not to one thread after the other. */
void test_which_thread() {
  constexpr uint32_t kDim = 16;
  constexpr size_t kThreads = 8;
  const std::vector<float> vectors = clustered(100, kDim, 1);
  const Memory memory = write_image(build(vectors, Space::kCosine, kDim, 1)->view(), Space::kCosine, {KeepVectors::kAuto, 30, 1});
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
  const Memory memory = write_image(graph->view(), Space::kCosine, {KeepVectors::kAuto, 30, 3});
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
