#pragma once

#include <cstdint>

namespace recall {

/** As in the serving file. Vectors of `cosine` have length one once they are stored, so that it is searched as `ip`. */
enum class Space : uint32_t { kCosine = 0, kInnerProduct = 1, kL2 = 2 };

constexpr uint32_t kMinDim = 2;
constexpr uint32_t kMaxDim = 4096;

/** Rows are handed out as int32, and a candidate keeps a flag in the highest bit. */
constexpr uint32_t kMaxCount = 0x7fffffff;

/** No row; in a row of links, no further link. */
constexpr uint32_t kNone = 0xffffffff;

}  // namespace recall
