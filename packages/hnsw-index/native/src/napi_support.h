#pragma once

#include <node_api.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace recall {

/**
 * Thrown where a Node-API call failed, with the exception pending in JavaScript. It ends at the outermost frame of a
 * callback (see `guarded`): no C++ exception ever reaches Node.
 */
struct JsPending {};

void check(napi_env env, napi_status status);

/** Throws a JavaScript error with `code` and, for files, `fault`; then JsPending. */
[[noreturn]] void throw_js(napi_env env, const char* code, const std::string& message);

/** An error object for a C++ exception: `fault` is set for a FileFault, `code` says what kind it is. */
napi_value error_of(napi_env env, const std::exception_ptr& failure);

/** Keeps a JavaScript value alive; released on the thread of JavaScript. */
class Keep {
 public:
  Keep(napi_env env, napi_value value) : env_(env) { check(env, napi_create_reference(env, value, 1, &reference_)); }
  ~Keep() { napi_delete_reference(env_, reference_); }
  Keep(const Keep&) = delete;
  Keep& operator=(const Keep&) = delete;

 private:
  const napi_env env_;
  napi_ref reference_ = nullptr;
};

/** The arguments of a call. Their types are checked; their values were, in TypeScript. */
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = kMost;
    check(env, napi_get_cb_info(env, info, &count, values_, nullptr, nullptr));
  }

  napi_value at(size_t i) const { return values_[i]; }
  uint32_t number(size_t i) const;
  bool flag(size_t i) const;
  std::string text(size_t i) const;
  bool is_null(size_t i) const;

  /** The elements of a typed array. */
  template <typename T>
  std::pair<T*, size_t> array(size_t i, napi_typedarray_type type) const {
    napi_typedarray_type actual;
    size_t length;
    void* data;
    check(env_, napi_get_typedarray_info(env_, values_[i], &actual, &length, &data, nullptr, nullptr));
    if (actual != type) throw_js(env_, "ENGINE_ARGUMENT", "A typed array of another type was expected.");
    return {static_cast<T*>(data), length};
  }
  std::pair<float*, size_t> floats(size_t i) const { return array<float>(i, napi_float32_array); }
  std::pair<int32_t*, size_t> ints(size_t i) const { return array<int32_t>(i, napi_int32_array); }

  /** The bytes of an ArrayBuffer. */
  std::pair<void*, size_t> buffer(size_t i) const;

  /** What a handle made by `make_handle` holds. */
  template <typename T>
  const std::shared_ptr<T>& handle(size_t i) const {
    void* data;
    check(env_, napi_get_value_external(env_, values_[i], &data));
    return *static_cast<std::shared_ptr<T>*>(data);
  }

  /** Takes it out of the handle, which holds nothing any more. */
  template <typename T>
  std::shared_ptr<T> take(size_t i) const {
    void* data;
    check(env_, napi_get_value_external(env_, values_[i], &data));
    std::shared_ptr<T> taken = std::move(*static_cast<std::shared_ptr<T>*>(data));
    if (taken == nullptr) throw_js(env_, "ENGINE_ARGUMENT", "The handle holds nothing any more.");
    return taken;
  }

 private:
  static constexpr size_t kMost = 12;
  const napi_env env_;
  napi_value values_[kMost] = {};
};

/** A JavaScript value that shares the ownership of a C++ object. */
template <typename T>
napi_value make_handle(napi_env env, std::shared_ptr<T> object) {
  auto holder = std::make_unique<std::shared_ptr<T>>(std::move(object));
  napi_value value;
  check(env, napi_create_external(
                 env, holder.get(), [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<T>*>(data); },
                 nullptr, &value));
  holder.release();
  return value;
}

napi_value make_text(napi_env env, const std::string& text);
napi_value make_number(napi_env env, double number);
void set_property(napi_env env, napi_value object, const char* name, napi_value value);

/** A function of JavaScript's out of `napi_value call(napi_env, const Arguments&)`. */
template <napi_value (*call)(napi_env, const Arguments&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    return call(env, Arguments(env, info));
  } catch (const JsPending&) {
    return nullptr;
  } catch (...) {
    napi_throw(env, error_of(env, std::current_exception()));
    return nullptr;
  }
}

/**
 * Runs `work` on a thread of Node's and then `finish` on the one of JavaScript.
 * @param keep values that must live on meanwhile
 * @return a promise of what `finish` returns; of undefined for a null
 */
napi_value run_async(napi_env env, const std::vector<napi_value>& keep, std::function<void()> work,
                     std::function<napi_value(napi_env)> finish);

}  // namespace recall
