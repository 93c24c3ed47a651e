#if defined(__x86_64__)
#include "kernels.h"

#if defined(__linux__) && __has_include(<amxint8intrin.h>)
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#define AMX __attribute__((target("amx-tile,amx-int8,avx512f")))

namespace recall {
namespace {

/** Bytes of a tile's row, and rows. */
constexpr size_t kWidth = 64;
constexpr size_t kRows = 16;
static_assert(kRows == kBlock, "a row of a tile of products has one for each code of a block");

/** Two of products, one of a block, and two of codes. */
constexpr size_t kTiles = 5;

/** How the processor reads the shapes of tiles. */
struct alignas(64) TileShapes {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t width[16] = {};
  uint8_t rows[16] = {};
};

AMX void begin_blocks() {
  TileShapes shapes;
  std::fill_n(shapes.width, kTiles, static_cast<uint16_t>(kWidth));
  std::fill_n(shapes.rows, kTiles, static_cast<uint8_t>(kRows));
  // Some compilers do not know that the instruction reads all of it.
  asm volatile("" : : "r"(&shapes) : "memory");
  _tile_loadconfig(&shapes);
}

/** Without it, the system would save tiles whenever it switches threads. */
AMX void end_blocks() { _tile_release(); }

/** @param products `[codes, 16]` */
AMX inline __m512i raise(__m512i kept, const int32_t* products, size_t codes) {
  for (size_t i = 0; i < codes; i++) kept = _mm512_max_epi32(kept, _mm512_load_si512(products + i * kBlock));
  return kept;
}

/** Two tiles of codes at a time share the loads of the block. */
AMX void raise_largest(const int8_t* block, size_t groups, const int8_t* codes, const int32_t*, size_t count,
                       int32_t* largest) {
  const size_t size = 4 * groups;
  alignas(64) int32_t products[2 * kRows * kBlock];
  __m512i kept = _mm512_loadu_si512(largest);
  for (size_t first = 0; first < count; first += 2 * kRows) {
    const size_t left = count - first;
    const int8_t* const rows = codes + first * size;
    _tile_zero(0);
    _tile_zero(1);
    for (size_t d = 0; d < size; d += kWidth) {
      _tile_loadd(2, block + d * kBlock, kWidth);
      _tile_loadd(3, rows + d, size);
      _tile_dpbssd(0, 3, 2);
      if (left <= kRows) continue;
      _tile_loadd(4, rows + kRows * size + d, size);
      _tile_dpbssd(1, 4, 2);
    }
    _tile_stored(0, products, kWidth);
    if (left > kRows) _tile_stored(1, products + kRows * kBlock, kWidth);
    kept = raise(kept, products, std::min(left, 2 * kRows));
  }
  _mm512_storeu_si512(largest, kept);
}

/** Whether the processor has tiles of bytes, and the system saves them for this process. */
bool has_tiles() {
  constexpr unsigned kTile = 1u << 24;
  constexpr unsigned kInt8 = 1u << 25;
  constexpr long kRequestState = 0x1023;
  constexpr long kTileData = 18;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  return (d & kTile) != 0 && (d & kInt8) != 0 && syscall(SYS_arch_prctl, kRequestState, kTileData) == 0;
}

}  // namespace

const Kernels* find_amx_kernels() {
  static const Kernels kernels = [] {
    Kernels set = avx512_kernels;
    set.name = "avx512-amx";
    set.block_width = kWidth;
    set.begin_blocks = begin_blocks;
    set.end_blocks = end_blocks;
    set.raise_largest = raise_largest;
    return set;
  }();
  static const bool is_there = has_tiles();
  return is_there ? &kernels : nullptr;
}

}  // namespace recall
#else

namespace recall {

const Kernels* find_amx_kernels() { return nullptr; }

}  // namespace recall
#endif
#endif
