#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <system_error>
#include <thread>

#include "checks.h"
#include "failure.h"
#include "graph_builder.h"
#include "image_writer.h"
#include "low_priority.h"
#include "on_threads.h"
#include "worker_pool.h"

namespace {

std::atomic<bool> is_memory_short{false};
/** The thread of the tests never goes short. */
thread_local bool is_spared = false;

void* allocate(std::size_t bytes) {
  if (is_memory_short && !is_spared) throw std::bad_alloc();
  void* const memory = std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace recall {
namespace {

constexpr uint32_t kDim = 8;
std::atomic<int> threads_left{0};

/** As a system with a limit on threads. */
std::thread start_few(std::function<void()> work) {
  if (threads_left-- <= 0) throw std::system_error(EAGAIN, std::generic_category());
  return std::thread(std::move(work));
}

#ifdef __linux__
bool is_low() { return sched_getscheduler(0) == SCHED_IDLE; }
constexpr bool is_known() { return true; }
#else
bool is_low() { return false; }
constexpr bool is_known() { return false; }
#endif

template <typename Exception, typename Work>
bool throws(const Work& work) {
  try {
    work();
  } catch (const Exception&) {
    return true;
  }
  return false;
}

Memory small_image() {
  BuildProgress progress;
  const std::vector<float> vectors = clustered(300, kDim, 1);
  const auto graph = Graph::build(vectors.data(), 300, {Space::kCosine, kDim, 8, 60, 3, 1}, *find_kernels(""), progress);
  return write_image(graph->view(), Space::kCosine, {KeepVectors::kAuto, 30, 1});
}

/** One job of `count` queries, done. @param labels `[count]` */
std::shared_ptr<SearchJob> run(WorkerPool& pool, const std::vector<float>& vector, std::vector<int32_t>& labels) {
  std::vector<float> scores(labels.size());
  auto job = std::make_shared<SearchJob>();
  for (size_t i = 0; i < labels.size(); i++) {
    Query query;
    query.vector = vector.data();
    query.k = 1;
    query.limit = 30;
    query.labels = &labels[i];
    query.scores = &scores[i];
    job->queries.push_back(query);
  }
  std::atomic<bool> is_done{false};
  job->on_done = [&] { is_done = true; };
  pool.submit(job);
  while (!is_done) std::this_thread::yield();
  return job;
}

void test_refused_threads() {
  // Those there are do the work.
  for (const int allowed : {0, 2}) {
    threads_left = allowed;
    std::atomic<size_t> done{0};
    in_blocks(1000, 7, 8, [&](size_t begin, size_t end) { done += end - begin; }, start_few);
    CHECK(done == 1000);
  }

  const Memory memory = small_image();
  const ImageView image = parse_image(memory.data(), memory.size(), true);
  for (const int allowed : {0, 3}) {
    threads_left = allowed;
    CHECK(throws<std::system_error>([&] { WorkerPool(image, *find_kernels(""), 4, start_few); }));
  }
}

void test_failing_blocks() {
  std::atomic<size_t> begun{0};
  const auto fail = [&](size_t, size_t) {
    begun++;
    throw std::bad_alloc();
  };
  CHECK(throws<std::bad_alloc>([&] { in_blocks(1000, 1, 4, fail); }));
  // One for each thread: nothing is begun once all is lost.
  CHECK(begun <= 4);
}

void test_low_priority() {
  bool is_inherited = false;
  at_low_priority([&] { std::thread([&] { is_inherited = is_low(); }).join(); });
  CHECK(is_inherited == is_known());
  CHECK(!is_low());
  CHECK(throws<std::bad_alloc>([&] { at_low_priority([] { throw std::bad_alloc(); }); }));

  threads_left = 0;
  bool is_done = false;
  at_low_priority([&] { is_done = true; }, start_few);
  CHECK(is_done);
}

/** A query that finds no memory fails, and the thread that had it answers the next one. */
void test_memory_of_a_worker() {
  const Memory memory = small_image();
  const ImageView image = parse_image(memory.data(), memory.size(), true);
  const std::vector<float> vector = clustered(1, kDim, 1);
  std::vector<int32_t> labels(5);
  WorkerPool pool(image, *find_kernels(""), 1);
  is_memory_short = true;
  const std::shared_ptr<SearchJob> failed = run(pool, vector, labels);
  is_memory_short = false;
  CHECK(throws<std::bad_alloc>([&] { failed->failure.rethrow(); }));
  CHECK(failed->queries[0].found == 0);
  const std::shared_ptr<SearchJob> answered = run(pool, vector, labels);
  answered->failure.rethrow();
  CHECK(answered->queries[4].found == 1 && labels[4] == 0);
}

void test_memory_of_a_build() {
  const std::vector<float> vectors = clustered(2000, kDim, 1);
  BuildProgress progress;
  const auto build = [&] {
    Graph::build(vectors.data(), 2000, {Space::kL2, kDim, 8, 60, 3, 4}, *find_kernels(""), progress);
  };
  is_memory_short = true;
  CHECK(throws<std::bad_alloc>(build));
  is_memory_short = false;
  build();
}

template <typename Exception>
std::string code_of(const Exception& exception) {
  return describe(std::make_exception_ptr(exception)).code;
}

}  // namespace

void test_faults() {
  is_spared = true;
  test_refused_threads();
  test_failing_blocks();
  test_low_priority();
  test_memory_of_a_worker();
  test_memory_of_a_build();
  is_spared = false;
  CHECK(code_of(std::bad_alloc()) == "NATIVE_MEMORY");
  CHECK(code_of(std::system_error(EAGAIN, std::generic_category())) == "NATIVE_THREADS");
  CHECK(code_of(CodedError("SOME_CODE", "")) == "SOME_CODE");
  CHECK(code_of(1) == "NATIVE_FAILED");
}

}  // namespace recall
