#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace recall {

/** Queries, and rows, of a tile. */
constexpr size_t kTile = 4;

/** Candidates of a block: see Kernels::raise_largest. */
constexpr size_t kBlock = 16;

/** Codes of one vector lie on a multiple of this many bytes and are padded to it with zeros. */
constexpr size_t kCodeAlignment = 16;

struct CodedRow;

/**
 * The arithmetic that all time goes into, once per instruction set. Every set computes the integer kernel to the same
 * bit; the floating ones differ in the order of their sums.
 */
struct Kernels {
  const char* name;

  /**
   * Inner products of a query with the codes of listed rows.
   * @param query `[stride]`
   * @param codes `[*, stride]`
   * @param out `[count]`
   */
  void (*score_codes)(const int8_t* query, const uint8_t* codes, size_t stride, const uint32_t* rows, size_t count,
                      int32_t* out);

  /** Inner product of `[dim]` weights with the codes of a row. */
  float (*dot_code)(const float* weights, const uint8_t* code, size_t dim);

  float (*dot)(const float* a, const float* b, size_t dim);

  /** Squared Euclidean distance. */
  float (*squared_distance)(const float* a, const float* b, size_t dim);

  /**
   * Inner products (or squared distances) of four queries with four rows, each loaded once.
   * @param queries four pointers to `[dim]`
   * @param rows `[4, dim]`
   * @param out `[query 4, row 4]`
   */
  void (*dot_tile)(const float* const* queries, const float* rows, size_t dim, float* out);
  void (*squared_distance_tile)(const float* const* queries, const float* rows, size_t dim, float* out);

  /** Codes of blocks are padded with zeros to a multiple of this, itself one of 4. */
  size_t block_width;
  /** Called on the same thread before the first raise_largest and after the last; null where there is nothing to do. */
  void (*begin_blocks)();
  void (*end_blocks)();

  /**
   * Inner products of codes with sixteen others at once, of which the largest are kept.
   * @param block `[groups, 16, 4]`: values in [-127, 127], four of each code after the other
   * @param codes `[count, 4 · groups]`, in [-127, 127]; kBlock codes of zeros follow
   * @param sums `[count]`: 128 times the sum of each; kBlock zeros follow
   * @param largest `[16]`, at least 0 each, raised to the products that are larger
   */
  void (*raise_largest)(const int8_t* block, size_t groups, const int8_t* codes, const int32_t* sums, size_t count,
                        int32_t* largest);

  /** The direction of a vector: see round_direction. */
  void (*vector_direction)(const float* vector, size_t dim, int8_t* direction);
  /** The same of what a code stands for. @param values `[dim]`, room to work in */
  void (*code_direction)(const CodedRow& row, size_t dim, float* values, int8_t* direction);
};

/** In plain C++, for sets that have no instructions for it. */
void raise_largest_portably(const int8_t* block, size_t groups, const int8_t* codes, const int32_t* sums, size_t count,
                            int32_t* largest);

/** The sets that this processor runs, the fastest first; the portable one is always the last. */
const std::vector<const Kernels*>& available_kernels();

/** @return the named set, the fastest for an empty name, or null where this processor does not run it */
const Kernels* find_kernels(const std::string& name);

extern const Kernels portable_kernels;
#if defined(__x86_64__)
extern const Kernels avx2_kernels;
extern const Kernels avx512_kernels;
/** Those of AVX-512, but blocks by tiles. @return null where this processor, system or compiler has no tiles */
const Kernels* find_amx_kernels();
#elif defined(__aarch64__)
extern const Kernels neon_kernels;
#endif

}  // namespace recall
