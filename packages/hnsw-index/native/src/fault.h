#pragma once

#include <stdexcept>
#include <string>

namespace recall {

/** What is wrong with a file. `fault` is one of the words of IndexFileFault in errors.ts. */
class FileFault : public std::runtime_error {
 public:
  FileFault(const char* fault, const std::string& what) : std::runtime_error(what), fault(fault) {}
  const char* const fault;
};

/** Thrown out of long work when its owner has asked for the end. */
class Cancelled : public std::exception {};

}  // namespace recall
