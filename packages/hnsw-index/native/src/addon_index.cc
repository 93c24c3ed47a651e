#include "addon_index.h"

namespace recall {

ServedFile::ServedFile(std::shared_ptr<const Memory> memory, bool verify, const Kernels& kernels, size_t threads)
    : memory_(std::move(memory)),
      image_(parse_image(memory_->data(), memory_->size(), verify)),
      kernels_(kernels),
      workers_(std::make_unique<WorkerPool>(image_, kernels_, threads)) {}

Searcher& ServedFile::searcher() {
  if (searcher_ == nullptr) searcher_ = std::make_unique<Searcher>(image_, kernels_);
  return *searcher_;
}

ServedIndex::~ServedIndex() {
  if (env_ != nullptr) napi_remove_env_cleanup_hook(env_, end_threads, this);
}

void ServedIndex::connect(napi_env env) {
  caller_ = std::make_unique<SearchCaller>(env);
  check(env, napi_add_env_cleanup_hook(env, end_threads, this));
  env_ = env;
}

ServedFile& ServedIndex::file(napi_env env) {
  if (file_ == nullptr) throw_js(env, "ENGINE_CLOSED", "The index is closed.");
  return *file_;
}

void ServedIndex::end_threads(void* index) {
  ServedIndex& served = *static_cast<ServedIndex*>(index);
  served.env_ = nullptr;
  served.close();
}

/** A job together with what JavaScript has in it. */
struct Search {
  Search(napi_env env, napi_value callback, std::shared_ptr<ServedIndex> served)
      : on_done(env, callback), index(std::move(served)), job(std::make_shared<SearchJob>()) {}
  Keep on_done;
  const std::shared_ptr<ServedIndex> index;
  const std::shared_ptr<SearchJob> job;
  std::vector<std::unique_ptr<Keep>> kept;
  std::vector<std::shared_ptr<RowFilter>> filters;
  int32_t* found = nullptr;
};

namespace {

/** On the thread of JavaScript, once the last query is answered. */
void finish_search(napi_env env, napi_value, void*, void* data) {
  const std::unique_ptr<Search> search(static_cast<Search*>(data));
  if (env == nullptr) {
    search->on_done.abandon();
    for (const std::unique_ptr<Keep>& value : search->kept) value->abandon();
    return;
  }
  for (size_t i = 0; i < search->job->queries.size(); i++) {
    search->found[i] = static_cast<int32_t>(search->job->queries[i].found);
  }
  try {
    search->index->caller().end(env);
    napi_value global;
    check(env, napi_get_global(env, &global));
    check(env, napi_call_function(env, global, search->on_done.value(), 0, nullptr, nullptr));
  } catch (const JsPending&) {
    // The callback is this package's own and does not throw; Node reports what is pending.
  }
}

}  // namespace

SearchCaller::SearchCaller(napi_env env) {
  auto held = std::make_unique<std::shared_ptr<Shared>>(shared_);
  const auto take_away = [](napi_env, void* data, void*) {
    const std::unique_ptr<std::shared_ptr<Shared>> shared(static_cast<std::shared_ptr<Shared>*>(data));
    const std::lock_guard<std::mutex> lock((*shared)->mutex);
    (*shared)->function = nullptr;
  };
  check(env, napi_create_threadsafe_function(env, nullptr, nullptr, make_text(env, "vector-recall search"), 0, 1,
                                             held.get(), take_away, nullptr, finish_search, &shared_->function));
  held.release();
  check(env, napi_unref_threadsafe_function(env, shared_->function));
}

SearchCaller::~SearchCaller() {
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  if (shared_->function != nullptr) napi_release_threadsafe_function(shared_->function, napi_tsfn_release);
}

void SearchCaller::begin(napi_env env) {
  if (under_way_++ == 0) check(env, napi_ref_threadsafe_function(env, shared_->function));
}

void SearchCaller::end(napi_env env) {
  if (--under_way_ == 0) check(env, napi_unref_threadsafe_function(env, shared_->function));
}

void SearchCaller::call(Search* search) {
  const std::shared_ptr<Shared> shared = shared_;
  const std::lock_guard<std::mutex> lock(shared->mutex);
  if (shared->function != nullptr) napi_call_threadsafe_function(shared->function, search, napi_tsfn_nonblocking);
}

namespace {

/** `(path, mapped): Promise<memory>` */
napi_value load_memory(napi_env env, const Arguments& given) {
  const std::string path = given.text(0);
  const bool is_mapped = given.flag(1);
  const auto memory = std::make_shared<Memory>();
  return run_async(
      env, {}, [=] { *memory = is_mapped ? Memory::map(path) : Memory::read(path); },
      [=](napi_env finishing) { return make_handle(finishing, memory); });
}

/** `(index, path, limit): Promise<void>` — with another limit to search with. */
napi_value save_index(napi_env env, const Arguments& given) {
  const std::shared_ptr<const Memory> image = given.handle<ServedIndex>(0)->file(env).memory();
  const std::string path = given.text(1);
  const uint32_t limit = given.number(2);
  return run_async(
      env, {},
      [=] { write_file(path, header_with_limit(image->data(), limit), image->data() + kPage, image->size() - kPage); },
      [](napi_env) -> napi_value { return nullptr; });
}

/** `(memory, verify, kernels, threads): Promise<index>` — the memory is the index's from now on, and goes when it is closed. */
napi_value open_index(napi_env env, const Arguments& given) {
  std::shared_ptr<Memory> memory = given.take<Memory>(0);
  const bool verify = given.flag(1);
  const Kernels& kernels = kernels_named(env, given.text(2));
  const size_t threads = given.number(3);
  const auto opened = std::make_shared<std::shared_ptr<ServedIndex>>();
  return run_async(
      env, {}, [=, &kernels, memory = std::move(memory)]() mutable {
        *opened = std::make_shared<ServedIndex>(std::make_unique<ServedFile>(std::move(memory), verify, kernels, threads));
      },
      [=](napi_env finishing) {
        (*opened)->connect(finishing);
        return make_handle(finishing, *opened);
      });
}

/** `(index): { space, dim, count, … }` */
napi_value describe_index(napi_env env, const Arguments& given) {
  const ServedFile& file = given.handle<ServedIndex>(0)->file(env);
  const ImageView& image = file.image();
  napi_value facts;
  check(env, napi_create_object(env, &facts));
  const auto number = [&](const char* name, double value) { set_property(env, facts, name, make_number(env, value)); };
  number("space", static_cast<double>(image.space));
  number("dim", image.dim);
  number("count", image.count);
  number("m", image.m);
  number("efConstruction", image.ef_construction);
  number("limit", image.limit);
  number("bytes", static_cast<double>(file.memory()->size()));
  number("keepsVectors", image.vectors != nullptr ? 1 : 0);
  number("isMapped", file.memory()->is_mapped() ? 1 : 0);
  set_property(env, facts, "kernels", make_text(env, file.kernels().name));
  return facts;
}

/** `(count, rows, isAllowed): filter` */
napi_value make_filter(napi_env env, const Arguments& given) {
  const auto [rows, listed] = given.ints(1);
  return make_handle(env, std::make_shared<RowFilter>(given.number(0), rows, listed, given.flag(2)));
}

/** Queries as JavaScript hands them in, with the filters that they use. */
struct PackedQueries {
  std::vector<Query> queries;
  std::vector<std::shared_ptr<RowFilter>> filters;
  int32_t* found;
};

/** The first eight arguments of `startSearch` and `searchNow`. */
PackedQueries unpack(napi_env env, const Arguments& given) {
  const ServedFile& file = given.handle<ServedIndex>(0)->file(env);
  const auto [vectors, vector_length] = given.floats(1);
  const auto [plans, plan_length] = given.array<uint32_t>(2, napi_uint32_array);
  const auto [excluded, excluded_length] = given.ints(3);
  const auto [labels, label_length] = given.ints(5);
  const auto [scores, score_length] = given.floats(6);
  const auto [found, count] = given.ints(7);
  const size_t dim = file.image().dim;
  if (count == 0 || vector_length != count * dim || plan_length != count * 4 || score_length != label_length) {
    throw_js(env, "ENGINE_ARGUMENT", "The arrays of a search do not fit one another.");
  }
  PackedQueries packed;
  packed.found = found;
  size_t excluded_at = 0;
  size_t result_at = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t* plan = plans + i * 4;
    Query query;
    query.vector = vectors + i * dim;
    query.k = plan[0];
    query.limit = plan[1];
    query.excluded = excluded + excluded_at;
    query.excluded_count = plan[2];
    query.wants_exact_scores = plan[3] != 0;
    query.labels = labels + result_at;
    query.scores = scores + result_at;
    napi_value filter;
    napi_valuetype type;
    check(env, napi_get_element(env, given.at(4), static_cast<uint32_t>(i), &filter));
    check(env, napi_typeof(env, filter, &type));
    if (type == napi_external) {
      void* data;
      check(env, napi_get_value_external(env, filter, &data));
      packed.filters.push_back(*static_cast<std::shared_ptr<RowFilter>*>(data));
      query.filter = packed.filters.back().get();
    }
    excluded_at += query.excluded_count;
    result_at += query.k;
    packed.queries.push_back(query);
  }
  if (excluded_at != excluded_length || result_at != label_length) {
    throw_js(env, "ENGINE_ARGUMENT", "The arrays of a search do not fit one another.");
  }
  return packed;
}

/**
 * `(index, queries, plans, excluded, filters, labels, scores, found, onDone): handle`
 *
 * - `queries` `[n, dim]`; `plans` uint32 `[n, 4]`: k, limit, excluded rows, whether scores are exact
 * - `excluded` the excluded rows of all queries, one after the other; `filters` an array of a filter or null each
 * - `labels`, `scores` `[Σ k]` and `found` `[n]` are written; none of them may be touched before `onDone` is called
 */
napi_value start_search(napi_env env, const Arguments& given) {
  PackedQueries packed = unpack(env, given);
  const std::shared_ptr<ServedIndex>& index = given.handle<ServedIndex>(0);
  auto search = std::make_unique<Search>(env, given.at(8), index);
  for (const size_t i : {1, 3, 5, 6, 7}) search->kept.push_back(std::make_unique<Keep>(env, given.at(i)));
  search->found = packed.found;
  search->filters = std::move(packed.filters);
  const std::shared_ptr<SearchJob> job = search->job;
  job->queries = std::move(packed.queries);
  napi_value handle = make_handle(env, job);
  index->caller().begin(env);
  Search* const raw = search.release();
  job->on_done = [raw] { raw->index->caller().call(raw); };
  index->file(env).workers().submit(job);
  return handle;
}

/** `(index, queries, plans, excluded, filters, labels, scores, found)` — as `startSearch`, but done on return. */
napi_value search_now(napi_env env, const Arguments& given) {
  PackedQueries packed = unpack(env, given);
  Searcher& searcher = given.handle<ServedIndex>(0)->file(env).searcher();
  for (size_t i = 0; i < packed.queries.size(); i++) {
    searcher.search(packed.queries[i]);
    packed.found[i] = static_cast<int32_t>(packed.queries[i].found);
  }
  return nullptr;
}

/** `(handle)` — the queries that no thread has begun are left out; `onDone` is called all the same. */
napi_value cancel_search(napi_env, const Arguments& given) {
  given.handle<SearchJob>(0)->is_cancelled = true;
  return nullptr;
}

/** `(index): queries` that no thread has begun. */
napi_value count_waiting(napi_env env, const Arguments& given) {
  ServedIndex& index = *given.handle<ServedIndex>(0);
  return make_number(env, index.is_closed() ? 0 : static_cast<double>(index.file(env).workers().waiting()));
}

/** `(index): Promise<void>` — ends its threads and unmaps its file; the searches under way must be done. */
napi_value close_index(napi_env env, const Arguments& given) {
  const auto closed = std::make_shared<std::unique_ptr<ServedFile>>(given.handle<ServedIndex>(0)->close());
  return run_async(
      env, {}, [=] { closed->reset(); }, [](napi_env) -> napi_value { return nullptr; });
}

}  // namespace

void define_index(napi_env env, napi_value exports) {
  define<load_memory>(env, exports, "loadImage");
  define<save_index>(env, exports, "saveIndex");
  define<open_index>(env, exports, "openIndex");
  define<describe_index>(env, exports, "describeIndex");
  define<make_filter>(env, exports, "makeFilter");
  define<start_search>(env, exports, "startSearch");
  define<search_now>(env, exports, "searchNow");
  define<cancel_search>(env, exports, "cancelSearch");
  define<count_waiting>(env, exports, "countWaiting");
  define<close_index>(env, exports, "closeIndex");
}

}  // namespace recall
