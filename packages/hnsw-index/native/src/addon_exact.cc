#include "addon_index.h"
#include "exact.h"
#include "rank_rows.h"

namespace recall {
namespace {

/**
 * `(vectors, inverseNorms, space, dim, queries, k, threads, kernels, labels, scores)` — at once, on the calling thread and
 * others. `inverseNorms` is empty for `l2`; `labels` and `scores` have `[n, k]`, k at most the number of rows.
 */
napi_value run_search_exact(napi_env env, const Arguments& given) {
  const auto [vectors, length] = given.floats(0);
  const auto [norms, norm_count] = given.doubles(1);
  const Space space = static_cast<Space>(given.uint32(2));
  const size_t dim = given.uint32(3);
  const auto [queries, query_length] = given.floats(4);
  const size_t k = given.uint32(5);
  const size_t threads = given.uint32(6);
  const Kernels& kernels = kernels_named(env, given.text(7));
  const auto [labels, label_count] = given.ints(8);
  const auto [scores, score_count] = given.floats(9);
  const size_t count = dim == 0 ? 0 : length / dim;
  const size_t query_count = dim == 0 ? 0 : query_length / dim;
  if (count == 0 || threads == 0 || k == 0 || k > count || label_count != query_count * k ||
      score_count != label_count || (space != Space::kL2 && norm_count != count)) {
    refuse(env, "The arrays of an exact search do not fit one another.");
  }
  search_exact({space, dim, count, vectors, norms}, queries, query_count, k, kernels, threads, labels, scores);
  return nullptr;
}

/** `(vectors, dim, queries, threads, kernels, products)` — at once. `products` has `[queries, vectors]`. */
napi_value run_multiply_rows(napi_env env, const Arguments& given) {
  const auto [vectors, length] = given.floats(0);
  const size_t dim = given.uint32(1);
  const auto [queries, query_length] = given.floats(2);
  const size_t threads = given.uint32(3);
  const Kernels& kernels = kernels_named(env, given.text(4));
  const auto [products, product_count] = given.floats(5);
  const size_t count = dim == 0 ? 0 : length / dim;
  const size_t query_count = dim == 0 ? 0 : query_length / dim;
  if (count == 0 || threads == 0 || product_count != query_count * count) {
    refuse(env, "The arrays of a product do not fit one another.");
  }
  multiply_rows(vectors, count, dim, queries, query_count, kernels, threads, products);
  return nullptr;
}

/**
 * `(scores, columns, targets, k, threads, ranks, shown, shownCounts)` — at once, on the calling thread and others. `scores`
 * has `[rows, columns]`, `shown` `[rows, k]`, and the rest `[rows]`.
 */
napi_value run_rank_rows(napi_env env, const Arguments& given) {
  const auto [scores, length] = given.floats(0);
  const size_t columns = given.uint32(1);
  const auto [targets, rows] = given.ints(2);
  const size_t k = given.uint32(3);
  const size_t threads = given.uint32(4);
  const auto [ranks, rank_count] = given.ints(5);
  const auto [shown, shown_length] = given.ints(6);
  const auto [counts, count_count] = given.ints(7);
  if (columns == 0 || k == 0 || threads == 0 || length != rows * columns || rank_count != rows ||
      shown_length != rows * k || count_count != rows) {
    refuse(env, "The arrays of a ranking do not fit one another.");
  }
  rank_rows({scores, rows, columns, targets}, k, threads, {ranks, shown, counts});
  return nullptr;
}

}  // namespace

void define_exact(napi_env env, napi_value exports) {
  define<run_search_exact>(env, exports, "searchExact");
  define<run_multiply_rows>(env, exports, "multiplyRows");
  define<run_rank_rows>(env, exports, "rankRows");
}

}  // namespace recall
