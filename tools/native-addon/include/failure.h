#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace recall {

/** An exception that knows the `code` of the JavaScript error it becomes. */
class CodedError : public std::runtime_error {
 public:
  CodedError(const char* code, const std::string& what, const char* fault = nullptr)
      : std::runtime_error(what), code(code), fault(fault) {}
  const char* const code;
  /** For files: a word for what is wrong. Else null. */
  const char* const fault;
};

/** What JavaScript is told of a C++ exception. */
struct Failure {
  const char* code;
  std::string message;
  const char* fault = nullptr;
};

/** @throws std::bad_alloc where there is no memory for the message */
inline Failure describe(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const CodedError& error) {
    return {error.code, error.what(), error.fault};
  } catch (const std::bad_alloc&) {
    return {"NATIVE_MEMORY", "there is not enough memory"};
  } catch (const std::length_error&) {
    return {"NATIVE_MEMORY", "there is not enough memory"};
  } catch (const std::system_error& error) {
    return {"NATIVE_THREADS", std::string("a thread cannot be started: ") + error.what()};
  } catch (const std::exception& error) {
    return {"NATIVE_FAILED", error.what()};
  } catch (...) {
    return {"NATIVE_FAILED", "unknown"};
  }
}

}  // namespace recall
