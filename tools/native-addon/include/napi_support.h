#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "failure.h"

/** What every addon needs of Node-API. No C++ exception ever reaches Node: each ends in the call that it came from. */
namespace recall {

/** Thrown where a Node-API call failed, with the exception pending in JavaScript. */
struct JsPending {};

/** Throws a JavaScript error with `code` unless one is pending already; then JsPending. */
[[noreturn]] inline void throw_js(napi_env env, const char* code, const std::string& message) {
  bool is_pending = false;
  napi_is_exception_pending(env, &is_pending);
  if (!is_pending) napi_throw_error(env, code, message.c_str());
  throw JsPending();
}

[[noreturn]] inline void refuse(napi_env env, const std::string& message) {
  bool is_pending = false;
  napi_is_exception_pending(env, &is_pending);
  if (!is_pending) napi_throw_range_error(env, "NATIVE_ARGUMENT", message.c_str());
  throw JsPending();
}

inline void check(napi_env env, napi_status status) {
  if (status != napi_ok) refuse(env, "A native function was called with a value of another type.");
}

inline napi_value make_text(napi_env env, const std::string& text) {
  napi_value value;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

inline napi_value make_number(napi_env env, double number) {
  napi_value value;
  check(env, napi_create_double(env, number, &value));
  return value;
}

inline napi_value make_flag(napi_env env, bool flag) {
  napi_value value;
  check(env, napi_get_boolean(env, flag, &value));
  return value;
}

inline void set_property(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value));
}

/**
 * An error object with the `code`, and for a file the `fault`, of a C++ exception.
 * @throws JsPending
 */
inline napi_value error_of(napi_env env, const std::exception_ptr& exception) {
  const Failure failure = describe(exception);
  napi_value error;
  check(env, napi_create_error(env, make_text(env, failure.code), make_text(env, failure.message), &error));
  if (failure.fault != nullptr) set_property(env, error, "fault", make_text(env, failure.fault));
  return error;
}

/** Leaves the exception that is being handled pending in JavaScript. */
inline void leave_pending(napi_env env) noexcept {
  try {
    napi_throw(env, error_of(env, std::current_exception()));
  } catch (const JsPending&) {
    // The reason is pending already.
  } catch (...) {
    napi_throw_error(env, "NATIVE_MEMORY", "there is not enough memory");
  }
}

/** Runs `work` and returns what it returns. Whatever it throws is left pending in JavaScript. */
template <typename Work>
napi_value guard(napi_env env, const Work& work) noexcept {
  try {
    return work();
  } catch (const JsPending&) {
  } catch (...) {
    leave_pending(env);
  }
  return nullptr;
}

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

template <typename T>
struct Span {
  T* data = nullptr;
  size_t size = 0;
};

/** The arguments of a call. Their types are checked here; their values were checked in TypeScript. */
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = kMost;
    check(env, napi_get_cb_info(env, info, &count, values_, nullptr, nullptr));
  }

  napi_value at(size_t i) const {
    if (i >= kMost) refuse(env_, "A call has more arguments than are read.");
    return values_[i];
  }

  double number(size_t i) const {
    double value;
    check(env_, napi_get_value_double(env_, at(i), &value));
    return value;
  }

  uint32_t uint32(size_t i) const {
    uint32_t value;
    check(env_, napi_get_value_uint32(env_, at(i), &value));
    return value;
  }

  size_t size(size_t i) const {
    const double value = number(i);
    if (!(value >= 0 && value < 9e15)) refuse(env_, "A size is not a whole number of at least 0.");
    return static_cast<size_t>(value);
  }

  bool flag(size_t i) const {
    bool value;
    check(env_, napi_get_value_bool(env_, at(i), &value));
    return value;
  }

  std::string text(size_t i) const {
    size_t length;
    check(env_, napi_get_value_string_utf8(env_, at(i), nullptr, 0, &length));
    std::string text(length + 1, '\0');
    check(env_, napi_get_value_string_utf8(env_, at(i), text.data(), text.size(), &length));
    text.resize(length);
    return text;
  }

  /** Whether it is null, undefined or not given. */
  bool is_null(size_t i) const {
    napi_valuetype type;
    check(env_, napi_typeof(env_, at(i), &type));
    return type == napi_null || type == napi_undefined;
  }

  /** The elements of a typed array. */
  template <typename T>
  Span<T> array(size_t i, napi_typedarray_type expected) const {
    napi_typedarray_type type;
    size_t length;
    void* data;
    check(env_, napi_get_typedarray_info(env_, at(i), &type, &length, &data, nullptr, nullptr));
    require(type == expected, "A typed array of another type was expected.");
    return {static_cast<T*>(data), length};
  }
  Span<float> floats(size_t i) const { return array<float>(i, napi_float32_array); }
  Span<double> doubles(size_t i) const { return array<double>(i, napi_float64_array); }
  Span<int32_t> ints(size_t i) const { return array<int32_t>(i, napi_int32_array); }
  Span<int8_t> bytes(size_t i) const { return array<int8_t>(i, napi_int8_array); }
  Span<uint32_t> uints(size_t i) const { return array<uint32_t>(i, napi_uint32_array); }
  /** Empty for null or undefined. */
  Span<int32_t> optional_ints(size_t i) const { return is_null(i) ? Span<int32_t>{} : ints(i); }

  /** The bytes of an ArrayBuffer. */
  Span<void> buffer(size_t i) const {
    Span<void> bytes;
    check(env_, napi_get_arraybuffer_info(env_, at(i), &bytes.data, &bytes.size));
    return bytes;
  }

  /** What a handle made by `make_handle` holds. */
  template <typename T>
  const std::shared_ptr<T>& handle(size_t i) const {
    void* data;
    check(env_, napi_get_value_external(env_, at(i), &data));
    return *static_cast<std::shared_ptr<T>*>(data);
  }

  /** Takes it out of the handle, which holds nothing any more. */
  template <typename T>
  std::shared_ptr<T> take(size_t i) const {
    void* data;
    check(env_, napi_get_value_external(env_, at(i), &data));
    std::shared_ptr<T> taken = std::move(*static_cast<std::shared_ptr<T>*>(data));
    require(taken != nullptr, "The handle holds nothing any more.");
    return taken;
  }

  void require(bool condition, const char* message) const {
    if (!condition) refuse(env_, message);
  }

 private:
  static constexpr size_t kMost = 16;
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

