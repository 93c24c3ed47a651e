#include <algorithm>

#include "addon_index.h"
#include "select_diverse.h"

namespace recall {
namespace {

/** `(index, rows, directions): void` — `directions` int8 `[n, dim]` is written. */
napi_value read_directions(napi_env env, const Arguments& given) {
  ServedFile& file = given.handle<ServedIndex>(0)->file(env);
  const auto [rows, count] = given.ints(1);
  const auto [directions, length] = given.bytes(2);
  if (length != count * file.image().dim) refuse(env, "The arrays of directions do not fit one another.");
  file.directions().read(rows, count, file.kernels(), directions);
  return nullptr;
}

/** Whether the groups of `count` candidates are lists one after the other, of groups that there are. */
bool are_sound_groups(Span<int32_t> starts, Span<int32_t> groups, size_t group_count, size_t count) {
  if (starts.size != count + 1 || starts.data[0] != 0 || static_cast<size_t>(starts.data[count]) != groups.size) return false;
  return std::is_sorted(starts.data, starts.data + count + 1) &&
         std::all_of(groups.data, groups.data + groups.size,
                     [&](int32_t group) { return group >= 0 && static_cast<size_t>(group) < group_count; });
}

/**
 * `(codes, dim, gains, weight, groupStarts, groups, room, given, kernels, chosen): count` — at once, on the calling
 * thread. `codes` has `[n, dim]`, `gains` `[n]`, `groupStarts` `[n + 1]`, `room` one for each group, and is counted down;
 * `chosen` `[k]`, k at most n, whose first `given` are chosen already.
 */
napi_value run_select_diverse(napi_env env, const Arguments& given) {
  const auto [codes, length] = given.bytes(0);
  const size_t dim = given.uint32(1);
  const auto [gains, count] = given.doubles(2);
  const double weight = given.number(3);
  const Span<int32_t> starts = given.ints(4);
  const Span<int32_t> groups = given.ints(5);
  const auto [room, group_count] = given.ints(6);
  const size_t chosen_before = given.uint32(7);
  const Kernels& kernels = kernels_named(env, given.text(8));
  const auto [chosen, k] = given.ints(9);
  const bool fits = dim > 0 && dim <= kMaxDim && length == count * dim && k <= count && chosen_before <= k &&
                    are_sound_groups(starts, groups, group_count, count) &&
                    std::all_of(chosen, chosen + chosen_before, [count = count](int32_t candidate) {
                      return candidate >= 0 && static_cast<size_t>(candidate) < count;
                    });
  // Written so that a NaN is refused too.
  const bool is_finite = weight >= 0 && weight < 1e300 && std::all_of(gains, gains + count, [](double gain) { return gain > -1e300 && gain < 1e300; });
  if (!fits || !is_finite) refuse(env, "The arrays of a selection do not fit one another.");
  const size_t found =
      select_diverse({count, dim, codes, gains, weight, starts.data, groups.data, room}, chosen_before, k, kernels, chosen);
  return make_number(env, static_cast<double>(found));
}

}  // namespace

void define_diverse(napi_env env, napi_value exports) {
  define<read_directions>(env, exports, "readDirections");
  define<run_select_diverse>(env, exports, "selectDiverse");
}

}  // namespace recall
