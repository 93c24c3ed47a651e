#include "napi_support.h"

#include <exception>

#include "fault.h"

namespace recall {

void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  bool is_pending = false;
  napi_is_exception_pending(env, &is_pending);
  if (!is_pending) napi_throw_error(env, "ENGINE_ARGUMENT", "The engine was called with a value of another type.");
  throw JsPending();
}

void throw_js(napi_env env, const char* code, const std::string& message) {
  napi_throw_error(env, code, message.c_str());
  throw JsPending();
}

napi_value make_text(napi_env env, const std::string& text) {
  napi_value value;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

napi_value make_number(napi_env env, double number) {
  napi_value value;
  check(env, napi_create_double(env, number, &value));
  return value;
}

void set_property(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value));
}

namespace {

napi_value make_error(napi_env env, const char* code, const char* message) {
  napi_value error;
  check(env, napi_create_error(env, make_text(env, code), make_text(env, message), &error));
  return error;
}

}  // namespace

napi_value error_of(napi_env env, const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const FileFault& fault) {
    napi_value error = make_error(env, "ENGINE_FILE", fault.what());
    set_property(env, error, "fault", make_text(env, fault.fault));
    return error;
  } catch (const Cancelled&) {
    return make_error(env, "ENGINE_CANCELLED", "cancelled");
  } catch (const std::bad_alloc&) {
    return make_error(env, "ENGINE_MEMORY", "there is not enough memory");
  } catch (const std::exception& other) {
    return make_error(env, "ENGINE_FAILED", other.what());
  } catch (...) {
    return make_error(env, "ENGINE_FAILED", "unknown");
  }
}

uint32_t Arguments::number(size_t i) const {
  uint32_t value;
  check(env_, napi_get_value_uint32(env_, values_[i], &value));
  return value;
}

bool Arguments::flag(size_t i) const {
  bool value;
  check(env_, napi_get_value_bool(env_, values_[i], &value));
  return value;
}

std::string Arguments::text(size_t i) const {
  size_t length;
  check(env_, napi_get_value_string_utf8(env_, values_[i], nullptr, 0, &length));
  std::string text(length + 1, '\0');
  check(env_, napi_get_value_string_utf8(env_, values_[i], text.data(), text.size(), &length));
  text.resize(length);
  return text;
}

std::pair<void*, size_t> Arguments::buffer(size_t i) const {
  void* data;
  size_t size;
  check(env_, napi_get_arraybuffer_info(env_, values_[i], &data, &size));
  return {data, size};
}

bool Arguments::is_null(size_t i) const {
  napi_valuetype type;
  check(env_, napi_typeof(env_, values_[i], &type));
  return type == napi_null || type == napi_undefined;
}

namespace {

struct AsyncTask {
  std::function<void()> work;
  std::function<napi_value(napi_env)> finish;
  std::vector<std::unique_ptr<Keep>> kept;
  std::exception_ptr failure;
  napi_deferred deferred = nullptr;
  napi_async_work handle = nullptr;

  static void execute(napi_env, void* data) {
    AsyncTask& task = *static_cast<AsyncTask*>(data);
    try {
      task.work();
    } catch (...) {
      task.failure = std::current_exception();
    }
  }

  static void complete(napi_env env, napi_status, void* data) {
    const std::unique_ptr<AsyncTask> task(static_cast<AsyncTask*>(data));
    napi_delete_async_work(env, task->handle);
    try {
      if (task->failure) {
        check(env, napi_reject_deferred(env, task->deferred, error_of(env, task->failure)));
      } else {
        napi_value result = task->finish(env);
        if (result == nullptr) check(env, napi_get_undefined(env, &result));
        check(env, napi_resolve_deferred(env, task->deferred, result));
      }
    } catch (const JsPending&) {
      // Node is going down, or out of memory: the exception that is pending says so.
    }
  }
};

}  // namespace

napi_value run_async(napi_env env, const std::vector<napi_value>& keep, std::function<void()> work,
                     std::function<napi_value(napi_env)> finish) {
  auto task = std::make_unique<AsyncTask>();
  task->work = std::move(work);
  task->finish = std::move(finish);
  for (napi_value value : keep) task->kept.push_back(std::make_unique<Keep>(env, value));
  napi_value promise;
  check(env, napi_create_promise(env, &task->deferred, &promise));
  check(env, napi_create_async_work(env, nullptr, make_text(env, "vector-recall"), AsyncTask::execute,
                                    AsyncTask::complete, task.get(), &task->handle));
  check(env, napi_queue_async_work(env, task->handle));
  task.release();
  return promise;
}

}  // namespace recall
