#pragma once

#include <cstddef>

namespace recall {

constexpr size_t kCacheLine = 64;

// GCC takes a function that does nothing but prefetch for one without effect, and drops the calls that are not inlined.
#define ALWAYS_INLINE __attribute__((always_inline)) inline

/**
 * Asks for data that will be read soon, into the second cache: the first one takes in few lines at once, and who asks
 * for more waits.
 */
ALWAYS_INLINE void prefetch(const void* data, size_t bytes) {
  const char* const at = static_cast<const char*>(data);
  for (size_t line = 0; line < bytes; line += kCacheLine) __builtin_prefetch(at + line, 0, 2);
}

}  // namespace recall