/** A JavaScript function out of `napi_value call(napi_env, const Arguments&)` or `void call(const Arguments&)`. */
template <auto call>
napi_value guarded(napi_env env, napi_callback_info info) {
  return guard(env, [&]() -> napi_value {
    const Arguments arguments(env, info);
    if constexpr (std::is_invocable_v<decltype(call), const Arguments&>) {
      call(arguments);
      return nullptr;
    } else {
      return call(env, arguments);
    }
  });
}

/** Adds a function to the addon. */
template <auto call>
void define(napi_env env, napi_value exports, const char* name) {
  napi_value function;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded<call>, nullptr, &function));
  set_property(env, exports, name, function);
}

/** Work on a thread of Node's, and what becomes of it. */
struct AsyncTask {
  std::function<void()> work;
  std::function<napi_value(napi_env)> finish;
  std::vector<std::unique_ptr<Keep>> kept;
  std::exception_ptr failure;
  napi_deferred deferred = nullptr;
  napi_async_work handle = nullptr;

  static void execute(napi_env, void* data) noexcept {
    AsyncTask& task = *static_cast<AsyncTask*>(data);
    try {
      task.work();
    } catch (...) {
      task.failure = std::current_exception();
    }
  }

  static void complete(napi_env env, napi_status, void* data) noexcept {
    const std::unique_ptr<AsyncTask> task(static_cast<AsyncTask*>(data));
    napi_delete_async_work(env, task->handle);
    // What is thrown here stays pending: Node is going down, or out of memory.
    guard(env, [&]() -> napi_value {
      task->settle(env);
      return nullptr;
    });
  }

 private:
  void settle(napi_env env) {
    napi_value result = nullptr;
    if (!failure) {
      try {
        result = finish(env);
        if (result == nullptr) check(env, napi_get_undefined(env, &result));
      } catch (const JsPending&) {
        throw;
      } catch (...) {
        failure = std::current_exception();
      }
    }
    check(env, failure ? napi_reject_deferred(env, deferred, error_of(env, failure))
                       : napi_resolve_deferred(env, deferred, result));
  }
};

/**
 * Runs `work` on a thread of Node's and then `finish` on the one of JavaScript.
 * @param keep values that must live on meanwhile
 * @return a promise of what `finish` returns; of undefined for a null
 */
inline napi_value run_async(napi_env env, const std::vector<napi_value>& keep, std::function<void()> work,
                            std::function<napi_value(napi_env)> finish) {
  auto task = std::make_unique<AsyncTask>();
  task->work = std::move(work);
  task->finish = std::move(finish);
  for (napi_value value : keep) task->kept.push_back(std::make_unique<Keep>(env, value));
  check(env, napi_create_async_work(env, nullptr, make_text(env, "vector-recall"), AsyncTask::execute,
                                    AsyncTask::complete, task.get(), &task->handle));
  napi_value promise;
  napi_status status = napi_create_promise(env, &task->deferred, &promise);
  if (status == napi_ok) status = napi_queue_async_work(env, task->handle);
  if (status != napi_ok) {
    napi_delete_async_work(env, task->handle);
    check(env, status);
  }
  task.release();
  return promise;
}

}  // namespace recall
