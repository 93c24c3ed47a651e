#pragma once

#include <cstddef>
#include <cstdint>

namespace recall {

/** CRC-32C (Castagnoli, RFC 3720), by the processor's instruction where it has one: several GB a second. */
uint32_t crc32c(const void* data, size_t bytes);

/** The same by a table, for the processors that lack it. */
uint32_t crc32c_portable(const void* data, size_t bytes);

}  // namespace recall
