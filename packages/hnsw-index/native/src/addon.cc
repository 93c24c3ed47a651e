#include "addon_index.h"

// After a system header, which says whether this is glibc.
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace recall {

const Kernels& kernels_named(napi_env env, const std::string& name) {
  const Kernels* kernels = find_kernels(name);
  if (kernels == nullptr) refuse(env, "This processor has no instructions named " + name + ".");
  return *kernels;
}

namespace {

/** `(): string[]` — the instruction sets that this processor runs, the fastest first. */
napi_value list_kernels(napi_env env, const Arguments&) {
  napi_value names;
  check(env, napi_create_array(env, &names));
  uint32_t i = 0;
  for (const Kernels* set : available_kernels()) check(env, napi_set_element(env, names, i++, make_text(env, set->name)));
  return names;
}

/**
 * `(): Promise<void>` — hands the pages of freed memory back to the system, which glibc otherwise keeps when they lie
 * between others.
 */
napi_value return_freed_memory(napi_env env, const Arguments&) {
  return run_async(
      env, {},
      [] {
#if defined(__GLIBC__)
        malloc_trim(0);
#endif
      },
      [](napi_env) -> napi_value { return nullptr; });
}

}  // namespace
}  // namespace recall

NAPI_MODULE_INIT() {
  return recall::guard(env, [&] {
    recall::define<recall::list_kernels>(env, exports, "listKernels");
    recall::define<recall::return_freed_memory>(env, exports, "returnFreedMemory");
    recall::define_index(env, exports);
    recall::define_search(env, exports);
    recall::define_build(env, exports);
    recall::define_exact(env, exports);
    recall::define_diverse(env, exports);
    return exports;
  });
}
