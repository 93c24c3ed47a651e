#pragma once

#include <string>

#include "failure.h"

namespace recall {

/** What is wrong with a file. `fault` is one of the words of IndexFileFault in errors.ts. */
class FileFault : public CodedError {
 public:
  FileFault(const char* fault, const std::string& what) : CodedError("ENGINE_FILE", what, fault) {}
};

/** Thrown out of long work when its owner has asked for the end. */
class Cancelled : public CodedError {
 public:
  Cancelled() : CodedError("ENGINE_CANCELLED", "cancelled") {}
};

}  // namespace recall
