#include "addon_search.h"

namespace recall {

namespace {

/** `(count, rows, isAllowed): filter` */
napi_value make_filter(napi_env env, const Arguments& given) {
  const auto [rows, listed] = given.ints(1);
  return make_handle(env, std::make_shared<RowFilter>(given.uint32(0), rows, listed, given.flag(2)));
}

/** `(count, bits): filter` — `bits` an ArrayBuffer of a bit for each row */
napi_value make_filter_of_bits(napi_env env, const Arguments& given) {
  const auto [bits, size] = given.buffer(1);
  return make_handle(env, std::make_shared<RowFilter>(given.uint32(0), static_cast<const uint8_t*>(bits), size));
}

/** Queries as JavaScript hands them in, with the filters that they use. */
struct PackedQueries {
  std::vector<Query> queries;
  std::vector<std::shared_ptr<RowFilter>> filters;
  /** `[n, dim]` and the excluded rows of all queries. */
  const float* vectors;
  const int32_t* excluded;
  size_t excluded_count = 0;
  /** `[n]` each */
  int32_t* found;
  int32_t* used_plans;
};

[[noreturn]] void throw_misfit(napi_env env) {
  refuse(env, "The arrays of a search do not fit one another.");
}

/** The filter at a place of an array of filters and nulls. */
std::shared_ptr<RowFilter> filter_at(napi_env env, napi_value filters, size_t i) {
  napi_value filter;
  napi_valuetype type;
  check(env, napi_get_element(env, filters, static_cast<uint32_t>(i), &filter));
  check(env, napi_typeof(env, filter, &type));
  if (type != napi_external) return nullptr;
  void* data;
  check(env, napi_get_value_external(env, filter, &data));
  return *static_cast<std::shared_ptr<RowFilter>*>(data);
}

/** The first seven arguments of `startSearch` and `searchNow`. */
PackedQueries unpack(napi_env env, const Arguments& given) {
  const ServedFile& file = given.handle<ServedIndex>(0)->file(env);
  const auto [vectors, vector_length] = given.floats(1);
  const auto [plans, plan_length] = given.uints(2);
  const size_t count = given.uint32(3);
  const auto [excluded, excluded_length] = given.ints(4);
  const bool has_filters = !given.is_null(5);
  const auto [results, results_size] = given.buffer(6);
  const size_t dim = file.image().dim;
  if (count == 0 || vector_length != count * dim || plan_length < count * 4) throw_misfit(env);
  size_t room = 0;
  for (size_t i = 0; i < count; i++) room += plans[i * 4];
  if (results_size != 2 * (room + count) * sizeof(int32_t)) throw_misfit(env);
  auto* const labels = static_cast<int32_t*>(results);
  auto* const scores = reinterpret_cast<float*>(labels + room);
  PackedQueries packed;
  packed.vectors = vectors;
  packed.excluded = excluded;
  packed.found = labels + 2 * room;
  packed.used_plans = packed.found + count;
  packed.queries.resize(count);
  size_t result_at = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t* plan = plans + i * 4;
    Query& query = packed.queries[i];
    query.vector = vectors + i * dim;
    query.k = plan[0];
    query.limit = plan[1];
    query.excluded = excluded + packed.excluded_count;
    query.excluded_count = plan[2];
    query.wants_exact_scores = plan[3] != 0;
    query.labels = labels + result_at;
    query.scores = scores + result_at;
    if (has_filters) {
      std::shared_ptr<RowFilter> filter = filter_at(env, given.at(5), i);
      if (filter != nullptr && filter->count() != file.image().count) throw_misfit(env);
      query.filter = filter.get();
      packed.filters.push_back(std::move(filter));
    }
    packed.excluded_count += query.excluded_count;
    result_at += query.k;
  }
  if (packed.excluded_count != excluded_length) throw_misfit(env);
  return packed;
}

/** Copies what the queries read, so that JavaScript may use its arrays again. */
void own_inputs(StartedSearch& search, PackedQueries packed, size_t dim) {
  search.vectors.assign(packed.vectors, packed.vectors + packed.queries.size() * dim);
  search.excluded.assign(packed.excluded, packed.excluded + packed.excluded_count);
  search.filters = std::move(packed.filters);
  search.found = packed.found;
  search.used_plans = packed.used_plans;
  for (Query& query : packed.queries) {
    query.vector = search.vectors.data() + (query.vector - packed.vectors);
    query.excluded = search.excluded.data() + (query.excluded - packed.excluded);
  }
  search.job->queries = std::move(packed.queries);
}

/**
 * `(index, queries, plans, n, excluded, filters, results, number): void`
 *
 * - `queries` `[n, dim]`; `plans` uint32, for each query four: k, limit, excluded rows, whether scores are exact
 * - `excluded` the excluded rows of all queries, one after the other; `filters` null, or an array of a filter or null each
 * - `results` an ArrayBuffer for labels int32 `[Σ k]`, scores float32 `[Σ k]`, how many were found int32 `[n]` and
 *   the plan of each query int32 `[n]`, see SearchPlan. It is
 *   written until the function that `onSearchDone` was given is called with `number`: until then JavaScript must keep it
 * - `number` of no other search that is under way
 * - @throws nothing once the search has begun; where a query failed, the function is called with the error beside `number`
 */
napi_value start_search(napi_env env, const Arguments& given) {
  auto search = std::make_unique<StartedSearch>();
  search->index = given.handle<ServedIndex>(0);
  search->number = given.uint32(7);
  ServedFile& file = search->index->file(env);
  own_inputs(*search, unpack(env, given), file.image().dim);
  const std::shared_ptr<SearchJob> job = search->job;
  SearchCaller& caller = search->index->caller(env);
  job->on_done = [raw = search.get(), &caller] { caller.call(raw); };
  caller.begin(env, search->number, job);
  try {
    file.workers().submit(job);
  } catch (...) {
    caller.end(env, search->number);
    throw;
  }
  // From here on it belongs to the call that ends it.
  search.release();
  return nullptr;
}

/** `(index, queries, plans, n, excluded, filters, results): void` — as `startSearch`, but done on return. */
napi_value search_now(napi_env env, const Arguments& given) {
  PackedQueries packed = unpack(env, given);
  Searcher& searcher = given.handle<ServedIndex>(0)->file(env).searcher();
  for (size_t i = 0; i < packed.queries.size(); i++) {
    searcher.search(packed.queries[i]);
    packed.found[i] = static_cast<int32_t>(packed.queries[i].found);
    packed.used_plans[i] = static_cast<int32_t>(packed.queries[i].plan);
  }
  return nullptr;
}

/** `(index, onDone): void` — once for an index: the function that is called with the number of a search that is done. */
napi_value on_search_done(napi_env env, const Arguments& given) {
  given.handle<ServedIndex>(0)->connect(env, given.at(1));
  return nullptr;
}

/** `(index, number): void` — the queries that no thread has begun are left out; the search ends all the same. */
napi_value cancel_search(napi_env env, const Arguments& given) {
  given.handle<ServedIndex>(0)->caller(env).cancel(given.uint32(1));
  return nullptr;
}

/** `(index): queries` that no thread has begun. */
napi_value count_waiting(napi_env env, const Arguments& given) {
  ServedIndex& index = *given.handle<ServedIndex>(0);
  return make_number(env, index.is_closed() ? 0 : static_cast<double>(index.file(env).workers().waiting()));
}

}  // namespace

void define_search(napi_env env, napi_value exports) {
  define<make_filter>(env, exports, "makeFilter");
  define<make_filter_of_bits>(env, exports, "makeFilterOfBits");
  define<on_search_done>(env, exports, "onSearchDone");
  define<start_search>(env, exports, "startSearch");
  define<cancel_search>(env, exports, "cancelSearch");
  define<count_waiting>(env, exports, "countWaiting");
  define<search_now>(env, exports, "searchNow");
}

}  // namespace recall
