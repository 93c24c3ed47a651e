#include "kernels.h"

namespace recall {

const std::vector<const Kernels*>& available_kernels() {
  static const std::vector<const Kernels*> found = [] {
    std::vector<const Kernels*> sets;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni")) {
      if (const Kernels* const amx = find_amx_kernels(); amx != nullptr) sets.push_back(amx);
      sets.push_back(&avx512_kernels);
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets.push_back(&avx2_kernels);
#elif defined(__aarch64__)
    sets.push_back(&neon_kernels);
#endif
    sets.push_back(&portable_kernels);
    return sets;
  }();
  return found;
}

const Kernels* find_kernels(const std::string& name) {
  for (const Kernels* set : available_kernels()) {
    if (name.empty() || name == set->name) return set;
  }
  return nullptr;
}

}  // namespace recall
