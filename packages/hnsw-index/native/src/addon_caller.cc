#include "addon_search.h"

namespace recall {

namespace {

/** The error of a search that failed, or undefined. */
napi_value failure_of(napi_env env, const SearchJob& job) {
  try {
    job.failure.rethrow();
  } catch (...) {
    return error_of(env, std::current_exception());
  }
  napi_value none;
  check(env, napi_get_undefined(env, &none));
  return none;
}

/** On the thread of JavaScript, once the last query is answered. */
void finish_search(napi_env env, napi_value on_done, void*, void* data) noexcept {
  const std::unique_ptr<StartedSearch> search(static_cast<StartedSearch*>(data));
  if (env == nullptr) return;
  for (size_t i = 0; i < search->job->queries.size(); i++) {
    search->found[i] = static_cast<int32_t>(search->job->queries[i].found);
    search->used_plans[i] = static_cast<int32_t>(search->job->queries[i].plan);
  }
  // The callback is this package's own and does not throw; Node reports what is pending.
  guard(env, [&]() -> napi_value {
    search->index->caller(env).end(env, search->number);
    napi_value global;
    check(env, napi_get_global(env, &global));
    napi_value arguments[] = {make_number(env, search->number), failure_of(env, *search->job)};
    check(env, napi_call_function(env, global, on_done, 2, arguments, nullptr));
    return nullptr;
  });
}

}  // namespace

SearchCaller::SearchCaller(napi_env env, napi_value on_done) {
  auto held = std::make_unique<std::shared_ptr<Shared>>(shared_);
  const auto take_away = [](napi_env, void* data, void*) {
    const std::unique_ptr<std::shared_ptr<Shared>> shared(static_cast<std::shared_ptr<Shared>*>(data));
    const std::lock_guard<std::mutex> lock((*shared)->mutex);
    (*shared)->function = nullptr;
  };
  check(env, napi_create_threadsafe_function(env, on_done, nullptr, make_text(env, "vector-recall search"), 0, 1,
                                             held.get(), take_away, nullptr, finish_search, &shared_->function));
  held.release();
  check(env, napi_unref_threadsafe_function(env, shared_->function));
}

SearchCaller::~SearchCaller() {
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  if (shared_->function != nullptr) napi_release_threadsafe_function(shared_->function, napi_tsfn_release);
}

void SearchCaller::begin(napi_env env, uint32_t number, std::shared_ptr<SearchJob> job) {
  under_way_[number] = std::move(job);
  if (under_way_.size() == 1) check(env, napi_ref_threadsafe_function(env, shared_->function));
}

void SearchCaller::end(napi_env env, uint32_t number) {
  under_way_.erase(number);
  if (under_way_.empty()) check(env, napi_unref_threadsafe_function(env, shared_->function));
}

void SearchCaller::cancel(uint32_t number) {
  const auto search = under_way_.find(number);
  if (search != under_way_.end()) search->second->is_cancelled = true;
}

void SearchCaller::call(StartedSearch* search) {
  const std::shared_ptr<Shared> shared = shared_;
  const std::lock_guard<std::mutex> lock(shared->mutex);
  if (shared->function != nullptr) napi_call_threadsafe_function(shared->function, search, napi_tsfn_nonblocking);
}

}  // namespace recall
